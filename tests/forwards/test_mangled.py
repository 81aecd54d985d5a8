"""Mangled mails, a set that was measured before anything was mended for it."""

from __future__ import annotations

import pytest

from tests.forwards.mangled.mails import mangled_samples
from tests.forwards.score import Score, score

BAR = {
    "forwarded": 0.995, "from_address": 0.995, "from_name": 0.99, "to": 0.99, "cc": 0.99, "subject": 0.995, "date": 0.98, "body": 0.98, "message": 0.98,
}  # fmt: skip


@pytest.fixture(scope="module")
def read() -> Score:
    return score(mangled_samples())


def test_nobody_else_is_named_and_no_letter_or_answer_is_a_forward(read: Score) -> None:
    assert [sample.name for sample, _ in read.wrong_senders] == []
    assert [sample.name for sample, _ in read.failures["forwarded"] if not sample.truth.forwarded] == []


@pytest.mark.parametrize("name", BAR)
def test_each_field_is_right_as_often_as_asked(read: Score, name: str) -> None:
    assert read.share(name) >= BAR[name], [sample.name for sample, _ in read.failures[name]][:10]
