"""The makes of Microsoft, each with the page and the styles that Word or a browser puts around it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from tests.forwards.desk.cast import Story, lines, linked
from tests.forwards.desk.parts import (
    Made,
    above,
    block,
    bold,
    rows,
    safe,
    shown,
)
from tests.forwards.desk.words import WORDS, at_date, long_date

if TYPE_CHECKING:
    from tests.forwards.stories import Person


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
        f"{'<br>' if number else ''}<b>{span}{label}</span></b>{span} {safe(value)}</span>"
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
    head = "<br>".join(f"<b>{label} </b>{safe(value)}" for label, value in found)
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
        f"<b>{span}{first} </span></b>{span}{safe(who)}"
        + "".join(f"<br><b>{label} </b>{safe(value)}" for label, value in rest)
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
