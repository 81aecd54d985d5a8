"""The key that makes two mails one: what counts of a body."""

from __future__ import annotations

import sys
from itertools import islice
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_logger.core.keys import engagement_key

if TYPE_CHECKING:
    from crm_logger.core.model import EngagementKey

EVERY_CHARACTER = "".join(map(chr, range(sys.maxunicode + 1)))


def key_of(body: str) -> EngagementKey:
    return engagement_key(message_id="", author="ann@acme.test", subject="Offer", written=None, body=body)


def first_letters(text: str) -> str:
    return "".join(islice(filter(str.isalpha, text), 500))


@given(st.text(max_size=3000))
def test_only_the_first_500_letters_of_a_body_count(body: str) -> None:
    assert key_of(body) == key_of(first_letters(body))


@given(
    st.text(max_size=600),
    st.sampled_from(["a", "ü", "a1", "> \u201ca\u201d", "\udc80b"]),
    st.text(max_size=600),
)
def test_so_they_do_in_a_long_body(begin: str, unit: str, more: str) -> None:
    body = begin + unit * 500 + more
    assert key_of(body) == key_of(first_letters(body))


@pytest.mark.parametrize("start", range(0, sys.maxunicode + 1, 4096))
def test_a_character_counts_if_it_is_a_letter(start: int) -> None:
    for at in range(start, start + 4096, 400):
        characters = EVERY_CHARACTER[at : min(at + 400, start + 4096)]
        assert key_of(f"{characters}Prices") == key_of(first_letters(f"{characters}Prices"))


@pytest.mark.parametrize("between", [" " * 5000, "> \n" * 2000, "0123456789" * 300])
def test_letters_count_however_far_apart_they_stand(between: str) -> None:
    assert key_of(f"Prices{between}of Monday") == key_of("PricesofMonday")
    assert key_of("a" * 499 + f"{between}b{between}c") == key_of("a" * 499 + "b")
