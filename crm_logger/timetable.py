"""What happens at fixed times: APScheduler rings for polls and audits, and does the chores. Its failures are alarms."""

from __future__ import annotations

import logging
import time
from collections import Counter
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final

from crm_logger import chores
from crm_logger.alarms import AlarmKind
from crm_logger.heartbeat import Heartbeat

if TYPE_CHECKING:
    from collections.abc import Callable

    from apscheduler.events import JobExecutionEvent, JobSubmissionEvent
    from apscheduler.schedulers.background import BackgroundScheduler

    from crm_logger.alarms import Alarms
    from crm_logger.config import Config

log = logging.getLogger("crm_logger.timetable")

AUDIT_HOURS: Final = 24
BACKUP_MINUTES: Final = 15
"""How often is looked whether a backup is due."""
FAILURES: Final = 3
HANGS: Final = 3600.0
"""A job that is at it for so many seconds hangs: no other is begun beside it, and none after it."""

THREADS: Final = {"default": 1, "chores": 2, "watch": 1}
"""Chores may hang, all of them at once: the polls are rung for, and whether they are stale is asked, all the same."""


class Failures:
    """Counts what fails time after time because of a bug; from the third time on it is an alarm."""

    def __init__(self, alarms: Alarms) -> None:
        self._alarms = alarms
        self._times: Counter[str] = Counter()

    def failed(self, what: str, error: BaseException) -> None:
        """Tell of an exception that nobody expected, with its traceback."""
        self._times[what] += 1
        log.error("a bug in %s", what, exc_info=error, extra={"times": self._times[what]})
        if self._times[what] >= FAILURES:
            times = f"{self._times[what]} times in a row"
            self._alarms.sound(
                AlarmKind.JOB, f"{what} failed {times}, last with {type(error).__name__}: see the log."
            )

    def worked(self, what: str) -> None:
        """Count from nought again."""
        self._times[what] = 0


class Timetable:
    """The scheduler only rings, so a poll can neither pile up nor be skipped for ever; chores have threads of their own.

    So has the question whether polls are `stale`, which is asked now and then.
    Where the clock is set back the scheduler is silent until that time has come again: whoever waits for a ring must
    not wait for it alone. `give_up` ends the program, which APScheduler would swallow.
    """

    def __init__(
        self,
        config: Config,
        alarms: Alarms,
        *,
        stopping: Callable[[], bool],
        give_up: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.failures = Failures(alarms)
        self._config = config
        self._alarms = alarms
        self._stopping = stopping
        self._give_up = give_up
        self._clock = clock
        self._busy: dict[str, float] = {}
        self._heartbeat = Heartbeat(config.ping_url)

    @cached_property
    def _scheduler(self) -> BackgroundScheduler:
        # Imported on first use: a single look has none for it.
        from apscheduler import events  # noqa: PLC0415 -- see above
        from apscheduler.executors.pool import ThreadPoolExecutor  # noqa: PLC0415 -- the same
        from apscheduler.schedulers.background import BackgroundScheduler  # noqa: PLC0415 -- the same

        # APScheduler 3 drops a late job after one second unless told otherwise, and works in local time.
        scheduler = BackgroundScheduler(
            timezone="UTC",
            executors={name: ThreadPoolExecutor(threads) for name, threads in THREADS.items()},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        scheduler.add_listener(self._count, events.EVENT_JOB_ERROR | events.EVENT_JOB_EXECUTED)
        scheduler.add_listener(self._skipped, events.EVENT_JOB_MAX_INSTANCES)
        return scheduler

    def start(self, poll: Callable[[], None], audit: Callable[[], None], stale: Callable[[], None]) -> None:
        """Ring from now on."""
        interval = self._config.poll_interval
        self._scheduler.add_job(poll, "interval", seconds=interval, id="ring")
        self._scheduler.add_job(audit, "interval", hours=AUDIT_HOURS, id="audit")
        self._scheduler.add_job(stale, "interval", seconds=max(interval, 10.0), id="stale", executor="watch")
        if self._config.backup_dir:
            self.chore("backup", self._back_up, seconds=60 * BACKUP_MINUTES)
            self.chore("first backup", self._back_up)
        else:  # what was wrong with a folder that the settings name no longer is over
            self._alarms.clear(AlarmKind.BACKUP)
        self._scheduler.start()

    def chore(self, name: str, work: Callable[[], object], *, seconds: float | None = None) -> None:
        """Do something beside the mail: once, or every so many seconds."""
        when = {} if seconds is None else {"trigger": "interval", "seconds": seconds}
        self._scheduler.add_job(work, id=name, executor="chores", replace_existing=True, **when)

    def close(self) -> None:
        """Ring no more, and wait for what is being done: the end of the program would wait for it with nobody to watch."""
        self._scheduler.shutdown(wait=True)

    def looked(self) -> None:
        """A look at the mailbox came to its end: call the dead-man's switch, where it is time."""
        if self._heartbeat.due():
            self.chore("ping", self._heartbeat.call)

    def _back_up(self) -> None:
        chores.back_up(self._config, self._alarms, datetime.now(UTC), self._stopping)

    def _count(self, event: JobExecutionEvent) -> None:
        """APScheduler swallows whatever a job raises, even the wish to end the program."""
        self._busy.pop(event.job_id, None)
        if event.exception is None:
            self.failures.worked(event.job_id)
        elif isinstance(event.exception, SystemExit):
            self._give_up(f"the job {event.job_id} ended the program")
        else:
            self.failures.failed(event.job_id, event.exception)

    def _skipped(self, event: JobSubmissionEvent) -> None:
        """APScheduler skips a job for as long as it is still at it, be it for ever."""
        since = self._busy.setdefault(event.job_id, self._clock())
        if self._clock() - since >= HANGS:
            self._alarms.sound(
                AlarmKind.JOB,
                f"{event.job_id} has not come to its end for an hour: look what it waits for, and start the service again.",
            )
