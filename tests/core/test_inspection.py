"""The contract of `inspect --json`: keys, nulls and what each of them means."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_logger.core.inspection import inspect_message
from tests.cast import bcc, forward, forwarding, gmail_forward, mail

KEYS = [
    "kind",
    "forwarded",
    "from_name",
    "from_address",
    "to",
    "cc",
    "subject",
    "date",
    "date_iso",
    "body",
    "message",
    "confidence",
    "candidates",
]
ANN = {"name": "Ann Archer", "address": "ann@acme.test"}
CARL = {"name": "Carl Client", "address": "carl@client.example"}
DORA = {"name": "Dora", "address": "dora@client.example"}


def person(found: dict[str, Any]) -> dict[str, Any]:
    return {"name": found["from_name"], "address": found["from_address"]}


def test_a_mail_that_forwards_nothing_tells_its_own_facts() -> None:
    found = inspect_message(mail(to_log=bcc(), cc="Dora <dora@client.example>"))
    assert list(found) == KEYS
    assert found["forwarded"] is False
    assert person(found) == ANN
    assert (found["to"], found["cc"]) == ([CARL], [DORA])
    assert (found["subject"], found["date"]) == ("Offer 17", "Mon, 4 May 2026 11:00:00 +0200")
    assert found["date_iso"] == "2026-05-04T11:00:00+02:00"
    assert found["body"].strip() == "Dear Carl,\n\nhere is the offer.\n\nAnn"
    assert (found["message"], found["confidence"], found["candidates"]) == ("", 1.0, [])


def test_a_forward_tells_the_original_and_the_note_above_it() -> None:
    found = inspect_message(
        forward(body=gmail_forward(cc="Dora <dora@client.example>", note="For our files\n"))
    )
    assert list(found) == KEYS
    assert found["forwarded"] is True
    assert person(found) == CARL
    assert (found["to"], found["cc"]) == ([ANN], [DORA])
    assert (found["subject"], found["date"]) == ("Your offer", "Mon, May 4, 2026 at 9:12 AM")
    assert found["date_iso"] == "2026-05-04T09:12:00"
    assert found["body"].strip() == "Dear Ann,\n\nthe price is fine, let us sign.\n\nCarl"
    assert found["message"].strip() == "For our files"
    assert 0 < found["confidence"] <= 1


def test_an_uncertain_sender_is_null_and_the_candidates_are_told() -> None:
    found = inspect_message(forward(body=gmail_forward(author="Carl Client")))
    assert found["forwarded"] is True
    assert found["from_address"] is None
    assert all(list(each) == ["name", "address", "why"] for each in found["candidates"])


def test_a_reply_that_was_forwarded_has_the_user_as_sender() -> None:
    found = inspect_message(
        forward(body=gmail_forward(author="Ann Archer <ann@acme.test>", to="carl@client.example"))
    )
    assert found["forwarded"] is True
    assert person(found) == ANN


def test_several_originals_are_all_told_the_first_on_top() -> None:
    first, second = (
        mail(author=f"C <c{n}@client.example>", subject=f"Part {n}", body=f"body {n}") for n in (1, 2)
    )
    found = inspect_message(forward(body="two of them", attached=(first, second)))
    assert [each["subject"] for each in found["originals"]] == ["Part 1", "Part 2"]
    assert all(found[key] == value for key, value in found["originals"][0].items())
    assert found["body"].strip() == "body 1"


def test_an_html_body_becomes_text() -> None:
    raw = b"From: a@b.example\r\nContent-Type: text/html\r\n\r\n<p>Dear <b>Carl</b></p><p>bye</p>"
    assert inspect_message(raw)["body"].split() == ["Dear", "Carl", "bye"]


def test_what_is_absent_is_an_empty_string_and_an_unreadable_date_is_null() -> None:
    found = inspect_message(b"Date: some day\r\n\r\n")
    assert (found["from_name"], found["from_address"], found["subject"], found["body"]) == ("", "", "", "")
    assert (found["to"], found["cc"], found["kind"]) == ([], [], None)
    assert (found["date"], found["date_iso"]) == ("some day", None)


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        (f"Delivered-To: {bcc()}", "bcc"),
        (f"Delivered-To: {forwarding(tag='+sales')}", "forward"),
        ("X-Original-To: BCC-abc@anywhere.example", "bcc"),
        ("X-Original-To: me@mine.example\r\nDelivered-To: forward-x@a.example", "forward"),
        ("Received: from a by b for <forward-x@a.example>; Mon, 4 May 2026 11:00:00 +0200", "forward"),
        ("Received: from a by b; Mon, 4 May 2026 11:00:00 +0200\r\nDelivered-To: bcc-x@a.example", "bcc"),
        ("To: Carl <carl@client.example>, bcc-x@a.example", "bcc"),
        ("Delivered-To: forward-x@a.example\r\nTo: bcc-x@a.example", "forward"),
        ("Delivered-To: forwarding@a.example", None),
        ("Delivered-To: bcc@a.example", None),
        ("Subject: write to bcc-x@a.example", None),
        ("To: carl@client.example", None),
    ],
)
def test_the_kind_comes_from_the_envelope_recipient_in_any_domain(headers: str, kind: str | None) -> None:
    assert inspect_message(f"{headers}\r\n\r\nbody".encode())["kind"] == kind


def test_the_kind_says_nothing_about_whether_it_is_a_forward() -> None:
    found = inspect_message(forward(to_log=bcc(), to=bcc()))
    assert (found["kind"], found["forwarded"]) == ("bcc", True)
    found = inspect_message(mail(to_log=forwarding()))
    assert (found["kind"], found["forwarded"]) == ("forward", False)


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"\r\n\r\nno header"])
def test_bytes_that_are_no_mail_have_an_error(raw: bytes) -> None:
    assert "no mail" in inspect_message(raw)["error"]


def test_a_header_that_two_readers_would_read_differently_has_an_error() -> None:
    assert inspect_message(b"From: a@b.example\rFrom: c@d.example\r\nSubject: x\r\n\r\n")["error"]


WORDS = st.sampled_from(
    [
        *(b"From: ", b"To: ", b"Date: ", b"Subject: Fwd: ", b"Resent-From: ", b"bcc-x@y.example"),
        *(
            b"\r\n",
            b"\n",
            b"\r",
            b" ",
            b"\xff",
            b"\x00",
            b"<",
            b">",
            b"@",
            b"=?utf-8?q?a=0A?=",
            b"<div>",
            b"--b",
        ),
        *(b"---------- Forwarded message ---------\r\n", b"Content-Type: text/html", b"charset=utf-7"),
        *(b"Content-Type: multipart/mixed; boundary=b\r\n\r\n", b"Content-Type: message/rfc822\r\n\r\n"),
    ]
)


@given(st.binary(max_size=400) | st.lists(WORDS | st.binary(max_size=5), max_size=60).map(b"".join))
def test_no_bytes_make_it_raise_and_json_takes_whatever_it_says(raw: bytes) -> None:
    found = inspect_message(raw)
    assert json.loads(json.dumps(found)) == found
    assert set(KEYS) <= set(found)
    assert 0 <= found["confidence"] <= 1
