"""Reads damaged mails by the million: `make fuzz`, or `python -m tests.hostile.fuzz --mails 10000 --seed 7`.

Each mail is parsed and classified within the reader's own limits, and must be decided about exactly once for each account;
every fiftieth also goes through the whole intake with a real database. Prints how far it is and its figures; the exit status
is 1 where an exception escaped, a mail cost too much or had not exactly one outcome. Ends by itself.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, cast

from crm_logger.core.model import Outcome, RawMail, Reason, Refuse
from crm_logger.intake import Intake
from crm_logger.isolation import Limits, Reader
from crm_logger.isolation.child import decide
from crm_logger.store import tables
from tests.cast import RECEIVED, bcc, directory, forwarding
from tests.fakes import FakeMailbox
from tests.hostile.build import BCC, FORWARD
from tests.hostile.large import large
from tests.hostile.mutations import mutated
from tests.office import NOW, open_office

if TYPE_CHECKING:
    from crm_logger.core.model import Decision
    from crm_logger.mailbox import Mailbox

CHUNK = 2000
TOLD = 10
"""Every so many chunks it says how far it is."""
WHOLE = 50
"""Every so many mails, one goes through the whole intake."""
LIMITS = Limits()


@dataclass
class Figures:
    """What some mails came to."""

    mails: int = 0
    slowest: tuple[float, int] = (0.0, -1)
    memory: int = 0
    escaped: list[tuple[int, str]] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    recorded: Counter[str] = field(default_factory=Counter)
    without_one_outcome: int = 0

    def add(self, other: Figures) -> None:
        """Count another's in."""
        self.mails += other.mails
        self.slowest = max(self.slowest, other.slowest)
        self.memory = max(self.memory, other.memory)
        self.escaped += other.escaped
        self.reasons += other.reasons
        self.recorded += other.recorded
        self.without_one_outcome += other.without_one_outcome

    def bad(self) -> bool:
        """Whether anything happened that must not."""
        failed = any(Reason(reason).outcome is Outcome.FAILED for reason in self.recorded)
        return bool(
            self.escaped or failed or self.without_one_outcome or self.slowest[0] > LIMITS.cpu_seconds
        )

    def __str__(self) -> str:
        cpu, number = self.slowest
        return (
            f"{self.mails} mails, {len(self.escaped)} escaped exceptions, {self.without_one_outcome} without exactly one outcome, "
            f"at most {cpu:.2f} s of CPU a mail (number {number}), {self.memory >> 20} MB a process"
        )


def limit_memory() -> None:
    """As the reading process does."""
    resource.setrlimit(resource.RLIMIT_AS, (LIMITS.memory, LIMITS.memory))


def read_some(seed: int, start: int, stop: int) -> Figures:
    """Read the mails of these numbers, and take every fiftieth in."""
    figures, known = Figures(), directory()
    for number in range(start, stop):
        mail = RawMail(number, mutated(seed, number), RECEIVED)
        signal.setitimer(
            signal.ITIMER_PROF, LIMITS.cpu_seconds
        )  # its signal kills: the number is then in the chunk
        before = time.process_time()
        try:
            decisions = decide(mail, known)
        except Exception as error:  # noqa: BLE001 -- an escaped exception is what is looked for
            figures.escaped.append((number, repr(error)))
            decisions = ()
        figures.slowest = max(figures.slowest, (time.process_time() - before, number))
        signal.setitimer(signal.ITIMER_PROF, 0)
        figures.reasons.update(map(_reason, decisions))
        figures.without_one_outcome += not decided_once(decisions)
    figures.mails = stop - start
    take_in([mutated(seed, number) for number in range(start, stop, WHOLE)], figures)
    figures.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    return figures


def decided_once(decisions: tuple[Decision, ...]) -> bool:
    """Whether there is one decision for each account concerned, or one that concerns none."""
    accounts = {decision.account for decision in decisions}
    return len(accounts) == len(decisions) > 0


def take_in(raws: list[bytes], figures: Figures) -> None:
    """Take mails in with a real database and the real reader: one outcome each."""
    with tempfile.TemporaryDirectory() as folder, Reader() as reader:
        office, mailbox = open_office(Path(folder)), FakeMailbox()
        mailbox.put(
            *(
                raw.replace(bcc().encode(), office.bcc.encode()).replace(
                    forwarding().encode(), office.forwarding.encode()
                )
                for raw in raws
            )
        )
        Intake(office.config, office.store, cast("Mailbox", mailbox), reader, lambda: NOW).turn()
        with office.store.reading():
            decided = [(each.receipt_id, each.reason) for each in tables.Decision.select()]
        office.store.close()
    figures.recorded.update(reason for _, reason in decided)
    outcomes = Counter(receipt for receipt, _ in decided)
    figures.without_one_outcome += sum(outcomes[receipt] != 1 for receipt in range(1, len(raws) + 1))


def fuzz(mails: int, seed: int, *, tell: bool = False) -> Figures:
    """Read that many mails on all cores; return what they came to."""
    total, started = Figures(), time.monotonic()
    starts = range(0, mails, CHUNK)
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), limit_memory) as pool:
        some = partial(read_some, seed)
        done = pool.map(some, starts, [min(start + CHUNK, mails) for start in starts])
        for number, start in enumerate(starts, 1):
            try:
                total.add(next(done))
            except BrokenProcessPool:
                total.escaped.append(
                    (start, f"a process was killed at one of the {CHUNK} mails from here, or soon after")
                )
                break
            if tell and number % TOLD == 0:
                escaped = f", at {total.escaped}" if total.escaped else ""
                sys.stdout.write(f"{time.monotonic() - started:.0f} s: {total}{escaped}\n")
                sys.stdout.flush()
    return total


def read_large() -> bool:
    """Read the largest hostile mails, each in a process of its own; tell whether all ended as the rules say."""
    sound, known = True, directory()
    for each in large():
        raw = each.raw.replace(BCC, bcc().encode()).replace(FORWARD, forwarding().encode())
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        with Reader() as reader:
            read = reader.read_one(RawMail(1, raw, RECEIVED), known)
        spent = resource.getrusage(resource.RUSAGE_CHILDREN)
        told = [_reason(one) for one in read] if isinstance(read, tuple) else [read]
        sound = sound and len(told) == 1 and told[0] in each.reasons
        sys.stdout.write(
            f"{each.name} ({len(raw) >> 20} MB): {told[0]}, {spent.ru_utime - before:.1f} s of CPU, "
            f"{spent.ru_maxrss >> 10} MB at most so far\n"
        )
    return sound


def _reason(decision: Decision) -> Reason:
    return decision.reason if isinstance(decision, Refuse) else Reason.LOGGED


def _counted(reasons: Counter[str]) -> str:
    return ", ".join(f"{reason} {number}" for reason, number in reasons.most_common())


def main() -> int:
    """Fuzz and print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--mails", type=int, default=1_000_000)
    options.add_argument("--seed", type=int, default=1)
    told = options.parse_args()
    started = time.monotonic()
    total = fuzz(told.mails, told.seed, tell=True)
    seconds = time.monotonic() - started
    lines = [
        f"seed {told.seed}, {seconds:.0f} s, {total.mails / seconds:.0f} mutated mails a second",
        str(total),
        f"outcomes: {_counted(total.reasons)}",
        f"outcomes of the {total.recorded.total()} that went through the whole intake: {_counted(total.recorded)}",
        *(f"number {number}: {error}" for number, error in total.escaped[:20]),
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return int(total.bad() or not read_large())


if __name__ == "__main__":
    sys.exit(main())
