"""How mail clients forward: the block each one puts below the note, as text and as HTML."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from demo.mails.clients import paragraphs
from demo.mails.mime import Body, Someone, date_field, readable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


class Original(NamedTuple):
    """The mail that is forwarded."""

    sender: Someone
    to: Sequence[Someone]
    subject: str
    at: datetime
    text: str
    cc: Sequence[Someone] = ()


def gmail(original: Original, note: str = "") -> Body:
    """Gmail in the browser."""
    fields = [
        ("From", readable([original.sender])),
        ("Date", f"{original.at:%a, %b} {original.at.day}, {original.at.year} at {_clock(original.at)}"),
        ("Subject", original.subject),
        ("To", readable(original.to)),
        ("Cc", readable(original.cc)),
    ]
    begin = "---------- Forwarded message ---------"
    sender = (
        f'From: <strong class="gmail_sendername" dir="auto">{escape(original.sender.name)}</strong> '
        f'<span dir="auto">&lt;<a href="mailto:{original.sender.address}">{original.sender.address}</a>&gt;</span>'
    )
    shown = "<br>".join([begin, sender, *(f"{name}: {linked(value)}" for name, value in fields[1:] if value)])
    html = (
        f'<div dir="ltr">{paragraphs(note)}<br><br>'
        f'<div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">{shown}<br></div><br><br>'
        f'<div dir="ltr">{paragraphs(original.text)}</div></div></div>'
    )
    return Body(f"{note}\n\n{begin}\n{_lines(fields)}\n\n{original.text}", html)


def outlook(original: Original, note: str = "") -> Body:
    """Outlook on a desktop: Word writes the HTML."""
    fields = _outlook_fields(original)
    shown = "<br>".join(f"<b>{name}:</b> {escape(value)}" for name, value in fields if value)
    html = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><body lang=EN-GB><div class=WordSection1>'
        f"{_word(note)}<div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'>"
        f"<p class=MsoNormal>{shown}<o:p></o:p></p></div></div>"
        f"<p class=MsoNormal><o:p>&nbsp;</o:p></p>{_word(original.text)}</div></body></html>"
    )
    return Body(f"{note}\n\n{_lines(fields)}\n{original.text}", html)


def outlook_web(original: Original, note: str = "") -> Body:
    """Outlook on the web, which sends HTML only."""
    shown = "<br>\n".join(
        f"<b>{name}:</b> {escape(value)}" for name, value in _outlook_fields(original) if value
    )
    html = (
        f'<html><body dir="ltr"><div class="elementToProof">{paragraphs(note)}</div>\n<div id="appendonsend"></div>\n'
        '<hr style="display:inline-block;width:98%" tabindex="-1">\n<div id="divRplyFwdMsg" dir="ltr">'
        f'<font face="Calibri, sans-serif" style="font-size:11pt" color="#000000">{shown}</font>\n<div>&nbsp;</div>\n'
        f"</div>\n<div>{paragraphs(original.text)}</div></body></html>"
    )
    return Body(html=html)


def apple_mail(original: Original, note: str = "") -> Body:
    """Apple Mail: the block is quoted in the text part, and a blockquote in the HTML."""
    fields = _apple_fields(original)
    quoted = "\n".join(f"> {line}".rstrip() for line in f"{_lines(fields)}\n{original.text}".split("\n"))
    return Body(f"{note}\n\n\nBegin forwarded message:\n\n{quoted}", _apple_html(original, fields, note))


def iphone(original: Original, note: str = "") -> Body:
    """Mail on an iPhone: as Apple Mail, HTML only here, under its signature."""
    return Body(html=_apple_html(original, _apple_fields(original), f"{note}\n\nSent from my iPhone"))


def thunderbird(original: Original, note: str = "") -> Body:
    """Thunderbird, writing plain text."""
    fields = [
        ("Subject", original.subject),
        ("Date", date_field(original.at)),
        ("From", readable([original.sender])),
        ("To", readable(original.to)),
        ("CC", readable(original.cc)),
    ]
    shown = "".join(f"{name}: \t{value}\n" for name, value in fields if value)
    return Body(f"{note}\n\n\n-------- Forwarded Message --------\n{shown}\n\n\n{original.text}")


def yahoo(original: Original, note: str = "") -> Body:
    """Yahoo Mail in the browser."""
    fields = [
        ("From", readable([original.sender])),
        ("To", readable(original.to)),
        ("Cc", readable(original.cc)),
        (
            "Sent",
            f"{original.at:%A, %B} {original.at.day}, {original.at.year} at {original.at:%I:%M:%S %p} GMT+1",
        ),
        ("Subject", original.subject),
    ]
    shown = "".join(f"<div><b>{name}:</b> {linked(value)}</div>" for name, value in fields if value)
    html = (
        f'<html><body><div class="ydp1f8cyahoo-style-wrap"><div dir="ltr">{paragraphs(note)}</div><div><br></div>'
        '</div><div id="ydp2a7dyahoo_quoted_4711" class="ydp2a7dyahoo_quoted"><div><div>'
        f"----- Forwarded Message -----</div>{shown}<div><br></div>"
        f"<div><div>{paragraphs(original.text)}</div></div></div></div></body></html>"
    )
    return Body(f" {note}\n\n   ----- Forwarded Message ----- \n{_lines(fields)}\n{original.text}", html)


def name_only(original: Original, note: str = "") -> Body:
    """Outlook within one organisation: the block shows names and no addresses."""
    fields = [
        ("From", original.sender.name),
        ("Sent", _outlook_date(original.at)),
        ("To", "; ".join(someone.name for someone in original.to)),
        ("Subject", original.subject),
    ]
    return Body(f"{note}\n\n{_lines(fields)}\n{original.text}")


def linked(value: str) -> str:
    """A field's value in HTML, its addresses as links."""
    return re.sub(r"&lt;([^&\s]+)&gt;", r'&lt;<a href="mailto:\1">\1</a>&gt;', escape(value))


def _lines(fields: Sequence[tuple[str, str]]) -> str:
    return "".join(f"{name}: {value}\n" for name, value in fields if value)


def _clock(at: datetime) -> str:
    """Twelve hours, and the narrow no-break space that Gmail and Apple put before AM since 2023."""
    return f"{at.hour % 12 or 12}:{at:%M}\u202f{at:%p}"


def _outlook_date(at: datetime) -> str:
    return f"{at:%A, %B} {at.day}, {at.year} {at.hour % 12 or 12}:{at:%M %p}"


def _outlook_fields(original: Original) -> list[tuple[str, str]]:
    return [
        ("From", readable([original.sender])),
        ("Sent", _outlook_date(original.at)),
        ("To", readable(original.to, "; ")),
        ("Cc", readable(original.cc, "; ")),
        ("Subject", original.subject),
    ]


def _word(text: str) -> str:
    return "".join(
        f"<p class=MsoNormal>{escape(line) or '&nbsp;'}<o:p></o:p></p>" for line in text.split("\n")
    )


def _apple_fields(original: Original) -> list[tuple[str, str]]:
    return [
        ("From", readable([original.sender])),
        ("Subject", original.subject),
        ("Date", f"{original.at.day} {original.at:%B %Y} at {original.at:%H:%M:%S} CET"),
        ("To", readable(original.to)),
        ("Cc", readable(original.cc)),
    ]


def _apple_html(original: Original, fields: Sequence[tuple[str, str]], note: str) -> str:
    font = "font-family: -webkit-system-font, Helvetica Neue, Helvetica, sans-serif"
    shown = "".join(
        '<div style="margin-top: 0px; margin-right: 0px; margin-bottom: 0px; margin-left: 0px;">'
        f'<span style="{font}; color:rgba(0, 0, 0, 1.0);"><b>{name}: </b></span>'
        f'<span style="{font};">{linked(value)}<br></span></div>'
        for name, value in fields
        if value
    )
    return (
        f'<html><body style="overflow-wrap: break-word;">{paragraphs(note)}<br id="lineBreakAtBeginningOfMessage">'
        '<div><br><blockquote type="cite"><div>Begin forwarded message:</div>'
        f'<br class="Apple-interchange-newline">{shown}<br>'
        f"<div><div>{paragraphs(original.text)}</div></div></blockquote></div><br></body></html>"
    )
