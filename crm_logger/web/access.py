"""Who may see a page: sessions, the trusted proxy, roles, and forms that only our own pages can send."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar
from urllib.parse import urlsplit

from flask import abort, flash, g, redirect, render_template, request, session, url_for
from werkzeug.exceptions import HTTPException, NotFound

from crm_logger.core.address import canonical
from crm_logger.store import StoreError
from crm_logger.store import sign_in as store
from crm_logger.store.people import RequestError
from crm_logger.store.statements import HIGHEST
from crm_logger.web.proxy import PEER
from crm_logger.web.site import site, visitor

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.typing import ResponseReturnValue
    from werkzeug.wrappers import Response

P = ParamSpec("P")
R = TypeVar("R")

OPEN = frozenset(
    {"static", "sign_in.form", "sign_in.enter", "sign_in.link", "machine.healthz", "machine.metrics"}
)
"""What is there for whoever is not signed in."""

_NUMBERS = ("after", "before", "user")
"""What stands for a row in an address, behind the question mark."""

_READING = frozenset({"GET", "HEAD", "OPTIONS"})


def guard(app: Flask) -> None:
    """Let nobody in who may not be."""
    # Signs what outlives no restart: a sentence to be shown on the next page, and the form of whoever is not signed in.
    app.secret_key = secrets.token_bytes(32)
    secure = app.extensions["crm_logger"].secure
    app.config.update(
        SESSION_COOKIE_NAME=_host_name("crm-logger-told", secure=secure),
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
    )
    app.before_request(_identify)
    app.before_request(_require_own_form)
    app.before_request(_require_visitor)
    app.before_request(_require_numbers_of_rows)
    app.context_processor(lambda: {"visitor": g.get("visitor"), "form_token": form_token})
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(RequestError, _cannot_be)
    app.register_error_handler(StoreError, _database_away)


def _host_name(name: str, *, secure: bool) -> str:
    """RFC 6265bis §4.1.3.2: a cookie of that prefix comes from this host and over TLS, or not at all."""
    return f"__Host-{name}" if secure else name


# ---------------------------------------------------------------- who it is


def session_cookie() -> str:
    """The name of the cookie that holds the session's token."""
    return _host_name("crm-logger", secure=site().secure)


def _identify() -> None:
    g.visitor, g.session = None, ""
    if request.endpoint == "static":
        return
    if (user := _named_by_proxy()) is not None:
        with site().reading():
            g.visitor = store.visitor(user)
        return
    token = request.cookies.get(session_cookie(), "")
    if token:
        _identify_by_session(token)


def _identify_by_session(token: str) -> None:
    now = site().now()
    with site().reading():
        found = store.session_user(token, now)
        if found is None:
            return
        g.visitor, g.session = store.visitor(found[0]), token
    if found[1]:
        with site().writing():
            store.note_seen(token, now)


def _named_by_proxy() -> int | None:
    """The user whom the trusted proxy names; where an address is a user's in two accounts, nobody is guessed."""
    config = site().config
    if not config.web_user_header or request.environ.get(PEER) != config.web_proxy:
        return None
    named = request.headers.getlist(config.web_user_header)
    if len(named) != 1 or not (address := canonical(named[0])):
        return None
    with site().reading():
        users = store.users_at(address)
    return users[0] if len(users) == 1 else None


def _require_visitor() -> ResponseReturnValue | None:
    if g.visitor is not None or request.endpoint in OPEN:
        return None
    if request.method != "GET" or "X-Part" in request.headers:
        abort(401)
    wanted = request.full_path.rstrip("?")
    return redirect(url_for("sign_in.form", next=wanted if wanted != "/" else None))


def _require_numbers_of_rows() -> None:
    """A number that no row can have names nothing; SQLite would not even take the question."""
    written = [*(request.view_args or {}).values(), *(request.args.get(name, type=int) for name in _NUMBERS)]
    if any(isinstance(each, int) and abs(each) > HIGHEST for each in written):
        abort(404)


def for_admins(page: Callable[P, R]) -> Callable[P, R]:
    """A page that is there for admins alone; for others it does not exist."""

    @wraps(page)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if not visitor().admin:
            abort(404)
        return page(*args, **kwargs)

    return guarded


# ---------------------------------------------------------------- forms


def form_token() -> str:
    """What a form must carry to be ours; it belongs to the session."""
    if g.session:
        return hashlib.sha256(f"form:{g.session}".encode()).hexdigest()
    if "form" not in session:
        session["form"] = secrets.token_urlsafe(16)
    return str(session["form"])


def _require_own_form() -> None:
    """A form comes from our own page: browsers say so, and it carries the token."""
    if request.method in _READING:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        abort(403)
    origin = request.headers.get("Origin")
    if origin and _host(origin) != _host(site().config.web_url or request.url_root):
        abort(403)
    if not hmac.compare_digest(request.form.get("form_token", "").encode(), form_token().encode()):
        abort(403)


def _host(address: str) -> str:
    """The host with its port, as browsers write it in Origin (RFC 6454 §6): in small letters, without a port that goes without saying."""
    parts = urlsplit(address)
    usual = {"https": ":443", "http": ":80"}.get(parts.scheme, "")
    return parts.netloc.lower().removesuffix(usual)


def back_to(wanted: str | None, otherwise: str) -> str:
    """Where to go on: a path of our own pages, else `otherwise`."""
    wanted = wanted or ""
    plain = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted
    return wanted if plain and not urlsplit(wanted).netloc and wanted.isprintable() else otherwise


def again() -> Response:
    """Back to the page that the form stood on."""
    return redirect(back_to(request.form.get("back"), url_for("contacts.listing")), code=303)


# ---------------------------------------------------------------- what goes wrong

_SAID = {
    401: ("You are not signed in", "Sign in and try again."),
    403: ("That form was too old", "Go back, load the page again, and repeat what you did."),
    404: ("There is no such page", "It does not exist, or it is not yours to see."),
    429: ("Too many attempts", "Wait a quarter of an hour, or ask for a link that signs you in."),
}


def _refused(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code < 400:
        return error
    title, advice = _SAID.get(code, (error.name, "Go back and try again."))
    return render_template("refused.html", title=title, advice=advice), code


def _cannot_be(error: RequestError) -> ResponseReturnValue:
    """What was asked for cannot be: a form tells why where it stood, a page is not there."""
    if request.method in _READING:
        return _refused(NotFound())
    sentence, command, _ = str(error).partition("; `crm-logger ")
    flash(f"{sentence}." if command else sentence, "error")  # the commands are not for whoever looks at pages
    return again()


def _database_away(error: StoreError) -> ResponseReturnValue:
    return render_template("refused.html", title="The database is away", advice=str(error)), 503
