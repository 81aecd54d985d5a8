"""Signing in: by a link that works once, or by a password. Neither tells a stranger which addresses are users'."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, flash, g, redirect, render_template, request, session, url_for
from werkzeug.security import check_password_hash, generate_password_hash

from crm_logger.core.address import canonical
from crm_logger.store import sign_in as store
from crm_logger.web.access import back_to, session_cookie
from crm_logger.web.site import site, visitor
from crm_logger.web.throttle import TRIES

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

pages = Blueprint("sign_in", __name__)

SHORTEST = 12
LONGEST = 200
_FROM_ONE_PLACE = 4 * TRIES
# Compared with where there is no user or no password, so that the answer takes as long as with one.
_NOBODYS = generate_password_hash("")


@pages.get("/sign-in")
def form() -> ResponseReturnValue:
    """The form for address and password."""
    if g.visitor is not None:
        return redirect(url_for("contacts.listing"))
    return render_template("sign_in.html", next=back_to(request.args.get("next"), ""))


@pages.post("/sign-in")
def enter() -> ResponseReturnValue:
    """Sign in with a password."""
    now, here = site().now(), site()
    address = canonical(request.form.get("address", "")[:LONGEST])
    keys = {f"address {address}": TRIES, f"place {request.remote_addr}": _FROM_ONE_PLACE}
    if any(here.throttle.wait(key, now, tries) for key, tries in keys.items()):
        abort(429)
    user = _user_with(address, request.form.get("password", "")[:LONGEST])
    if user is None:
        for key in keys:
            here.throttle.failed(key, now)
        flash("Address and password do not go together.", "error")
        return redirect(url_for("sign_in.form", next=request.form.get("next") or None), code=303)
    here.throttle.worked(f"address {address}")
    return _signed_in(user, request.form.get("next"))


def _user_with(address: str, password: str) -> int | None:
    with site().reading():
        known = [(user, store.password_of(user)) for user in store.users_at(address)] if address else []
    fitting = [user for user, kept in known if kept and check_password_hash(kept, password)]
    if not known:
        check_password_hash(_NOBODYS, password)
    return fitting[0] if len(fitting) == 1 else None


@pages.route("/sign-in/<token>", methods=["GET", "POST"])
def link(token: str) -> ResponseReturnValue:
    """A link that works once: opening it uses nothing up, because mail scanners open links; the button does."""
    now, here = site().now(), site()
    if here.throttle.wait(f"place {request.remote_addr}", now, _FROM_ONE_PLACE):
        abort(429)
    if request.method == "POST":
        with here.writing():
            user = store.redeem_link(token, now)
        if user is not None:
            return _signed_in(user, None)
    with here.reading():
        user = store.link_user(token, now)
        known = store.visitor(user) if user else None
    if known is None:
        here.throttle.failed(f"place {request.remote_addr}", now)
    return render_template("link.html", known=known), 200 if known else 404


def _signed_in(user: int, wanted: str | None) -> ResponseReturnValue:
    with site().writing():
        token = store.open_session(user, site().now())
    session.clear()
    answer = redirect(back_to(wanted, url_for("contacts.listing")), code=303)
    answer.set_cookie(
        session_cookie(),
        token,
        max_age=int(store.SESSION_VALID.total_seconds()),
        secure=site().secure,
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return answer


@pages.post("/sign-out")
def leave() -> ResponseReturnValue:
    """End the session."""
    with site().writing():
        store.close_session(g.session)
    answer = redirect(url_for("sign_in.form"), code=303)
    answer.delete_cookie(session_cookie(), path="/", secure=site().secure, httponly=True, samesite="Lax")
    return answer


@pages.post("/password")
def password() -> ResponseReturnValue:
    """Set a password; all other browsers are signed out."""
    new = request.form.get("password", "")
    back = redirect(url_for("settings.page", _anchor="password"), code=303)
    if not SHORTEST <= len(new) <= LONGEST:
        flash(f"A password has {SHORTEST} to {LONGEST} characters; nothing was changed.", "error")
        return back
    if not g.session:
        flash("You signed in through the proxy: it keeps your password.", "error")
        return back
    with site().writing():
        store.set_password(visitor().user, generate_password_hash(new), keep=g.session)
    flash("The password is set. Other browsers were signed out.", "done")
    return back
