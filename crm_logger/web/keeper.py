"""What goes on beside the requests: what the worker leaves undone of the catalogue, and mails that wait are taken in again."""

from __future__ import annotations

import logging
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import TYPE_CHECKING

from crm_logger import catalogue
from crm_logger.store import search
from crm_logger.web.taking import MailboxIsAway

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_logger.web.site import Site

log = logging.getLogger("crm_logger.web.keeper")

PAUSE = 5.0
"""Seconds; a mail is to be found within ten, also where no worker keeps the catalogue."""

_PATIENCE = 6
"""Every so many turns mails that wait are tried again."""


class Keeper:
    """A thread that works until it is told to end."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._ended = Event()
        self._was_behind = False

    @contextmanager
    def working(self) -> Iterator[None]:
        """Work while the pages are served."""
        thread = Thread(target=self._run, name="keeper", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._ended.set()
            thread.join(PAUSE)

    def _run(self) -> None:
        turns = 0
        while not self._ended.wait(PAUSE):
            turns += 1
            try:
                self.complete_catalogue()
                if turns % _PATIENCE == 0:
                    self.take_in()
            except Exception:
                # The database may be away for a while; the next turn tries again, and the pages tell what is wrong.
                log.exception("what goes on beside the pages did not go on")

    def take_in(self) -> None:
        """Take in again what waits because the mailbox was away, or because there was much of it."""
        with suppress(MailboxIsAway):
            while self._site.taker.take():
                pass

    def complete_catalogue(self) -> None:
        """Take in what the worker left undone, be it off or a long way behind, from the second turn on."""
        with self._site.reading():
            behind = search.is_behind()
        while behind and self._was_behind and not self._ended.is_set():
            behind = catalogue.step(self._site.store)
        self._was_behind = behind
