"""What is asked of a token endpoint for each kind of grant, and the token that comes of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from crm_logger.config_values import Secret
from crm_logger.oauth import assertion
from crm_logger.oauth.errors import OAuthAway
from crm_logger.oauth.exchange import ask, host_of
from crm_logger.oauth.provider import refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from crm_logger.config import Config
    from crm_logger.oauth.exchange import Answer
    from crm_logger.oauth.provider import Provider

USUAL_LIFE: Final = 3600.0
LONGEST_LIFE: Final = 86400.0
# RFC 6750 §2.1 allows fewer characters; what matters is that none ends the line of a login.
_TOKEN = re.compile(r"[!-~]{1,65536}")


@dataclass(frozen=True, slots=True)
class Granted:
    """An access token that was given, its life in seconds, and what came with it."""

    access_token: Secret
    life: float
    scope: str
    date: datetime
    refresh_token: Secret = field(default_factory=lambda: Secret(""))
    refresh_life: float | None = None


def ask_for_token(
    url: str,
    form: Mapping[str, str],
    timeout: float,
    *,
    by_consent: bool,
    note: Callable[[datetime], None] = lambda _date: None,
) -> Granted:
    """Ask for an access token; `note` is told the provider's time, whatever the answer is. Raises an OAuthError."""
    answer = ask(url, form, timeout)
    note(answer.date)
    return granted_in(without_secrets(answer, form), url, by_consent=by_consent)


def granted_in(answer: Answer, url: str, *, by_consent: bool) -> Granted:
    """The token in an answer; raises the OAuthError that the answer means where there is none."""
    if answer.status != 200:
        raise refusal(answer, url, by_consent=by_consent)
    token = _token(answer, "access_token")
    if not token:
        raise OAuthAway(f"{host_of(url)} answered without a token, which is no token endpoint's answer.")
    return Granted(
        token,
        answer.seconds("expires_in", USUAL_LIFE, LONGEST_LIFE),
        answer.text("scope"),
        answer.date,
        _token(answer, "refresh_token"),
        answer.seconds("refresh_token_expires_in", 0, 1e9) or None,
    )


def without_secrets(answer: Answer, form: Mapping[str, str]) -> Answer:
    """The answer, with nothing of what was sent in the texts that are shown: some providers quote it."""
    shown = {name: answer.fields[name] for name in _SHOWN & answer.fields.keys()}
    for secret in (value for name, value in form.items() if value and name in _SECRETS):
        shown = {name: str(value).replace(secret, "***") for name, value in shown.items()}
    return replace(answer, fields={**answer.fields, **shown})


_SHOWN: Final = frozenset({"error", "error_description"})
_SECRETS: Final = frozenset(
    {
        "client_secret",
        "refresh_token",
        "assertion",
        "client_assertion",
        "code",
        "code_verifier",
        "device_code",
    }
)


def _token(answer: Answer, name: str) -> Secret:
    value = answer.fields.get(name)
    return Secret(value if isinstance(value, str) and _TOKEN.fullmatch(value) else "")


def refresh_form(config: Config, provider: Provider, refresh_token: Secret, now: datetime) -> dict[str, str]:
    """A new access token for a refresh token (RFC 6749 §6)."""
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token.reveal()}
    scope = {"scope": provider.scope} if provider.sends_scope and provider.scope else {}
    return form | scope | client_fields(config, provider, now)


def app_form(config: Config, provider: Provider, now: datetime) -> dict[str, str]:
    """An access token for the app itself (RFC 6749 §4.4)."""
    form = {"grant_type": "client_credentials"}
    scope = {"scope": provider.app_scope} if provider.app_scope else {}
    return form | scope | client_fields(config, provider, now)


def service_account_form(config: Config, provider: Provider, now: datetime) -> dict[str, str]:
    """An access token for a service account that acts as IMAP_USER (RFC 7523 §2.1)."""
    signed = assertion.service_account(config, provider.token_url, provider.app_scope, now)
    return {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": signed.reveal()}


def client_fields(config: Config, provider: Provider, now: datetime) -> dict[str, str]:
    """Who is asking: the app's id, with its secret or an assertion signed by its key (RFC 7523 §2.2) where it has one."""
    fields = {"client_id": config.oauth_client_id}
    if config.oauth_key_file:
        signed = assertion.of_client(config, provider.token_url, now)
        return fields | {
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": signed.reveal(),
        }
    secret = config.oauth_client_secret.reveal()
    return fields | ({"client_secret": secret} if secret else {})
