"""How often somebody may try to sign in."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

WINDOW = timedelta(minutes=15)
TRIES = 5
"""So many failures for one address within the window; four times as many from one place."""

_REMEMBERED = 10_000


@dataclass(slots=True)
class Throttle:
    """Counts failures by a key; kept in memory, which one process has for all its threads."""

    _failures: OrderedDict[str, list[datetime]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def wait(self, key: str, now: datetime, tries: int = TRIES) -> timedelta:
        """How long the key must wait; nought where it may try."""
        with self._lock:
            recent = self._recent(key, now)
        return recent[-tries] + WINDOW - now if len(recent) >= tries else timedelta(0)

    def failed(self, key: str, now: datetime) -> None:
        """Count a failure."""
        with self._lock:
            self._failures[key] = [*self._recent(key, now), now]
            self._failures.move_to_end(key)
            if len(self._failures) > _REMEMBERED:
                self._failures.popitem(last=False)

    def worked(self, key: str) -> None:
        """Forget the failures."""
        with self._lock:
            self._failures.pop(key, None)

    def _recent(self, key: str, now: datetime) -> list[datetime]:
        return [at for at in self._failures.get(key, ()) if at + WINDOW > now]
