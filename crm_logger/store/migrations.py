"""Brings a database to the newest schema: the numbered scripts of versions/, each once, one process at a time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from playhouse.migrations import Runner

from .connection import StoreError, sentences, sqlite, use_wal

if TYPE_CHECKING:
    from peewee import SqliteDatabase

VERSIONS = Path(__file__).parent / "versions"


def migrate(path: Path, versions: Path = VERSIONS) -> list[str]:
    """Apply what is missing and return the names; StoreError where the database is not ours or newer than we are."""
    # Rebuilding a table with foreign keys on would delete what refers to it, and the switch does nothing once a
    # transaction has begun: hence a connection of its own, and a check at the end.
    database = sqlite(path, foreign_keys=False)
    with sentences(path):
        try:
            use_wal(database)
            return _apply(database, path, Runner(database, str(versions)))
        finally:
            database.close()


def _apply(database: SqliteDatabase, path: Path, runner: Runner) -> list[str]:
    if not _pending(runner, path):
        return []
    # The write lock makes other processes wait here; what they find afterwards is no longer pending.
    with database.atomic("IMMEDIATE"):
        _pending(runner, path)
        names: list[str] = runner.up()
        if broken := database.pragma("foreign_key_check"):
            raise StoreError(f"Migrating {path} would break references in {broken}. Nothing was changed.")
    return names


def _pending(runner: Runner, path: Path) -> bool:
    known = {migration.name for migration in runner.migrations()}
    applied = set(runner.applied())
    if not applied and runner.database.get_tables():
        raise StoreError(
            f"{path} is the database of another program. It was left as it is: change DATABASE_URL."
        )
    newer = sorted(applied - known)
    if newer:
        raise StoreError(
            f"The database {path} was written by a newer version of crm-logger ({newer[-1]}): upgrade it."
        )
    return bool(known - applied)
