"""The words of each language, who writes to whom, and the block that a client would write."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from tests.forwards.stories import Person
from tests.forwards.strangers.words import Clock, _clock

if TYPE_CHECKING:
    import random

_HERE = Path(__file__).parent
ANN = Person("Ann Gross", "ann.gross@acme.test")
_TO = (
    (ANN,), (Person("", ANN.address),), (ANN, Person("Bob Miller", "bob@acme.test")), (Person("Gross, Ann", ANN.address), Person("Miller, Bob (Sales)", "bob.miller@acme.test")),
    (ANN, Person("", "office@acme.test"), Person("Eve Stone", "eve@stone.example")),
)  # fmt: skip
_CC = (
    (), (), (Person("Lang, Dora", "dora@lift.example"), Person("", "archive@lift.example")), (Person("", "archive@lift.example"),),
)  # fmt: skip
_ADDRESSES = (
    "sales@blackwood.example",
    "j.k@nord-rampe.example",
    "p-w@lift.example",
    "harriet_b@quay.example",
)
_CONTACT = (
    "\n\n-- \n{name}\nTel. +49 30 9876-543\nMobil: +49 170 1234567\nE-Mail: {address}\nWeb: www.lift.example"
)
_LIST = "\n\n1. 2 x R-21: 1.250,00 EUR\n2. 1 x R-22: 980,00 EUR"
_SIGNED = "{note}\n\n-- \nAnn Gross\nAcme GmbH | Tel. +49 30 1234567 | ann.gross@acme.test"
_PROSE = "{thanks}!\n{note} Peter Stone <peter@stone.example> / eve@stone.example, +44 20 7946 0000."


class Words(NamedTuple):
    """One line of `words.txt`."""

    tag: str
    sender: str
    sent: str
    date: str
    to: str
    cc: str
    subject: str
    forward: str
    reply: str
    forwarded: str
    original: str
    wrote: str
    name: str
    about: str
    body: str
    note: str
    thanks: str


def _read() -> dict[str, Words]:
    lines = (_HERE / "words.txt").read_text(encoding="utf-8").splitlines()[1:]
    return {words.tag: words for words in (Words(*line.replace("~", "\n").split("|")) for line in lines)}


WORDS = _read()
_DATES = tomllib.loads((_HERE.parent / "strangers" / "dates.toml").read_text(encoding="utf-8"))
CLOCKS: dict[str, Clock] = {tag: _clock(_DATES[tag]) for tag in WORDS}


class Shape(NamedTuple):
    """The order of a client's rows (F, D or W for the date, T, C, S), what stands above them, what parts people."""

    name: str
    order: str
    joint: str = ", "


SHAPES = (Shape("gmail", "FDSTC"), Shape("outlook", "FWTCS", "; "), Shape("thunderbird", "SDFTC"), Shape("yahoo", "FTCWS"), Shape("older", "DFTCS", "; "))  # fmt: skip


@dataclass(frozen=True)
class Mail:
    """One mail, and what a client shows of it; `mailto` writes addresses as `[mailto:…]`."""

    words: Words
    shape: Shape
    sender: Person
    to: tuple[Person, ...]
    cc: tuple[Person, ...]
    subject: str
    when: datetime
    written: str
    body: str
    note: str
    mailto: bool = False
    extra: tuple[tuple[int, str, str], ...] = field(default=())

    def but(self, **changes: Any) -> Self:
        """The same mail with something changed."""
        return replace(self, **changes)

    @property
    def marker(self) -> str:
        """The line above the block, "" where the client writes none."""
        known = {
            "gmail": f"---------- {self.words.forwarded} ---------",
            "outlook": "_" * 32,
            "thunderbird": f"-------- {self.words.forwarded} --------",
            "yahoo": f"----- {self.words.forwarded} -----",
            "older": f"-----{self.words.original}-----",
        }
        return known[self.shape.name]

    @property
    def prefix(self) -> str:
        """What the client puts before the subject."""
        return f"{self.words.forward if self.shape.joint == '; ' else 'Fwd'}: "

    def rows(self) -> list[tuple[str, str]]:
        """Label and value of each row."""
        words = self.words
        told = {
            "F": (words.sender, self.who(self.sender)),
            "D": (words.date, self.written),
            "W": (words.sent, self.written),
            "T": (words.to, self.some(self.to)),
            "C": (words.cc, self.some(self.cc)),
            "S": (words.subject, self.subject),
        }
        rows = [told[letter] for letter in self.shape.order if letter != "C" or self.cc]
        for place, label, value in self.extra:
            rows.insert(place, (label, value))
        return rows

    def who(self, person: Person) -> str:
        """A person as the client writes one."""
        if not person.name:
            return person.address
        return (
            f"{person.name} [mailto:{person.address}]" if self.mailto else f"{person.name} <{person.address}>"
        )

    def some(self, people: tuple[Person, ...]) -> str:
        """Several of them."""
        return self.shape.joint.join(map(self.who, people))


def mail(words: Words, chance: random.Random) -> Mail:
    """Some mail of a language, by some client."""
    name = Person(words.name, chance.choice(_ADDRESSES))
    when = datetime(2024, 1, 3, 7, 5) + timedelta(minutes=chance.randrange(110_000))  # noqa: DTZ001 -- a wall clock
    subject = words.about + chance.choice(
        ("", f" #{chance.randrange(1000, 9999)}", f" ({chance.randrange(2, 60)}/2024)")
    )
    more = chance.choice(("", "", _CONTACT.format(name=name.name, address=name.address), _LIST))
    note = chance.choice(("{note}", "{note}", "", _SIGNED, _PROSE)).format(
        note=words.note, thanks=words.thanks
    )
    written = CLOCKS[words.tag].moment(when, chance.choice(("full", "long", "medium")))
    shape, mailto = chance.choice(SHAPES), chance.random() < 0.3
    return Mail(words, shape, name, chance.choice(_TO), chance.choice(_CC), subject, when, written, words.body + more, note, mailto)  # fmt: skip
