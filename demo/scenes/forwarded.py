"""Mail from contacts that a user forwards: every client's way, and a colleague who forwards the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm_logger.core.model import Flag, Reason
from demo.cast import ANN, ANN_CONNECTED, CARL, DORA, FAY, GRETA, HANNA, JUERGEN
from demo.mails import forwards
from demo.mails.clients import (
    APPLE_MAIL,
    GMAIL,
    IPHONE,
    OUTLOOK,
    OUTLOOK_WEB,
    THUNDERBIRD,
    YAHOO,
    Client,
    Letter,
    compose,
    digest,
    rich,
)
from demo.mails.forwards import Original
from demo.mails.mime import Body, File, Someone, body_entity, date_field, header_lines, mail_entity, multipart
from demo.scene import Scene, at, scene

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from demo.scene import Addresses


class Told(NamedTuple):
    """A forward in short: who forwards what with which client, and the note above it."""

    title: str
    client: Client
    block: Callable[[Original, str], Body]
    by: Someone
    original: Original
    note: str
    when: datetime


ANSWER = Original(
    CARL,
    [ANN],
    "Re: Offer 4711: two espresso machines",
    at(3, "09:12"),
    "Dear Ann,\n\nthank you, the price is fine. Could the second machine go to our branch in Graz?\n\nCarl\n\n"
    "On Mon, 2 Mar 2026 at 08:58, Ann Archer <ann@acme.test> wrote:\n"
    "> as discussed, the offer for two espresso machines and a grinder is attached.",
    [FAY],
)
BREAKFAST = Original(
    GRETA,
    [ANN],
    "RE: Your new breakfast bar",
    at(3, "09:55"),
    "Dear Ann,\n\nEaster would be wonderful. May I see the wood first?\n\nGreta Gold\nGold Hotel",
)
FILTER = Original(
    DORA,
    [FAY],
    "Water filter",
    at(3, "10:48"),
    "Hello Fay,\n\nwhich filter fits the new machines?\n\nDora",
    [CARL],
)
BAKERY = Original(
    HANNA,
    [ANN],
    "A machine for our bakery",
    at(3, "12:11"),
    "Good morning,\n\nCarl told us about you. Do you lease as well?\n\nHanna Holm, Holm Bakery",
)
GASKETS = Original(
    JUERGEN,
    [FAY],
    "Spare parts",
    at(3, "13:20"),
    "Hello,\n\nI need four gaskets for a 2019 model.\n\nJürgen Groß",
)
TASTING = Original(
    CARL,
    [ANN_CONNECTED],
    "Re: Tasting next week?",
    at(3, "13:58"),
    "Tuesday at ten is perfect. There will be three of us.\n\nCarl",
)
INVOICES = Original(
    DORA,
    [ANN],
    "Invoice address",
    at(3, "16:22"),
    "Hello Ann,\n\nplease send invoices to the head office.\n\nDora",
)
WOOD = Original(GRETA, [ANN], "Which wood?", at(3, "15:40"), "Oak it is, then.\n\nGreta")

STORIES = (
    Told("Forwarded with Gmail", GMAIL, forwards.gmail, ANN, ANSWER, "He takes both!", at(3, "09:30")),
    Told(
        "Forwarded with Outlook",
        OUTLOOK,
        forwards.outlook,
        ANN,
        BREAKFAST,
        "Samples, please.",
        at(3, "10:15"),
    ),
    Told(
        "With Outlook on the web",
        OUTLOOK_WEB,
        forwards.outlook_web,
        FAY,
        FILTER,
        "I answer her.",
        at(3, "11:02"),
    ),
    Told(
        "With Apple Mail",
        APPLE_MAIL,
        forwards.apple_mail,
        ANN,
        BAKERY,
        "A lead, through Carl.",
        at(3, "12:30"),
    ),
    Told(
        "With Thunderbird", THUNDERBIRD, forwards.thunderbird, FAY, GASKETS, "Gus knew him.", at(3, "13:45")
    ),
    Told("With Yahoo", YAHOO, forwards.yahoo, ANN_CONNECTED, TASTING, "Tuesday it is.", at(3, "14:10")),
    Told("Forwarded from a phone", IPHONE, forwards.iphone, ANN, INVOICES, "For the books", at(3, "16:40")),
)
TOO = Told(
    "Fay forwards the same mail", OUTLOOK, forwards.outlook, FAY, ANSWER, "Graz is mine.", at(3, "09:41")
)
WRONG = Told("A forward to the BCC address", GMAIL, forwards.gmail, ANN, WOOD, "Oak.", at(3, "16:05"))


def forwarded(log: Addresses) -> list[Scene]:
    """Each is logged as a mail received from the person who wrote it."""
    return [
        *(scene(told.title, _mail(told, log.forward), log.forward, Reason.LOGGED) for told in STORIES),
        scene(TOO.title, _mail(TOO, log.forward), log.forward, Reason.DUPLICATE),
        scene(WRONG.title, _mail(WRONG, log.bcc), log.bcc, Reason.LOGGED)._replace(flag=Flag.WRONG_ADDRESS),
        _as_attachment(log),
        _redirected(log),
    ]


def _mail(told: Told, to: str) -> bytes:
    prefix = "FW" if told.client in {OUTLOOK, OUTLOOK_WEB} else "Fwd"
    body = told.block(told.original, told.note)
    return compose(
        told.client, Letter(told.by, [Someone("", to)], f"{prefix}: {told.original.subject}", told.when, body)
    )


PHOTO = File(
    "counter.jpg", "image/jpeg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(range(256)) * 6 + b"\xff\xd9"
)
COUNTER = Letter(
    CARL,
    [ANN],
    "Photos of the counter",
    at(3, "14:52"),
    rich("Dear Ann,\n\nthis is the counter; it is 60 cm deep.\n\nCarl"),
    files=[PHOTO],
)
ORDER = Letter(
    CARL, [ANN], "Order confirmed", at(4, "16:03"), rich("Dear Ann,\n\nwe order both machines.\n\nCarl")
)


def _as_attachment(log: Addresses) -> Scene:
    outer = Letter(
        ANN, [Someone("", log.forward)], "Fwd: Photos of the counter", at(3, "15:20"), Body("It fits.")
    )
    boundary = THUNDERBIRD.boundary.format(x=digest(outer))
    attached = mail_entity(compose(GMAIL, COUNTER), "Photos of the counter.eml")
    entity = multipart("mixed", boundary, [body_entity(outer.body, boundary), attached])
    return scene("Forwarded as attachment", compose(THUNDERBIRD, outer, entity), log.forward, Reason.LOGGED)


def _redirected(log: Addresses) -> Scene:
    """The mail itself travels on, under Resent- fields (RFC 5322 §3.6.6)."""
    when = at(4, "16:20")
    fields = [
        ("Resent-From", f"{ANN.name} <{ANN.address}>"),
        ("Resent-To", log.forward),
        ("Resent-Date", date_field(when)),
        ("Resent-Message-Id", "<5C1A77AF-4F0C-4D2B-9E0F-A1B2C3D4E5F6@acme.test>"),
    ]
    mail = header_lines(fields).encode("ascii") + compose(GMAIL, ORDER)
    return scene("Redirected by Ann", mail, log.forward, Reason.LOGGED, arrived=when)
