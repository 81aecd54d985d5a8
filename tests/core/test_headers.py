"""Header sections, encoded words, parameters, message ids and dates."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest

from crm_logger.core.headers import (
    MAX_SECTION,
    MAX_VALUE,
    decode_base64,
    decode_words,
    parse_header_date,
    read_content_type,
    read_ids,
    read_parameters,
    read_section,
    section_end,
    strip_comments,
)


@pytest.mark.parametrize(
    ("raw", "header", "body"),
    [
        (b"A: 1\r\n\r\nbody", b"A: 1\r\n", b"body"),
        (b"A: 1\n\nbody", b"A: 1\n", b"body"),
        (b"A: 1\r\n\nbody", b"A: 1\r\n", b"body"),
        (b"A: 1\n\r\nbody", b"A: 1\n", b"body"),
        (b"\r\nbody", b"", b"body"),
        (b"\nbody", b"", b"body"),
        (b"A: 1", b"A: 1", b""),
        (b"", b"", b""),
    ],
)
def test_the_header_section_ends_at_the_first_blank_line(raw: bytes, header: bytes, body: bytes) -> None:
    end, start = section_end(raw, 0, len(raw))
    assert (raw[:end], raw[start:]) == (header, body)


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        (
            b"From: ann@acme.test\r\nTo:carl@client.example\r\n",
            [("From", "ann@acme.test"), ("To", "carl@client.example")],
        ),
        (b"Subject: one\r\n\ttwo\r\n   three\r\n", [("Subject", "one two three")]),
        (b"Subject: a\tb", [("Subject", "a b")]),
        (b"Subject: Gr\xc3\xbc\xc3\x9fe\n", [("Subject", "Grüße")]),
        (b"Subject: Gr\xfc\xdfe\n", [("Subject", "Grüße")]),
        (b"From ann Mon Nov  2 10:00:00 2026\nA: 1\n", [("A", "1")]),
        (b">From ann Mon Nov  2 10:00:00 2026\nA: 1\n", [("A", "1")]),
        (b"From : ann@acme.test\nTo \t: x\n", [("From", "ann@acme.test"), ("To", "x")]),
        (b"Subject: \x1b[31mred\x00\n", [("Subject", "[31mred")]),
        (b"Subject:\n", [("Subject", "")]),
        (b"", []),
    ],
)
def test_fields_are_unfolded_decoded_and_clean(data: bytes, fields: list[tuple[str, str]]) -> None:
    assert list(read_section(data).fields) == fields


def test_a_line_that_is_no_field_ends_the_section() -> None:
    section = read_section(b"From: ann@acme.test\nHello Carl\nTo: eve@evil.example\n")
    assert section.fields == (("From", "ann@acme.test"),)
    assert section.size == len(b"From: ann@acme.test\n")


def test_a_misplaced_mailbox_line_is_skipped() -> None:
    section = read_section(b"A: 1\nFrom ann today\nB: 2\n")
    assert section.fields == (("A", "1"), ("B", "2"))
    assert section.first("b") == "2"
    assert section.first("c") == ""


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"From: ann@acme.test\rFrom: eve@evil.example\r\n", "carriage return"),
        (b"From: ann@acme.test\0\r\n", "NUL"),
        (b"X: " + b"a" * MAX_SECTION + b"\r\n", "larger than 256 KB"),
        (b"From: ann@acme.test\r\n", ""),
    ],
)
def test_a_section_that_two_readers_may_read_differently_is_malformed(data: bytes, word: str) -> None:
    malformed = read_section(data).malformed
    assert word in malformed
    assert bool(malformed) == bool(word)


def test_a_value_is_bounded() -> None:
    assert len(read_section(b"X: " + b"a" * (2 * MAX_VALUE)).first("x")) == MAX_VALUE


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        ("plain", "plain"),
        ("=?utf-8?q?Gr=C3=BC=C3=9Fe_Ann?=", "Grüße Ann"),
        ("=?UTF-8?B?R3LDvMOfZQ==?= Ann", "Grüße Ann"),
        ("=?utf-8?q?a?= =?utf-8?q?b?=", "ab"),
        ("=?utf-8?q?a?= =?iso-8859-1?q?=FC?=", "aü"),
        ("=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c"),
        ("=?utf-8?q?=C3?= =?utf-8?q?=BC?=", "ü"),
        ("=?utf-8*de?q?=C3=BC?=", "ü"),
        ("x=?utf-8?q?a?=y", "xay"),
        ("=?utf-8?q?how are you?=", "how are you"),
        ("=?utf-8?q?how_are_you??=", "how are you?"),
        ("=?utf-8?b?R3LDvMOfZQ?=", "Grüße"),
        ("=?utf-8?b?!!?=", ""),
        ("=?nobody-knows?q?=FC?=", "ü"),
        ("=?utf-8?x?abc?=", "=?utf-8?x?abc?="),
        ("=?utf-8?q?abc", "=?utf-8?q?abc"),
        ("=?utf-8?q?a=0D=0ABcc:_eve?=", "a Bcc: eve"),
        ("=?utf-7?q?+2AA-x?=", "x"),
    ],
)
def test_encoded_words_are_decoded_tolerantly(text: str, decoded: str) -> None:
    assert decode_words(text) == decoded


@pytest.mark.parametrize("unit", ["=?", "?=", "=?a?q?", "=?utf-8?q?a?=", "=?utf-8?q?a?= ", "=?utf-8?q?a"])
def test_hostile_encoded_words_take_linear_time(unit: str) -> None:
    started = time.process_time()
    decode_words(unit * (256 * 1024 // len(unit)))
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("data", "content"),
    [
        (b"YW5u", b"ann"),
        (b"YW5uYQ==", b"anna"),
        (b"YW5uYQ", b"anna"),
        (b"YW\r\n5u!", b"ann"),
        (b"YW5uY", b"ann"),
        (b"", b""),
        (b"Y", b""),
    ],
)
def test_base64_is_read_with_broken_padding_too(data: bytes, content: bytes) -> None:
    assert decode_base64(data) == content


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", ("text/plain", {})),
        ("TEXT/HTML; Charset=UTF-8", ("text/html", {"charset": "UTF-8"})),
        ("text", ("text/plain", {})),
        ("text/plain; charset", ("text/plain", {})),
        ('multipart/mixed; boundary="a;b\\"c"; x=y', ("multipart/mixed", {"boundary": 'a;b"c', "x": "y"})),
        ('text/plain; charset="utf-8', ("text/plain", {"charset": "utf-8"})),
        (
            "text/plain ; charset = utf-8 ; format=flowed",
            ("text/plain", {"charset": "utf-8", "format": "flowed"}),
        ),
    ],
)
def test_a_content_type_has_parameters(value: str, expected: object) -> None:
    assert read_content_type(value) == expected


def test_a_part_without_a_type_has_the_default_of_its_container() -> None:
    assert read_content_type("", "message/rfc822") == ("message/rfc822", {})


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("attachment; filename=a.pdf", "a.pdf"),
        ("attachment; filename=my report (1).pdf", "my report (1).pdf"),
        ('attachment; filename="=?utf-8?q?Gr=C3=BC=C3=9Fe?=.pdf"', "Grüße.pdf"),
        ("attachment; filename*=utf-8'de'Gr%C3%BC%C3%9Fe.pdf", "Grüße.pdf"),
        ("attachment; filename*=iso-8859-1''Gr%FC%DFe.pdf", "Grüße.pdf"),
        ("attachment; filename=old.pdf; filename*=utf-8''new.pdf", "new.pdf"),
        ("attachment; filename*0*=utf-8''Gr%C3; filename*1*=%BC; filename*2=n.pdf", "Grün.pdf"),
        ("attachment; filename*1=b.pdf; filename*0=a", "ab.pdf"),
        ("attachment; filename*=plain.pdf", "plain.pdf"),
        ("attachment; filename=one.pdf; filename=two.pdf", "one.pdf"),
        ("attachment; *=x; filename=a.pdf", "a.pdf"),
        ("attachment; " + "x=y; " * 99 + "y=1; filename=a.pdf", ""),
    ],
)
def test_parameters_follow_rfc_2231_and_what_mailers_do_instead(value: str, name: str) -> None:
    assert read_parameters(value).get("filename", "") == name


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("a", "a"),
        ("a (b) c", "a   c"),
        ("a (b (c) d) e", "a   e"),
        ("a (b", "a "),
        ("a) b (c)", "a) b  "),
        ("(a\\)b)c", " c"),
    ],
)
def test_comments_are_stripped(text: str, rest: str) -> None:
    assert strip_comments(text) == rest


@pytest.mark.parametrize(
    ("values", "ids"),
    [
        (["<a@acme.test>"], ("a@acme.test",)),
        (["<a@acme.test> <b@acme.test>", "<c@acme.test>"], ("a@acme.test", "b@acme.test", "c@acme.test")),
        (["<[0a1b@microsoft.com]>"], ("[0a1b@microsoft.com]",)),
        (["a@acme.test"], ("a@acme.test",)),
        (["a@acme.test (comment@x)"], ("a@acme.test",)),
        (["<a @acme.test>"], ("a@acme.test",)),
        (["<>"], ()),
        (["<@>"], ("@",)),
        (["no id"], ()),
        (["mail of Ann <ann@acme.test> of today"], ("ann@acme.test",)),
        ([], ()),
    ],
)
def test_message_ids_stand_without_brackets(values: list[str], ids: tuple[str, ...]) -> None:
    assert read_ids(values) == ids


def test_only_the_last_hundred_ids_are_kept() -> None:
    ids = read_ids(["".join(f"<{number}@acme.test>" for number in range(500))])
    assert len(ids) == 100
    assert ids[-1] == "499@acme.test"


CET = timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("value", "wall"),
    [
        ("Mon, 2 Nov 2026 10:00:00 +0100", datetime(2026, 11, 2, 10, tzinfo=CET)),
        ("Mon, 2 Nov 2026 10:00:00 +0100 (CET)", datetime(2026, 11, 2, 10, tzinfo=CET)),
        ("2 Nov 2026 10:00 +0100", datetime(2026, 11, 2, 10, tzinfo=CET)),
        ("Mon,2 Nov 2026 10:00:00 GMT", datetime(2026, 11, 2, 10, tzinfo=UTC)),
        ("Mon, 02-Nov-2026 10:00:00 GMT", datetime(2026, 11, 2, 10, tzinfo=UTC)),
        ("2 Nov 99 10:00:00 EST", datetime(1999, 11, 2, 10, tzinfo=timezone(timedelta(hours=-5)))),
        ("2 Nov 26 10:00:00 +0000", datetime(2026, 11, 2, 10, tzinfo=UTC)),
        ("Mon Nov  2 10:00:00 2026", datetime(2026, 11, 2, 10)),  # noqa: DTZ001 -- no zone was written
        ("Mon, 2 Nov 2026 10:00:00 -0000", datetime(2026, 11, 2, 10)),  # noqa: DTZ001 -- RFC 5322 §3.3
        ("Mon, 2 Nov 2026 10:00:00", datetime(2026, 11, 2, 10)),  # noqa: DTZ001 -- no zone was written
        ("", None),
        ("today", None),
        ("Mon, 2 Nov 2026", None),
        ("10:00", None),
        ("Mon, 32 Nov 2026 10:00:00 +0100", None),
        ("Mon, 2 Foo 2026 10:00:00 +0100", None),
        ("Mon, 2 Nov 99999 10:00:00 +0100", None),
        ("Mon, 2 Nov 2026 25:00:00 +0100", None),
        ("Mon, 2 Nov 2026 10:00:00 +99999999999999", None),
        ("(" * 500, None),
    ],
)
def test_a_date_is_read_or_honestly_not(value: str, wall: datetime | None) -> None:
    date = parse_header_date(value)
    assert (date.wall, date.wall and date.wall.tzinfo) == (wall, wall and wall.tzinfo)
    assert date.text == value[:200]
