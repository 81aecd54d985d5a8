"""All other makes: of groupware, of desktops, and of countries."""

from __future__ import annotations

from tests.forwards.desk.cast import Story, lines, linked
from tests.forwards.desk.parts import (
    Made,
    above,
    block,
    bold,
    each,
    english_rows,
    safe,
    shown,
    unbold,
)
from tests.forwards.desk.words import english, long_date, rfc_date


def notes(s: Story) -> Made:
    found = english_rows(
        s,
        "From To Cc Date Subject",
        f"{s.when:%m/%d/%Y %I:%M %p}",
        show=lambda who: shown(who, '"{name}" <{address}>'),
    )
    head = "<br>".join(
        f'<font size=1 color=#5f5f5f face="sans-serif">{label} &nbsp; &nbsp; &nbsp; &nbsp;</font><font size=1 face="sans-serif">{safe(value)}</font>'
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
    head = "".join(f"<div>{label} {safe(value)}</div>" for label, value in found)
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
    head = "".join(f"<div>{label} {safe(value)}</div>" for label, value in found)
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
        f'<span style="color:black"><b>{label}</b>&nbsp;</span>{safe(value)}' for label, value in found
    )
    html = f'<html><head></head><body><div id="bloop_customfont">{lines(s.note)}</div><br><div id="bloop_sign_1"></div><p class="airmail_on">Begin forwarded message:</p><div>{head}<br><br></div><div><blockquote type="cite" class="clean_bq"><span>{s.html("div")}</span></blockquote></div></body></html>'
    return Made("", html)


def mimestream(s: Story) -> Made:
    found = english_rows(s, "From Subject Date To Cc", english(s.when, "{month} {d}, {y} at {clock3} GMT+1"))
    html = f'<html><body>{lines(s.note)}<br><div class="gmail_quote"><blockquote type="cite">Begin forwarded message:<br><br>{bold(found)}<br><br>{s.html("div")}</blockquote></div></body></html>'
    return Made("", html)


def evolution(s: Story) -> Made:
    found = english_rows(s, "From To Cc Subject Date", rfc_date(s.when))
    head = "".join(f"<div><b>{label[:-1]}</b>: {safe(value)}</div>" for label, value in found)
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
        f'<tr valign="top"><td width="96"><font size="2" color="#5F5F5F">{label}</font></td><td width="100%"><font size="2">{safe(value)}</font></td></tr>'
        for label, value in found
    )
    html = f'<div class="socmaildefaultfont" dir="ltr">{lines(s.note)}<div>&nbsp;</div><blockquote data-history-content-modified="1" dir="ltr">----- Forwarded by Ann Smith/ACME on 05/18/2026 10:00 AM -----<br><table border="0">{table}</table><br>{s.html("div")}</blockquote></div>'
    return Made("", html)
