"""The ledger's books: which mails have a receipt, which wait, where each lies. Each function runs in a transaction.

What is asked in every look at a mailbox is plain SQL.
"""
# ruff: noqa: S608 -- what is put into these statements are names of ours; values go beside them

from __future__ import annotations

from secrets import randbits
from typing import TYPE_CHECKING, Any

from peewee import chunked, fn

from crm_logger.core.model import Outcome, Reason

from .fields import aware
from .statements import Row, ask, ask_among, tell, write_rows
from .tables import Death, Decision, Deferral, Event, FolderState, Mailbox, Receipt, rows
from .values import Filed, Place, Taken

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

_CHUNK = 500
_AT_PLACE = "mailbox_id = ? AND folder = ? AND uidvalidity = ?"
_UNFILED = f"SELECT id, uid FROM receipt WHERE {_AT_PLACE} AND filed_folder IS NULL ORDER BY uid LIMIT ?"
_SET_LOW_WATER = (
    "INSERT INTO folder_state (mailbox_id, folder, uidvalidity, low_water, looked_up_to) VALUES (?, ?, ?, ?, 0)"
    " ON CONFLICT (mailbox_id, folder)"
    " DO UPDATE SET uidvalidity = EXCLUDED.uidvalidity, low_water = EXCLUDED.low_water"
)


def at_place(table: type[Receipt | Deferral | Death], place: Place) -> Any:
    """Return the condition that a row belongs to the place."""
    return (
        (table.mailbox == place.mailbox)
        & (table.folder == place.folder)
        & (table.uidvalidity == place.uidvalidity)
    )


def named(place: Place) -> Row:
    """Return the values of mailbox_id, folder and uidvalidity at the place."""
    return place.mailbox, FolderState.folder.db_value(place.folder), place.uidvalidity


def mailbox_id(name: str) -> int:
    """Return the id of the mailbox of that name, a new one where it is unknown."""
    mailbox = Mailbox.get_or_none(Mailbox.name == name) or Mailbox.create(name=name)
    return mailbox.id


def without_receipt(place: Place, uids: Iterable[int]) -> list[int]:
    """Return those of the UIDs that have no receipt, in the order given."""
    return _unknown(place, list(uids))


def _unknown(place: Place, uids: list[int]) -> list[int]:
    query = f"SELECT uid FROM receipt WHERE {_AT_PLACE} AND uid IN"
    known = {uid for (uid,) in ask_among(query, uids, *named(place))}
    return [uid for uid in uids if uid not in known]


# ---------------------------------------------------------------- UIDVALIDITY


def open_folder(place: Place, now: datetime) -> bool:
    """Note the UIDVALIDITY of a folder. True where it changed: then every UID means another mail than before."""
    state = _state(place)
    if state is None:
        FolderState.create(mailbox=place.mailbox, folder=place.folder, uidvalidity=place.uidvalidity)
        return False
    if state.uidvalidity == place.uidvalidity:
        return False
    detail = f"{place.folder}: UIDVALIDITY {state.uidvalidity} became {place.uidvalidity}"
    Event.create(at=now, kind="uidvalidity-changed", mailbox=place.mailbox, detail=detail)
    state.uidvalidity, state.low_water, state.looked_up_to = place.uidvalidity, 0, 0
    state.save()
    return True


def last_uid(place: Place) -> int:
    """Return the highest UID that has a receipt; 0 where none has."""
    return Receipt.select(fn.MAX(Receipt.uid)).where(at_place(Receipt, place)).scalar() or 0


def retire(place: Place, now: datetime) -> None:
    """Give up the UIDs of a place that mean other mails by now, though its UIDVALIDITY is the same.

    What was known of it goes under a number below zero, which no server gives, and is found by SHA-256 alone.
    """
    retired = {"uidvalidity": -1 - randbits(60)}
    for table in (Receipt, Deferral, Death):
        table.update(retired).where(at_place(table, place)).execute()
    FolderState.update(low_water=0).where(
        FolderState.mailbox == place.mailbox, FolderState.folder == place.folder
    ).execute()
    detail = f"{place.folder}: UIDs are given again under UIDVALIDITY {place.uidvalidity}"
    Event.create(at=now, kind="uids-went-back", mailbox=place.mailbox, detail=detail)


def bind(place: Place, receipt_id: int, uid: int) -> None:
    """Say that the receipt is that of the mail which now lies here."""
    change = {"folder": place.folder, "uidvalidity": place.uidvalidity, "uid": uid}
    Receipt.update(change).where(Receipt.id == receipt_id).execute()


def bind_by_sha256(place: Place, uid: int, sha256: str) -> int | None:
    """Bind a mail to its receipt from before a UIDVALIDITY change; return the receipt, None where there is none.

    A mail that was filed away and came back is new work (R29), so receipts of mails filed elsewhere do not count;
    and each receipt is bound to one mail only.
    """
    query = Receipt.select().where(
        Receipt.sha256 == sha256,
        Receipt.mailbox == place.mailbox,
        Receipt.folder == place.folder,
        Receipt.uidvalidity != place.uidvalidity,
        Receipt.filed_folder.is_null() | (Receipt.filed_folder == place.folder),
    )
    receipt: Receipt | None = query.order_by(Receipt.id).first()
    if receipt is None:
        return None
    bind(place, receipt.id, uid)
    return receipt.id


def _state(place: Place) -> FolderState | None:
    return FolderState.get_or_none(FolderState.mailbox == place.mailbox, FolderState.folder == place.folder)


def low_water(place: Place) -> int:
    """Return the UID up to which everything has a receipt or is put off; 0 where nothing is known."""
    found = ask(f"SELECT low_water FROM folder_state WHERE {_AT_PLACE}", *named(place))
    return int(found[0][0]) if found else 0


def mark_reached(place: Place, uids: Sequence[int]) -> int | None:
    """Return how far everything has a receipt or is put off, by the UIDs that a look found; None where the mark is there.

    What is put off is looked for by its own UID.
    """
    mark, waiting = low_water(place), put_off(place)
    pending = [uid for uid in without_receipt(place, uids) if uid not in waiting]
    reached = pending[0] - 1 if pending else max(uids[-1], mark)
    return None if reached == mark else reached


def set_low_water(place: Place, uid: int) -> None:
    """Remember the UID up to which everything has a receipt or is put off."""
    tell(_SET_LOW_WATER, *named(place), uid)


# ---------------------------------------------------------------- deferrals


def defer(place: Place, uid: int, reason: str, not_before: datetime, now: datetime) -> int:
    """Put a mail off; return how often that was done."""
    waiting = waiting_at(place, uid) or Deferral(
        mailbox=place.mailbox, folder=place.folder, uidvalidity=place.uidvalidity, uid=uid, first_at=now
    )
    waiting.attempts += 1
    waiting.reason, waiting.not_before = reason, not_before
    waiting.save()
    return waiting.attempts


def put_off(place: Place) -> dict[int, datetime]:
    """Return until when mails are put off, by UID; where two things put one off, the later time."""
    found: dict[int, datetime] = {}
    for table in ("deferral", "death"):
        for uid, until in ask(f"SELECT uid, not_before FROM {table} WHERE {_AT_PLACE}", *named(place)):
            not_before = aware(until)
            found[uid] = max(not_before, found.get(uid, not_before))
    return found


def forget_gone(place: Place, there: Collection[int]) -> None:
    """Forget what was put off, or a process died of, and is not `there` any more, nor under the folder's old numbers."""
    for table in (Deferral, Death):
        query = table.select(table.id, table.uidvalidity, table.uid).where(
            table.mailbox == place.mailbox, table.folder == place.folder
        )
        gone = [
            row
            for row, uidvalidity, uid in rows(query)
            if uidvalidity != place.uidvalidity or uid not in there
        ]
        for some in chunked(gone, _CHUNK):
            table.delete().where(table.id.in_(some)).execute()


def end_deferral(place: Place, uid: int) -> int:
    """Forget that a mail was put off; return how often it was."""
    waiting = waiting_at(place, uid)
    if waiting is None:
        return 0
    Deferral.delete().where(Deferral.id == waiting.id).execute()
    return waiting.attempts


def waiting_at(place: Place, uid: int) -> Deferral | None:
    """Return how a mail was put off, if it was."""
    return Deferral.get_or_none(at_place(Deferral, place), Deferral.uid == uid)


# ---------------------------------------------------------------- filing and finding


def unfiled(place: Place, limit: int) -> list[tuple[int, int, Outcome]]:
    """Return (receipt, UID, outcome) of mails not moved yet, by UID."""
    waiting = ask(_UNFILED, *named(place), limit)
    outcomes = outcomes_of([receipt for receipt, _ in waiting])
    return [(receipt, uid, outcomes[receipt]) for receipt, uid in waiting]


def outcomes_of(receipt_ids: list[int]) -> dict[int, Outcome]:
    """Return what mails came to, all accounts together."""
    found: dict[int, set[str]] = {receipt: set() for receipt in receipt_ids}
    for some in chunked(receipt_ids, _CHUNK):
        query = Decision.select(Decision.receipt, Decision.outcome).where(Decision.receipt.in_(some))
        for receipt, outcome in rows(query):
            found[receipt].add(outcome)
    return {receipt: _of_all(outcomes) for receipt, outcomes in found.items()}


def _of_all(outcomes: set[str]) -> Outcome:
    """One account where it failed wants a look; else one that logged it makes the mail logged."""
    return next(each for each in (Outcome.FAILED, Outcome.LOGGED, Outcome.REFUSED) if each in outcomes)


def mark_all_filed(filed: Iterable[tuple[int, Filed]]) -> None:
    """Remember where mails, each with its receipt, were moved to."""
    change = "UPDATE receipt SET filed_folder = ?, filed_uidvalidity = ?, filed_uid = ? WHERE id = ?"
    folder = Receipt.filed_folder.db_value
    write_rows(change, [(folder(to.folder), to.uidvalidity, to.uid, receipt) for receipt, to in filed])


def is_filed_at(place: Place, filed: Filed) -> bool:
    """Whether a mail of that mailbox is known to have been moved exactly there."""
    there = (
        (Receipt.mailbox == place.mailbox)
        & (Receipt.filed_folder == filed.folder)
        & (Receipt.filed_uidvalidity == filed.uidvalidity)
        & (Receipt.filed_uid == filed.uid)
    )
    return bool(Receipt.select().where(there).exists())


def find_receipts(ids: Iterable[int] | None, reason: Reason | None) -> list[Taken]:
    """Return receipts by id, by a reason that one of their decisions has, or both; the oldest first."""
    row = Receipt
    query = row.select(
        row.id,
        row.mailbox,
        row.folder,
        row.uidvalidity,
        row.uid,
        row.filed_folder,
        row.filed_uidvalidity,
        row.filed_uid,
        row.sha256,
        row.size,
    )
    if ids is not None:
        query = query.where(row.id.in_(list(ids)))
    if reason is not None:
        query = query.where(row.id.in_(Decision.select(Decision.receipt).where(Decision.reason == reason)))
    return [_taken(receipt) for receipt in query.order_by(row.id)]


def _taken(receipt: Receipt) -> Taken:
    filed = None
    if receipt.filed_folder is not None:
        filed = Filed(receipt.filed_folder, receipt.filed_uidvalidity, receipt.filed_uid)
    place = Place(receipt.mailbox_id, receipt.folder, receipt.uidvalidity)
    return Taken(receipt.id, place, receipt.uid, filed, receipt.sha256, receipt.size)


def kept_raw(receipt_id: int) -> bytes | None:
    """Return the raw mail where it failed, else None: the mailbox has it."""
    receipt = Receipt.get_or_none(Receipt.id == receipt_id)
    return receipt.raw_mail if receipt else None
