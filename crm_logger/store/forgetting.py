"""Takes people out of what was logged: their mails, contacts, and names in the ledger; within a transaction of the Store.

A mail that a forgotten person wrote goes from all timelines; one that others wrote goes when it stands on nobody's
timeline any more, else it stays without the person.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from peewee import chunked, fn

from crm_logger.core.model import Fate, Outcome, Reason

from .removal import on_timelines, remove_mails
from .search import index_again
from .tables import (
    Captured,
    Contact,
    ContactAddress,
    Decision,
    Engagement,
    EngagementContact,
    Participant,
    Receipt,
    rows,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

_AT_ONCE = 500
_BEFORE = r"(?<![A-Za-z0-9_])(?<![A-Za-z0-9_][.+-])"
_AFTER = r"(?![A-Za-z0-9_]|[.-][A-Za-z0-9])"
"""What an address ends at: not at a letter of a script that is written without blanks."""


@dataclass(frozen=True, slots=True)
class Lying:
    """Where a mail lies whose engagement was removed: the mailbox itself is nobody's to change but ops'."""

    folder: str
    uid: int | None


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much was removed; `shared` mails stay for others, `decisions` of the ledger lost a name."""

    contacts: int = 0
    mails: int = 0
    shared: int = 0
    decisions: int = 0
    lying: tuple[Lying, ...] = ()

    def __add__(self, other: Forgotten) -> Forgotten:
        """Return both together."""
        return Forgotten(
            self.contacts + other.contacts,
            self.mails + other.mails,
            self.shared + other.shared,
            self.decisions + other.decisions,
            self.lying + other.lying,
        )


@dataclass(frozen=True, slots=True)
class Whom:
    """Whom an account is to forget: addresses with the never-log entry that each goes by, or `erased`.

    With `user`, only in mails that nobody else captured. `everywhere`: in the ledger's refused mails and in the texts of
    mails that stay, too.
    """

    account: int
    entries: Mapping[str, str]
    user: int | None = None
    everywhere: bool = False

    def named_in(self, text: str) -> bool:
        """Tell whether one of the addresses stands in a text, perhaps as part of another's."""
        lowered = text.lower()
        return any(address in lowered for address in self.entries)

    def stands_in(self, text: str) -> bool:
        """Tell whether one of the addresses stands in a text as a whole: `joann@…` is not `ann@…`."""
        return self.named_in(text) and bool(self._pattern().search(text))

    def masked(self, text: str) -> str:
        """Return the text with the addresses as `…`."""
        return self._pattern().sub("…", text) if self.named_in(text) else text

    def _pattern(self) -> re.Pattern[str]:
        addresses = "|".join(map(re.escape, sorted(self.entries, key=len, reverse=True)))
        return re.compile(f"{_BEFORE}(?:{addresses}){_AFTER}", re.IGNORECASE)


def addresses_known(account: int) -> set[str]:
    """Return every address that stands on a mail or is a contact's."""
    on_mails = Participant.select(Participant.address).join(Engagement).where(Engagement.account == account)
    of_contacts = ContactAddress.select(ContactAddress.address).where(ContactAddress.account == account)
    return {address for query in (on_mails.distinct(), of_contacts) for (address,) in rows(query) if address}


def forget(whom: Whom) -> Forgotten:
    """Forget these people; return what that came to."""
    mails = _mails_naming(whom)
    written = _written_by(whom, mails)
    contacts = _take_off_timelines(whom, mails)
    stays = on_timelines(mails) - written
    gone = set(mails) - stays
    receipts = _receipts_of(gone)
    lying = tuple(_lying(receipts))
    removed = remove_mails(gone)
    for some in chunked(sorted(stays), _AT_ONCE):
        _take_out(whom, list(some))
    decisions = _forget_decisions(whom, receipts, stays)
    return Forgotten(contacts, removed, len(stays), decisions, lying)


# ---------------------------------------------------------------- mails


def _mails_naming(whom: Whom) -> set[int]:
    """By their participants, the author among them."""
    mails = {
        mail
        for some in chunked(sorted(whom.entries), _AT_ONCE)
        for (mail,) in rows(
            Participant.select(Participant.engagement)
            .join(Engagement)
            .where(Engagement.account == whom.account, Participant.address.in_(list(some)))
            .distinct()
        )
    }
    return mails if whom.user is None else mails - _captured_by_others(whom.user, mails)


def _captured_by_others(user: int, mails: Iterable[int]) -> set[int]:
    return {
        mail
        for some in chunked(sorted(mails), _AT_ONCE)
        for (mail,) in rows(
            Captured.select(Captured.engagement).where(
                Captured.engagement.in_(list(some)), Captured.user != user
            )
        )
    }


def _written_by(whom: Whom, mails: Iterable[int]) -> set[int]:
    return {
        mail
        for some in chunked(sorted(mails), _AT_ONCE)
        for mail, author in rows(
            Engagement.select(Engagement.id, Engagement.author_address).where(Engagement.id.in_(list(some)))
        )
        if author in whom.entries
    }


def _take_out(whom: Whom, mails: Sequence[int]) -> None:
    """Take the people out of mails that stay for others."""
    named = Participant.address.in_(list(whom.entries))
    Participant.delete().where(Participant.engagement.in_(mails), named).execute()
    for row in Engagement.select().where(Engagement.id.in_(mails)):
        row.headers = [field for field in row.headers if not whom.stands_in(field[1])]
        if whom.everywhere:
            for name in ("subject", "text", "html", "note"):
                setattr(row, name, whom.masked(getattr(row, name)))
        row.save()
    if whom.everywhere:
        for capture in Captured.select().where(Captured.engagement.in_(mails), Captured.note != ""):
            capture.note = whom.masked(capture.note)
            capture.save()
    index_again(mails)


# ---------------------------------------------------------------- contacts


def _take_off_timelines(whom: Whom, mails: set[int]) -> int:
    """Take the mails off these people's timelines, and end the contacts that are nobody any more; return their number."""
    gone = 0
    for contact, others in _contacts(whom).items():
        line = EngagementContact
        mine = [each for (each,) in rows(line.select(line.engagement).where(line.contact == contact))]
        kept = _naming(others, mine)
        for some in chunked([each for each in mine if each in mails and each not in kept], _AT_ONCE):
            line.delete().where(line.contact == contact, line.engagement.in_(list(some))).execute()
        gone += _end(whom, contact, others)
    return gone


def _contacts(whom: Whom) -> dict[int, set[str]]:
    """Return the contacts that have one of the addresses, with the addresses that they have besides."""
    row = ContactAddress
    concerned = {
        contact
        for some in chunked(sorted(whom.entries), _AT_ONCE)
        for (contact,) in rows(
            row.select(row.contact).where(row.account == whom.account, row.address.in_(list(some)))
        )
    }
    found: defaultdict[int, set[str]] = defaultdict(set)
    for some in chunked(sorted(concerned), _AT_ONCE):
        for contact, address in rows(row.select(row.contact, row.address).where(row.contact.in_(list(some)))):
            found[contact].update({address} - whom.entries.keys())
    return found


def _naming(addresses: set[str], mails: Sequence[int]) -> set[int]:
    """Return those of the mails on which one of the addresses stands."""
    if not addresses:
        return set()
    return {
        mail
        for some in chunked(mails, _AT_ONCE)
        for (mail,) in rows(
            Participant.select(Participant.engagement).where(
                Participant.engagement.in_(list(some)), Participant.address.in_(sorted(addresses))
            )
        )
    }


def _end(whom: Whom, contact: int, others: set[str]) -> int:
    """One user's own list ends no contact that has mail of others, or that a person made."""
    line = EngagementContact
    if whom.user is not None:
        made_by_mail = Contact.get_by_id(contact).receipt_id is not None
        if not made_by_mail or line.select().where(line.contact == contact).exists():
            return 0
    elif others:
        row = ContactAddress
        row.delete().where(row.contact == contact, row.address.in_(list(whom.entries))).execute()
        return 0
    line.delete().where(line.contact == contact).execute()
    return int(Contact.delete().where(Contact.id == contact).execute())


# ---------------------------------------------------------------- the ledger


def _receipts_of(mails: Iterable[int]) -> set[int]:
    return {
        receipt
        for some in chunked(sorted(mails), _AT_ONCE)
        for (receipt,) in rows(
            Captured.select(Captured.receipt).where(Captured.engagement.in_(list(some))).distinct()
        )
    }


def _lying(receipts: Iterable[int]) -> Iterator[Lying]:
    row = Receipt
    for some in chunked(sorted(receipts), _AT_ONCE):
        query = row.select(row.folder, row.uid, row.filed_folder, row.filed_uid)
        for folder, uid, filed_folder, filed_uid in rows(query.where(row.id.in_(list(some)))):
            yield Lying(filed_folder, filed_uid) if filed_folder else Lying(folder, uid)


def _forget_decisions(whom: Whom, receipts: set[int], stays: set[int]) -> int:
    """Rewrite what the ledger says about these people; a mail that is logged no longer is refused by their entry now."""
    concerned = receipts | _receipts_of(stays) | (_receipts_naming(whom) if whom.everywhere else set())
    changed = 0
    for some in chunked(sorted(concerned), _AT_ONCE):
        logged = _logged(whom.account, list(some))
        accounts = (whom.account, 0)
        for row in Decision.select().where(Decision.receipt.in_(list(some)), Decision.account.in_(accounts)):
            changed += _rewritten(whom, row, removed=row.receipt_id in receipts - logged)
    return changed


def _logged(account: int, receipts: list[int]) -> set[int]:
    query = Captured.select(Captured.receipt).join(Engagement)
    mine = query.where(Engagement.account == account, Captured.receipt.in_(receipts))
    return {receipt for (receipt,) in rows(mine)}


def _receipts_naming(whom: Whom) -> set[int]:
    """The whole ledger is read: refused mails name people too, and no index knows which."""
    row = Decision
    told = fn.LOWER(
        row.sender.concat(row.fates).concat(row.candidates).concat(row.subject).concat(row.evidence)
    )
    query = row.select(row.receipt, told).where(row.account.in_((whom.account, 0)))
    return {receipt for receipt, text in rows(query) if whom.named_in(text)}


def _rewritten(whom: Whom, row: Decision, *, removed: bool) -> bool:
    """Take the people out of one decision; True where there was something to take out."""
    before = (row.outcome, row.sender, row.subject, row.fates, row.candidates, row.evidence)
    row.fates = [_fate(whom, each) for each in row.fates]
    row.candidates = [each for each in row.candidates if each["address"] not in whom.entries]
    if removed and row.outcome == Outcome.LOGGED:
        row.outcome, row.reason = Outcome.REFUSED, Reason.NEVER_LOG
        row.detail, row.subject, row.created = "what was logged was removed", "", 0
    if row.sender in whom.entries:
        row.sender = row.subject = ""
    if whom.everywhere:
        row.evidence, row.subject = whom.masked(row.evidence), whom.masked(row.subject)
        _forget_raw(whom, row.receipt_id)
    after = (row.outcome, row.sender, row.subject, row.fates, row.candidates, row.evidence)
    if before == after:
        return False
    row.save()
    return True


def _fate(whom: Whom, fate: dict[str, Any]) -> dict[str, Any]:
    """The fate keeps the matching entry, not the address (R8)."""
    entry = whom.entries.get(fate.get("address", ""))
    return fate if entry is None else {"role": fate["role"], "fate": Fate.NEVER_LOG, "never_log": entry}


def _forget_raw(whom: Whom, receipt: int) -> None:
    kept = Receipt.get_by_id(receipt)
    if kept.raw_mail is not None and whom.named_in(bytes(kept.raw_mail).decode("latin-1")):
        kept.raw_mail = None
        kept.save()
