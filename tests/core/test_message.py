"""Bytes to a Message: its people, its fields and its body."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crm_logger.core.message import parse_message
from crm_logger.core.model import Flag, Person, Policy
from tests.pieces import HTML, PDF, PLAIN, multipart, part, read

ANN = Person("Ann", "ann@acme.test")
CARL = Person("", "carl@client.example")


def test_a_mail_is_read_into_its_fields() -> None:
    message = read(
        "From: Ann <ann@acme.test>\nSender: bob@acme.test\nReply-To: ann@acme.test\nTo: carl@client.example\n"
        "Cc: Dora <dora@client.example>\nBcc: eve@evil.example\nResent-From: ann@acme.test\nResent-To: carl@client.example\n"
        "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\nMessage-ID: <1@acme.test>\nIn-Reply-To: <0@client.example>\n"
        "References: <a@x> <0@client.example>\nDate: Mon, 2 Nov 2026 10:00:00 +0000\n\nHello\n",
    )
    assert message.from_ == (ANN,)
    assert message.sender == (Person("", "bob@acme.test"),)
    assert message.reply_to == message.resent_from == (Person("", "ann@acme.test"),)
    assert message.to == message.resent_to == (CARL,)
    assert message.cc == (Person("Dora", "dora@client.example"),)
    assert message.bcc == (Person("", "eve@evil.example"),)
    assert (message.subject, message.message_id, message.in_reply_to) == (
        "Grüße",
        "1@acme.test",
        "0@client.example",
    )
    assert message.references == ("a@x", "0@client.example")
    assert message.date.wall == datetime(2026, 11, 2, 10, tzinfo=UTC)
    assert message.first("subject") == "Grüße"
    assert (message.text, message.content_type, message.malformed, message.defects) == (
        "Hello\n",
        "text/plain",
        "",
        (),
    )


def test_several_from_fields_are_all_in_from() -> None:
    message = read("From: Ann <ann@acme.test>\nFrom: eve@evil.example\n\nx")
    assert message.from_ == (ANN, Person("", "eve@evil.example"))
    assert message.defects == ("there are several From fields",)


def test_a_from_that_shows_another_address_is_ambiguous() -> None:
    message = read("From: eve@evil.example <ann@acme.test>\n\nx")
    assert [person.address for person in message.from_] == ["ann@acme.test", "eve@evil.example"]
    assert message.defects == ("From shows one address and names another",)


def test_a_from_that_is_a_group_is_ambiguous() -> None:
    message = read("From: Sales: ann@acme.test;\n\nx")
    assert message.from_ == (Person("Sales", ""), Person("", "ann@acme.test"))
    assert message.defects == ("From is a group",)


def test_an_overlong_from_names_nobody() -> None:
    message = read("From: ann@acme.test, " + "x" * 8192 + "\n\nx")
    assert message.from_ == ()
    assert message.defects == ("From is too long and names nobody",)


def test_the_topmost_resent_from_alone_tells_who_redirected() -> None:
    message = read("Resent-From: eve@evil.example <ann@acme.test>\nResent-From: bob@acme.test\n\nx")
    assert [person.address for person in message.resent_from] == ["ann@acme.test", "eve@evil.example"]
    assert message.defects == ("Resent-From shows one address and names another",)


def test_an_overlong_list_of_recipients_is_never_cut_inside_an_address() -> None:
    message = read(
        "To: " + ",\n ".join(f"a{number}@client.example" for number in range(9000)) + "\n\nx",
        Policy(max_recipients=9000),
    )
    assert 2000 < len(message.to) < 9000
    assert all(person.address.endswith("@client.example") for person in message.to)


@pytest.mark.parametrize("value", ["Ann", "", "<>", "alice@example.org)bob@example.com"])
def test_a_from_without_an_address_names_nobody(value: str) -> None:
    assert read(f"From: {value}\n\nx").from_ == ()


def test_several_to_fields_count_together_and_a_list_is_cut_at_the_limit() -> None:
    message = read("To: a@x.test, b@x.test\nTo: c@x.test\nCc: d@x.test\n\nx", Policy(max_recipients=2))
    assert [person.address for person in message.to] == ["a@x.test", "b@x.test"]
    assert message.cc == ()
    assert "there are more recipients than the limit; the rest was left out" in message.defects


def test_an_overlong_sender_is_cut_between_addresses() -> None:
    message = read("Reply-To: " + ", ".join(f"a{number}@acme.test" for number in range(1000)) + "\n\nx")
    assert 100 < len(message.reply_to) < 1000
    assert all(person.address.endswith("@acme.test") for person in message.reply_to)
    assert message.defects == ("reply-to is too long; the rest was left out",)


def test_a_bare_carriage_return_makes_the_mail_malformed() -> None:
    assert (
        "carriage return" in parse_message(b"From: ann@acme.test\rFrom: eve@evil.example\r\n\r\nx").malformed
    )


def test_a_partial_mail_is_flagged() -> None:
    assert read("From: ann@acme.test\n\nx", partial=True).flags == {Flag.PARTIAL}


@pytest.mark.parametrize(
    ("mail", "text", "html"),
    [
        ("\nHello", "Hello", ""),
        ("Hello Carl\nthis has no header", "Hello Carl\nthis has no header", ""),
        (PLAIN, "Hello", ""),
        (HTML, "", "<p>Hello</p>"),
        (part("text/x-unknown", "Hello"), "Hello", ""),
        (part("text/plain; name=all.txt", "Hello"), "Hello", ""),
        (
            part(
                "text/plain; charset=utf-8", "Gr=C3=BC=C3=9Fe", Content_Transfer_Encoding="Quoted-Printable"
            ),
            "Grüße",
            "",
        ),
        (part("text/plain", "R3LDvMOfZQ==", Content_Transfer_Encoding="base64"), "Grüße", ""),
        (part("text/plain", "begin 644 x", Content_Transfer_Encoding="x-uuencode"), "begin 644 x", ""),
        (multipart("alternative", PLAIN, HTML), "Hello", "<p>Hello</p>"),
        (multipart("alternative", HTML, PLAIN), "Hello", "<p>Hello</p>"),
        (multipart("alternative", HTML, part("text/html", "<b>rich</b>")), "", "<b>rich</b>"),
        (multipart("alternative", part("text/plain", " "), HTML), "", "<p>Hello</p>"),
        (multipart("alternative", PLAIN, part("text/plain", "again")), "Hello", ""),
        (
            multipart("alternative", PLAIN, multipart("related", HTML, PDF, boundary="r")),
            "Hello",
            "<p>Hello</p>",
        ),
        (multipart("mixed", PLAIN, PDF, part("text/plain", "Regards")), "Hello\nRegards", ""),
        (multipart("mixed", HTML, PDF, part("text/plain", "5 < 6")), "", "<p>Hello</p>\n<pre>5 &lt; 6</pre>"),
        (multipart("mixed", HTML, PDF, part("text/plain", "\n")), "", "<p>Hello</p>"),
        (
            multipart(
                "mixed", multipart("alternative", PLAIN, HTML, boundary="a"), part("text/plain", "list")
            ),
            "Hello\nlist",
            "<p>Hello</p>\n<pre>list</pre>",
        ),
        (
            multipart("related", PDF, part("text/html", "<b>", Content_ID="<r>"), more='; start="<r>"'),
            "",
            "<b>",
        ),
        (
            multipart("related", HTML, multipart("mixed", PLAIN, boundary="m")),
            "",
            "<p>Hello</p>\n<pre>Hello</pre>",
        ),
        (multipart("signed", PLAIN, part("application/pgp-signature", "sig")), "Hello", ""),
        (multipart("x-unknown", PLAIN), "Hello", ""),
        (part("multipart/mixed", "no boundary"), "no boundary", ""),
        (part("multipart/mixed; boundary=b", "no part"), "no part", ""),
        (part("multipart/mixed; boundary=b", "--b\n\nHello\n--bcd\nmore"), "Hello\n--bcd\nmore", ""),
        (part("multipart/mixed; boundary=b", "x--b\n--b  \n\nHello"), "Hello", ""),
        (part("multipart/mixed; boundary=b", "--b\n\nHello --b\n--b--"), "Hello --b", ""),
        (part("multipart/mixed; boundary=b", "--b\nHello\n--b--"), "Hello", ""),
        (part("multipart/mixed; boundary=b", "--b\n--b--"), "", ""),
        (part("multipart/mixed; boundary=b", "--b"), "", ""),
        (part("text/plain; format=flowed; delsp=yes", "a" * 60 + " \nb"), "a" * 60 + "b", ""),
        (part("text/plain; format=Flowed", "a" * 60 + " \nb"), "a" * 60 + " b", ""),
        ("Content-Type: text/plain; charset=hex\n\nHello", "Hello", ""),
    ],
)
def test_the_body_is_text_and_html(mail: str, text: str, html: str) -> None:
    message = read(mail)
    assert (message.text.replace("\r\n", "\n"), message.html.replace("\r\n", "\n")) == (text, html)


def test_a_body_over_the_limit_is_cut_between_characters_and_flagged() -> None:
    message = read(part("text/plain; charset=utf-8", "ü" * 10), Policy(max_body_bytes=5))
    assert message.text == "üü"
    assert message.flags == {Flag.BODY_CUT}
    several = multipart("mixed", PLAIN, PLAIN)
    assert read(several, Policy(max_body_bytes=8)).flags == {Flag.BODY_CUT}
    assert read(several, Policy(max_body_bytes=11)).flags == frozenset()
