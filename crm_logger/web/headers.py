"""The headers that keep a page to itself: nothing from elsewhere, nothing inline, in nobody else's frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from crm_logger.web.site import site

if TYPE_CHECKING:
    from flask import Flask, Response

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_YEAR = 31_536_000


def put_on(app: Flask) -> None:
    """Put the headers on every answer; a page that needs a policy of its own has set it already."""

    @app.after_request
    def _put(answer: Response) -> Response:
        told = answer.headers
        told.setdefault("Content-Security-Policy", PAGE_POLICY)
        told["X-Content-Type-Options"] = "nosniff"
        told["Referrer-Policy"] = "same-origin"
        told["Cross-Origin-Opener-Policy"] = "same-origin"
        told["Cross-Origin-Resource-Policy"] = "same-origin"
        told["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        if request.endpoint != "static":
            told["Cache-Control"] = "no-store"
        if site().secure:
            told["Strict-Transport-Security"] = f"max-age={_YEAR}"
        return answer
