"""The questions asked of the ledger: what was not logged, why, and how much of what there is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from peewee import JOIN, fn

from crm_logger.core.model import Kind, Outcome, Reason

from .people import RequestError
from .tables import (
    Account,
    Captured,
    Decision,
    Deferral,
    Engagement,
    Event,
    LogAddress,
    Mailbox,
    Receipt,
    User,
)
from .tables import rows as tuples

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """Which decisions are wanted; what is None or "" does not matter.

    `since` and `until` are times of taking in. `accounts` are several accounts, and `mine` is a user whose own mail is
    wanted, or mail to that user's own log addresses. `before` is the receipt that the last page ended with.
    """

    not_logged: bool = False
    reason: Reason | None = None
    since: datetime | None = None
    account: int | None = None
    user: int | None = None
    limit: int | None = None
    until: datetime | None = None
    accounts: tuple[int, ...] | None = None
    mine: int | None = None
    before: int | None = None
    receipts: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided about a mail for one account; `account` is 0 and its name "" where none was concerned."""

    receipt: int
    account: int
    account_name: str
    outcome: Outcome
    reason: Reason
    detail: str
    kind: Kind | None
    user: str
    log_address: int | None
    matched_address: str
    header: str
    below_border: bool
    flags: tuple[str, ...]
    subject: str
    sender: str
    fates: tuple[dict[str, Any], ...]
    candidates: tuple[dict[str, str], ...]
    decided_at: datetime
    taken_at: datetime
    folder: str
    uid: int
    engagements: tuple[int, ...] = ()
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class WholeReceipt:
    """A mail that was taken in: where it lies, and every decision about it."""

    id: int
    mailbox: str
    folder: str
    uidvalidity: int
    uid: int
    sha256: str
    size: int
    received_at: datetime
    taken_at: datetime
    attempts: int
    filed_folder: str
    error: str
    kept_raw: bool
    decisions: tuple[Decided, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many decisions have which outcome and reason."""

    outcome: Outcome
    reason: Reason
    count: int


@dataclass(frozen=True, slots=True)
class Impersonated:
    """How often mail came in a user's name that proved nothing, or that guessed at a log address."""

    user: str
    address: str
    count: int
    last: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mail that could not be taken in yet."""

    mailbox: str
    folder: str
    uid: int
    reason: str
    attempts: int
    first_at: datetime
    not_before: datetime


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened to a mailbox or to the database."""

    at: datetime
    kind: str
    detail: str


def decisions(asked: Asked) -> list[Decided]:
    """The decisions that were asked for, newest first."""
    rows = _rows().order_by(Decision.receipt.desc(), Decision.account).limit(asked.limit)
    wanted = {
        Decision.reason: asked.reason,
        Decision.account: asked.account,
        Decision.user: asked.user,
    }
    for column, value in wanted.items():
        if value is not None:
            rows = rows.where(column == value)
    if asked.not_logged:
        rows = rows.where(Decision.outcome != Outcome.LOGGED)
    if asked.since is not None:
        rows = rows.where(Receipt.taken_at >= asked.since)
    for condition in _narrowed(asked):
        rows = rows.where(condition)
    return [_decided(row) for row in rows]


def _narrowed(asked: Asked) -> Iterator[Any]:
    if asked.until is not None:
        yield Receipt.taken_at < asked.until
    if asked.accounts is not None:
        yield Decision.account.in_(asked.accounts)
    if asked.mine is not None:
        own = LogAddress.select(LogAddress.id).where(LogAddress.user == asked.mine)
        yield (Decision.user == asked.mine) | Decision.log_address.in_(own)
    if asked.before is not None:
        yield Decision.receipt < asked.before
    if asked.receipts is not None:
        yield Decision.receipt.in_(asked.receipts)


def receipt(number: int) -> WholeReceipt:
    """One receipt wholly (R27)."""
    row = Receipt.select(Receipt, Mailbox).join(Mailbox).where(Receipt.id == number).first()
    if row is None:
        raise RequestError(f"There is no receipt {number}; `crm-logger receipts` lists them.")
    found = _rows().where(Decision.receipt == number).order_by(Decision.account)
    return WholeReceipt(
        id=row.id,
        mailbox=row.mailbox.name,
        folder=row.folder,
        uidvalidity=row.uidvalidity,
        uid=row.uid,
        sha256=row.sha256,
        size=row.size,
        received_at=row.received_at,
        taken_at=row.taken_at,
        attempts=row.attempts,
        filed_folder=row.filed_folder or "",
        error=row.error,
        kept_raw=row.raw_mail is not None,
        decisions=tuple(_decided(each, _engagements(each)) for each in found),
    )


def counts(since: datetime | None = None) -> list[Counts]:
    """How much was decided how, in all or since a time."""
    rows = Decision.select(Decision.outcome, Decision.reason, fn.COUNT(Decision.account)).join(Receipt)
    if since is not None:
        rows = rows.where(Receipt.taken_at >= since)
    grouped = tuples(rows.group_by(Decision.outcome, Decision.reason))
    found = [Counts(Outcome(outcome), Reason(reason), count) for outcome, reason, count in grouped]
    order = list(Outcome)
    return sorted(found, key=lambda each: (order.index(each.outcome), -each.count, each.reason))


def impersonations(since: datetime) -> list[Impersonated]:
    """The users in whose names mail was attempted since a time, the most often first."""
    rows = (
        Decision.select(
            User.name,
            Decision.matched_address,
            fn.COUNT(Decision.id).alias("number"),
            fn.MAX(Receipt.taken_at).converter(Receipt.taken_at.python_value),
        )
        .join(Receipt)
        .switch(Decision)
        .join(User)
        .where(Decision.reason.in_(_ATTEMPTS), Receipt.taken_at >= since)
        .group_by(User.id, Decision.matched_address)
    )
    found = [Impersonated(*row) for row in tuples(rows)]
    return sorted(found, key=lambda each: (-each.count, each.address))


_ATTEMPTS = (Reason.SENDER_NOT_AUTHENTICATED, Reason.UNKNOWN_LOG_ADDRESS, Reason.WRONG_USER_TOKEN)


def waiting() -> list[Waiting]:
    """The mails that could not be taken in yet, the longest waiting first."""
    rows = Deferral.select(Deferral, Mailbox).join(Mailbox).order_by(Deferral.first_at, Deferral.id)
    return [
        Waiting(row.mailbox.name, row.folder, row.uid, row.reason, row.attempts, row.first_at, row.not_before)
        for row in rows
    ]


def last_taken() -> datetime | None:
    """When the last mail was taken in."""
    row = Receipt.select(Receipt.taken_at).order_by(Receipt.taken_at.desc()).first()
    return row.taken_at if row else None


def events(since: datetime) -> list[Happened]:
    """What the operator should know of, since a time, the newest first."""
    rows = Event.select().where(Event.at >= since).order_by(Event.at.desc(), Event.id.desc())
    return [Happened(row.at, row.kind, row.detail) for row in rows]


def _rows() -> Any:
    return (
        Decision.select(
            Decision,
            Receipt.id,
            Receipt.received_at,
            Receipt.taken_at,
            Receipt.folder,
            Receipt.uid,
            User,
            Account.name,
        )
        .join(Receipt)
        .switch(Decision)
        .join(User, JOIN.LEFT_OUTER)
        .switch(Decision)
        .join(Account, JOIN.LEFT_OUTER, on=(Decision.account == Account.id), attr="tenant")
    )


def _decided(row: Any, engagements: tuple[int, ...] = ()) -> Decided:
    tenant = getattr(row, "tenant", None)
    return Decided(
        receipt=row.receipt_id,
        account=row.account,
        account_name=tenant.name if tenant else "",
        outcome=Outcome(row.outcome),
        reason=Reason(row.reason),
        detail=row.detail,
        kind=Kind(row.kind) if row.kind else None,
        user=row.user.name if row.user_id else "",
        log_address=row.log_address_id,
        matched_address=row.matched_address,
        header=row.header,
        below_border=row.below_border,
        flags=tuple(row.flags),
        subject=row.subject,
        sender=row.sender,
        fates=tuple(row.fates),
        candidates=tuple(row.candidates),
        decided_at=row.decided_at,
        taken_at=row.receipt.taken_at,
        folder=row.receipt.folder,
        uid=row.receipt.uid,
        engagements=engagements,
        evidence=row.evidence,
    )


def _engagements(row: Any) -> tuple[int, ...]:
    found = (
        Captured.select(Captured.engagement)
        .join(Engagement)
        .where((Captured.receipt == row.receipt_id) & (Engagement.account == row.account))
    )
    return tuple(sorted(each.engagement_id for each in found))
