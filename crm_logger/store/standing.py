"""How things stand: mail by day and outcome, delays, and when the mailboxes were last looked at.

Call it within a transaction of the Store.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from peewee import fn

from crm_logger.core.model import Outcome, Reason

from .tables import Decision, Deferral, FolderState, Mailbox, Receipt
from .tables import rows as tuples

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many decisions of a day had an outcome; the day is UTC's."""

    day: date
    outcome: Outcome
    count: int


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A folder, and when a look at it last came to its end."""

    mailbox: str
    folder: str
    at: datetime | None


def by_day(accounts: Sequence[int], since: datetime) -> list[DayCount]:
    """The decisions of these accounts by the day of taking in, since a time."""
    day = fn.DATE(Receipt.taken_at)
    query = _decided(accounts, since, day.alias("day"), Decision.outcome, fn.COUNT(Decision.receipt))
    return [
        DayCount(date.fromisoformat(str(found)[:10]), Outcome(outcome), count)
        for found, outcome, count in tuples(query.group_by(day, Decision.outcome).order_by(day))
    ]


def by_reason(accounts: Sequence[int], since: datetime) -> list[tuple[Reason, int]]:
    """How many decisions of these accounts had which reason, the most first."""
    count = fn.COUNT(Decision.receipt)
    query = _decided(accounts, since, Decision.reason, count).group_by(Decision.reason)
    return [
        (Reason(reason), number) for reason, number in tuples(query.order_by(count.desc(), Decision.reason))
    ]


def _decided(accounts: Sequence[int], since: datetime, *wanted: Any) -> Any:
    mine = Decision.account.in_(accounts) & (Receipt.taken_at >= since)
    return Decision.select(*wanted).join(Receipt).where(mine)


def delays(accounts: Sequence[int], since: datetime) -> list[float]:
    """Seconds from the arrival in the mailbox to the receipt, of the newest thousand logged mails, sorted."""
    query = _decided(accounts, since, Receipt.received_at, Receipt.taken_at)
    logged = query.where(Decision.outcome == Outcome.LOGGED).order_by(Receipt.id.desc()).limit(1000)
    return sorted(max(0.0, (taken - received).total_seconds()) for received, taken in tuples(logged))


def folders() -> list[LookedAt]:
    """All folders that mail is taken from."""
    rows = FolderState.select(FolderState, Mailbox).join(Mailbox).order_by(Mailbox.name, FolderState.folder)
    return [LookedAt(row.mailbox.name, row.folder, row.looked_at) for row in rows]


def last_sign() -> datetime | None:
    """When a worker last did something: ended a look, or took in a mail."""
    newest = Receipt.select(Receipt.taken_at).order_by(Receipt.taken_at.desc()).first()
    signs = [each.at for each in folders()] + [newest.taken_at if newest else None]
    return max((sign for sign in signs if sign), default=None)


def waiting() -> int:
    """How many mails could not be taken in yet."""
    return int(Deferral.select().count())
