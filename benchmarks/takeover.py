"""How long a mailbox has no leader: from the moment that the leading worker is lost to the next mail that the other one has recorded.

`python -m benchmarks.takeover [TIMES]`. The leader is killed so many times, and as often made to stand still; several mailboxes at once,
each with two workers on one PostgreSQL.
"""

from __future__ import annotations

import os
import signal
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.house import DURABLE, house
from benchmarks.mails import TINY, mail
from tests.servers.dovecot import Dovecot, find_dovecot
from tests.servers.postgres import Postgres, find_postgres

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.house import House, Worker
    from benchmarks.mails import Addresses

LIMIT: Final = 30.0
PATIENCE: Final = 60.0
MAILBOXES: Final = 5
WAYS: Final = {"killed": signal.SIGKILL, "made to stand still": signal.SIGSTOP}


@dataclass
class Led:
    """One mailbox, led by the first of its workers; the other stands by."""

    house: House
    name: str
    to: Addresses
    mails: int = 0
    workers: list[Worker] = field(default_factory=list)
    _started: int = 0

    def start(self) -> None:
        """Start a worker, and see it lead, or stand by where there is a leader."""
        self._started += 1
        box = self.house.dovecot.mailbox(self.name)
        worker = self.house.worker(f"{self.name}-{self._started}", [box], POLL_INTERVAL="600")
        words = "standing by" if self.workers else "INFO started"
        self.workers.append(worker)
        wait_until(lambda: words in worker.said(), worker.said)

    def deliver(self) -> None:
        """Deliver a mail."""
        self.house.dovecot.deliver(mail(TINY, self.mails, self.to), self.name)
        self.mails += 1

    def wait(self) -> None:
        """Wait until the last mail is recorded."""
        wait_until(lambda: self.house.recorded(self.name) == self.mails, self.workers[-1].said)

    def lose(self, number: signal.Signals) -> float:
        """Lose the leader; return the seconds to the next mail's receipt. One that stood still then goes on, and must end."""
        self.deliver()
        self.wait()
        lost = self.workers.pop(0)
        os.kill(lost.process.pid, number)
        since = time.monotonic()
        self.deliver()
        self.wait()
        took = time.monotonic() - since
        os.kill(lost.process.pid, signal.SIGCONT)
        status = lost.process.wait(PATIENCE)
        if status != (os.EX_TEMPFAIL if number == signal.SIGSTOP else -number):
            raise RuntimeError(f"the leader that was lost ended with {status}:\n{lost.said()}")
        self.start()
        return took

    def end(self) -> None:
        """End both workers; every mail has one receipt."""
        for worker in self.workers:
            worker.end()
        if self.house.recorded(self.name) != self.mails:
            raise RuntimeError(f"{self.mails} mails, {self.house.recorded(self.name)} receipts")


def wait_until(holds: Callable[[], bool], told: Callable[[], str]) -> None:
    """Wait until that is so."""
    until = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > until:
            raise TimeoutError(told())
        time.sleep(0.02)


def measure(times: int) -> dict[str, list[float]]:
    """Lose the leader so many times in each way."""
    with (
        Dovecot() as dovecot,
        Postgres(**DURABLE) as postgres,
        tempfile.TemporaryDirectory() as folder,
        ThreadPoolExecutor(MAILBOXES) as at_once,
    ):
        made = house(dovecot, postgres, Path(folder))
        to = made.account("Acme")
        led = [Led(made, f"m{number}", to) for number in range(MAILBOXES)]
        list(at_once.map(_begin, led))
        found: dict[str, list[float]] = {way: [] for way in WAYS}
        for way, number in WAYS.items():
            while len(found[way]) < times:
                found[way] += at_once.map(lambda each, number=number: each.lose(number), led)
        for each in led:
            each.end()
        return found


def _begin(led: Led) -> None:
    led.deliver()  # Dovecot tells of mail in a folder that is there
    led.start()
    led.start()


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and return 0 where the limit is kept."""
    if find_dovecot() is None or find_postgres() is None:
        print("Dovecot or PostgreSQL is not installed: make servers")  # noqa: T201 -- what it is for
        return 1
    times = int((*arguments, "10")[0])
    kept = True
    for way, took in measure(times).items():
        kept = kept and max(took) <= LIMIT
        told = f"p50 {statistics.median(took):.1f} s, longest {max(took):.1f} s"
        print(f"leader {way}: {len(took)} times, the next mail recorded after {told}")  # noqa: T201 -- what it is for
    print(f"limit: {LIMIT:.0f} s: {'kept' if kept else 'NOT KEPT'}; every mail was recorded once")  # noqa: T201 -- what it is for
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
