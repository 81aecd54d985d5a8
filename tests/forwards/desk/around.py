"""What surrounds an original: older mail below it, forwards inside it, banners, disclaimers, signatures, odd headers."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from tests.forwards.desk.cast import ANN, BOB, OTHERS, Story, lines
from tests.forwards.desk.parts import block, bold, rows, shown
from tests.forwards.desk.words import WORDS, long_date, short_date
from tests.forwards.stories import Person

if TYPE_CHECKING:
    from collections.abc import Callable

BANNERS = (
    "CAUTION: This email originated from outside of the organization. Do not click links or open attachments unless you recognize the sender and know the content is safe.",
    "[EXTERNAL] This message comes from an external sender.",
    "ACHTUNG: Diese E-Mail kommt von einem externen Absender. Bitte öffnen Sie keine Anhänge von unbekannten Absendern.",
    "You don't often get email from carl@client.example. Learn why this is important",
)
DISCLAIMER = "This message and any attachment are confidential. If you received it in error, please notify postmaster@acme.test and delete it. ACME Ltd, registered in England no. 123456."


def _answered(s: Story) -> Story:
    """Ann's own mail, quoted below as Outlook quotes."""
    mine = s.but(
        sender=ANN,
        to=(s.sender,),
        cc=(),
        body=("Dear customer,", "here is our offer.", "Ann"),
        older="",
        older_html="",
    )
    found = rows(mine, long_date(s.when.replace(day=1), s.language))
    html = f'<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in"><p class="MsoNormal">{bold(found)}</p></div>{mine.html("p")}'
    return s.but(older=f"{block(found)}\n\n{mine.text}", older_html=html)


def _attributed(s: Story) -> Story:
    """Ann's own mail, quoted below an attribution."""
    line = WORDS[s.language].wrote.format(date=short_date(s.when.replace(day=1), s.language), who=shown(ANN))
    quote = "> Dear customer,\n>\n> here is our offer.\n> Ann"
    html = f'<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">{escape(line, quote=False)}<br></div><blockquote class="gmail_quote" style="margin:0 0 0 .8ex"><p>Dear customer,</p><p>here is our offer.</p>Ann</blockquote></div>'
    return s.but(older=f"{line}\n{quote}", older_html=html)


def _forwarded_twice(s: Story) -> Story:
    """The contact forwarded somebody else's mail: the contact's mail is the original."""
    first = s.but(
        sender=OTHERS[0], to=(s.sender,), cc=(), body=("Please tell Ann.",), older="", older_html=""
    )
    found = rows(first, long_date(s.when.replace(day=1), s.language))
    html = f'<hr tabindex="-1"><div dir="ltr">{bold(found)}</div><br>{first.html("p")}'
    return s.but(older=f"{block(found)}\n\n{first.text}", older_html=html)


def _banner_inside(number: int) -> Callable[[Story], Story]:
    def change(s: Story) -> Story:
        return s.but(body=(BANNERS[number], *s.body))

    return change


def _many(s: Story) -> Story:
    crowd = tuple(Person(f"Person {n}" if n % 3 else "", f"p{n}@crowd.example") for n in range(150))
    return s.but(to=(*s.to, *crowd[:100]), cc=crowd[100:])


def _own(s: Story) -> Story:
    """Replied first, then forwarded: the topmost mail is Ann's own (R21)."""
    found = rows(s.but(older="", older_html=""), long_date(s.when.replace(day=1), s.language))
    html = f'<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class="MsoNormal">{bold(found)}</p></div>{s.html("p")}'
    return s.but(
        sender=ANN,
        to=(s.sender,),
        cc=(),
        body=("I will look into it.", "Ann"),
        older=f"{block(found)}\n\n{s.text}",
        older_html=html,
    )


def _blank(s: Story) -> Story:
    return s.but(body=("",), note="")


STORIES: dict[str, Callable[[Story], Story]] = {
    "plain": lambda s: s,
    "answered": _answered,
    "attributed": _attributed,
    "twice": _forwarded_twice,
    "banner": _banner_inside(0),
    "banner_short": _banner_inside(1),
    "banner_learn": _banner_inside(3),
    "many": _many,
    "own": _own,
    "disclaimed": lambda s: s.but(body=(*s.body, DISCLAIMER)),
    "signed": lambda s: s.but(note=f"{s.note}\n\n{DISCLAIMER}".strip()),
    "internal": lambda s: s.but(
        to=(ANN, *dict.fromkeys((BOB, *s.to[1:]))), cc=tuple(who for who in s.cc if who != BOB)
    ),
}
"""Changes of the story itself."""


def banner_html(number: int) -> str:
    """A banner as gateways write it: a table on top."""
    return f'<table border="0" cellspacing="0" cellpadding="0" align="left" width="100%"><tr><td style="background:#ffb900;padding:5pt 2pt 5pt 2pt"></td><td width="100%" style="background:#fff8e5;padding:5pt 4pt 5pt 12pt"><div style="color:#222222;">{escape(BANNERS[number])}</div></td></tr></table><br clear="all">'


def closing_html() -> str:
    return f'<hr><div style="font-size:8pt;color:gray">{lines(DISCLAIMER)}</div>'
