"""The worker as the matrix runs it: forked from a warm parent, with points to be killed at, a clock and mails that misbehave."""

# ruff: noqa: S608 -- the questions are put together from names of ours
from __future__ import annotations

import json
import os
import signal
import sys
import threading
import traceback
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from crm_logger import mailbox, schedule
from crm_logger.catalogue import Catalogue
from crm_logger.core.model import RawMail
from crm_logger.isolation import child, process
from crm_logger.mailbox import Mailbox, Unfetched, idle
from crm_logger.retry import retry
from crm_logger.store.connection import engine_of
from crm_logger.store.lease import LeaseDuty
from tests.kill.points import Points, die, install, stand_still, swap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from crm_logger.config import Config
    from crm_logger.store import Store
    from tests.servers.databases import Database

START = datetime(2026, 5, 5, 12, 0, tzinfo=UTC)
ROUND = timedelta(minutes=20)
ROUNDS = 12
STUCK = 9

# What a mail's header makes of it.
DEADLY, BUGGY, WITHHELD, LATE = b"X-Test: deadly", b"X-Test: bug", b"X-Test: withheld", b"X-Test: late"


@dataclass(frozen=True)
class Pair:
    """What a worker does that is not alone: live only when there is something to read from `after`, tell `leads` when it leads.

    `stops`: at its last point it does not die but stand still.
    """

    leads: int
    after: int | None = None
    stops: bool = False


@dataclass(frozen=True)
class Run:
    """One life of a worker. `later` are mails that arrive meanwhile, as (where they wait, where they arrive).

    `mailboxes` are the settings of each where there are several.
    """

    config: Config
    database: Database
    log: Path
    idle: bool
    later: tuple[tuple[Path, Path], ...] = ()
    retry: tuple[int, ...] = ()
    last_point: int = 0
    started: datetime = START
    plant: Callable[[], None] | None = None
    real_reader: bool = False
    mailboxes: tuple[Config, ...] = ()
    pair: Pair | None = None


@dataclass
class Clock:
    """The worker's time: it stands still, and goes on by a round when there is something to wait for."""

    now: datetime
    rounds: int = 0

    def turn(self) -> None:
        """Twenty minutes later; a worker for whom that is never enough is stuck."""
        self.now += ROUND
        self.rounds += 1
        if self.rounds > ROUNDS:
            os._exit(STUCK)


@dataclass
class Life:
    """What the tests do around a worker while it lives."""

    run: Run
    points: Points
    clock: Clock
    unseen: bool = False
    catalogue: Catalogue | None = None
    resting: set[int] = field(default_factory=set)

    def live(self) -> int:
        """Work until nothing is left to do; return the exit status."""
        swap(schedule, "_now", lambda: self.clock.now)
        swap(mailbox, "wait_for_mail", self._waiter(idle.wait_for_mail))
        swap(schedule, "Catalogue", self._kept)
        _misbehave(self.clock)
        if not self.run.real_reader:
            swap(process, "subprocess", SimpleNamespace(Popen=ForkedReader, DEVNULL=None))
        if self.run.pair:
            _tell_of_leading(self.run.pair)
        if self.run.plant:
            self.run.plant()
        install(self.points, self._said, type(engine_of(self.run.config.database_url).database))
        if self.run.retry:
            retry([self.run.config], self.run.retry, dry_run=False, progress=lambda _number: None)
        return schedule.run(self.run.config, self.run.mailboxes)

    def _kept(self, store: Store, stopping: Callable[[], bool]) -> Catalogue:
        """The catalogue, kept whenever the worker waits and not every second, so that its statements have a place among the points."""
        self.catalogue = Catalogue(store, stopping)
        swap(self.catalogue, "keep", lambda: None)
        return self.catalogue

    def _waiter(self, wait: Callable[..., bool]) -> Callable[..., bool]:
        def wait_or_go_on(link: Any, seconds: float, wake: Any) -> bool:
            if self.catalogue:
                self.catalogue.complete()
            if self._unfinished(link._config.mailbox_name):
                self.clock.turn()
                return False
            if self.unseen:
                self.unseen = False
                return False
            if self.run.idle:
                return wait(link, seconds, wake)
            if self._deliver():
                return False
            self._rest()
            return wait(link, seconds, wake)

        return wait_or_go_on

    def _said(self, command: str) -> None:
        """Mail comes in the middle of a fetch, or while the worker idles."""
        if command == "IDLE" and not self._deliver():
            self._rest()
        elif command == "UID FETCH" and not self.run.idle:
            self.unseen = self._deliver() or self.unseen

    def _deliver(self) -> bool:
        """Deliver the next mail; False where all were."""
        for source, target in self.run.later:
            if source.exists():
                source.rename(target)
                return True
        return False

    def _rest(self) -> None:
        """Nothing is left to do in one mailbox; the worker is told to end when that is so in all of them."""
        self.resting.add(threading.get_ident())
        if len(self.resting) >= len(self.run.mailboxes):
            os.kill(os.getpid(), signal.SIGTERM)

    def _unfinished(self, name: str) -> int:
        """How many mails of a mailbox wait for a later time or are to be moved yet."""
        of_it = f"JOIN mailbox ON mailbox.id = mailbox_id WHERE name = '{name}'"
        questions = [f"SELECT count(*) FROM {table} {of_it}" for table in ("deferral", "death")]
        if self.run.config.filing == "move":
            questions.append(f"SELECT count(*) FROM receipt {of_it} AND filed_folder IS NULL")
        return sum(int(self.run.database.ask(question)[0][0]) for question in questions)


def _tell_of_leading(pair: Pair) -> None:
    """Tell when the lease is taken; while it is another's, ask for it more often than once a second."""
    take = LeaseDuty.take

    def take_and_tell(self: LeaseDuty) -> bool:
        taken = take(self)
        if taken:
            os.write(pair.leads, b"!")
        return taken

    swap(LeaseDuty, "take", take_and_tell)
    swap(schedule, "STAND_BY_SECONDS", 0.05)


def _misbehave(clock: Clock) -> None:
    """Some mails kill who reads them, meet a bug, or are kept back by the server."""
    decide, fetch = child.decide, Mailbox.fetch

    def decide_or_die(mail: RawMail, directory: Any) -> Any:
        if DEADLY in mail.raw:
            os.kill(os.getpid(), signal.SIGKILL)
        if BUGGY in mail.raw:
            raise ZeroDivisionError
        return decide(mail, directory)

    def fetch_or_not(self: Mailbox, uids: Sequence[int]) -> Iterator[RawMail | Unfetched]:
        for each in fetch(self, uids):
            withheld = isinstance(each, RawMail) and (
                WITHHELD in each.raw or (LATE in each.raw and clock.now < START + 2 * ROUND)
            )
            yield Unfetched(each.uid, "the server keeps it back") if withheld else each

    swap(child, "decide", decide_or_die)
    swap(Mailbox, "fetch", fetch_or_not)


class ForkedReader:
    """Stands for subprocess.Popen: a reader that is warm when it starts. It keeps nothing but what is passed to it."""

    def __init__(self, command: Sequence[str], *, pass_fds: Sequence[int], **_options: Any) -> None:
        self.returncode: int | None = None
        self.pid = os.fork()
        if not self.pid:
            _read_until_alone(command, pass_fds)

    def kill(self) -> None:
        if self.returncode is None:
            os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        if self.returncode is None:
            self.returncode = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.returncode


def _read_until_alone(command: Sequence[str], kept: Sequence[int]) -> None:
    try:
        os.setsid()
        for number in [int(each.name) for each in Path("/proc/self/fd").iterdir()]:
            if number > 2 and number not in kept:
                _close(number)
        child.main(command[command.index("-m") + 2 :])
    finally:
        os._exit(0)


def _close(number: int) -> None:
    try:
        os.close(number)
    except OSError:
        return  # the one that the list was read through


def live(run: Run) -> None:
    """Be that worker; never returns. The names of the points it reached are in `log`.points at its end."""
    status = 1
    try:
        os.setpgid(0, 0)
        log = os.open(run.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(log, 1)
        os.dup2(log, 2)
        pair = run.pair
        if pair and pair.after is not None:
            os.read(pair.after, 1)
        points = Points(run.last_point, stand_still if pair and pair.stops else die)
        status = Life(run, points, Clock(run.started)).live()
        run.log.with_suffix(".points").write_text(json.dumps(points.names))
    except BaseException:  # noqa: BLE001 -- a fork must not return into the tests
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
