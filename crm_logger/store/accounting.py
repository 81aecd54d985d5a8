"""The ledger against the mailbox: which mails it knows, where they lie, and which mail has which bytes.

Each function runs in a transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from peewee import JOIN, chunked, fn

from crm_logger.core.model import Outcome

from .ledger import at_place
from .tables import Alarm, Death, Decision, Deferral, Receipt, Unmoved, rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .values import Place

_CHUNK = 500


def outcomes_here(place: Place, uids: Iterable[int]) -> dict[int, Outcome | None]:
    """Return the outcome of each of the mails that has a receipt; None where the receipt has no decision.

    A mail that several accounts are concerned by counts as failed before logged before refused.
    """
    return {
        uid: outcome
        for some in chunked(uids, _CHUNK)
        for uid, outcome in _outcomes(Receipt.uid, at_place(Receipt, place) & Receipt.uid.in_(some)).items()
    }


def outcomes_filed(place: Place) -> dict[int, Outcome | None]:
    """The same of all mails that were moved to this place."""
    moved = (
        (Receipt.mailbox == place.mailbox)
        & (Receipt.filed_folder == place.folder)
        & (Receipt.filed_uidvalidity == place.uidvalidity)
    )
    return _outcomes(Receipt.filed_uid, moved)


def _outcomes(uid: Any, condition: Any) -> dict[int, Outcome | None]:
    query = Receipt.select(uid, Decision.outcome).join(Decision, JOIN.LEFT_OUTER).where(condition)
    found: dict[int, Outcome | None] = {}
    for number, outcome in rows(query):
        found[number] = _graver(found.get(number), Outcome(outcome) if outcome else None)
    return found


def _graver(one: Outcome | None, other: Outcome | None) -> Outcome | None:
    order = (Outcome.FAILED, Outcome.LOGGED, Outcome.REFUSED)
    return next((outcome for outcome in order if outcome in {one, other}), None)


def waiting_here(place: Place) -> set[int]:
    """Return the UIDs of mails that are put off, whether or not their time has come."""
    return {
        uid
        for table in (Deferral, Death)
        for (uid,) in rows(table.select(table.uid).where(at_place(table, place)))
    }


def filed_somewhere_in(place: Place) -> int:
    """How many mails were moved to this folder, and the server did not tell which UID they have now."""
    return int(
        Receipt.select()
        .where(
            Receipt.mailbox == place.mailbox,
            Receipt.filed_folder == place.folder,
            Receipt.filed_uid.is_null() | (Receipt.filed_uidvalidity != place.uidvalidity),
        )
        .count()
    )


def outcomes_moving(mailbox: int, digests: Iterable[str]) -> dict[str, list[Outcome | None]]:
    """Return the outcomes of mails that are being moved, by the SHA-256 of their bytes: where they lie is to be written down."""
    found: dict[str, list[Outcome | None]] = {}
    retried = Unmoved.select(Unmoved.receipt)
    for some in chunked(digests, _CHUNK):
        moving = (Receipt.mailbox == mailbox) & Receipt.sha256.in_(some)
        moving &= Receipt.filed_folder.is_null() | Receipt.id.in_(retried)
        outcomes = _outcomes(Receipt.id, moving)
        for receipt, digest in rows(Receipt.select(Receipt.id, Receipt.sha256).where(moving)):
            found.setdefault(digest, []).append(outcomes[receipt])
    return found


def without_decision() -> int:
    """How many receipts say nothing: there must be none."""
    decided = Decision.select(Decision.receipt)
    return int(Receipt.select().where(Receipt.id.not_in(decided)).count())


def failed() -> int:
    """How many mails are set aside: they could not be taken in."""
    query = Decision.select(fn.COUNT(fn.DISTINCT(Decision.receipt))).where(Decision.outcome == Outcome.FAILED)
    ((number,),) = rows(query)
    return int(number)


def failed_unheard(alarm: str) -> bool:
    """Whether a mail was set aside since an alarm of that kind was last raised or cleared."""
    heard = Alarm.select().where(Alarm.kind == alarm)
    times = [row.cleared or row.raised for row in heard]
    failed_mails = Decision.select().where(Decision.outcome == Outcome.FAILED)
    if times:
        failed_mails = failed_mails.where(Decision.decided_at > max(times))
    return bool(failed_mails.exists())


def receipts_of(mailbox: int, sha256: str) -> list[tuple[int, tuple[str, int, int] | None]]:
    """Return the receipts of mails with these bytes, and where each lies: (folder, UIDVALIDITY, UID).

    None where the server did not tell where it was moved to.
    """
    found = Receipt.select().where(Receipt.sha256 == sha256, Receipt.mailbox == mailbox).order_by(Receipt.id)
    return [(row.id, _lies(row)) for row in found]


def _lies(receipt: Receipt) -> tuple[str, int, int] | None:
    if receipt.filed_folder is None:
        return receipt.folder, receipt.uidvalidity, receipt.uid
    if receipt.filed_uid is None or receipt.filed_uidvalidity is None:
        return None
    return receipt.filed_folder, receipt.filed_uidvalidity, receipt.filed_uid
