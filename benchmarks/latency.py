"""From the server's EXISTS to the committed row: a worker in a process of its own, on Dovecot, behind a line that stamps.

`python -m benchmarks.latency [DELIVERIES] [RACES]`. A race is a mail that is delivered as the worker says IDLE. Beside it stands
the floor (floor.py): what a bare client takes, and what the machine takes to come to itself.
"""

from __future__ import annotations

import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.floor import COMMIT_BYTES, bare, cold, deliver, mailbox
from benchmarks.stamps import StampingLine
from tests.office import open_office
from tests.servers.dovecot import Dovecot, find_dovecot

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.servers.served import ServedMailbox

ROOT = Path(__file__).parents[1]
LIMIT_P50, LIMIT_P99 = 10.0, 30.0
LIMIT_DELIVERY_P99 = 600.0
"""Dovecot holds the EXISTS back for 500 ms after a delivery."""
PATIENCE = 20.0
SETTLED = 0.02
"""Seconds after the worker's IDLE: then it waits, and nothing of the mail before is left to do."""
BARE = 60
# The second setting: more than a mail a second would sound the alarm of a flood.
SETTINGS = {"POLL_INTERVAL": "600", "LIMIT_MAILS_PER_MINUTE": "0"}


@dataclass
class Waits:
    """Milliseconds that mails took: since the server's EXISTS, and since they were delivered."""

    told: list[float] = field(default_factory=list)
    delivered: list[float] = field(default_factory=list)


@dataclass
class Measured:
    """Mails that came while the worker was waiting, and as it began to.

    Beside them the bare client's, fetched, and written down; and what memory is worth here that was left alone.
    """

    waiting: Waits
    racing: Waits
    fetched: list[float]
    written: list[float]
    cold: float


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
def working(folder: Path, box: ServedMailbox, port: int) -> Iterator[tuple[Ledger, str]]:
    """A worker at work behind the line on that port; gives its ledger and the BCC address."""
    settings = box.settings(IMAP_PORT=str(port), **SETTINGS)
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
    """Delivers mails to the worker, and sees what becomes of each."""

    dovecot: Dovecot
    box: ServedMailbox
    line: StampingLine
    ledger: Ledger
    bcc: str
    number: int = 1
    told: float = 0.0

    def deliver(self) -> float:
        """Deliver the next mail; return when."""
        self.number += 1
        deliver(self.dovecot, self.box, self.bcc, self.number)
        return time.perf_counter()

    def note(self, waits: Waits, delivered: float) -> None:
        """Wait until the last mail is logged, and note how long that took."""
        self.told = self.line.exists(self.number, PATIENCE)  # until then the database is left alone
        logged = self.ledger.wait_for(self.number)
        waits.told.append(1000 * (logged - self.told))
        waits.delivered.append(1000 * (logged - delivered))


def measure(deliveries: int, races: int) -> Measured:
    """One after the other: mails that come while the worker waits, mails that come as it begins to, and the floor."""
    with Dovecot() as dovecot, tempfile.TemporaryDirectory() as name:
        box = mailbox(dovecot)
        with StampingLine(dovecot.port) as line, working(Path(name), box, line.port) as (ledger, bcc):
            ledger.wait_for(1)
            post = _Post(dovecot, box, line, ledger, bcc)
            _waiting(post, 3)  # they start the reader
            waiting, racing = _waiting(post, deliveries), _racing(post, races)
        return Measured(waiting, racing, *bare(dovecot, Path(name) / "floor", min(BARE, deliveries)), cold())


def _waiting(post: _Post, times: int) -> Waits:
    """Mails that come one by one while the worker waits."""
    waits = Waits()
    for _ in range(times):
        post.line.idle_since(post.told, 0.2)
        time.sleep(SETTLED)
        post.note(waits, post.deliver())
    return waits


def _racing(post: _Post, times: int) -> Waits:
    """Mails that come between the worker's IDLE and the server's hearing of it."""
    waits = Waits()
    post.line.idle_since(post.told, 0.2)
    post.line.hold()
    post.note(Waits(), post.deliver())  # it waits already: have it wake, and go back to waiting
    for _ in range(times):
        if not post.line.idle_since(post.told, PATIENCE):
            raise TimeoutError("the worker did not go back to waiting")
        delivered = post.deliver()
        post.line.pass_on()
        post.note(waits, delivered)
    post.line.let_go()
    return waits


def p99(figures: Sequence[float]) -> float:
    """The figure that one in a hundred is above."""
    ordered = sorted(figures)
    return ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))]


def told(name: str, figures: Sequence[float]) -> str:
    """What a line says of some mails."""
    p50 = statistics.median(figures)
    return f"{name}: {len(figures)} mails, p50 {p50:.1f} ms, p99 {p99(figures):.1f} ms, longest {max(figures):.1f} ms"


def is_kept(measured: Measured) -> bool:
    """Whether every limit is kept."""
    return all(
        statistics.median(each.told) <= LIMIT_P50
        and p99(each.told) <= LIMIT_P99
        and p99(each.delivered) <= LIMIT_DELIVERY_P99
        for each in (measured.waiting, measured.racing)
        if each.told
    )


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and return 0 where the limits are kept."""
    if find_dovecot() is None:
        print("Dovecot is not installed: make servers")  # noqa: T201 -- what it is for
        return 1
    deliveries, races = (int(each) for each in (*arguments, "200", "200")[:2])
    found = measure(deliveries, races)
    figures = [
        ("EXISTS to the committed row", found.waiting.told),
        ("the same, delivered as IDLE starts", found.racing.told),
        ("delivery to the committed row", found.waiting.delivered),
        ("the same, delivered as IDLE starts", found.racing.delivered),
        ("floor: EXISTS to the mail, by a bare client", found.fetched),
        (f"floor: the same, and {COMMIT_BYTES >> 10} KB on the disk (fdatasync)", found.written),
    ]
    kept = is_kept(found)
    lines = [told(name, each) for name, each in figures if each]
    lines.append(f"machine: 4 MB of memory, left alone for half a second, read again in {found.cold:.1f} ms")
    limits = f"since EXISTS p50 {LIMIT_P50:.0f} ms, p99 {LIMIT_P99:.0f} ms; since delivery p99 {LIMIT_DELIVERY_P99:.0f} ms"
    print("\n".join([*lines, f"limits: {limits}: {'kept' if kept else 'NOT KEPT'}"]))  # noqa: T201
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
