"""What follows the commit: logged mail goes into the search index and into its conversation, in order and in small steps."""

from __future__ import annotations

import time
from contextlib import suppress
from threading import Event
from typing import TYPE_CHECKING, Final

from crm_logger.store import StoreError, conversations, search

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm_logger.store import Store

STEP: Final = 50
"""So many mails at once: a mail that arrives meanwhile waits for some milliseconds."""
LARGE_STEP: Final = 200
"""So many at once where no mail is waited for: of larger steps the search index makes less work."""

SECONDS: Final = 1.0
_TURN: Final = 0.5
CHECKPOINT_SECONDS: Final = 5.0


def step(store: Store, most: int = STEP) -> bool:
    """Take the next mails; True where there may be more. Two programs may do so at the same time: each mail goes in once."""
    with store.reading():
        if not (search.is_behind() or conversations.is_behind()):
            return False
    with store.writing(outlives_power_cut=False):  # what is lost is behind again, and gone through once more
        indexed, joined = search.index_mails(most), conversations.join(most)
    return most in (indexed, joined)


class Catalogue:
    """Kept by the worker while it waits for mail; while it takes mail in, by one step a second, so that intake pays little."""

    def __init__(self, store: Store, stopping: Callable[[], bool]) -> None:
        self.idle = Event()
        self._store = store
        self._stopping = stopping
        self._checkpoint_due = 0.0
        self._fails = False

    def keep(self) -> None:
        """Take what is there for half a second; called every second. The worker itself tells of a database that is away."""
        end = time.monotonic() + _TURN
        with suppress(StoreError):
            self._take(end)
            if self.idle.is_set() and end >= self._checkpoint_due:
                self._store.checkpoint()
                self._checkpoint_due = end + CHECKPOINT_SECONDS

    def complete(self) -> None:
        """Take all there is."""
        while step(self._store, LARGE_STEP) and not self._stopping():
            pass

    def keep_pace(self) -> None:
        """Take what was just recorded, while the reader reads on; called between two batches where the worker looks only once.

        What fails here fails again in complete(), after the mail: it must hold no mail up.
        """
        if not self._fails:
            try:
                step(self._store, LARGE_STEP)
            except Exception:  # noqa: BLE001 -- see above
                self._fails = True

    def _take(self, end: float) -> None:
        while step(self._store) and self.idle.is_set() and not self._stopping():
            if time.monotonic() > end:
                break
