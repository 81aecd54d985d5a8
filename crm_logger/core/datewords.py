"""What the words of a date mean: its month, its weekday, its part of the day, and which languages it may be in."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from crm_logger.core.letters import fold
from crm_logger.core.months import NAMES, RARE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Numbers = frozenset[int]
NONE: Numbers = frozenset()

BEFORE_NOON, AFTER_NOON, NIGHT, MIDDAY = range(4)

# Outlook and Apple name the months of the Persian solar year (1 = Farvardin); Afghans name them by the zodiac.
_SOLAR_MONTHS = {
    fold(name): number
    for names in (
        "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند",
        "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت",
    )
    for number, name in enumerate(names.split(), 1)
}

_OTHER_TAGS = {"no": "nb", "tl": "fil", "zh-TW": "zh-Hant", "zh-HK": "zh-Hant", "iw": "he", "in": "id"}
_SHORTEST_PREFIX = 3
_LONGEST_NAME = 5

UNSPACED = re.compile("[\u0e00-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def _common(tags: Iterable[str]) -> Iterable[str]:
    """Leave out rare languages where others are among them."""
    return [tag for tag in tags if tag not in RARE] or tags


class Table:
    """Names of one kind: word -> language -> what it means there (months 1 to 12, weekdays from 0, Monday)."""

    def __init__(self, part: slice, first: int) -> None:
        self._meanings: dict[str, dict[str, Numbers]] = defaultdict(dict)
        for tag, row in NAMES.items():
            for number, names in enumerate(row.split(";")[part], first):
                for name in filter(None, names.split(",")):
                    self._meanings[name][tag] = self._meanings[name].get(tag, NONE) | {number}

    def names(self, tag: str = "") -> Iterable[str]:
        """Return every name, or those of one language."""
        return [name for name, tags in self._meanings.items() if tag in tags] if tag else self._meanings

    def languages(self, word: str) -> Iterable[str]:
        """Return the languages that know a word."""
        return self._meanings.get(word, ())

    def numbers(self, word: str, languages: Iterable[str] | None = None) -> Numbers:
        """Return what a word may mean in these languages, in any where none are given."""
        known: Mapping[str, Numbers] = self._meanings.get(word, {})
        asked = _common(known) if languages is None else languages
        return NONE.union(*(known[tag] for tag in asked if tag in known))


_MONTHS, _WEEKDAYS, _PERIODS = Table(slice(12), 1), Table(slice(12, 19), 0), Table(slice(19, 23), 0)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the words of a date say: the months and weekdays they may name, in the languages that know most of them.

    `certain` tells whether the languages follow from more than a part of the day.
    """

    months: Numbers
    weekdays: Numbers
    languages: frozenset[str]
    certain: bool


@lru_cache(maxsize=4096)
def read_words(words: tuple[str, ...], language: str) -> Meaning:
    """Find out what words mean; `language` is the tag of a table, "" where none is known.

    The languages that know most of the words are taken, the given one having the casting vote. Where they name no
    month, every language is asked, and then names that are cut short.
    """
    names = _merged(words)
    languages = _likely_languages(names, language)
    days = NONE.union(*(_WEEKDAYS.numbers(name, languages) for name in names))
    months = _named_months(names, languages) or _named_months(names, None) or _cut_months(names, language)
    return Meaning(months, days, languages, certain=bool(months or days or language in languages))


def solar_month(words: Iterable[str]) -> int | None:
    """Return the month of the Persian or Afghan solar year that is named, if just one is."""
    found = {_SOLAR_MONTHS[word] for word in words if word in _SOLAR_MONTHS}
    return found.pop() if len(found) == 1 else None


def part_of_day(words: Sequence[str], meaning: Meaning) -> Numbers:
    """Return what the words beside a time may say about a twelve-hour clock.

    A short Latin word ("du", "to") may be a weekday or nothing at all; where the language does not tell, both halves of
    the day are possible.
    """
    for word in (*map("".join, pairwise(words)), *words):
        if word in _EVERYWHERE:
            return _EVERYWHERE[word]
        parts = _PERIODS.numbers(word, meaning.languages)
        weekday = _WEEKDAYS.numbers(word, meaning.languages)
        if parts and not (weekday and len(meaning.languages) == 1):
            plain = meaning.certain or len(word) > _SHORTEST_PREFIX or not word.isascii()
            return parts if plain and not weekday else _EITHER
    unsure = not meaning.certain and any(_PERIODS.numbers(word) for word in words)
    return _EITHER if unsure else NONE


_EVERYWHERE = {"am": frozenset({BEFORE_NOON}), "pm": frozenset({AFTER_NOON})}
_EITHER = frozenset({BEFORE_NOON, AFTER_NOON})


def table_tag(language: str | None) -> str:
    """Return the tag under which the names of a language (BCP 47) are kept, "" where there are none."""
    wanted = (language or "").replace("_", "-")
    wanted = _OTHER_TAGS.get(wanted, wanted)
    while wanted not in NAMES and "-" in wanted:
        wanted = wanted.rpartition("-")[0]
    return wanted if wanted in NAMES else ""


def split_unspaced(text: str) -> list[str]:
    """Return the names inside text of a script that writes no blanks between words, the longest at each place."""
    return [text] if not UNSPACED.search(text) or _is_name([text]) else _unspaced_names().findall(text)


def _merged(words: Sequence[str]) -> list[str]:
    """Return the words, those that make up one name written together ("كانون الثاني", "terça-feira")."""
    result: list[str] = []
    at = 0
    while at < len(words):
        sizes = range(_LONGEST_NAME, 1, -1)
        size = next((size for size in sizes if _is_name(words[at : at + size])), 1)
        result.append("".join(words[at : at + size]))
        at += size
    return result


def _is_name(words: Sequence[str]) -> bool:
    """Tell whether words together name a month or weekday that none of them names alone."""
    return any(
        (numbers := table.numbers("".join(words)))
        and all(table.numbers(word) != numbers for word in words if len(words) > 1)
        for table in (_MONTHS, _WEEKDAYS)
    )


def _likely_languages(names: Iterable[str], language: str) -> frozenset[str]:
    telling = {name for name in names if len(name) >= _SHORTEST_PREFIX or not name.isascii() or language}
    votes = Counter(
        tag for name in telling for tag in {tag for table in _TABLES for tag in table.languages(name)}
    )
    if language in votes:
        votes[language] += 1
    most = max(votes.values(), default=0)
    likely = [tag for tag, count in votes.items() if count == most]
    return frozenset([language] if language in likely and language in RARE else _common(likely))


_TABLES = (_MONTHS, _WEEKDAYS, _PERIODS)


def _named_months(names: Iterable[str], languages: Iterable[str] | None) -> Numbers:
    """Return the months named; a word that may be a weekday too ("mar" in Italian) counts where no other names one."""
    found = {name: numbers for name in names if (numbers := _MONTHS.numbers(name, languages))}
    sure = [numbers for name, numbers in found.items() if not _WEEKDAYS.numbers(name, languages)]
    return NONE.union(*(sure or found.values()))


def _cut_months(names: Sequence[str], language: str) -> Numbers:
    for known in (_cut(language), _cut("")):
        if found := [known[name] for name in names if name in known]:
            return NONE.union(*found)
    return NONE


@cache
def _cut(tag: str) -> dict[str, Numbers]:
    meanings: dict[str, set[int]] = defaultdict(set)
    for name in _MONTHS.names(tag):
        numbers = _MONTHS.numbers(name, [tag] if tag else None)
        for end in range(_SHORTEST_PREFIX, len(name)):
            meanings[name[:end]].update(numbers)
    return {name: frozenset(numbers) for name, numbers in meanings.items()}


@cache
def _unspaced_names() -> re.Pattern[str]:
    names = {name for table in _TABLES for name in table.names() if UNSPACED.match(name)}
    # A single letter is a name in Chinese, Japanese and Korean only.
    long_enough = (name for name in names if len(name) > 1 or name >= "\u3400")
    return re.compile("|".join(map(re.escape, sorted(long_enough, key=lambda name: (-len(name), name)))))
