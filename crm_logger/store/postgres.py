"""PostgreSQL: several programs write at the same time, each what is its own."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, Final

import psycopg
from peewee import DatabaseError, InterfaceError, OperationalError, PostgresqlDatabase
from psycopg.conninfo import conninfo_to_dict

from .errors import BUSY_SECONDS, StoreCorruptError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .engine import Scope

_WRITERS: Final = 0x63726D01
_SCHEMA: Final = 0x63726D02
_MAILBOX: Final = 0x63726D03
_ACCOUNT: Final = 0x63726D04
_CATALOGUE: Final = 0x63726D05
"""Names of advisory locks, which no other program should use in this database: "crm" and a number."""

_CONNECT_SECONDS: Final = 10
IDLE_SECONDS: Final = 10
"""A writer that stops in the middle of a transaction is cut off by the server after that, and its locks are free."""

_SETTINGS: Final = f"""
set lock_timeout = '{BUSY_SECONDS}s';
set idle_in_transaction_session_timeout = '{IDLE_SECONDS}s';
set timezone = 'UTC';
set synchronous_commit = {{}};
"""
_WRITING: Final = """
select virtualtransaction from pg_locks
where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())
and classid = 0 and objid = %s and objsubid = 1 and granted
"""
_GLANCE: Final = 0.02
_SNAPSHOT: Final = """
begin isolation level repeatable read read only;
set local idle_in_transaction_session_timeout = 0
"""

# The beginning of an SQLSTATE -> (whether waiting may mend it, what to do); the first that fits counts.
_SENTENCES: Final = {
    "55P03": (True, "The database {name} stayed locked for {busy} s: another program is writing to it."),
    "40": (
        True,
        "Two programs were in each other's way in the database {name}: this one's changes were taken back.",
    ),
    "53": (
        True,
        "The database {name} is short of room, memory or connections ({said}). Mail waits in the mailbox meanwhile.",
    ),
    "57": (True, "The database {name} stops or starts ({said}). Mail waits in the mailbox meanwhile."),
    "58": (True, "The disk under the database {name} fails ({said}): look at its server's log."),
    "25P03": (
        True,
        "The database {name} cut off this program, which had stood still in the middle of its changes.",
    ),
    "25006": (
        True,
        "The database {name} is read-only, as a standby server is: name its primary in DATABASE_URL.",
    ),
    "28": (
        False,
        "The database {name} refuses the login ({said}): look at user and password in DATABASE_URL.",
    ),
    "3D": (False, "There is no database {name}: make it with createdb, or change DATABASE_URL."),
    "42501": (False, "This user lacks a right in the database {name} ({said})."),
    "XX": (False, "The database {name} is damaged ({said}). Nothing was changed: restore a backup of it."),
    "08": (True, "The database {name} cannot be reached ({said}). Mail waits in the mailbox meanwhile."),
}


_WHILE_CONNECTING: Final = {
    "authentication failed": "28",
    "no password supplied": "28",
    "no pg_hba.conf entry": "28",
    "does not exist": "3D",
    "too many clients": "53",
}


class _Server(PostgresqlDatabase):
    """Numbers are as wide as SQLite's, and text sorts as it does there, whatever the server's language."""

    field_types = PostgresqlDatabase.field_types | {
        "AUTO": "BIGSERIAL",
        "INT": "BIGINT",
        "TEXT": 'TEXT COLLATE "C"',
    }

    def begin(self, isolation_level: str | None = None) -> None:
        """Begin a transaction, with the statement given. A connection that broke while it was idle is made anew, once."""
        run: Any = self.execute_sql
        statement = isolation_level or "begin"
        try:
            run(statement)
        except (OperationalError, InterfaceError):
            if self.is_connection_usable():
                raise
            self.close()
            run(statement)

    def _connect(self) -> Any:
        connection = super()._connect()  # type: ignore[misc]  # the stubs leave it out
        # A receipt must survive a power cut, also where the server is set up to be quick about that.
        off = connection.execute("show synchronous_commit").fetchone() == ("off",)
        connection.execute(_SETTINGS.format("on" if off else "default"))
        return connection


class PostgresEngine:
    """A database on a server. The URL is libpq's: what it says of sockets, several hosts or TLS holds here too."""

    def __init__(self, url: str) -> None:
        self.file: Path | None = None
        try:
            told = {key: str(value) for key, value in conninfo_to_dict(url).items()}
        except psycopg.ProgrammingError:
            raise StoreError(
                "DATABASE_URL is no postgresql://user:password@host:port/database; special characters in the password "
                "are written as %40 and the like."
            ) from None
        self._password = told.get("password", "")
        self.name = _named(told)
        self._url = "postgresql://" + url.partition("://")[2]
        self.database: Any = self._server()

    def _server(self) -> _Server:
        return _Server(
            self._url,
            connect_timeout=_CONNECT_SECONDS,
            application_name=session_name(),
            prefer_psycopg3=True,
        )

    def prepare(self) -> None:
        """Nothing: only an administrator makes databases on a server."""

    @contextmanager
    def sentences(self) -> Iterator[None]:
        """Turn what is wrong with the server or the way to it into a StoreError, and forget a connection that broke."""
        try:
            yield
        except (DatabaseError, InterfaceError) as error:
            self._forget_broken()
            found = _sentence(error)
            if found is None:
                raise
            state, temporary, sentence = found
            kind = StoreCorruptError if state == "XX" else StoreError
            raise kind(
                sentence.format(name=self.name, busy=BUSY_SECONDS, said=self._said(error)),
                temporary=temporary,
            ) from error

    def _forget_broken(self) -> None:
        if not self.database.is_closed() and not self.database.is_connection_usable():
            with suppress(DatabaseError, InterfaceError):
                self.database.close()

    def _said(self, error: Exception) -> str:
        said = " ".join(str(_origin(error) or error).split())
        return said.replace(self._password, "…") if self._password else said

    def reading(self) -> Any:
        """All questions within see the same state."""
        return self.database.atomic(_SNAPSHOT)

    @contextmanager
    def writing(self, scope: Scope | None, *, outlives_power_cut: bool) -> Iterator[None]:
        """Changes of one scope, beside those of other scopes; or any, while nobody else writes."""
        with self.database.atomic():
            if scope is None:
                self.database.execute_sql("select pg_advisory_xact_lock(%s)", (_WRITERS,))
            else:
                self._enter(scope)
            if not outlives_power_cut:
                self.database.execute_sql("set local synchronous_commit = off")
            yield

    def _enter(self, scope: Scope) -> None:
        """What several mailboxes may bring to one account is written by one at a time; in order, so that none waits for ever."""
        locks = [(_MAILBOX, scope.mailbox)] if scope.mailbox is not None else []
        locks += [(_ACCOUNT, account) for account in sorted(scope.accounts)]
        calls = ", pg_advisory_xact_lock(%s, %s)" * len(locks)
        numbers = [number % 2**31 for lock in locks for number in lock]
        self.database.execute_sql(f"select pg_advisory_xact_lock_shared(%s){calls}", (_WRITERS, *numbers))

    def writers_ended(self, seconds: float) -> bool:
        """Whether all who write at this moment end within that time; nobody is held up meanwhile."""
        end = monotonic() + seconds
        with self.sentences():
            writing = self._writing()
            while writing and monotonic() < end:
                sleep(_GLANCE)
                writing &= self._writing()
        return not writing

    def _writing(self) -> set[str]:
        """The transactions that write now; a name is never given again."""
        return {name for (name,) in self.database.execute_sql(_WRITING, (_WRITERS,)).fetchall()}

    def keeps_catalogue(self) -> bool:
        """Within `writing`: whether to its end this one alone keeps the catalogue; False where another does."""
        took = self.database.execute_sql("select pg_try_advisory_xact_lock(%s)", (_CATALOGUE,)).fetchone()
        return bool(took[0])

    @contextmanager
    def migrating(self) -> Iterator[Any]:
        """A connection of its own."""
        database = self._server()
        try:
            yield database
        finally:
            database.close()

    @contextmanager
    def changing_schema(self, database: Any) -> Iterator[None]:
        """One process at a time."""
        with database.atomic():
            database.execute_sql("select pg_advisory_xact_lock(%s)", (_SCHEMA,))
            yield

    def checkpoint(self) -> None:
        """Nothing: the server sees to that."""

    def check(self) -> str:
        """See that the server answers; its own tools and checksums look after its files."""
        self.database.execute_sql("select 1")
        return "ok"

    def looks_sound(self, seconds: float) -> bool:  # noqa: ARG002 -- nothing is read
        """See that the server answers."""
        with self.sentences():
            return self.check() == "ok"


def session_name() -> str:
    """What the server calls the connections of this process; their names have 63 bytes."""
    return f"crm-logger {os.uname().nodename}:{os.getpid()}"[:63]


def _named(told: dict[str, str]) -> str:
    user = f"{told['user']}@" if "user" in told else ""
    port = f":{told['port']}" if "port" in told else ""
    return f"postgresql://{user}{told.get('host', '')}{port}/{told.get('dbname', '')}"


def _sentence(error: Exception) -> tuple[str, bool, str] | None:
    """The state, whether waiting may help, and the sentence; None where the fault is not the database's."""
    origin = _origin(error)
    if origin is None:
        return None
    state = origin.sqlstate or _state_of_connecting(origin)
    return next(
        (
            (beginning, temporary, sentence)
            for beginning, (temporary, sentence) in _SENTENCES.items()
            if state.startswith(beginning)
        ),
        None,
    )


def _state_of_connecting(error: psycopg.Error) -> str:
    """The driver keeps no SQLSTATE of a connection that was refused; in another language than English it may be mended."""
    if not isinstance(error, psycopg.OperationalError):
        return ""
    return next((state for words, state in _WHILE_CONNECTING.items() if words in str(error)), "08")


def _origin(error: BaseException | None) -> psycopg.Error | None:
    """The driver's error that came first: after it a failing ROLLBACK may have hidden it."""
    found = None
    while error is not None:
        found = error if isinstance(error, psycopg.Error) else found
        error = error.__context__
    return found
