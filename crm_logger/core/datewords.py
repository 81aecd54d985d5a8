"""What a word in a date means: a month, a weekday, a part of the day; in one language or in all of them."""

from __future__ import annotations

import re
from functools import cache

from crm_logger.core.letters import fold
from crm_logger.core.months import NAMES

Meanings = dict[str, frozenset[int]]
"""A word and the numbers it may mean: months 1 to 12, weekdays 0 (Monday) to 6, parts of the day as below."""

BEFORE_NOON, AFTER_NOON, NIGHT, MIDDAY = range(4)

# Outlook and Apple name the months of the Persian solar year (1 = Farvardin); Afghans name them by the zodiac.
SOLAR_MONTHS: dict[str, int] = {
    fold(name): number
    for names in (
        "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند",
        "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت",
    )
    for number, name in enumerate(names.split(), 1)
}

_MONTHS = slice(0, 12)
_WEEKDAYS = slice(12, 19)
_PERIODS = slice(19, 23)
_SHORTEST_PREFIX = 3


def months(words: tuple[str, ...], language: str) -> dict[str, frozenset[int]]:
    """Return those of the words that name a month, with the months they may mean.

    The language's own names come first, then English ones, which clients of every language write; then, where none of
    the words is known, what all languages together say. A cut name counts where it can mean one month only.
    """
    for known in (
        _exact(language, "months"),
        _exact("en", "months") if language else {},
        _exact("", "months"),
    ):
        if found := {word: known[word] for word in words if word in known}:
            return found
    for tag in (language, ""):
        if found := {word: _cut(tag)[word] for word in words if word in _cut(tag)}:
            return found
    return {}


def weekdays(word: str, language: str) -> frozenset[int]:
    """Return the weekdays a word may mean (0 is Monday), none where it is no weekday's name."""
    for tag in (language, "en", "") if language else ("",):
        if found := _exact(tag, "weekdays").get(word):
            return found
    return frozenset()


def periods(word: str, language: str) -> frozenset[int]:
    """Return the parts of the day a word may mean."""
    for tag in (language, "en", "") if language else ("",):
        if found := _exact(tag, "periods").get(word):
            return found
    return frozenset()


def table_tag(language: str | None) -> str:
    """Return the tag under which the names of a language (BCP 47) are kept, "" where there are none."""
    wanted = (language or "").replace("_", "-")
    wanted = _OTHER_TAGS.get(wanted, wanted)
    while wanted not in NAMES and "-" in wanted:
        wanted = wanted.rpartition("-")[0]
    return wanted if wanted in NAMES else ""


_OTHER_TAGS = {"no": "nb", "tl": "fil", "zh-TW": "zh-Hant", "zh-HK": "zh-Hant", "iw": "he", "in": "id"}


@cache
def _exact(tag: str, kind: str) -> Meanings:
    part, first = {"months": (_MONTHS, 1), "weekdays": (_WEEKDAYS, 0), "periods": (_PERIODS, 0)}[kind]
    rows = [NAMES[tag]] if tag else NAMES.values()
    meanings: dict[str, set[int]] = {}
    for row in rows:
        for number, names in enumerate(row.split(";")[part], first):
            for name in filter(None, names.split(",")):
                meanings.setdefault(name, set()).add(number)
    return {name: frozenset(numbers) for name, numbers in meanings.items()}


@cache
def _cut(tag: str) -> Meanings:
    meanings: dict[str, set[int]] = {}
    for name, numbers in _exact(tag, "months").items():
        for end in range(_SHORTEST_PREFIX, len(name)):
            meanings.setdefault(name[:end], set()).update(numbers)
    return {name: frozenset(numbers) for name, numbers in meanings.items()}


@cache
def unspaced() -> re.Pattern[str]:
    """Return a pattern of all names in scripts that write no spaces between words, longest first."""
    names = {
        name
        for kind in ("months", "weekdays", "periods")
        for name in _exact("", kind)
        if UNSPACED.match(name)
    }
    return re.compile("|".join(map(re.escape, sorted(names, key=lambda name: (-len(name), name)))))


UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
