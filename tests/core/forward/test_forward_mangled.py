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


def test_an_address_in_square_brackets_is_no_label() -> None:
    below = (
        "From:\nCarl Client [mailto:carl@client.example]\nSent:\nMonday, November 3, 2025 10:00 AM\n"
        "To:\nSeller, Ann [mailto:ann@acme.test]; Bob Miller [mailto:bob@acme.test]\nSubject:\nOffer\n\n"
    )

    for block in (below, below.replace(":\n", ": ").replace("\n", " ").strip() + "\n\n"):
        read = original(block + BODY)
        assert (read.sender, read.subject, read.text) == (CARL, "Offer", BODY)
        assert read.to == (Person("Seller, Ann", ANN.address), BOB)


def test_a_greeting_right_below_a_list_of_people_names_nobody() -> None:
    block = BLOCK.replace("To: Ann Seller <ann@acme.test>\n", "").replace(
        "Offer\n", "Offer\nTo: Ann Seller <ann@acme.test>, Bob Miller <bob@acme.test>"
    )
    read = original(block)

    assert read.to == (ANN, BOB)
    assert read.text == BODY


def test_a_name_that_a_line_cuts_goes_on_below_it() -> None:
    to = "To: Ann Seller <ann@acme.test>; Bob\nMiller [mailto:bob@acme.test]"

    assert original(BLOCK.replace("To: Ann Seller <ann@acme.test>", to)).to == (ANN, BOB)


def test_a_row_above_the_sender_that_the_language_does_not_have_raises_no_doubt() -> None:
    block = f"Oggetto: Offer\nData: 3 nov 2025 10:00\nOrganization: Client Ltd\nDa: Carl Client <carl@client.example>\nA: Ann Seller <ann@acme.test>\n\n{BODY}"

    assert original(f"-------- Messaggio inoltrato --------\n{block}").sender == CARL
    doubtful = block.replace("Organization: Client Ltd", "Wqxz: Dora <dora@client.example>")
    assert original(f"-------- Messaggio inoltrato --------\n{doubtful}").sender is None


@pytest.mark.parametrize("row", ["Priorität: Hoch", "Anlagen: Angebot.pdf"])
def test_a_row_that_a_known_language_does_not_have_is_no_recipient(row: str) -> None:
    block = f"Von: Carl Client <carl@client.example>\nGesendet: Montag, 3. November 2025 10:00\nAn: Ann Seller <ann@acme.test>\n{row}\nBetreff: Offer\n\n{BODY}"
    read = original(block, subject="WG: Offer")

    assert (read.to, read.cc) == ((ANN,), ())


def test_yandex_writes_rows_above_a_line_that_quotes() -> None:
    rows = 'To: Ann Seller (ann@acme.test);\nSubject: Offer;\n03.11.2025, 10:00, "Carl Client" <carl@client.example>:'
    forward = found(mail(f"Please.\n\n----------------\n{rows}\n> Hello Ann,\n> yes, please.\n"))

    assert forward.note == "Please."
    assert (forward.originals[0].sender, forward.originals[0].to) == (CARL, (ANN,))


def test_a_block_that_is_quoted_alone_has_its_mail_below_the_quote() -> None:
    quoted = "".join(f"> {line}\n" for line in BLOCK.partition("\n\n")[0].split("\n"))
    forward = found(mail(f"Please.\n\n____________________\n{quoted}>\n{BODY}\n"))

    assert (forward.note, forward.originals[0].text) == ("Please.", BODY)
    assert original(f"____________________\n{quoted}").text == ""


def test_a_block_without_colons_may_end_with_an_empty_subject() -> None:
    block = (
        "From Carl Client <carl@client.example>\nTo Ann Seller <ann@acme.test>\nDate 03.11.2025 10:00:00\n"
    )

    for subject in ("Subject\n\n", "\n"):
        assert original(f"{MARKER}{block}{subject}{BODY}", subject="Fwd: ").text == BODY
    assert original(f"{MARKER}{block}").text == ""


def test_a_bar_before_each_line_is_a_quote() -> None:
    bars = "".join(f"| {line}\n" for line in BLOCK.rstrip().split("\n"))

    assert original(f"| {MARKER}{bars}").text == BODY
    table = "| a | b |\n| c | d |"
    assert original(BLOCK.replace(BODY, table)).text == table


def test_the_whole_header_of_a_mail_is_read_below_a_marker() -> None:
    read = original(MARKER + SOURCE)

    assert (read.sender, read.to, read.subject, read.text) == (CARL, (ANN,), "Offer", BODY)


def test_the_whole_header_of_a_returned_mail_is_no_forward() -> None:
    text = f"It could not be delivered.\n\n------ This is a copy of the message. ------\n\n{SOURCE}"

    assert find_forward(mail(text, subject="Mail delivery failed")) is None


@pytest.mark.parametrize("indent", ["", "    "])
def test_a_guide_that_shows_an_empty_block_forwards_nothing(indent: str) -> None:
    shown = MARKER + "From: Somebody <somebody@client.example>\nDate: ...\nSubject: ...\nTo: ...\n"
    text = (
        "You will see\n\n" + "".join(f"{indent}{line}\n" for line in shown.split("\n")) + "\nand no more.\n"
    )

    assert find_forward(mail(text, subject="How to forward")) is None
    assert sender(shown + "\nHello\n", "Fwd: Offer") == Person("Somebody", "somebody@client.example")


def test_a_line_that_repeats_the_whole_subject_is_no_row_of_a_block() -> None:
    text = "Canceled: Visit\nOrganizer: Ann Seller <ann@acme.test>\nWhen: Monday, November 3, 2025 10:00 AM-11:00 AM\nWhere: Hall 2\n"

    assert find_forward(mail(text, subject="Canceled: Visit")) is None


def test_the_rest_of_a_line_that_lost_its_quote_sign_is_no_note() -> None:
    long = "the ramp can be delivered in week twenty-one, provided that the order"
    quoted = "".join(f"> {line}\n" for line in BLOCK.rstrip().split("\n")) + f"> {long}\n"
    broken = f"{quoted}reaches us by the end of this week, and that the colour is confirmed by\nthen.\n"

    forward = found(mail(f"{broken}\nThank you\n"))
    assert forward.originals[0].text.endswith("confirmed by\nthen.")
    assert forward.note == "Thank you"
    assert found(mail(f"{quoted}\nThank you\n")).note == "Thank you"
    assert found(mail(f"{quoted.replace(long, 'short')}Thank you\n")).note == "Thank you"


@pytest.mark.parametrize(
    ("below", "subject", "text"),
    [
        ("of the year\nas told\n\n", "Offer of the year as told", BODY),
        ("of the year\n\n", "Offer", f"of the year\n\n{BODY}"),
        ("of the\n\nyear\n", "Offer", f"of the\n\nyear\n{BODY}"),
    ],
)
def test_the_outer_subject_tells_how_far_a_broken_one_goes_on(below: str, subject: str, text: str) -> None:
    read = original(BLOCK.replace("Offer\n\n", f"Offer\n{below}"), subject="Fwd: Offer of the year as told")

    assert (read.subject, read.text) == (subject, text)
