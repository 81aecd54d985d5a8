"""Reading dates as mail clients write them in any language: the wall clock, and the offset where one is written.

Nothing is guessed. Which of two numbers is the day follows from the numbers, the written weekday, the separator or the
language; where none of them decides, the date stays unread. Everything is linear in the text, and long text is no date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING

from crm_logger.core import datewords
from crm_logger.core.calendars import BUDDHIST_OFFSET, eras_written_out, from_solar_hijri
from crm_logger.core.letters import fold, plain
from crm_logger.core.locales import LOCALES
from crm_logger.core.model import WrittenDate
from crm_logger.core.months import TWELVE_HOURS
from crm_logger.core.zones import take_offset

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST = 200
_YEARS = range(1970, 2070)
_BUDDHIST_YEARS = range(2513, 2643)
_SOLAR_YEARS = range(1349, 1479)

_ORDERS: dict[str | None, str] = {
    tag: entry.order for entry in LOCALES for tag in (entry.tag.partition("-")[0], entry.tag)
}

_COLON_TIME = re.compile(r"(?<![\d:])(\d{1,2}) ?: ?(\d\d)(?: ?: ?(\d\d)(?:[.,]\d{1,9})?)?(?![\d:])")
_UNIT_TIME = re.compile(
    r"(?<![\d.,/-])(\d{1,2}) ?(?:h|uhr|時|时|點|点|시|นาฬิกา|ໂມງ)(?![^\W\d_])"
    r"(?: ?(\d{1,2})(?!\d) ?(?:分|분|min|นาที|ນາທີ)?)?(?: ?(\d{1,2}) ?(?:秒|초|วินาที|ວິນາທີ))?"
)
# Dzongkha names the hour and the minute before their numbers, as Tibetan and Dzongkha do the month and the day.
_NAMED_TIME = re.compile(r"ཆུ་ཚོད་ ?(\d{1,2}) ?སྐར་མ་ ?(\d{1,2})(?:(?: ?སྐར་ཆ་ ?|:)(\d{1,2}))?(?!\d)")
_DOT_TIME = re.compile(r"(?<![\d.])(\d{1,2})\.(\d\d)(?:\.(\d\d))?(?![\d]|\.\d)")
_SHORT_MINUTE = re.compile(r"(?<![\d:])(\d{1,2}):(\d)(?![\d:])")
_HOUR = re.compile(r"(?<![\d.,/-])(\d{1,2}) ?(am|pm)\b")
_HALF_DAY = re.compile(r"(?<![^\W\d_])([ap])\. ?m(?![^\W\d_])\.?")

# Telugu and Kannada write "on" behind the clock: "3:45 PMన".
_GLUED_HALF_DAY = re.compile(r"(?:(?<=\d)|(?<=\d ))([ap])m(?=[^\x00-\u036f])")

_YEAR_MONTH_DAY = re.compile(
    r"(?P<y>\d{2,4}) ?[年년] ?(?P<m>\d{1,2}) ?[月월] ?(?P<d>\d{1,2}) ?[日일号號]?"
    r"|(?P<y2>\d{4}) (?:ལོའི་)?ཟླ་ ?(?P<m2>\d{1,2}) ?ཚེས་ ?(?P<d2>\d{1,2})(?!\d)"
)
_NUMBERS = re.compile(r"(?<!\d)(\d{1,4}) ?([./-] ?)(\d{1,2}) ?\2(\d{1,4})(?!\d)")
# Yoruba parts the numbers by blanks alone.
_PARTED_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})( )(\d\d) (\d{4})(?!\d)")
_NUMBERED_MONTH = re.compile(
    r"(?<!\d)(?P<d>\d{1,2}),? ?(?:thg|thang)\.? ?(?P<m>\d{1,2}),? ?(?:nam )?(?P<y>\d{4})"
    r"|(?P<y2>\d{4})(?: оны)? (?P<m2>\d{1,2}) ?-? ?р сар\w* (?P<d2>\d{1,2})"
)
_VIETNAMESE_WEEKDAY = re.compile(r"(?<!\w)(?:thu|th|t)\.? ?([2-7])(?!\d)")
_TOKEN = re.compile(r"\d+|[^\s\d,;:/()\[\]<>|…@_+\-]+")
_TIME_MARK, _DAY_MARK = _MARKS = "\x00", "\x01"


def parse_written_date(text: str, language: str | None = None) -> WrittenDate:
    """Read a date in a language (BCP 47), or in any language where none is known; never raises.

    `wall` is aware where the text tells an offset, midnight where it tells no time, and None where it is no date or
    where two readings are possible.
    """
    written = text.strip()
    return WrittenDate(written, _wall(written, language) if len(written) <= _LONGEST else None)


def looks_like_date(text: str) -> bool:
    """Tell, without knowing the language, whether a short text may be a date with its time: a year or three numbers, and a clock."""
    if len(text) > _LONGEST or "@" in text:
        return False
    line = fold(plain(text))
    return any(time.search(line) for time in _TIMES) and _has_day(line)


def looks_like_day(text: str) -> bool:
    """Tell the same of a date that may have no time: a year or three numbers."""
    return len(text) <= _LONGEST and "@" not in text and _has_day(fold(plain(text)))


def _has_day(line: str) -> bool:
    return bool(_FOUR_DIGIT_YEAR.search(line) or _NUMBERS.search(line) or _YEAR_MONTH_DAY.search(line))


_TIMES = (_COLON_TIME, _UNIT_TIME, _DOT_TIME, _HOUR, _NAMED_TIME)
_FOUR_DIGIT_YEAR = re.compile(r"(?<!\d)(?:19[7-9]\d|20\d\d|25[1-9]\d|1[34]\d\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class _Context:
    """What a text says besides its numbers: its words and what they mean, the order of its language, an English AM or PM."""

    language: str
    order: str
    words: tuple[str, ...]
    meaning: datewords.Meaning
    english_clock: bool


@lru_cache(maxsize=4096)
def _wall(written: str, language: str | None) -> datetime | None:
    if not any(map(str.isdecimal, written)):
        return None
    table = datewords.table_tag(language)
    line, offset = take_offset(plain(written))
    english_clock = bool(_ENGLISH_CLOCK.search(line))
    line = _HALF_DAY.sub(r" \1m ", fold(_AM_MEANING_AT.sub(" ", line)))
    line = eras_written_out(_GLUED_HALF_DAY.sub(r"\1m ", line))
    line, clock = _take_clock(line, _NAMED_TIME, _COLON_TIME, _UNIT_TIME)
    line, numbers = _take_numbers(line, table)
    if clock is None:
        line, clock = _take_clock(line, _HOUR, _DOT_TIME, _SHORT_MINUTE)
    tokens = _tokens(line)
    words = tuple(token for token in tokens if not token.isdecimal() and token not in _MARKS)
    context = _Context(
        table, _order(language, table), words, datewords.read_words(words, table), english_clock
    )
    day = _day(numbers, tokens, context)
    return _with_clock(day, clock, tokens, context.meaning, offset) if day else None


# "am 12:30" in Welsh, "am 3. Mai" in German.
_AM_MEANING_AT = re.compile(r"(?<!:\d\d)(?<!:\d\d ) am (?=\d)")
_ENGLISH_CLOCK = re.compile(r"\d ?[AP]M\b")


def _order(language: str | None, table: str) -> str:
    return next((_ORDERS[tag] for tag in (language, table, table.partition("-")[0]) if tag in _ORDERS), "")


# ---------------------------------------------------------------- the clock


def _take_clock(line: str, *patterns: re.Pattern[str]) -> tuple[str, tuple[str, ...] | None]:
    """Return the line with a mark where the time stood, and hours, minutes and seconds as written."""
    for pattern in patterns:
        if found := pattern.search(line):
            marked = f"{line[: found.start()]} {_TIME_MARK} {line[found.end() :]}"
            hours, minutes, *seconds = found.groups()
            if pattern is _HOUR:
                return marked.replace(_TIME_MARK, f"{_TIME_MARK} {minutes}"), (hours,)
            return marked, tuple(filter(None, (hours, minutes, *seconds)))
    return line, None


def _with_clock(
    day: date,
    clock: tuple[str, ...] | None,
    tokens: list[str],
    meaning: datewords.Meaning,
    offset: timedelta | None,
) -> datetime | None:
    hour, minute, second = [*map(int, clock or ()), 0, 0, 0][:3]
    if clock and hour <= 12 and (parts := datewords.part_of_day(_beside_time(tokens), meaning)):
        hours = {_on_24_hours(hour, part) for part in parts}
        if len(hours) > 1:
            return None
        (hour,) = hours
    try:
        wall = datetime(day.year, day.month, day.day, hour, minute, min(second, 59))  # noqa: DTZ001 - a wall clock
        return wall.replace(tzinfo=timezone(offset)) if offset is not None else wall
    except ValueError:
        return None


def _on_24_hours(hour: int, part: int) -> int:
    early = {datewords.BEFORE_NOON: True, datewords.NIGHT: hour % 12 < 6, datewords.MIDDAY: hour == 11}
    return hour % 12 if early.get(part) else hour % 12 + 12


def _beside_time(tokens: list[str]) -> list[str]:
    """Return up to four words after the time and three before it, up to the next number."""
    at = tokens.index(_TIME_MARK)
    before = _until_number(reversed(tokens[:at][-3:]))[::-1]
    return [*_until_number(tokens[at + 1 : at + 5]), *before]


def _until_number(tokens: Iterable[str]) -> list[str]:
    return list(takewhile(lambda token: token != _DAY_MARK and not token.isdecimal(), tokens))


# ---------------------------------------------------------------- the day


Numbers = tuple[str, str, str, str]
"""First, separator, second, third; the separator is "y" where the order is year, month, day for certain."""


def _take_numbers(line: str, language: str) -> tuple[str, Numbers | None]:
    """Return the line with a mark in place of an all-numeric date, and the date's parts."""
    if found := _YEAR_MONTH_DAY.search(line) or _NUMBERED_MONTH.search(line):
        parts = (found["y"] or found["y2"], "y", found["m"] or found["m2"], found["d"] or found["d2"])
    elif (found := _NUMBERS.search(line) or _PARTED_NUMBERS.search(line)) and not _is_clock(found):
        first, separator, second, third = found.groups()
        parts = (first, separator, second, third)
    else:
        return line, None
    rest = f"{line[: found.start()]} {_DAY_MARK} {line[found.end() :]}"
    return _VIETNAMESE_WEEKDAY.sub(" ", rest) if language in {"vi", ""} else rest, parts


def _is_clock(found: re.Match[str]) -> bool:
    """Tell whether three numbers with dots are a time (Danish, Finnish, Indonesian): the year stands elsewhere."""
    in_dots = found[2].strip() == "." and max(map(len, found.group(1, 3, 4))) == 2
    return in_dots and bool(_FOUR_DIGIT_YEAR.search(found.string))


def _day(numbers: Numbers | None, tokens: list[str], context: _Context) -> date | None:
    left = [token for token in tokens if token.isdecimal()]
    if numbers:
        return None if left else _numeric_day(numbers, context)
    if len(left) != 2:
        return None
    year, day = _year_and_day(left, context)
    return _named_day(year, day, context)


def _year_and_day(numbers: list[str], context: _Context) -> tuple[str, str]:
    first, second = numbers
    if len(first) == 4 or (len(second) < 4 and context.order == "ymd"):
        return first, second
    return second, first


def _named_day(year: str, day: str, context: _Context) -> date | None:
    if len(year) == 4 and int(year) in _SOLAR_YEARS:
        solar = datewords.solar_month(context.words)
        return from_solar_hijri(int(year), solar, int(day)) if solar else None
    months = context.meaning.months
    possible = [found for month in months if (found := _date(_full_year(year, context), month, int(day)))]
    return possible[0] if len(months) == 1 and possible else _by_weekday(possible, context)


def _numeric_day(numbers: Numbers, context: _Context) -> date | None:
    first, separator, second, third = numbers
    short = len(first) < 3 and len(third) < 3
    if separator == "y" or len(first) == 4 or (short and context.order == "ymd"):
        return _year_first(first, second, third, context)
    year = _full_year(third, context)
    readings = {"dmy": _date(year, int(second), int(first)), "mdy": _date(year, int(first), int(second))}
    if short and not context.order and context.language != "en" and separator != ".":
        readings["ymd"] = _year_first(first, second, third, context)
        if len(set(filter(None, readings.values()))) > 1:
            return None
    possible = {order: day for order, day in readings.items() if day}
    if len(set(possible.values())) < 2:
        return next(iter(possible.values()), None)
    return _by_weekday(possible.values(), context) or possible.get(_day_month_order(numbers, context))


def _by_weekday(readings: Iterable[date], context: _Context) -> date | None:
    """Return the one reading that falls on the weekday that is written, if there is just one."""
    agreeing = {day for day in readings if day.weekday() in context.meaning.weekdays}
    return agreeing.pop() if len(agreeing) == 1 else None


def _day_month_order(numbers: Numbers, context: _Context) -> str:
    """Tell the order of two numbers that both could be the month, "" where nothing decides."""
    first, separator, second, year = numbers
    if separator.strip() == ".":
        return "dmy"
    if separator == " ":
        return context.order if context.order == "dmy" else ""
    if context.language == "en":
        return _english_order(first, separator, second, year, context)
    if context.order == "mdy":
        return "mdy" if separator == "/" else ""
    if context.order == "dmy":
        # "5/3/25 10:12 AM" in a German block: the computer's own settings are American.
        foreign = context.english_clock and separator == "/" and context.language not in TWELVE_HOURS
        return "" if foreign else "dmy"
    return "dmy" if context.order == "ymd" and context.language not in _YEAR_ALWAYS_FIRST else ""


def _english_order(first: str, separator: str, second: str, year: str, context: _Context) -> str:
    """Americans alone put the month first: with slashes, AM and PM, and no zeros; the British write all the zeros.

    Australians and New Zealanders write a zero before the month only; Indians dashes.
    """
    if len(first) < len(second) and second.startswith("0"):
        return "dmy"
    if context.english_clock:
        return "mdy" if separator == "/" else ""
    return "dmy" if (len(first), len(second), len(year)) == (2, 2, 4) else ""


_YEAR_ALWAYS_FIRST = frozenset({"ja", "ko", "mn", "zh", "zh-Hant"})


def _year_first(year: str, month: str, day: str, context: _Context) -> date | None:
    if int(year) in _SOLAR_YEARS:
        return from_solar_hijri(int(year), int(month), int(day)) if context.language == "fa" else None
    return _date(_full_year(year, context), int(month), int(day))


def _full_year(year: str, context: _Context) -> int:
    """Return the Gregorian year; two digits are read as RFC 5322 §4.3 says, in Thailand from 60 on as Buddhist ones."""
    number = int(year)
    if len(year) == 2:
        if context.language == "th" and number >= 60:
            return 2500 + number - BUDDHIST_OFFSET
        return number + (2000 if number < 50 else 1900)
    return number - BUDDHIST_OFFSET if number in _BUDDHIST_YEARS else number


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in _YEARS else None
    except (ValueError, OverflowError):  # the latter for a day of ten digits or more
        return None


# ---------------------------------------------------------------- words


def _tokens(line: str) -> list[str]:
    tokens: list[str] = []
    for token in _TOKEN.findall(line):
        if bare := token.replace(".", ""):
            tokens += datewords.split_unspaced(bare)
    return tokens
