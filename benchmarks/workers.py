"""Throughput with 1, 2 and 4 workers, each leading mailboxes of its own, on one PostgreSQL; and whose processor time a mail takes.

`python -m benchmarks.workers [MAILS] [--one-account]`: so many mails in each of four mailboxes, each of them an account's, or all of one account.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.house import DURABLE, house
from benchmarks.mails import SMALL, mail
from benchmarks.office import fill
from benchmarks.report import Row
from tests.servers.dovecot import Dovecot, find_dovecot
from tests.servers.postgres import Postgres, find_postgres

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.bench import Bench
    from benchmarks.house import House, Worker
    from tests.servers.served import ServedMailbox

MAILBOXES: Final = 4
WORKERS: Final = (1, 2, 4)
MAILS: Final = 2000
FROM, TO = 0.1, 0.95
"""What is measured: not the start of the processes, nor the end, at which some have nothing left to do."""
PATIENCE: Final = 200.0
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PARENT, _USED = (
    1,
    slice(11, 15),
)  # fields of /proc/PID/stat after the name (proc(5)): ppid; utime, stime, cutime, cstime

KINDS: Final = ("worker", "reader", "PostgreSQL", "Dovecot")


@dataclass(frozen=True, slots=True)
class Measured:
    """One run: mails a second, and seconds of processor time a mail by kind of process."""

    workers: int
    rate: float
    cpu: dict[str, float]
    stored: float
    logged: float
    """Bytes a mail in the database, and in its write-ahead log."""

    @property
    def busy(self) -> float:
        """How many cores all of it kept busy."""
        return self.rate * sum(self.cpu.values())


def measure(bench: Bench) -> list[Row]:
    """A part of `python -m benchmarks`."""
    return [
        Row("", f"{MAILBOXES} mailboxes on PostgreSQL, {each.workers} workers", each.rate, unit=" /s", ours=_told(each))
        for each in run(bench.sizes.shared)
    ]  # fmt: skip


def run(mails: int, *, one_account: bool = False) -> Iterator[Measured]:
    """Each number of workers in turn, each with a database of its own; the mailboxes are left as they are."""
    with ExitStack() as stack:
        dovecot = stack.enter_context(Dovecot())
        postgres = stack.enter_context(Postgres(**DURABLE))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        boxes: list[ServedMailbox] = []
        for workers in WORKERS:
            (folder / str(workers)).mkdir()
            made = house(dovecot, postgres, folder / str(workers))
            names = [f"Account {0 if one_account else number}" for number in range(MAILBOXES)]
            known = {name: made.account(name) for name in dict.fromkeys(names)}
            if not boxes:
                boxes += [
                    fill(
                        dovecot, f"m{box}", (mail(SMALL, box * mails + number, to) for number in range(mails))
                    )
                    for box, to in enumerate(known[name] for name in names)
                ]
            yield _measured(made, boxes, workers, mails * MAILBOXES, postgres)


def _measured(
    made: House, boxes: Sequence[ServedMailbox], number: int, mails: int, postgres: Postgres
) -> Measured:
    workers = [made.worker(f"worker{each}", boxes[each::number]) for each in range(number)]
    try:
        begin = _at(made, workers, postgres, int(FROM * mails))
        end = _at(made, workers, postgres, int(TO * mails))
        _end_of(made, workers, mails)
    finally:
        for worker in workers:
            worker.end()
    passed = end.recorded - begin.recorded
    cpu = {kind: (end.cpu[kind] - begin.cpu[kind]) / passed for kind in KINDS}
    return Measured(
        number,
        passed / (end.at - begin.at),
        cpu,
        made.ask("select pg_database_size(current_database())") / mails,
        (end.written - begin.written) / passed,
    )


@dataclass(frozen=True, slots=True)
class _State:
    recorded: int
    at: float
    cpu: dict[str, float]
    written: int


def _at(made: House, workers: Sequence[Worker], postgres: Postgres, mails: int) -> _State:
    """How things stand when so many mails are recorded."""
    until = time.monotonic() + PATIENCE
    while (recorded := made.recorded()) < mails:
        if time.monotonic() > until:
            raise TimeoutError(workers[0].said())
        time.sleep(0.05)
    written = made.ask("select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint")
    return _State(recorded, time.monotonic(), _cpu(made, workers, postgres), written)


def _end_of(made: House, workers: Sequence[Worker], mails: int) -> None:
    """Wait until there is nothing left to do; a mail that waits for another time does not count."""
    until = time.monotonic() + PATIENCE
    while made.recorded() + made.ask("select count(*) from deferral") < mails:
        if time.monotonic() > until:
            raise TimeoutError(workers[0].said())
        time.sleep(0.05)


def _cpu(made: House, workers: Sequence[Worker], postgres: Postgres) -> dict[str, float]:
    """Seconds of processor time by kind. Readers are the workers' children."""
    stats = _stats()
    pids = {worker.process.pid for worker in workers}
    readers = sum(_below(stats, pid) for pid in pids)
    return {
        "worker": sum(stats[pid].own for pid in pids),
        "reader": readers,
        "PostgreSQL": _tree(stats, postgres.pid),
        "Dovecot": _tree(stats, made.dovecot.pid),
    }


@dataclass(frozen=True, slots=True)
class _Stat:
    parent: int
    own: float
    dead: float
    """What children took that have ended."""


def _stats() -> dict[int, _Stat]:
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        user, system, dead_user, dead_system = (int(each) / _TICKS for each in fields[_USED])
        found[int(path.parent.name)] = _Stat(int(fields[_PARENT]), user + system, dead_user + dead_system)
    return found


def _tree(stats: dict[int, _Stat], pid: int) -> float:
    return stats[pid].own + _below(stats, pid)


def _below(stats: dict[int, _Stat], pid: int) -> float:
    return stats[pid].dead + sum(_tree(stats, each) for each, stat in stats.items() if stat.parent == pid)


def _told(measured: Measured) -> str:
    parts = ", ".join(f"{kind} {1000 * seconds:.2f}" for kind, seconds in measured.cpu.items())
    size = f"{measured.stored / 1000:.1f} KB in the database, {measured.logged / 1000:.1f} KB in its log"
    return f"ms of processor time a mail: {parts}; {measured.busy:.2f} cores busy; {size}"


def main(arguments: Sequence[str]) -> int:
    """Measure and print."""
    if find_dovecot() is None or find_postgres() is None:
        print("Dovecot or PostgreSQL is not installed: make servers")  # noqa: T201 -- what it is for
        return 1
    numbers = [word for word in arguments if word != "--one-account"]
    mails, one_account = int((*numbers, str(MAILS))[0]), "--one-account" in arguments
    of = "all of one account" if one_account else "each an account's"
    print(f"{MAILBOXES} mailboxes of {mails} small mails, {of}, {os.cpu_count()} cores")  # noqa: T201 -- what it is for
    for each in run(mails, one_account=one_account):
        print(f"{each.workers} workers: {each.rate:.0f} mails/s; {_told(each)}")  # noqa: T201 -- what it is for
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
