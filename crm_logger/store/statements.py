"""Plain SQL on the models' database, where many rows are read or written at once, and what the databases do differently there.

The statements are written for SQLite and PostgreSQL alike, with `?` for a value.
"""
# ruff: noqa: S608 -- what is put into these statements are names of ours; values go beside them

from __future__ import annotations

from functools import cache
from itertools import count, repeat
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from peewee import SqliteDatabase
from peewee import __exception_wrapper__ as errors_as_peewees  # type: ignore[attr-defined]  # not in its stubs

from .tables import database, on_postgres

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from .tables import Table

_AMONG: Final = 500
"""Databases limit how many values a statement may carry."""
_IDS: Final = 50

Row = tuple[Any, ...]


def _written(sql: str) -> str:
    return sql if database.param == "?" else sql.replace("?", database.param)


def ask(sql: str, *values: Any) -> list[Row]:
    """Return the rows that a SELECT finds."""
    found: list[Row] = database.execute_sql(_written(sql), values).fetchall()
    return found


def ask_among(sql: str, keys: Iterable[Any], *values: Any) -> Iterator[Row]:
    """Return the rows of a SELECT that ends in `IN`, for whatever number of keys; `values` come before them."""
    wanted = list(keys)
    for start in range(0, len(wanted), _AMONG):
        some = wanted[start : start + _AMONG]
        yield from ask(f"{sql} ({', '.join('?' * len(some))})", *values, *some)


def tell(sql: str, *values: Any) -> None:
    """Change what is there."""
    database.execute_sql(_written(sql), values)


def write_rows(sql: str, rows: list[Row]) -> None:
    """Run one statement for many rows."""
    with errors_as_peewees:
        cursor = database.cursor()
        if len(rows) == 1:
            cursor.execute(_written(sql), rows[0])
            return
        cursor.executemany(_written(sql), rows)
        if on_postgres():
            # The driver's pipeline ends with a Flush, at which the server stops to count how long the transaction is idle:
            # a writer that stood still now would keep its locks, and its lease, for ever.
            cursor.execute("select 1")


def new_ids(table: str) -> Iterator[int]:
    """Return the ids that rows of the table are to get, within a transaction that writes."""
    if isinstance(database.obj, SqliteDatabase):  # until the end of the transaction nobody else gives any
        ((last,),) = ask(f'SELECT COALESCE(MAX(id), 0) FROM "{table}"')
        yield from count(last + 1)
    # Numbers that are taken and not used are lost: hence ever more at once, and not many for a single mail.
    sequence = f"SELECT nextval(pg_get_serial_sequence('\"{table}\"', 'id')) FROM generate_series(1, ?)"
    at_once = 1
    while True:
        yield from (number for (number,) in ask(sequence, at_once))
        at_once = min(2 * at_once, _IDS)


class Rows:
    """New rows of one table that wait to be written together; the model says what columns there are, and their types.

    With `numbered` each gets its id at once, for others to refer to; else the database gives it when they are written. `unless_there`: a row whose key is taken is not written.
    """

    def __init__(self, table: type[Table], *, numbered: bool = False, unless_there: bool = False) -> None:
        self._columns = _columns(table, numbered=numbered)
        self._otherwise = " ON CONFLICT DO NOTHING" if unless_there else ""
        self._ids = new_ids(self._columns.table) if numbered else repeat(0)
        self._numbered = numbered
        self._rows: list[Row] = []

    def add(self, **values: Any) -> int:
        """Have a row written, the columns left out with their defaults; return its id, 0 where it is not numbered."""
        number = next(self._ids)
        if self._numbered:
            values["id"] = number
        fields = self._columns.fields
        if not fields.keys() >= values.keys():
            raise TypeError(f"{self._columns.table} has no {', '.join(values.keys() - fields.keys())}")
        self._rows.append(
            tuple(
                [
                    convert(values[name]) if name in values else default
                    for name, (convert, default) in fields.items()
                ]
            )
        )
        return number

    def write(self) -> None:
        """Write them."""
        if self._rows:
            write_rows(self._columns.insert + self._otherwise, self._rows)
            self._rows = []


class _Columns(NamedTuple):
    """The columns of a table: how each converts a value for the database, and its default, converted."""

    table: str
    fields: dict[str, tuple[Callable[[Any], Any], Any]]
    insert: str


@cache
def _columns(table: type[Table], *, numbered: bool) -> _Columns:
    meta: Any = table._meta  # noqa: SLF001 -- as peewee documents it
    fields = [field for field in meta.sorted_fields if numbered or field.name != "id"]
    names = ", ".join(f'"{field.column_name}"' for field in fields)
    marks = ", ".join("?" * len(fields))
    return _Columns(
        meta.table_name,
        {field.name: (field.db_value, field.db_value(_default(field))) for field in fields},
        f'INSERT INTO "{meta.table_name}" ({names}) VALUES ({marks})',
    )


def _default(field: Any) -> Any:
    return field.default() if callable(field.default) else field.default
