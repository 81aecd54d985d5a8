"""`explain`: everything a receipt records, in sentences (R27)."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from crm_logger.admin import show
from crm_logger.admin.options import NUMBER, json_option
from crm_logger.core.model import Fate, Flag, Kind, Outcome, Reason
from crm_logger.reasons import ADVICE
from crm_logger.store import receipts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_logger.admin.setup import Setup
    from crm_logger.store.receipts import Decided, WholeReceipt

_OUTCOMES = {
    Outcome.LOGGED: "It was logged",
    Outcome.REFUSED: "It was not logged",
    Outcome.FAILED: "It could not be taken in",
}
_ADDRESSES = {Kind.BCC: "BCC address", Kind.FORWARD: "forwarding address"}
_FATES = {
    Fate.CREATED: "became a contact, and the mail stands on the timeline",
    Fate.ASSOCIATED: "is a contact, and the mail stands on the timeline",
    Fate.NEVER_LOG: "is on the never-log list",
    Fate.INTERNAL: "is a colleague, and never a contact",
    Fate.NOT_CREATED_BCC: "is no contact, and nobody on Bcc becomes one",
    Fate.NOT_CREATED_CC: "is no contact, and nobody beside the writer of a forwarded mail becomes one",
    Fate.NOT_CREATED_LIMIT: "did not become a contact: more new people than MAX_NEW_CONTACTS or LIMIT_NEW_CONTACTS_PER_DAY allow",
    Fate.LOG_ADDRESS: "is a log address, and never a contact",
    Fate.NOT_LOGGED: "stands on no timeline for this mail",
}
_FLAGS = {
    Flag.WRONG_ADDRESS: "It reached the BCC address and is a forward, or the other way round; it was taken for what it is.",
    Flag.UNVERIFIED: "Nothing proves that the sender is who From says.",
    Flag.ZONE_ASSUMED: "The Date names no time zone; that of the forward was assumed, or UTC for a sent mail.",
    Flag.PARTIAL: "The mail is larger than MAX_MAIL_MB: only parts of it were fetched.",
    Flag.ATTACHMENT_LEFT_OUT: "An attachment was left out; the timeline says which.",
    Flag.BODY_CUT: "The body is longer than MAX_BODY_MB and was cut.",
    Flag.ADDRESS_EXPOSED: "The log address stands in To or Cc, where everybody can read it: consider `crm-logger address rotate`.",
    Flag.ENCRYPTED: "The body is encrypted and is kept as it came.",
    Flag.BELOW_BORDER: "The log address was read where a sender could have written it: `crm-logger check` proposes a BORDER_HOST.",
}


@click.command
@click.argument("number", metavar="ID", type=NUMBER)
@json_option
@click.pass_obj
def explain(setup: Setup, *, number: int, as_json: bool) -> None:
    """Tell everything that was recorded about receipt ID: what was decided, why, and what can be done."""
    with setup.reading():
        receipt = receipts.receipt(number)
    if as_json:
        show.echo_json({**asdict(receipt), "decisions": [_plain(each) for each in receipt.decisions]})
        return
    for line in _told(receipt):
        click.echo(line)


def _plain(decided: Decided) -> dict[str, Any]:
    meaning, advice = ADVICE[decided.reason]
    return {**show.facts(decided), "meaning": meaning, "advice": advice}


def _told(receipt: WholeReceipt) -> Iterator[str]:
    yield f"Receipt {receipt.id}: a mail of {receipt.size:,} bytes in {show.clean(receipt.mailbox)}, folder {show.clean(receipt.folder)}, uid {receipt.uid} (UIDVALIDITY {receipt.uidvalidity})."
    yield f"It arrived on {show.local(receipt.received_at)} and was taken in on {show.local(receipt.taken_at)}{_again(receipt)}."
    if receipt.filed_folder:
        yield f"Afterwards it was moved to folder {show.clean(receipt.filed_folder)}."
    yield f"Its SHA-256 is {receipt.sha256}."
    if receipt.kept_raw:
        yield "Its bytes are kept in the database until it is taken in."
    for decided in receipt.decisions:
        yield ""
        yield from _decision(decided)
    if receipt.error:
        yield "\nThe fault:"
        yield from (f"  {line}" for line in show.clean_lines(receipt.error).splitlines())


def _again(receipt: WholeReceipt) -> str:
    return f", in {receipt.attempts} attempts" if receipt.attempts > 1 else ""


def _decision(decided: Decided) -> Iterator[str]:
    meaning, advice = ADVICE[decided.reason]
    account = f"For {show.clean(decided.account_name)}: " if decided.account else "For no account: "
    yield f"{account}{_OUTCOMES[decided.outcome]} ({decided.reason}). {meaning}"
    facts = (
        _detail(decided),
        _subject(decided),
        _delivery(decided),
        _identity(decided),
        _evidence(decided),
        _mails(decided),
    )
    yield from (f"  {fact}" for fact in facts if fact)
    yield from (f"  {_FLAGS[Flag(flag)]}" for flag in decided.flags)
    yield from (f"  {_person(each)}" for each in decided.fates)
    yield from (f"  Considered: {_candidate(each)}" for each in decided.candidates)
    if decided.reason is not Reason.LOGGED:
        yield f"  What to do: {advice.replace(' ID`', f' {decided.receipt}`')}"


def _detail(decided: Decided) -> str:
    return f"In detail: {show.clean(decided.detail)}." if decided.detail else ""


def _subject(decided: Decided) -> str:
    subject = (
        f"Subject: {show.clean(decided.subject)}."
        if decided.subject
        else "Its subject is empty or was not kept."
    )
    return subject + (f" From: {show.clean(decided.sender)}." if decided.sender else "")


def _delivery(decided: Decided) -> str:
    if not decided.header:
        return "No header named a log address."
    what = f"the {_ADDRESSES[decided.kind]}" if decided.kind else "the address"
    number = f" (number {decided.log_address})" if decided.log_address else ""
    below = ", below what our own servers wrote" if decided.below_border else ""
    return f"It reached {what}{number}, as the header {show.clean(decided.header)} says{below}."


def _identity(decided: Decided) -> str:
    if not decided.user:
        return "No user was recognised."
    return f"The user is {show.clean(decided.user)}, by the address {show.clean(decided.matched_address)}."


def _evidence(decided: Decided) -> str:
    return f"What is known of the sender: {show.clean(decided.evidence)}." if decided.evidence else ""


def _mails(decided: Decided) -> str:
    mails = ", ".join(map(str, decided.engagements))
    return f"On the timeline it is mail {mails}." if mails else ""


def _person(fate: dict[str, Any]) -> str:
    who = show.person(fate.get("name", ""), fate.get("address", "")) or "Somebody"
    entry = f" ({show.clean(fate['never_log'])})" if fate.get("never_log") else ""
    return f"{str(fate['role']).capitalize()}: {who} {_FATES[Fate(fate['fate'])]}{entry}."


def _candidate(candidate: dict[str, str]) -> str:
    return f"{show.person(candidate['name'], candidate['address'])}: {show.clean(candidate['why'])}."
