"""Mail that was written without a look at the product's tables: what is found in it, and that nobody is named wrongly."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from tests.forwards.strangers.compose import replies, strangers
from tests.forwards.strangers.measure import misses

EVERY = 9
"""`python -m tests.forwards.strangers.measure` takes each mail."""


FIRST = ("europe.toml", "world.toml")
"""Languages that clients speak, or might; those of far.toml hardly any does, and some of their dates stay unread."""


@cache
def missed() -> tuple[int, Counter[str]]:
    found = [misses(mail) for mail in strangers(every=EVERY, words=FIRST)]
    return len(found), Counter(key for mail in found for key in mail)


def test_no_stranger_s_forward_is_laid_at_the_wrong_door() -> None:
    assert missed()[1]["wrong"] == 0


def test_nor_is_one_in_a_language_from_far_away_or_with_other_names_and_notes() -> None:
    mails = [*strangers(every=5, words=("far.toml",)), *strangers(round_=2, every=17)]

    assert [mail.name for mail in mails if "wrong" in misses(mail)] == []


def test_no_reply_of_a_stranger_is_taken_for_a_forward() -> None:
    assert [mail.name for mail in replies(every=2) if misses(mail)] == []


@pytest.mark.parametrize(
    ("field", "share"),
    [
        ("forwarded", 0.995),
        ("unsure", 0.995),
        ("to", 0.99),
        ("cc", 0.99),
        ("subject", 0.995),
        ("date", 0.98),
        ("body", 0.98),
        ("note", 0.98),
    ],
)
def test_each_field_of_a_stranger_s_forward_is_read(field: str, share: float) -> None:
    count, fields = missed()

    assert fields[field] <= count * (1 - share)
