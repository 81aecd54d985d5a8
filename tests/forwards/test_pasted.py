"""Header lines that a person quotes are no forward, and a forward under another subject is not lost."""

from __future__ import annotations

import pytest

from tests.forwards.pasted.mails import QUOTING, edited, quoting
from tests.forwards.score import Score, score

BAR = {
    "forwarded": 0.995, "from_address": 0.995, "from_name": 0.995, "to": 0.99, "cc": 0.99, "subject": 0.995, "date": 0.99, "body": 0.99, "message": 0.99,
}  # fmt: skip


@pytest.fixture(scope="module")
def read() -> Score:
    return score(edited())


def test_no_mail_that_quotes_header_lines_is_taken_for_a_forward_of_somebody_s() -> None:
    told = score(quoting())

    assert [sample.name for sample, _ in (*told.wrong_senders, *told.failures["forwarded"])] == []
    assert len(QUOTING) >= 40


def test_nobody_else_is_named_where_the_subject_was_written_anew(read: Score) -> None:
    assert [sample.name for sample, _ in read.wrong_senders] == []


@pytest.mark.parametrize("name", BAR)
def test_each_field_of_a_forward_with_a_subject_of_the_user_s_own_is_right(read: Score, name: str) -> None:
    assert read.share(name) >= BAR[name], [sample.name for sample, _ in read.failures[name]][:10]
