"""What all tables share: the database they speak to, and how rows are read."""
# ruff: noqa: D106 -- peewee's Meta belongs to its table

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from peewee import AutoField, DatabaseProxy, Model, PostgresqlDatabase

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

database = DatabaseProxy()
"""The database that the models speak to: that of the Store in use (connection.py sets it)."""


class AddressKind(StrEnum):
    """What an address of a user is; each is enough to be recognised by (R6)."""

    OWN = "own"
    CONNECTED = "connected"
    ALIAS = "alias"


class Table(Model):
    """What all tables share. `id` is the primary key of those that name no other."""

    id: AutoField[int]

    class Meta:
        database = database
        legacy_table_names = False


def rows(query: Any) -> Iterator[tuple[Any, ...]]:
    """Return the rows of a select as tuples of what was selected."""
    found: Iterator[tuple[Any, ...]] = iter(query.tuples())
    return found


def on_postgres() -> bool:
    """Whether the database in use is PostgreSQL; the only question about its kind that is asked outside of the engines."""
    return isinstance(database.obj, PostgresqlDatabase)


def run_sql(sql: str, values: Sequence[Any] = ()) -> Any:
    """Run a statement that peewee cannot say, in SQL that both databases know; return the cursor.

    Its placeholders are written as `?`, and no question mark may stand in it otherwise.
    """
    if on_postgres():
        sql = sql.replace("%", "%%").replace("?", "%s")
    return database.execute_sql(sql, tuple(values))


def no_items() -> list[Any]:
    """Return the default of a list."""
    return []
