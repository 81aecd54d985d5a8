"""No bytes make the parser raise, or leave anything in a Message that a database would refuse."""

from __future__ import annotations

import base64
import random
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_logger.core.address import canonical, parse_addresses
from crm_logger.core.delivery import arrival_time, find_delivery, proposals
from crm_logger.core.message import parse_header_date, parse_message
from crm_logger.core.model import Message, Policy

if TYPE_CHECKING:
    from collections.abc import Iterator

POLICIES = (
    Policy(log_domains=("log.example",), border_host="mx.log.example"),
    Policy(log_domains=("log.example",), max_body_bytes=20, max_attachment_bytes=2, max_recipients=1),
)
REALISTIC = b"""Delivered-To: catchall@log.example
Received: from mail.acme.test (x (y) [192.0.2.1]) by mx.log.example (Postfix) with LMTP id 1
 for <bcc-abc@log.example>; Mon, 2 Nov 2026 10:00:00 +0100 (CET)
From: "Smith, Ann" <ann@acme.test>
To: Team: carl@client.example, Dora <dora@client.example>;, <@a,@b:x@xn--strae-oqa.example>
Subject: =?iso-2022-jp?B?GyRCRnxLXBsoQg==?= =?utf-8?q?=C3=BC?=
Message-ID: <[0a1b@microsoft.com]>
References: <a@b> c@d
Date: Mon, 2 Nov 2026 10:00:00 -0000
Content-Type: multipart/mixed; boundary="b1"

--b1
Content-Type: multipart/alternative; boundary=b2

--b2
Content-Type: text/plain; charset=utf-7; format=flowed

> quoted and long enough to have been wrapped by a client\x20
> here
--b2
Content-Type: text/html; charset=utf-16
Content-Transfer-Encoding: quoted-printable

<p>=C3=BC</p>=
--b2--
--b1
Content-Type: message/rfc822
Content-Transfer-Encoding: base64

%b
--b1
Content-Type: text/calendar; method=REPLY

METHOD:REPLY
--b1
Content-Type: application/octet-stream; name*0*=utf-8''a%%20; name*1=b.eml
Content-ID: <x>

From: carl@client.example
Subject: Offer

x
--b1--
""" % base64.encodebytes(b"From: carl@client.example\nSubject: Offer\n\nPrices")
PIECES = [
    b'"', b"(", b")", b"<", b">", b"@", b",", b";", b":", b"\\", b"\r", b"\n", b"\r\n", b"\0", b"=?", b"?=", b"=?utf-7?b?+2AA-?=", b"*", b"*0*=",
    b"\xff", b"\xc3\xbc", b"--b1\n", b"--b2--", b"\t", b" ", b"\n\n", b"From: a@b\n", b"multipart/digest", b"xn--", b"\xe2\x80\xae", b"[", b"]", b"99999999999",
]  # fmt: skip


def strings(message: Message) -> Iterator[str]:
    yield from (
        message.subject,
        message.text,
        message.html,
        message.message_id,
        message.in_reply_to,
        message.malformed,
        *message.references,
    )
    yield from (text for field in message.headers for text in field)
    yield from (
        text for each in (*message.from_, *message.to, *message.cc) for text in (each.name, each.address)
    )
    yield from (
        text for each in message.attachments for text in (each.name, each.content_type, each.content_id)
    )
    for attached in message.attached:
        yield from strings(attached)


def assert_sound(raw: bytes) -> None:
    for policy in POLICIES:
        message = parse_message(raw, policy)
        find_delivery(message, policy)
        arrival_time(message, policy)
        proposals([message], policy)
        for text in strings(message):
            assert not set(text.encode()) & {*range(9), 11, 12, 13, *range(14, 32), 127}


@given(st.binary(max_size=400))
def test_no_bytes_make_parse_message_raise(raw: bytes) -> None:
    assert_sound(raw)


@given(
    st.sampled_from(
        ["From", "To", "Subject", "Date", "Message-ID", "Content-Type", "Received", "X-Original-To"]
    ),
    st.binary(max_size=200),
)
def test_no_header_value_makes_parse_message_raise(name: str, value: bytes) -> None:
    assert_sound(name.encode() + b": " + value + b"\n\nHello")


@settings(max_examples=300)
@given(
    st.lists(
        st.tuples(st.integers(0, len(REALISTIC)), st.integers(0, 40), st.sampled_from(PIECES)), max_size=12
    )
)
def test_no_damage_to_a_real_mail_makes_parse_message_raise(damage: list[tuple[int, int, bytes]]) -> None:
    raw = REALISTIC
    for position, length, piece in damage:
        raw = raw[:position] + piece + raw[position + length :]
    assert_sound(raw)


def test_hundreds_of_damaged_mails_are_read() -> None:
    chance = random.Random(1)
    for _ in range(500):
        raw = bytearray(REALISTIC)
        for _ in range(chance.choice((1, 2, 3, 8))):
            position = chance.randrange(len(raw) + 1)
            raw[position : position + chance.choice((0, 0, 1, 20))] = chance.choice(PIECES) * chance.choice(
                (1, 1, 2, 30)
            )
        assert_sound(bytes(raw))


@given(st.text(max_size=100))
def test_the_normal_form_of_an_address_is_stable(text: str) -> None:
    normal = canonical(text)
    assert canonical(normal) == normal
    for local in (text, f"ann@{text}", f"{text}@acme.test"):
        assert canonical(canonical(local)) == canonical(local)
    assert all(canonical(person.address) == person.address for person in parse_addresses(text))


@given(st.text(max_size=100))
def test_no_text_makes_a_date_raise(text: str) -> None:
    assert parse_header_date(text).text == text.strip()


@pytest.mark.parametrize("name", ["From", "To", "Subject", "Content-Type", "Received", "References"])
@pytest.mark.parametrize("unit", ['"', "(a)", ".", ",", "=?utf-8?q?a?= ", "a*i=b;", "<", " "])
def test_a_header_section_of_256_kb_takes_less_than_a_second(name: str, unit: str) -> None:
    raw = (f"{name}: " + unit * (256 * 1024 // len(unit) - 20)).encode() + b"\n\nHello"
    started = time.process_time()
    message = parse_message(raw)
    find_delivery(message, POLICIES[0])
    assert time.process_time() - started < 1
