"""The story: Carl writes to Ann, Cc Dora; Ann forwards it. Its words, one file per language; its dates, one table."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

_HERE = Path(__file__).parent
MOMENTS = (
    datetime(2026, 3, 2, 9, 5, 7),  # noqa: DTZ001 -- wall clocks: what a forward shows has no zone
    datetime(2025, 11, 24, 16, 42, 51),  # noqa: DTZ001 -- the same
    datetime(2024, 8, 30, 0, 15, 33),  # noqa: DTZ001 -- the same
    datetime(2026, 5, 12, 12, 30, 0),  # noqa: DTZ001 -- the same
)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Person(NamedTuple):
    """Somebody on a mail; either field may be ""."""

    name: str
    address: str


class Labels(NamedTuple):
    """What a client calls the five fields in a language; `composed` where a dictionary word stands in."""

    sender: str
    date: str
    to: str
    cc: str
    subject: str
    colon: str
    composed: bool


@dataclass(frozen=True, slots=True)
class Language:
    """The words of one language: the story itself and what mail clients say around it."""

    code: str
    words: dict[str, Any]
    dates: dict[str, list[str]]

    def word(self, key: str, fallback: str = "") -> str:
        """The phrase under a key, or under another key, or ""."""
        return str(self.words.get(key, self.words.get(fallback, "")))

    def some(self, key: str) -> list[str]:
        """The phrases under a key that holds several."""
        return list(self.words.get(key, ()))

    def labels(self, client: str, *others: str) -> Labels:
        """A client's own labels, else those of a relative of it, else dictionary words."""
        key = next((name for name in (client, *others) if name in self.words), "words")
        sender, date, to, cc, subject = str(self.words[key]).split("|")
        colon = self.word(f"{client}_colon") or self.word("colon", "") or ":"
        return Labels(sender, date, to, cc, subject, colon, key == "words")

    def separator(self, client: str, otherwise: str = "forwarded") -> str:
        """What stands between the dashes."""
        return self.word(f"{client}_forwarded", otherwise)

    def date(self, style: str, moment: int) -> str:
        """The moment as the language writes it; the styles are those of dates.toml."""
        return self.dates[style][moment]

    @property
    def right_to_left(self) -> bool:
        """Whether the script runs from right to left."""
        return bool(self.words.get("rtl"))


@dataclass(frozen=True, slots=True)
class Mail:
    """The original: what Carl sent, as Ann's client knows it."""

    language: Language
    sender: Person
    to: tuple[Person, ...]
    cc: tuple[Person, ...]
    subject: str
    body: str
    moment: int = 0
    owner: Person = field(default=Person("", ""))
    note: str = ""

    @property
    def wall(self) -> datetime:
        """When it was sent, by Ann's clock."""
        return MOMENTS[self.moment]

    def date(self, style: str) -> str:
        """That moment in the mail's language."""
        return self.language.date(style, self.moment)

    def rfc_date(self, zone: str = "+0100") -> str:
        """That moment as RFC 5322 §3.3 wants it."""
        wall = self.wall
        return f"{_DAYS[wall.weekday()]}, {wall.day} {_MONTHS[wall.month - 1]} {wall:%Y %H:%M:%S} {zone}"

    def but(self, **changes: Any) -> Mail:
        """The same mail with something changed."""
        return replace(self, **changes)


@cache
def languages() -> dict[str, Language]:
    """All languages by their code, sorted."""
    dates = tomllib.loads((_HERE / "dates.toml").read_text(encoding="utf-8"))
    files = sorted((_HERE / "languages").glob("*.toml"))
    return {
        path.stem: Language(path.stem, tomllib.loads(path.read_text(encoding="utf-8")), dates[path.stem])
        for path in files
    }


def who(person: Person) -> str:
    """`Name <address>`, or whichever of the two there is."""
    if person.name and person.address:
        return f"{person.name} <{person.address}>"
    return person.name or f"<{person.address}>"


def quoted(text: str, mark: str = "> ") -> str:
    """Text with a mark before each line, none left trailing."""
    return "\n".join(f"{mark}{line}".rstrip() for line in text.split("\n"))


_CAST = (
    ("carl@client.example", "dora@client.example"),
    ("carl.b+office@mail.client.example", "dora_h@client.example"),
    ("c-b@client-group.example", "d.h@client.example"),
    ("Carl.B@Client.example", "dora77@sub.client.example"),
)


def story(language: Language, moment: int = 0, *, older: bool = False) -> Mail:
    """The story in a language. By moment: other addresses, one or two people on To and Cc, none on Cc once."""
    carl, dora = _CAST[moment]
    sender = Person(language.word("sender"), carl)
    ann = Person(language.word("ann"), "ann@acme.test")
    cc = Person(language.word("cc"), dora)
    to = (ann, Person("Bob Stone", "bob@acme.test")) if moment == 1 else (ann,)
    copies = ((cc, Person("", "team@client.example")), (cc,), (), (cc,))[(moment + 1) % 4]
    body = language.word("body").strip()
    if older:
        body = f"{body}\n\n{older_quote(language, ann)}"
    subject = language.word("subject")
    if moment == 2:
        subject = f"{language.some('reply_prefixes')[0]}: {subject}"
    return Mail(language, sender, to, copies, subject, body, moment, ann, language.word("note"))


def older_quote(language: Language, ann: Person) -> str:
    """Ann's older mail as Carl's reply quotes it."""
    written = language.word("wrote").format(date=language.date("gmail", 2), who=who(ann))
    return f"{written}\n{quoted(language.word('older'))}"
