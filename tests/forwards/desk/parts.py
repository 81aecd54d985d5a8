"""What the makes share: how people, lines of a header and notes are written."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple

from tests.forwards.desk.words import WORDS, short_date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.forwards.desk.cast import Story
    from tests.forwards.stories import Person


ALL = tuple(WORDS)
EN = ("en",)


class Made(NamedTuple):
    """What a client writes: text, HTML ("" where it makes none), the fields it does not show, and its own line below the note."""

    text: str
    html: str
    hides: frozenset[str] = frozenset()
    signature: str = ""


def shown(who: Person, form: str = "{name} <{address}>", alone: str = "{address}") -> str:
    """A person as a client shows one."""
    return (form if who.name else alone).format(name=who.name, address=who.address)


def shown_as(form: str, alone: str = "{address}") -> Callable[[Person], str]:
    """How one client shows people."""
    return lambda who: shown(who, form, alone)


def mailto(who: Person, *, quotes: bool = False) -> str:
    """A person in HTML, the address a link."""
    link = f'<a href="mailto:{who.address}">{who.address}</a>'
    name = escape(f'"{who.name}"' if quotes else who.name, quote=False)
    return f"{name} &lt;{link}&gt;" if who.name else link


def plain(who: Person) -> str:
    """A person in HTML without a link."""
    return escape(shown(who), quote=False)


def each(people: Iterable[Person], show: Callable[[Person], str] = shown, joint: str = ", ") -> str:
    return joint.join(show(who) for who in people)


def rows(
    s: Story, date: str, joint: str = "; ", show: Callable[[Person], str] = shown
) -> list[tuple[str, str]]:
    """Outlook's lines: label with its colon, value."""
    w = WORDS[s.language]
    found = [(w.sender, show(s.sender)), (w.sent, date), (w.to, each(s.to, show, joint))]
    if s.cc:
        found.append((w.cc, each(s.cc, show, joint)))
    found.append((w.subject, s.subject))
    return [(f"{label}{w.colon.rstrip()}", value) for label, value in found]


def gmail_rows(s: Story, show: Callable[[Person], str] = shown, *, cc: str = "Cc") -> list[tuple[str, str]]:
    """From, Date, Subject, To, Cc."""
    w = WORDS[s.language]
    found = [
        (w.sender, show(s.sender)),
        (w.date, short_date(s.when, s.language)),
        (w.subject, s.subject),
        (w.to, each(s.to, show)),
    ]
    if s.cc:
        found.append((w.cc if s.language != "en" else cc, each(s.cc, show)))
    return [(f"{label}{w.colon.rstrip()}", value) for label, value in found]


def english_rows(
    s: Story, labels: str, date: str, joint: str = ", ", show: Callable[[Person], str] = shown
) -> list[tuple[str, str]]:
    """Lines in English: the labels in order, F(rom), D(ate), T(o), C(c), S(ubject)."""
    values = {
        "From": show(s.sender),
        "To": each(s.to, show, joint),
        "Cc": each(s.cc, show, joint),
        "CC": each(s.cc, show, joint),
        "Subject": s.subject,
    }
    found = [(f"{label}:", values.get(label, date)) for label in labels.split()]
    return [(label, value) for label, value in found if value]


def block(found: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"{label} {value}" for label, value in found)


def bold(found: Iterable[tuple[str, str]], joint: str = "<br>\n", gap: str = " ", tag: str = "b") -> str:
    """Lines of HTML with bold labels; values that hold markup already stay."""
    return joint.join(f"<{tag}>{label}</{tag}>{gap}{safe(value)}" for label, value in found)


def unbold(found: Iterable[tuple[str, str]], joint: str = "<br>\n") -> str:
    return joint.join(f"{label} {safe(value)}" for label, value in found)


def safe(value: str) -> str:
    return value if "</a>" in value or "&lt;" in value else escape(value, quote=False)


def above(note: str) -> str:
    return f"{note}\n\n" if note else ""
