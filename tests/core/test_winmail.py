"""winmail.dat is read as the mail that its sender wrote."""

from __future__ import annotations

import base64
import itertools

import pytest

from crm_logger.core.forward import find_forward
from crm_logger.core.message import parse_message
from crm_logger.core.rtf import decompress, read_rtf
from crm_logger.core.winmail import unwrapped
from tests.wrapped import MESSAGE, attribute, compressed, file, mail, prop, props, stream

TEXT, HTML, RICH, CODEPAGE = 0x1000, 0x1013, 0x1009, 0x3FDE
DATA, SHORT_NAME, LONG_NAME, MIME_TYPE, CONTENT_ID = 0x3701, 0x3704, 0x3707, 0x370E, 0x3712
NAME, EMAIL, SMTP, ROLE = 0x3001, 0x3003, 0x39FE, 0x0C15
BLOCK = (
    "Have a look.\r\n\r\n-----Original Message-----\r\nFrom: Carl [mailto:carl@client.example]\r\n"
    "Sent: Monday, May 4, 2026 9:00 AM\r\nTo: Ann\r\nSubject: Offer\r\n\r\nYes, please.\r\n"
)
MAY_4 = 134_223_588_000_000_000
"""Monday, 4 May 2026, 09:00 UTC, as Windows counts."""


def sent(data: bytes, text: str = "", kind: str = "application/ms-tnef", name: str = "winmail.dat") -> bytes:
    """A mail with a text and a winmail.dat."""
    return (
        (
            f"From: Ann <ann@acme.test>\r\nSubject: FW: Offer\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n{text}\r\n"
            f'--b\r\nContent-Type: {kind}; name="{name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        ).encode()
        + base64.encodebytes(data)
        + b"--b--\r\n"
    )


def rich_html(markup: bytes) -> bytes:
    return rb"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0\fswiss Arial;}}" + markup + b"}"


@pytest.mark.parametrize(
    "body",
    [
        [prop(TEXT, BLOCK)],
        [prop(TEXT, BLOCK.encode("cp1252") + b"\0", 0x1E)],
        [prop(HTML, BLOCK.replace("\r\n", "<br>").encode()), prop(CODEPAGE, 65001)],
        [prop(RICH, compressed(rb"{\rtf1\ansi " + BLOCK.replace("\r\n", r"\par ").encode() + b"}"))],
    ],
)
@pytest.mark.parametrize(
    "kind", ["application/ms-tnef", "application/vnd.ms-tnef", "application/octet-stream"]
)
def test_a_forward_inside_winmail_dat_is_found(body: list[bytes], kind: str) -> None:
    message = parse_message(sent(mail(*body), kind=kind))
    assert message.attachments == ()
    forward = find_forward(message)
    assert forward
    assert forward.note == "Have a look."
    (original,) = forward.originals
    assert original.sender
    assert original.sender.address == "carl@client.example"


def test_the_body_is_also_read_from_where_old_versions_put_it() -> None:
    data = stream(
        attribute(0x9007, b"\xe3\x04\0\0\0\0\0\0"), attribute(0x800C, "Привет".encode("cp1251") + b"\0")
    )
    assert parse_message(sent(data)).text == "Привет"


def test_the_longer_body_counts_and_html_is_added_to_a_text_that_is_no_shorter() -> None:
    markup = prop(HTML, "<p>Grüße</p>".encode("cp1252")), prop(CODEPAGE, 1252)
    both = parse_message(sent(mail(*markup), "Grüße and a footer of the company"))
    assert (both.text.strip(), both.html.strip()) == ("Grüße and a footer of the company", "<p>Grüße</p>")
    stub = parse_message(sent(mail(*markup), "."))
    assert (stub.text, stub.html.strip()) == ("", "<p>Grüße</p>")
    own = parse_message(sent(mail(prop(SHORT_NAME, "of no use")), "Hello"))
    assert (own.text.strip(), [each.name for each in own.attachments]) == ("Hello", ["winmail.dat"])


def test_files_come_with_their_names_and_types() -> None:
    old = (
        attribute(0x9002, bytes(14), 2) + attribute(0x8010, b"old.txt\0", 2) + attribute(0x800F, b"old\0x", 2)
    )
    files = [
        file(
            prop(DATA, b"pdf"),
            prop(SHORT_NAME, "OFF~1.PDF"),
            prop(LONG_NAME, "Öffer; 1.pdf"),
            prop(MIME_TYPE, "application/pdf"),
        ),
        file(
            prop(DATA, b"png"),
            prop(SHORT_NAME, "l.png"),
            prop(CONTENT_ID, "<l@x>"),
            prop(MIME_TYPE, "image/png\r\nX: y"),
        ),
        old,
        file(prop(DATA, b"nameless")),
        file(prop(LONG_NAME, "no data.txt")),
    ]
    message = parse_message(sent(mail(prop(TEXT, "Hello"), files=files)))
    assert [
        (each.name, each.content_type, each.content_id, each.content) for each in message.attachments
    ] == [
        ("Öffer; 1.pdf", "application/pdf", "", b"pdf"),
        ("l.png", "application/octet-stream", "l@x", b"png"),
        ("old.txt", "application/octet-stream", "", b"old\0x"),
        ("attachment", "application/octet-stream", "", b"nameless"),
    ]


def test_a_mail_attached_inside_is_a_forward_as_attachment() -> None:
    row = props(prop(NAME, 'Ann "A", Smith'), prop(SMTP, "ann@acme.test"), prop(ROLE, 1))
    copy = props(prop(NAME, "Bob"), prop(EMAIL, "/O=ACME/CN=BOB"), prop(ROLE, 2))
    inner = mail(
        prop(0x0042, "Carl"), prop(0x5D02, "carl@client.example"), prop(0x0037, "Offer\r\nX: y"), prop(0x0039, MAY_4),
        prop(0x1035, "<1@client.example>"), prop(TEXT, "Yes, please."), recipients=[row, copy],
    )  # fmt: skip
    outer = mail(
        prop(TEXT, "See attached."), files=[file(prop(0x3705, 5), prop(DATA, MESSAGE + inner, 0x0D))]
    )
    forward = find_forward(parse_message(sent(outer)))
    assert forward
    (original,) = forward.originals
    assert original.sender
    assert (original.sender.name, original.sender.address) == ("Carl", "carl@client.example")
    assert [(who.name, who.address) for who in original.to] == [('Ann "A", Smith', "ann@acme.test")]
    assert original.subject == "Offer X: y"
    assert original.date.wall
    assert original.date.wall.isoformat()[:16] == "2026-05-04T09:00"
    assert (original.message_id, original.text) == ("1@client.example", "Yes, please.")


def test_an_attached_mail_keeps_the_header_it_came_with_but_not_that_of_its_parts() -> None:
    headers = (
        "Received: from x by y\r\nFrom: Carl <carl@client.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/html;\r\n charset=x\r\n"
        "Subject: Offer\r\n"
    )
    inner = mail(prop(0x007D, headers), prop(0x0037, "Other"), prop(TEXT, "Yes."))
    (attached,) = parse_message(sent(mail(files=[file(prop(DATA, MESSAGE + inner))]))).attached
    assert (attached.subject, attached.text) == ("Offer", "Yes.")
    assert attached.from_[0].address == "carl@client.example"


def test_an_attached_mail_without_an_author_names_nobody() -> None:
    (attached,) = parse_message(
        sent(mail(files=[file(prop(DATA, MESSAGE + mail(prop(TEXT, "Yes."))))]))
    ).attached
    assert attached.from_ == ()


def test_mails_inside_mails_end_somewhere() -> None:
    inner = mail(prop(TEXT, "deepest"))
    for _ in range(15):
        inner = mail(prop(TEXT, "x"), files=[file(prop(DATA, MESSAGE + inner))])
    message, depth = parse_message(sent(inner)), 0
    while message.attached:
        (message,), depth = message.attached, depth + 1
    assert depth == 10
    assert [each.content_type for each in message.attachments] == ["application/octet-stream"]


def test_named_and_repeated_properties_and_those_of_fixed_size_are_stepped_over() -> None:
    named = b"\x03\0\x05\x80" + bytes(16) + bytes(4) + b"\x01\0\0\0" + b"\x07\0\0\0"
    lettered = (
        b"\x1f\0\x06\x80"
        + bytes(16)
        + b"\x01\0\0\0"
        + b"\x06\0\0\0a\0b\0\0\0\0\0"
        + b"\x01\0\0\0\x02\0\0\0x\0\0\0"
    )
    numbers = b"\x02\x10\x01\x0e\x02\0\0\0" + bytes(4)
    strings = b"\x1f\x10\x02\x0e\x02\0\0\0\x02\0\0\0a\0\0\0\x02\0\0\0b\0\0\0"
    none = b"\x1f\x10\x03\x0e\0\0\0\0"
    double = b"\x05\0\x04\x0e" + bytes(8)
    data = mail(named, lettered, numbers, strings, none, double, prop(TEXT, "Hello"))
    assert parse_message(sent(data)).text == "Hello"
    assert unwrapped(mail(b"\x99\0\x01\x0e", prop(TEXT, "behind what nobody knows"))) is None


@pytest.mark.parametrize(
    "data",
    [b"", b"no stream", stream(), stream(attribute(0x8004, b"Subject\0")), stream(attribute(0x9003, b"\xff\xff\xff\xff")),
     stream(attribute(0x9004, b"\xff\xff\xff\x7f" + bytes(9))), stream(attribute(0x9003, b"\x01\0\0\0\x1f\0\0\x10\xff\xff\xff\xff"))],
)  # fmt: skip
def test_a_stream_that_holds_nothing_stays_a_file(data: bytes) -> None:
    message = parse_message(sent(data, "Hello"))
    assert message.text.strip() == "Hello"
    assert [each.name for each in message.attachments] == ["winmail.dat"]


def test_damaged_streams_never_raise() -> None:
    inner = mail(
        prop(0x0042, "Carl"), prop(0x0039, MAY_4), prop(RICH, compressed(rich_html(rb"{\*\htmltag64 <p>}x")))
    )
    whole = mail(prop(TEXT, "Hello"), files=[file(prop(DATA, MESSAGE + inner))])
    for at in range(len(whole)):
        for damaged in (whole[:at], whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]):
            assert isinstance(unwrapped(damaged), bytes | None)


def test_time_is_bounded_by_what_is_read_not_by_what_a_stream_says() -> None:
    many = b"\xff\xff\xff\xff" + b"\x03\0\x01\x0e\0\0\0\0" * 200_000
    assert unwrapped(stream(attribute(0x9003, many), attribute(0x9003, props(prop(TEXT, "behind"))))) is None
    assert unwrapped(stream(*[attribute(0x0006, b"")] * 200_000)) is None
    rows = b"\xff\xff\xff\xff" + bytes(4) * 200_000
    assert unwrapped(stream(attribute(0x9004, rows))) is None
    pieces = b"\x01\0\0\0\x1f\x10\x01\x0e\xff\xff\xff\xff" + bytes(4) * 200_000
    assert unwrapped(stream(attribute(0x9003, pieces))) is None


# ---------------------------------------------------------------- rich text


def test_html_is_taken_out_of_the_rich_text_it_was_put_into() -> None:
    rich = rich_html(
        rb"{\*\htmltag19 <html>}{\*\htmltag64 <p class=x>}\htmlrtf {\htmlrtf0 Gr\'fc\'dfe \{a\}{\*\htmltag84 &nbsp;}\htmlrtf \'a0\htmlrtf0 "
        rb"b{\*\mhtmltag84 <img src=y>}{\*\htmltag116 <br>}\htmlrtf \line\htmlrtf0 c\tab d\htmlrtf }\htmlrtf0 {\*\htmltag72 </p>}"
        rb"{\*\htmltag27 </html>}"
    )
    text, markup = read_rtf(rich)
    assert text == ""
    assert markup == "<html><p class=x>Grüße {a}&nbsp;b<br>c\td</p></html>"


@pytest.mark.parametrize(
    ("rich", "text"),
    [
        (rb"{\rtf1\ansi\ansicpg1251 \'cf\'f0\par x}", "Пр\nx"),
        (rb"{\rtf1\ansi\uc1 \u8364?\u-10179?\u-8704? {\uc2\u9731ab}c}", "€😀 ☃c"),
        (rb"{\rtf1{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset128 M;}}\f1 \'82\'a0\f0 \'e9}", "あé"),
        (rb"{\rtf1\ansi{\*\generator X;}{\stylesheet{\s0 N;}}{\info{\author Ann}}a\~b\_c\-d\\}", "a\xa0b\u2011cd\\"),
        (rb"{\rtf1{\field{\*\fldinst HYPERLINK x}{\fldrslt link}}\ldblquote q\rdblquote\cell}}}", "link“q”\t"),
        (b"{\\rtf1 a\\\nb\r\nc d\\f\\fcharset5}", "a\nbc d"),
    ],
)  # fmt: skip
def test_rich_text_is_read_as_text(rich: bytes, text: str) -> None:
    found, markup = read_rtf(rich)
    assert (found.rstrip("\n"), markup) == (text, "")


def test_compressed_rich_text_refers_to_what_stands_before() -> None:
    # The example of MS-OXRTFCP §4.1.1, and one that refers to the blanks before the window's beginning.
    example = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af8206e6562207804630ac074680aa0006c0380"
    )
    assert decompress(example).startswith(rb"{\rtf1\ansi\ansicpg1252\pard")
    blanks = (
        compressed(b"")[:16]
        + bytes([0b11])
        + ((1000 << 4) | 3).to_bytes(2, "big")
        + ((212 << 4) | 0).to_bytes(2, "big")
    )
    assert decompress(b"\xff" + blanks[1:]) == b" " * 5
    assert decompress(compressed(b"{\\rtf1 abc}")) == b"{\\rtf1 abc}"


def test_stored_rich_text_is_taken_as_it_is_and_anything_else_as_nothing() -> None:
    assert decompress(b"\x11\0\0\0\x05\0\0\0MELA" + bytes(4) + b"{\\rt}") == b"{\\rt}"
    assert decompress(b"\x11\0\0\0\x05\0\0\0XXXX" + bytes(4) + b"{\\rt}") == b""
    assert decompress(b"short") == b""


def test_rich_text_that_swells_is_cut() -> None:
    bomb = bytes([0xFF]) + b"".join(
        ((at << 4 | 15) & 0xFFFF).to_bytes(2, "big") for at in itertools.repeat(1, 8)
    )
    data = bomb * 400_000
    assert len(decompress(len(data).to_bytes(4, "little") + bytes(4) + b"LZFu" + bytes(4) + data)) < 9 << 20
