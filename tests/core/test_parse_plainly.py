"""The parser gives what the standard library's own parser finds, field by field; only limits and repairs set them apart."""

from __future__ import annotations

from dataclasses import fields
from itertools import islice
from typing import TYPE_CHECKING

import pytest

from crm_logger.core.headers import read_section, section_end
from crm_logger.core.message import parse_message
from crm_logger.core.model import Message
from tests.forwards.render import samples
from tests.hostile.corpus import CORPUS
from tests.hostile.mutations import mutated
from tests.plain_parse import is_sound, plain_fields, plain_parse, plain_tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SEED, MUTATED = 7, 2000
NOT_COMPARED = frozenset({"source", "defects"})
SMALL = 100_000


def every_seventh_sample() -> Iterator[bytes]:
    return (sample.raw for sample in islice(samples(), 0, None, 7))


def small_hostile_mails() -> Iterator[bytes]:
    return (each.raw for each in CORPUS.values() if len(each.raw) < SMALL)


def mutated_mails() -> Iterator[bytes]:
    return (mutated(SEED, number) for number in range(MUTATED))


def differing(message: Message, plain: Message) -> list[str]:
    return [
        each.name
        for each in fields(Message)
        if each.name not in {*NOT_COMPARED, "attached"}
        and getattr(message, each.name) != getattr(plain, each.name)
    ] + [name for pair in zip(message.attached, plain.attached, strict=True) for name in differing(*pair)]


def is_comparable(raw: bytes, message: Message) -> bool:
    """Not where something was cut or mended, nor where a bare CR ends a line for one of the two."""
    return b"\r" not in raw.replace(b"\r\n", b"") and not _tells_defects(message)


def _tells_defects(message: Message) -> bool:
    return bool(message.defects or message.malformed) or any(map(_tells_defects, message.attached))


@pytest.mark.parametrize(
    ("mails", "least"),
    [(every_seventh_sample, 1.0), (small_hostile_mails, 0.5), (mutated_mails, 0.6)],
    ids=["samples", "hostile", "mutated"],
)
def test_every_field_of_a_message_is_what_the_plain_reading_gives(
    mails: Callable[[], Iterator[bytes]], least: float
) -> None:
    seen = compared = 0
    for raw in mails():
        seen += 1
        message = parse_message(raw)
        if is_comparable(raw, message) and is_sound(plain_tree(raw)):
            compared += 1
            assert not differing(message, plain_parse(raw)), raw
    assert compared >= least * seen > 0


@pytest.mark.parametrize("mails", [every_seventh_sample, small_hostile_mails, mutated_mails])
def test_every_header_section_is_what_the_plain_reading_gives(mails: Callable[[], Iterator[bytes]]) -> None:
    for raw in mails():
        data = raw[: section_end(raw, 0, len(raw))[0]]
        section = read_section(data)
        assert section.fields == plain_fields(data), data
        assert all(
            section.first(name.lower()) == _topmost(section.fields, name) for name, _ in section.fields
        )


@pytest.mark.parametrize(
    "data",
    [
        b"A: 1\r\r\n 2\r\nB: 3\r\n",
        b"A: 1\r 2\nB: 3\n",
        b"A: 1\n \n\t2\n",
        b"A:\n 1\n",
        b"A\n : 1\nB: 2\n",
        b"A : 1\nB\t: 2\n",
        b" 1\n 2\nA: 3\n",
        b"A: 1\nFrom x\n 2\nB: 3\n",
        b">From x\nFrom y\nA: 1\n",
        b"A: 1\r\n\t\xc3\r\n \xbc\r\n",
    ],
)
def test_odd_folds_are_opened_as_the_plain_reading_opens_them(data: bytes) -> None:
    assert read_section(data).fields == plain_fields(data)


def _topmost(found: tuple[tuple[str, str], ...], wanted: str) -> str:
    return next(value for name, value in found if name.lower() == wanted.lower())
