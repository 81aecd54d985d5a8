"""How the smaller clients write a forward: webmail, phones, the programs of old. One function each."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from tests.forwards.clients import block, html_rows, listed, rows
from tests.forwards.sample import Rendered, Truth, breaks, paragraphs, truth_of
from tests.forwards.stories import Mail, Person, quoted, who

if TYPE_CHECKING:
    from tests.forwards.stories import Labels

_EN_MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905 -- reads better
_EN_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _english_day(mail: Mail) -> str:
    return f"{_EN_DAYS[mail.wall.weekday()]}, {_EN_MONTHS[mail.wall.month - 1]} {mail.wall.day:02}, {mail.wall.year}"


def _clock(mail: Mail, *, seconds: bool = False) -> str:
    wall = mail.wall
    tail = f":{wall.second:02}" if seconds else ""
    return f"{(wall.hour - 1) % 12 + 1}:{wall.minute:02}{tail} {'AM' if wall.hour < 12 else 'PM'}"


def _in_marks(mail: Mail) -> Mail:
    """Names in quotation marks, as many clients copy them from the header."""

    def mark(person: Person) -> Person:
        return Person(f'"{person.name}"' if person.name else "", person.address)

    return mail.but(sender=mark(mail.sender), to=tuple(map(mark, mail.to)), cc=tuple(map(mark, mail.cc)))


def _bold(labels: Labels, mail: Mail, date: str, order: str, between: str = ", ") -> str:
    lines = html_rows(labels, mail, date, order, between)
    return "<br>\n".join(f"<b>{label}{labels.colon}</b> {value}" for label, value in lines)


def _day_first(mail: Mail) -> Truth:
    """A language whose countries differ cannot tell 3/2 from 2/3: such a date is not asked for."""
    unclear = mail.language.code in {"en", "or"} and mail.wall.day <= 12
    return truth_of(mail, unknown=frozenset({"date"} if unclear else ()))


def samsung(mail: Mail) -> Rendered:
    """Samsung Email on Android."""
    labels = mail.language.labels("samsung")
    dashes, date = f"-------- {mail.language.word('original')} --------", f"{mail.date('short')} (GMT+01:00)"
    head = block(rows(labels, mail, date, "fdtcs"), labels.colon)
    html = (
        f'<html><body dir="auto"><div dir="auto">{breaks(mail.note)}</div><div><br></div><div align="left" dir="auto" '
        f'style="font-size:100%;color:#000000"><div>{dashes}</div><div>'
        + "</div><div>".join(
            f"{label}{labels.colon} {value} " for label, value in html_rows(labels, mail, date, "fdtcs")
        )
        + f"</div><div><br></div></div>{paragraphs(mail.body)}</body></html>"
    )
    return Rendered(
        f"{mail.note}\n\n{dashes}\n{head}\n\n{mail.body}\n", html, _day_first(mail), composed=True
    )


def zimbra(mail: Mail) -> Rendered:
    """Zimbra: the rule with the id zwchr, bold labels in a blockquote."""
    labels, told = mail.language.labels("zimbra", "outlook_web", "outlook"), _in_marks(mail)
    dashes, date = f"----- {mail.language.word('forwarded')} -----", mail.date("full")
    head = block(rows(labels, told, date, "ftcds"), labels.colon)
    html = (
        f'<html><body><div style="font-family: arial, helvetica, sans-serif">{breaks(mail.note)}<div><br></div>'
        '<hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__"><blockquote style="border-left:2px '
        f'solid #1010FF;margin-left:5px;padding-left:5px;">{_bold(labels, told, date, "ftcds")}<br></blockquote></div>'
        '<div data-marker="__QUOTED_TEXT__"><blockquote style="border-left:2px solid #1010FF;margin-left:5px;">'
        f"{paragraphs(mail.body)}</blockquote></div></div></body></html>"
    )
    return Rendered(f"{mail.note}\n\n{dashes}\n{head}\n\n{mail.body}\n", html, truth_of(mail), composed=True)


def roundcube(mail: Mail) -> Rendered:
    """Roundcube: the date as ISO has it; a bare table in HTML."""
    labels = mail.language.labels("roundcube")
    dashes, date = f"-------- {mail.language.word('original')} --------", f"{mail.wall:%Y-%m-%d %H:%M}"
    head = block(rows(labels, mail, date, "sdftc"), labels.colon)
    cells = "".join(
        f'<tr><th align="right" nowrap="nowrap" valign="baseline">{label}{labels.colon} </th><td>{value}</td></tr>'
        for label, value in html_rows(labels, mail, date, "sdftc")
    )
    html = (
        f"<html><body style='font-size: 10pt; font-family: Verdana,Geneva,sans-serif'><p>{breaks(mail.note)}</p>\n"
        f'<p id="forwardbody1">{dashes}</p>\n<table border="0" cellspacing="0" cellpadding="0"><tbody>{cells}</tbody>'
        f"</table>\n<p><br></p>\n<div id='forwardbody1'>{paragraphs(mail.body, 'p')}</div></body></html>"
    )
    return Rendered(f"{mail.note}\n\n{dashes}\n{head}\n\n{mail.body}\n", html, truth_of(mail), composed=True)


def notes(mail: Mail) -> Rendered:
    """Lotus Notes: who forwarded it and when, then fields in columns."""
    labels = mail.language.labels("notes")
    first = f"----- {mail.language.word('forwarded')}: {mail.owner.name}/ACME, {mail.wall:%d.%m.%Y} -----"
    if mail.language.code == "en":
        first = f"----- Forwarded by {mail.owner.name}/ACME on 05/18/2026 10:00 AM -----"
    pairs = rows(labels, mail, mail.date("short"), "ftcds")
    head = "\n".join(f"{label}{labels.colon}\t{value}" for label, value in pairs)
    return Rendered(
        f"{mail.note}\n\n{first}\n\n{head}\n\n\n\n{mail.body}\n", "", _day_first(mail), composed=True
    )


def proton(mail: Mail) -> Rendered:
    """Proton Mail: the words English in the early versions, the body a quote."""
    labels = mail.language.labels("proton")
    dashes = f"------- {mail.language.word('forwarded')} -------"
    date = f"On {_english_day(mail)} at {_clock(mail)}" if mail.language.code == "en" else mail.date("yahoo")
    head = block(rows(labels, mail, date, "fdstc"), labels.colon)
    lines = "<br>\n".join(
        f"{label}{labels.colon} {value}" for label, value in html_rows(labels, mail, date, "fdstc")
    )
    html = (
        f'<div style="font-family: Arial, sans-serif; font-size: 14px;">{breaks(mail.note)}</div>'
        f'<div class="protonmail_quote">\n{dashes}<br>\n{lines}<br>\n<br>\n'
        f'<blockquote class="protonmail_quote" type="cite">\n{paragraphs(mail.body)}\n</blockquote><br>\n</div>'
    )
    return Rendered(
        f"{mail.note}\n\n{dashes}\n{head}\n\n\n{quoted(mail.body)}\n", html, truth_of(mail), composed=True
    )


def em_client(mail: Mail) -> Rendered:
    """eM Client."""
    labels, told = mail.language.labels("em_client"), _in_marks(mail)
    dashes = f"------ {mail.language.word('forwarded')} ------"
    date = mail.date("full")
    head = block(rows(labels, told, date, "ftcds"), labels.colon)
    html = (
        f"<html><body><div>{breaks(mail.note)}</div><div><br></div><div>{dashes}</div>\n<div>"
        + "</div>\n<div>".join(
            f"{label}{labels.colon} {value}" for label, value in html_rows(labels, told, date, "ftcds")
        )
        + f'</div><div><br></div>\n<div id="x44"><blockquote cite="1@client.example" type="cite" class="cite2">'
        f"{paragraphs(mail.body)}</blockquote></div></body></html>"
    )
    return Rendered(f"{mail.note}\n\n{dashes}\n{head}\n\n{mail.body}\n", html, truth_of(mail), composed=True)


def the_bat(mail: Mail) -> Rendered:
    """The Bat!: cutting lines above and below the original's text."""
    labels = mail.language.labels("the_bat")
    word, date = mail.language.word("original"), mail.date("yahoo")
    head = block(rows(labels, mail, date, "ftcds"), labels.colon)
    top, end = f"===8<=============={word}===============", f"===8<==========={word}==========="
    first = "This is a forwarded message" if mail.language.code == "en" else mail.language.word("forwarded")
    text = f"{mail.note}\n\n{first}\n{head}\n\n{top}\n{mail.body}\n\n{end}\n"
    return Rendered(text, "", truth_of(mail), composed=True)


def evolution(mail: Mail) -> Rendered:
    """Evolution: From first, the date as RFC 5322 has it."""
    labels = mail.language.labels("evolution", "thunderbird")
    dashes = f"-------- {mail.language.word('forwarded')} --------"
    head = block(rows(labels, mail, mail.rfc_date(), "ftcsd"), labels.colon)
    lines = "".join(
        f"<div><b>{label}</b>{labels.colon} {value}</div>\n"
        for label, value in html_rows(labels, mail, mail.rfc_date(), "ftcsd")
    )
    html = (
        f"<html><head></head><body><div>{breaks(mail.note)}</div><div><br></div>"
        f'<div class="-x-evo-paragraph">{dashes}</div>{lines}<div><br></div>{paragraphs(mail.body)}</body></html>'
    )
    return Rendered(f"{mail.note}\n\n{dashes}\n{head}\n\n{mail.body}\n", html, truth_of(mail), composed=True)


def kmail(mail: Mail) -> Rendered:
    """KMail: two blanks in its dashes, a line of dashes at the end."""
    labels = mail.language.labels("kmail", "thunderbird")
    dashes = f"----------  {mail.language.word('forwarded')}  ----------"
    head = block(rows(labels, mail, f"{mail.date('yahoo')} CET", "sdftc"), labels.colon)
    text = f"{mail.note}\n\n{dashes}\n\n{head}\n\n{mail.body}\n-----------------------------------------\n"
    return Rendered(text, "", truth_of(mail), composed=True)


def horde(mail: Mail) -> Rendered:
    """Horde: the sender in the dashes, labels flush right, an end line."""
    labels = mail.language.labels("horde")
    word = mail.language.word("forwarded")
    first = f"----- {word}: {who(mail.sender)} -----"
    end = f"----- {word} -----"
    if mail.language.code == "en":
        first, end = (
            f"----- Forwarded message from {who(mail.sender)} -----",
            "----- End forwarded message -----",
        )
    pairs = rows(labels, mail, mail.rfc_date(), "dfstc")
    width = max(len(label) for label, _ in pairs)
    head = "\n".join(f"{label:>{width}}{labels.colon} {value}" for label, value in pairs)
    return Rendered(
        f"{mail.note}\n\n{first}\n{head}\n\n{mail.body}\n\n{end}\n", "", truth_of(mail), composed=True
    )


def mutt(mail: Mail) -> Rendered:
    """Mutt: English in most hands, whatever the mail's language."""
    head = f"Date: {mail.rfc_date()}\nFrom: {who(mail.sender)}\nTo: {listed(mail.to)}\n"
    head += f"Cc: {listed(mail.cc)}\n" if mail.cc else ""
    head += f"Subject: {mail.subject}"
    first, end = f"----- Forwarded message from {who(mail.sender)} -----", "----- End forwarded message -----"
    return Rendered(f"{mail.note}\n\n{first}\n\n{head}\n\n{mail.body}\n\n{end}\n", "", truth_of(mail))


def claws(mail: Mail) -> Rendered:
    """Claws Mail: Apple's words, RFC dates, nothing quoted."""
    labels = mail.language.labels("claws")
    start = "Begin forwarded message" if mail.language.code == "en" else mail.language.word("forwarded")
    head = block(rows(labels, mail, mail.rfc_date(), "dftcs"), labels.colon)
    return Rendered(
        f"{mail.note}\n\n{start}:\n\n{head}\n\n\n{mail.body}\n", "", truth_of(mail), composed=True
    )


def zoho(mail: Mail) -> Rendered:
    """Zoho Mail: equal signs above and below the block."""
    line = "============ Forwarded message ============"
    labels = mail.language.labels("zoho")
    head = block(rows(labels, mail, mail.rfc_date(), "ftcds"), labels.colon)
    html = (
        f'<div style="font-family: Verdana; font-size: 10pt;"><div>{breaks(mail.note)}</div><div class="zmail_extra">'
        f'<div id="Zm-_Id_-Sgn1"></div><br>{line}<br>'
        + "<br>".join(
            f"{label}{labels.colon} {value}"
            for label, value in html_rows(labels, mail, mail.rfc_date(), "ftcds")
        )
        + f"<br>{line}<br></div><div><br></div><blockquote>{paragraphs(mail.body)}</blockquote></div>"
    )
    return Rendered(
        f"{mail.note}\n\n\n{line}\n{head}\n{line}\n\n{mail.body}\n", html, truth_of(mail), composed=True
    )


def squirrel(mail: Mail) -> Rendered:
    """SquirrelMail: long dashes, columns, a closing line below the block."""
    labels = mail.language.labels("squirrel")
    dashes = f" {mail.language.word('original')} ".center(72, "-")
    pairs = rows(labels, _in_marks(mail), mail.date("full"), "sfdtc")
    width = max(len(label) for label, _ in pairs) + 1
    head = "\n".join(f"{label + labels.colon:<{width}} {value}" for label, value in pairs)
    text = f"{mail.note}\n\n{dashes}\n{head}\n{'-' * 74}\n\n{mail.body}\n"
    return Rendered(text, "", truth_of(mail), composed=True)


def open_xchange(mail: Mail) -> Rendered:
    """Open-Xchange, which many providers use."""
    labels = mail.language.labels("open_xchange")
    dashes, date = f"---------- {mail.language.word('original')} ----------", mail.date("yahoo")
    head = block(rows(labels, mail, date, "ftcds"), labels.colon)
    html = (
        f"<!doctype html><html><body><div>{breaks(mail.note)}</div><blockquote type='cite'><div>{dashes}</div><div>"
        + "</div><div>".join(
            f"{label}{labels.colon} {value}" for label, value in html_rows(labels, mail, date, "ftcds")
        )
        + f"</div><div><br></div>{paragraphs(mail.body)}</blockquote></body></html>"
    )
    return Rendered(
        f"{mail.note}\n\n{dashes}\n{head}\n\n\n{mail.body}\n", html, truth_of(mail), composed=True
    )


def mailspring(mail: Mail) -> Rendered:
    """Mailspring and its like: Gmail's dashes, Subject before Date."""
    labels = mail.language.labels("mailspring")
    dashes = f"---------- {mail.language.word('forwarded')} ---------"
    head = block(rows(labels, mail, mail.date("gmail"), "fsdtc"), labels.colon)
    lines = "<br>".join(
        f"{label}{labels.colon} {value}"
        for label, value in html_rows(labels, mail, mail.date("gmail"), "fsdtc")
    )
    html = (
        f'<div>{breaks(mail.note)}</div><br><div class="gmail_quote_attribution">{dashes}</div><br>{lines}<br><br>'
        f'<div class="gmail_quote">{paragraphs(mail.body)}</div>'
    )
    return Rendered(
        f"{mail.note}\n\n{dashes}\n\n{head}\n\n{mail.body}\n", html, truth_of(mail), composed=True
    )


def attribution(mail: Mail) -> Rendered:
    """A client that forwards with an attribution line alone: no To, no subject but the outer one."""
    line = mail.language.word("wrote").format(date=mail.date("gmail"), who=who(mail.sender))
    html = (
        f"<div>{breaks(mail.note)}</div><br><div>{escape(line)}<br></div>"
        f'<blockquote type="cite">{paragraphs(mail.body)}</blockquote>'
    )
    truth = truth_of(mail, to=(), cc=())
    return Rendered(f"{mail.note}\n\n{line}\n\n{quoted(mail.body)}\n", html, truth)


def gmx(mail: Mail) -> Rendered:
    """GMX and web.de: the date first, no separator, a box with a blue edge."""
    labels = mail.language.labels("outlook_web", "outlook")
    date = mail.date("yahoo") + (" Uhr" if mail.language.code == "de" else "")
    told = _in_marks(mail)
    head = block(rows(labels, told, date, "dftcs"), labels.colon)
    bold = "<br>\n".join(
        f"<b>{label}{labels.colon}</b>&nbsp;{value}"
        for label, value in html_rows(labels, told, date, "dftcs")
    )
    html = (
        f'<html><body><div style="font-family: Verdana;font-size: 12.0px;"><div>{breaks(mail.note)}</div>'
        '<div name="quote" style="margin:10px 5px 5px 10px; padding: 10px 0 10px 10px; border-left:2px solid #C3D9E5;">'
        f'<div style="margin:0 0 10px 0;">{bold}</div>\n<div name="quoted-content">{paragraphs(mail.body)}</div>'
        "</div></div></body></html>"
    )
    return Rendered(f"{mail.note}\n\n\n{head}\n\n{mail.body}\n", html, truth_of(mail))
