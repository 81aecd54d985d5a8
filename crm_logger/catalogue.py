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
PATIENCE: Final = 2.0
"""Longer than a batch of mails takes to be recorded."""
LONG_PATIENCE: Final = 15.0
"""Longer than a database lets a writer stand still."""


def step(store: Store, most: int = STEP, patience: float = PATIENCE) -> bool:
    """Take the next mails; True where there may be more. Of several programs one does so, and nobody waits for it.

    Mails go in by their numbers, in order, and a mail that is being recorded has one that is lower than others which
    are there: so only those are taken that were there when everybody ended who wrote at that moment.
    """
    with store.reading():
        if not (search.is_behind() or conversations.is_behind()):
            return False
        newest = search.newest()
    if not store.writers_ended(patience):
        return False
    with store.cataloguing() as alone:
        if not alone:
            return False
        indexed, joined = search.index_mails(most, newest), conversations.join(most, newest)
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
        while step(self._store, LARGE_STEP, LONG_PATIENCE) and not self._stopping():
            pass

    def keep_pace(self) -> None:
        """Take what was just recorded, while the reader reads on; called between two batches where the worker looks only once.

        What fails here fails again in complete(), after the mail: it must hold no mail up.
        """
        if not self._fails:
            try:
                step(self._store, LARGE_STEP, patience=0)
            except Exception:  # noqa: BLE001 -- see above
                self._fails = True

    def _take(self, end: float) -> None:
        while step(self._store) and self.idle.is_set() and not self._stopping():
            if time.monotonic() > end:
                break
