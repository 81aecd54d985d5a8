"""How much came of a user: the same number, whether it is counted for each mail or read ahead for many."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from crm_logger.core.model import Participant, Person, Role
from crm_logger.store.counted import DAY, MINUTE, Counted, Who

from .builders import NOW, SENT, entry

if TYPE_CHECKING:
    from datetime import datetime

    from .builders import World

STORED = (0, 0, 30, 59, 60, 61, 3600, 86_399, 86_400, 90_000)
"""Seconds after the first, of mails that made a contact each."""


@pytest.fixture
def who(world: World) -> Who:
    for number, seconds in enumerate(STORED, 1):
        someone = Participant(Person("", f"p{number}@client.example"), Role.TO, create=True)
        log = world.log(
            entry(someone, by_id=f"id-{number}", by_content=f"c{number}"),
            arrived_at=SENT + timedelta(0, seconds),
        )
        world.take(number, log)
    return Who("user_id", world.ann)


@pytest.mark.parametrize("ahead", [0, 1, 2, 3, 9, 10, 11, 3000])
def test_what_is_read_ahead_counts_as_what_is_asked_for(world: World, who: Who, ahead: int) -> None:
    asked = [SENT + timedelta(0, seconds + late) for seconds in STORED for late in (-1, 0, 1, 200_000)]
    with world.store.reading():
        one = Counted(ahead)
        for at in asked:
            expected = [
                sum(at - window < SENT + timedelta(0, s) <= at for s in STORED) for window in (MINUTE, DAY)
            ]
            assert [_reached(one, who, at, window) for window in (MINUTE, DAY)] == expected
            assert one.created(who, at) == expected[1]


def _reached(counted: Counted, who: Who, at: datetime, window: timedelta) -> int:
    """The largest number that is reached."""
    return max(most for most in range(len(STORED) + 2) if counted.reaches(who, at, window, most))


def test_the_last_days_of_the_calendar_can_be_counted(world: World, who: Who) -> None:
    far = NOW.replace(year=9999, month=12, day=31, hour=23)
    with world.store.reading():
        assert Counted(100).created(who, far) == 0


def test_what_is_added_counts_too(world: World, who: Who) -> None:
    with world.store.reading():
        counted = Counted(100)
        counted.add(who, SENT + timedelta(seconds=30), created=2)
        assert counted.created(who, SENT + timedelta(seconds=30)) == 5
        assert counted.reaches(who, SENT + timedelta(seconds=30), MINUTE, 4)
        assert not counted.reaches(who, SENT + timedelta(seconds=29), MINUTE, 3)
