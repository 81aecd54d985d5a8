"""The search index on SQLite merges what it wrote less often: with a million mails that was the larger part of its work."""

from __future__ import annotations

from typing import Any

from peewee import SqliteDatabase

MERGING = ("insert into mail_search (mail_search, rank) values ('automerge', 8)",)


def up(_migrator: Any, db: Any) -> None:
    """Let eight parts of a size come together before they are made one; by itself FTS5 takes four."""
    for statement in MERGING if isinstance(db, SqliteDatabase) else ():
        db.execute_sql(statement)
