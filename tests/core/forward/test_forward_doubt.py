"""Where something above looks like a header block that nobody can read, nobody below it is named in its stead."""

from __future__ import annotations

import pytest

from crm_logger.core.model import Person
from tests.core.forward.mails import BLOCK, CARL, FOREIGN, found, mail, original, sender

OLDER = """\
Hello Ann, yes, please.

On Mon, Nov 3, 2025 at 10:00 AM Dora Client <dora@client.example> wrote:
> What about it?
"""


@pytest.mark.parametrize(
    "unread",
    [
        "??: ???? ?????? <carl@client.example>\n????: 3 ?????? 2025 10:00\n????: Offer",
        "???????: ????\n????????: 3",
        "*??:* ????",
        "Felad?: Carl <carl@client.example>",
        "G?nderen: Carl <carl@client.example>",
        "Gesendet f\ufffdr: Carl <carl@client.example>",
        "???? Carl ??? <carl@client.example>",
        "Carl <carl@client.example>Vhu: x",
        "----- Zyt ----- Vhu: Carl",
        "See Monday\nWas: carl@client.example\nKind: Friday, November 7, 2025 11:00 AM\nOf: us\nWhy: so",
    ],
)
def test_an_unread_block_above_leaves_the_sender_open(unread: str) -> None:
    forward = found(mail(f"FYI\n\n{unread}\n\n{OLDER}"))

    assert forward.originals[0].sender is None
    assert [candidate.address for candidate in forward.candidates] == ["dora@client.example"]
    assert forward.confidence < 0.5


def test_a_mail_whose_sender_nobody_told_has_no_candidate_either() -> None:
    forward = found(mail("???: ????\n\n---------- Forwarded message ----------\n\nHello"))

    assert forward.originals[0].sender is None
    assert forward.candidates == ()


@pytest.mark.parametrize(
    "note",
    [
        "Any questions?\nAsk dora@client.example",
        "Really? Mail: dora@client.example",
        "Tel: +49 30 1234\nE-Mail: dora@client.example\nWeb: acme.test",
        "When: Friday, November 7, 2025 11:00 AM\nWhere: Berlin\nWho: dora@client.example",
        "Dora <dora@client.example>:",
    ],
)
def test_a_note_is_no_block(note: str) -> None:
    assert sender(f"{note}\n\n{BLOCK}") == CARL


def test_quote_signs_may_stand_behind_no_break_blanks() -> None:
    quoted = "".join(f"\xa0>\xa0{line}\n" for line in BLOCK.splitlines())

    assert sender(f"FYI\n\n{quoted}") == CARL


def test_what_stands_above_an_attribution_is_not_its_address() -> None:
    text = "Ask dora@client.example\nAm 3. November 2025 um 10:00 schrieb Carl Client:\n> Hello"

    assert original(text).sender == Person("Carl Client", "")


def test_the_address_of_an_attribution_may_stand_on_the_full_line_above() -> None:
    text = (
        "Carl Qwertyuiopasdfgh Client <carl@client.example> zorbik trelna\n2025-11-03 10:00 blorg:\n> Hello"
    )

    found_sender = original(text).sender
    assert found_sender is not None
    assert found_sender.address == "carl@client.example"


@pytest.mark.parametrize("block", [BLOCK, FOREIGN])
@pytest.mark.parametrize(
    "opening",
    [
        '<div style="border:none; border-top:solid #E1E1E1 1.0pt">',
        '<div id="x_divRplyFwdMsg">',
        '<div id="appendonsend"></div><hr><div>',
        '<div class="gmail_quote gmail_quote_container">',
    ],
)
@pytest.mark.parametrize(
    "note",
    [
        "<p>To: do list</p>",
        "<p>To: do list</p><p>- call</p>",
        "<div>To: do list</div>",
        "<div>see dora@client.example</div>",
    ],
)
def test_a_container_is_where_the_note_ends(opening: str, note: str, block: str) -> None:
    rows = block.replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>")
    forward = found(mail(html=f"<div>Hello</div>{note}{opening}{rows}</div>"))

    assert forward.originals[0].sender == CARL
    assert [person.address for person in forward.originals[0].to] == ["ann@acme.test"]
    assert forward.note.startswith("Hello\n")
    assert len(forward.note) > len("Hello\n")


def test_an_attribution_begins_with_its_container() -> None:
    quote = "<blockquote>Hello</blockquote>"
    forward = found(
        mail(
            html=f"<div>dora@client.example is a friend of mine, and she wrote as well, long ago</div>"
            f'<div class="gmail_quote">Am 3. November 2025 um 10:00 schrieb Carl Client:<br>{quote}</div>'
        )
    )

    assert forward.originals[0].sender == Person("Carl Client", "")


@pytest.mark.parametrize("name", ["Müller, Jürgen", "李 小龙"])
@pytest.mark.parametrize(
    "line",
    [
        "Pada 3 November 2025 10:00 {} <carl@client.example> menulis:",
        "2025-11-03 10:00 {} <carl@client.example>:",
    ],
)
def test_an_attribution_keeps_the_whole_name(name: str, line: str) -> None:
    assert original(f"{line.format(name)}\n> Hello").sender == Person(name, "carl@client.example")


@pytest.mark.parametrize(
    "note", ["Von: mir\nAn: dich", "Subject: please read", "Cc: dora@client.example", "From: Hamburg"]
)
def test_rows_of_the_note_above_a_whole_block_stay_the_notes(note: str) -> None:
    forward = found(mail(f"{note}\n\n{BLOCK}"))

    assert forward.note == note
    assert forward.originals[0].sender == CARL
    assert forward.originals[0].subject == "Offer"
