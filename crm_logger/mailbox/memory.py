"""What is remembered of a server from one connection to the next; losing it costs time and nothing else."""

from __future__ import annotations

import logging
import time
from collections import Counter
from typing import TYPE_CHECKING, Final

from crm_logger.oauth import Tokens

if TYPE_CHECKING:
    from crm_logger.config import Config

log = logging.getLogger("crm_logger.mailbox")

GIVEN_UP: Final = 4
"""A mail is put off when the connection broke so often while it was fetched, the last two times alone."""
FILINGS: Final = 5
"""So often in a row is it tried to file a mail that the server refuses to move."""
AGAIN: Final = 3600.0
"""Seconds after which that is tried once more: a quota, or a right that was missing, may have been mended meanwhile."""


class Memory:
    """One for each mailbox, as long as the worker lives."""

    def __init__(self) -> None:
        self._said: set[str] = set()
        self._suspects: dict[str, Counter[int]] = {}
        self._filings: Counter[tuple[int, int]] = Counter()
        self._filed_last: dict[tuple[int, int], float] = {}
        self._tokens: Tokens | None = None

    def tokens(self, config: Config) -> Tokens:
        """The OAuth tokens of this mailbox: one access token serves many connections."""
        self._tokens = self._tokens or Tokens(config)
        return self._tokens

    def say_once(self, sentence: str) -> None:
        """Log what is worth a line, but not at every connection."""
        if sentence not in self._said:
            self._said.add(sentence)
            log.warning("%s", sentence)

    def suspects(self, folder: str) -> Counter[int]:
        """How often the connection broke while a mail was fetched, by UID."""
        return self._suspects.setdefault(folder, Counter())

    def may_file(self, uidvalidity: int, uid: int) -> bool:
        """Whether a mail may be tried to be filed (again)."""
        key = (uidvalidity, uid)
        return self._filings[key] < FILINGS or time.monotonic() - self._filed_last[key] >= AGAIN

    def count_filing(self, uidvalidity: int, uid: int) -> int:
        """Count an attempt to file a mail that the server refused; return how many there were."""
        self._filings[uidvalidity, uid] += 1
        self._filed_last[uidvalidity, uid] = time.monotonic()
        return self._filings[uidvalidity, uid]
