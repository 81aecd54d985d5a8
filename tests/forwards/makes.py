"""How forwards looked in older and rarer HTML: the makes that are still in circulation. One function each."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from tests.forwards.clients import block, html_rows, link, listed, rows, signed
from tests.forwards.sample import Rendered, breaks, paragraphs, truth_of
from tests.forwards.stories import Mail, Person, quoted

if TYPE_CHECKING:
    from collections.abc import Callable


def outlook_2003(mail: Mail) -> Rendered:
    """Outlook 2000 to 2003: OutlookMessageHeader, capitals, a rule; [mailto:…] in the text."""
    labels, date, note = mail.language.labels("outlook"), mail.date("full"), signed(mail)
    told = mail.but(sender=Person(mail.sender.name, ""))
    pairs = rows(labels, told, date, "fdtcs", "; ")
    pairs[0] = (pairs[0][0], f"{mail.sender.name} [mailto:{mail.sender.address}]")
    lines = html_rows(labels, mail, date, "fdtcs", "; ")
    lines[0] = (lines[0][0], f"{escape(mail.sender.name)} [mailto:{escape(mail.sender.address)}]")
    bold = "<BR>".join(f"<B>{label}{labels.colon}</B> {value}" for label, value in lines)
    html = (
        f'<HTML><BODY><DIV><FONT face=Arial size=2>{breaks(note)}</FONT></DIV><BLOCKQUOTE dir=ltr style="MARGIN-RIGHT:'
        '0px"><DIV></DIV><DIV class=OutlookMessageHeader lang=en-us dir=ltr align=left><FONT face=Tahoma size=2>'
        f"-----{mail.language.word('original')}-----<BR>{bold}<BR><BR></FONT></DIV>{paragraphs(mail.body, 'DIV')}"
        "</BLOCKQUOTE></BODY></HTML>"
    )
    text = f"{note}\n\n-----{mail.language.word('original')}-----\n{block(pairs, labels.colon)}\n\n\n{mail.body}\n"
    return Rendered(text, html, truth_of(mail, note=note), labels.composed)


def outlook_express(mail: Mail) -> Rendered:
    """Outlook Express: grey From line, the address in the title and the link alone, To before Sent."""
    labels = mail.language.labels("outlook")
    dashes = f"----- {mail.language.word('original')} -----"
    pairs = rows(labels, mail, mail.date("full"), "ftcds")

    def named(people: tuple[Person, ...]) -> str:
        return " ; ".join(
            f'<A title={escape(one.address)} href="mailto:{escape(one.address)}">{escape(one.name or one.address)}</A>'
            for one in people
        )

    shown = {"f": named((mail.sender,)), "t": named(mail.to), "c": named(mail.cc)}
    order = [key for key in "ftcds" if key != "c" or mail.cc]
    lines = "".join(
        f'<DIV style="FONT: 10pt arial"><B>{escape(label)}{labels.colon}</B> {shown.get(key, escape(value))} </DIV>\n'
        for key, (label, value) in zip(order, pairs, strict=True)
    )
    html = (
        f"<HTML><BODY bgColor=#ffffff><DIV><FONT face=Arial size=2>{breaks(mail.note)}</FONT></DIV>\n"
        f'<DIV>&nbsp;</DIV>\n<DIV style="FONT: 10pt arial">{dashes} </DIV>\n{lines}<DIV><BR></DIV>\n'
        f"{paragraphs(mail.body, 'DIV')}</BODY></HTML>"
    )
    text = f"{mail.note}\n\n{dashes} \n{block(pairs, labels.colon)}\n\n\n{mail.body}\n"
    return Rendered(text, html, truth_of(mail), labels.composed)


def outlook_web_named(mail: Mail) -> Rendered:
    """Outlook on the web where the name is the link: the address stands in href alone."""
    labels, note = mail.language.labels("outlook_web", "outlook"), signed(mail)
    lines = dict(
        zip(
            "fdtcs",
            html_rows(labels, mail.but(cc=mail.cc or mail.to), mail.date("full"), "fdtcs"),
            strict=True,
        )
    )

    def anchors(people: tuple[Person, ...]) -> str:
        return "; ".join(
            f'<a href="mailto:{escape(one.address)}">{escape(one.name or one.address)}</a>' for one in people
        )

    values = {"f": anchors((mail.sender,)), "t": anchors(mail.to), "c": anchors(mail.cc)}
    bold = "<br>".join(
        f"<b>{lines[key][0]}{labels.colon}</b> {values.get(key, lines[key][1])}"
        for key in "fdtcs"
        if key != "c" or mail.cc
    )
    html = (
        f'<html><body><div>{breaks(note)}</div><hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg">'
        f'<font face="Calibri">{bold}</font></div><div>{paragraphs(mail.body)}</div></body></html>'
    )
    return Rendered("", html, truth_of(mail, note=note), labels.composed)


def notes_html(mail: Mail) -> Rendered:
    """Lotus Notes in HTML: a table of grey labels and values."""
    labels = mail.language.labels("notes")
    cells = "".join(
        f'<tr valign=top><td><font size=1 color=#5f5f5f face="sans-serif">{label}{labels.colon} &nbsp; &nbsp;</font></td>'
        f'<td><font size=1 face="sans-serif">{value}</font></td></tr>\n'
        for label, value in html_rows(labels, mail, mail.date("full"), "ftcds")
    )
    html = (
        f'<font size=2 face="sans-serif">{breaks(mail.note)}</font><br><br><table width=100%>{cells}</table><hr noshade>'
        f"<br><br><br>{paragraphs(mail.body)}"
    )
    return Rendered("", html, truth_of(mail), composed=True)


def apple_old(mail: Mail) -> Rendered:
    """Apple Mail before 2012: grey Helvetica labels, the date without a comma."""
    labels = mail.language.labels("apple")
    start = mail.language.word("apple_start") or f"{mail.language.word('forwarded')}:"
    head = "".join(
        '<div style="margin-top: 0px; margin-right: 0px; margin-bottom: 0px; margin-left: 0px;"><font face="Helvetica" '
        f'size="3" color="#7F7F7F" style="font: 12.0px Helvetica; color: #7f7f7f"><b>{label}{labels.colon} </b></font>'
        f'<font face="Helvetica" size="3" style="font: 12.0px Helvetica">{value}</font></div>'
        for label, value in html_rows(labels, mail, mail.date("full"), "fdtcs")
    )
    html = (
        f'<html><body style="word-wrap: break-word;">{breaks(mail.note)}<br><div><br><div>{escape(start)}</div>'
        f'<br class="Apple-interchange-newline"><blockquote type="cite">{head}<div style="min-height: 14.0px; "><br>'
        f"</div> {paragraphs(mail.body)}</blockquote></div></body></html>"
    )
    pairs = rows(labels, mail, mail.date("full"), "fdtcs")
    inside = quoted(f"{block(pairs, labels.colon)}\n\n{mail.body}")
    return Rendered(f"{mail.note}\n\n{start}\n\n{inside}\n", html, truth_of(mail), labels.composed)


def gmail_old(mail: Mail) -> Rendered:
    """Gmail before 2019: ten dashes on both sides, no gmail_attr, <b class="gmail_sendername">."""
    language = mail.language
    sender = language.word("gmail") or "From"
    colon = language.word("gmail_colon") or language.word("colon") or ":"
    dashes = "---------- Forwarded message ----------"
    people = f"To: {listed(mail.to)}\n" + (f"Cc: {listed(mail.cc)}\n" if mail.cc else "")
    text = (
        f"{mail.note}\n{dashes}\n{sender}{colon} {mail.sender.name} <{mail.sender.address}>\nDate: {mail.date('gmail')}\n"
        f"Subject: {mail.subject}\n{people}\n\n{mail.body}\n"
    )
    linked = f"To: {', '.join(map(link, mail.to))}<br>" + (
        f"Cc: {', '.join(map(link, mail.cc))}<br>" if mail.cc else ""
    )
    html = (
        f'<div dir="ltr">{breaks(mail.note)}<br><div class="gmail_quote">{dashes}<br>{sender}{colon} '
        f'<b class="gmail_sendername">{escape(mail.sender.name)}</b> <span dir="ltr">&lt;<a href="mailto:'
        f'{mail.sender.address}">{mail.sender.address}</a>&gt;</span><br>Date: {escape(mail.date("gmail"))}<br>'
        f"Subject: {escape(mail.subject)}<br>{linked}<br><br>{paragraphs(mail.body)}</div><br></div>"
    )
    return Rendered(text, html, truth_of(mail), not language.word("gmail"))


def sogo(mail: Mail) -> Rendered:
    """SOGo, SnappyMail and other webmail: a run of bold lines in one <p>, nothing else to hold on to."""
    labels = mail.language.labels("sogo")
    dashes = f"-------- {mail.language.word('original')} --------"
    lines = "<br/>\n".join(
        f"<strong>{label}</strong>{labels.colon} {value}"
        for label, value in html_rows(labels, mail, mail.date("full"), "sdftc")
    )
    html = f"<p>{breaks(mail.note)}</p><p>{dashes}<br/>\n{lines}</p><p>{breaks(mail.body)}</p>"
    pairs = rows(labels, mail, mail.date("full"), "sdftc")
    return Rendered(
        f"{mail.note}\n\n{dashes}\n{block(pairs, labels.colon)}\n\n\n{mail.body}\n",
        html,
        truth_of(mail),
        composed=True,
    )


def thunderbird_compact(mail: Mail) -> Rendered:
    """Thunderbird's HTML as its own plain text: labels padded with blanks, addresses once more as mailto."""
    labels, word = mail.language.labels("thunderbird"), mail.language.separator("thunderbird")
    pairs = rows(labels, mail, mail.rfc_date(), "sdftc")
    width = max(len(label) for label, _ in pairs) + 2
    head = "\n".join(f"{label + labels.colon:<{width}}{value}" for label, value in pairs)
    for person in {mail.sender, *mail.to, *mail.cc}:
        head = head.replace(f"<{person.address}>", f"<{person.address}> <mailto:{person.address}>")
    text = f"{mail.note}\n\n-------- {word} --------\n{head}\n\n{mail.body}\n"
    return Rendered(text, "", truth_of(mail), labels.composed)


MAKES: dict[str, Callable[[Mail], Rendered]] = {
    made.__name__: made
    for made in (
        outlook_2003, outlook_express, outlook_web_named, notes_html, apple_old, gmail_old, sogo, thunderbird_compact,
    )
}  # fmt: skip
