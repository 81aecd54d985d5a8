"""Consent in a browser that comes back to this machine (RFC 8252 §7.3), secured by PKCE (RFC 7636)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import parse_qs, urlencode, urlsplit

from crm_logger.oauth.errors import OAuthError, OAuthMisconfigured
from crm_logger.oauth.exchange import one_line
from crm_logger.oauth.grants import ask_for_token, client_fields
from crm_logger.oauth.provider import provider_of

if TYPE_CHECKING:
    from crm_logger.config import Config
    from crm_logger.oauth.grants import Granted

HOST: Final = "127.0.0.1"
WAIT: Final = 600.0
_VISIT: Final = 5.0
_PAGE: Final = "<!doctype html><meta charset=utf-8><title>crm-logger</title><p>%s"


@dataclass(frozen=True, slots=True)
class _Returned:
    """What the browser brought: a code, or the provider's error."""

    code: str
    error: str


class BrowserConsent:
    """`with BrowserConsent(config) as consent:` listens on loopback; `link` is what the person opens in a browser."""

    def __init__(self, config: Config, port: int = 0) -> None:
        self._config = config
        self._provider = provider_of(config)
        if not self._provider.login_url:
            raise OAuthMisconfigured(
                "Where to sign in is not known: set OAUTH_LOGIN_URL to the authorization endpoint."
            )
        self._state = secrets.token_urlsafe(32)
        self._verifier = secrets.token_urlsafe(64)
        try:
            self._server = _Listener((HOST, port), _Visit)
        except OSError as error:
            raise OAuthError(
                f"Port {port} cannot be listened on ({error.strerror}): take another --port."
            ) from None
        self._server.state = self._state

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._server.server_close()

    @property
    def port(self) -> int:
        """The port on which the browser comes back."""
        return int(self._server.server_address[1])

    @property
    def _redirect(self) -> str:
        return f"http://{HOST}:{self.port}/"

    @property
    def link(self) -> str:
        """The page that asks for consent."""
        challenge = hashlib.sha256(self._verifier.encode()).digest()
        fields = {
            "response_type": "code",
            "client_id": self._config.oauth_client_id,
            "redirect_uri": self._redirect,
            "scope": self._provider.scope,
            "state": self._state,
            "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            "login_hint": self._config.imap_user,
            "prompt": "consent",
            # Without it Google gives no refresh token.
            "access_type": "offline",
        }
        login_url = self._provider.login_url
        return f"{login_url}{'&' if urlsplit(login_url).query else '?'}{urlencode(fields)}"

    def wait(self, seconds: float = WAIT) -> Granted:
        """Wait for the browser and fetch the tokens. Raises an OAuthError."""
        end = time.monotonic() + seconds
        while self._server.returned is None:
            left = end - time.monotonic()
            if left <= 0:
                raise OAuthError(
                    "Nobody signed in before the time was up: nothing has changed. Run the command again."
                )
            self._server.timeout = min(left, 1.0)
            self._server.handle_request()
        returned = self._server.returned
        if not returned.code:
            raise OAuthError(f"The provider gave no consent ({returned.error}): nothing has changed.")
        return self._granted(returned.code)

    def _granted(self, code: str) -> Granted:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect,
            "code_verifier": self._verifier,
        }
        form |= client_fields(self._config, self._provider, datetime.now(UTC))
        return ask_for_token(self._provider.token_url, form, self._config.imap_timeout, by_consent=False)


class _Listener(HTTPServer):
    state = ""
    returned: _Returned | None = None

    def handle_error(self, *_arguments: object) -> None:
        """Say nothing of a visitor who hung up."""


class _Visit(BaseHTTPRequestHandler):
    """One request. Only one that brings our `state` counts, so that no other page can bring a code of its own."""

    timeout = _VISIT
    server: _Listener

    def do_GET(self) -> None:
        """Take the code, and say so in the browser without repeating anything of the request."""
        fields = parse_qs(urlsplit(self.path).query, max_num_fields=50)
        state, code, error = (fields.get(name, [""])[0] for name in ("state", "code", "error"))
        if not hmac.compare_digest(state.encode(), self.server.state.encode()) or not (code or error):
            self._answer(404, "This is not the sign-in that crm-logger waits for.")
            return
        self.server.returned = _Returned(code, one_line(error, 80))
        self._answer(200, "Done. You can close this window; crm-logger says the rest.")

    def _answer(self, status: int, sentence: str) -> None:
        body = (_PAGE % sentence).encode()
        self.send_response(status)
        for name, value in (
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"),
            ("Content-Security-Policy", "default-src 'none'"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: Any) -> None:
        """Nothing: the line would hold the code."""
