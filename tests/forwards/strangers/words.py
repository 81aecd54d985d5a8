"""The words of each language: labels, markers, a story; and its dates, by CLDR patterns."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

_HERE = Path(__file__).parent
_FIELD = re.compile(r"'([^']*)'|([yMdEcGHhmaB])\2*|([^'])", re.DOTALL)
_ZEROS = {"arab": 0x660, "arabext": 0x6F0, "deva": 0x966, "beng": 0x9E6, "mymr": 0x1040, "tibt": 0xF20}


@dataclass(frozen=True)
class Clock:
    """How one language writes a day and an hour."""

    months: list[str]
    months_short: list[str]
    days: list[str]
    days_short: list[str]
    halves: list[str]
    full: str
    long: str
    medium: str
    short: str
    time: str
    join: str
    zero: int = 0

    def write(self, when: datetime, pattern: str) -> str:
        """The moment in a CLDR pattern; quoted text stands for itself."""
        return self._figures(_FIELD.sub(lambda field: self._field(when, field), pattern))

    def day(self, when: datetime, width: str = "full") -> str:
        """The day alone: full, long, medium or short."""
        return self.write(
            when, {"full": self.full, "long": self.long, "medium": self.medium}.get(width, self.short)
        )

    def moment(self, when: datetime, width: str = "full", time: str = "") -> str:
        """Day and hour, joined as the language does."""
        hour = self.write(when, time or self.time)
        return self.join.replace("{1}", self.day(when, width)).replace("{0}", hour)

    def _figures(self, text: str) -> str:
        if not self.zero:
            return text
        return "".join(
            chr(self.zero + ord(letter) - 48) if "0" <= letter <= "9" else letter for letter in text
        )

    def _field(self, when: datetime, field: re.Match[str]) -> str:
        if field[2] is None:
            return field[1] if field[1] is not None else field[3]
        return self._value(when, field[2], len(field[0]))

    def _value(self, when: datetime, letter: str, width: int) -> str:
        if letter in "MEc" and width > 2:
            names = (
                (self.months if width > 3 else self.months_short)
                if letter == "M"
                else (self.days if width > 3 else self.days_short)
            )
            return names[when.month - 1 if letter == "M" else when.weekday()]
        if letter in "aB":
            return self.halves[when.hour >= 12]
        if letter == "G":
            return "ค.ศ."
        number = {
            "y": when.year,
            "M": when.month,
            "d": when.day,
            "H": when.hour,
            "h": when.hour % 12 or 12,
            "m": when.minute,
            "E": when.isoweekday(),
            "c": when.isoweekday(),
        }[letter]
        return f"{number % 100:02d}" if letter == "y" and width == 2 else f"{number:0{width}d}"


@dataclass(frozen=True)
class Labels:
    """The five words of a header block."""

    sender: str
    date: str
    to: str
    cc: str
    subject: str


@dataclass(frozen=True)
class Tongue:
    """One language as mail clients speak it, and the story told in it."""

    tag: str
    outlook: Labels
    plain: Labels
    forwarded: str
    begin: str
    original: str
    wrote: str
    prefixes: list[str]
    replies: list[str]
    people: list[str]
    subject: str
    body: list[str]
    note: str
    clock: Clock


def _load(name: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((_HERE / name).read_text(encoding="utf-8"))


def _clock(entry: dict[str, str]) -> Clock:
    listed = {
        key: entry[key].split("|") for key in ("months", "months_short", "days", "days_short", "halves")
    }
    patterns = {key: entry[key] for key in ("full", "long", "medium", "short", "time", "join")}
    return Clock(**listed, **patterns, zero=_ZEROS.get(entry.get("digits", ""), 0))  # type: ignore[arg-type]


@cache
def tongues(*files: str) -> dict[str, Tongue]:
    """All languages of these files, by tag."""
    clocks = {tag: _clock(entry) for tag, entry in _load("dates.toml").items()}
    entries = {tag: entry for name in files for tag, entry in _load(name).items()}
    return {tag: _tongue(tag, entry, clocks[tag]) for tag, entry in entries.items()}


def _tongue(tag: str, entry: dict[str, str], clock: Clock) -> Tongue:
    return Tongue(
        tag,
        Labels(*entry["outlook"].split("|")),
        Labels(*entry["plain"].split("|")),
        entry["forwarded"],
        entry["begin"],
        entry["original"],
        entry["wrote"],
        entry["prefix"].split("|"),
        entry["reply"].split("|"),
        entry["people"].split("|"),
        entry["subject"],
        entry["body"].split("|"),
        entry["note"],
        clock,
    )
