"""What strangers' mail taught: joined rows, wrapped runs, cut quotes, dates in subjects, labels of several languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_logger.core.forward import find_forward
from tests.core.forward.mails import mail

if TYPE_CHECKING:
    from crm_logger.core.model import Original


def original(text: str, subject: str = "Fwd: Offer") -> Original:
    forward = find_forward(mail(text, subject=subject))
    assert forward is not None
    return forward.originals[0]


def test_rows_that_a_gateway_joined_are_parted_behind_a_bracket_and_before_a_known_label() -> None:
    found = original(
        "-------- Original Message --------\n"
        "From: Carl <carl@client.example> Date: 3 Nov 2025 10:00 To: Ann <ann@acme.test> Qcc: Dora <dora@client.example>\n"
        "Subject: Offer\n\nHello"
    )

    assert found.sender
    assert found.sender.address == "carl@client.example"
    assert [who.address for who in found.to] == ["ann@acme.test"]
    assert found.date.text == "3 Nov 2025 10:00"
    assert found.subject == "Offer"
    assert found.text == "Hello"


def test_a_run_of_fields_may_be_wrapped() -> None:
    found = original(
        '   ----- Forwarded Message ----- From: "Carl Client of Client Incorporated"\n'
        '<carl@client.example>To: "Ann Acme" <ann@acme.test>Sent: Monday, November 3,\n'
        "2025 at 10:46:00 AM ESTSubject: Offer of the week: 12:30\nHello",
        "Fwd: Offer of the week: 12:30",
    )

    assert found.sender
    assert found.sender.address == "carl@client.example"
    assert found.subject == "Offer of the week: 12:30"
    assert found.text == "Hello"


def test_a_run_of_fields_without_a_subject_of_its_own_ends_with_its_line() -> None:
    found = original(
        '----- Forwarded Message ----- From: "Carl" <carl@client.example>To: "Ann" <ann@acme.test>Subject: Else\nHello'
    )

    assert found.subject == "Else"
    assert found.text == "Hello"


def test_what_was_cut_off_a_quoted_line_goes_back_into_the_quote() -> None:
    found = original(
        "Begin forwarded message:\n\n> From: Carl <carl@client.example>\n> Date: 3 Nov 2025 10:00\n> To: ann@acme.test\n"
        "> Subject: Offer\n>\n> The ramp that you measured last week is too short for our lorries, could\n"
        "you send the drawing again?\n>\n> Carl"
    )

    assert found.text.endswith("lorries, could\nyou send the drawing again?\n\nCarl")


def test_a_table_of_bars_is_a_block_and_its_lists_may_be_wrapped() -> None:
    found = original(
        "---- 转发的邮件 ----\n| 发件人 | Carl<carl@client.example> |\n| 日期 | 2025-11-03 10:00 |\n"
        "| 收件人 | Ann<ann@acme.test>,\nDora<dora@client.example> |\n| 主题 | Offer |\n\nHello"
    )

    assert found.sender
    assert found.sender.address == "carl@client.example"
    assert [who.name for who in found.to] == ["Ann", "Dora"]
    assert found.subject == "Offer"


def test_a_subject_that_tells_a_date_is_not_the_date() -> None:
    found = original(
        "---- Qwx ----\nSbj: Offer 3.5.2024, 14:00\nDt: 2025-11-03 10:00\nVn: Carl <carl@client.example>\n"
        "Fr: Ann <ann@acme.test>\n\nHello",
        "Fwd: Offer 3.5.2024, 14:00",
    )

    assert found.sender
    assert found.sender.address == "carl@client.example"
    assert found.date.text == "2025-11-03 10:00"


def test_a_subject_that_the_body_was_joined_to_ends_where_the_outer_one_ends() -> None:
    subject = "A loading ramp for the gate in the north: the longer one of both"
    found = original(
        f"-----Original Message-----\nFrom: Carl <carl@client.example>\nSent: 3 Nov 2025 10:00\nTo: ann@acme.test\n"
        f"Subject: {subject}\nGood morning Ann,\n\nhello",
        f"Fwd: {subject}",
    )

    assert found.subject == subject
    assert found.text.startswith("Good morning Ann,")


def test_known_labels_of_several_languages_do_not_make_the_second_row_the_sender() -> None:
    found = original(
        '   ----- Surat nu diteruskeun ----- Ti: "Carl" <carl@client.example>Ka: "Ann" <ann@acme.test>'
        'Tembusan: "Dora" <dora@client.example>Dikirim: 19 Désémber 2023, 16.06Perihal: Offer\nHello'
    )

    assert found.sender is None or found.sender.address == "carl@client.example"


@pytest.mark.parametrize(
    "line", ["Weitergeleitet von mir, bitte lesen:", "Anfang der weitergeleiteten Post:"]
)
def test_a_line_that_speaks_of_forwarding_ends_the_note(line: str) -> None:
    forward = find_forward(
        mail(
            f"Hallo\n\n{line}\n\nVon: Carl <carl@client.example>\nDatum: 3. Nov. 2025 10:00\nAn: ann@acme.test\nBetreff: Offer\n\nHi",
            subject="Fwd: Offer",
        )
    )

    assert forward
    assert forward.note == "Hallo"


def test_a_line_right_on_a_block_that_a_rule_closes_is_its_marker() -> None:
    forward = find_forward(
        mail(
            "Hello\n\nWqx ztr pbl\nFrom: Carl <carl@client.example>\nTo: ann@acme.test\nDate: 3 Nov 2025 10:00\n"
            "Subject: Offer\n\n===8<=====Ztr====\nHi\n===8<=====Ztr====",
            subject="Fwd: Offer",
        )
    )

    assert forward
    assert forward.note == "Hello"
    assert forward.originals[0].text == "Hi"


def test_a_run_of_fields_is_followed_no_farther_than_eight_lines() -> None:
    people = ",\n".join(
        f'"Somebody with a rather long name of number {n}" <n{n}@client.example>' for n in range(10)
    )
    forward = find_forward(
        mail(
            f'----- Forwarded Message ----- From: "Carl" <carl@client.example>To: {people}\nSubject: Offer\n\nHi'
        )
    )

    assert (
        forward is None or forward.originals[0].sender is None or forward.originals[0].sender.name == "Carl"
    )
