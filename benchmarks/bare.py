"""The floor: a socket that asks for mail as IMAP has it and throws away what comes. No library, no parsing."""

from __future__ import annotations

import re
import socket
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers.served import ServedMailbox

BATCH = 100
_BUFFER = 1 << 20


class Bare:
    """A connection that is logged in, with the folder open."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._buffer = bytearray(_BUFFER)
        self._tail = b""
        self._tag = 0
        self._awaited = 1
        self.bytes = 0

    def send(self, command: str) -> None:
        """Send a command without waiting for its answer."""
        self._tag += 1
        self._connection.sendall(f"A{self._tag} {command}\r\n".encode())

    def say(self, line: str) -> None:
        """Send what is no command, as DONE is not."""
        self._connection.sendall(f"{line}\r\n".encode())

    def await_answer(self) -> None:
        """Read and throw away up to the end of the oldest answer that is still awaited."""
        found = self.await_line(rb"A%d (OK|NO|BAD)" % self._awaited)
        if found[1] != b"OK":
            raise ConnectionError(found[0].decode())
        self._awaited += 1

    def await_line(self, beginning: bytes) -> re.Match[bytes]:
        """Read and throw away up to the end of a line that begins so."""
        line = re.compile(rb"(?:^|\n)" + beginning + rb"[^\n]*\n")
        while not (found := line.search(self._tail)):
            number = self._connection.recv_into(self._buffer)
            if not number:
                raise ConnectionError("the server hung up")
            self.bytes += number
            # The line may lie anywhere in what came, where several answers are under way.
            self._tail = self._tail[-200:] + bytes(memoryview(self._buffer)[:number])
        self._tail = self._tail[found.end() - 1 :]
        return found

    def ask(self, command: str) -> None:
        """Send a command and read its answer away."""
        self.send(command)
        self.await_answer()


@contextmanager
def opened(box: ServedMailbox, port: int = 0) -> Iterator[Bare]:
    """A bare connection to a mailbox, straight or through a line on another port."""
    with socket.create_connection((box.host, port or box.port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        bare = Bare(connection)
        bare.ask(f"LOGIN {box.user} {box.password}")
        bare.ask("EXAMINE INBOX")
        yield bare


def fetch_all(bare: Bare, mails: int, *, batch: int = BATCH, ahead: int = 0) -> float:
    """Fetch the UIDs 1 to `mails` in batches, `ahead` more of them under way; return the seconds it took."""
    commands = [
        f"UID FETCH {low}:{min(low + batch - 1, mails)} (BODY.PEEK[])" for low in range(1, mails + 1, batch)
    ]
    started = time.perf_counter()
    for command in commands[:ahead]:
        bare.send(command)
    for number in range(len(commands)):
        for command in commands[number + ahead : number + ahead + 1]:
            bare.send(command)
        bare.await_answer()
    return time.perf_counter() - started
