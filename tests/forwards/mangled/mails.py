"""The mangled samples: forwards in every form of damage, and answers and letters that have the same forms."""

from __future__ import annotations

import random
import tomllib
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

from tests.forwards.mangled.cast import ANN, CLOCKS, SHAPES, WORDS, Mail, Words, mail
from tests.forwards.mangled.damage import CHANGES, HTMLS, TEXTS, as_html, head, whole
from tests.forwards.sample import LOG_ADDRESS, Sample, Truth, mailbox, multipart, outer, part
from tests.forwards.stories import Person

if TYPE_CHECKING:
    from collections.abc import Iterator

LETTERS: dict[str, dict[str, str]] = tomllib.loads(
    (Path(__file__).parent / "letters.toml").read_text(encoding="utf-8")
)
DORA = Person("Dora Lang", "dora@lift.example")
_UNSCORED = frozenset({"from_address", "from_name", "to", "cc", "subject", "date", "body", "message"})
_EMPTY = ("This message is in HTML. Please use a client that can show it.", "", "\u00a0")
_EACH = 14
_ANSWERED = sorted(TEXTS.keys() - {"all-headers"})  # which no answer quotes


def forwards(seed: int) -> Iterator[Sample]:
    """Each damage in some languages, the next ones for the next damage."""
    chance = random.Random(seed)
    languages = cycle(chance.sample(list(WORDS.values()), len(WORDS)))
    for name in (*TEXTS, *CHANGES):
        for turn in range(_EACH):
            one = mail(next(languages), chance)
            one = CHANGES[name](one, chance) if name in CHANGES else one
            one = one.but(cc=()) if name == "all-headers" else one
            text = TEXTS.get(name, TEXTS["plain"])(one, chance)
            content = part(text, encoding=("quoted-printable", "base64")[turn % 2])
            yield _forward(name, turn, one, content)
    for make in HTMLS:
        for turn in range(_EACH // 2):
            one = mail(next(languages), chance)
            html = part(as_html(one, make), "html", encoding="base64")
            both = multipart("alternative", [part(_EMPTY[turn % 3]), html])
            yield _forward(f"html-{make}", turn, one, both if turn % 3 else html)


def _forward(name: str, turn: int, one: Mail, content: bytes) -> Sample:
    raw = outer(content, one.prefix + one.subject, sender=ANN)
    truth = Truth(True, one.sender, one.to, one.cc, one.subject, one.when, body=one.body, note=one.note)
    tag = one.words.tag
    return Sample(f"mangled/{name}/{tag}/{turn}", f"mangled-{name}", tag, "mangled", raw, truth)


def answers(seed: int) -> Iterator[Sample]:
    """An answer in every language above a block, and one below an attribution, to the writer or to somebody else."""
    chance = random.Random(seed)
    for turn, words in enumerate(WORDS.values()):
        one = mail(words, chance).but(shape=SHAPES[(1, 4)[turn % 2]])
        answer = f"{words.thanks}\n{ANN.name}"
        block = TEXTS[chance.choice(_ANSWERED)](one.but(note=answer), chance)
        to = (one.sender, DORA)[turn % 3 == 0]
        yield _answer("block", words, f"{words.reply}: {one.subject}", block, to)
        yield _answer("attribution", words, f"Re: {one.subject}", _attributed(one, answer, chance), to)
        inner = whole(one, head(one))
        yield _answer("forward", words, f"Re: {one.prefix}{one.subject}", _attributed(one.but(body=inner), answer, chance), DORA)  # fmt: skip


def _attributed(one: Mail, answer: str, chance: random.Random) -> str:
    date = CLOCKS[one.words.tag].moment(one.when, "medium")
    line = one.words.wrote.format(date=date, who=f"{one.sender.name} <{one.sender.address}>")
    sign = chance.choice(("> ", ""))
    return f"{answer}\n\n{line}\n\n" + "".join(f"{sign}{row}\n" for row in one.body.split("\n"))


def _answer(name: str, words: Words, subject: str, text: str, to: Person) -> Sample:
    raw = outer(part(text), subject, sender=ANN, to=mailbox(to))
    return Sample(
        f"mangled-answer/{name}/{words.tag}", "mangled-answer", words.tag, "mangled-none", raw, _none()
    )


def letters() -> Iterator[Sample]:
    """Letters, guides and notices with rows like those of a header."""
    for name, letter in LETTERS.items():
        for to in (mailbox(DORA), LOG_ADDRESS):
            raw = outer(part(letter["text"]), letter["subject"], sender=ANN, to=to)
            kind = "log" if to == LOG_ADDRESS else "person"
            yield Sample(
                f"mangled-letter/{name}/{kind}", "mangled-letter", "en", "mangled-none", raw, _none()
            )


def _none() -> Truth:
    return Truth(False, ANN, unknown=_UNSCORED)


def mangled_samples(seed: int = 1) -> Iterator[Sample]:
    """All of them."""
    yield from forwards(seed)
    yield from answers(seed)
    yield from letters()
