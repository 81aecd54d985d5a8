"""Fills the ledger behind engagements that were written directly, so that a database of a million looks as if mail had filled it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from benchmarks.mails import COMPANIES, START, USERS
from benchmarks.pages import CONTACTS

if TYPE_CHECKING:
    from pathlib import Path

# One mail a minute up to the time that the benchmark's mails begin at: as many a day however many there are.
_AT = f"datetime('{START:%Y-%m-%d %H:%M:%S}', '-' || (:number - id) || ' minutes')"
_USER = f"2 + id % {USERS}"
_FILL = (
    "insert or ignore into mailbox (id, name) values (1, 'earlier')",
    (f"insert into receipt (id, mailbox_id, folder, uidvalidity, uid, sha256, size, received_at, taken_at, attempts, error) "
    f"select id, 1, 'Earlier', 1, id, lower(hex(randomblob(32))), 4000, {_AT}, {_AT}, 1, '' from engagement"),
    (f"insert into captured (engagement_id, receipt_id, user_id, log_address_id, kind, at, note, flags) "
    f"select id, id, {_USER}, 1 + id % 2, kind, {_AT}, '', '[]' from engagement"),
    (f"insert into decision (receipt_id, account, outcome, reason, detail, kind, user_id, log_address_id, matched_address, header, "
    f"below_border, flags, subject, sender, fates, candidates, decided_at, evidence, counted_at, created) "
    f"select id, account_id, 'logged', 'logged', '', kind, {_USER}, 1 + id % 2, author_address, 'delivered-to', 0, '[]', subject, "
    f"author_address, '[]', '[]', {_AT}, '', {_AT}, id % 100 = 0 from engagement"),
    (f"insert into contact_address (account_id, contact_id, address) "
    f"select account_id, id, 'client' || id || '@company' || (id % {COMPANIES}) || '.example' from contact where id <= {CONTACTS}"),
)  # fmt: skip


def fill_ledger(database: Path, number: int) -> None:
    """A receipt, a decision and a capture for each of the engagements, and the contacts' addresses."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("pragma synchronous = off")
        for statement in _FILL:
            connection.execute(statement, {"number": number} if ":number" in statement else {})
