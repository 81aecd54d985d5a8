"""What all tables share: the database they speak to, and how rows are read."""
# ruff: noqa: D106 -- peewee's Meta belongs to its table

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from peewee import AutoField, DatabaseProxy, Model

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def no_items() -> list[Any]:
    """Return the default of a list."""
    return []
