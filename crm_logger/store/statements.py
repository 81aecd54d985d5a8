"""Plain SQL on the models' database, where many rows are read or written at once, and what the databases do differently there.

The statements are written for SQLite and PostgreSQL alike, with `?` for a value.
"""
# ruff: noqa: S608 -- what is put into these statements are names of ours; values go beside them

from __future__ import annotations

from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from peewee import BlobField, SqliteDatabase
from peewee import __exception_wrapper__ as errors_as_peewees  # type: ignore[attr-defined]  # not in its stubs

from .fields import CleanTextField, JsonField, UtcField
from .tables import database, on_postgres

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from .tables import Table

_AMONG: Final = 500
"""Databases limit how many values a statement may carry."""
_IDS: Final = 50
HIGHEST: Final = 2**63 - 1
"""No id is higher."""
_CONVERTED: Final = (CleanTextField, JsonField, UtcField, BlobField)
"""The fields whose values are not what the database gets; of all others peewee would only look at the type."""

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

    All of them name the same columns in the same order; a column that they leave out has its default. With `numbered`
    each gets its id at once, for others to refer to; else the database gives it when they are written. `unless_there`:
    a row whose key is taken is not written.
    """

    def __init__(self, table: type[Table], *, numbered: bool = False, unless_there: bool = False) -> None:
        self._table = table
        self._otherwise = " ON CONFLICT DO NOTHING" if unless_there else ""
        self._ids = new_ids(table._meta.table_name) if numbered else None  # noqa: SLF001 -- as peewee documents it
        self._columns: _Columns | None = None
        self._rows: list[Row] = []

    def add(self, **values: Any) -> int:
        """Have a row written; return its id, 0 where it is not numbered."""
        number = 0
        if self._ids is not None:
            number = values["id"] = next(self._ids)
        columns = self._columns or _columns(self._table, tuple(values))
        if columns.named != tuple(values):
            raise TypeError(f"rows of {self._table.__name__} that name other columns: {', '.join(values)}")
        self._columns = columns
        told = [
            value if convert is None else convert(value)
            for convert, value in zip(columns.converts, values.values(), strict=True)
        ]
        self._rows.append((*told, *columns.defaults))
        return number

    def write(self) -> None:
        """Write them."""
        if self._columns is not None and self._rows:
            write_rows(self._columns.insert + self._otherwise, self._rows)
            self._rows = []


class _Columns(NamedTuple):
    """The columns of a table: those that a row names and how each converts its value for the database, and the others' defaults."""

    named: tuple[str, ...]
    converts: list[Callable[[Any], Any] | None]
    defaults: Row
    insert: str


@cache
def _columns(table: type[Table], named: tuple[str, ...]) -> _Columns:
    meta: Any = table._meta  # noqa: SLF001 -- as peewee documents it
    fields = {field.name: field for field in meta.sorted_fields}
    if unknown := set(named) - fields.keys():
        raise TypeError(f"{meta.table_name} has no {', '.join(sorted(unknown))}")
    others = [field for name, field in fields.items() if name not in {*named, "id"}]
    columns = [*(fields[name] for name in named), *others]
    names = ", ".join(f'"{field.column_name}"' for field in columns)
    marks = ", ".join("?" * len(columns))
    return _Columns(
        named,
        [field.db_value if isinstance(field, _CONVERTED) else None for field in columns[: len(named)]],
        tuple(field.db_value(_default(field)) for field in others),
        f'INSERT INTO "{meta.table_name}" ({names}) VALUES ({marks})',
    )


def _default(field: Any) -> Any:
    return field.default() if callable(field.default) else field.default
