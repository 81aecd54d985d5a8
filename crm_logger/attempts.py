"""Which mails are in hand, and how often one was deadly: a mail that kills what reads it neither blocks nor vanishes."""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass, field
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
HAND = 200
"""So many mails are taken in hand at once, while those before are not all recorded yet; should the worker die, each is next read alone."""


@dataclass(frozen=True, slots=True)
class Attempts:
    """The attempts at the mails of one place. What is written here is committed before a mail is read."""

    store: Store
    place: Place
    _in_hand: deque[int] = field(default_factory=deque)

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

    def sorted(self, work: list[int]) -> tuple[list[int], list[tuple[int, Death | None]]]:
        """Return the sound ones of these mails, and the deadly ones, each of which is to be read alone.

        With it comes how the last attempt ended, where it is not to be read any more.
        """
        known = self.store.deaths(self.place)
        died = [(uid, known[uid]) for uid in sorted(known.keys() & work)]
        sound = [uid for uid in work if uid not in known]
        return sound, [
            (uid, Death(last.reason, last.how) if last.number >= LAST_DEATH else None) for uid, last in died
        ]

    def in_hand(self, work: list[int]) -> Iterator[int]:
        """Yield these mails, each in hand before it is asked for, until it is put down."""
        for start in range(0, len(work), HAND):
            self._in_hand.extend(work[start : start + HAND])
            self.store.take_in_hand(self.place, list(self._in_hand))
            yield from work[start : start + HAND]

    def put_down(self, uid: int) -> None:
        """Have nothing in hand any more up to this mail, as soon as others are taken."""
        while self._in_hand and self._in_hand.popleft() != uid:
            pass

    def put_all_down(self) -> None:
        """Have nothing in hand any more; if this process does not come to that, the next one knows."""
        self._in_hand.clear()
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
