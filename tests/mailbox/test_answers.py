"""FETCH answers that are read at once say what imapclient reads in them, and every other is left to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from imapclient.response_parser import parse_fetch_response

from crm_logger.mailbox.answers import fetch_answers

LISTED = rb'7 (UID 8 RFC822.SIZE 900 INTERNALDATE "04-May-2026 10:00:00 +0200")'
ANSWERS: list[list[Any]] = [
    [LISTED],
    [LISTED.replace(b"04-May", b" 4-May")],
    [LISTED.replace(b"04-May-2026", b"31-Feb-2026")],
    [LISTED.replace(b"04-May-2026 10:00:00 +0200", b"yesterday")],
    [LISTED.replace(b"+0200", b"+9999")],
    [LISTED.replace(b"900", b"9" * 5000)],
    [LISTED.replace(b"7", b"x")],
    [LISTED.replace(b")", b" FLAGS (\\Seen))")],
    [rb'7 (INTERNALDATE "04-May-2026 10:00:00 +0200" UID 8 RFC822.SIZE 900)'],
    [b"7 (FLAGS (\\Seen) UID 8)"],
    [(b"7 (UID 8 BODY[] {3}", b"a)b"), b")"],
    [(b"7 (BODY[] {3}", b"a)b"), b" UID 8)"],
    [(b"7 (UID 8 BODY[HEADER] {3}", b"a)b"), b")"],
    [(b"7 (UID 8 BODY[] {3}", b"a)b"), b" FLAGS (\\Seen))"],
    [b"7 (UID 8 BODY[] NIL)"],
    [b"7 (UID 8 BODY[] {3}", b")"],
]


def read(parse: Any, parts: list[Any]) -> tuple[dict[int, dict[bytes, Any]], str]:
    try:
        answers = parse(list(parts)).items()
    except Exception as error:  # noqa: BLE001 -- whatever it is, it must be the same
        return {}, type(error).__name__
    return {uid: {name: plain(value) for name, value in told.items()} for uid, told in answers}, ""


def plain(value: Any) -> Any:
    """A time with a zone that is out of range cannot be compared."""
    return (value.replace(tzinfo=None), vars(value.tzinfo)) if isinstance(value, datetime) else value


def by_imapclient(parts: list[Any]) -> Any:
    return parse_fetch_response(parts, normalise_times=False)


@pytest.mark.parametrize("parts", ANSWERS)
def test_an_answer_says_the_same_whoever_reads_it(parts: list[Any]) -> None:
    assert read(fetch_answers, parts) == read(by_imapclient, parts)


@given(st.sampled_from([0, 7]), st.integers(0, 60), st.binary(min_size=0, max_size=3))
@example(0, 25, b"")
def test_so_does_one_that_was_damaged(which: int, at: int, put: bytes) -> None:
    line: bytes = ANSWERS[which][0]
    damaged = [line[:at] + put + line[at + 1 :]]
    assert read(fetch_answers, damaged) == read(by_imapclient, damaged)


@pytest.mark.parametrize("parts", [ANSWERS[0], ANSWERS[10]])
def test_what_every_mail_brings_is_read_at_once(parts: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm_logger.mailbox.answers.parse_fetch_response", None)
    assert list(fetch_answers(parts)) == [8]
