"""What lies in the folder: UIDs in ranges, and what the server tells of a mail without giving it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from crm_logger.mailbox.errors import MailboxAway

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_logger.mailbox.link import Link
    from crm_logger.mailbox.protocol import Sent

RANGE = 10_000
"""UIDs in one SEARCH: 150,000 make a line that imaplib refuses to read."""
WIDEST_RANGE = 8 * RANGE
FEW = 100
"""More single UIDs than this make a command that is longer than the answer to a wide range."""


def uids_above(link: Link, above: int, uidnext: int, also: Sequence[int] = ()) -> list[int]:
    """The UIDs greater than `above`, and those of `also` that are there, ascending.

    `uidnext` as the folder told it; what came later is found too.
    """
    found: set[int] = set()
    wanted = {uid for uid in also if uid <= above}
    if len(wanted) > FEW:
        found.update(uids_above(link, min(wanted) - 1, above))
    singly = wanted if len(wanted) <= FEW else ()
    low, width = above + 1, RANGE
    while low + width < uidnext:
        part = _search(link, f"{low}:{low + width - 1}")
        found.update(part)
        low += width
        # A folder that mail is moved out of has few mails and high UIDs.
        width = min(2 * width, WIDEST_RANGE) if len(part) < width // 2 else RANGE
    found.update(_search(link, ",".join([*map(str, sorted(singly)), f"{low}:*"])))
    # "n:*" names the last mail even if its UID is below n (RFC 3501 §6.4.8).
    return sorted(uid for uid in found if uid > above or uid in wanted)


def _search(link: Link, uids: str) -> list[int]:
    return link.found(begin_search(link, uids))


def begin_search(link: Link, uids: str) -> Sent:
    """Ask which of these UIDs there are, and do not wait for the answer."""
    return link.begin("looking for mail", "UID", "SEARCH", "UID", uids)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the server tells of a mail without giving it."""

    received_at: datetime | None = None
    subject: str = ""
    sender: str = ""
    size: int = 0


def fetch_envelope(link: Link, uid: int) -> Envelope:
    """What the server tells of a mail it does not give: each of the two is asked for by itself, and may fail."""
    known: dict[bytes, Any] = {}
    told = None
    try:
        known = _ask(link, uid, ["RFC822.SIZE", "INTERNALDATE"])
        told = _ask(link, uid, ["ENVELOPE"]).get(b"ENVELOPE")
    except MailboxAway as error:
        link.raise_unless_refused(error)
    received_at, size = moment(known.get(b"INTERNALDATE")), number(known.get(b"RFC822.SIZE"))
    if told is None:
        return Envelope(received_at, size=size)
    sender = next((str(address) for address in told.from_ or ()), "")
    return Envelope(received_at, (told.subject or b"").decode("utf-8", "replace"), sender, size)


def moment(value: object) -> datetime | None:
    """What should be an INTERNALDATE, in UTC; None where it is none, as with a zone of 99 hours."""
    if isinstance(value, datetime) and value.tzinfo:
        with suppress(ValueError, OverflowError):
            return value.astimezone(UTC)
    return None


def number(value: object) -> int:
    """What should be a number; 0 where it is none."""
    return value if isinstance(value, int) else 0


def not_gone(link: Link, uids: Sequence[int]) -> list[int]:
    """Those of the mails that the folder still has."""
    link.noop("asking what is gone")  # only now may a server say so, and Courier lists the mail until then
    # Not begun together: Dovecot would tell what is new once both are done.
    listed = set(_search(link, ",".join(map(str, uids))))
    return [uid for uid in uids if uid in listed]


def _ask(link: Link, uid: int, items: list[str]) -> dict[bytes, Any]:
    with link.command("asking about a mail") as client:
        return dict(client.fetch([uid], items).get(uid, {}))
