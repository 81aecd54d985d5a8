"""What a proxy in front of the pages tells of the browser: believed where the proxy itself calls, and from nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

PEER = "crm_logger.peer"
"""Where in the environment stands who really called."""


class BehindProxy:
    """Takes the browser's address and protocol from X-Forwarded-For and X-Forwarded-Proto of the proxy's own calls."""

    def __init__(self, app: WSGIApplication, proxy: str) -> None:
        self._app = app
        self._fixed = ProxyFix(app, x_for=1, x_proto=1)
        self._proxy = proxy

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        environ[PEER] = environ.get("REMOTE_ADDR", "")
        app = self._fixed if self._proxy and environ[PEER] == self._proxy else self._app
        return app(environ, start_response)
