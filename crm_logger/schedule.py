"""When the worker looks: at the start, at every tick of APScheduler, when the server tells of new mail; and when it stops."""

from __future__ import annotations

import contextlib
import logging
import random
import signal
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from crm_logger.bell import Bell
from crm_logger.intake import Intake, Turn
from crm_logger.isolation import Reader, ReaderError
from crm_logger.logs import start_logging
from crm_logger.mailbox import MailboxAway, MailboxMisconfigured, MailboxRefused, connect
from crm_logger.store import Store, StoreError
from crm_logger.systemd import notify

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_logger.config import Config

log = logging.getLogger("crm_logger.schedule")

EX_OK, EX_TEMPFAIL, EX_NOPERM, EX_CONFIG = 0, 75, 77, 78  # sysexits.h
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 300.0
REFUSED_PAUSE = 1800.0  # a server that counts failed logins locks the account
AUDIT_HOURS = 24


def run(config: Config, *, once: bool = False, dry_run: bool = False) -> int:
    """Take in mail until a signal comes, or once; return the exit status (sysexits.h).

    `dry_run` decides about everything that waits, prints it and changes nothing; it looks once.
    """
    start_logging(config)
    try:
        store = Store.open(config.database_url, _now())
    except StoreError as trouble:
        log.error("%s", trouble)  # noqa: TRY400 -- a sentence, no traceback
        return EX_CONFIG
    with contextlib.closing(store), _rung_by_signals() as worker_bell:
        worker = Worker(config, store, worker_bell)
        return worker.look_once(dry_run=dry_run) if once or dry_run else worker.serve()


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
    """Looks into one mailbox. The scheduler only rings the bell, so a poll can neither pile up nor be skipped for ever."""

    def __init__(self, config: Config, store: Store, bell: StopBell) -> None:
        self.config = config
        self.store = store
        self.bell = bell
        self._pause = FIRST_PAUSE
        self._audit_due = True

    def look_once(self, *, dry_run: bool) -> int:
        """Look once at the whole folder; return the exit status."""
        try:
            with connect(self.config) as mailbox, Reader() as reader:
                intake = Intake(self.config, self.store, mailbox, reader, _now, self._stopping, click.echo)
                self._tell(intake.turn(whole=True, dry_run=dry_run))
        except MailboxRefused as trouble:
            return self._failed(trouble, EX_NOPERM)
        except MailboxMisconfigured as trouble:
            return self._failed(trouble, EX_CONFIG)
        except (MailboxAway, ReaderError, StoreError) as trouble:
            return self._failed(trouble, EX_TEMPFAIL)
        return EX_OK

    def serve(self) -> int:
        """Look now, at every interval and whenever the server tells of new mail, until the bell says stop."""
        scheduler = self._scheduler()
        scheduler.start()
        notify("READY=1")
        log.info("started", extra={"mailbox": self.config.imap_user, "folder": self.config.imap_folder})
        try:
            while not self._stopping():
                self._session()
        finally:
            notify("STOPPING=1")
            scheduler.shutdown(wait=False)
        log.info("stopped")
        return EX_OK

    def _scheduler(self) -> BackgroundScheduler:
        """APScheduler 3 drops a late job after one second unless told otherwise, and works in local time."""
        scheduler = BackgroundScheduler(
            timezone="UTC",
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        scheduler.add_job(self.bell.ring, "interval", seconds=self.config.poll_interval, id="poll")
        scheduler.add_job(self._want_audit, "interval", hours=AUDIT_HOURS, id="audit")
        return scheduler

    def _want_audit(self) -> None:
        self._audit_due = True
        self.bell.ring()

    def _session(self) -> None:
        """One connection, until it breaks or the worker stops."""
        try:
            with connect(self.config) as mailbox, Reader() as reader:
                intake = Intake(self.config, self.store, mailbox, reader, _now, self._stopping)
                while not self._stopping():
                    self._look(intake)
                    mailbox.wait(2 * self.config.poll_interval, self.bell.socket)
        except MailboxRefused as trouble:
            self._rest(trouble, REFUSED_PAUSE)
        except MailboxMisconfigured as trouble:
            self._rest(trouble, LONGEST_PAUSE)
        except MailboxAway as trouble:
            self._rest(trouble, trouble.retry_after or self._next_pause())
        except (ReaderError, StoreError) as trouble:
            self._rest(trouble, self._next_pause())

    def _look(self, intake: Intake) -> None:
        self.bell.silence()
        audit, self._audit_due = self._audit_due, False
        turn = intake.turn(whole=audit)
        self._pause = FIRST_PAUSE
        notify("WATCHDOG=1")
        if turn.outcomes or audit:
            self._tell(turn)

    def _rest(self, trouble: Exception, seconds: float) -> None:
        log.error("%s", trouble, extra={"next_try_in": round(seconds)})
        self._audit_due = True
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

    def _failed(self, trouble: Exception, status: int) -> int:
        log.error("%s", trouble)
        return status
