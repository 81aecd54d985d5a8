"""The watchdog: ends a worker that hangs, so that whoever started it starts it again. A crash loses nothing; a hang would."""

from __future__ import annotations

import faulthandler
import logging
import os
import sys
import threading
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger("crm_logger.watchdog")

TICK: Final = 0.5
GRACE: Final = 5.0
"""Seconds from the order to stop until a command that the server does not answer is cut off."""
LAST_GRACE: Final = 8.0
"""And until the process ends whatever it is at: a worker has 10 seconds."""


def end_process(status: int) -> None:
    """Write where every thread stands to standard error, and end without a further word."""
    faulthandler.dump_traceback(sys.__stderr__ or 2)
    os._exit(status)


class Watchdog:
    """Wants a sign of life every `seconds`; a sign is a finished look, an answered command, a mail that was taken in.

    The time in which the whole machine stood still is not counted. `cut` breaks the connection from outside,
    `stopping` tells that the worker was ordered to stop, `end` ends the process with a status.
    """

    def __init__(
        self,
        seconds: float,
        stopping: Callable[[], bool],
        end: Callable[[int], None] = end_process,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.seconds = seconds
        self.cut: Callable[[], None] = _nothing
        self._stopping = stopping
        self._end = end
        self._clock = clock
        self._left = seconds
        self._stops = 0.0
        self._last = clock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> None:
        """Watch from now on."""
        self._last = self._clock()
        self._thread.start()

    def feed(self, rest: float = 0.0) -> None:
        """A sign of life; `rest` seconds without another are planned."""
        self._left = rest + self.seconds

    def close(self) -> None:
        """Watch no more."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(TICK):
            self.tick()

    def tick(self) -> None:
        """Count the time since the last tick, and act where it is up."""
        now = self._clock()
        passed, self._last = min(now - self._last, 4 * TICK), now
        if self._stopping():
            self._count_stop(passed)
            return
        self._left -= passed
        if self._left <= 0:
            log.critical(
                "no look at the mailbox came to its end for too long: the worker hangs and ends itself, to be started again",
                extra={"seconds": round(self.seconds)},
            )
            self._end(os.EX_TEMPFAIL)

    def _count_stop(self, passed: float) -> None:
        before, self._stops = self._stops, self._stops + passed
        if before < GRACE <= self._stops:
            log.warning("the server does not answer: cutting the connection in order to stop")
            self.cut()
        if before < LAST_GRACE <= self._stops:
            log.error(
                "the worker hangs: it ends in the middle of what it is at, and the next one takes that up"
            )
            self._end(os.EX_TEMPFAIL)


def _nothing() -> None:
    """Stands where there is no connection."""
