"""HTML forwards in the containers of each client."""

from __future__ import annotations

from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING

from tests.forwards.strangers.story import Page, Story, Who

if TYPE_CHECKING:
    from collections.abc import Iterable


def _link(who: Who) -> str:
    return f'<a href="mailto:{who.address}">{who.address}</a>'


def _linked(people: Iterable[Who], glue: str = ", ") -> str:
    return glue.join(f"{escape(who.name)} &lt;{_link(who)}&gt;" for who in people)


def _bare(people: Iterable[Who], glue: str = "; ") -> str:
    return glue.join(f"{escape(who.name)} &lt;{who.address}&gt;" for who in people)


def _paragraphs(s: Story, tag: str = "p") -> str:
    return "".join(f"<{tag}>{escape(part)}</{tag}>\n" for part in s.body)


def _divs(s: Story) -> str:
    return "<div><br></div>".join(f"<div>{escape(part)}</div>" for part in s.body)


def outlook_desktop(s: Story) -> Page:
    """Outlook for Windows: a paragraph below a border."""
    o, c = s.tongue.outlook, s.tongue.clock
    pairs = [
        (o.date, c.moment(s.date)),
        (o.to, _bare(s.to)),
        (o.cc, _bare(s.cc)),
        (o.subject, escape(s.subject)),
    ]
    rows = "<br>\n".join(f"<b>{label}:</b> {value}" for label, value in pairs if value)
    head = f'<b><span style="font-family:Calibri">{o.sender}:</span></b> {_bare([s.sender])} <br>\n{rows}'
    body = "".join(
        f'<p class="MsoNormal">{escape(p)}<o:p></o:p></p>\n<p class="MsoNormal"><o:p>&nbsp;</o:p></p>\n'
        for p in s.body
    )
    return Page(
        html='<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
        f'<p class="MsoNormal">{head}<o:p></o:p></p></div></div>\n<p class="MsoNormal"><o:p>&nbsp;</o:p></p>\n{body}',
        prefix=s.tongue.prefixes[0],
    )


def outlook_web(s: Story) -> Page:
    """Outlook on the web: divRplyFwdMsg."""
    o, c = s.tongue.outlook, s.tongue.clock
    pairs = [
        (o.sender, _bare([s.sender])),
        (o.date, c.moment(s.date)),
        (o.to, _bare(s.to)),
        (o.cc, _bare(s.cc)),
        (o.subject, escape(s.subject)),
    ]
    rows = "<br>".join(f"<b>{label}:</b> {value}" for label, value in pairs if value)
    return Page(
        html='<div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1">'
        f'<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif" style="font-size:11pt" color="#000000">{rows}</font>'
        f"<div>&nbsp;</div></div><div>{_divs(s)}</div>",
        prefix=s.tongue.prefixes[0],
    )


def gmail(s: Story) -> Page:
    """Gmail: gmail_quote with gmail_attr."""
    a, c = s.tongue.plain, s.tongue.clock
    cc = f"Cc: {_linked(s.cc)}<br>" if s.cc else ""
    return Page(
        html='<div class="gmail_quote"><div dir="ltr" class="gmail_attr">---------- Forwarded message ---------<br>'
        f'{a.sender}: <strong class="gmail_sendername" dir="auto">{escape(s.sender.name)}</strong> '
        f'<span dir="auto">&lt;{_link(s.sender)}&gt;</span><br>Date: {c.moment(s.date, "medium")}<br>'
        f'Subject: {escape(s.subject)}<br>To: {_linked(s.to)}<br>{cc}</div><br><br><div dir="ltr">{_divs(s)}</div></div>',
    )


def apple(s: Story) -> Page:
    """Apple Mail: a cited quotation, each row a div."""
    a, c = s.tongue.plain, s.tongue.clock
    pairs = [
        (a.sender, _bare([s.sender])),
        (a.subject, f"<b>{escape(s.subject)}</b>"),
        (a.date, c.moment(s.date, "long") + " GMT+2"),
        (a.to, _bare(s.to, ", ")),
        (a.cc, _bare(s.cc, ", ")),
    ]
    rows = "".join(
        f'<div style="margin: 0px;"><span style="font-family: -webkit-system-font; color:#000;"><b>{label}: </b></span>'
        f'<span style="font-family: -webkit-system-font;">{value}<br></span></div>'
        for label, value in pairs
        if value
    )
    return Page(
        html=f'<div><br><blockquote type="cite"><div>{s.tongue.begin}</div><br class="Apple-interchange-newline">{rows}<br>'
        f"<div><div>{_divs(s)}</div></div></blockquote></div>",
    )


def ios(s: Story) -> Page:
    """iOS Mail: one row of bold labels in a cited quotation."""
    a, c = s.tongue.plain, s.tongue.clock
    pairs = [
        (a.sender, _bare([s.sender])),
        (a.date, c.moment(s.date, "long")),
        (a.to, _bare(s.to, ", ")),
        (a.cc, _bare(s.cc, ", ")),
        (a.subject, f"<b>{escape(s.subject)}</b>"),
    ]
    rows = "<br>".join(f"<b>{label}:</b> {value}" for label, value in pairs if value)
    return Page(
        html=f'<div dir="ltr"><br>{s.tongue.begin}<br><br></div><blockquote type="cite"><div dir="ltr">{rows}<br><br></div></blockquote>'
        f'<blockquote type="cite"><div dir="ltr">{_divs(s)}</div></blockquote>',
    )


def thunderbird(s: Story) -> Page:
    """Thunderbird: a table of headers."""
    a, c = s.tongue.plain, s.tongue.clock
    pairs = [
        (a.subject, escape(s.subject)),
        (a.date, c.write(s.date, f"{c.short} HH:mm")),
        (a.sender, _linked([s.sender])),
        (a.to, _linked(s.to)),
        (a.cc, _linked(s.cc)),
    ]
    rows = "".join(
        f'<tr><th valign="BASELINE" align="RIGHT" nowrap="nowrap">{label}: </th><td>{value}</td></tr>'
        for label, value in pairs
        if value
    )
    return Page(
        html=f'<div class="moz-forward-container"><br><br>-------- {s.tongue.forwarded} --------'
        f'<table class="moz-email-headers-table" cellspacing="0" cellpadding="0" border="0"><tbody>{rows}</tbody></table>'
        f"<br><br>{_paragraphs(s)}</div>",
    )


def yahoo(s: Story) -> Page:
    """Yahoo: yahoo_quoted."""
    o, c = s.tongue.outlook, s.tongue.clock
    pairs = [
        (o.sender, _bare([s.sender])),
        (o.to, _bare(s.to, ", ")),
        (o.cc, _bare(s.cc, ", ")),
        (o.date, c.moment(s.date)),
        (o.subject, escape(s.subject)),
    ]
    rows = "".join(f"<div><b>{label}:</b> {value}</div>" for label, value in pairs if value)
    return Page(
        html=f'<div id="yahoo_quoted_1" class="yahoo_quoted"><div><div>----- {s.tongue.forwarded} -----</div>{rows}'
        f"<div><br></div><div>{_divs(s)}</div></div></div>",
    )


def gmx(s: Story) -> Page:
    """GMX: a quotation with a border on the left."""
    o, c = s.tongue.outlook, s.tongue.clock
    pairs = [
        (o.date, c.moment(s.date)),
        (o.sender, f'"{escape(s.sender.name)}" &lt;{s.sender.address}&gt;'),
        (o.to, _bare(s.to, ", ")),
        (o.cc, _bare(s.cc, ", ")),
        (o.subject, escape(s.subject)),
    ]
    rows = "<br/>".join(f"<b>{label}:</b>&nbsp;{value}" for label, value in pairs if value)
    return Page(
        html='<div name="quote" style="margin:10px 5px 5px 10px; padding: 10px 0 10px 10px; border-left:2px solid #C3D9E5;">'
        f'<div style="margin:0 0 10px 0;">{rows}</div><div name="quoted-content">{_divs(s)}</div></div>',
    )


def roundcube(s: Story) -> Page:
    """Roundcube: a paragraph and a table."""
    a = s.tongue.plain
    pairs = [
        (a.subject, escape(s.subject)),
        (a.date, s.date.strftime("%d.%m.%Y %H:%M")),
        (a.sender, _bare([s.sender])),
        (a.to, _bare(s.to, ", ")),
        (a.cc, _bare(s.cc, ", ")),
    ]
    rows = "".join(
        f'<tr><th align="right" nowrap="nowrap" valign="baseline">{label}:</th><td>{value}</td></tr>'
        for label, value in pairs
        if value
    )
    return Page(
        html=f'<p id="reply-intro">-------- {s.tongue.original} --------</p><table border="0" cellpadding="0" cellspacing="0"><tbody>{rows}'
        f"</tbody></table><p><br></p>{_paragraphs(s)}",
    )


def zoho(s: Story) -> Page:
    """Zoho: the block in a zmail_extra."""
    a = s.tongue.plain
    cc = f"{a.cc}: {_linked(s.cc)}<br>" if s.cc else ""
    line = f"============ {s.tongue.forwarded} ============"
    return Page(
        html=f'<div class="zmail_extra"><div id="Zm-_Id_-Sgn1">{line}<br>{a.sender}: {_linked([s.sender])}<br>{a.to}: {_linked(s.to)}<br>{cc}'
        f"{a.date}: {format_datetime(s.date)}<br>{a.subject}: {escape(s.subject)}<br>{line}<br></div><br><blockquote><div>{_divs(s)}</div>"
        "</blockquote></div>",
    )


def proton(s: Story) -> Page:
    """Proton: protonmail_quote."""
    a, c = s.tongue.plain, s.tongue.clock
    cc = f"{a.cc}: {_linked(s.cc)}<br>" if s.cc else ""
    return Page(
        html=f'<div class="protonmail_quote">------- {s.tongue.forwarded} -------<br>{a.sender}: {_linked([s.sender])}<br>'
        f"{a.date}: {c.moment(s.date)}<br>{a.subject}: {escape(s.subject)}<br>{a.to}: {_linked(s.to)}<br>{cc}<br>"
        f'<blockquote class="protonmail_quote" type="cite">{_divs(s)}</blockquote></div>',
    )


def samsung(s: Story) -> Page:
    """Samsung: rows of divs after a marker."""
    a, c = s.tongue.plain, s.tongue.clock
    pairs = [
        (a.sender, _bare([s.sender])),
        (a.date, c.write(s.date, f"{c.short} HH:mm") + "  (GMT+01:00)"),
        (a.to, _bare(s.to, ", ")),
        (a.cc, _bare(s.cc, ", ")),
        (a.subject, escape(s.subject)),
    ]
    rows = "".join(f"<div>{label}: {value} </div>" for label, value in pairs if value)
    return Page(
        html=f'<div style="font-size:100%;color:#000000"><!-- originalMessage --><div>-------- {s.tongue.original} --------</div>{rows}'
        f"<div><br></div></div>{_divs(s)}",
    )


def qq(s: Story) -> Page:
    """QQ: a grey box of rows."""
    o, c = s.tongue.outlook, s.tongue.clock
    pairs = [
        (o.sender, f'"{escape(s.sender.name)}" &lt;{s.sender.address}&gt;;'),
        (o.date, c.moment(s.date)),
        (o.to, "".join(f'"{escape(who.name)}"&lt;{who.address}&gt;;' for who in s.to)),
        (o.cc, "".join(f'"{escape(who.name)}"&lt;{who.address}&gt;;' for who in s.cc)),
        (o.subject, escape(s.subject)),
    ]
    rows = "".join(f"<div><b>{label}:</b>&nbsp;{value}</div>" for label, value in pairs if value)
    return Page(
        html=f'<div style="font-size: 12px;padding:2px 0;">------------------&nbsp;{s.tongue.original}&nbsp;------------------</div>'
        f'<div style="font-size: 12px;background:#efefef;padding:8px;">{rows}</div><div><br></div>{_divs(s)}',
    )


def kmail(s: Story) -> Page:
    """KMail and Evolution: plain breaks."""
    a, c = s.tongue.plain, s.tongue.clock
    pairs = [
        (a.sender, _bare([s.sender])),
        (a.to, _bare(s.to, ", ")),
        (a.cc, _bare(s.cc, ", ")),
        (a.subject, escape(s.subject)),
        (a.date, c.moment(s.date)),
    ]
    rows = "<br>\n".join(f"<b>{label}</b>: {value}" for label, value in pairs if value)
    return Page(
        html=f"<div>-------- {s.tongue.forwarded} --------</div><div>{rows}</div><div><br></div>{_paragraphs(s)}"
    )
