"""The makes: each function writes a forward as one client does, in text and in HTML."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple

from tests.forwards.desk.cast import Story, lines, linked
from tests.forwards.desk.words import WORDS, apple_date, at_date, english, long_date, rfc_date, short_date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

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


def _as(form: str, alone: str = "{address}") -> Callable[[Person], str]:
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
    return joint.join(f"<{tag}>{label}</{tag}>{gap}{_safe(value)}" for label, value in found)


def unbold(found: Iterable[tuple[str, str]], joint: str = "<br>\n") -> str:
    return joint.join(f"{label} {_safe(value)}" for label, value in found)


def _safe(value: str) -> str:
    return value if "</a>" in value or "&lt;" in value else escape(value, quote=False)


def above(note: str) -> str:
    return f"{note}\n\n" if note else ""


# ---------------------------------------------------------------- Microsoft

_WORD = '<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><meta name="Generator" content="Microsoft Word 15 (filtered medium)"><style><!--\n/* Font Definitions */\n@font-face\n\t{font-family:"Cambria Math";\n\tpanose-1:2 4 5 3 5 4 6 3 2 4;}\np.MsoNormal, li.MsoNormal, div.MsoNormal\n\t{margin:0in;\n\tfont-size:11.0pt;}\n--></style><!--[if gte mso 9]><xml>\n<o:shapedefaults v:ext="edit" spidmax="1026" />\n</xml><![endif]--></head><body lang="EN-US" link="#0563C1" vlink="#954F72" style="word-wrap:break-word"><div class="WordSection1">'
_NOTHING = '<p class="MsoNormal"><o:p>&nbsp;</o:p></p>\n'


def _word_lines(text: str) -> str:
    return (
        "".join(
            f'<p class="MsoNormal">{linked(line) or "&nbsp;"}<o:p></o:p></p>\n' for line in text.split("\n")
        )
        if text
        else ""
    )


def _word_body(s: Story) -> str:
    return (
        "".join(f'<p class="MsoNormal">{linked(line)}<o:p></o:p></p>\n{_NOTHING}' for line in s.body)
        + s.older_html
    )


def outlook_desktop(s: Story) -> Made:
    found = rows(s, long_date(s.when, s.language))
    top = '<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in">'
    html = f'{_WORD}{_word_lines(s.note)}{_NOTHING}{top}<p class="MsoNormal">{bold(found, "<br>")}<o:p></o:p></p></div></div>{_NOTHING}{_word_body(s)}</div></body></html>'
    return Made(f"{above(s.note)}{block(found)}\n\n{s.text}", html)


def outlook_spans(s: Story) -> Made:
    """Older Word HTML: fonts around every piece, the label and its value in spans of their own."""
    found = rows(s, long_date(s.when, s.language))
    span = '<span lang="EN-US" style=\'font-size:10.0pt;font-family:"Tahoma","sans-serif"\'>'
    head = "".join(
        f"{'<br>' if number else ''}<b>{span}{label}</span></b>{span} {_safe(value)}</span>"
        for number, (label, value) in enumerate(found)
    )
    html = f"{_WORD}{_word_lines(s.note)}{_NOTHING}<div><div style='border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal>{head}{span}<o:p></o:p></span></p></div></div>{_NOTHING}{_word_body(s)}</div></body></html>"
    return Made(f"{above(s.note)}{block(found)}\n\n{s.text}", html)


def outlook_original(s: Story) -> Made:
    """Plain text: -----Original Message-----."""
    w = WORDS[s.language]
    found = rows(s, long_date(s.when, s.language))
    return Made(f"{above(s.note)}-----{w.original}-----\n{block(found)}\n\n{s.text}", "")


def outlook_mailto(s: Story) -> Made:
    """Outlook up to 2010: Name [mailto:address]."""
    found = rows(
        s,
        long_date(s.when, s.language),
        show=lambda who: shown(who, "{name} [mailto:{address}]", "{address} [mailto:{address}]"),
    )
    html = f"{_WORD}{_word_lines(s.note)}{_NOTHING}<div style='border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0in 0in 0in'><p class=MsoNormal>{bold(found)}<o:p></o:p></p></div>{_NOTHING}{_word_body(s)}</div></body></html>"
    return Made(f"{above(s.note)}{block(found)}\n\n{s.text}", html)


def _owa(s: Story, before: str, after: str = "") -> Made:
    found = rows(s, long_date(s.when, s.language))
    head = f'<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif" style="font-size:11pt" color="#000000">{bold(found, "<br>")}</font>\n<div>&nbsp;</div>\n</div>'
    note = (
        lines(
            s.note,
            "div",
            ' class="elementToProof" style="font-family: Aptos, sans-serif; font-size: 12pt; color: rgb(0, 0, 0);"',
        )
        if s.note
        else ""
    )
    html = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><style type="text/css" style="display:none;"> P {{margin-top:0;margin-bottom:0;}} </style></head><body dir="ltr">{note}{before}{head}{s.html("div")}{after}</body></html>'
    return Made(f"{above(s.note)}{'_' * 32}\n{block(found)}\n\n{s.text}", html)


def owa(s: Story) -> Made:
    return _owa(s, '<div id="appendonsend"></div>\n<hr style="display:inline-block;width:98%" tabindex="-1">')


def owa_x(s: Story) -> Made:
    """What OWA writes when it forwards again: x_ before names."""
    made = _owa(
        s, '<div id="x_appendonsend"></div><hr tabindex="-1" style="display:inline-block; width:98%">'
    )
    return made._replace(html=made.html.replace('id="divRplyFwdMsg"', 'id="x_divRplyFwdMsg"'))


def new_outlook(s: Story) -> Made:
    found = rows(s, at_date(s.when, s.language))
    found[1] = (f"{WORDS[s.language].date}{WORDS[s.language].colon.rstrip()}", found[1][1])
    style = "text-align:left;padding:3pt 0in 0in 0in;border-width:1pt medium medium;border-style:solid none none;border-color:rgb(181,196,223) currentcolor currentcolor;font-family:Aptos;font-size:12pt;color:black"
    head = "<br>".join(f"<b>{label} </b>{_safe(value)}" for label, value in found)
    html = f'<div dir="ltr">{lines(s.note)}</div><div id="mail-editor-reference-message-container"><div class="ms-outlook-mobile-reference-message skipProofing"><meta name="Generator" content="Microsoft Word 15 (filtered medium)"><div style="{style}">{head}<br><br></div>{s.html("p", " class=MsoNormal")}</div></div>'
    return Made(f"{above(s.note)}{block(found)}\n\n{s.text}", html)


def outlook_mobile(s: Story) -> Made:
    signature = 'Get <a href="https://aka.ms/o0ukef">Outlook for iOS</a>'
    found = rows(s, long_date(s.when, s.language))
    head = f'<hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif" style="font-size:11pt" color="#000000">{bold(found, "<br>")}<div>&nbsp;</div></font></div>'
    html = f'<html><body><div dir="ltr">{lines(s.note)}</div><div id="ms-outlook-mobile-body-separator-line"><br></div><div id="ms-outlook-mobile-signature">{signature}</div><div id="mail-editor-reference-message-container" class="ms-outlook-mobile-reference-message">{head}{s.html("div")}</div></body></html>'
    text = f"{above(s.note)}Get Outlook for iOS\n{'_' * 32}\n{block(found)}\n\n{s.text}"
    return Made(text, html, frozenset(), "Get Outlook for iOS")


def outlook_mac(s: Story) -> Made:
    found = rows(s, at_date(s.when, s.language), ", ")
    found[1] = (f"{WORDS[s.language].date}{WORDS[s.language].colon.rstrip()}", found[1][1])
    span = '<span style="font-size:12.0pt;color:black">'
    (first, who), *rest = found
    head = (
        f"<b>{span}{first} </span></b>{span}{_safe(who)}"
        + "".join(f"<br><b>{label} </b>{_safe(value)}" for label, value in rest)
        + "</span>"
    )
    html = f'{_WORD}{_word_lines(s.note)}{_NOTHING}<div style="border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0in 0in 0in"><p class="MsoNormal" style="margin-bottom:12.0pt">{head}<span style="color:black"><o:p></o:p></span></p></div>{_word_body(s)}</div></body></html>'
    return Made(f"{above(s.note)}{block(found)}\n\n{s.text}", html)


def windows_mail(s: Story) -> Made:
    """The addresses stand in links alone, in HTML; the text part has names and nothing else."""

    def link(who: Person) -> str:
        return f'<a href="mailto:{who.address}">{escape(who.name or who.address, quote=False)}</a>'

    found = rows(s, long_date(s.when, s.language), "; ", link)
    html = f"{_WORD}{_word_lines(s.note)}{_NOTHING}<div style='mso-element:para-border-div;border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in'><p class=MsoNormal style='border:none;padding:0in'>{bold(found)}</p></div>{_NOTHING}{_word_body(s)}</div></body></html>"
    return Made("", html)


# ---------------------------------------------------------------- Google, Apple, Mozilla


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
        f'<div style="margin-top: 0px; margin-right: 0px; margin-bottom: 0px; margin-left: 0px;">{span} color:rgba(0, 0, 0, 1.0);"><b>{label} </b></span>{span}">{_safe(value)}<br></span></div>'
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
    head = "".join(f"<b>{label}</b> {_safe(value)}<br>" for label, value in order)
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
        f'<tr><th nowrap="nowrap" valign="BASELINE" align="RIGHT">{label} </th><td>{_safe(value)}</td></tr>'
        for label, value in with_links
    )
    html = f'<!DOCTYPE html><html><head><meta http-equiv="content-type" content="text/html; charset=UTF-8"></head><body>{lines(s.note, "p") if s.note else ""}<div class="moz-forward-container"><br><br>-------- Forwarded Message --------<table class="moz-email-headers-table" cellspacing="0" cellpadding="0" border="0"><tbody>{table}</tbody></table><br><br>{s.html("p")}</div></body></html>'
    return Made(f"{above(s.note)}-------- Forwarded Message --------\n{block(found)}\n\n{s.text}", html)


# ---------------------------------------------------------------- webmail


def yahoo(s: Story) -> Made:
    date = english(s.when, "{day}, {month} {d}, {y} at {w:%I:%M:%S %p} GMT+1")
    found = english_rows(s, "From To Cc Sent Subject", date)
    body = "".join(f"<div><b>{label}</b> {_safe(value)}</div>" for label, value in found)
    html = f'<div class="ydp5d8b yahoo-style-wrap" style="font-family:Helvetica;">{lines(s.note, "div", " dir=ltr data-setdir=false")}<div><br></div></div><div id="ydp1a2byahoo_quoted_0123" class="ydp1a2byahoo_quoted yahoo_quoted"><div style="font-family:Helvetica;font-size:13px;color:#26282a;"><div>----- Forwarded message -----</div>{body}<div><br></div><div><div id="yiv123"><div>{s.html("p")}</div></div></div></div></div>'
    return Made(f"{above(s.note)}----- Forwarded message -----\n{block(found)}\n\n{s.text}", html)


def aol(s: Story) -> Made:
    found = english_rows(
        s,
        "From To Cc Sent Subject",
        english(s.when, "{d3}, {m3} {d}, {y} {w:%I:%M} {w:%p}").replace("AM", "am").replace("PM", "pm"),
        "; ",
    )
    html = f'{lines(s.note)}<div style="font-family:arial,helvetica;font-size:10pt;color:black">-----Original Message-----<br>{unbold(found)}<br><br><div id="yiv">{s.html("div")}</div></div>'
    return Made(f"{above(s.note)}-----Original Message-----\n{block(found)}\n\n{s.text}", html)


def zoho(s: Story) -> Made:
    found = english_rows(
        s,
        "From To Cc Date Subject",
        rfc_date(s.when),
        ",",
        lambda who: shown(who, '"{name}"<{address}>', "<{address}>"),
    )
    mark = "============ Forwarded message ============"
    html = f'<!DOCTYPE html><html><body><div style="font-family: Verdana, Arial; font-size: 10pt;">{lines(s.note)}<div class="zmail_extra_hr" style="border-top: 1px solid rgb(204, 204, 204); height: 0px;"><br></div><div class="zmail_extra" data-zbluepencil-ignore="true"><div><br></div>{mark}<br>{unbold(found)}<br>{mark}<br><br>{s.breaks()}</div></div></body></html>'
    return Made(f"{above(s.note)}{mark}\n{block(found)}\n{mark}\n\n{s.text}", html)


def proton(s: Story) -> Made:
    found = english_rows(
        s,
        "From Date Subject To CC",
        english(s.when, "On {day}, {month} {d}{{th}}, {y} at {clock}").format(
            th="th"
            if s.when.day not in {2, 22, 1, 21, 3, 23}
            else {1: "st", 2: "nd", 3: "rd"}[s.when.day % 10]
        ),
    )
    html = f'<div style="font-family: Arial; font-size: 14px;">{lines(s.note)}</div><div class="protonmail_signature_block protonmail_signature_block-empty"></div><div class="protonmail_quote">------- Forwarded Message -------<br>{unbold(found)}<br><br><blockquote class="protonmail_quote" type="cite">{s.html("div")}</blockquote><br></div>'
    quoted = "\n".join(f"> {line}".rstrip() for line in s.text.split("\n"))
    return Made(f"{above(s.note)}------- Forwarded Message -------\n{block(found)}\n\n{quoted}", html)


def roundcube(s: Story) -> Made:
    found = english_rows(s, "Subject Date From To Cc", f"{s.when:%Y-%m-%d %H:%M}")
    table = "".join(
        f'<tr><th align="right" valign="baseline" nowrap="nowrap">{label}</th><td>{_safe(value)}</td></tr>'
        for label, value in found
    )
    html = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8" /></head><body style="font-size: 10pt">{lines(s.note, "p") if s.note else ""}<p>-------- Original Message --------</p><table border="0" cellspacing="0" cellpadding="0"><tbody>{table}</tbody></table><div class="pre">{s.breaks()}</div></body></html>'
    return Made(f"{above(s.note)}-------- Original Message --------\n{block(found)}\n\n{s.text}", html)


def zimbra(s: Story) -> Made:
    found = english_rows(
        s,
        "From To Cc Sent Subject",
        english(s.when, "{day}, {month} {d}, {y} {clock3}"),
        show=lambda who: shown(who, '"{name}" <{address}>'),
    )
    html = f'<html><body><div style="font-family: arial, helvetica, sans-serif; font-size: 12pt">{lines(s.note)}<hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__">{bold(found, "<br>", "", "b").replace("</b>", " </b>")}<br></div><br><div data-marker="__QUOTED_TEXT__">{s.html("p")}</div></div></body></html>'
    return Made(f"{above(s.note)}----- Forwarded Message -----\n{block(found)}\n\n{s.text}", html)


def samsung(s: Story) -> Made:
    found = english_rows(
        s, "From Date To Cc Subject", english(s.when, "{m}/{d}/{y2:02}  {clock}  (GMT+01:00)")
    )
    head = "".join(f"<div>{label} {_safe(value)} </div>" for label, value in found)
    html = f'<html><head></head><body dir="auto">{lines(s.note, "div", " dir=auto") if s.note else ""}<div dir="auto"><br></div><div id="composer_signature" dir="auto"><div style="font-size:12px;color:#575757" dir="auto">Sent from my Galaxy</div></div><div dir="auto"><br></div><div><br></div><div align="left" dir="auto" style="font-size:100%;color:#000000"><div>-------- Original message --------</div>{head}<div><br></div></div>{s.html("div")}</body></html>'
    return Made(
        f"{above(s.note)}Sent from my Galaxy\n\n\n-------- Original message --------\n{block(found)}\n\n{s.text}",
        html,
        frozenset(),
        "Sent from my Galaxy",
    )


def gmx(s: Story) -> Made:
    w = WORDS["de"]
    date = f"{long_date(s.when, 'de')[:-6].replace(f', {s.when.day}.', f', {s.when.day:02}.')} um {s.when:%H:%M} Uhr"
    people = _as('"{name}" <{address}>')
    found = [(f"{w.sent}:", date), (f"{w.sender}:", people(s.sender)), (f"{w.to}:", each(s.to, people))]
    found += [("Cc:", each(s.cc, people))] * bool(s.cc)
    found += [(f"{w.subject}:", s.subject)]
    html = f'<html><head></head><body><div style="font-family: Verdana;font-size: 12.0px;">{lines(s.note)}<div>&nbsp;<div name="quote" style="margin:10px 5px 5px 10px; padding: 10px 0 10px 10px; border-left:2px solid #C3D9E5; word-wrap: break-word;"><div style="margin:0 0 10px 0;">{bold(found, "<br/>", "&nbsp;")}</div><div name="quoted-content">{s.html("div")}</div></div></div></div></body></html>'
    return Made("", html)


def open_xchange(s: Story) -> Made:
    w = WORDS["de"]
    found = [(f"{w.sender}:", shown(s.sender)), (f"{w.to}:", each(s.to))] + [("Cc:", each(s.cc))] * bool(s.cc)
    found += [(f"{w.date}:", f"{s.when:%d.%m.%Y %H:%M} CET"), (f"{w.subject}:", s.subject)]
    head = "".join(f"<div>{label} {_safe(value)}</div>" for label, value in found)
    html = f'<!DOCTYPE html><html><head><meta charset="UTF-8"></head><body>{lines(s.note, "div", " class=default-style") if s.note else ""}<blockquote type="cite"><div>---------- Ursprüngliche Nachricht ----------</div>{head}<div><br></div>{s.html("div")}</blockquote></body></html>'
    quoted = "\n".join(
        f"> {line}".rstrip()
        for line in f"---------- Ursprüngliche Nachricht ----------\n{block(found)}\n\n{s.text}".split("\n")
    )
    return Made(f"{above(s.note)}{quoted}", html)


def mail_ru(s: Story) -> Made:
    date = long_date(s.when, "ru").replace(" г.", ",").capitalize() + " +03:00"
    found = (
        [("От:", shown(s.sender)), ("Кому:", each(s.to))]
        + [("Копия:", each(s.cc))] * bool(s.cc)
        + [("Дата:", date), ("Тема:", s.subject)]
    )
    html = f'<HTML><BODY>{lines(s.note)}<div>&nbsp;</div><blockquote style="border-left:1px solid #0857A6;margin:10px;padding:0 0 0 10px;">-------- Пересылаемое сообщение --------<br>{unbold(found)}<br>&nbsp;<div>{s.html("div")}</div></blockquote></BODY></HTML>'
    return Made(f"{above(s.note)}-------- Пересылаемое сообщение --------\n{block(found)}\n \n{s.text}", html)


def yandex(s: Story) -> Made:
    head = f"{s.when:%d.%m.%Y, %H:%M}, {shown(s.sender, chr(34) + '{name}' + chr(34) + ' <{address}>')}:"
    start, end = "-------- Пересылаемое сообщение --------", "-------- Конец пересылаемого сообщения --------"
    html = f"{lines(s.note)}<div>&nbsp;</div><div>{start}</div><div>{escape(head, quote=False)}</div><div>&nbsp;</div>{s.html('div')}<div>{end}</div>"
    return Made(f"{above(s.note)}{start}\n{head}\n\n{s.text}\n\n{end}", html, frozenset({"to", "cc"}))


def qq(s: Story) -> Made:
    people = _as('"{name}"<{address}>', "{address}")
    date = f"{s.when.year}年{s.when.month}月{s.when.day}日(星期{'一二三四五六日'[s.when.weekday()]}) {'上午' if s.when.hour < 12 else '下午'}{s.when.hour % 12 or 12}:{s.when:%M}"
    found = [
        ("发件人:", people(s.sender) + ";"),
        ("发送时间:", date),
        ("收件人:", each(s.to, people, ";") + ";"),
    ]
    found += [("抄送:", each(s.cc, people, ";") + ";")] * bool(s.cc) + [("主题:", s.subject)]
    head = "".join(f"<div><b>{label}</b>&nbsp;{_safe(value)}</div>" for label, value in found)
    html = f'<div>{lines(s.note)}</div><div><br></div><div style="font-size: 12px;font-family: Arial Narrow;padding:2px 0 2px 0;">------------------&nbsp;原始邮件&nbsp;------------------</div><div style="font-size: 12px;background:#efefef;padding:8px;">{head}</div><div><br></div>{s.html("div")}'
    return Made(
        f"{above(s.note)}------------------ 原始邮件 ------------------\n{block(found)}\n\n{s.text}", html
    )


def netease(s: Story) -> Made:
    people = _as('"{name}" <{address}>', "{address}")
    found = [
        ("发件人：", people(s.sender)),
        ("发送日期：", f"{s.when:%Y-%m-%d %H:%M:%S}"),
        ("收件人：", each(s.to, people, ",")),
    ]
    found += [("抄送人：", each(s.cc, people, ","))] * bool(s.cc) + [("主题：", s.subject)]
    html = f'<div style="line-height:1.7;color:#000000;font-size:14px;font-family:Arial">{lines(s.note)}<br/><br/><div class="isForwardContent">-------- 转发邮件信息 --------<br/>{unbold(found, "<br/>")}<br/>{s.html("div")}</div></div>'
    return Made(f"{above(s.note)}-------- 转发邮件信息 --------\n{block(found)}\n\n{s.text}", html)


def naver(s: Story) -> Made:
    people = _as('"{name}"<{address}>', "<{address}>")
    date = f"{s.when:%Y-%m-%d} ({'월화수목금토일'[s.when.weekday()]}) {s.when:%H:%M:%S} (GMT+09:00)"
    found = english_rows(s, "From To Cc Sent Subject", date, "; ", people)
    html = f'<html><body><div style="font-size:10pt; font-family:Gulim;">{lines(s.note, "p") if s.note else ""}<p>-----Original Message-----<br><b>From:</b> {bold(found)[len("<b>From:</b> ") :]}<br><br></p>{s.html("p")}</div></body></html>'
    return Made(f"{above(s.note)}-----Original Message-----\n{block(found)}\n\n{s.text}", html)


# ---------------------------------------------------------------- others


def notes(s: Story) -> Made:
    found = english_rows(
        s,
        "From To Cc Date Subject",
        f"{s.when:%m/%d/%Y %I:%M %p}",
        show=lambda who: shown(who, '"{name}" <{address}>'),
    )
    head = "<br>".join(
        f'<font size=1 color=#5f5f5f face="sans-serif">{label} &nbsp; &nbsp; &nbsp; &nbsp;</font><font size=1 face="sans-serif">{_safe(value)}</font>'
        for label, value in found
    )
    mark = "----- Forwarded by Ann Smith/Sales/ACME on 05/18/2026 10:00 AM -----"
    html = f'<font size=2 face="sans-serif">{linked(s.note).replace(chr(10), "<br>")}</font><br><br><font size=1 color=#800080 face="sans-serif">{mark}</font><br><br>{head}<br><hr noshade><br><br><font size=3>{s.breaks()}</font>'
    pad = "\n".join(f"{label:<9}{value}" for label, value in found)
    return Made(f"{above(s.note)}{mark}\n\n{pad}\n\n\n\n{s.text}", html)


def em_client(s: Story) -> Made:
    found = english_rows(
        s,
        "From To Cc Date Subject",
        english(s.when, "{m}/{d}/{y} {clock3}"),
        "; ",
        lambda who: shown(who, '"{name}" <{address}>'),
    )
    head = "".join(f"<div>{label} {_safe(value)}</div>" for label, value in found)
    html = f'<html><head><style id="css_styles">blockquote.cite {{ margin-left: 5px; }}</style></head><body>{lines(s.note)}<div><br /></div>\n<div id="x1a2b3"><div>------ Forwarded Message ------</div>{head}</div><div><br /></div>{s.html("div")}</body></html>'
    return Made(f"{above(s.note)}------ Forwarded Message ------\n{block(found)}\n\n{s.text}", html)


def spark(s: Story) -> Made:
    found = english_rows(s, "From Date To Cc Subject", english(s.when, "{m3} {d}, {y} at {clock} +0100"))
    html = f'<html><body><div name="messageBodySection">{lines(s.note, "div", " dir=auto")}</div><div name="messageReplySection">---------- Forwarded message ----------<br />{bold(found, "<br />")}<br /><br /><blockquote type="cite" class="spark_quote" style="margin: 5px 5px; padding-left: 10px; border-left: thin solid #1abc9c;">{s.html("div")}</blockquote></div></body></html>'
    quoted = "\n".join(f"> {line}".rstrip() for line in s.text.split("\n"))
    return Made(f"{above(s.note)}---------- Forwarded message ----------\n{block(found)}\n\n{quoted}", html)


def superhuman(s: Story) -> Made:
    found = english_rows(s, "From Date Subject To Cc", english(s.when, "{d3}, {m3} {d:02}, {y} at {clock}"))
    html = f'<html><head></head><body><div>{lines(s.note)}</div><div class="sh-signature"><div class="gmail_signature">Sent via Superhuman</div></div><br><div><div class="gmail_quote">---------- Forwarded message ----------<br>{unbold(found)}<br><br>{s.html("div")}</div></div></body></html>'
    return Made("", html, frozenset(), "Sent via Superhuman")


def front(s: Story) -> Made:
    found = english_rows(s, "From Date Subject To Cc", english(s.when, "{month} {d}, {y} at {clock} GMT+1"))
    html = f'<div>{lines(s.note)}</div><br><div class="front-forward"><blockquote type="cite" class="front-blockquote" style="border-left:none">---------- Forwarded message ----------<br>{bold(found)}<br><br>{s.html("p")}</blockquote></div>'
    return Made("", html)


def hey(s: Story) -> Made:
    found = english_rows(s, "From Date Subject To", english(s.when, "{month} {d}, {y} at {clock}"))
    hidden = frozenset({"cc"}) if s.cc else frozenset()
    html = f'<html><body><div class="trix-content"><div>{linked(s.note).replace(chr(10), "<br>")}<br><br>---------- Forwarded message ----------<br>{unbold(found)}<br><br></div>{s.html("div")}</div></body></html>'
    return Made("", html, hidden)


def fastmail(s: Story) -> Made:
    found = english_rows(s, "From To Cc Subject Date", english(s.when, "{day}, {d} {month} {y} {clock}"))
    head = "".join(f"<div>{label} {_safe(value)}</div>" for label, value in found)
    html = f"<!DOCTYPE html><html><head><title></title></head><body>{lines(s.note)}<div><br></div><div>----- Original message -----</div>{head}<div><br></div>{s.html('div')}</body></html>"
    return Made(f"{above(s.note)}----- Original message -----\n{block(found)}\n\n{s.text}", html)


def k9(s: Story) -> Made:
    date = english(s.when, "{d3} {m3} {d:02} {w:%H:%M:%S} GMT+01:00 {y}")
    found = english_rows(s, "From Sent To CC Subject", date)
    html = f'<!DOCTYPE html><html><body>{lines(s.note)}<br><br><div class="k9mail-signature">Sent from my Android device with K-9 Mail.</div><br><div class="gmail_quote">-------- Original Message --------<br>{bold(found)}<br><br>{s.html("p")}</div></body></html>'
    text = f"{above(s.note)}Sent from my Android device with K-9 Mail.\n\n-------- Original Message --------\n{block(found)}\n\n{s.text}"
    return Made(text, html, frozenset(), "Sent from my Android device with K-9 Mail.")


def airmail(s: Story) -> Made:
    found = english_rows(
        s, "From Reply Date To CC Subject", english(s.when, "{d} {month} {y} at {w:%H:%M:%S}")
    )
    found = [(label, (shown(s.sender) if label == "Reply:" else value)) for label, value in found]
    head = "<br>".join(
        f'<span style="color:black"><b>{label}</b>&nbsp;</span>{_safe(value)}' for label, value in found
    )
    html = f'<html><head></head><body><div id="bloop_customfont">{lines(s.note)}</div><br><div id="bloop_sign_1"></div><p class="airmail_on">Begin forwarded message:</p><div>{head}<br><br></div><div><blockquote type="cite" class="clean_bq"><span>{s.html("div")}</span></blockquote></div></body></html>'
    return Made("", html)


def mimestream(s: Story) -> Made:
    found = english_rows(s, "From Subject Date To Cc", english(s.when, "{month} {d}, {y} at {clock3} GMT+1"))
    html = f'<html><body>{lines(s.note)}<br><div class="gmail_quote"><blockquote type="cite">Begin forwarded message:<br><br>{bold(found)}<br><br>{s.html("div")}</blockquote></div></body></html>'
    return Made("", html)


def evolution(s: Story) -> Made:
    found = english_rows(s, "From To Cc Subject Date", rfc_date(s.when))
    head = "".join(f"<div><b>{label[:-1]}</b>: {_safe(value)}</div>" for label, value in found)
    html = f"<html><head></head><body>{lines(s.note)}<div>-------- Forwarded Message --------</div>{head}<div><br></div>{s.html('div')}</body></html>"
    return Made(f"{above(s.note)}-------- Forwarded Message --------\n{block(found)}\n\n{s.text}", html)


def kmail(s: Story) -> Made:
    found = english_rows(
        s, "Subject Date From To CC", english(s.when, "{day}, {d} {month} {y}, {w:%H:%M:%S} CET")
    )
    rule = "-" * 41
    html = f"<html><body>{lines(s.note, 'p') if s.note else ''}<p>----------  Forwarded Message  ----------</p><p>{unbold(found)}</p>{s.html('p')}<p>{rule}</p></body></html>"
    return Made(
        f"{above(s.note)}----------  Forwarded Message  ----------\n\n{block(found)}\n\n{s.text}\n\n{rule}",
        html,
    )


def the_bat(s: Story) -> Made:
    found = english_rows(s, "From To Cc Date Subject", english(s.when, "{day}, {month} {d}, {y}, {clock3}"))
    start, end = (
        "===8<==============Original message text===============",
        "===8<===========End of original message text===========",
    )
    return Made(
        f"{above(s.note)}This is a forwarded message\n{block(found)}\n\n{start}\n{s.text}\n\n{end}", ""
    )


def horde(s: Story) -> Made:
    found = english_rows(s, "Date From Subject To Cc", rfc_date(s.when))
    pad = "\n".join(f"{label:>10} {value}" for label, value in found)
    return Made(
        f"{above(s.note)}----- Forwarded message from {shown(s.sender)} -----\n{pad}\n\n{s.text}\n\n----- End forwarded message -----",
        "",
    )


def sogo(s: Story) -> Made:
    found = english_rows(
        s, "Subject Date From To CC", english(s.when, "{day}, {month} {d:02}, {y} {w:%H:%M} CET")
    )
    html = f"<html>{lines(s.note, 'p') if s.note else ''}<br /><br />-------- Original Message --------<br />{bold(found, '<br />')}<br /><br />{s.html('div')}</html>"
    return Made(f"{above(s.note)}-------- Original Message --------\n{block(found)}\n\n{s.text}", html)


def seznam(s: Story) -> Made:
    found = [("Od:", shown(s.sender)), ("Komu:", each(s.to))] + [("Kopie:", each(s.cc))] * bool(s.cc)
    found += [
        ("Datum:", f"{s.when.day}. {s.when.month}. {s.when.year} {s.when.hour}:{s.when:%M:%S}"),
        ("Předmět:", s.subject),
    ]
    html = f'<html><body>{lines(s.note)}<br><br><aside>---------- Původní e-mail ----------<br>{unbold(found)}</aside><br><blockquote data-email="{s.sender.address}">{s.html("div")}</blockquote></body></html>'
    return Made(f"{above(s.note)}---------- Původní e-mail ----------\n{block(found)}\n\n{s.text}", html)


def orange(s: Story) -> Made:
    found = (
        [("De :", shown(s.sender, '"{name}" <{address}>')), ("A :", each(s.to))]
        + [("Copie à :", each(s.cc))] * bool(s.cc)
        + [("Objet :", s.subject)]
    )
    first = f"Message du {s.when:%d/%m/%y %H:%M}"
    html = f'{lines(s.note)}<br/><br/><blockquote style="border-left: #ff0000 2px solid; padding-left: 5px">&gt; {first}<br/>&gt; {unbold(found, "<br/>&gt; ")}<br/>&gt; <br/>{s.breaks()}</blockquote>'
    quoted = "\n".join(f"> {line}".rstrip() for line in f"{first}\n{block(found)}\n\n{s.text}".split("\n"))
    return Made(f"{above(s.note)}{quoted}", html)


def pegasus(s: Story) -> Made:
    found = english_rows(s, "From To Subject Sent", rfc_date(s.when))
    found = [("Date sent:" if label == "Sent:" else label, value) for label, value in found]
    pad = "\n".join(f"{label:<15}\t{value}" for label, value in found)
    return Made(
        f"{above(s.note)}------- Forwarded message follows -------\n{pad}\n\n{s.text}\n------- End of forwarded message -------",
        "",
        frozenset({"cc"}) if s.cc else frozenset(),
    )


def tutanota(s: Story) -> Made:
    found = english_rows(
        s,
        "Date From To CC Subject",
        english(s.when, "{d}. {m3} {y}, {w:%H:%M}"),
        show=lambda who: who.address,
    )
    html = f'<div>{lines(s.note)}</div><br>-- <br>Sent with Tuta<br><br>----<br>{bold(found, "<br>")}<br><br><blockquote class="tutanota_quote">{s.html("div")}</blockquote>'
    return Made("", html, frozenset({"names"}), "--\nSent with Tuta")


def gnus(s: Story) -> Made:
    found = english_rows(s, "From Subject To Cc Date", rfc_date(s.when))
    rule = "--------------------"
    return Made(
        f"{above(s.note)}-------------------- Start of forwarded message --------------------\n{block(found)}\n\n{s.text}\n{rule} End of forwarded message {rule}",
        "",
    )


def alpine(s: Story) -> Made:
    found = english_rows(s, "Date From To Cc Subject", rfc_date(s.when))
    return Made(f"{above(s.note)}---------- Forwarded message ----------\n{block(found)}\n\n{s.text}", "")


def interia(s: Story) -> Made:
    found = [("Od:", shown(s.sender, '"{name}" <{address}>')), ("Do:", each(s.to))] + [
        ("DW:", each(s.cc))
    ] * bool(s.cc)
    found += [
        ("Wysłane:", f"{s.when.hour}:{s.when:%M} {long_date(s.when, 'pl')[:-6].capitalize()}"),
        ("Temat:", s.subject),
    ]
    html = f"{lines(s.note, 'p') if s.note else ''}<blockquote>----- Wiadomość przekazana -----<p>{bold(found)}</p>{s.html('p')}</blockquote>"
    return Made("", html)


def verse(s: Story) -> Made:
    """HCL Verse: a table of labels and values, in fonts."""
    found = english_rows(
        s,
        "From To Cc Date Subject",
        english(s.when, "{d3}, {m3} {d}, {y} {clock}"),
        show=lambda who: shown(who, '"{name}" <{address}>'),
    )
    table = "".join(
        f'<tr valign="top"><td width="96"><font size="2" color="#5F5F5F">{label}</font></td><td width="100%"><font size="2">{_safe(value)}</font></td></tr>'
        for label, value in found
    )
    html = f'<div class="socmaildefaultfont" dir="ltr">{lines(s.note)}<div>&nbsp;</div><blockquote data-history-content-modified="1" dir="ltr">----- Forwarded by Ann Smith/ACME on 05/18/2026 10:00 AM -----<br><table border="0">{table}</table><br>{s.html("div")}</blockquote></div>'
    return Made("", html)


MAKES: dict[str, tuple[Callable[[Story], Made], tuple[str, ...]]] = {
    "outlook_desktop": (outlook_desktop, ALL), "outlook_spans": (outlook_spans, ALL), "outlook_original": (outlook_original, ALL), "outlook_mailto": (outlook_mailto, ALL),
    "owa": (owa, ALL), "owa_x": (owa_x, ALL), "new_outlook": (new_outlook, ALL), "outlook_mobile": (outlook_mobile, ALL), "outlook_mac": (outlook_mac, ALL), "windows_mail": (windows_mail, ALL),
    "gmail": (gmail, ALL), "gmail_starred": (gmail_starred, ALL), "apple_mail": (apple_mail, ALL), "ios_mail": (ios_mail, ALL), "thunderbird": (thunderbird, EN),
    "yahoo": (yahoo, EN), "aol": (aol, EN), "zoho": (zoho, EN), "proton": (proton, EN), "roundcube": (roundcube, EN), "zimbra": (zimbra, EN), "samsung": (samsung, EN), "gmx": (gmx, ("de",)),
    "open_xchange": (open_xchange, ("de",)), "mail_ru": (mail_ru, ("ru",)), "yandex": (yandex, ("ru",)), "qq": (qq, ("zh",)), "netease": (netease, ("zh",)), "naver": (naver, EN),
    "notes": (notes, EN), "verse": (verse, EN), "em_client": (em_client, EN), "spark": (spark, EN), "superhuman": (superhuman, EN), "front": (front, EN), "hey": (hey, EN), "fastmail": (fastmail, EN),
    "k9": (k9, EN), "airmail": (airmail, EN), "mimestream": (mimestream, EN), "evolution": (evolution, EN), "kmail": (kmail, EN), "the_bat": (the_bat, EN), "horde": (horde, EN), "sogo": (sogo, EN),
    "seznam": (seznam, ("cs",)), "orange": (orange, ("fr",)), "pegasus": (pegasus, EN), "tutanota": (tutanota, EN), "gnus": (gnus, EN), "alpine": (alpine, EN), "interia": (interia, ("pl",)),
}  # fmt: skip
"""Each make with the languages it is told in here."""
