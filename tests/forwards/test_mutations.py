"""What happens to mail on its way must not change who is said to have written it. Being unsure is allowed."""

from __future__ import annotations

import random
import textwrap
from typing import TYPE_CHECKING

import pytest

from crm_logger.core.inspection import inspect_message
from tests.forwards.render import CLIENTS
from tests.forwards.sample import outer, part
from tests.forwards.stories import languages, quoted, story

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.forwards.sample import Rendered
    from tests.forwards.stories import Mail

ROUNDS = 4


def rewrapped(text: str, dice: random.Random) -> str:
    width = dice.choice((60, 72, 76, 78))
    lines = (
        textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False) or [""]
        for line in text.split("\n")
    )
    return "\n".join(line for some in lines for line in some)


def requoted(text: str, dice: random.Random) -> str:
    return quoted(text, dice.choice(("> ", ">", ">> ", " > ")))


def under_a_note(text: str, dice: random.Random) -> str:
    notes = (
        "Eve Novak <eve@other.example> asked for this.",
        "FYI",
        "Tel: 030 1234",
        "eve@other.example\n\n-- \nEve",
    )
    return f"{dice.choice(notes)}\n\n{text}"


def under_a_banner(text: str, dice: random.Random) -> str:
    banners = ("[EXTERNAL]", "CAUTION: External mail. Report to phish@acme.test.", "*** Extern ***")
    return f"{dice.choice(banners)}\n\n{text}"


def with_a_footer(text: str, dice: random.Random) -> str:
    return f"{text}\n\n-- \nThis mail was scanned. {dice.choice(('https://scan.test', 'postmaster@acme.test'))}\n"


def trailing_blanks(text: str, dice: random.Random) -> str:
    return "\n".join(line + " " * dice.randrange(3) for line in text.split("\n"))


def tabs(text: str, _: random.Random) -> str:
    return text.replace(": ", ":\t")


def no_break_blanks(text: str, dice: random.Random) -> str:
    return "".join("\xa0" if letter == " " and dice.random() < 0.2 else letter for letter in text)


def no_empty_lines(text: str, _: random.Random) -> str:
    return "\n".join(line for line in text.split("\n") if line.strip())


def doubled_lines(text: str, _: random.Random) -> str:
    return text.replace("\n", "\n\n")


MUTATIONS = (
    rewrapped,
    requoted,
    under_a_note,
    under_a_banner,
    with_a_footer,
    trailing_blanks,
    tabs,
    no_break_blanks,
    no_empty_lines,
    doubled_lines,
)


def _sender(mail: Mail, made: Rendered, text: str, charset: str = "utf-8") -> str | None:
    raw = outer(part(text, "plain", charset, "base64"), f"Fwd: {mail.subject}", sender=mail.owner)
    answer = inspect_message(raw)
    assert answer["forwarded"] in {True, False}
    return answer["from_address"] if answer["forwarded"] else made.truth.sender.address


def _mails(seed: str) -> list[tuple[Mail, Rendered]]:
    """Each client once, in languages drawn from the hat."""
    dice = random.Random(seed)
    told = []
    for render in CLIENTS.values():
        mail = story(
            languages()[dice.choice(sorted(languages()))], dice.randrange(4), older=dice.random() < 0.5
        )
        told.append((mail, render(mail)))
    return told


@pytest.mark.parametrize("turn", range(ROUNDS))
@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda mutate: mutate.__name__)
def test_what_happens_on_the_way_never_names_another_sender(
    mutate: Callable[[str, random.Random], str], turn: int
) -> None:
    dice = random.Random(turn)
    for mail, made in _mails(f"{mutate.__name__} {turn}"):
        found = _sender(mail, made, mutate(made.text, dice))

        assert (found or mail.sender.address).casefold() == mail.sender.address.casefold(), made.text


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_two_mishaps_at_once_never_name_another_sender(turn: int) -> None:
    dice = random.Random(turn)
    for mail, made in _mails(f"two {turn}"):
        first, second = dice.sample(MUTATIONS, 2)
        found = _sender(mail, made, second(first(made.text, dice), dice))

        assert (found or mail.sender.address).casefold() == mail.sender.address.casefold(), (
            first,
            second,
            made.text,
        )


@pytest.mark.parametrize("charset", ["utf-16", "utf-7", "cp1252", "iso-8859-1", "us-ascii"])
def test_a_charset_that_cannot_write_the_mail_never_names_another_sender(charset: str) -> None:
    for mail, made in _mails(charset):
        text = made.text.encode(charset, "replace").decode(charset)
        found = _sender(mail, made, text, charset)

        assert (found or mail.sender.address).casefold() == mail.sender.address.casefold(), made.text
