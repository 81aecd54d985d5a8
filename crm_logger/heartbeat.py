"""The dead-man's switch: an address outside that is called after finished looks, and raises the alarm when no call comes."""

from __future__ import annotations

import logging
import time
import urllib.request
from http.client import HTTPException
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger("crm_logger.heartbeat")

EVERY: Final = 60.0
TIMEOUT: Final = 5.0


class Heartbeat:
    """Calls `url` at most once a minute; whatever comes of it, the worker goes on."""

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._url = url
        self._clock = clock
        self._next = clock()
        self._failing = False

    def due(self) -> bool:
        """Whether it is time for a call; then it counts as made."""
        now = self._clock()
        if not self._url or now < self._next:
            return False
        self._next = now + EVERY
        return True

    def call(self) -> None:
        """Call once; the first failure of a row is told. The address may hold a secret and is never shown."""
        try:
            request = urllib.request.Request(self._url, headers={"User-Agent": "crm-logger"})  # noqa: S310 -- the setting takes http and https alone
            with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310 -- the same
                answer.read(1000)
        except (OSError, HTTPException, ValueError) as trouble:
            if not self._failing:
                log.warning("PING_URL does not answer", extra={"error": type(trouble).__name__})
            self._failing = True
        else:
            self._failing = False
