"""What becomes of a block on its way: each function writes the text of a mail, and may change what it tells."""

from __future__ import annotations

import textwrap
from html import escape
from typing import TYPE_CHECKING

from tests.forwards.stories import Person

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from tests.forwards.mangled.cast import Mail

_NAMES = (
    "Blackwood, Harriet (Lift)", "Dr. H. Blackwood, MBA", "O'Neil, Séan", "H. Blackwood | Lift GmbH & Co. KG", "Harriet Blackwood via Sales", "van 't Hoff, J.", "Carl Weiß",
    "BLACKWOOD Harriet", "(Lift) Harriet", "Team Von Anfang An", "Blackwood/Harriet", "山田 太郎 / Taro YAMADA",
)  # fmt: skip
_SUBJECTS = ("Re: {0}", "{0}: Von/An?", "[Ticket#4711] {0}", "{0} - 50 % off!", "RE: AW: {0}", "{0} <urgent>", "{0} & more", "„{0}“", "12.03.2024", "{0} " + "x" * 70)  # fmt: skip
_ROWS = (("Importance", "High"), ("Attachments", "offer.pdf, plan.dwg"), ("Reply-To", "reply@lift.example"), ("Organization", "Lift Ltd"))  # fmt: skip
_BANNERS = ("[EXTERNAL] This email originated from outside of the organization.", "ACHTUNG: Diese E-Mail stammt von einem externen Absender.", "*** ATTENTION : message externe ***")  # fmt: skip
_PHONES = ("Get Outlook for iOS<https://aka.ms/o0ukef>", "Sent from my Galaxy", "发自我的iPhone", "Enviado desde mi iPhone", "Отправлено из мобильной Почты")  # fmt: skip
_SOURCE = """\
Return-Path: <bounce@lift.example>
Received: from mail.lift.example (mail.lift.example [192.0.2.4])
\tby mx.acme.test with ESMTP id 77; {date}
Message-ID: <77@lift.example>
Date: {date}
From: {sender}
User-Agent: Post/1.0
MIME-Version: 1.0
To: {to}
Subject: {subject}
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit"""


def head(mail: Mail, row: str = "{0}: {1}", joint: str = "\n") -> str:
    """The rows of the block."""
    return joint.join(row.format(*each) for each in mail.rows())


def whole(mail: Mail, rows: str, gap: str = "\n\n") -> str:
    """The text of the mail with these rows."""
    return f"{mail.note}\n\n" * bool(mail.note) + f"{mail.marker}\n{rows}{gap}{mail.body}\n"


def _wrap(text: str, width: int, indent: str = "") -> str:
    rows = (textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False, subsequent_indent=indent) or [line] for line in text.split("\n"))  # fmt: skip
    return "\n".join(row for some in rows for row in some)


def _quote(text: str, sign: str) -> str:
    return "\n".join(f"{sign}{line}".rstrip() for line in text.split("\n"))


def _starred(mail: Mail, chance: random.Random) -> str:
    return whole(mail, head(mail, chance.choice(("*{0}:* {1}", "**{0}:** {1}", "*{0}*: {1}"))))


def _spaced(mail: Mail, chance: random.Random) -> str:
    rows = ("{0}\u00a0: {1}", "{0}:\u00a0\u00a0{1}", "\u00a0{0}: {1}", "{0}：{1}", "{0}:{1}", "{0} : {1}", "\u200b{0}: {1}", "{0}:\t\t{1}", "{0:>14}: {1}", "  {0}: {1}")  # fmt: skip
    return whole(mail, head(mail, chance.choice(rows)))


def _below(mail: Mail, chance: random.Random) -> str:
    return whole(mail, head(mail, chance.choice(("{0}:\n{1}", "{0}:\n\t{1}"))))


def _apart(mail: Mail, _: random.Random) -> str:
    return whole(mail, head(mail, joint="\n\n"))


def _in_one_line(mail: Mail, _: random.Random) -> str:
    return whole(mail, head(mail, joint=" "))


def _tight(mail: Mail, _: random.Random) -> str:
    return whole(mail, head(mail), gap="\n")


def _folded(mail: Mail, _: random.Random) -> str:
    return whole(mail, _wrap(head(mail), 50, "\t"))


def _wrapped(mail: Mail, chance: random.Random) -> str:
    return _wrap(whole(mail, head(mail)), chance.choice((60, 65, 72, 76)))


def _quoted(mail: Mail, chance: random.Random) -> str:
    block = _quote(f"{mail.marker}\n{head(mail)}\n\n{mail.body}", chance.choice(("> ", ">", ">> ", "> > ")))
    return f"{mail.note}\n\n{block}\n"


def _quoted_and_wrapped(mail: Mail, chance: random.Random) -> str:
    block = _quote(f"{mail.marker}\n{head(mail)}\n\n{mail.body}", "> ")
    return f"{mail.note}\n\n{_wrap(block, 76, chance.choice(('', '> ')))}\n"


def _head_quoted_alone(mail: Mail, _: random.Random) -> str:
    return whole(mail, _quote(head(mail), "> ") + "\n>", "\n")


def _double_spaced(mail: Mail, _: random.Random) -> str:
    return whole(mail, head(mail)).replace("\n", "\n\n")


def _all_headers(mail: Mail, _: random.Random) -> str:
    date = mail.when.strftime("%a, %d %b %Y %H:%M:%S +0100")
    source = _SOURCE.format(date=date, sender=mail.who(mail.sender), to=mail.some(mail.to), subject=mail.subject)  # fmt: skip
    return f"{mail.note}\n\n-------- Original Message --------\n{source}\n\n{mail.body}\n"


def _plain(mail: Mail, _: random.Random) -> str:
    return whole(mail, head(mail))


TEXTS: dict[str, Callable[[Mail, random.Random], str]] = {
    "plain": _plain, "starred": _starred, "spaced": _spaced, "below": _below, "apart": _apart, "one-line": _in_one_line, "tight": _tight, "folded": _folded, "wrapped": _wrapped,
    "quoted": _quoted, "quoted-and-wrapped": _quoted_and_wrapped, "head-quoted": _head_quoted_alone, "double-spaced": _double_spaced, "all-headers": _all_headers,
}  # fmt: skip


def _named(mail: Mail, chance: random.Random) -> Mail:
    return mail.but(sender=Person(chance.choice(_NAMES), mail.sender.address), mailto=False)


def _about(mail: Mail, chance: random.Random) -> Mail:
    return mail.but(subject=chance.choice(_SUBJECTS).format(mail.words.about))


def _to_many(mail: Mail, chance: random.Random) -> Mail:
    names = ("Bob Miller", "", "Lang, Dora", "Eve Stone (Quay)", "王小丽", "Çelik, Ömer")
    more = tuple(Person(chance.choice(names), f"p{number}@lift{number}.example") for number in range(9))
    return mail.but(to=(*mail.to, *more))


def _with_row(mail: Mail, chance: random.Random) -> Mail:
    return mail.but(extra=((chance.choice((2, 9)), *chance.choice(_ROWS)),))


def _begun_oddly(mail: Mail, chance: random.Random) -> Mail:
    words = mail.words
    first = (f"{words.subject}: {words.thanks}\n\n", f"PS: {words.thanks}\n", f"{words.to}: {words.thanks}\n\n", f"Re: {words.about}\n\n", "Tel.: +49 30 1234\nFax: +49 30 1235\n\n", "--\n")  # fmt: skip
    return mail.but(body=chance.choice((*first, f"{chance.choice(_BANNERS)}\n\n")) + mail.body)


def _noted(mail: Mail, chance: random.Random) -> Mail:
    words = mail.words
    notes = (
        f"{words.thanks}\n\nName: Peter Stone\nE-Mail: peter@stone.example\n{words.date}: 12.03.2024", f"{words.to}: Bob\n{words.note}", f"{chance.choice(_BANNERS)}\n\n{words.note}",
        f"{words.note}\n\n{chance.choice(_PHONES)}", f"peter@stone.example: {words.thanks}",
    )  # fmt: skip
    return mail.but(note=chance.choice(notes))


CHANGES: dict[str, Callable[[Mail, random.Random], Mail]] = {
    "named": _named, "about": _about, "to-many": _to_many, "with-row": _with_row, "begun-oddly": _begun_oddly, "noted": _noted,
}  # fmt: skip
# How HTML may write a row, and what holds the rows.
HTMLS: dict[str, tuple[str, str]] = {
    "split": ("<b>{0[0]}</b><b>{1}:</b><span> </span><span>{2}</span><br>", "{0}"),
    "paragraphs": ("<p style='margin:0'><b><span lang=EN-US>{0}{1}:</span></b><span> {2}</span></p>", "{0}"),
    "definitions": ("<dt>{0}{1}:</dt><dd>{2}</dd>", "<dl>{0}</dl>"),
    "source": ("{0}{1}: {2}\n", "<pre>{0}</pre>"),
    "cells": ("<tr><td><b>{0}{1}:</b></td><td>&nbsp;</td><td>{2}</td></tr>", "<table>{0}</table>"),
    "one-cell": ("<strong>{0}{1}</strong>: {2}<br/>", "<table><tr><td>{0}</td></tr></table>"),
    "spans": ("<div><span style='color:#888'>{0}{1}:</span>&nbsp;<span>{2}</span></div>", "{0}"),
    "indented": ("&nbsp;&nbsp;{0}{1}:&nbsp;&nbsp;&nbsp;{2}<br>", "{0}"),
    "loud": ("<B>{0}{1}:</B> {2}<BR>", "{0}"),
    "comments": ("<!-- row --><b>{0}{1}:</b><!--[if mso]> <![endif]--> {2}<br>", "{0}"),
    "nested": ("<tr><td>{0}{1}:</td><td>{2}</td></tr>", "<table><tr><td><table>{0}</table></td></tr></table>"),
    "list": ("<li><b>{0}{1}:</b> {2}</li>", "<ul style='list-style:none'>{0}</ul>"),
}  # fmt: skip


def as_html(mail: Mail, make: str) -> str:
    """The mail as HTML of that make."""
    row, frame = HTMLS[make]
    rows = "".join(
        row.format(label[:1], label[1:], escape(value, quote=False)) for label, value in mail.rows()
    )
    note, body = (escape(text, quote=False).replace("\n", "<br>\n") for text in (mail.note, mail.body))
    marker = escape(mail.marker) if mail.marker.strip("_") else "<hr>"
    style = "<style>.x{From: a; To: b}</style>"
    return f"<html><head>{style}</head><body><div>{note}</div><div><br></div><div>{marker}</div>{frame.format(rows)}<div><br></div><div>{body}</div></body></html>"
