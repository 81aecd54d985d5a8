"""What the database holds of all that some mails touch, read at once, and kept true while they are recorded."""
# ruff: noqa: S608 -- what is put into these statements are names of ours; values go beside them

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from crm_logger.core.model import Log

from .fields import aware, scrub
from .statements import ask_among

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from crm_logger.core.model import Decision, EngagementKey, Entry

    from .values import Place

_FIRST = itemgetter(0)
_AT_PLACE = "mailbox_id = ? AND folder = ? AND uidvalidity = ?"
# A mail that was filed away and came back is new work (R29), so receipts of mails filed elsewhere do not count.
_LEFT_BEHIND = (
    "SELECT sha256, id FROM receipt WHERE mailbox_id = ? AND folder = ? AND uidvalidity <> ?"
    " AND (filed_folder IS NULL OR filed_folder = ?) AND sha256 IN"
)
_ENGAGEMENTS = "SELECT id, sent_at, key_id, key_content FROM engagement WHERE account_id = ? AND"


@dataclass(slots=True)
class Logged:
    """An engagement that is logged: what recording another copy of the mail asks of it.

    `addresses` are those of the people on it, `contacts` those on whose timelines it stands; `receipts` captured it,
    the first one first.
    """

    id: int
    sent_at: datetime
    key_id: str | None
    addresses: set[str] = field(default_factory=set)
    contacts: set[int] = field(default_factory=set)
    receipts: list[int] = field(default_factory=list)


class KnownMails:
    """Which of the mails have a receipt, which were put off, and which were the end of a process.

    `left_behind` are, by SHA-256, the receipts of mails that lay here before the UIDVALIDITY changed.
    """

    def __init__(self, place: Place, uids: Sequence[int], digests: Sequence[str]) -> None:
        here = (place.mailbox, place.folder, place.uidvalidity)
        self.receipts: dict[int, int] = dict(
            ask_among(f"SELECT uid, id FROM receipt WHERE {_AT_PLACE} AND uid IN", uids, *here)
        )
        self.left_behind: defaultdict[str, list[int]] = defaultdict(list)
        for sha256, receipt in sorted(ask_among(_LEFT_BEHIND, digests, *here, place.folder)):
            self.left_behind[sha256].append(receipt)
        self.put_off: set[int] = {
            uid
            for table in ("deferral", "death")
            for (uid,) in ask_among(f"SELECT uid FROM {table} WHERE {_AT_PLACE} AND uid IN", uids, *here)
        }


class Known:
    """The contacts and engagements that decisions name, those included that these decisions make."""

    def __init__(self, decisions: Iterable[Decision]) -> None:
        self._contacts: dict[tuple[int, str], int] = {}
        self._by_id: dict[tuple[int, str], Logged] = {}
        self._by_content: defaultdict[tuple[int, str], list[Logged]] = defaultdict(list)
        entries: defaultdict[int, list[Entry]] = defaultdict(list)
        for decision in decisions:
            if isinstance(decision, Log):
                entries[decision.account] += decision.entries
        found: dict[int, Logged] = {}
        for account, some in entries.items():
            self._read_contacts(account, some)
            self._read_engagements(account, some, found)
        _complete(found)

    def contacts(self, account: int, addresses: Iterable[str]) -> dict[str, int]:
        """Return those of the addresses that are contacts of the account, with the contact's id."""
        found = ((address, self._contacts.get((account, scrub(address)))) for address in addresses)
        return {address: contact for address, contact in found if contact is not None}

    def add_contact(self, account: int, address: str, contact: int) -> None:
        """An address has become a contact's."""
        self._contacts[account, scrub(address)] = contact

    def find_logged(self, account: int, key: EngagementKey) -> Logged | None:
        """By Message-ID; where only one of the two mails has one, by content."""
        same = self._by_content.get((account, key.by_content), ())
        if not key.by_id:
            return next(iter(same), None)
        without = (each for each in same if each.key_id is None)
        return self._by_id.get((account, key.by_id)) or next(without, None)

    def add_logged(self, account: int, key: EngagementKey, logged: Logged) -> None:
        """An engagement has been logged."""
        self._by_content[account, key.by_content].append(logged)
        if logged.key_id is not None:
            self._by_id[account, logged.key_id] = logged

    def add_key(self, account: int, logged: Logged, by_id: str) -> None:
        """The Message-ID of an engagement has become known."""
        logged.key_id = by_id
        self._by_id[account, by_id] = logged

    def _read_contacts(self, account: int, entries: Iterable[Entry]) -> None:
        addresses = {scrub(each.person.address) for entry in entries for each in entry.participants}
        query = "SELECT address, contact_id FROM contact_address WHERE account_id = ? AND address IN"
        for address, contact in ask_among(query, sorted(addresses), account):
            self._contacts[account, address] = contact

    def _read_engagements(self, account: int, entries: Sequence[Entry], found: dict[int, Logged]) -> None:
        for number, sent_at, key_id, content in sorted(_engagements(account, entries), key=_FIRST):
            if number not in found:
                found[number] = Logged(number, aware(sent_at), key_id)
                self._by_content[account, content].append(found[number])
                if key_id is not None:
                    self._by_id[account, key_id] = found[number]


def _engagements(account: int, entries: Iterable[Entry]) -> Iterator[tuple[Any, ...]]:
    keys = {entry.key for entry in entries}
    yield from ask_among(f"{_ENGAGEMENTS} key_content IN", sorted({k.by_content for k in keys}), account)
    yield from ask_among(f"{_ENGAGEMENTS} key_id IN", sorted({k.by_id for k in keys if k.by_id}), account)


def _complete(found: dict[int, Logged]) -> None:
    ids = list(found)
    of_people = "SELECT engagement_id, address FROM participant WHERE engagement_id IN"
    for number, address in ask_among(of_people, ids):
        found[number].addresses.add(address)
    of_timelines = "SELECT engagement_id, contact_id FROM engagement_contact WHERE engagement_id IN"
    for number, contact in ask_among(of_timelines, ids):
        found[number].contacts.add(contact)
    of_captures = "SELECT id, engagement_id, receipt_id FROM captured WHERE engagement_id IN"
    for _, number, receipt in sorted(ask_among(of_captures, ids)):
        found[number].receipts.append(receipt)
