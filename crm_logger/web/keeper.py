"""What goes on beside the requests: the search index is kept filled, and mails that wait are taken in again."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

from crm_logger.store import search

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_logger.web.site import Site

log = logging.getLogger("crm_logger.web.keeper")

PAUSE = 5.0
"""Seconds; a mail is to be found within ten."""

_AT_ONCE = 200


class Keeper:
    """A thread that works until it is told to end."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._ended = Event()

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
        while not self._ended.wait(PAUSE):
            try:
                self.turn()
            except Exception:
                # The database may be away for a while; the next turn tries again, and the pages tell what is wrong.
                log.exception("the index was not filled")

    def turn(self) -> None:
        """Fill the index with what was logged since; in small steps, so that the worker never waits for long."""
        with self._site.reading():
            behind = search.is_behind()
        while behind and not self._ended.is_set():
            with self._site.writing():
                behind = search.index_mails(_AT_ONCE) == _AT_ONCE
