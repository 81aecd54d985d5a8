"""Blocks as machines, tables and foreign habits leave them, and what only looks like one."""

from __future__ import annotations

import pytest

from crm_logger.core.forward import find_forward
from crm_logger.core.model import Person
from tests.core.forward.mails import BLOCK, CARL, found, mail, original, sender

MARKER = "-------- Forwarded Message --------\n"
BODY = "Hello Ann,\nyes, please."
ANN = Person("Ann Seller", "ann@acme.test")
BOB = Person("Bob Miller", "bob@acme.test")
# As a mail's source has it, with what is for machines around and among the fields that people read.
SOURCE = """\
Return-Path: <bounce@client.example>
Received: from a.client.example (a.client.example [192.0.2.7])
\tby mx.acme.test with ESMTP id 4711;
\tMon, 3 Nov 2025 09:59:58 +0100
Received: from b.client.example by a.client.example; Mon, 3 Nov 2025 09:59:57 +0100
DKIM-Signature: v=1; a=rsa-sha256; d=client.example;
 b=abc
Message-ID: <1@client.example>
Date: Mon, 3 Nov 2025 10:00:00 +0100
From: Carl Client <carl@client.example>
X-Mailer: Post
To: Ann Seller <ann@acme.test>
Subject: Offer
Content-Type: text/plain; charset=utf-8

Hello Ann,
yes, please.
"""


@pytest.mark.parametrize(
    "line",
    [
        "Am 03.11.2025 um 10:00 schrieb Carl Weiß <carl@client.example>:",
        "Carl Weiß <carl@client.example> schrieb am 03.11.2025 um 10:00:",
        "2025-11-03, pr 10:00 Carl Weiß <carl@client.example> rašė:",
    ],
)
def test_an_attribution_is_read_whatever_letters_the_name_has(line: str) -> None:
    read = original(f"{line}\n{BODY}\n")

    assert read.sender == Person("Carl Weiß", CARL.address)
    assert read.date.wall is not None
    assert read.date.wall.strftime("%H:%M") == "10:00"
    assert read.text == BODY
