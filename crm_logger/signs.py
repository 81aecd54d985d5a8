"""Signs of life: where the worker stands is told to its own watchdog, to systemd, and to the dead-man's switch."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from crm_logger.alarms import AlarmKind
from crm_logger.systemd import SystemdWatchdog
from crm_logger.watchdog import Watchdog

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm_logger.alarms import Alarming
    from crm_logger.config import Config

POLLS: Final = 10
LEAST: Final = 600.0
"""A worker hangs where no look came to its end in 10 intervals, and in no less than 10 minutes."""
LATER: Final = 60.0
"""systemd waits so much longer: the worker's own watchdog says where it hung."""
HANGS: Final = 60.0
"""A loop that gives no sign for so long, while nothing is under way that has a deadline of its own, loses its mailbox to another worker.

That is sooner than the watchdog ends it, because another takes its place at no cost.
"""
STALE_POLLS: Final = 3
STALE_SLACK: Final = 10.0
_EVERY: Final = 1.0


class Signs:
    """Fed with what happened; `stale()` is asked now and then by the scheduler."""

    def __init__(
        self,
        config: Config,
        alarms: Alarming,
        stopping: Callable[[], bool],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        seconds = max(POLLS * config.poll_interval, LEAST)
        self.watchdog = Watchdog(seconds, stopping)
        self._systemd = SystemdWatchdog(seconds + LATER)
        self._alarms = alarms
        self._clock = clock
        self._stale_after = STALE_POLLS * config.poll_interval + STALE_SLACK
        self._last = clock()
        self._rest = 0.0
        self._awaited = self._last
        self.deadline: Callable[[], float] = lambda: 0.0
        """Until when the command that is under way may take, by the same clock; it ends by itself then."""

    def looked(self) -> None:
        """A look at the mailbox came to its end, or the server answered that it is still there."""
        self._feed()
        self._alarms.clear(AlarmKind.POLL_STALE)

    def went_on(self) -> None:
        """A mail was dealt with; told of at most once a second."""
        if self._clock() - self._last >= _EVERY:
            self._feed()

    def rests(self, seconds: float) -> None:
        """The attempt was answered by some trouble, and the next one is so many seconds away, as planned."""
        self._feed(seconds)

    def waits(self, seconds: float) -> None:
        """No sign is to be expected for so long: what is waited for has an end of its own."""
        self._awaited = self._clock() + seconds

    @property
    def hangs(self) -> bool:
        """Whether the loop has stopped to move, though nothing was to be waited for."""
        return self._clock() - max(self._last + self._rest, self._awaited, self.deadline()) > HANGS

    @property
    def is_stale(self) -> bool:
        """Whether no look came to its end for three intervals, though none was to be waited for."""
        return self._clock() - self._last > self._stale_after + self._rest

    def stale(self) -> None:
        """Raise the alarm where that is so."""
        if self.is_stale:
            minutes = round((self._clock() - self._last) / 60)
            self._alarms.sound(
                AlarmKind.POLL_STALE, f"No look at the mailbox came to its end for {minutes} minutes."
            )

    def _feed(self, rest: float = 0.0) -> None:
        self._last, self._rest = self._clock(), rest
        self.watchdog.feed(rest)
        self._systemd.feed(rest)
