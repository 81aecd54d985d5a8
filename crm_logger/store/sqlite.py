"""SQLite: the database is a file, and whoever writes has it alone."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from peewee import DatabaseError, OperationalError, SqliteDatabase

from .backup import looks_sound
from .errors import BUSY_SECONDS, StoreCorruptError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .engine import Scope

SCHEME = "sqlite:///"
WAL_PAGES = 4000
"""A commit that leaves so many pages (16 MB) in the write-ahead log brings them into the file, which takes its time.

The worker does so before, while it waits for mail; so the log is no longer than a few seconds of hard work make it.
"""

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


def database_path(url: str) -> Path:
    """Return the file of `sqlite:///relative` or `sqlite:////absolute`; StoreError where the URL names none."""
    name = url.removeprefix(SCHEME)
    if not url.startswith(SCHEME) or not name or name == ":memory:":
        # The URL itself may hold a password.
        raise StoreError(f"DATABASE_URL must name a file, as in {SCHEME}crm-logger.sqlite3.")
    return Path(name)


def sqlite(path: Path, *, foreign_keys: bool = True) -> SqliteDatabase:
    """Return the database, not connected yet. FULL: a receipt must survive a power cut (WAL with NORMAL may lose it)."""
    pragmas = (("foreign_keys", int(foreign_keys)), ("synchronous", 2), ("wal_autocheckpoint", WAL_PAGES))
    return SqliteDatabase(str(path), pragmas=pragmas, timeout=BUSY_SECONDS)


class SqliteEngine:
    """A database in a file."""

    def __init__(self, path: Path) -> None:
        self.file: Path | None = path
        self.path = path
        self.name = str(path)
        self.database: Any = sqlite(path)

    def prepare(self) -> None:
        """Make an empty file for this user alone where there is none; StoreError where that cannot be.

        A file that exists is left to SQLite: opening and closing it here would drop the locks that this process holds
        on it through other connections (POSIX locks belong to the process).
        """
        try:
            if not self.path.exists():
                self.path.touch(mode=0o600)
        except OSError as error:
            raise StoreError(f"The database {self.path} cannot be opened: {error.strerror}.") from error

    @contextmanager
    def sentences(self) -> Iterator[None]:
        """Turn what is wrong with the file into a StoreError."""
        try:
            yield
        except DatabaseError as error:
            said = " ".join(_chain(error))
            for words, (temporary, sentence) in _SENTENCES.items():
                if words in said:
                    kind = StoreCorruptError if words == "malformed" else StoreError
                    told = sentence.format(path=self.path, busy=BUSY_SECONDS)
                    raise kind(told, temporary=temporary) from error
            raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        """All questions within see the same state."""
        with self.database.atomic("DEFERRED"):
            yield

    @contextmanager
    def writing(self, scope: Scope | None, *, outlives_power_cut: bool) -> Iterator[None]:  # noqa: ARG002 -- there is one writer anyway
        """All changes within become true together, or none does.

        What need only outlive this process, and not a power cut, does not wait for the disk.
        """
        if not outlives_power_cut:
            self.database.pragma("synchronous", 1)
        try:
            # A deferred transaction that read first fails at once where another process wrote meanwhile.
            with self.database.atomic("IMMEDIATE"):
                yield
        finally:
            if not outlives_power_cut:
                self.database.pragma("synchronous", 2)

    def writers_ended(self, seconds: float) -> bool:  # noqa: ARG002 -- nobody is waited for
        """What a writer changed is seen when it has ended, and none begins before."""
        return True

    def keeps_catalogue(self) -> bool:
        """There is one writer anyway."""
        return True

    @contextmanager
    def migrating(self) -> Iterator[Any]:
        """A connection without foreign keys.

        Rebuilding a table with foreign keys on would delete what refers to it, and the switch does nothing once a
        transaction has begun: hence a connection of its own, and a check at the end.
        """
        database = sqlite(self.path, foreign_keys=False)
        try:
            use_wal(database)
            yield database
        finally:
            database.close()

    @contextmanager
    def changing_schema(self, database: Any) -> Iterator[None]:
        """The write lock makes other processes wait here; what they find afterwards is no longer pending."""
        with database.atomic("IMMEDIATE"):
            yield
            if broken := database.execute_sql("PRAGMA foreign_key_check").fetchall():
                raise StoreError(
                    f"Migrating {self.path} would break references in {broken}. Nothing was changed."
                )

    def checkpoint(self) -> None:
        """Bring the write-ahead log into the file; whoever writes meanwhile does not wait for it."""
        self.database.pragma("wal_checkpoint", "PASSIVE")

    def check(self) -> str:
        """Read the whole file."""
        return str(self.database.pragma("quick_check"))

    def looks_sound(self, seconds: float) -> bool:
        """Read the file for so long at most; False where that was too short."""
        return looks_sound(self.path, seconds)


def _chain(error: BaseException | None) -> Iterator[str]:
    """SQLite rolls back by itself where the disk is full; then the failing ROLLBACK hides what came before."""
    while error is not None:
        yield str(error).lower()
        error = error.__context__


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
