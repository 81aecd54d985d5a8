"""Mail that a user writes with the BCC address on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_logger.core.model import Flag, Reason
from demo.cast import ANN, ANN_ALIAS, ANN_CONNECTED, CARL, DORA, GRETA, LAWYER
from demo.mails.clients import GMAIL, IPHONE, OUTLOOK, THUNDERBIRD, Letter, compose, rich
from demo.mails.mime import Body, File, Someone
from demo.scene import Scene, at, scene

if TYPE_CHECKING:
    from demo.scene import Addresses

OFFER_PDF = File("offer-4711.pdf", "application/pdf", b"%PDF-1.4\n% Two machines, one grinder\n%%EOF\n" * 8)

OFFER = Letter(
    ANN,
    [CARL],
    "Offer 4711: two espresso machines",
    at(2, "08:58"),
    Body(
        "Dear Carl,\n\nas discussed, the offer for two espresso machines and a grinder is attached.\n"
        "It holds until the end of March; delivery takes ten days.\n\nBest regards\nAnn"
    ),
    [DORA],
    [OFFER_PDF],
)

PHONE = Letter(
    ANN,
    [CARL],
    "The grinder",
    at(2, "10:21"),
    Body(
        html='<html><body dir="auto">It is a quiet one.<br><br><div dir="ltr">Sent from my iPhone</div></body></html>'
    ),
)

ALIAS = Letter(
    ANN_ALIAS,
    [GRETA],
    "Your new breakfast bar",
    at(2, "11:40"),
    rich("Dear Greta,\n\nwelcome! The bar for the hotel can be ready by Easter.\n\nAnn"),
)

CONNECTED = Letter(
    ANN_CONNECTED,
    [CARL],
    "Tasting next week?",
    at(2, "14:05"),
    rich("Hi Carl,\n\nwould Tuesday the 10th at ten suit you and Dora?\n\nAnn (from home)"),
)

CONTRACT = Letter(
    ANN,
    [CARL],
    "The contract",
    at(4, "10:30"),
    rich("Dear Carl,\n\nLena has looked at it, and we may sign.\n\nAnn"),
    [LAWYER],
)


def sent(log: Addresses) -> list[Scene]:
    """From every client and address that Ann has: each mail is logged for the people on To and Cc."""
    offer = compose(THUNDERBIRD, OFFER)
    again = at(2, "08:59")
    return [
        scene("An offer with a PDF, the log address on Bcc", offer, log.bcc, Reason.LOGGED),
        scene("The server delivers the offer again", offer, log.bcc, Reason.DUPLICATE, arrived=again),
        scene("Four words from a phone", compose(IPHONE, PHONE), log.bcc, Reason.LOGGED),
        scene("From Ann's alias", compose(OUTLOOK, ALIAS), log.bcc, Reason.LOGGED),
        scene("From Ann's connected address", compose(GMAIL, CONNECTED), log.bcc, Reason.LOGGED),
        scene("A lawyer on Cc who is never logged", compose(OUTLOOK, CONTRACT), log.bcc, Reason.LOGGED),
        _exposed(log),
    ]


def _exposed(log: Addresses) -> Scene:
    body = rich("Dear Greta,\n\nwhen may our fitters come in?\n\nAnn")
    letter = Letter(ANN, [GRETA], "Opening hours", at(4, "09:00"), body, [Someone("", log.bcc)])
    seen_by_all = scene(
        "The log address on Cc, for all to see", compose(GMAIL, letter), log.bcc, Reason.LOGGED
    )
    return seen_by_all._replace(flag=Flag.ADDRESS_EXPOSED)
