"""The makes of Google, Apple and Mozilla."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from tests.forwards.desk.cast import Story, lines, linked
from tests.forwards.desk.parts import (
    Made,
    above,
    block,
    each,
    english_rows,
    gmail_rows,
    mailto,
    safe,
    shown,
    unbold,
)
from tests.forwards.desk.words import WORDS, apple_date, rfc_date

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.forwards.stories import Person


def gmail(s: Story) -> Made:
    found = gmail_rows(s)
    html_rows = gmail_rows(s, mailto)
    who = s.sender
    name = (
        f'<strong class="gmail_sendername" dir="auto">{escape(who.name, quote=False)}</strong> <span dir="auto">&lt;<a href="mailto:{who.address}">{who.address}</a>&gt;</span>'
        if who.name
        else f'<span dir="auto">&lt;<a href="mailto:{who.address}">{who.address}</a>&gt;</span>'
    )
    html_rows[0] = (html_rows[0][0], name)
    mark = f"---------- {WORDS[s.language].gmail} ---------"
    html = f'<div dir="ltr">{lines(s.note) if s.note else ""}<br><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">{mark}<br>{unbold(html_rows, "<br>")}<br></div><br><br><div dir="ltr">{s.html("div")}</div></div></div>'
    text = f"{above(s.note)}{mark}\n{block(found)}\n\n\n{s.text}"
    return Made(text, html)


def gmail_starred(s: Story) -> Made:
    """Text made of HTML: bold in stars, lines at 72 columns."""
    found = gmail_rows(s)
    found[0] = (found[0][0], shown(s.sender, "*{name}* <{address}>", "<{address}>"))
    return Made(
        f"{above(s.note)}---------- {WORDS[s.language].gmail} ---------\n{block(found)}\n\n\n{s.text}", ""
    )


def _apple_rows(s: Story, show: Callable[[Person], str]) -> list[tuple[str, str]]:
    w = WORDS[s.language]
    found = [
        (w.sender, show(s.sender)),
        (w.subject, s.subject),
        (w.date, apple_date(s.when, s.language)),
        (w.to, each(s.to, show)),
    ]
    if s.cc:
        found.append((w.cc, each(s.cc, show)))
    return [(f"{label}{w.colon.rstrip()}", value) for label, value in found]


def apple_mail(s: Story) -> Made:
    span = '<span style="font-family: -webkit-system-font, Helvetica Neue, Helvetica, sans-serif;'
    head = "".join(
        f'<div style="margin-top: 0px; margin-right: 0px; margin-bottom: 0px; margin-left: 0px;">{span} color:rgba(0, 0, 0, 1.0);"><b>{label} </b></span>{span}">{safe(value)}<br></span></div>'
        for label, value in _apple_rows(s, mailto)
    )
    html = f'<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head><body style="overflow-wrap: break-word; -webkit-nbsp-mode: space; line-break: after-white-space;">{linked(s.note).replace(chr(10), "<br>")}<br><div><br><blockquote type="cite"><div>{WORDS[s.language].apple}</div><br class="Apple-interchange-newline">{head}<br><div>{s.html("div")}</div></blockquote></div><br></body></html>'
    quoted = "\n".join(
        f"> {line}".rstrip()
        for line in f"{WORDS[s.language].apple}\n\n{block(_apple_rows(s, shown))}\n\n{s.text}".split("\n")
    )
    return Made(f"{above(s.note)}{quoted}", html)


def ios_mail(s: Story) -> Made:
    found = _apple_rows(s, mailto)
    order = [found[0], found[2], *found[3:], found[1]]
    head = "".join(f"<b>{label}</b> {safe(value)}<br>" for label, value in order)
    html = f'<html><head></head><body dir="auto">{lines(s.note, "div", " dir=ltr") if s.note else ""}<div dir="ltr"><br><blockquote type="cite">{WORDS[s.language].apple}<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">{head}<br></div></blockquote><blockquote type="cite"><div dir="ltr">﻿{s.html("div")}</div></blockquote></body></html>'
    text = "\n".join(
        f"> {line}".rstrip()
        for line in block([(label, value) for label, value in [*_reordered(s)]]).split("\n")
    )
    body = "\n".join(f"> {line}".rstrip() for line in s.text.split("\n"))
    return Made(f"{above(s.note)}{WORDS[s.language].apple}\n\n{text}\n> \n{body}", html)


def _reordered(s: Story) -> list[tuple[str, str]]:
    found = _apple_rows(s, shown)
    return [found[0], found[2], *found[3:], found[1]]


def thunderbird(s: Story) -> Made:
    found = english_rows(s, "Subject Date From To CC", rfc_date(s.when))
    with_links = english_rows(s, "Subject Date From To CC", rfc_date(s.when), show=mailto)
    table = "".join(
        f'<tr><th nowrap="nowrap" valign="BASELINE" align="RIGHT">{label} </th><td>{safe(value)}</td></tr>'
        for label, value in with_links
    )
    html = f'<!DOCTYPE html><html><head><meta http-equiv="content-type" content="text/html; charset=UTF-8"></head><body>{lines(s.note, "p") if s.note else ""}<div class="moz-forward-container"><br><br>-------- Forwarded Message --------<table class="moz-email-headers-table" cellspacing="0" cellpadding="0" border="0"><tbody>{table}</tbody></table><br><br>{s.html("p")}</div></body></html>'
    return Made(f"{above(s.note)}-------- Forwarded Message --------\n{block(found)}\n\n{s.text}", html)
