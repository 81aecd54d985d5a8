"""What all tables share: the database they speak to, and how rows are read."""
# ruff: noqa: D106 -- peewee's Meta belongs to its table

from __future__ import annotations

import threading
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from peewee import AutoField, DatabaseProxy, Model, PostgresqlDatabase

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class _DatabaseInUse(DatabaseProxy):
    """What the models speak to: in each thread the database of the transaction that it is in (connection.py sets it).

    A worker has two connections to PostgreSQL, one for its mails and one for its leases. Were there one answer for all
    threads, a lease renewed in the middle of a transaction would lead the rest of it past that transaction.
    """

    def __init__(self) -> None:
        self.__dict__["_here"] = threading.local()
        super().__init__()

    @property
    def obj(self) -> Any:
        return getattr(self.__dict__["_here"], "obj", None)

    @obj.setter
    def obj(self, used: Any) -> None:
        self.__dict__["_here"].obj = used


database = _DatabaseInUse()


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
