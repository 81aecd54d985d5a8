"""The desk's mails, which nobody wrote with the parser in mind, are read as the bar asks."""

from __future__ import annotations

from itertools import chain

import pytest

from tests.forwards.desk.mails import desk_samples
from tests.forwards.desk.traps import trap_samples
from tests.forwards.desk.ways import way_samples
from tests.forwards.score import Score, score

BAR = {
    "forwarded": 0.995, "from_address": 0.995, "from_name": 0.99, "to": 0.99, "cc": 0.99, "subject": 0.995, "date": 0.98, "body": 0.98, "message": 0.98,
}  # fmt: skip


@pytest.fixture(scope="module")
def read() -> Score:
    return score(chain(desk_samples(1), trap_samples(1), way_samples(1)))


def test_nobody_is_taken_for_the_writer_of_anothers_mail_and_no_reply_for_a_forward(read: Score) -> None:
    assert [sample.name for sample, _ in read.wrong_senders] == []


@pytest.mark.parametrize("name", BAR)
def test_each_field_is_right_as_often_as_asked(read: Score, name: str) -> None:
    assert read.share(name) >= BAR[name], [sample.name for sample, _ in read.failures[name]][:10]
