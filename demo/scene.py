"""What a scene of the demo's week is: one mail as it lies in the mailbox, and what must become of it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, NamedTuple

from demo.mails.border import delivered

if TYPE_CHECKING:
    from crm_logger.core.model import Flag, Reason

CET = timezone(timedelta(hours=1), "CET")


class Addresses(NamedTuple):
    """The log addresses of one run, and some that lead nowhere."""

    bcc: str
    forward: str
    revoked: str
    unknown: str
    nobody: str


class Scene(NamedTuple):
    """A mail, and the reason and flag that its receipt must carry."""

    title: str
    arrived: datetime
    raw: bytes
    reason: Reason
    flag: Flag | None = None


def at(day: int, clock: str) -> datetime:
    """A time in the first week of March 2026; the 2nd is a Monday."""
    hour, minute = clock.split(":")
    return datetime(2026, 3, day, int(hour), int(minute), 12, tzinfo=CET)


def scene(
    title: str, mail: bytes, recipient: str, reason: Reason, *, arrived: datetime | None = None
) -> Scene:
    """A mail delivered to one recipient, at once where `arrived` is not told; its envelope's sender is the one in From."""
    sender = _field(mail, "From").split("<")[-1].strip(" >")
    when = arrived or parsedate_to_datetime(_field(mail, "Date"))
    return Scene(title, when, delivered(mail, recipient, when, sender=sender), reason)


def _field(mail: bytes, name: str) -> str:
    head = mail.split(b"\r\n\r\n", 1)[0].replace(b"\r", b"\n").decode("ascii")
    return next(line for line in head.split("\n") if line.startswith(f"{name}: ")).removeprefix(f"{name}: ")
