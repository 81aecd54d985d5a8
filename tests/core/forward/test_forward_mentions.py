"""Header lines that a person quotes are no forward; a forward under a subject of the user's own is one."""

from __future__ import annotations

from html import escape

import pytest

from crm_logger.core.forward import find_forward
from crm_logger.core.model import Message, Person
from tests.core.forward.mails import BLOCK, CARL, LOG, found, mail

# As a mail's source has them: the date below the recipients.
LINES = "From: carl@client.example\nTo: root@host.example\nDate: Mon, 4 May 2026 09:12:33 +0200\nSubject: cron failed\n"
TOLD = f"Hi team,\n\nthe server says:\n\n{LINES}\ncan you look?\n"
NOTED = f"Bob, have a look.\n\n{BLOCK}"
EVE = Person("Eve", "eve@elsewhere.example")


def sender(
    text: str, subject: str, *, html: str = "", headers: tuple[tuple[str, str], ...] = ()
) -> str | None:
    """Who is named: "" where nobody is, None where nothing is forwarded."""
    forward = find_forward(mail(text, html=html, subject=subject, headers=headers))
    if forward is None:
        return None
    who = forward.originals[0].sender
    return who.address if who else ""


@pytest.mark.parametrize("text", [TOLD, LINES, f"{TOLD}\n{LINES.replace('carl', 'dora')}"])
@pytest.mark.parametrize("form", ["text", "html", "code"])
def test_header_lines_under_another_subject_are_no_forward(text: str, form: str) -> None:
    html = {"text": "", "html": text.replace("\n", "<br>"), "code": f"<pre>{text}</pre>"}[form]

    assert sender("" if html else text, "problem with the backup", html=html) is None


@pytest.mark.parametrize(
    ("text", "subject", "who"),
    [
        (NOTED, "what we talked about", ""),
        (BLOCK.replace("Offer", "Meeting on Thursday"), "what we talked about", CARL.address),
        (NOTED.replace("Offer", "Offer 4711 of May"), "Bob! Offer 4711 of May, please", CARL.address),
        (NOTED.replace("Offer", "Re: the new line"), "Bob! the new line, please", CARL.address),
        (NOTED.replace("Offer", "見積書の件"), "Bob! 見積書の件", CARL.address),
        (NOTED, "Bob! Offer, please", ""),
        (
            f"Bob, have a look.\n\n________________________________\n{BLOCK}",
            "what we talked about",
            CARL.address,
        ),
        (NOTED, "FW: what we talked about", CARL.address),
        (f"{TOLD}\n---------- Forwarded message ---------\n{BLOCK}", "problem with the backup", CARL.address),
        (LINES, "cron failed", CARL.address),
    ],
)
def test_where_nothing_else_tells_of_a_forward_the_writer_is_named_only_if_the_place_or_the_subject_does(
    text: str, subject: str, who: str
) -> None:
    assert sender(text, subject) == who


def test_somebody_not_named_is_told_as_one_who_was_considered() -> None:
    doubted = found(mail(NOTED, subject="what we talked about"))

    assert [(who.address, who.why) for who in doubted.candidates] == [
        (
            CARL.address,
            "named in header lines that a person may have copied: nothing around them tells of a forward",
        )
    ]
    assert doubted.confidence < 0.5
    assert doubted.note == "Bob, have a look."


def test_thunderbird_s_own_field_tells_of_a_forward_too() -> None:
    assert (
        sender(TOLD, "problem with the backup", headers=(("X-Forwarded-Message-Id", "<1@a>"),))
        == CARL.address
    )


def test_quoted_header_lines_leave_what_is_attached_to_be_forwarded() -> None:
    inner = Message(from_=(CARL,), to=(EVE,), subject="Offer")

    assert found(mail(TOLD, subject="problem with the backup", attached=(inner,))).shape == "attachment"


APPLE = "Have a look.\n\n" + "".join(
    f"> {line}".rstrip() + "\n" for line in f"Begin forwarded message:\n\n{BLOCK}".split("\n")
)


@pytest.mark.parametrize(
    ("text", "subject", "answers", "who"),
    [
        (APPLE, "what we talked about", "", CARL.address),
        (APPLE, "what we talked about", "<1@client.example>", CARL.address),
        (APPLE, "Re: Offer", "", None),
        (
            APPLE.replace("Begin f", "F").replace("Forwarded message:", "Original Message"),
            "as agreed",
            "",
            CARL.address,
        ),
        (
            APPLE.replace("Begin f", "F").replace("Forwarded message:", "Original Message"),
            "as agreed",
            "<1@a>",
            None,
        ),
        (APPLE.replace("> Begin", "> Dear Eve,\n> Begin"), "what we talked about", "", None),
        (APPLE.removeprefix("Have a look.\n\n"), "what we talked about", "", CARL.address),
    ],
)
def test_a_marker_that_opens_a_quote_is_a_forward_s_but_in_a_reply(
    text: str, subject: str, answers: str, who: str | None
) -> None:
    forward = find_forward(mail(text, subject=subject, to=(EVE, LOG), in_reply_to=answers))
    named = forward.originals[0].sender if forward else None

    assert (named.address if named else None) == who


@pytest.mark.parametrize(
    "container",
    [
        '<div style="border-width:1pt medium medium;border-style:solid none none">',
        '<div style="border:none; border-top: 1.0pt solid #B5C4DF">',
        '<div id="mail-editor-reference-message-container">',
        '<div class="ms-outlook-mobile-reference-message skipProofing">',
        '<div name="quote" style="border-left:2px solid #C3D9E5">',
        '<div class="yahoo_quoted">',
    ],
)
def test_a_client_s_container_tells_of_a_forward(container: str) -> None:
    lines = escape(BLOCK).replace("\n", "<br>")

    assert (
        sender("", "what we talked about", html=f"<p>Have a look.</p>{container}{lines}</div>")
        == CARL.address
    )
    assert sender("", "what we talked about", html=f"<p>Have a look.</p><div>{lines}</div>") == ""


NOTICE = "Organizer: Carl <carl@client.example>\nWhen: Thursday, 7 May 2026 14:00\nRequired: ann@acme.test\nSubject: Kick-off\n"


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        (NOTICE, "Canceled: Kick-off"),
        (NOTICE, "Kick-off"),
        (
            "Owner: Carl <carl@client.example>\nDue: 8 May 2026 17:00\nSubject: Call him\nStatus: open\n",
            "Task: Call him",
        ),
        (
            "Your message\n\n  To: Carl\n  Subject: Offer\n  Sent: Monday, May 4, 2026 9:12 AM\n\nwas read.\n",
            "Read: Offer",
        ),
        (
            "Melder: Carl <carl@client.example>\nBearbeiter: ann@acme.test\nErstellt: 04.05.2026 09:12\nBetreff: Drucker\n",
            "Störung: Drucker",
        ),
    ],
)
def test_a_notice_whose_labels_are_known_in_part_only_is_no_forward_under_its_own_subject(
    text: str, subject: str
) -> None:
    assert sender(text, subject) is None
    assert sender(text, f"FW: {subject}") is not None or "Read" in subject


YANDEX = """\
see below

----------------
Кому: Ann Seller (ann@acme.test), "Hill, Dora" (dora@client.example);
Копия: eve@elsewhere.example;
Тема: Offer;
04.05.2026, 09:12, "Carl Client" <carl@client.example>:

Hello
"""


def test_yandex_s_rows_above_its_attribution_tell_who_got_the_mail() -> None:
    forward = found(mail(YANDEX, subject="what we talked about"))
    original = forward.originals[0]

    assert original.sender == CARL
    assert original.to == (Person("Ann Seller", "ann@acme.test"), Person("Hill, Dora", "dora@client.example"))
    assert (original.cc, original.subject) == ((Person("", "eve@elsewhere.example"),), "Offer")
    assert (original.text, forward.note) == ("Hello", "see below")


def test_yandex_s_rows_may_begin_the_mail() -> None:
    forward = found(mail(YANDEX.partition("-\n")[2], subject="what we talked about"))

    assert (forward.originals[0].sender, forward.originals[0].subject, forward.note) == (CARL, "Offer", "")


@pytest.mark.parametrize(
    "changed", [("Тема: Offer;\n", ""), ("Offer;", "Offer"), ("Копия:", "Xyz:"), ("Кому", "Тема")]
)
def test_other_lines_above_an_attribution_are_the_note_s(changed: tuple[str, str]) -> None:
    assert find_forward(mail(YANDEX.replace(*changed), subject="what we talked about")) is None


def test_becky_s_two_dashes_below_the_block_are_none_of_the_body_s() -> None:
    head, _, body = BLOCK.partition("\n\n")
    text = f"--- Original message follows ---\n{head}\n--\n\n{body}"

    assert found(mail(text)).originals[0].text == body.strip()
    assert found(mail(f"{head}\n\n--\nCarl\n")).originals[0].text == "--\nCarl"


def test_groupwise_s_line_is_read_in_html_too() -> None:
    line = "&gt;&gt;&gt; Carl Client &lt;carl@client.example&gt; 4/11/2026 9:32 AM &gt;&gt;&gt;"

    assert sender("", "Fwd: Offer", html=f"<div>{line}</div><div>Hello</div>") == CARL.address
