"""One question to a provider: a form goes out, JSON comes back; TLS verified, bounded in time and size, no redirects."""

from __future__ import annotations

import json
import ssl
import threading
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, Final

from crm_logger.config_values import is_loopback, is_safe_address
from crm_logger.oauth.errors import OAuthAway, OAuthMisconfigured

if TYPE_CHECKING:
    from collections.abc import Mapping
    from email.message import Message

MOST_BYTES: Final = 256 * 1024
LONGEST_WAIT: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the provider said: its JSON object ({} where it is none), and its clock (Date), ours where it tells none."""

    status: int
    fields: Mapping[str, Any]
    date: datetime
    retry_after: float | None = None

    def text(self, name: str) -> str:
        """A field as text on one line, "" where it is missing or no text."""
        value = self.fields.get(name)
        return one_line(value) if isinstance(value, str) else ""

    def seconds(self, name: str, default: float, most: float) -> float:
        """A field that is a number of seconds, which some providers write as text; the default where it is neither."""
        try:
            found = float(self.fields[name])
        except (KeyError, TypeError, ValueError):
            return default
        return min(found, most) if found > 0 else default


def one_line(text: str, length: int = 300) -> str:
    """A text of somebody else's on one line, without control characters, cut."""
    return "".join(letter if letter.isprintable() else " " for letter in text)[:length].strip()


def ask(url: str, form: Mapping[str, str], timeout: float) -> Answer:
    """Post a form and return the answer, whatever its status. Raises OAuthAway or OAuthMisconfigured.

    No part of it takes longer than `timeout`, nor the whole more than twice that, even where a byte a second drips in.
    """
    if not is_safe_address(url):
        raise OAuthMisconfigured(f"{host_of(url)} must be asked by https: what goes over http can be read.")
    answers: list[Answer | Exception] = []
    thread = threading.Thread(target=_post, args=(url, form, timeout, answers), daemon=True)
    thread.start()
    thread.join(2 * timeout)
    if not answers:
        raise OAuthAway(f"{host_of(url)} did not answer in time when asked for a token.")
    if isinstance(answers[0], Exception):
        # Without cause or context: the form, secrets and all, is in the frames of the original.
        raise _meaning(answers[0], host_of(url)) from None
    return answers[0]


def host_of(url: str) -> str:
    """The host of an address, for sentences."""
    return urllib.parse.urlsplit(url).hostname or "the provider"


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A token endpoint that sends elsewhere is none: secrets do not follow."""

    def redirect_request(self, *_arguments: object, **_more: object) -> None:
        return None


def _opener(url: str) -> urllib.request.OpenerDirector:
    """Proxies are those of the environment, but not on the way to this machine."""
    handlers: list[urllib.request.BaseHandler] = [
        _NoRedirects(),
        urllib.request.HTTPSHandler(context=ssl.create_default_context()),
    ]
    if is_loopback(urllib.parse.urlsplit(url).hostname or ""):
        handlers.append(urllib.request.ProxyHandler({}))
    return urllib.request.build_opener(*handlers)


def _post(url: str, form: Mapping[str, str], timeout: float, answers: list[Answer | Exception]) -> None:
    request = urllib.request.Request(  # noqa: S310 -- https, or http on this machine: `ask` has seen to it
        url,
        urllib.parse.urlencode(form).encode(),
        {"Accept": "application/json", "User-Agent": "crm-logger"},
    )
    try:
        try:
            with _opener(url).open(request, timeout=timeout) as response:
                answers.append(_read(response.status, response.headers, response.read(MOST_BYTES + 1)))
        except urllib.error.HTTPError as refusal:
            with refusal:
                answers.append(_read(refusal.code, refusal.headers, refusal.read(MOST_BYTES + 1)))
    except (OSError, HTTPException, ValueError) as trouble:
        answers.append(trouble)


def _read(status: int, headers: Message, body: bytes) -> Answer:
    try:
        found = json.loads(body) if len(body) <= MOST_BYTES else {}
    except (ValueError, RecursionError):
        found = {}
    wait = headers.get("Retry-After", "")
    return Answer(
        status,
        found if isinstance(found, dict) else {},
        _date(headers.get("Date", "")),
        min(float(wait), LONGEST_WAIT) if wait.isascii() and wait.isdigit() else None,
    )


def _date(written: str) -> datetime:
    try:
        found = parsedate_to_datetime(written)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):  # as with a zone of years
        return datetime.now(UTC)


def _meaning(trouble: Exception, host: str) -> OAuthAway | OAuthMisconfigured:
    reason = trouble.reason if isinstance(trouble, urllib.error.URLError) else trouble
    if isinstance(reason, ssl.SSLCertVerificationError):
        return OAuthMisconfigured(
            f"The certificate of {host} cannot be trusted ({reason.verify_message}). No secret is sent there."
        )
    if isinstance(reason, TimeoutError):
        return OAuthAway(f"{host} did not answer in time when asked for a token.")
    said = reason.strerror if isinstance(reason, OSError) and reason.strerror else type(reason).__name__
    return OAuthAway(f"{host} cannot be asked for a token ({one_line(str(said))}).")
