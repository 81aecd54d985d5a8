"""Years and days of other calendars, as far as mail clients write them."""

from __future__ import annotations

import re
from datetime import date, timedelta

BUDDHIST_OFFSET = 543

_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}
_ERA_YEAR = re.compile(rf"({'|'.join(_ERAS)}) ?(\d{{1,3}}|元) ?年")

# The arithmetic solar calendar repeats every 33 years; it agrees with the astronomical one from 1244 to 1502.
_LEAP_YEARS_OF_33 = frozenset({1, 5, 9, 13, 17, 22, 26, 30})
_ANCHOR_YEAR, _ANCHOR = 1404, date(2025, 3, 21)


def eras_written_out(text: str) -> str:
    """Return the text with years of Japanese and Chinese eras as Gregorian years: 令和7年 becomes 2025年."""
    return _ERA_YEAR.sub(
        lambda found: f"{_ERAS[found[1]] + (1 if found[2] == '元' else int(found[2]))}年", text
    )


def from_solar_hijri(year: int, month: int, day: int) -> date | None:
    """Return the Gregorian date of a day of the Persian and Afghan calendar (years 1244 to 1502), None where it has no such day."""
    if not 1 <= month <= 12 or not 1 <= day <= _month_length(year, month):
        return None
    years = sum(_year_length(between) for between in range(min(year, _ANCHOR_YEAR), max(year, _ANCHOR_YEAR)))
    since_anchor = years if year > _ANCHOR_YEAR else -years
    return _ANCHOR + timedelta(days=since_anchor + 31 * (month - 1) - max(0, month - 7) + day - 1)


def _year_length(year: int) -> int:
    return 366 if year % 33 in _LEAP_YEARS_OF_33 else 365


def _month_length(year: int, month: int) -> int:
    if month < 7:
        return 31
    return 30 if month < 12 else _year_length(year) - 336
