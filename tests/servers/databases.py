"""Databases of either kind as the tests see them from outside: asked, changed, copied, read to the last number, and removed."""

# ruff: noqa: S608 -- the questions are put together from names of ours
from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, Self
from urllib.parse import urlsplit

import psycopg

_NOT_COMPARED = frozenset({"folder_state", "lease"})
"""What is known of the folder only saves time, and a lease is another with each worker."""
_TABLES = "select tablename from pg_tables where schemaname = 'public' order by 1"

Row = tuple[Any, ...]


def database_at(url: str) -> Database:
    """The one that a DATABASE_URL names."""
    scheme, _, path = url.partition(":///")
    return SqliteFile(Path(path)) if scheme == "sqlite" else PostgresDatabase(url)


class Database(Protocol):
    """One database. It can be given to another process."""

    kind: str

    @property
    def url(self) -> str:
        """What DATABASE_URL says."""

    def settle(self) -> None:
        """Make it ready to be copied; nobody else is connected."""

    def copy(self, folder: Path) -> Self:
        """A copy that is called after the folder, and lies in it where it is a file."""

    def ask(self, question: str) -> list[Row]:
        """The rows of an answer."""

    def change(self, *statements: str) -> None:
        """Change it as no worker would."""

    def dump(self) -> list[str]:
        """All there is to the last number, but for what is not compared."""

    def columns(self, table: str) -> list[str]:
        """What a table's columns are called."""

    def bytes(self) -> bytes:
        """All that is stored, as it is stored or as it is read."""

    def remove(self) -> None:
        """Leave nothing behind."""


@dataclass(frozen=True)
class SqliteFile:
    """A file."""

    path: Path
    kind = "sqlite"

    @property
    def url(self) -> str:
        return f"sqlite:///{self.path}"

    def settle(self) -> None:
        self.change("PRAGMA journal_mode = delete")  # one file

    def copy(self, folder: Path) -> SqliteFile:
        return SqliteFile(Path(shutil.copy(self.path, folder / "crm.sqlite3")))

    def ask(self, question: str) -> list[Row]:
        with closing(sqlite3.connect(self.path)) as database:
            return database.execute(question).fetchall()

    def change(self, *statements: str) -> None:
        with closing(sqlite3.connect(self.path)) as database:
            database.executescript(";".join(statements))

    def dump(self) -> list[str]:
        left_out = tuple(f'INSERT INTO "{name}"' for name in _NOT_COMPARED)
        with closing(sqlite3.connect(self.path)) as database:
            return [line for line in database.iterdump() if not line.startswith(left_out)]

    def columns(self, table: str) -> list[str]:
        return [row[1] for row in self.ask(f"PRAGMA table_info({table})")]

    def bytes(self) -> bytes:
        return b"".join(path.read_bytes() for path in self.path.parent.glob(f"{self.path.name}*"))

    def remove(self) -> None:
        self.path.unlink()


@dataclass(frozen=True)
class PostgresDatabase:
    """A database of a server that all of them share; it is asked by connections that end at once."""

    url: str
    kind = "postgres"

    def settle(self) -> None:
        """Nothing: it is copied when the last connection to it is closed."""

    def copy(self, folder: Path) -> PostgresDatabase:
        name = folder.name.replace("-", "_")
        self._tell_server(f"create database {name} template {self._name} strategy file_copy")
        return PostgresDatabase(self._sibling(name))

    def ask(self, question: str) -> list[Row]:
        with psycopg.connect(self.url) as connection:
            return connection.execute(question.encode()).fetchall()

    def change(self, *statements: str) -> None:
        with psycopg.connect(self.url) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def dump(self) -> list[str]:
        with psycopg.connect(self.url) as connection:
            names = [name for (name,) in connection.execute(_TABLES) if name not in _NOT_COMPARED]
            return [
                f"{name} {row}"
                for name in names
                for row in sorted(map(str, connection.execute(f'select * from "{name}"'.encode())))
            ]

    def columns(self, table: str) -> list[str]:
        return [
            name
            for (name,) in self.ask(
                f"select column_name from information_schema.columns where table_schema = 'public' and table_name = '{table}'"
            )
        ]

    def bytes(self) -> bytes:
        return "\n".join(self.dump()).encode()

    def remove(self) -> None:
        self._tell_server(f"drop database {self._name} with (force)")

    @property
    def _name(self) -> str:
        return urlsplit(self.url).path[1:]

    def _sibling(self, name: str) -> str:
        return urlsplit(self.url)._replace(path=f"/{name}").geturl()

    def _tell_server(self, statement: str) -> None:
        with psycopg.connect(self._sibling("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())
