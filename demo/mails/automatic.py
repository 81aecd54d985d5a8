"""Mail that no person wrote, and mail that is no mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo.mails.clients import OUTLOOK, Letter, compose
from demo.mails.mime import Body, Someone, date_field, header_lines, multipart, text_entity, written

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


def out_of_office(sender: Someone, to: Someone, at: datetime) -> bytes:
    """An answer that Exchange sends while somebody is away (RFC 3834)."""
    marks = (("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "All"))
    body = Body("I am at the trade fair until Friday and read mail in the evening.\n\nAnn")
    return compose(OUTLOOK, Letter(sender, [to], "Automatic reply: Opening hours", at, body, extra=marks))


def newsletter(sender: Someone, to: Sequence[Someone], at: datetime) -> bytes:
    """A letter to many through a list (RFC 2369, RFC 2919)."""
    marks = (
        ("List-Id", "Acme Coffee Letter <letter.acme.test>"),
        ("List-Unsubscribe", "<https://letter.acme.test/off>, <mailto:off@letter.acme.test>"),
        ("Precedence", "bulk"),
    )
    body = Body(
        "Spring is here, and so is our new grinder.\n\nYou get this letter because you are our customer."
    )
    return compose(OUTLOOK, Letter(sender, to, "The Acme Coffee Letter, March", at, body, extra=marks))


def acceptance(sender: Someone, to: Someone, at: datetime) -> bytes:
    """A calendar's answer to an invitation (RFC 5546 §3.2.3)."""
    event = (
        "BEGIN:VCALENDAR\nPRODID:-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN\nVERSION:2.0\nMETHOD:REPLY\n"
        f"BEGIN:VEVENT\nATTENDEE;PARTSTAT=ACCEPTED;CN={sender.name}:mailto:{sender.address}\n"
        f"ORGANIZER:mailto:{to.address}\nUID:4711-tasting@client.example\nDTSTAMP:20260304T113000Z\n"
        "DTSTART:20260310T090000Z\nSUMMARY:Accepted: Tasting\nEND:VEVENT\nEND:VCALENDAR"
    )
    calendar = text_entity(event, "calendar").replace("charset=UTF-8", "charset=UTF-8; method=REPLY", 1)
    entity = multipart("alternative", "----=_NextPart_000_0031_01DC", [text_entity(""), calendar])
    return compose(OUTLOOK, Letter(sender, [to], "Accepted: Tasting", at, Body()), entity)


def bounce(to: Someone, lost: Someone, at: datetime) -> bytes:
    """A delivery status notification as Postfix writes it (RFC 3464)."""
    told = (
        "This is the mail system at host mail.acme.test.\n\nI'm sorry to have to inform you that your message could "
        f"not\nbe delivered to one or more recipients.\n\n<{lost.address}>: host mx.gold.example said: 550 5.1.1 User unknown"
    )
    status = (
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.acme.test\r\n\r\n"
        f"Final-Recipient: rfc822; {lost.address}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    )
    fields = [
        ("Date", date_field(at)),
        ("From", "MAILER-DAEMON@mail.acme.test (Mail Delivery System)"),
        ("Subject", "Undelivered Mail Returned to Sender"),
        ("To", written([to])),
        ("Auto-Submitted", "auto-replied"),
        ("MIME-Version", "1.0"),
        ("Message-ID", "<20260304130001.4A1B2C3D4E5@mail.acme.test>"),
    ]
    report = multipart(
        "report; report-type=delivery-status", "4A1B2C.1772629201/mail", [text_entity(told), status]
    )
    return (header_lines(fields) + report).encode("ascii")


def broken(sender: Someone, at: datetime) -> bytes:
    """What a dying scanner sent: a bare CR hides a second From line, and the body is noise."""
    head = f"From: {sender.address}\rFrom: someone@else.example\r\nDate: {date_field(at)}\r\nSubject: scan\r\n\r\n"
    return head.encode("ascii") + bytes((index * 97 + 13) % 256 for index in range(600))
