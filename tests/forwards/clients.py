"""How the great clients write a forward: Outlook, Gmail, Apple, Thunderbird, Yahoo. One function each."""

from __future__ import annotations

from html import escape

from tests.forwards.sample import Rendered, breaks, paragraphs, truth_of
from tests.forwards.stories import Labels, Mail, Person, quoted, who

RULE = "_" * 32


def signed(mail: Mail) -> str:
    """The note with the user's regards and name below it."""
    return "\n\n".join(filter(None, (mail.note, f"{mail.language.word('regards')}\n{mail.owner.name}")))


def listed(people: tuple[Person, ...], between: str = ", ") -> str:
    """People as a client lists them in text."""
    return between.join(who(person) for person in people)


def link(person: Person) -> str:
    """`Name <address>` in HTML, the address a link."""
    address = escape(person.address)
    anchor = f'&lt;<a href="mailto:{address}">{address}</a>&gt;'
    return f"{escape(person.name, quote=False)} {anchor}".strip()


def links(people: tuple[Person, ...], between: str = ", ") -> str:
    """People as a client lists them in HTML."""
    return between.join(link(person) for person in people)


def rows(labels: Labels, mail: Mail, date: str, order: str, between: str = ", ") -> list[tuple[str, str]]:
    """Label and value of each header line, in the client's order: f, d, t, c, s. No Cc line where there is no Cc."""
    known = {
        "f": (labels.sender, who(mail.sender)),
        "d": (labels.date, date),
        "t": (labels.to, listed(mail.to, between)),
        "c": (labels.cc, listed(mail.cc, between)),
        "s": (labels.subject, mail.subject),
    }
    return [known[key] for key in order if key != "c" or mail.cc]


def html_rows(
    labels: Labels, mail: Mail, date: str, order: str, between: str = ", "
) -> list[tuple[str, str]]:
    """The same for HTML."""
    known = {
        "f": (labels.sender, link(mail.sender)),
        "d": (labels.date, escape(date)),
        "t": (labels.to, links(mail.to, between)),
        "c": (labels.cc, links(mail.cc, between)),
        "s": (labels.subject, escape(mail.subject, quote=False)),
    }
    return [(escape(known[key][0]), known[key][1]) for key in order if key != "c" or mail.cc]


def block(lines: list[tuple[str, str]], colon: str = ":", gap: str = " ") -> str:
    """Header lines as text."""
    return "\n".join(f"{label}{colon}{gap}{value}" for label, value in lines)


def _direction(mail: Mail) -> str:
    return "rtl" if mail.language.right_to_left else "ltr"


def gmail(mail: Mail) -> Rendered:
    """Gmail: From in the user's language, the other labels English in every language; gmail_attr in HTML."""
    language = mail.language
    colon = language.word("gmail_colon") or language.word("colon") or ":"
    sender, date = language.word("gmail") or "From", mail.date("gmail")
    rest = [f"Date: {date}", f"Subject: {mail.subject}", f"To: {listed(mail.to)}"]
    rest += [f"Cc: {listed(mail.cc)}"] if mail.cc else []
    name = f"*{mail.sender.name}*" if mail.moment == 3 else mail.sender.name
    dashes = ("-" * 10 + " Forwarded message ", "-" * 9)
    text = "\n".join(
        [mail.note, "", dashes[0] + dashes[1], f"{sender}{colon} {name} <{mail.sender.address}>", *rest]
    )
    people = [f"To: {links(mail.to)} <br>"] + ([f"Cc: {links(mail.cc)} <br>"] if mail.cc else [])
    address = escape(mail.sender.address)
    html = (
        f'<div dir="{_direction(mail)}"><div dir="{_direction(mail)}">{breaks(mail.note)}</div><br>'
        f'<div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">{"".join(dashes)}<br>'
        f'{sender}{colon} <strong class="gmail_sendername" dir="auto">{escape(mail.sender.name, quote=False)}</strong> '
        f'<span dir="auto">&lt;<a href="mailto:{address}">{address}</a>&gt;</span><br>'
        f"Date: {escape(date)}<br>Subject: {escape(mail.subject, quote=False)}<br>{''.join(people)}</div><br><br>"
        f'<div dir="{_direction(mail)}">{paragraphs(mail.body)}</div></div></div>\n'
    )
    return Rendered(f"{text}\n\n\n{mail.body}\n", html, truth_of(mail), not language.word("gmail"))


def gmail_app(mail: Mail) -> Rendered:
    """Gmail on a phone: the same block, no name on To, the older dashes."""
    bare = mail.but(to=tuple(Person("", person.address) for person in mail.to))
    made = gmail(bare)
    dashes = "---------- Forwarded message ---------"
    text = made.text.replace(dashes, dashes + "-")
    return Rendered(text, made.html.replace(dashes, dashes + "-"), made.truth, made.composed)


def outlook(mail: Mail) -> Rendered:
    """Outlook on Windows: WordSection1, a line above the block, MsoNormal; text without any separator."""
    labels = mail.language.labels("outlook")
    note, date = signed(mail), mail.date("full")
    colon = labels.colon
    text = f"{note}\n\n{block(rows(labels, mail, date, 'fdtcs', '; '), colon)}\n\n{mail.body}\n"
    lines = html_rows(labels, mail, date, "fdtcs", "; ")
    head = "<br>\n".join(f"<b>{label}{colon}</b> {value}" for label, value in lines)
    html = (
        '<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">'
        "<head><style><!-- p.MsoNormal {margin:0cm;font-size:11.0pt;} --></style></head>"
        '<body lang="EN-US" link="#0563C1" vlink="#954F72"><div class="WordSection1">\n'
        + paragraphs(note, "p", ' class="MsoNormal"').replace("<br></p>", "<o:p>&nbsp;</o:p></p>")
        + '<p class="MsoNormal"><o:p>&nbsp;</o:p></p>\n<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;'
        f'padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">{head}<o:p></o:p></p></div></div>\n'
        '<p class="MsoNormal"><o:p>&nbsp;</o:p></p>\n'
        + paragraphs(mail.body, "p", ' class="MsoNormal"').replace("<br></p>", "<o:p>&nbsp;</o:p></p>")
        + "</div></body></html>"
    )
    return Rendered(text, html, truth_of(mail, note=note), labels.composed)


def outlook_original(mail: Mail) -> Rendered:
    """Outlook on Windows, forwarding plain text: -----Original Message----- above the block, names only on To and Cc."""
    labels, word = mail.language.labels("outlook"), mail.language.word("original")
    told = mail.but(to=_names(mail.to), cc=_names(mail.cc))
    note = signed(mail)
    lines = block(rows(labels, told, mail.date("full"), "fdtcs", "; "), labels.colon)
    truth = truth_of(mail, note=note, to=told.to, cc=told.cc)
    return Rendered(f"{note}\n\n-----{word}-----\n{lines}\n\n{mail.body}\n", "", truth, labels.composed)


def _names(people: tuple[Person, ...]) -> tuple[Person, ...]:
    return tuple(Person(person.name, "") if person.name else person for person in people)


def outlook_web(mail: Mail) -> Rendered:
    """Outlook on the web and the new Outlook: appendonsend, a rule, divRplyFwdMsg."""
    labels = mail.language.labels("outlook_web", "outlook")
    note, date, colon = signed(mail), mail.date("full"), labels.colon
    text = f"{note}\n{RULE}\n{block(rows(labels, mail, date, 'fdtcs', '; '), colon)}\n\n{mail.body}\n"
    head = "<br>\n".join(
        f"<b>{label}{colon}</b> {value}" for label, value in html_rows(labels, mail, date, "fdtcs", "; ")
    )
    html = (
        f'<html><head></head><body dir="{_direction(mail)}">\n'
        f'<div class="elementToProof" style="font-family: Aptos, Calibri; font-size: 12pt">{breaks(note)}</div>\n'
        '<div id="appendonsend"></div>\n<hr style="display:inline-block;width:98%" tabindex="-1">\n'
        f'<div id="divRplyFwdMsg" dir="{_direction(mail)}"><font face="Calibri, sans-serif" style="font-size:11pt" '
        f'color="#000000">{head}</font>\n<div>&nbsp;</div>\n</div>\n'
        f'<div dir="{_direction(mail)}">{paragraphs(mail.body)}</div>\n</body></html>'
    )
    return Rendered(text, html, truth_of(mail, note=note), labels.composed)


def outlook_mobile(mail: Mail) -> Rendered:
    """Outlook for iOS and Android: its advertisement below the note, then as on the web."""
    advert = "Get Outlook for iOS<https://aka.ms/o0ukef>"
    made = outlook_web(mail)
    note = f"{made.truth.note}\n\n{advert}"
    text = made.text.replace(made.truth.note, note, 1)
    anchor = (
        '<div id="ms-outlook-mobile-signature">Get <a href="https://aka.ms/o0ukef">Outlook for iOS</a></div>'
    )
    html = made.html.replace(
        '<div id="appendonsend">', anchor + '<div id="mail-editor-reference-message-container">', 1
    )
    html = html.replace("</body>", "</div></body>")
    return Rendered(
        text,
        html,
        made.truth.but(note=note),
        made.composed,
        html_note=note.replace("<https://aka.ms/o0ukef>", ""),
    )


def outlook_mac(mail: Mail) -> Rendered:
    """Outlook for Mac: Date in place of Sent, the colon and a blank inside the bold."""
    labels, note = mail.language.labels("outlook_mac"), signed(mail)
    date = mail.date("yahoo")
    text = f"{note}\n\n{block(rows(labels, mail, date, 'fdtcs'), labels.colon)}\n\n{mail.body}\n"
    lines = html_rows(labels, mail, date, "fdtcs")
    head = "<br>".join(
        f'<b><span style="font-size:12.0pt;color:black">{label}{labels.colon} </span></b>'
        f'<span style="font-size:12.0pt;color:black">{value}</span>'
        for label, value in lines
    )
    html = (
        f'<html><body lang="EN-GB"><div class="WordSection1">{paragraphs(note, "p", " class=MsoNormal")}'
        '<div style="border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
        f'<p class="MsoNormal" style="margin-bottom:12.0pt">{head}</p></div><div>{paragraphs(mail.body, "p")}</div>'
        "</div></body></html>"
    )
    return Rendered(text, html, truth_of(mail, note=note), labels.composed)


def apple(mail: Mail) -> Rendered:
    """Apple Mail: everything quoted with > in text; bold labels in a blockquote in HTML; the zone after the time."""
    labels = mail.language.labels("apple")
    start = mail.language.word("apple_start") or f"{mail.language.word('forwarded')}:"
    date = f"{mail.date('long')} GMT+1"
    note, colon = signed(mail), labels.colon
    inside = f"{block(rows(labels, mail, date, 'fsdtc'), colon)}\n\n{mail.body}"
    text = f"{note}\n\n{quoted(f'{start}{chr(10) * 2}{inside}')}\n"
    if mail.moment == 2:
        text = f"{note}\n\n{start}\n\n{quoted(inside)}\n"
    style = 'style="margin-top: 0px; margin-right: 0px; margin-bottom: 0px; margin-left: 0px;"'
    head = "".join(
        f'<div {style}><span style="font-family: -webkit-system-font, Helvetica Neue; color:rgba(0, 0, 0, 1.0);">'
        f"<b>{label}{colon} </b></span><span>{value}<br></span></div>"
        for label, value in html_rows(labels, mail, date, "fsdtc")
    )
    html = (
        '<html><body style="overflow-wrap: break-word; -webkit-nbsp-mode: space; line-break: after-white-space;">'
        f'{breaks(note)}<br><div><br><blockquote type="cite"><div>{escape(start)}</div>'
        f'<br class="Apple-interchange-newline">{head}<br><div><div>{paragraphs(mail.body)}</div></div></blockquote>'
        "</div><br></body></html>"
    )
    return Rendered(text, html, truth_of(mail, note=note), labels.composed)


def ios(mail: Mail) -> Rendered:
    """Mail on an iPhone: its own order, the date before To, "Sent from my iPhone" above."""
    labels = mail.language.labels("ios", "apple")
    start = mail.language.word("ios_start", "apple_start") or f"{mail.language.word('forwarded')}:"
    note, colon = f"{mail.note}\n\nSent from my iPhone", labels.colon
    date = f"{mail.date('long')} CET"
    inside = f"{block(rows(labels, mail, date, 'fdtcs'), colon)}\n\n{mail.body}"
    text = f"{note}\n\n{start}\n\n{quoted(inside)}\n"
    head = "<br>".join(
        f"<b>{label}{colon}</b> {value}" for label, value in html_rows(labels, mail, date, "fdtcs")
    )
    html = (
        f'<html><body dir="auto">{breaks(mail.note)}<br id="lineBreakAtBeginningOfSignature"><div dir="ltr">'
        f'Sent from my iPhone</div><div dir="ltr"><br>{escape(start)}<br><br></div><blockquote type="cite">'
        f'<div dir="ltr">{head}<br><br></div></blockquote><blockquote type="cite"><div dir="ltr">\ufeff'
        f"{paragraphs(mail.body)}</div></blockquote></body></html>"
    )
    return Rendered(text, html, truth_of(mail, note=note), labels.composed)


def thunderbird(mail: Mail) -> Rendered:
    """Thunderbird: Subject first, a tab after each label, the date as RFC 5322 has it; a table in HTML."""
    labels, word = mail.language.labels("thunderbird"), mail.language.separator("thunderbird")
    dashes, date, colon = f"-------- {word} --------", mail.rfc_date(), labels.colon
    lines = block(rows(labels, mail, date, "sdftc"), colon, " \t")
    text = f"{mail.note}\n\n\n{dashes}\n{lines}\n\n\n\n{mail.body}\n"
    cells = "".join(
        f'<tr><th nowrap="nowrap" valign="BASELINE" align="RIGHT">{label}{colon} </th><td>{value}</td></tr>\n'
        for label, value in html_rows(labels, mail, date, "sdftc")
    )
    html = (
        f'<html><head></head><body>\n<p>{breaks(mail.note)}</p>\n<div class="moz-forward-container"><br>\n<br>\n'
        f'{dashes}\n<table class="moz-email-headers-table" cellspacing="0" cellpadding="0" border="0">\n<tbody>\n{cells}'
        f"</tbody>\n</table>\n<br>\n<br>\n{paragraphs(mail.body, 'p')}\n</div>\n</body></html>"
    )
    return Rendered(text, html, truth_of(mail), labels.composed)


def yahoo(mail: Mail) -> Rendered:
    """Yahoo: the labels of its own; in text all fields in one line at times; yahoo_quoted in HTML."""
    labels, word = mail.language.labels("yahoo", "outlook_web", "outlook"), mail.language.separator("yahoo")
    date, colon = f"{mail.date('yahoo')} GMT+1", labels.colon
    named = mail.but(sender=Person(f'"{mail.sender.name}"', mail.sender.address))
    named = named.but(to=_marked(mail.to), cc=_marked(mail.cc))
    lines = rows(labels, named, date, "ftcds")
    between = "" if mail.moment == 1 else "\n"
    head = between.join(f"{label}{colon} {value}" for label, value in lines)
    text = f"{mail.note}\n\n   ----- {word} ----- {between}{head}\n{mail.body}\n"
    divs = "<br>".join(
        f"<b>{label}{colon}</b> {value}" for label, value in html_rows(labels, named, date, "ftcds")
    )
    html = (
        '<html><head></head><body><div class="ydp1yahoo-style-wrap" style="font-family:Helvetica Neue, sans-serif;">'
        f'<div dir="ltr">{breaks(mail.note)}</div><div><br></div></div><div id="yahoo_quoted_4417" class="yahoo_quoted">'
        f'<div style="font-size:13px;color:#26282a;"><div>----- {word} -----</div><div>{divs}</div><div><br></div>'
        f'<div><div id="yiv77"><div>{paragraphs(mail.body)}</div></div></div></div></div></body></html>'
    )
    return Rendered(text, html, truth_of(mail), labels.composed)


def _marked(people: tuple[Person, ...]) -> tuple[Person, ...]:
    return tuple(Person(f'"{person.name}"' if person.name else "", person.address) for person in people)
