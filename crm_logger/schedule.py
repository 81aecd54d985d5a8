"""When the worker looks: at the start, when the timetable rings, when the server tells of new mail; and when it stops."""

from __future__ import annotations

import contextlib
import logging
import random
import signal
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from crm_logger.alarms import OF_THE_MAILBOX, AlarmKind, Alarms
from crm_logger.audit import audit, told_of
from crm_logger.bell import Bell
from crm_logger.catalogue import SECONDS as CATALOGUE_SECONDS
from crm_logger.catalogue import Catalogue
from crm_logger.core.model import Outcome
from crm_logger.fullness import watch_fullness
from crm_logger.intake import Intake, Turn
from crm_logger.isolation import Reader, ReaderError
from crm_logger.logs import start_logging
from crm_logger.mailbox import (
    MailboxAway,
    MailboxError,
    MailboxMisconfigured,
    MailboxRefused,
    Memory,
    Why,
    connect,
)
from crm_logger.patience import Patience, State
from crm_logger.signs import Signs
from crm_logger.space import shortage
from crm_logger.store import Store, StoreCorruptError, StoreError, accounting, limits
from crm_logger.store.connection import database_folder
from crm_logger.store.duty import Duty
from crm_logger.systemd import notify
from crm_logger.timetable import Timetable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_logger.config import Config
    from crm_logger.mailbox import Mailbox

log = logging.getLogger("crm_logger.schedule")

EX_OK, EX_TEMPFAIL, EX_NOPERM, EX_CONFIG = 0, 75, 77, 78  # sysexits.h
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 300.0
CHECK_SECONDS = 30.0
STAND_BY_SECONDS = 1.0
LOOK_NOTED_SECONDS = 5.0
WAIT = 1.25  # intervals: should the scheduler not ring, a look is taken all the same
IN_VAIN = 5


def run(config: Config, *, once: bool = False, dry_run: bool = False) -> int:
    """Take in mail until a signal comes, or once; return the exit status (sysexits.h).

    `dry_run` decides about everything that waits, prints it and changes nothing; it looks once.
    """
    start_logging(config)
    try:
        with _rung_by_signals() as bell:
            if dry_run:
                with contextlib.closing(Store.open(config.database_url, _now())) as store:
                    return Worker(config, store, bell).look_once(dry_run=True)
            with contextlib.closing(Duty(config.database_url)) as duty:
                return _on_duty(config, duty, bell, once=once)
    except StoreError as trouble:
        log.critical("%s", trouble)
        return EX_TEMPFAIL if trouble.temporary else EX_CONFIG


def _on_duty(config: Config, duty: Duty, bell: StopBell, *, once: bool) -> int:
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
    with contextlib.closing(Store.open(config.database_url, _now())) as store:
        if not store.require_sound(CHECK_SECONDS):
            log.warning("the database is too large to look through now: crm-logger check reads all of it")
        worker = Worker(config, store, bell)
        return worker.look_once(dry_run=False) if once else worker.serve()


def _stand_by(duty: Duty, bell: StopBell) -> bool:
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


class StopBell(Bell):
    """The bell of a worker, which also remembers that it is to stop."""

    stopped = False

    def stop(self) -> None:
        """Ask the worker to end after the mail in hand."""
        self.stopped = True
        self.ring()


@contextlib.contextmanager
def _rung_by_signals() -> Iterator[StopBell]:
    """Signal handlers only set a flag and ring; the worker itself decides where it can stop."""
    bell = StopBell()
    kept = {
        number: signal.signal(number, lambda *_: bell.stop()) for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield bell
    finally:
        for number, former in kept.items():
            signal.signal(number, former)
        bell.close()


class Worker:
    """Looks into one mailbox, whenever its bell rings."""

    def __init__(self, config: Config, store: Store, bell: StopBell) -> None:
        self.config = config
        self.store = store
        self.bell = bell
        self._pause = FIRST_PAUSE
        self._patience = Patience()
        self._memory = Memory()
        self._in_vain = 0
        self._whole_due = self._audit_due = True
        self.alarms = Alarms(store, _now)
        self.signs = Signs(config, self.alarms, self._stopping)
        self._timetable = Timetable(config, self.alarms, stopping=self._stopping, give_up=self._give_up)
        self._catalogue = Catalogue(store, self._stopping)
        self._looked = -LOOK_NOTED_SECONDS
        self._status = EX_OK

    def look_once(self, *, dry_run: bool) -> int:
        """Look once at the whole folder; return the exit status."""
        if not dry_run and (short := self._shortage()):
            return self._failed(short, EX_TEMPFAIL)
        try:
            with connect(self.config) as mailbox, Reader() as reader:
                intake = Intake(
                    self.config, self.store, mailbox, reader, _now, self._between_mails, click.echo
                )
                turn = intake.turn(whole=True, dry_run=dry_run)
                self._tell(turn)
                if turn.finished and not dry_run:
                    self.store.note_look(intake.place(), turn.up_to, _now())
                    self._watch_limits()
                    self._catalogue.complete()
        except MailboxRefused as trouble:
            return self._failed(trouble, EX_NOPERM)
        except MailboxMisconfigured as trouble:
            return self._failed(trouble, EX_CONFIG)
        except (MailboxAway, ReaderError, StoreError) as trouble:
            return self._failed(trouble, EX_TEMPFAIL)
        return EX_OK

    def serve(self) -> int:
        """Look now, at every interval and whenever the server tells of new mail, until the bell says stop."""
        self.signs.watchdog.start()
        self._timetable.start(self.bell.ring, self._want_audit, self.signs.stale)
        self._timetable.chore("catalogue", self._catalogue.keep, seconds=CATALOGUE_SECONDS)
        notify("READY=1\nSTATUS=at work")
        log.info("started", extra={"mailbox": self.config.imap_user, "folder": self.config.imap_folder})
        try:
            while not self._stopping():
                self._session()
        finally:
            notify("STOPPING=1")
            self._timetable.close()
            self.signs.watchdog.close()
        log.info("stopped")
        return self._status

    def _give_up(self, why: str, status: int = EX_TEMPFAIL) -> None:
        """End the worker from whatever thread, with a status."""
        log.critical("%s", why)
        self._status = status
        self.bell.stop()

    def _want_audit(self) -> None:
        self._whole_due = self._audit_due = True
        self.bell.ring()

    def _session(self) -> None:
        """One connection, until it breaks or the worker stops."""
        try:
            with connect(self.config, self._memory) as mailbox, Reader() as reader:
                self.signs.watchdog.cut = mailbox.cut
                intake = Intake(self.config, self.store, mailbox, reader, _now, self._between_mails)
                while not self._stopping():
                    self._look(intake, mailbox)
                    self._await_mail(mailbox)
                    if mailbox.login_is_due:
                        break
        except MailboxError as trouble:
            self._wait_for_mailbox(trouble)
        except StoreCorruptError as trouble:
            self._give_up(str(trouble), EX_CONFIG)
        except (ReaderError, StoreError) as trouble:
            if isinstance(trouble, StoreError):
                self.alarms.sound(AlarmKind.DATABASE, str(trouble))
            self._rest(trouble, self._next_pause())
        except Exception as bug:  # noqa: BLE001 -- it is told with its traceback; the next attempt may meet no bug
            self._timetable.failures.failed("poll", bug)
            self._rest(bug, self._next_pause())

    def _await_mail(self, mailbox: Mailbox) -> None:
        """Wait for the server or the scheduler. A server that tells of mail and has none is soon listened to less."""
        if self._in_vain > IN_VAIN:
            pause = min(2.0 ** (self._in_vain - IN_VAIN - 1), self.config.poll_interval)
            self.bell.sleep(pause, self._stopping)
        self._catalogue.idle.set()
        told = mailbox.wait(WAIT * self.config.poll_interval, self.bell.socket)
        self._catalogue.idle.clear()
        self._in_vain = self._in_vain + 1 if told else 0

    def _look(self, intake: Intake, mailbox: Mailbox) -> None:
        self.bell.silence()
        if short := self._shortage():
            self.alarms.sound(AlarmKind.DISK, short)
            mailbox.noop()
            self.signs.looked()
            return
        whole, self._whole_due = self._whole_due, False
        turn = intake.turn(whole=whole)
        self._whole_due = self._whole_due or (whole and not turn.finished)
        self._pause = FIRST_PAUSE
        self._in_vain = 0 if turn.outcomes else self._in_vain
        self._tell_what_is_over()
        if turn.finished:
            self._note_look(intake, turn, mailbox, whole=whole)
        if turn.outcomes or whole:
            self._tell(turn)

    def _note_look(self, intake: Intake, turn: Turn, mailbox: Mailbox, *, whole: bool) -> None:
        """A look came to its end. That is written down every few seconds, not for each mail of a burst."""
        now = time.monotonic()
        if whole or now - self._looked >= LOOK_NOTED_SECONDS:
            self.store.note_look(intake.place(), turn.up_to, _now())
            self._looked = now
            self._watch_limits()
        self.alarms.clear(AlarmKind.DISK, AlarmKind.DATABASE)
        self._timetable.failures.worked("poll")
        self._watch_failed(turn.outcomes, whole=whole)
        self.signs.looked()
        self._timetable.looked()
        if whole and self._audit_due:
            self._audit(mailbox)
            watch_fullness(mailbox, self.alarms)
            self._audit_due = False

    def _watch_limits(self) -> None:
        """Tell of the alarm that came with a mail over a limit; it is over when every rate is below its limit again."""
        self.alarms.refresh()
        if self.alarms.is_open(AlarmKind.LIMIT):
            with self.store.reading():
                calm = limits.is_calm(self.config.policy.limits, _now())
            if calm:
                self.alarms.clear(AlarmKind.LIMIT)

    def _audit(self, mailbox: Mailbox) -> None:
        found = audit(self.config, self.store, mailbox)
        for each in found.accounts:
            log.info("audited", extra=told_of(each))
        if difference := found.difference():
            self.alarms.sound(AlarmKind.AUDIT, difference)
        else:
            self.alarms.clear(AlarmKind.AUDIT)

    def _watch_failed(self, outcomes: dict[Outcome, int], *, whole: bool) -> None:
        """A worker that died when it had set a mail aside raised no alarm; the next one does, in its first look."""
        if not (whole or Outcome.FAILED in outcomes or self.alarms.is_open(AlarmKind.SET_ASIDE)):
            return
        with self.store.reading():
            number = accounting.failed()
            unheard = accounting.failed_unheard(AlarmKind.SET_ASIDE)
        if Outcome.FAILED in outcomes or unheard:
            self.alarms.sound(
                AlarmKind.SET_ASIDE,
                f"{number} mails could not be taken in and are set aside: crm-logger receipts --not-logged lists them.",
            )
        elif not number:
            self.alarms.clear(AlarmKind.SET_ASIDE)

    def _shortage(self) -> str:
        return shortage(self.config, database_folder(self.config.database_url))

    def _between_mails(self) -> bool:
        """Asked by the intake whether to stop: where the worker is to end, and where the disk fills up."""
        self.signs.went_on()
        return self._stopping() or bool(self._shortage())

    def _wait_for_mailbox(self, trouble: MailboxError) -> None:
        rest = self._patience.after(trouble, _now(), time.monotonic())
        told = {"state": rest.state.value, "since": rest.since.isoformat(timespec="seconds")}
        if rest.alarm:
            kind = rest.state.value.rstrip("?")
            self.alarms.clear(*OF_THE_MAILBOX - {kind})
            self.alarms.sound(kind, str(trouble))
        if getattr(trouble, "why", None) is Why.TOKEN_EXPIRED and not rest.seconds:
            log.info("%s", trouble)
            return
        self._rest(trouble, rest.seconds, **told)

    def _tell_what_is_over(self) -> None:
        """After a look that came to its end."""
        if (state := self._patience.worked()) is not State.FINE:
            log.info("the mailbox is back", extra={"it_was": state.value})
        self.alarms.clear(*OF_THE_MAILBOX)

    def _rest(self, trouble: Exception, seconds: float, **told: str) -> None:
        log.error("%s", trouble, extra={"next_try_in": round(seconds), **told})
        self._whole_due = True
        self.signs.rests(seconds)
        notify(f"STATUS={told.get('state', 'resting')}: next try in {round(seconds)} s")
        self.bell.sleep(seconds, self._stopping)

    def _next_pause(self) -> float:
        """Twice as long each time, with jitter so that many workers do not come back at once."""
        pause, self._pause = self._pause, min(2 * self._pause, LONGEST_PAUSE)
        return pause * random.uniform(0.8, 1.2)  # noqa: S311 -- jitter is no secret

    def _stopping(self) -> bool:
        return self.bell.stopped

    def _tell(self, turn: Turn) -> None:
        counts = {outcome.value: number for outcome, number in sorted(turn.outcomes.items())}
        log.info("looked", extra={**counts, "deferred": turn.deferred})

    def _failed(self, trouble: Exception | str, status: int) -> int:
        log.error("%s", trouble)
        return status
