"""The shapes in which clients write a forward, and what is taken from each."""

from __future__ import annotations

from datetime import datetime

import pytest

from crm_logger.core.forward import find_forward
from crm_logger.core.forward.vocabulary import WORDS, Engines
from crm_logger.core.model import Person
from tests.core.forward.mails import BLOCK, CARL, FOREIGN, found, mail, original, sender

BODY = "Hello Ann,\nyes, please."


@pytest.mark.parametrize(
    "text",
    [
        BLOCK,
        f"FYI\n\n{BLOCK}",
        f"---------- Forwarded message ---------\n{BLOCK}",
        f"Begin forwarded message:\n\n{BLOCK}",
        f"________________________________\n{BLOCK}",
        f"-----Original Message-----\n{BLOCK}",
        f"FYI\n\n-------- Wqxz Zyt --------\n{FOREIGN}",
        f"FYI\n\n{FOREIGN}",
        "Forwarded message:\n\n" + "\n".join(f"> {line}".rstrip() for line in BLOCK.splitlines()),
        "> Begin forwarded message:\n>\n" + "\n".join(f"> {line}".rstrip() for line in BLOCK.splitlines()),
        BLOCK.replace("\n", "\r\n"),
        BLOCK.replace("From:", "*From:*").replace("Sent:", "**Sent:**").replace("To:", "_To:_"),
        BLOCK.replace(":", "\N{FULLWIDTH COLON}", 1).replace("To:", "To\N{NO-BREAK SPACE}:"),
        BLOCK.replace("From: Carl Client <", "From:\nCarl Client <"),
        BLOCK.replace(":", "", 2)
        .replace("To:", "To")
        .replace("Subject:", "Subject")
        .replace("Sent:", "Sent")
        .replace("1000", "10:00"),
        FOREIGN.replace(": ", "\t"),
        "".join(f"- {line}\n" if ": " in line else f"{line}\n" for line in BLOCK.splitlines()),
        "".join(
            f"| {line.replace(': ', ': | ')} |\n" if ": " in line else f"{line}\n"
            for line in BLOCK.splitlines()
        ),
        'On 11/3/25, 10:00, "Carl Client" <carl@client.example> wrote:\n\n    Hello Ann,\n    yes, please.\n',
        BLOCK.replace("\nSent", "\n\nSent").replace("\nTo", "\n\nTo").replace("\nSubject", "\n\nSubject"),
        BLOCK.replace("\nSent", " Sent").replace("\nTo", " To").replace("\nSubject", " Subject"),
        "----- Forwarded Message ----- "
        + BLOCK.replace("\nSent", "Sent").replace("\nTo", "To").replace("\nSubject", "Subject"),
        "----- Wqxz ----- " + FOREIGN.replace("\nZyt", " Zyt").replace("\nNn", "Nn").replace("\nQrs", "Qrs"),
        BLOCK.replace("yes, please.\n", "yes, please.\n\n--- End of forwarded message ---\n"),
        "On Mon, Nov 3, 2025 at 10:00 AM Carl Client <carl@client.example> wrote:\n\n> Hello Ann,\n> yes, please.\n",
        ">>> Carl Client <carl@client.example> 03.11.2025 10:00 >>>\nHello Ann,\nyes, please.\n",
        '-------- Wqxz zyt --------\n03.11.2025, 10:00, "Carl Client" <carl@client.example>:\n\nHello Ann,\nyes, please.\n',
    ],
)
def test_sender_and_body_are_found_in_every_shape(text: str) -> None:
    mail_found = original(text)

    assert (mail_found.sender, mail_found.text) == (CARL, BODY)


def test_every_field_of_a_block_is_read() -> None:
    block = BLOCK.replace("Subject:", "Cc: Dora <dora@client.example>\nBcc: Eve\nSubject:")
    mail_found = original(f"FYI\n\n{block}")

    assert mail_found.to == (Person("Ann Seller", "ann@acme.test"),)
    assert mail_found.cc == (Person("Dora", "dora@client.example"),)
    assert mail_found.bcc == (Person("Eve", ""),)
    assert mail_found.subject == "Offer"
    assert mail_found.date.wall == datetime(2025, 11, 3, 10, 0)  # noqa: DTZ001 -- a wall clock


def test_the_note_holds_what_stands_above_and_below() -> None:
    quoted = "\n".join(f"> {line}".rstrip() for line in BLOCK.splitlines())

    assert found(mail(f"See this.\n\n-- \nAnn\n\nBegin forwarded message:\n\n{quoted}\n\nRegards")).note == (
        "See this.\n\n-- \nAnn\n\nRegards"
    )


def test_separators_and_markers_belong_to_nobody() -> None:
    text = f"See this.\n\nForwarded by Ann <ann@acme.test>\n----- Original Message -----\n{BLOCK}\n-----\n"
    forward = found(mail(text))

    assert (forward.note, forward.originals[0].text) == ("See this.", BODY)


def test_a_signature_below_the_end_is_the_users() -> None:
    forward = found(mail(f"---------- Forwarded Message ----------\n{BLOCK}\n----------\n-- \nAnn\n"))

    assert (forward.note, forward.originals[0].text) == ("-- \nAnn", BODY)


def test_a_nested_mail_is_body_text() -> None:
    inner = "-----Original Message-----\nFrom: Eve <eve@other.example>\nSent: x\nTo: Carl\nSubject: A\n\nB"

    assert original(f"-----Original Message-----\n{BLOCK}\n{inner}").text == f"{BODY}\n\n{inner}"


def test_a_banner_between_marker_and_block_is_left_out() -> None:
    forward = found(
        mail(f"FYI\n\n---------- Forwarded message ---------\nCAUTION: external sender.\n\n{BLOCK}")
    )

    assert (forward.note, forward.originals[0].sender) == ("FYI", CARL)


def test_a_banner_that_names_an_address_is_no_sender() -> None:
    assert sender(f"Questions: helpdesk@acme.test\n\n{FOREIGN}") == CARL
    assert sender(f"Questions: helpdesk@acme.test\n\n{BLOCK}") == CARL


def test_a_marker_without_a_block_is_a_forward_by_nobody_knows_whom() -> None:
    forward = found(mail("FYI\n\n---------- Forwarded message ---------\nHello Ann,\nyes, please."))

    assert (forward.shape, forward.originals[0].sender, forward.originals[0].subject) == (
        "marker",
        None,
        "Offer",
    )
    assert (forward.note, forward.originals[0].text) == ("FYI", BODY)


def test_a_lone_word_that_is_a_marker_elsewhere_is_a_note() -> None:
    assert find_forward(mail("Weitergeleitet\n\nthank you")) is None


def test_a_far_block_counts_where_only_text_stands_below_the_marker() -> None:
    forward = found(mail("FYI\n\n---------- Forwarded message ---------\n" + "banner\n" * 20 + f"\n{BLOCK}"))

    assert (forward.note, forward.originals[0].sender) == ("FYI", CARL)


def test_a_conversation_tells_its_subject_once() -> None:
    block = BLOCK.replace("Subject: Offer\n", "")

    assert (
        original(f"----- Forwarded Conversation -----\nSubject: Offer\n-----\n\n{block}").subject == "Offer"
    )
    assert original(f"----- Forwarded Conversation -----\n\n{block}").subject == ""


def test_a_date_may_stand_above_the_block() -> None:
    block = "\n".join(f"> {line}".rstrip() for line in BLOCK.splitlines() if not line.startswith("Sent"))
    forward = found(mail(f"FYI\n\n> Message of 03.11.2025 10:00\n{block}"))

    assert forward.note == "FYI"
    assert forward.originals[0].date.wall == datetime(2025, 11, 3, 10, 0)  # noqa: DTZ001 -- a wall clock
    assert original(f"> Message of 45.45.2025 99:99 10:00\n{block}").date.wall is None


def test_a_body_that_is_quoted_as_a_whole_loses_its_signs() -> None:
    head, body = BLOCK.split("\n\n")
    quoted = "\n".join(f"> {line}" for line in body.splitlines())

    assert original(f"------- Forwarded Message -------\n{head}\n\n{quoted}").text == BODY


def test_an_introduction_in_unknown_words_is_no_note() -> None:
    assert found(mail(f"FYI\n\nWqxz zyt:\n\n{FOREIGN}")).note == "FYI"
    repeated = FOREIGN.replace("\n\n", "\n\n===8<==== Wqxz zyt ====\n", 1)
    assert found(mail(f"FYI\n\nWqxz zyt\n{repeated}")).note == "FYI"
    assert found(mail(f"FYI,\nplease see:\n{FOREIGN}")).note == "FYI,\nplease see:"
    assert found(mail(FOREIGN)).note == ""


def test_the_subject_of_an_attribution_is_the_outer_one_without_the_clients_prefix() -> None:
    line = "On Mon, Nov 3, 2025 at 10:00 AM Carl <carl@client.example> wrote:\n\n> Yes\n"

    assert original(line, "Fwd: Offer: new").subject == "Offer: new"
    assert original(line, "Xw: Offer").subject == "Offer"
    assert original(line, "Warehouse: offer").subject == "Warehouse: offer"


def test_a_sender_without_an_address_is_a_name_only() -> None:
    forward = found(mail(BLOCK.replace(" <carl@client.example>", "")))

    assert forward.originals[0].sender == Person("Carl Client", "")
    assert forward.confidence < 0.5
    assert [candidate.address for candidate in forward.candidates] == ["ann@acme.test"]


def test_several_people_where_the_sender_should_be_are_unsure() -> None:
    assert sender(BLOCK.replace("To:", "Cc:").replace("From: ", "From: Eve <eve@other.example>, ")) is None
    assert sender(FOREIGN.replace("Vhu: ", "Vhu: Eve <eve@other.example>, ")) is None
    assert sender(FOREIGN.replace("Vhu: Carl", "Qa: b\nVhu: Carl")) == Person("b", "")


def test_a_reply_to_of_the_sender_is_no_recipient() -> None:
    mail_found = original(FOREIGN.replace("Nn:", "Pw: carl@client.example\nNn:"))

    assert [person.address for person in mail_found.to] == ["ann@acme.test"]


@pytest.mark.parametrize(
    "line",
    [
        "On May 4, 2026, Carl Client <carl@client.example> wrote:",
        "Am 04.05.2026 schrieb Carl Client <carl@client.example>:",
        "Le 4 mai 2026, Carl Client <carl@client.example> a écrit :",
    ],
)
def test_an_attribution_may_tell_the_day_alone(line: str) -> None:
    original = found(mail(f"FYI\n\n{line}\n\nHello Ann")).originals[0]

    assert original.sender == CARL
    assert original.date.wall == datetime(2026, 5, 4)  # noqa: DTZ001 -- a wall clock


def test_an_attribution_in_unknown_words_takes_the_name_that_signs_below() -> None:
    line = "Qx 3.11.2025 10:00 zrfq Carl Client <carl@client.example> bvcx:\n\n"

    assert sender(f"{line}> Yes\n> Carl Client") == CARL
    assert sender(f"{line}> Yes") == CARL
    in_quotes = line.replace("Carl Client", '"Carl Client"')
    assert sender(f"{in_quotes}> Yes") == CARL
    assert sender(f"{line.replace('Carl Client', 'zrfq')}> Yes") == Person("", CARL.address)
    assert sender(f"{line.replace('Carl Client <carl@client.example>', '')}> Yes") is None


@pytest.mark.parametrize(
    ("words", "signed", "name"),
    [
        ("wq carl client", "carl", "carl client"),
        ("wq CARL CLIENT", "Carl,", "CARL CLIENT"),
        ("ರಂದು ಶೃತಿ ಹೆಗಡೆ", "ಶೃತಿ", "ಶೃತಿ ಹೆಗಡೆ"),
        ("wq Szűcs Gergő", "Gergő", "Szűcs Gergő"),
        ("wq gergő", "gergő", "gergő"),
        ("wq Carl Client | Sales Nord", "Carl", "Carl Client | Sales Nord"),
        ("wq Carl Client (Sales 4)", "Carl", "Carl Client (Sales 4)"),
        ("wq carl (Sales 4)", "Dora", ""),
    ],
)
def test_a_name_in_unknown_words_begins_with_the_word_that_its_owner_signs_with(
    words: str, signed: str, name: str
) -> None:
    text = f"Zyt 3 Nov 2025 10:00 {words} <carl@client.example> vhuqz:\n\n> Yes\n>\n> {signed}\n"

    assert original(text).sender == Person(name, "carl@client.example")


def test_an_attribution_of_a_name_alone_is_unsure() -> None:
    forward = found(mail("Carl Client wrote:\n\n> Yes"))

    assert (forward.originals[0].sender, forward.candidates) == (Person("Carl Client", ""), ())


def test_a_wrapped_attribution_is_read_as_one() -> None:
    text = "FYI\n\nOn Mon, Nov 3, 2025 at 10:00 AM Carl Client\n<carl@client.example>\nwrote:\n\n> Yes"
    forward = found(mail(text))

    assert (forward.note, forward.originals[0].sender) == ("FYI", CARL)


def test_structure_can_be_switched_off() -> None:
    words_only = Engines(WORDS, by_shape=False)

    assert find_forward(mail(FOREIGN), words_only) is None
    assert found(mail(BLOCK), words_only).originals[0].sender == CARL
    one_line = BLOCK.replace("\nSent", " Sent").replace("\nTo", " To").replace("\nSubject", " Subject")
    assert found(mail(one_line), words_only).originals[0].sender == CARL


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Am Mo., 3. Nov. 2025 um 10:00 Uhr schrieb Carl Client <carl@client.example>:", "Carl Client"),
        ("On Mon, Nov 3, 2025 at 10:00 AM, Carl Client <carl@client.example> wrote:", "Carl Client"),
        ("On Nov 3, 2025, at 10:00 AM, Carl Client (carl@client.example) wrote:", "Carl Client"),
        ("On Nov 3, 2025, at 10:00, carl@client.example wrote:", ""),
        ("On 3 November 2025 10:00 Carl Client <carl@client.example> wrote:", "Carl Client"),
        ("Carl Client <carl@client.example> wrote on Nov 3, 2025 10:00 AM:", "Carl Client"),
        ("On Nov 3, 2025, at 10:00 AM,  <carl@client.example> wrote:", ""),
        ("Carl Client <carl@client.example> wrote on 33.33.2025 10:00:", "Carl Client"),
        ("On 33.33.2025 10:00, Carl Client <carl@client.example> wrote:", "Carl Client"),
        ("Qx 33.33.2025 10:00 <carl@client.example>:", ""),
    ],
)
def test_the_name_stands_apart_from_the_date(line: str, name: str) -> None:
    assert sender(f"{line}\n\n> Yes\n> Carl Client\n") == Person(name, CARL.address)


@pytest.mark.parametrize(
    "line",
    [
        "Qx 3.11.2025 10:00 carl@client.example zrfq <eve@other.example>:",
        "We meet on 3.11.2025 10:00 with <eve@other.example>:",
        f"{'x' * 300} carl@client.example {'x' * 200}:",
    ],
)
def test_a_sentence_with_a_colon_is_no_attribution(line: str) -> None:
    assert find_forward(mail(f"{line}\nYes\n")) is None


def test_dividers_in_the_body_do_not_end_it() -> None:
    body = (
        "Yes\n\n-----\nMore\n\n----- Section -----\nFrom: here\n\n- item\n-----\nlast\n-----\n" + "x\n" * 60
    )

    assert original(f"---------- Forwarded message ---------\n{BLOCK}{body}").text.endswith("x")
    repeated = f"----- Wqxz zyt: Carl -----\n{FOREIGN}\n----- Wqxz zyt -----\n" + "note\n" * 60
    assert original(repeated).text == BODY


def test_one_who_speaks_for_another_is_unsure() -> None:
    assert sender(BLOCK.replace("example>", "example> on behalf of Dora Hill", 1)) is None


def test_words_without_colons_are_no_block_unless_they_stand_together() -> None:
    assert (
        find_forward(mail("To whom it may concern\nFrom carl@client.example we heard\n\nSubject to change"))
        is None
    )
    assert (
        find_forward(mail("From Carl <carl@client.example>\nFrom Dora <dora@client.example>\nSent today"))
        is None
    )
    assert find_forward(mail("From Carl <carl@client.example>\n> To Ann\nSent today")) is None
