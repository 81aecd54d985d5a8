"""The parser against the samples: a fixed, stratified part of them, each field held to its bar."""

from __future__ import annotations

from functools import cache
from zlib import crc32

import pytest

from tests.forwards.render import samples
from tests.forwards.sample import Sample, Truth
from tests.forwards.score import Score, names_wrong_sender, score, structure_alone, verdicts
from tests.forwards.stories import MOMENTS, Person, languages

BARS = {
    "forwarded": 0.995,
    "from_address": 0.995,
    "to": 0.99,
    "cc": 0.99,
    "subject": 0.995,
    "date": 0.98,
    "body": 0.98,
    "message": 0.98,
    "lines": 0.98,
}


@cache
def stratified() -> list[Sample]:
    """A fifth of all samples, drawn by name, and the first of each client and of each language."""
    part: list[Sample] = []
    seen: set[str] = set()
    for sample in samples():
        new = {sample.client, sample.language} - seen
        if new or crc32(sample.name.encode()) % 5 == 0:
            part.append(sample)
        seen |= new
    return part


@cache
def measured() -> Score:
    return score(stratified())


def test_nobody_else_is_ever_named_as_the_sender() -> None:
    assert [sample.name for sample, _ in measured().wrong_senders] == []


def test_no_reply_or_plain_mail_is_taken_for_a_forward() -> None:
    failed = [sample.name for sample, _ in measured().failures["forwarded"] if not sample.truth.forwarded]

    assert failed == []


@pytest.mark.parametrize("name", BARS)
def test_each_field_reaches_its_bar(name: str) -> None:
    missed = [sample.name for sample, _ in measured().failures[name]]

    assert measured().share(name, "all") >= BARS[name], missed[:40]


@pytest.mark.parametrize("told", ["known", "composed"])
def test_the_sender_is_found_as_well_where_the_words_are_composed(told: str) -> None:
    assert measured().share("from_address", "words", told) >= BARS["from_address"]


def test_structure_alone_finds_the_sender_in_19_of_20_forwards_and_names_hardly_anybody_else() -> None:
    alone = score(stratified(), structure_alone)

    assert alone.share("from_address") >= 0.95
    assert [sample.name for sample, _ in alone.wrong_senders if sample.truth.forwarded] == []


def catalogue() -> list[tuple[str, str, str, int]]:
    return [(one.name, one.client, one.language, crc32(one.raw)) for one in samples()]


@cache
def everything() -> list[tuple[str, str, str, int]]:
    return catalogue()


def test_the_part_holds_every_client_and_every_language() -> None:
    part = stratified()

    assert {sample.client for sample in part} == {client for _, client, _, _ in everything()}
    assert {sample.language for sample in part} == {language for _, _, language, _ in everything()}
    assert len(languages()) >= 70


def test_samples_are_the_same_each_time_and_have_names_of_their_own() -> None:
    assert catalogue() == everything()
    assert len({name for name, _, _, _ in everything()}) == len(everything())


def _answer(**changes: object) -> dict[str, object]:
    return {
        "forwarded": True, "from_name": "Carl", "from_address": "carl@client.example", "to": [], "cc": [],
        "subject": "Offer", "date_iso": "2026-03-02T09:05:07+01:00", "body": "Hi", "message": "",
    } | changes  # fmt: skip


TRUTH = Truth(True, Person("Carl", "carl@client.example"), subject="Offer", date=MOMENTS[0], body="Hi")


@pytest.mark.parametrize(
    ("answer", "truth", "wrong"),
    [
        ({}, TRUTH, False),
        ({"from_address": "eve@other.example"}, TRUTH, True),
        ({"from_address": None}, TRUTH, False),
        ({"forwarded": False, "from_address": "ann@acme.test"}, TRUTH, False),
        ({}, TRUTH.but(forwarded=False), True),
        ({"from_address": None}, TRUTH.but(uncertain="required"), False),
    ],
)
def test_a_wrong_sender_is_somebody_else_named_or_a_reply_taken_for_a_forward(
    answer: dict[str, object], truth: Truth, *, wrong: bool
) -> None:
    assert names_wrong_sender(_answer(**answer), truth) is wrong


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        ({"from_address": None}, "from_address"),
        ({"from_name": "Eve"}, "from_name"),
        ({"to": [{"name": "Eve", "address": ""}]}, "to"),
        ({"subject": "Fwd: Offer"}, "subject"),
        ({"date_iso": "2026-02-03T09:05:00"}, "date"),
        ({"body": "Hi there"}, "body"),
        ({"message": "Hi"}, "message"),
    ],
)
def test_the_score_sees_a_wrong_field(answer: dict[str, object], field: str) -> None:
    told = verdicts(_answer(**answer), TRUTH)

    assert [name for name, right in told.items() if not right] == [field]
    assert all(verdicts(_answer(), TRUTH).values())
