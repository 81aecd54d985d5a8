"""The worker as a whole: one at a time on a database, its mailboxes' loops, the timetable that rings them, and when it stops."""

from __future__ import annotations

import contextlib
import gc
import logging
import signal
from datetime import UTC, datetime
from threading import Thread
from typing import TYPE_CHECKING

from crm_logger.alarms import Alarms
from crm_logger.bell import StopBell
from crm_logger.catalogue import SECONDS as CATALOGUE_SECONDS
from crm_logger.catalogue import Catalogue
from crm_logger.isolation import Reader
from crm_logger.logs import start_logging
from crm_logger.loop import EX_CONFIG, EX_NOPERM, EX_OK, EX_TEMPFAIL, Loop, Shared
from crm_logger.store import Store, StoreError
from crm_logger.store.duty import duty_for
from crm_logger.systemd import notify
from crm_logger.timetable import Timetable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crm_logger.config import Config
    from crm_logger.store.duty import Duty
    from crm_logger.store.lease import LeaseDuty

__all__ = ["EX_CONFIG", "EX_NOPERM", "EX_OK", "EX_TEMPFAIL", "StopBell", "Worker", "run"]

log = logging.getLogger("crm_logger.schedule")

CHECK_SECONDS = 30.0
STAND_BY_SECONDS = 1.0


def run(
    config: Config,
    mailboxes: Sequence[Config] = (),
    *,
    once: bool = False,
    dry_run: bool = False,
    reader: Reader | None = None,
) -> int:
    """Take in mail until a signal comes, or once; return the exit status (sysexits.h).

    `mailboxes` are the settings of each where there are several.

    `dry_run` decides about everything that waits, prints it and changes nothing; it looks once. For a single look there
    may be a `reader` that was started already.
    """
    start_logging(config)
    try:
        with _rung_by_signals() as bell:
            if dry_run:
                with contextlib.closing(Store.open(config.database_url, _now())) as store:
                    return Worker(config, store, bell, mailboxes).look_once(dry_run=True, reader=reader)
            names = [each.mailbox_name for each in mailboxes or (config,)]
            duty = duty_for(config.database_url, names, _now())
            with contextlib.closing(duty):
                return _on_duty(config, mailboxes, duty, bell, once=once, reader=reader)
    except StoreError as trouble:
        log.critical("%s", trouble)
        return EX_TEMPFAIL if trouble.temporary else EX_CONFIG


def _on_duty(  # noqa: PLR0913 -- each is another part of what run() has made
    config: Config,
    mailboxes: Sequence[Config],
    duty: Duty | LeaseDuty,
    bell: StopBell,
    *,
    once: bool,
    reader: Reader | None,
) -> int:
    """Work once no other worker does."""
    if not duty.take():
        if once:
            log.error(
                "another worker is at work on this database: run --once needs it to end first",
                extra={"worker": duty.holder()},
            )
            return EX_TEMPFAIL
        if not _stand_by(duty, bell):
            return EX_OK
    with contextlib.closing(Store.open(config.database_url, _now()).led_by(duty.lead)) as store:
        if not store.require_sound(CHECK_SECONDS):
            log.warning("the database is too large to look through now: crm-logger check reads all of it")
        worker = Worker(config, store, bell, mailboxes)
        duty.lost = worker.give_up
        if once:
            return worker.look_once(dry_run=False, reader=reader)
        duty.moves = worker.moves
        return worker.serve()


def _stand_by(duty: Duty | LeaseDuty, bell: StopBell) -> bool:
    """Wait until the worker that is on duty ends, however it does; False where this one is to stop before that."""
    notify("READY=1\nSTATUS=standing by: another worker is at work")
    log.warning(
        "standing by: another worker is at work on this database; this one takes over when that one ends",
        extra={"worker": duty.holder()},
    )
    while not bell.stopped:
        bell.sleep(STAND_BY_SECONDS, lambda: bell.stopped)
        notify("WATCHDOG=1")
        if duty.take():
            log.warning("taking over: the other worker has ended")
            return True
    return False


def _now() -> datetime:
    return datetime.now(UTC)


@contextlib.contextmanager
def _rung_by_signals() -> Iterator[StopBell]:
    """Signal handlers only set a flag and ring; the worker itself decides where it can stop."""
    bell = StopBell()
    kept = {
        number: signal.signal(number, lambda *_: bell.stop()) for number in (signal.SIGTERM, signal.SIGINT)
    }
    # A handler runs between two steps of Python: a signal that comes in the moment before select() would wait with it.
    woken = signal.set_wakeup_fd(bell.hammer, warn_on_full_buffer=False)
    try:
        yield bell
    finally:
        signal.set_wakeup_fd(woken)
        for number, former in kept.items():
            signal.signal(number, former)
        bell.close()


class Worker:
    """The loops of all mailboxes, with what they share: the timetable, the alarms, the catalogue.

    The first loop runs in the thread that serves, each other one in its own: none holds another up.
    """

    def __init__(
        self, config: Config, store: Store, bell: StopBell, mailboxes: Sequence[Config] = ()
    ) -> None:
        self.store = store
        self.bell = bell
        self.alarms = Alarms(store, _now)
        self._timetable = Timetable(config, self.alarms, stopping=self._stopping, give_up=self.give_up)
        self._catalogue = Catalogue(store, self._stopping)
        self._status = EX_OK
        shared = Shared(
            store,
            self.alarms,
            self._timetable.failures,
            self._catalogue.idle,
            self._catalogue.keep_pace,
            self._looked,
            self.give_up,
            lambda: _now(),  # noqa: PLW0108 -- the tests of what time does put another clock there
        )
        first, *others = mailboxes or (config,)
        self.loops = [Loop(first, shared, bell)]
        self.loops += [Loop(each, shared, bell.follower()) for each in others]

    def look_once(self, *, dry_run: bool, reader: Reader | None = None) -> int:
        """Look once into each mailbox; return the first exit status that is not 0, else 0. The reader is closed."""
        with reader or Reader() as shared:
            statuses = [loop.look_once(shared, dry_run=dry_run) for loop in self.loops]
        status = next(filter(None, statuses), EX_OK)
        if not status and not dry_run:
            try:
                self._catalogue.complete()
            except StoreError as trouble:
                log.error("%s", trouble)  # noqa: TRY400 -- a sentence for the operator
                return EX_TEMPFAIL
        return status

    def serve(self) -> int:
        """Look now, at every interval and whenever a server tells of new mail, until the bell says stop."""
        self._clear_alarms_of_others()
        for loop in self.loops:
            loop.signs.watchdog.start()
        self._timetable.start(self._ring, self._want_audit, self._watch)
        self._timetable.chore("catalogue", self._catalogue.keep, seconds=CATALOGUE_SECONDS)
        gc.freeze()  # what was loaded by now stays: looking through it again and again would hold mail up
        notify("READY=1\nSTATUS=at work")
        first, *others = self.loops
        threads = [Thread(target=self._serve, args=(loop,), name=loop.config.label) for loop in others]
        try:
            for thread in threads:
                thread.start()
            first.serve()
        finally:
            self.bell.stop()
            for thread in threads:
                thread.join()
            notify("STOPPING=1")
            self._timetable.close()
            for loop in self.loops:
                loop.signs.watchdog.close()
        log.info("stopped")
        return self._status

    def _clear_alarms_of_others(self) -> None:
        """A mailbox that the settings name no longer is nobody's; on a server another worker may look into it."""
        if self.store.file:
            self.alarms.clear_of_others([loop.config.label for loop in self.loops])

    def _serve(self, loop: Loop) -> None:
        """A loop that ends otherwise than it was told to takes the worker along: it is started again as a whole."""
        try:
            loop.serve()
        finally:
            self.store.close()
            if not self._stopping():
                self.give_up(f"the loop of {loop.config.label} ended")

    def give_up(self, why: str, status: int = EX_TEMPFAIL) -> None:
        """End the worker from whatever thread, with a status."""
        log.critical("%s", why)
        self._status = status
        self.bell.stop()

    def moves(self) -> bool:
        """Whether no loop hangs."""
        return not any(loop.signs.hangs for loop in self.loops)

    def _ring(self) -> None:
        for loop in self.loops:
            loop.bell.ring()

    def _want_audit(self) -> None:
        for loop in self.loops:
            loop.want_audit()

    def _watch(self) -> None:
        for loop in self.loops:
            loop.signs.stale()

    def _looked(self) -> None:
        """The dead-man's switch hears of a look only while every mailbox is looked at."""
        if not any(loop.signs.is_stale for loop in self.loops):
            self._timetable.looked()

    def _stopping(self) -> bool:
        return self.bell.stopped
