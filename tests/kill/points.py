"""Where a worker can be killed: at every IMAP command and every statement of its database. Installed in the tests' own forks only."""

from __future__ import annotations

import imaplib
import os
import select
import signal
import threading
import time
from typing import TYPE_CHECKING, Any

from peewee import SqliteDatabase

from crm_logger.store import statements

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

ANSWER_SECONDS = 5
WRITTEN = "COMMIT of changes"
DECISIVE = frozenset({WRITTEN, "CREATE", "UID MOVE", "UID COPY", "UID STORE", "UID EXPUNGE", "IDLE"})
"""What changes something for good, or may."""


class Points:
    """Counts the points that this process reaches, and ends it (`end`) at the one with the number `last`.

    The thread that renews the leases does so whenever it is time, and has no part in it.
    """

    def __init__(self, last: int = 0, end: Callable[[], None] | None = None) -> None:
        self.names: list[str] = []
        self._last = last
        self._end = end or die
        self._lock = threading.Lock()
        self._transaction = threading.local()

    def reach(self, name: str, answering: socket.socket | None = None) -> None:
        """Reach a point; where it is the last, end, though not before the server has answered."""
        if threading.current_thread().name == "lease":
            return
        with self._lock:
            self.names.append(name)
            is_last = len(self.names) == self._last
        if is_last:
            if answering is not None:
                # Otherwise the server may still be at work when the next worker looks, and no two runs were alike.
                _await(answering)
            self._end()

    @property
    def writes(self) -> bool:
        """Whether the transaction of this thread is one for changes."""
        return getattr(self._transaction, "writes", False)

    @writes.setter
    def writes(self, writes: bool) -> None:
        self._transaction.writes = writes


def die() -> None:
    """End this process as `kill -9` and the kernel's memory killer do."""
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)


def stand_still() -> None:
    """Stop this process, as a machine that is overloaded or asleep does, until somebody lets it go on."""
    os.kill(os.getpid(), signal.SIGSTOP)


def _await(server: socket.socket) -> None:
    poller = select.poll()
    poller.register(server, select.POLLIN)
    poller.poll(ANSWER_SECONDS * 1000)


def swap(owner: Any, name: str, by: Any) -> None:
    """Put something else in the place of a function. The process that does so is a fork and ends soon."""
    setattr(owner, name, by)


def install(points: Points, said: Callable[[str], None], database: type[Any] = SqliteDatabase) -> None:
    """Make points of all that this process says to its server and its (peewee's) database. `said` hears the commands sent."""
    _install_imap(points, said)
    for name in ("begin", "commit", "rollback", "execute_sql"):
        _install_statement(points, database, name)
    _install_rows(points)


def _install_imap(points: Points, said: Callable[[str], None]) -> None:
    send, complete = imaplib.IMAP4.send, imaplib.IMAP4._command_complete  # type: ignore[attr-defined]  # private
    under_way: dict[bytes, str] = {}

    def counted_send(self: Any, data: bytes) -> None:
        name = _command(self, data)
        if name:
            under_way[data.split(b" ", 1)[0]] = name
            points.reach(f"before {name}")
        send(self, data)
        if name in {"IDLE", "DONE"}:  # their answers are read line by line
            points.reach(f"sent {name}", self.sock)
        if name:
            said(name)

    def counted_complete(self: Any, name: str, tag: bytes) -> Any:
        said = under_way.pop(tag)  # not always the last one: the next mails are asked for ahead
        points.reach(f"sent {said}", self.sock)
        answer = complete(self, name, tag)
        points.reach(f"answered {said}")
        return answer

    swap(imaplib.IMAP4, "send", counted_send)
    swap(imaplib.IMAP4, "_command_complete", counted_complete)


def _command(protocol: Any, data: bytes) -> str:
    """The name of a command that begins in these bytes; "" where none does."""
    if data == b"DONE\r\n":
        return "DONE"
    words = data.split(b" ", 3)
    if not data.startswith(protocol.tagpre) or len(words) < 2:
        return ""
    name = b" ".join(words[1:3]) if words[1] == b"UID" else words[1]
    return name.decode("ascii").strip()


def _install_statement(points: Points, database: type[Any], method: str) -> None:
    run = getattr(database, method)

    def counted(self: Any, *arguments: Any, **named: Any) -> Any:
        name = arguments[0].split(maxsplit=1)[0] if method == "execute_sql" else method.upper()
        if name == "begin":  # how PostgreSQL's own BEGIN is said
            return run(self, *arguments, **named)
        if method == "begin":
            points.writes = arguments in {(), ("IMMEDIATE",)}
        elif method == "commit" and points.writes:
            name = WRITTEN
        points.reach(f"before {name}")
        result = run(self, *arguments, **named)
        points.reach(f"after {name}")
        return result

    swap(database, method, counted)


def _install_rows(points: Points) -> None:
    """Statements that write many rows go past execute_sql."""
    write = statements.write_rows

    def counted(sql: str, rows: list[tuple[Any, ...]]) -> None:
        name = " ".join(sql.split(" ", 3)[:3])
        points.reach(f"before {name}")
        write(sql, rows)
        points.reach(f"after {name}")

    swap(statements, "write_rows", counted)
