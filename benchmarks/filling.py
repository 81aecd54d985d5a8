"""Fills the ledger behind engagements that were written directly, so that a database of a million looks as if mail had filled it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from benchmarks.mails import COMPANIES, START, USERS
from benchmarks.pages import CONTACTS, written_at_once

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
    with written_at_once(database) as connection:
        for statement in _FILL:
            connection.execute(statement, {"number": number} if ":number" in statement else {})


_LEAST, _AT_ONCE = 8, 10_000
"""Parts of a size that the worker lets come together (migration 0010), and the pages that are merged in a transaction."""


def settle_search(database: Path) -> None:
    """End what the search index has begun to merge, as it would over the next thousands of mails.

    While it makes one of its largest parts, a mail takes up to twice as long; whether it does so just now depends on the number of
    mails, and not on whether that is large or small.
    """
    merge = "insert into mail_search (mail_search, rank) values (?, ?)"
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("pragma synchronous = off")
        connection.execute(merge, ("usermerge", _LEAST))
        changed = 2
        while changed > 1:  # so says FTS5 that it found nothing to do
            before = connection.total_changes
            connection.execute(merge, ("merge", _AT_ONCE))
            changed = connection.total_changes - before
        connection.execute("pragma wal_checkpoint(truncate)")
