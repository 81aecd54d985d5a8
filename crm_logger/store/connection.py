"""The connection to the database that DATABASE_URL names, and its transactions."""

from __future__ import annotations

import importlib.util
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from . import tables
from .errors import StoreCorruptError, StoreError
from .sqlite import SqliteEngine, database_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .engine import Engine, Scope
    from .lease import Lead

__all__ = ["Connection", "StoreCorruptError", "StoreError", "database_folder", "database_path", "engine_of"]


def engine_of(url: str) -> Engine:
    """Return the engine for `sqlite:///FILE` or `postgresql://…`; StoreError where the URL names neither."""
    if url.startswith(("postgresql://", "postgres://")):
        if importlib.util.find_spec("psycopg") is None:
            raise StoreError(
                "DATABASE_URL=postgresql://… needs the extra postgres: pip install 'crm-logger[postgres]'"
            )
        # Imported on first use: its driver is an extra.
        from .postgres import PostgresEngine  # noqa: PLC0415 -- see above

        return PostgresEngine(url)
    return SqliteEngine(database_path(url))


def database_folder(url: str) -> Path | None:
    """Return the folder whose disk the database fills; None where it is another machine's matter."""
    file = engine_of(url).file
    return file.absolute().parent if file else None


class Connection:
    """Transactions on one database. A thread works on one database at a time: its models follow the last one used."""

    def __init__(self, engine: Engine, lead: Lead | None = None) -> None:
        self.engine = engine
        self.lead = lead
        self.database: Any = engine.database

    @contextmanager
    def reading(self) -> Iterator[None]:
        """All questions within see the same state."""
        tables.database.initialize(self.database)
        with self.engine.sentences(), self.engine.reading():
            yield

    @contextmanager
    def writing(self, scope: Scope | None = None, *, outlives_power_cut: bool = True) -> Iterator[None]:
        """All changes within become true together, or none does.

        Without a scope nobody else writes meanwhile, whichever the database. What need only outlive this process, and
        not a power cut, does not wait for the disk.
        """
        tables.database.initialize(self.database)
        with (
            self.engine.sentences(),
            self.engine.writing(scope, outlives_power_cut=outlives_power_cut),
        ):
            if self.lead is not None:
                self.lead.require_tokens()
            yield

    @contextmanager
    def writing_beside(self) -> Iterator[Any]:
        """Changes of one row that belongs to nobody's mail, beside whatever others write."""
        tables.database.initialize(self.database)
        with self.engine.sentences(), self.database.atomic() as transaction:
            yield transaction

    def close(self) -> None:
        """Close this thread's connection; the next transaction opens it again."""
        self.database.close()
