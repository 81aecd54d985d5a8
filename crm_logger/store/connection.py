"""The connection to the database, its transactions, and its errors as sentences."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING

from peewee import DatabaseError, OperationalError, SqliteDatabase

from . import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

BUSY_SECONDS = 30
_SCHEME = "sqlite:///"

# What SQLite says -> (whether waiting may mend it, what to do).
_SENTENCES = {
    "locked": (True, "The database {path} stayed locked for {busy} s: another program is writing to it."),
    "disk is full": (
        True,
        "The disk is full: make room for the database {path}. Mail waits in the mailbox meanwhile.",
    ),
    "disk i/o error": (True, "The disk under the database {path} fails: look at the system's log."),
    "readonly": (
        False,
        "The database {path} is read-only: give this user the right to write to it and to its folder.",
    ),
    "unable to open": (
        False,
        "The database {path} cannot be opened: it must be a file, and its folder must exist and be writable.",
    ),
    "malformed": (
        False,
        "The database {path} is corrupt. Nothing was changed: stop here and restore a backup, as docs/operating.md tells.",
    ),
    "not a database": (
        False,
        "{path} is not a database. It was left as it is: move it away or change DATABASE_URL.",
    ),
}


class StoreError(Exception):
    """The database cannot be used. The text is a sentence for the operator; `temporary` says that waiting may help."""

    def __init__(self, sentence: str, *, temporary: bool = False) -> None:
        super().__init__(sentence)
        self.temporary = temporary


class StoreCorruptError(StoreError):
    """The database is damaged: neither waiting nor another setting mends it."""


def database_path(url: str) -> Path:
    """Return the file of `sqlite:///relative` or `sqlite:////absolute`; StoreError where the URL names none."""
    name = url.removeprefix(_SCHEME)
    if not url.startswith(_SCHEME) or not name or name == ":memory:":
        # The URL itself may hold a password.
        raise StoreError(f"DATABASE_URL must name a file, as in {_SCHEME}crm-logger.sqlite3.")
    return Path(name)


@contextmanager
def sentences(path: Path) -> Iterator[None]:
    """Turn what is wrong with the database as a whole into a StoreError; every other error goes through."""
    try:
        yield
    except DatabaseError as error:
        said = " ".join(_chain(error))
        for words, (temporary, sentence) in _SENTENCES.items():
            if words in said:
                kind = StoreCorruptError if words == "malformed" else StoreError
                raise kind(sentence.format(path=path, busy=BUSY_SECONDS), temporary=temporary) from error
        raise


def _chain(error: BaseException | None) -> Iterator[str]:
    """SQLite rolls back by itself where the disk is full; then the failing ROLLBACK hides what came before."""
    while error is not None:
        yield str(error).lower()
        error = error.__context__


def require_database(path: Path) -> None:
    """Make an empty file for this user alone where there is none; StoreError where that cannot be.

    A file that exists is left to SQLite: opening and closing it here would drop the locks that this process holds
    on it through other connections (POSIX locks belong to the process).
    """
    try:
        if not path.exists():
            path.touch(mode=0o600)
    except OSError as error:
        raise StoreError(f"The database {path} cannot be opened: {error.strerror}.") from error


def sqlite(path: Path, *, foreign_keys: bool = True) -> SqliteDatabase:
    """Return the database, not connected yet. FULL: a receipt must survive a power cut (WAL with NORMAL may lose it)."""
    pragmas = (("foreign_keys", int(foreign_keys)), ("synchronous", 2))
    return SqliteDatabase(str(path), pragmas=pragmas, timeout=BUSY_SECONDS)


def use_wal(database: SqliteDatabase) -> None:
    """Let readers and a writer work at the same time; the file remembers it.

    SQLite does not wait for a lock here, whatever the timeout.
    """
    deadline = monotonic() + BUSY_SECONDS
    while database.pragma("journal_mode") != "wal":
        try:
            database.pragma("journal_mode", "wal")
        except OperationalError as error:
            if "locked" not in str(error) or monotonic() > deadline:
                raise
            sleep(0.02)


class Connection:
    """Transactions on one database. A process works on one database at a time: the models follow the last one used."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.database = sqlite(path)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """All questions within see the same state."""
        tables.database.initialize(self.database)
        with sentences(self.path), self.database.atomic("DEFERRED"):
            yield

    @contextmanager
    def writing(self, *, outlives_power_cut: bool = True) -> Iterator[None]:
        """All changes within become true together, or none does.

        What need only outlive this process, and not a power cut, does not wait for the disk.
        """
        tables.database.initialize(self.database)
        if not outlives_power_cut:
            with self._synchronous_normal(), self.writing():
                yield
            return
        # A deferred transaction that read first fails at once where another process wrote meanwhile.
        with sentences(self.path), self.database.atomic("IMMEDIATE"):
            yield

    @contextmanager
    def _synchronous_normal(self) -> Iterator[None]:
        self.database.pragma("synchronous", 1)
        try:
            yield
        finally:
            self.database.pragma("synchronous", 2)

    def close(self) -> None:
        """Close this thread's connection; the next transaction opens it again."""
        self.database.close()
