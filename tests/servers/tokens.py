"""A provider of tokens on loopback: it grants, rotates and revokes, unless a test tells it what to answer."""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

HOST = "127.0.0.1"
REFRESH = "the-first-refresh-token"


@dataclass
class Reply:
    """An answer as it goes over the wire; text goes as it is, anything else as JSON. `pause` seconds before each byte."""

    status: int = 200
    body: Any = ""
    headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0


class Provider:
    """`with Provider() as provider:` its addresses are `url("token")`, `url("device")`, `url("introspect")`.

    `replies` are given before it thinks for itself; `forms` are what it was asked, in order. An access token belongs to
    `user`; `rotates` gives a new refresh token each time and takes each only once.
    """

    def __init__(self, user: str = "crm", *, rotates: bool = False, life: object = 3600) -> None:
        self.user = user
        self.rotates = rotates
        self.life = life
        self.replies: deque[Reply] = deque()
        self.forms: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.refresh_tokens = {REFRESH}
        self.access_tokens: set[str] = set()
        self.consented = True
        self.more: dict[str, object] = {}
        provider = self

        class Visit(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                form = dict(parse_qsl(self.rfile.read(length).decode()))
                provider.answer(self, form)

            def do_GET(self) -> None:
                provider.answer(self, {})

            def log_message(self, *_arguments: object) -> None:
                pass

        self._server = ThreadingHTTPServer((HOST, 0), Visit)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    def url(self, name: str) -> str:
        """One of its addresses."""
        return f"http://{HOST}:{self._server.server_address[1]}/{name}"

    def settings(self, **more: str) -> dict[str, str]:
        """What makes the program ask here."""
        return {
            "IMAP_AUTH": "xoauth2",
            "OAUTH_PROVIDER": "custom",
            "OAUTH_CLIENT_ID": "the-app",
            "OAUTH_SCOPE": "imap",
            "OAUTH_TOKEN_URL": self.url("token"),
            "OAUTH_LOGIN_URL": self.url("login"),
        } | more

    def revoke(self) -> None:
        """Take no refresh token any more."""
        self.refresh_tokens.clear()

    def asked(self, name: str) -> list[str]:
        """The values of a field in all forms that had it."""
        return [form[name] for form in self.forms if name in form]

    def answer(self, visit: BaseHTTPRequestHandler, form: dict[str, str]) -> None:
        path = urlsplit(visit.path).path
        if path == "/introspect":
            self._send(visit, Reply(body=self._introspect(form)))
            return
        self.forms.append(form)
        self.paths.append(path)
        self._send(visit, self.replies.popleft() if self.replies else self._think(path, form))

    def _introspect(self, form: dict[str, str]) -> dict[str, object]:
        """RFC 7662."""
        active = form.get("token") in self.access_tokens
        return {"active": active, "username": self.user} if active else {"active": False}

    def _think(self, path: str, form: dict[str, str]) -> Reply:
        if path == "/device":
            return Reply(
                body={
                    "device_code": "the-device-code",
                    "user_code": "ABCD-EFGH",
                    "verification_uri": "https://login.example/device",
                    "expires_in": 900,
                    "interval": 1,
                }
            )
        grant = form.get("grant_type", "").rpartition(":")[2]
        grants: dict[str, Callable[[dict[str, str]], Reply]] = {
            "refresh_token": self._refresh,
            "client_credentials": lambda _form: self._grant(),
            "jwt-bearer": lambda _form: self._grant(),
            "authorization_code": self._consent,
            "device_code": self._consent,
        }
        return grants[grant](form)

    def _refresh(self, form: dict[str, str]) -> Reply:
        if form["refresh_token"] not in self.refresh_tokens:
            return Reply(400, {"error": "invalid_grant", "error_description": "Token has been revoked."})
        if not self.rotates:
            return self._grant()
        self.refresh_tokens.remove(form["refresh_token"])
        return self._consent(form)

    def _consent(self, _form: dict[str, str]) -> Reply:
        if not self.consented:
            return Reply(400, {"error": "authorization_pending"})
        token = f"refresh-{secrets.token_hex(8)}"
        self.refresh_tokens.add(token)
        return self._grant(refresh_token=token)

    def _grant(self, **more: object) -> Reply:
        token = f"access-{secrets.token_hex(8)}"
        self.access_tokens.add(token)
        told = {"access_token": token, "token_type": "Bearer", "expires_in": self.life, "scope": "imap"}
        return Reply(body=told | self.more | more)

    def _send(self, visit: BaseHTTPRequestHandler, reply: Reply) -> None:
        body = reply.body if isinstance(reply.body, (str, bytes)) else json.dumps(reply.body)
        data = body.encode() if isinstance(body, str) else body
        try:
            visit.send_response_only(reply.status)
            for name, value in ({"Date": visit.date_time_string()} | reply.headers).items():
                visit.send_header(name, value)
            visit.send_header("Content-Length", str(len(data)))
            visit.end_headers()
            for start in range(0, len(data), 1 if reply.pause else max(len(data), 1)):
                time.sleep(reply.pause)
                visit.wfile.write(data[start : start + (1 if reply.pause else len(data))])
        except OSError:
            visit.close_connection = True
