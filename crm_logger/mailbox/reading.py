"""Reading mail: UIDs in ranges, bodies in chunks, large mails in parts; nothing in the folder changes (BODY.PEEK)."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from crm_logger.core.model import RawMail
from crm_logger.mailbox.errors import MailboxAway
from crm_logger.mailbox.memory import GIVEN_UP
from crm_logger.mailbox.partial import fetch_partial

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Sequence

    from crm_logger.mailbox.link import Link
    from crm_logger.mailbox.partial import Limits

RANGE = 10_000
"""UIDs in one SEARCH: 150,000 make a line that imaplib refuses to read."""
WIDEST_RANGE = 8 * RANGE
CHUNK = 100
CHUNK_BYTES = 16 * 1024 * 1024
LISTED = 500
CHUNKS = (CHUNK, 10, 1)
"""Mails fetched at once: after a break fewer, until the one that it breaks at is alone."""

# What Exchange gives instead of a mail it cannot convert.
PLACEHOLDER = b"subject: retrieval using the imap4 protocol failed for the following message"
# What Courier gives instead of a mail that another client removed, until it may say so (RFC 3501 §7.4.1).
REMOVED = (
    b"From: System Administrator <root@localhost>\r\nSubject: message unavailable\r\n\r\n"
    b"This message is no longer available on the server.\r\n"
)


@dataclass(frozen=True, slots=True)
class Unfetched:
    """A mail that the server lists and does not give."""

    uid: int
    why: str


@dataclass(frozen=True, slots=True)
class _Listed:
    uid: int
    size: int
    received_at: datetime


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
    with link.command("looking for mail") as client:
        return list(client.search(["UID", uids]))


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the server tells of a mail without giving it."""

    received_at: datetime | None = None
    subject: str = ""
    sender: str = ""
    size: int = 0


def fetch_mails(
    link: Link, uids: Sequence[int], limits: Limits, suspects: Counter[int]
) -> Iterator[RawMail | Unfetched]:
    """The mails in the order of `uids`, each whole or in parts or Unfetched; a mail that is gone is left out.

    `suspects` counts how often the connection broke while a mail was fetched; it is kept here from one connection to
    the next. So a mail that breaks it every time is found, put off, and the others come.
    """
    fetching = _Fetching(link, limits, suspects)
    for level, group in groupby(uids, key=lambda uid: min(suspects[uid], len(CHUNKS) - 1)):
        some = list(group)
        size = LISTED if level == 0 else CHUNKS[level]
        for start in range(0, len(some), size):
            yield from fetching.fetch(some[start : start + size])


@dataclass(frozen=True, slots=True)
class _Fetching:
    link: Link
    limits: Limits
    suspects: Counter[int]

    def fetch(self, wanted: list[int]) -> Iterator[RawMail | Unfetched]:
        if self.suspects[wanted[0]] >= GIVEN_UP:
            self.suspects[wanted[0]] = GIVEN_UP - 2
            yield Unfetched(wanted[0], "the connection breaks whenever the mail is fetched")
            return
        with self._blamed(wanted, innocent=False):
            listed = _list(self.link, wanted)
        absent = [uid for uid in wanted if uid not in listed]
        for chunk in _chunks([listed[uid] for uid in wanted if uid in listed], self.limits.mail):
            yield from self._chunk(chunk)
        yield from _still_there(self.link, absent)

    @contextmanager
    def _blamed(self, uids: list[int], *, innocent: bool = True) -> Iterator[None]:
        """Remember what was fetched when the connection broke, and forget it of mails that came (`innocent`)."""
        try:
            yield
        except MailboxAway:
            if self.link.broken:
                self.suspects.update(uids)
            raise
        if innocent:
            for uid in uids:
                self.suspects.pop(uid, None)

    def _chunk(self, chunk: list[_Listed]) -> Iterator[RawMail | Unfetched]:
        if chunk[0].size > self.limits.mail:
            yield from (self._one_in_parts(mail) for mail in chunk)
            return
        try:
            bodies = self._bodies(chunk)
        except MailboxAway as error:
            _raise_unless_refused(self.link, error)
            bodies = {}
        for mail in chunk:
            yield from self._checked(mail, bodies.pop(mail.uid, None))

    def _one_in_parts(self, mail: _Listed) -> RawMail | Unfetched:
        try:
            with self._blamed([mail.uid]):
                raw = fetch_partial(self.link, mail.uid, mail.size, self.limits)
        except MailboxAway as error:
            _raise_unless_refused(self.link, error)
            return Unfetched(mail.uid, str(error))
        return RawMail(mail.uid, raw, mail.received_at, mail.size, partial=True)

    def _checked(self, mail: _Listed, raw: bytes | None) -> Iterator[RawMail | Unfetched]:
        """The mail, asked for once more alone if it did not come with the others; nothing if it is gone."""
        if not raw and mail.size:
            try:
                raw = self._bodies([mail]).get(mail.uid)
            except MailboxAway as error:
                _raise_unless_refused(self.link, error)
                yield Unfetched(mail.uid, str(error))
                return
            if not raw:
                yield from _still_there(self.link, [mail.uid])
                return
        if raw == REMOVED:
            yield from _still_there(self.link, [mail.uid])
            return
        if is_placeholder(raw or b""):
            yield Unfetched(mail.uid, "the server gave a placeholder: it could not convert the mail")
            return
        yield RawMail(mail.uid, raw or b"", mail.received_at, mail.size)

    def _bodies(self, chunk: list[_Listed]) -> dict[int, bytes | None]:
        """The mails' bytes; nothing of a chunk in which the server gave more bodies than mails, so that each is asked alone."""
        uids = [mail.uid for mail in chunk]
        with self._blamed(uids):
            answers = _ask(self.link, uids, ["BODY.PEEK[]"], size=sum(mail.size for mail in chunk))
        bodies = {uid: answer.get(b"BODY[]") for uid, answer in answers.items()}
        given = self.link.protocol.literals
        given, kept = list(given), [body for body in bodies.values() if body is not None]
        contradict = len(given) > len(kept) and bool(set(given) - set(kept))
        return {} if contradict else bodies


def _raise_unless_refused(link: Link, error: MailboxAway) -> None:
    """Go on only where the server refused this one command, and neither went away nor asked us to wait."""
    if link.broken or error.retry_after is not None:
        raise error


def fetch_envelope(link: Link, uid: int) -> Envelope:
    """What the server tells of a mail it does not give: each of the two is asked for by itself, and may fail."""
    known: dict[bytes, Any] = {}
    told = None
    try:
        known = _ask(link, [uid], ["RFC822.SIZE", "INTERNALDATE"]).get(uid, {})
        told = _ask(link, [uid], ["ENVELOPE"]).get(uid, {}).get(b"ENVELOPE")
    except MailboxAway as error:
        _raise_unless_refused(link, error)
    received_at, size = known.get(b"INTERNALDATE"), _number(known.get(b"RFC822.SIZE"))
    moment = received_at.astimezone(UTC) if isinstance(received_at, datetime) and received_at.tzinfo else None
    if told is None:
        return Envelope(moment, size=size)
    sender = next((str(address) for address in told.from_ or ()), "")
    return Envelope(moment, (told.subject or b"").decode("utf-8", "replace"), sender, size)


def _list(link: Link, uids: Sequence[int]) -> dict[int, _Listed]:
    answers = _ask(link, uids, ["RFC822.SIZE", "INTERNALDATE"])
    return {
        uid: _Listed(uid, _number(answer.get(b"RFC822.SIZE")), _moment(answer.get(b"INTERNALDATE")))
        for uid, answer in answers.items()
        if b"RFC822.SIZE" in answer
    }


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _moment(value: object) -> datetime:
    """An INTERNALDATE in UTC; now where the server's cannot be read."""
    if isinstance(value, datetime) and value.tzinfo:
        return value.astimezone(UTC)
    return datetime.now(UTC)


def _chunks(listed: Sequence[_Listed], largest: int) -> Iterator[list[_Listed]]:
    """Up to CHUNK mails of together CHUNK_BYTES; a mail over the limit is alone in its chunk."""
    chunk: list[_Listed] = []
    size = 0
    for mail in listed:
        if chunk and (
            len(chunk) == CHUNK or size + mail.size > CHUNK_BYTES or max(mail.size, chunk[-1].size) > largest
        ):
            yield chunk
            chunk, size = [], 0
        chunk.append(mail)
        size += mail.size
    if chunk:
        yield chunk


def is_placeholder(raw: bytes) -> bool:
    """Whether this is what Exchange gives for a mail it cannot convert."""
    header = raw[:65536].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    return any(line.lower().startswith(PLACEHOLDER) for line in header.split(b"\n"))


def _still_there(link: Link, uids: list[int]) -> Iterator[Unfetched]:
    """Those of the mails that were not given though the server lists them; the others were taken away meanwhile."""
    if uids:
        with link.command("asking for what is gone") as client:
            client.noop()  # only now may a server say so (RFC 3501 §7.4.1), and Courier lists the mail until then
        listed = set(_search(link, ",".join(map(str, uids))))
        yield from (
            Unfetched(uid, "the server lists the mail and does not give it") for uid in uids if uid in listed
        )


def _ask(link: Link, uids: Sequence[int], items: list[str], size: int = 0) -> dict[int, dict[bytes, Any]]:
    with link.command("fetching mail", size=size) as client:
        return dict(client.fetch(list(uids), items))
