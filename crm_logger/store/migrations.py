"""Brings a database to the newest schema: the numbered scripts of versions/, each once, one process at a time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from playhouse.migrations import Runner

from .errors import StoreError

if TYPE_CHECKING:
    from peewee import Database

    from .engine import Engine

VERSIONS = Path(__file__).parent / "versions"


def migrate(engine: Engine, versions: Path = VERSIONS) -> list[str]:
    """Apply what is missing and return the names; StoreError where the database is not ours or newer than we are."""
    with engine.sentences(), engine.migrating() as database:
        return _apply(engine, database, Runner(database, str(versions)))


def _apply(engine: Engine, database: Database, runner: Runner) -> list[str]:
    if not _pending(runner, engine.name):
        return []
    # Other processes wait here; what they find afterwards is no longer pending.
    with engine.changing_schema(database):
        _pending(runner, engine.name)
        names: list[str] = runner.up()
    return names


def _pending(runner: Runner, name: str) -> bool:
    known = {migration.name for migration in runner.migrations()}
    applied = set(runner.applied())
    if not applied and runner.database.get_tables():
        raise StoreError(
            f"{name} is the database of another program. It was left as it is: change DATABASE_URL."
        )
    newer = sorted(applied - known)
    if newer:
        raise StoreError(
            f"The database {name} was written by a newer version of crm-logger ({newer[-1]}): upgrade it."
        )
    return bool(known - applied)
