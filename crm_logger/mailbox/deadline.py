"""Deadlines by the clock for the commands of one connection, kept by one thread for all of them."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GLANCE: Final = 60.0
"""While nothing is to be done in time the thread looks up so often: a deadline later than that need not wake it."""


@dataclass(slots=True, eq=False)
class Span:
    """What is to be done until then, by the monotonic clock; `late` where it was cut off."""

    until: float
    late: bool = False


class Deadlines:
    """Calls `cut` where something is not done in time.

    A timer for each command would start a thread for each, and have the command wait until that runs.
    """

    def __init__(self, cut: Callable[[], None]) -> None:
        self._cut = cut
        self._changed = threading.Condition()
        self._spans: list[Span] = []
        self._thread: threading.Thread | None = None
        self._wakes = 0.0
        self._closed = False

    @contextmanager
    def within(self, seconds: float) -> Iterator[Span]:
        """Have the body done within so many seconds."""
        span = Span(time.monotonic() + seconds)
        self._begin(span)
        try:
            yield span
        finally:
            with self._changed:
                self._spans.remove(span)

    def last(self) -> float:
        """The latest of them, by the monotonic clock; 0 where there is none."""
        with self._changed:
            return max((span.until for span in self._spans), default=0.0)

    def close(self) -> None:
        """Keep no deadline any more."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def _begin(self, span: Span) -> None:
        with self._changed:
            self._spans.append(span)
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="deadlines", daemon=True)
                self._thread.start()
            elif span.until < self._wakes:
                self._changed.notify()

    def _watch(self) -> None:
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                for span in self._spans:
                    if span.until <= now and not span.late:
                        span.late = True
                        self._cut()
                self._wakes = min([now + GLANCE, *(span.until for span in self._spans if not span.late)])
                self._changed.wait(self._wakes - now)
