"""Builders of decisions with a default for everything, and short questions to the tables."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from crm_logger.core.model import (
    Delivery,
    Direction,
    EngagementKey,
    Entry,
    Fate,
    Kind,
    Log,
    Participant,
    Person,
    RawMail,
    Reason,
    Refuse,
    Role,
    WrittenDate,
)
from crm_logger.store import tables

if TYPE_CHECKING:
    from crm_logger.core.model import Decision
    from crm_logger.store import Place, Recorded, Store

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For tests of what SQLite alone does."""

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
SENT = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
ANN = Person("Ann Archer", "ann@acme.test")
CARL = Person("Carl Client", "carl@client.example")
DORA = Person("Dora", "dora@client.example")
TO_CARL = Participant(CARL, Role.TO, create=True)
CC_DORA = Participant(DORA, Role.CC, create=True)
COLLEAGUE = Participant(Person("Cole", "cole@acme.test"), Role.CC, fate=Fate.INTERNAL)
HIDDEN = Participant(Person("", ""), Role.CC, fate=Fate.NEVER_LOG, never_log="@rival.example")


def raw_mail(uid: int = 1, raw: bytes = b"", **changes: Any) -> RawMail:
    """Return a mail as fetched; its bytes differ from UID to UID unless they are given."""
    return replace(RawMail(uid, raw or b"Subject: mail %d\r\n\r\n" % uid, NOW), **changes)


def entry(
    *participants: Participant, by_id: str = "id-1", by_content: str = "content-1", **changes: Any
) -> Entry:
    """Return Ann's mail to Carl."""
    made = Entry(
        direction=Direction.OUTGOING,
        key=EngagementKey(by_id, by_content),
        author=ANN,
        participants=participants or (TO_CARL,),
        subject="Offer 17",
        text="Dear Carl",
        html="",
        sent_at=SENT,
        received_at=NOW,
        date=WrittenDate("Mon, 4 May 2026 11:00:00 +0200", SENT),
        message_id="1@acme.test" if by_id else "",
    )
    return replace(made, **changes)


def refuse(reason: Reason = Reason.UNKNOWN_SENDER, account: int = 0, **changes: Any) -> Refuse:
    """Return a refusal."""
    return Refuse(account, reason, **changes)


@dataclass(frozen=True, slots=True)
class World:
    """A store with two accounts, and the ids of what is in it."""

    store: Store
    place: Place
    acme: int
    globex: int
    ann: int
    cole: int
    gus: int
    bcc: int
    forward: int
    other_bcc: int

    def log(self, *entries: Entry, **changes: Any) -> Log:
        """Return the decision to log Ann's mail for Acme."""
        made = Log(
            account=self.acme,
            user=self.ann,
            kind=Kind.BCC,
            log_address=self.bcc,
            matched_address="ann@acme.test",
            delivery=Delivery("Delivered-To", ("bcc-secret@log.example",)),
            entries=entries or (entry(),),
            subject="Offer 17",
            sender="ann@acme.test",
        )
        return replace(made, **changes)

    def take(self, uid: int, *decisions: Decision, raw: bytes = b"", error: str = "") -> Recorded:
        """Record a mail."""
        return self.store.record(self.place, raw_mail(uid, raw), decisions, NOW, error=error)

    def contacts(self) -> list[str]:
        """Return the addresses of all contacts, sorted."""
        with self.store.reading():
            return sorted(row.address for row in tables.ContactAddress.select())

    def timeline(self, address: str) -> list[str]:
        """Return the subjects on a contact's timeline, in the order of time."""
        row = tables.EngagementContact
        with self.store.reading():
            contact = tables.ContactAddress.get(tables.ContactAddress.address == address).contact_id
            return [
                each.engagement.subject
                for each in row.select().where(row.contact == contact).order_by(row.sent_at)
            ]

    def engagements(self) -> list[tables.Engagement]:
        """Return all engagements."""
        with self.store.reading():
            return list(tables.Engagement.select().order_by(tables.Engagement.id))

    def captures(self) -> list[tuple[int, int]]:
        """Return (engagement, receipt) of every captured-by row."""
        with self.store.reading():
            return [(row.engagement_id, row.receipt_id) for row in tables.Captured.select()]

    def decision(self, receipt: int, account: int | None = None) -> tables.Decision:
        """Return what was decided about a mail for Acme, or for the account given."""
        row = tables.Decision
        wanted = self.acme if account is None else account
        with self.store.reading():
            return row.get(row.receipt == receipt, row.account == wanted)

    def participants(self) -> list[tuple[str, str, str]]:
        """Return (role, name, address) of everybody on any engagement."""
        with self.store.reading():
            return [(row.role, row.name, row.address) for row in tables.Participant.select()]

    def everything(self) -> dict[str, list[dict[str, Any]]]:
        """Return every row of every table."""
        with self.store.reading():
            return everything()


def everything() -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table, in an order that is the same on every database."""
    return {table.__name__: sorted(table.select().dicts(), key=repr) for table in tables.ALL}  # type: ignore[arg-type]  # the stubs know no dicts()
