"""Copies one database into another of whatever kind, table by table in the order of their keys; a copy that broke off goes on."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Final

from peewee import AutoField, CompositeKey

from . import tables
from .connection import Connection, engine_of
from .errors import StoreError
from .migrations import migrate
from .tables import ALL, Attachment, Content, Engagement, Lease, Receipt, Table, rows, run_sql

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Key = tuple[Any, ...]
    Row = tuple[Any, ...]

_AT_ONCE: Final = 500
_COPIED: Final = tuple(table for table in ALL if table is not Lease)
"""A lease says who is at work on its own database, as the copying does."""
_LARGE: Final[dict[type[Table], int]] = {Content: 2, Receipt: 100, Engagement: 100, Attachment: 500}
"""Tables whose rows may be large: a step holds all of its rows in memory."""


@dataclass(frozen=True, slots=True)
class Copied:
    """A table of both databases, which hold the same: how many rows, and their SHA-256."""

    table: str
    number: int
    digest: str


@dataclass(frozen=True, slots=True)
class Both:
    """The database that is copied and the one that becomes its copy, both of the newest schema.

    A step is a transaction of at most `at_once` rows.
    """

    source: Connection
    target: Connection
    at_once: int = _AT_ONCE

    def count(self) -> int:
        """How many rows are still to be copied, as far as numbers tell."""
        return sum(_count(self.source, table) - _count(self.target, table) for table in _COPIED)

    def copy(self, progress: Callable[[int], None]) -> None:
        """Copy what the target does not hold yet; StoreError where it holds what the source does not."""
        reached = {table: self._reached(table) for table in _COPIED}
        for table, after in reached.items():
            self._copy(table, after, progress)
        with self.target.writing():
            if tables.on_postgres():
                _go_on_counting()

    def _copy(self, table: type[Table], after: Key | None, progress: Callable[[int], None]) -> None:
        while True:
            with self.source.reading():
                step = _rows(table, after, min(self.at_once, _LARGE.get(table, _AT_ONCE)))
            if not step:
                return
            with self.target.writing():
                table.insert_many(step, fields=_fields(table)).execute()
            after = _key(table, step[-1])
            progress(len(step))

    def _reached(self, table: type[Table]) -> Key | None:
        """The key of the last row that the target holds; up to it the source must hold as many, and the same one there."""
        with self.target.reading():
            last = _last(table)
            number = table.select().count()
        if last is None:
            return None
        key = _key(table, last)
        with self.source.reading():
            there = table.select(*_fields(table)).where(~_above(table, key))
            beginning = there.count(), _last(table, key)
        if beginning != (number, last):
            raise StoreError(
                f"{self.target.engine.name} holds rows of its own (table {_name(table)}): copy into an empty database."
            )
        return key

    def verify(self, progress: Callable[[int], None]) -> list[Copied]:
        """Read both databases whole and compare them; StoreError where they differ."""
        found = []
        for table in _COPIED:
            here, there = (_digest(each, table) for each in (self.source, self.target))
            if here != there:
                raise StoreError(
                    f"The copy differs in the table {here.table}: {here.number} rows here, {there.number} there. "
                    "Was the source written to meanwhile? Copy again into an empty database."
                )
            found.append(here)
            progress(here.number)
        return found


@contextmanager
def both(source_url: str, target_url: str) -> Iterator[Both]:
    """Open both databases and bring their schemas up to date; StoreError where one cannot be used."""
    connections = []
    for url in (source_url, target_url):
        engine = engine_of(url)
        engine.prepare()
        migrate(engine)
        connections.append(Connection(engine))
    source, target = connections
    if source.engine.name == target.engine.name:
        raise StoreError("A database cannot be copied into itself.")
    try:
        yield Both(source, target)
    finally:
        for each in connections:
            each.close()


def _meta(table: type[Table]) -> Any:
    return table._meta  # noqa: SLF001 -- peewee's way to ask


def _name(table: type[Table]) -> str:
    return str(_meta(table).table_name)


def _fields(table: type[Table]) -> list[Any]:
    return list(_meta(table).sorted_fields)


def _keys(table: type[Table]) -> list[Any]:
    key = _meta(table).primary_key
    return [_meta(table).fields[name] for name in key.field_names] if isinstance(key, CompositeKey) else [key]


def _key(table: type[Table], row: tuple[Any, ...]) -> Key:
    names = [each.name for each in _fields(table)]
    return tuple(row[names.index(each.name)] for each in _keys(table))


def _rows(table: type[Table], after: Key | None, limit: int) -> list[tuple[Any, ...]]:
    query = table.select(*_fields(table)).order_by(*_keys(table)).limit(limit)
    return list(rows(query if after is None else query.where(_above(table, after))))


def _last(table: type[Table], up_to: Key | None = None) -> Row | None:
    query = table.select(*_fields(table)).order_by(*(each.desc() for each in _keys(table))).limit(1)
    found = rows(query if up_to is None else query.where(~_above(table, up_to)))
    return next((tuple(map(_plain, row)) for row in found), None)


def _above(table: type[Table], key: Key) -> Any:
    """The rows behind that key in the order of keys."""
    keys = _keys(table)
    return reduce(
        or_,
        (
            reduce(
                lambda condition, equal: condition & equal,
                (keys[each] == key[each] for each in range(number)),
                keys[number] > key[number],
            )
            for number in range(len(keys))
        ),
    )


def _count(connection: Connection, table: type[Table]) -> int:
    with connection.reading():
        return int(table.select().count())


def _digest(connection: Connection, table: type[Table]) -> Copied:
    """Of the values as Python has them, so that the kind of database makes no difference."""
    digest, number, after = hashlib.sha256(), 0, None
    while True:
        with connection.reading():
            step = _rows(table, after, _LARGE.get(table, _AT_ONCE))
        for row in step:
            digest.update(repr(tuple(map(_plain, row))).encode("utf-8", "surrogatepass"))
        number += len(step)
        if not step:
            return Copied(_name(table), number, digest.hexdigest())
        after = _key(table, step[-1])


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview | bytearray) else value


def _go_on_counting() -> None:
    """PostgreSQL counts beside the table, and has not seen the rows that brought their numbers along."""
    for table in _COPIED:
        if isinstance(_meta(table).primary_key, AutoField):
            name = _name(table)
            sequence = f"pg_get_serial_sequence('\"{name}\"', 'id')"
            run_sql(f'select setval({sequence}, (select coalesce(max(id), 1) from "{name}"))')  # noqa: S608 -- our own names
