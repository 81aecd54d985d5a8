"""A small chart, worked out at the server: stacked columns, one a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from crm_logger.core.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm_logger.store.standing import DayCount

HEIGHT, STEP, WIDTH = 120.0, 22, 16


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a column, in the chart's units."""

    outcome: Outcome
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Column:
    """A day: where its column stands, its parts from the bottom up, and its numbers."""

    day: date
    x: int
    pieces: tuple[Piece, ...]
    counts: dict[Outcome, int]

    @property
    def total(self) -> int:
        """All decisions of the day."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Chart:
    """The columns, the number that the full height stands for, and the sums."""

    columns: tuple[Column, ...]
    top: int
    sums: dict[Outcome, int]
    width: int
    height: float = HEIGHT


def columns(counts: Iterable[DayCount], first: date, days: int) -> Chart:
    """A column for each of the days, empty ones too."""
    by_day: dict[date, dict[Outcome, int]] = {}
    for each in counts:
        by_day.setdefault(each.day, {})[each.outcome] = each.count
    top = _round_up(max((sum(day.values()) for day in by_day.values()), default=0))
    made = tuple(
        _column(
            first + timedelta(days=number), number * STEP, by_day.get(first + timedelta(days=number), {}), top
        )
        for number in range(days)
    )
    sums = {outcome: sum(day.get(outcome, 0) for day in by_day.values()) for outcome in Outcome}
    return Chart(made, top, sums, days * STEP)


def _column(day: date, x: int, counts: dict[Outcome, int], top: int) -> Column:
    pieces, y = [], HEIGHT
    for outcome in Outcome:
        if height := HEIGHT * counts.get(outcome, 0) / top:
            y -= height
            pieces.append(Piece(outcome, round(y, 2), round(height, 2)))
    return Column(day, x, tuple(pieces), {outcome: counts.get(outcome, 0) for outcome in Outcome})


def _round_up(number: int) -> int:
    """To 1, 2 or 5 and noughts, so that the scale reads well."""
    for noughts in range(12):
        for digit in (1, 2, 5):
            if (round_one := digit * int(10**noughts)) >= number:
                return round_one
    return number
