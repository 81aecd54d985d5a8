"""Settings: the log addresses to copy, one's own addresses, and the never-log lists."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for

from crm_logger.core.model import Kind
from crm_logger.store import lists, log_addresses, people
from crm_logger.store import sign_in as logins
from crm_logger.store.people import RequestError
from crm_logger.store.tables import AddressKind
from crm_logger.web.access import for_admins
from crm_logger.web.contacts import download
from crm_logger.web.site import site, visitor
from crm_logger.web.vcards import vcard

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from crm_logger.store.log_addresses import KnownLogAddress

pages = Blueprint("settings", __name__, url_prefix="/settings")

_LONGEST = 320


@pages.get("")
def page() -> ResponseReturnValue:
    """Everything that a user may look up and set."""
    me, now = visitor(), site().now()
    with site().reading():
        usable = [each for each in log_addresses.log_addresses(me.account) if _is_mine(each)]
        known = people.find_user(str(me.user), me.account)
        entries = lists.never_log(me.account)
        domains = lists.internal_domains(me.account)
        has_password = bool(logins.password_of(me.user))
        team = people.users(me.account) if me.admin else []
        roles = {each.id: logins.role_of(each.id) for each in team}
    present = [each for each in usable if each.valid(now) and each.valid_until is None]
    return render_template(
        "settings.html",
        present=present,
        ending=[each for each in usable if each.valid(now) and each.valid_until is not None],
        domain=_domain(),
        me=known,
        entries=[each for each in entries if each.user_id is None],
        own_entries=[each for each in entries if each.user_id == me.user],
        domains=domains,
        has_password=has_password,
        by_session=bool(g.session),
        team=team,
        roles=roles,
        grace=site().config.rotation_grace_days,
    )


def _is_mine(known: KnownLogAddress) -> bool:
    return known.user_id in (None, visitor().user)


def _domain() -> str:
    return next(iter(site().config.log_domain), "")


@pages.get("/log-addresses.vcf")
def card() -> ResponseReturnValue:
    """The log addresses for a phone's address book: a name is typed faster than 26 letters."""
    now = site().now()
    with site().reading():
        usable = [each for each in log_addresses.log_addresses(visitor().account) if _is_mine(each)]
    names = {Kind.BCC: "CRM: log sent mail (Bcc)", Kind.FORWARD: "CRM: log received mail (forward)"}
    notes = {
        Kind.BCC: "Put this on Bcc of mail you send.",
        Kind.FORWARD: "Forward mail you received to this.",
    }
    cards = [
        vcard(names[each.kind], [f"{each.local_part}@{_domain()}"], notes[each.kind])
        for each in _first_of_each_kind([each for each in usable if each.valid(now) and not each.valid_until])
    ]
    return download("".join(cards), "text/vcard", "crm-log-addresses.vcf")


def _first_of_each_kind(known: list[KnownLogAddress]) -> list[KnownLogAddress]:
    """A user's own addresses before the account's."""
    own_first = sorted(known, key=lambda each: each.user_id is None)
    return [
        next(each for each in own_first if each.kind is kind)
        for kind in Kind
        if kind in {k.kind for k in known}
    ]


# ---------------------------------------------------------------- one's own addresses


@pages.post("/addresses/add")
def add_address() -> ResponseReturnValue:
    """A further address of the user: mail from it counts as the user's own."""
    written, kind = _written("address"), _address_kind()
    with site().writing():
        if name := people.contact_at(visitor().account, written):
            raise RequestError(f"{written} is the address of the contact {name}: that cannot be yours too.")
        people.add_address(site().config.policy, visitor().user, written, kind)
    return _done("addresses", f"{written} is one of your addresses now.")


@pages.post("/addresses/remove")
def remove_address() -> ResponseReturnValue:
    """Take one of the user's further addresses away."""
    written, kind = _written("address"), _address_kind()
    with site().writing():
        people.remove_address(visitor().user, written, kind)
    return _done("addresses", f"{written} was removed.")


def _address_kind() -> AddressKind:
    return AddressKind.CONNECTED if request.form.get("kind") == AddressKind.CONNECTED else AddressKind.ALIAS


# ---------------------------------------------------------------- never-log


@pages.post("/never-log/add")
def add_never_log() -> ResponseReturnValue:
    """A new entry of the user's own list, or of the account's."""
    pattern = _written("pattern")
    with site().writing():
        entry = lists.add_never_log(visitor().account, pattern, _list_owner())
    return _done(
        "never-log", f"{entry.pattern} will not be logged from now on. What is logged already stays."
    )


@pages.post("/never-log/remove")
def remove_never_log() -> ResponseReturnValue:
    """Take an entry off the list."""
    pattern = _written("pattern")
    with site().writing():
        gone = lists.remove_never_log(visitor().account, pattern, _list_owner())
    return _done("never-log", f"{gone} is no longer on the list.")


def _list_owner() -> int | None:
    """The user whose list it is, None for the account's, which admins alone may change."""
    if request.form.get("list") != "account":
        return visitor().user
    if not visitor().admin:
        abort(404)
    return None


# ---------------------------------------------------------------- rotation and roles


@pages.post("/log-addresses/rotate")
def rotate() -> ResponseReturnValue:
    """New log addresses in place of the present ones, which stay valid for a while: one's own, or by an admin the account's."""
    own = request.form.get("whose") == "own"
    if not own and not visitor().admin:
        abort(404)
    kinds = tuple(kind for kind in Kind if request.form.get("kind") in {kind.value, "both"})
    if not kinds:
        raise RequestError("Say which address is to be replaced.")
    config, me = site().config, visitor()
    with site().writing():
        log_addresses.rotate(
            me.account,
            site().now(),
            timedelta(days=config.rotation_grace_days),
            user=me.user if own else None,
            kinds=kinds,
        )
    return _done(
        "log-addresses",
        f"Here are the new ones. The old ones stay valid for {config.rotation_grace_days} days.",
    )


@pages.post("/log-addresses/mint")
def mint() -> ResponseReturnValue:
    """A pair of log addresses for the user alone: nobody else may write to them."""
    me = visitor()
    with site().writing():
        known = log_addresses.log_addresses(me.account)
        if any(each.user_id == me.user and each.valid(site().now()) for each in known):
            raise RequestError("You have log addresses of your own already; replace them instead.")
        log_addresses.mint(me.account, site().now(), user=me.user)
    return _done("log-addresses", "You have log addresses of your own now: nobody else may write to them.")


@pages.post("/team/role")
@for_admins
def role() -> ResponseReturnValue:
    """Make a user of the account an admin of these pages, or a plain user again."""
    me = visitor()
    with site().writing():
        known = people.find_user(request.form.get("user", ""), me.account)
        if known.id == me.user:
            raise RequestError("Another admin has to change your own role.")
        wanted = logins.WebRole(_one_of(request.form.get("role")))
        if wanted is logins.WebRole.ADMIN and not known.active:
            raise RequestError(f"{known.name} is inactive and cannot be an admin.")
        logins.set_role(known.id, wanted)
    return _done(
        "team",
        f"{known.name} is {'an admin' if request.form.get('role') == 'admin' else 'a plain user'} now.",
    )


@pages.post("/team/link")
@for_admins
def link() -> ResponseReturnValue:
    """A link that signs a user of the account in once, to be handed over by the admin."""
    me = visitor()
    with site().writing():
        known = people.find_user(request.form.get("user", ""), me.account)
        if not known.active:
            raise RequestError(f"{known.name} is inactive and cannot sign in.")
        token = logins.mint_link(known.id, site().now())
    address = site().config.web_url.rstrip("/") or request.url_root.rstrip("/")
    return render_template(
        "handed_over.html", known=known, link=f"{address}{url_for('sign_in.link', token=token)}"
    )


def _one_of(role: str | None) -> str:
    return "admin" if role == "admin" else "user"


def _written(name: str) -> str:
    return request.form.get(name, "").strip()[:_LONGEST]


def _done(anchor: str, sentence: str) -> ResponseReturnValue:
    flash(sentence, "done")
    return redirect(url_for("settings.page", _anchor=anchor), code=303)
