"""What other programs do to a database while a store works on it, on every kind of database."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import psycopg

_FAULT = {
    "sqlite": ("create trigger fault after insert on {table} begin select raise(abort, 'fault'); end",),
    "postgresql": (
        """
        create function fault() returns trigger language plpgsql as
        $$ begin raise exception 'fault' using errcode = 'integrity_constraint_violation'; end $$
        """,
        "create trigger fault after insert on {table} for each row execute function fault()",
    ),
}


def run_elsewhere(url: str, *statements: str) -> None:
    """Run statements on a connection of one's own, all or none."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as other, other:
            for each in statements:
                other.execute(each)
    else:
        with psycopg.connect(url) as connection:
            for each in statements:
                connection.execute(each.encode())


def plant_fault(url: str, table: str) -> None:
    """Make every insertion into a table fail."""
    run_elsewhere(url, *(each.format(table=table) for each in _FAULT[url.partition(":")[0]]))


def remove_fault(url: str, table: str) -> None:
    """Make them succeed again."""
    on = "" if url.startswith("sqlite") else f" on {table}"
    run_elsewhere(url, f"drop trigger fault{on}")
