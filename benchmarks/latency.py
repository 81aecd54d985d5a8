"""From the server's EXISTS to the committed row: a worker in a process of its own, on Dovecot, behind a line that stamps.

`python -m benchmarks.latency [DELIVERIES] [RACES]`. A race is a mail that is delivered as the worker says IDLE.
"""

from __future__ import annotations

import os
import re
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.cast import mail
from tests.office import open_office
from tests.servers.dovecot import HOST, Dovecot, find_dovecot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.servers.served import ServedMailbox

ROOT = Path(__file__).parents[1]
LIMIT_P50, LIMIT_P99 = 10.0, 30.0
PATIENCE = 20.0
POLL = "600"


def _nothing() -> None:
    pass


class Line:
    """A TCP proxy that notes when the server first told of how many mails, and when the client says IDLE."""

    def __init__(self, port: int) -> None:
        self._server = (HOST, port)
        self._listening = socket.create_server((HOST, 0))
        self.port: int = self._listening.getsockname()[1]
        self.exists: dict[int, float] = {}
        self.idle_came = threading.Event()
        self.as_idle_starts: Callable[[], None] = _nothing
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                server = socket.create_connection(self._server)
                for each in (client, server):
                    each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self._up, args=(client, server), daemon=True).start()
                threading.Thread(target=self._down, args=(server, client), daemon=True).start()

    def _up(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := client.recv(65536):
                idle = b" IDLE" in data
                if idle:
                    self.as_idle_starts()
                server.sendall(data)
                if idle:
                    self.idle_came.set()
            server.shutdown(socket.SHUT_RDWR)

    def _down(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while data := server.recv(65536):
                for number in re.findall(rb"(\d+) EXISTS\r\n", data):
                    self.exists.setdefault(int(number), time.perf_counter())
                client.sendall(data)
            client.shutdown(socket.SHUT_RDWR)


class Ledger:
    """Watches the database as another process sees it: a row counts when it is committed."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path, isolation_level=None)

    def count(self) -> int:
        """How many mails have a receipt."""
        (number,) = self._database.execute("SELECT count(*) FROM receipt").fetchone()
        return int(number)

    def wait_for(self, number: int) -> float:
        """Return when the row was there; its commit is at most half a millisecond older."""
        until = time.perf_counter() + PATIENCE
        version = None
        while (now := time.perf_counter()) < until:
            (seen,) = self._database.execute("PRAGMA data_version").fetchone()
            if seen != version and self.count() >= number:
                return now
            version = seen
            time.sleep(0.0005)
        raise TimeoutError(f"mail {number} was not logged within {PATIENCE:.0f} s")


@contextmanager
def working(folder: Path, box: ServedMailbox, line: Line) -> Iterator[tuple[Ledger, str]]:
    """A worker at work behind the line; gives its ledger and the BCC address."""
    settings = box.settings(IMAP_PORT=str(line.port), POLL_INTERVAL=POLL)
    office = open_office(folder, **settings)
    office.store.close()
    told = {"LOG_DOMAIN": "log.example", "BORDER_HOST": "mx.log.example", "LOG_LEVEL": "WARNING"}
    told |= settings | {"DATABASE_URL": f"sqlite:///{folder}/crm.sqlite3"}
    worker = subprocess.Popen([sys.executable, ROOT / "worker.py"], env=os.environ | told, cwd=folder)  # noqa: S603 -- our own program
    try:
        yield Ledger(folder / "crm.sqlite3"), office.bcc
    finally:
        worker.terminate()
        worker.wait(30)


@dataclass
class _Post:
    dovecot: Dovecot
    box: ServedMailbox
    line: Line
    ledger: Ledger
    bcc: str
    number: int = 1

    def deliver(self) -> int:
        """Deliver the next mail; its number is how many there are then."""
        self.number += 1
        name = f"{self.number}@acme.test"
        raw = mail(to_log=self.bcc, subject=f"Offer {self.number}", message_id=f"<{name}>")
        self.dovecot.deliver(raw, self.box.user)
        return self.number


def measure(deliveries: int, races: int) -> tuple[list[float], list[float]]:
    """Milliseconds from EXISTS to the row, of mails that came while the worker was waiting, and as it began to."""
    with Dovecot() as dovecot, tempfile.TemporaryDirectory() as name:
        box, line = dovecot.mailbox(), Line(dovecot.port)
        box.append(b"Subject: makes the folder\r\n\r\n")
        with working(Path(name), box, line) as (ledger, bcc):
            ledger.wait_for(1)
            post = _Post(dovecot, box, line, ledger, bcc)
            _waiting(post, 3)  # they start the reader
            return _waiting(post, deliveries), _racing(post, races)


def _waiting(post: _Post, times: int) -> list[float]:
    """Mails that come one by one while the worker waits."""
    found: list[float] = []
    for _ in range(times):
        post.line.idle_came.wait(0.2)
        time.sleep(0.02)
        post.line.idle_came.clear()
        number = post.deliver()
        found.append(1000 * (post.ledger.wait_for(number) - post.line.exists[number]))
    return found


def _racing(post: _Post, times: int) -> list[float]:
    """Mails that come between the worker's IDLE and the server's hearing of it."""
    found: list[float] = []
    for _ in range(times):
        due = threading.Event()

        def race(due: threading.Event = due) -> None:
            if not due.is_set():
                post.deliver()
                due.set()

        post.line.as_idle_starts = race
        if not due.wait(0.1):  # it waits already: have it wake, and go back to waiting
            post.deliver()
            due.wait(PATIENCE)
        number = post.number
        found.append(1000 * (post.ledger.wait_for(number) - post.line.exists[number]))
    post.line.as_idle_starts = _nothing
    return found


def told(name: str, figures: Sequence[float]) -> tuple[float, float]:
    """Print and return p50 and p99."""
    ordered = sorted(figures)
    p50, p99 = statistics.median(ordered), ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))]
    print(f"{name}: {len(ordered)} mails, p50 {p50:.1f} ms, p99 {p99:.1f} ms, longest {ordered[-1]:.1f} ms")  # noqa: T201 -- what it is for
    return p50, p99


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and return 0 where the limits are kept."""
    if find_dovecot() is None:
        print("Dovecot is not installed: make servers")  # noqa: T201
        return 1
    deliveries, races = (int(each) for each in (*arguments, "200", "200")[:2])
    waiting, racing = measure(deliveries, races)
    kept = True
    for name, figures in (
        ("EXISTS to committed row", waiting),
        ("the same, delivered as IDLE starts", racing),
    ):
        if figures:
            p50, p99 = told(name, figures)
            kept = kept and p50 <= LIMIT_P50 and p99 <= LIMIT_P99
    print(f"limits: p50 {LIMIT_P50:.0f} ms, p99 {LIMIT_P99:.0f} ms: {'kept' if kept else 'NOT KEPT'}")  # noqa: T201
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
