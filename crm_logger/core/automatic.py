"""Mail that no person wrote to be logged: auto-replies, bounces, list mail and calendar answers (R10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .model import Reason

if TYPE_CHECKING:
    from .model import Message

_LIST_PRECEDENCE = frozenset({"list", "bulk", "junk"})
_ANSWERS = frozenset(
    {"reply", "counter", "declinecounter", "refresh"}
)  # RFC 5546 §1.4: an attendee's methods
_DAEMONS = frozenset({"mailer-daemon", "postmaster"})


def automatic(message: Message) -> Reason | None:
    """Return why the outer mail is not a person's, None where it is one; attached mails are not looked at."""
    for reason, holds in _TESTS:
        if holds(message):
            return reason
    return None


def _is_bounce(message: Message) -> bool:
    """RFC 3464: a delivery report; or a daemon's mail with the null return path, which alone proves nothing."""
    if message.report_type == "delivery-status" or message.first("X-Failed-Recipients"):
        return True
    daemon = any(person.address.partition("@")[0] in _DAEMONS for person in message.from_)
    return daemon and message.first("Return-Path").strip() == "<>"


def _is_auto_reply(message: Message) -> bool:
    """RFC 3834 §5, what older answering machines write, and reports such as read receipts (RFC 8098)."""
    submitted = message.first("Auto-Submitted").partition(";")[0].partition("(")[0].strip().lower()
    if submitted not in {"", "no"} or message.report_type:
        return True
    return _precedence(message) == "auto_reply" or any(
        message.first(name) for name in ("X-Autoreply", "X-Autorespond", "X-Autoresponder")
    )


def _is_list_mail(message: Message) -> bool:
    """RFC 2369 and RFC 2919: any List- field; or the Precedence that lists used before."""
    return _precedence(message) in _LIST_PRECEDENCE or any(
        name.startswith("list-") for name in message.names()
    )


def _is_calendar_answer(message: Message) -> bool:
    return message.calendar_method in _ANSWERS


def _precedence(message: Message) -> str:
    return message.first("Precedence").strip().lower()


_TESTS = (
    (Reason.BOUNCE, _is_bounce),
    (Reason.CALENDAR, _is_calendar_answer),
    (Reason.AUTO_REPLY, _is_auto_reply),
    (Reason.MAILING_LIST, _is_list_mail),
)
