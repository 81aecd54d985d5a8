"""Mail that forwards nothing: replies of every make, newsletters, bookings, logs, talk about headers, invitations."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from tests.forwards.desk.cast import ANN, Story, lines, linked
from tests.forwards.desk.frames import MAKES
from tests.forwards.desk.parts import Made, bold, rows, shown
from tests.forwards.desk.words import WORDS, apple_date, long_date, short_date

if TYPE_CHECKING:
    from collections.abc import Callable

REPLYING = ("outlook_desktop", "outlook_spans", "outlook_original", "outlook_mailto", "owa", "new_outlook", "outlook_mobile", "outlook_mac", "windows_mail", "samsung", "k9", "gmx", "open_xchange", "fastmail", "aol", "naver", "roundcube")  # fmt: skip
"""Makes whose replies quote with a block of headers, just as their forwards do."""


def block_reply(make: str, s: Story) -> Made:
    """A reply whose quote has the whole block."""
    return MAKES[make][0](s)


def _quote(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def gmail_reply(s: Story) -> Made:
    line = WORDS[s.language].wrote.format(date=short_date(s.when, s.language), who=shown(s.sender))
    html = f'<div dir="ltr">{lines(s.note)}</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">{linked(line)}<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">{s.html("div")}</blockquote></div>'
    return Made(f"{s.note}\n\n{line}\n\n{_quote(s.text)}", html)


def apple_reply(s: Story) -> Made:
    line = WORDS[s.language].wrote.format(date=apple_date(s.when, s.language), who=shown(s.sender))
    html = f'<html><body>{lines(s.note)}<br><div><blockquote type="cite"><div>{linked(line)}</div><br class="Apple-interchange-newline"><div>{s.html("div")}</div></blockquote></div></body></html>'
    return Made(f"{s.note}\n\n> {line}\n> \n{_quote(s.text)}", html)


def bottom_reply(s: Story) -> Made:
    line = WORDS[s.language].wrote.format(
        date=short_date(s.when, s.language), who=s.sender.name or s.sender.address
    )
    html = f'<div class="moz-cite-prefix">{escape(line)}<br></div><blockquote type="cite" cite="mid:1@x">{s.html("p")}</blockquote>{lines(s.note, "p")}'
    return Made(f"{line}\n{_quote(s.text)}\n\n{s.note}", html)


def inline_reply(s: Story) -> Made:
    line = WORDS[s.language].wrote.format(date=short_date(s.when, s.language), who=shown(s.sender))
    answers = "\n\n".join(f"> {each}\n\nAnswer {n}." for n, each in enumerate(s.body))
    html = f"<div>{linked(line)}</div>" + "".join(
        f"<blockquote type=cite><p>{linked(each)}</p></blockquote><p>Answer {n}.</p>"
        for n, each in enumerate(s.body)
    )
    return Made(f"{line}\n{answers}", html)


def thread_reply(s: Story) -> Made:
    """A reply whose quote is a mail that was itself forwarded: the marker stands inside the quote."""
    inner = MAKES["gmail"][0](s.but(note="Ann, please look at this.", language="en"))
    line = WORDS[s.language].wrote.format(
        date=short_date(s.when, s.language), who="Dora Hill <dora@client.example>"
    )
    html = f'<div dir="ltr">{lines(s.note)}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">{linked(line)}<br></div><blockquote class="gmail_quote">{inner.html}</blockquote></div>'
    return Made(f"{s.note}\n\n{line}\n\n{_quote(inner.text)}", html)


REPLIES: dict[str, Callable[[Story], Made]] = {
    "gmail": gmail_reply, "apple": apple_reply, "bottom": bottom_reply, "inline": inline_reply, "thread": thread_reply,
}  # fmt: skip


def _page(text: str) -> str:
    return "".join(f"<p>{linked(each).replace(chr(10), '<br>')}</p>" for each in text.split("\n\n"))


def _booking(labels: str, *values: str) -> str:
    return "\n".join(f"{label}: {value}" for label, value in zip(labels.split("|"), values, strict=True))


PLAIN: dict[str, tuple[str, str]] = {
    "booking": ("Your trip on March 2", f"Thank you for booking with us.\n\n{_booking('From|To|Date|Passenger|Reference', 'Berlin Hbf', 'Paris Est', 'Monday, March 2, 2026 9:05 AM', 'Ann Smith', 'X7Y8Z9')}\n\nQuestions? Write to help@trains.example."),
    "booking_address": ("Booking confirmation", f"Dear Ann,\n\n{_booking('From|To|Date|Subject', 'London Heathrow (LHR)', 'Munich (MUC)', '2 March 2026 09:05', 'Flight BA948')}\n\nContact: bookings@air.example"),
    "buchung": ("Ihre Buchung", f"Guten Tag,\n\n{_booking('Von|Nach|Datum|An', 'Hamburg', 'Köln', '02.03.2026 09:05', 'ann@acme.test')}\n\nGute Reise"),
    "viaje": ("Su reserva", f"Hola,\n\n{_booking('De|Para|Fecha|Asunto', 'Madrid', 'Sevilla', '2 de marzo de 2026 9:05', 'Reserva 881')}\n\nGracias"),
    "receipt": ("Receipt no. 4711", f"{_booking('From|To|Date|Amount', 'ACME Ltd', 'Client GmbH', '2026-03-02', 'EUR 120.00')}\n\nPaid by card."),
    "parcel": ("Your parcel is on its way", f"{_booking('From|To|Sent|Tracking', 'Shop <orders@shop.example>', 'Ann Smith', 'Monday, March 2, 2026', '00340434')}\n\nFollow it at https://parcel.example/1"),
    "log": ("Mail log of last night", "Hi,\n\nthis is what the server says:\n\nMar  2 09:05:07 mx postfix/smtp[812]: from=<carl@client.example>, to=<ann@acme.test>, status=sent\nMar  2 09:05:08 mx postfix/qmgr[99]: From: carl@client.example To: ann@acme.test Subject: Offer\n\nDoes that help?"),
    "headers": ("Your headers are odd", "Hello Carl,\n\nyour mail had these headers:\n\nFrom: carl@client.example\nTo: ann@acme.test\n\nThe From: line should show your name. Can you mend that?\n\nAnn"),
    "headers_long": ("Broken header", "Carl,\n\nI get:\n\n    From: Carl <carl@client.example>\n    Date: Mon, 2 Mar 2026 09:05:07 +0100\n    X-Mailer: foo\n\nwhat should it be?"),
    "memo": ("Memo", f"{_booking('To|From|Date|Re', 'All staff', 'Ann Smith', 'March 2, 2026', 'Holidays')}\n\nPlease hand in your requests."),
    "minutes": ("Minutes of Thursday", "Hi Carl,\n\nFrom: 10:00\nTo: 11:30\nPresent: Ann, Carl, Dora\n\n1. Offer: Carl writes to dora@client.example.\n2. Date: open\n\nAnn"),
    "shift": ("Shifts", "Date: Monday\nFrom: 8:00\nTo: 16:30\nSubject: cover for Bob\n\nok?"),
    "newsletter": ("News from ACME in March", "NEWS\n\nForward this message to a friend: https://news.example/f?x=1\n\nFrom: the editors\n\nWas this forwarded to you? Subscribe at news@acme.test.\n\nUnsubscribe: https://news.example/u"),
    "offer": ("Offer no. 4711", "Dear Carl,\n\nplease find the offer below.\n\nKind regards\nAnn Smith\nann@acme.test"),
    "short": ("Lunch?", "Tomorrow at 12?"),
    "talk": ("How to forward", 'Carl,\n\nwhen I wrote "forwarded message" I meant: press Forward, then it says\n\n---------- Forwarded message ----------\n\nand you add my address.\n\nAnn'),
    "contact": ("Contact form", f"Somebody filled in the form.\n\n{_booking('Name|Email|Date|Subject|Message', 'Carl Brandt', 'carl@client.example', '2026-03-02 09:05', 'Offer', 'Please call me.')}"),
    "formular": ("Kontaktformular", f"{_booking('Von|E-Mail|Datum|Betreff|Nachricht', 'Carl Brandt', 'carl@client.example', '02.03.2026 09:05', 'Angebot', 'Bitte rufen Sie an.')}"),
    "signature": ("Documents", "Dear Carl,\n\nattached.\n\n-- \nAnn Smith\nTel.: +44 20 7946 0000\nFax: +44 20 7946 0001\nE-Mail: ann@acme.test\nWeb: www.acme.test"),
    "voicemail": ("Voicemail from +49 30 1234567", "You have a new voicemail.\n\nFrom: +49 30 1234567\nTo: Ann Smith\nDate: March 2, 2026 9:05 AM\nLength: 0:42"),
    "fax": ("Fax received", "From: 0301234567\nDate: 02.03.2026 09:05\nTo: 0207946\nPages: 2"),
    "commit": ("[repo] Mend the parser", "commit 1a2b3c\nAuthor: Carl Brandt <carl@client.example>\nDate:   Mon Mar 2 09:05:07 2026 +0100\n\n    Mend the parser"),
    "patch": ("[PATCH] Mend it", "From 1a2b3c4d Mon Sep 17 00:00:00 2001\nFrom: Carl Brandt <carl@client.example>\nDate: Mon, 2 Mar 2026 09:05:07 +0100\nSubject: [PATCH] Mend it\n\n---\n a.py | 2 +-\n 1 file changed"),
    "rule": ("Please set up a rule", 'Hi Bob,\n\nIf From: contains carl@client.example and To: is sales@acme.test, then move it to "Client". The Subject: does not matter.\n\nAnn'),
    "prefix": ("Fwd: Offer", "Carl, as promised.\n\nAnn"),
    "prefix_de": ("WG: Angebot", "Siehe Anhang.\n\nAnn"),
    "meeting": ("Invitation: Offer @ Mon Mar 2, 2026", "You have been invited to the following event.\n\nTitle: Offer\nWhen: Mon Mar 2, 2026 9:05am - 10am\nWho: carl@client.example - organizer, ann@acme.test\nWhere: Room 1"),
    "delegate": ("Accepted: Offer", "Ann Smith has accepted this invitation.\n\nOrganizer: Carl <carl@client.example>\nDate: Monday, March 2, 2026"),
}  # fmt: skip
"""Subject and text of mails that hold lines like headers and are no forwards."""


def plain_mail(name: str, note: str) -> Made:
    text = f"{note}\n\n{PLAIN[name][1]}" if note else PLAIN[name][1]
    return Made(text, f"<html><body>{_page(text)}</body></html>")


def pasted(s: Story) -> Made:
    """A new mail to a contact in which Ann pastes some header lines of another."""
    w = WORDS[s.language]
    found = [(f"{w.sender}:", shown(s.sender)), (f"{w.subject}:", s.subject)]
    text = f"Hello,\n\ndid you get this one?\n\n{found[0][0]} {found[0][1]}\n{found[1][0]} {found[1][1]}\n\nIt came on {long_date(s.when, s.language)}.\n\nAnn"
    return Made(text, _page(text))


def table_of_orders(s: Story) -> Made:
    """A table whose rows look like a header."""
    found = rows(s, long_date(s.when, s.language))
    cells = "".join(f"<tr><td>{escape(value)}</td><td>{n}</td></tr>" for n, (_, value) in enumerate(found))
    return Made(
        "", f"<p>Hello,</p><table>{cells}</table><p>{bold([('Total:', '4')])}</p><p>{escape(ANN.name)}</p>"
    )
