"""Mail that is not logged, each for a reason of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_logger.core.model import Reason
from demo.cast import ANN, BOB, CARL, DOCTOR, EVE, FAY, GRETA, GUS, SPAMMER
from demo.mails import automatic, forwards
from demo.mails.border import delivered
from demo.mails.clients import GMAIL, OUTLOOK, Letter, compose, rich
from demo.mails.forwards import Original
from demo.mails.mime import Body, Someone
from demo.scene import Scene, at, scene

if TYPE_CHECKING:
    from datetime import datetime

    from demo.scene import Addresses


def refused(log: Addresses) -> list[Scene]:
    """Nothing is dropped silently: each of them gets a receipt with its reason."""
    return [*_who(log), *_whom(log), *_robots(log), *_forwards(log), *_where(log)]


def _mail(sender: Someone, to: Someone, subject: str, when: datetime, text: str) -> bytes:
    return compose(GMAIL, Letter(sender, [to], subject, when, rich(text)))


def _who(log: Addresses) -> list[Scene]:
    """The sender may not log."""
    bob = _mail(
        BOB, CARL, "Invoice 2026-117", at(2, "15:30"), "Dear Carl,\n\nthe invoice is in your portal.\n\nBob"
    )
    gus = _mail(GUS, CARL, "Good-bye", at(5, "12:30"), "Dear Carl,\n\nit was a pleasure.\n\nGus")
    eve = _mail(
        EVE,
        CARL,
        "Our new bank account",
        at(4, "09:50"),
        "Dear Carl,\n\nplease pay there from now on.\n\nAnn",
    )
    to_all = Letter(
        GRETA,
        [ANN],
        "Re: Opening hours",
        at(4, "09:25"),
        rich("Before seven.\n\nGreta"),
        [Someone("", log.bcc)],
    )
    greta = compose(OUTLOOK, to_all)
    return [
        scene("Bob has no sales access", bob, log.bcc, Reason.NO_SALES_ACCESS),
        scene("Greta answers to all, the exposed log address too", greta, log.bcc, Reason.UNKNOWN_SENDER),
        scene("Eve writes under Ann's name", eve, log.bcc, Reason.UNKNOWN_SENDER),
        scene("Gus has left the company", gus, log.bcc, Reason.INACTIVE_USER),
    ]


def _whom(log: Addresses) -> list[Scene]:
    """Nobody on the mail may be logged."""
    fay = _mail(ANN, FAY, "Lunch", at(2, "16:12"), "Pasta at twelve?")
    doctor = _mail(
        ANN, DOCTOR, "Appointment", at(4, "11:00"), "Could I come on Thursday instead?\n\nAnn Archer"
    )
    return [
        scene("To a colleague only", fay, log.bcc, Reason.INTERNAL_ONLY),
        scene("To the doctor, who is never logged", doctor, log.bcc, Reason.NEVER_LOG),
    ]


def _robots(log: Addresses) -> list[Scene]:
    """Nobody wrote it: a rule in Ann's Outlook puts the BCC address on everything that leaves."""
    away = automatic.out_of_office(ANN, GRETA, at(4, "13:00"))
    letter = automatic.newsletter(ANN, [Someone("Customers", "customers@letter.acme.test")], at(4, "13:05"))
    accepted = automatic.acceptance(ANN, CARL, at(4, "13:30"))
    when = at(4, "14:00")
    bounce = automatic.bounce(Someone("", log.bcc), Someone("", "front.desk@gold.example"), when)
    return [
        scene("An out-of-office answer", away, log.bcc, Reason.AUTO_REPLY),
        scene("The newsletter", letter, log.bcc, Reason.MAILING_LIST),
        scene("An accepted invitation", accepted, log.bcc, Reason.CALENDAR),
        Scene("A bounce", when, delivered(bounce, log.bcc, when, sender=""), Reason.BOUNCE),
    ]


REPLY = Original(
    ANN,
    [CARL],
    "Re: Tasting next week?",
    at(5, "08:55"),
    "Dear Carl,\n\nthree cups more, no problem.\n\nAnn\n\n"
    "On Tue, Mar 3, 2026 at 13:58 Carl Client <carl@client.example> wrote:\n"
    "> Tuesday at ten is perfect. There will be three of us.",
)
NAMES = Original(
    Someone("Carl Client", ""),
    [Someone("Ann Archer", "")],
    "Parking",
    at(5, "09:40"),
    "Is there parking for a van?\n\nCarl",
)


def _forwards(log: Addresses) -> list[Scene]:
    """The forward does not hold what can be logged."""

    def mail(subject: str, clock: str, body: Body) -> bytes:
        return compose(OUTLOOK, Letter(ANN, [Someone("", log.forward)], subject, at(5, clock), body))

    reply = mail(f"Fwd: {REPLY.subject}", "09:10", forwards.gmail(REPLY, "for the file"))
    nothing = mail("Carl's mail", "09:35", Body("Please log yesterday's mail from Carl, thanks!"))
    names = mail("FW: Parking", "10:00", forwards.name_only(NAMES, "see below"))
    return [
        scene("Ann answers, and forwards her own answer", reply, log.forward, Reason.REPLY_THEN_FORWARD),
        scene("A forward that forwards nothing", nothing, log.forward, Reason.NO_FORWARD_FOUND),
        scene("A forward without its writer's address", names, log.forward, Reason.UNCERTAIN),
    ]


def _where(log: Addresses) -> list[Scene]:
    """It came to no log address that is valid, or it is no mail at all."""
    typo = _mail(
        ANN, CARL, "Delivery date", at(5, "10:30"), "Dear Carl,\n\nthe machines arrive on the 16th.\n\nAnn"
    )
    old = _mail(
        ANN, CARL, "Delivery date, again", at(5, "10:45"), "Dear Carl,\n\nthe 16th, in the morning.\n\nAnn"
    )
    spam = _mail(
        SPAMMER, Someone("", log.nobody), "Ten ways to sell more", at(5, "11:00"), "Save your seat now!"
    )
    broken = automatic.broken(ANN, at(5, "11:30"))
    return [
        scene("A log address that never existed", typo, log.unknown, Reason.UNKNOWN_LOG_ADDRESS),
        scene("A log address that was revoked", old, log.revoked, Reason.REVOKED_LOG_ADDRESS),
        scene("Spam to an address that is none of ours", spam, log.nobody, Reason.NO_LOG_ADDRESS),
        scene("A broken mail with two From lines", broken, log.bcc, Reason.MALFORMED_HEADER),
    ]
