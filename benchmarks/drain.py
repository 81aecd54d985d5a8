"""Empties a mailbox, with the worker as it is run or with the naive one, each in a process of its own, and tells how long it took."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.memory import Peak

if TYPE_CHECKING:
    from benchmarks.office import Office
    from tests.servers.served import ServedMailbox

ROOT = Path(__file__).parents[1]
# Where these are set, Python compiles every module again at each start, and writes each line by itself.
_OF_DEVELOPERS = frozenset({"PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"})


@dataclass(frozen=True, slots=True)
class Drained:
    """What a run came to. `times` are those of the receipts, in seconds since the process was started."""

    seconds: float
    mails: int
    peak: int
    times: list[float]

    @property
    def rate(self) -> float:
        """Mails a second, the process' start and end included."""
        return self.mails / self.seconds

    def after(self, skipped: int) -> float:
        """Seconds a mail once the first ones are done: a process that has just started is slow for a while."""
        return (self.seconds - self.times[skipped - 1]) / (self.mails - skipped)

    def blocks(self, skipped: int, each: int) -> list[float]:
        """Seconds a mail from receipt to receipt, for so many mails after so many at a time, the first ones skipped."""
        ends = self.times[skipped - 1 :: each]
        return [(until - since) / each for since, until in pairwise(ends)]


def environment() -> dict[str, str]:
    """What a program finds that an operator starts: ours without what a developer's shell tells Python."""
    return {name: value for name, value in os.environ.items() if name not in _OF_DEVELOPERS}


def by_us(office: Office, **settings: str) -> Drained:
    """`worker.py run --once`, as an operator would call it; its log goes to a file."""
    told = office.settings | settings
    before = _receipts(office.database)
    with office.database.with_suffix(".log").open("wb") as log:
        since, started = datetime.now(UTC), time.perf_counter()
        command = [sys.executable, str(ROOT / "worker.py"), "run", "--once"]
        process = subprocess.Popen(command, env=environment() | told, cwd=office.database.parent, stderr=log)  # noqa: S603 -- our own programs
        with Peak(process.pid) as peak:
            status = process.wait()
        seconds = time.perf_counter() - started
    if status:
        raise RuntimeError(office.database.with_suffix(".log").read_text(encoding="utf-8")[-2000:])
    times = [(each - since).total_seconds() for each in _receipts(office.database)[len(before) :]]
    return Drained(seconds, len(times), peak.bytes, times)


def by_naive(office: Office, box: ServedMailbox, mails: int) -> Drained:
    """benchmarks/naive.py with the first so many mails of the mailbox."""
    told = (str(office.database), box.host, str(box.port), box.user, box.password, str(mails))
    since, started = datetime.now(UTC), time.perf_counter()
    subprocess.run([sys.executable, "-m", "benchmarks.naive", *told], env=environment(), cwd=ROOT, check=True)  # noqa: S603 -- our own programs
    seconds = time.perf_counter() - started
    times = [(each - since).total_seconds() for each in _receipts(office.database)]
    return Drained(seconds, len(times), 0, times)


def rows(database: Path) -> dict[str, int]:
    """How many rows the tables of the ledger and of the timelines have."""
    names = "receipt decision engagement participant contact contact_address engagement_contact captured attachment content"
    with closing(sqlite3.connect(database)) as connection:
        return {
            name: int(connection.execute(f"select count(*) from {name}").fetchone()[0])
            for name in names.split()
        }


def _receipts(database: Path) -> list[datetime]:
    with closing(sqlite3.connect(database)) as connection:
        found = connection.execute("select taken_at from receipt order by id").fetchall()
    return [datetime.fromisoformat(at).replace(tzinfo=UTC) for (at,) in found]
