"""Which mails are in hand, and how often one was deadly: a mail that kills what reads it neither blocks nor vanishes."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from crm_logger.core.model import Reason
from crm_logger.isolation import Death
from crm_logger.store import Deaths

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from crm_logger.store import Place, Store

log = logging.getLogger("crm_logger.attempts")

LAST_DEATH = 3
"""A mail is set aside unread when reading it ended uncleanly so often."""
PAUSE = timedelta(minutes=1)
HAND = 500
"""So many mails at most are in hand at once; should the worker die, each of them is next read alone."""


@dataclass(frozen=True, slots=True)
class Attempts:
    """The attempts at the mails of one place. What is written here is committed before a mail is read."""

    store: Store
    place: Place

    def count_left_in_hand(self, now: datetime) -> None:
        """Count a death for every mail that a dead worker had in hand: one of them may have been its end."""
        left = self.store.left_in_hand(self.place)
        known = self.store.deaths(self.place)
        for uid in left:
            number = 1 + (known[uid].number if uid in known else 0)
            how = "the worker ended while the mail was in hand"
            self.store.count_death(self.place, uid, Deaths(number, Reason.PARSE_CRASH, how), now)
        if left:
            log.warning("the worker before this one ended uncleanly", extra={"in_hand": len(left)})

    def hands(self, work: list[int]) -> Iterator[tuple[list[int], Death | None]]:
        """Yield the UIDs in portions to take in hand: the sound ones first, then each of the others alone.

        With it comes how the last attempt ended, where these are a mail that is not to be read any more.
        """
        known = self.store.deaths(self.place)
        deadly = known.keys() & work
        sound = [uid for uid in work if uid not in deadly]
        for start in range(0, len(sound), HAND):
            yield sound[start : start + HAND], None
        for uid in sorted(deadly):
            died = known[uid]
            yield [uid], Death(died.reason, died.how) if died.number >= LAST_DEATH else None

    @contextmanager
    def in_hand(self, hand: list[int]) -> Iterator[None]:
        """Have these mails in hand; if this process does not come to the end of it, the next one knows."""
        self.store.take_in_hand(self.place, hand)
        try:
            yield
        finally:
            self.store.take_in_hand(self.place, ())

    def may_try_again(self, uid: int, death: Death, now: datetime) -> bool:
        """Count a death; tell whether the mail gets another attempt, which is then a while later."""
        died = self.store.deaths(self.place).get(uid)
        number = 1 + (died.number if died else 0)
        if number >= LAST_DEATH:
            return False
        self.store.count_death(self.place, uid, Deaths(number, death.reason, death.how), now + PAUSE)
        log.warning("reading a mail ended uncleanly", extra={"uid": uid, "how": death.how, "attempt": number})
        return True
