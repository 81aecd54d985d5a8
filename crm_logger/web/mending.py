"""Mends what kept mails off the timelines, and takes them in again: one mail, or all that are ticked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flask import Blueprint, abort, flash, request

from crm_logger.core.address import canonical
from crm_logger.core.model import Outcome, Reason
from crm_logger.store import lists, people, receipts, wishes
from crm_logger.store.people import Changes, RequestError
from crm_logger.store.tables import AddressKind
from crm_logger.web.access import again
from crm_logger.web.mends import Mend, Offer, offers
from crm_logger.web.site import site, visitor
from crm_logger.web.taking import AT_ONCE, MailboxIsAway
from crm_logger.web.words import plural

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask.typing import ResponseReturnValue

    from crm_logger.core.model import Directory
    from crm_logger.retry import Again
    from crm_logger.store.receipts import Decided

pages = Blueprint("mending", __name__, url_prefix="/not-logged")

MOST = 200


@pages.post("/mend")
def mend() -> ResponseReturnValue:
    """Mend the cause, note who wanted it, and take the mails in again."""
    what = _what()
    directory = site().directory()
    with site().writing():
        chosen = _chosen()
        fitting = [(each, offered) for each in chosen if (offered := _offered(each, what, directory))]
        if not fitting:
            raise RequestError("That does not fit these mails: nothing was changed.")
        for each, offered in fitting:
            _mend(offered, each)
            _want(what, each.receipt)
    _tell([each.receipt for each, _ in fitting], len(chosen) - len(fitting))
    return again()


def _what() -> Mend:
    """What is to be done; where several buttons share a form, the button says it."""
    written = request.form.get("mend", "")
    if written not in set(Mend):
        abort(400)
    return Mend(written)


def _chosen() -> list[Decided]:
    """The mails that are named, as far as the visitor may see them; to everybody else they do not exist."""
    numbers = {number for number in request.form.getlist("receipt", type=int) if abs(number) < 2**63}
    if not numbers or len(numbers) > MOST:
        raise RequestError(
            f"Tick between one and {MOST} mails." if not numbers else f"At most {MOST} at a time."
        )
    me = visitor()
    found = receipts.decisions(
        receipts.Asked(
            not_logged=True,
            accounts=me.accounts,
            mine=None if me.admin else me.user,
            receipts=tuple(sorted(numbers)),
        )
    )
    if {each.receipt for each in found} != numbers:
        abort(404)
    return found


def _offered(decided: Decided, what: Mend, directory: Directory) -> Offer | None:
    """The offer that the form names by its target; several mails at once take the first that fits each."""
    fitting = [each for each in offers(decided, visitor(), directory) if each.mend is what]
    wanted = request.form.get("target", "")
    return next((each for each in fitting if each.target == wanted), fitting[0] if fitting else None)


def _mend(offered: Offer, decided: Decided) -> None:
    match offered.mend:
        case Mend.ALIAS:
            _add_alias(decided)
        case Mend.NEVER_LOG:
            _never_log(offered.target)
        case Mend.ALLOW_AGAIN:
            _allow_again(offered.target)
        case Mend.SALES_ACCESS | Mend.ACTIVE:
            _change_user(offered.mend, decided)
        case Mend.AUTHOR | Mend.ANYWAY | Mend.AGAIN:
            pass


def _add_alias(decided: Decided) -> None:
    me = visitor()
    wanted = request.form.get("user", "") if me.admin else str(me.user)
    user = people.find_user(wanted, me.account)
    if name := people.contact_at(me.account, decided.sender):
        raise RequestError(f"{decided.sender} is the address of the contact {name}, and no user's.")
    if canonical(decided.sender) not in {user.address, *user.aliases, *user.connected}:
        people.add_address(site().config.policy, user.id, decided.sender, AddressKind.ALIAS)


def _never_log(pattern: str) -> None:
    """On the account's list by an admin, on one's own by anybody else; being on it already is what was wanted."""
    me = visitor()
    owner = None if me.admin else me.user
    there = {each.pattern for each in lists.never_log(me.account) if each.user_id == owner}
    if pattern not in there:
        lists.add_never_log(me.account, pattern, owner)


def _allow_again(pattern: str) -> None:
    """Off the account's list and off one's own; being on neither any more is what was wanted."""
    me = visitor()
    listed = {each.user_id for each in lists.never_log(me.account) if each.pattern == pattern}
    for owner in listed & {None, me.user}:
        lists.remove_never_log(me.account, pattern, owner)


def _change_user(what: Mend, decided: Decided) -> None:
    known = people.find_user(decided.matched_address, visitor().account)
    changes = Changes(sales_access=True) if what is Mend.SALES_ACCESS else Changes(active=True)
    people.change_user(site().config.policy, known.id, changes)


def _want(what: Mend, receipt: int) -> None:
    author = ""
    if what is Mend.AUTHOR:
        author = canonical(request.form.get("target") or request.form.get("author", ""))
        if not author:
            raise RequestError("Say who wrote it: that is no mail address.")
    wishes.want(receipt, visitor().user, site().now(), anyway=what is Mend.ANYWAY, author=author)


# ---------------------------------------------------------------- what came of it


def _tell(wanted: list[int], unfit: int) -> None:
    try:
        done = _as_mine(site().taker.take(wanted))
    except MailboxIsAway as away:
        flash(f"It is noted, and done as soon as the mailbox can be read. {away}", "waits")
        return
    logged = [each for each in done if each.outcome is Outcome.LOGGED]
    if logged:
        flash(f"{plural(len(logged), 'mail is', 'mails are')} on the timeline now.", "done")
    if others := [each for each in done if each.outcome is not Outcome.LOGGED]:
        flash(_still(others), "waits")
    if len(wanted) > len(done) or len(wanted) > AT_ONCE:
        flash(f"{plural(len(wanted) - len(done), 'mail')} more will follow within a minute.", "waits")
    if unfit:
        flash(f"{plural(unfit, 'mail was', 'mails were')} left as they are: that does not fit them.", "waits")


def _as_mine(done: list[Again]) -> list[Again]:
    """What came of them in the visitor's own account: a mail may concern several."""
    asked = receipts.Asked(accounts=visitor().accounts, receipts=tuple(each.receipt for each in done))
    with site().reading():
        mine = {each.receipt: each for each in receipts.decisions(asked)}
    return [
        replace(each, outcome=mine[each.receipt].outcome, result=mine[each.receipt].reason)
        if each.outcome and each.receipt in mine
        else each
        for each in done
    ]


def _still(others: Iterable[Again]) -> str:
    """One mail with its reason; of several their number."""
    found = list(others)
    if len(found) > 1:
        return f"{len(found)} mails are still not logged; each says why below."
    (one,) = found
    if one.outcome is None:
        return "The mail is no longer in the mailbox, so it cannot be taken in again."
    reason = one.result.partition(" (")[0]
    if reason == Reason.NEVER_LOG:
        return "The mail is on no timeline, and neither its subject nor its text is kept."
    return f"The mail is still not logged: {reason}."
