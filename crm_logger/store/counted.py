"""How many logged mails, and how many contacts made by them, the limits count of a user or a log address."""
# ruff: noqa: S608 -- what is put into these statements are names of ours; values go beside them

from __future__ import annotations

from bisect import bisect_right, insort
from datetime import MAXYEAR, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from .fields import aware
from .statements import Row, ask
from .tables import Decision, User

if TYPE_CHECKING:
    from datetime import datetime

MINUTE: Final = timedelta(minutes=1)
DAY: Final = timedelta(days=1)


class Who(NamedTuple):
    """A user or a log address; `column` is the one that names it."""

    column: str
    id: int

    def __str__(self) -> str:
        if self.column == "log_address_id":
            return f"log address {self.id}"
        user = User.get_or_none(User.id == self.id)
        return f"user {user.name if user and user.name else self.id}"


class Counted:
    """Counts within windows of time: what is stored, and what the mails before in the same transaction add.

    The days around a mail are read once for all the mails of about that time, if they have no more rows than `ahead`.
    """

    def __init__(self, ahead: int) -> None:
        self._ahead = ahead
        self._series: dict[tuple[Who, bool], _Series] = {}

    def reaches(self, who: Who, at: datetime, window: timedelta, most: int) -> bool:
        """Whether so many mails came within the time before."""
        return self._of(who, created=False).within(at, window, most) >= most

    def created(self, who: Who, at: datetime) -> int:
        """How many contacts were made within the day before."""
        return self._of(who, created=True).within(at, DAY, None)

    def add(self, who: Who, at: datetime, created: int) -> None:
        """A mail is logged, and has made so many contacts."""
        self._of(who, created=False).add(at, 1)
        self._of(who, created=True).add(at, created)

    def _of(self, who: Who, *, created: bool) -> _Series:
        key = who, created
        if key not in self._series:
            self._series[key] = _Series(who, created=created, ahead=self._ahead)
        return self._series[key]


class _Series:
    """The times of what is counted, a time for each; `_stored` holds what the database has after `_low` and up to `_high`."""

    def __init__(self, who: Who, *, created: bool, ahead: int) -> None:
        self._who = who.id
        # As it stands in the partial index: with a parameter that would not be used.
        self._rows = f"FROM decision WHERE {who.column} = ? AND counted_at > ? AND counted_at <= ?" + (
            " AND created > 0" if created else ""
        )
        self._number = "created" if created else "1"
        self._ahead = ahead
        self._added: list[datetime] = []
        self._stored: list[datetime] = []
        self._low: datetime | None = None
        self._high: datetime | None = None

    def add(self, at: datetime, number: int) -> None:
        """So many are added at a time."""
        for _ in range(number):
            insort(self._added, at)

    def within(self, at: datetime, window: timedelta, most: int | None) -> int:
        """How many there are within the time before; no more than `most` are counted of those that are stored."""
        low = at - window
        added = _between(self._added, low, at)
        if self._ahead and not self._covers(low, at):
            self._read_around(at)
            if not self._covers(low, at):
                self._ahead = 0  # there are too many, and they would be read again for each mail
        if self._covers(low, at):
            return added + _between(self._stored, low, at)
        return added + self._counted(low, at, most)

    def _covers(self, low: datetime, high: datetime) -> bool:
        return self._low is not None and self._high is not None and self._low <= low and high <= self._high

    def _read_around(self, at: datetime) -> None:
        self._low = at - DAY
        self._high = at + DAY if at.year < MAXYEAR else at
        sql = f"SELECT counted_at, {self._number} {self._rows} ORDER BY counted_at LIMIT {self._ahead}"
        rows = self._ask(sql, self._low, self._high)
        self._stored = [aware(time) for time, number in rows for _ in range(number)]
        if len(rows) == self._ahead:  # of the last time there may be more
            self._high = self._stored[-1] - timedelta.resolution

    def _counted(self, low: datetime, at: datetime, most: int | None) -> int:
        some = f"SELECT {self._number} AS number {self._rows}" + ("" if most is None else f" LIMIT {most}")
        ((number,),) = self._ask(f"SELECT SUM(number) FROM ({some}) AS counted", low, at)
        return int(number or 0)

    def _ask(self, sql: str, low: datetime, high: datetime) -> list[Row]:
        return ask(sql, self._who, *map(Decision.counted_at.db_value, (low, high)))


def _between(times: list[datetime], low: datetime, high: datetime) -> int:
    return bisect_right(times, high) - bisect_right(times, low)
