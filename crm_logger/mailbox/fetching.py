"""Fetching mail: bodies in chunks, the next one under way while one is worked on, large mails in parts; nothing changes (BODY.PEEK)."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any

from crm_logger.core.headers import section_end
from crm_logger.core.model import RawMail
from crm_logger.mailbox.errors import MailboxAway
from crm_logger.mailbox.memory import GIVEN_UP
from crm_logger.mailbox.partial import fetch_partial
from crm_logger.mailbox.reading import moment, not_gone, number

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Iterator, Sequence

    from crm_logger.mailbox.foresight import Foreseen
    from crm_logger.mailbox.link import Link
    from crm_logger.mailbox.partial import Limits
    from crm_logger.mailbox.protocol import Sent

CHUNK, CHUNK_BYTES = 100, 4 * 1024 * 1024
"""So many mails, of so many bytes together, are fetched at once; a larger mail alone, with nothing else under way."""
LISTING = "RFC822.SIZE INTERNALDATE"
AHEAD = 1
"""Chunks under way while one is worked on."""
LISTED = 200
SUSPECTED = (LISTED, 10, 1)
"""Mails listed at once: after a break fewer, until the one that it breaks at is alone."""

# What Exchange gives instead of a mail it cannot convert.
PLACEHOLDER = b"subject: retrieval using the imap4 protocol failed for the following message"
LONGEST_HEADER = 64 * 1024
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
class Listed:
    """What must be known of a mail before it is asked for; its size in bytes."""

    uid: int
    size: int
    received_at: datetime


def fetch_mails(
    link: Link, uids: Iterable[int], limits: Limits, suspects: Counter[int], foreseen: Foreseen
) -> Iterator[RawMail | Unfetched]:
    """The mails in the order of `uids`, each whole or in parts or Unfetched; a mail that is gone is left out.

    Of `uids` so many are taken as are listed at once, before the first of them is asked for. `suspects` counts how often
    the connection broke while a mail was fetched; it is kept here from one connection to the next. So a mail that
    breaks it every time is found, put off, and the others come. What was `foreseen` is not asked for again.
    """
    fetching = _Fetching(link, limits, suspects, foreseen)
    try:
        yield from fetching.mails(uids)
    finally:
        fetching.blame()


@dataclass(frozen=True, slots=True)
class _Fetching:
    link: Link
    limits: Limits
    suspects: Counter[int]
    foreseen: Foreseen
    _ahead: deque[tuple[list[Listed], Sent]] = field(default_factory=deque)

    def mails(self, uids: Iterable[int]) -> Iterator[RawMail | Unfetched]:
        for chunk in self._chunks(uids):
            if isinstance(chunk, Unfetched):
                yield chunk
            elif self._goes_alone(chunk):
                yield from self._arrived(0)
                yield from self._alone(chunk)
            else:
                self._ahead.append((chunk, self._ask_for(chunk)))
                yield from self._arrived(AHEAD)
        yield from self._arrived(0)

    def blame(self) -> None:
        """Where the connection broke: remember what the server was about to give, of all that was under way."""
        under_way = self.link.protocol.under_way
        if self.link.broken and under_way:
            due = next((sent for sent in under_way if not sent.is_told), under_way[0])
            self.suspects.update(due.uids)
            under_way.clear()

    def _chunks(self, uids: Iterable[int]) -> Iterator[list[Listed] | Unfetched]:
        """What to ask for at once; while these come, the mails after them are being listed."""
        portions = self._portions(uids)
        portion, sent = next(portions, None), None
        while portion:
            if self.suspects[portion[0]] >= GIVEN_UP:
                self.suspects[portion[0]] = GIVEN_UP - 2
                yield Unfetched(portion[0], "the connection breaks whenever the mail is fetched")
                portion = next(portions, None)
                continue
            known = self.foreseen.listed_of(portion) or listed(self.link.fetched(sent or self._list(portion)))
            following = next(portions, None)
            calm = following and not self.suspects[portion[0]] and not self.suspects[following[0]]
            sent = self._list(following) if following and calm else None
            yield from cut([known[uid] for uid in portion if uid in known], self.limits.mail)
            yield from self._not_given([uid for uid in portion if uid not in known])
            portion = following

    def _portions(self, uids: Iterable[int]) -> Iterator[list[int]]:
        for level, group in groupby(uids, key=lambda uid: min(self.suspects[uid], len(SUSPECTED) - 1)):
            while portion := list(islice(group, SUSPECTED[level])):
                yield portion

    def _list(self, uids: list[int]) -> Sent:
        return self.link.ask("fetching mail", uids, LISTING)

    def _ask_for(self, chunk: Sequence[Listed]) -> Sent:
        return self.foreseen.bodies_of([mail.uid for mail in chunk]) or ask_for(self.link, chunk)

    def _goes_alone(self, chunk: list[Listed]) -> bool:
        """A mail that broke the connection must be found."""
        return goes_alone(chunk, self.limits.mail) or self.suspects[chunk[0].uid] > 0

    def _arrived(self, ahead: int) -> Iterator[RawMail | Unfetched]:
        """The mails of the oldest chunks, until only so many are under way."""
        while len(self._ahead) > ahead:
            yield from self._come(*self._ahead.popleft())

    def _alone(self, chunk: list[Listed]) -> Iterator[RawMail | Unfetched]:
        if chunk[0].size > self.limits.mail:
            yield from (self._in_parts(mail) for mail in chunk)
        else:
            yield from self._come(chunk, self._ask_for(chunk))

    def _come(self, chunk: list[Listed], sent: Sent) -> Iterator[RawMail | Unfetched]:
        try:
            bodies = self._bodies(sent)
        except MailboxAway as error:
            self.link.raise_unless_refused(error)
            bodies = {}
        for mail in chunk:
            yield from self._checked(mail, bodies.pop(mail.uid, None))

    def _in_parts(self, mail: Listed) -> RawMail | Unfetched:
        try:
            raw = fetch_partial(self.link, mail.uid, mail.size, self.limits)
        except MailboxAway as error:
            if self.link.broken and not self.link.protocol.under_way:
                self.suspects[mail.uid] += 1
            self.link.raise_unless_refused(error)
            return Unfetched(mail.uid, str(error))
        self.suspects.pop(mail.uid, None)
        return RawMail(mail.uid, raw, mail.received_at, mail.size, partial=True)

    def _checked(self, mail: Listed, raw: bytes | None) -> Iterator[RawMail | Unfetched]:
        """The mail, asked for once more alone if it did not come with the others; nothing if it is gone."""
        if raw is None or (not raw and mail.size):  # some servers tell a size of 0 of what they cannot give
            try:
                raw = self._bodies(self._ask_for([mail])).get(mail.uid)
            except MailboxAway as error:
                self.link.raise_unless_refused(error)
                yield Unfetched(mail.uid, str(error))
                return
            if not raw:
                yield from self._not_given([mail.uid])
                return
        if raw == REMOVED:
            yield from self._not_given([mail.uid])
            return
        if is_placeholder(raw or b""):
            yield Unfetched(mail.uid, "the server gave a placeholder: it could not convert the mail")
            return
        yield RawMail(mail.uid, raw or b"", mail.received_at, mail.size)

    def _bodies(self, sent: Sent) -> dict[int, bytes | None]:
        """The mails' bytes; nothing of a chunk in which the server gave more bodies than mails, so that each is asked alone."""
        answers = self.link.fetched(sent)
        given, sent.literals = sent.literals, []
        for uid in sent.uids:
            self.suspects.pop(uid, None)
        bodies = {uid: answer.get(b"BODY[]") for uid, answer in answers.items()}
        kept = [body for body in bodies.values() if body is not None]
        contradict = len(given) > len(kept) and bool(set(given) - set(kept))
        return {} if contradict else bodies

    def _not_given(self, uids: list[int]) -> Iterator[Unfetched]:
        """Those of the mails that are there all the same; the others were taken away meanwhile."""
        for uid in not_gone(self.link, uids) if uids else ():
            yield Unfetched(uid, "the server lists the mail and does not give it")


def ask_for(link: Link, chunk: Sequence[Listed]) -> Sent:
    """Ask for the bytes of listed mails."""
    uids, size = [mail.uid for mail in chunk], sum(mail.size for mail in chunk)
    return link.ask("fetching mail", uids, "BODY.PEEK[]", size=size)


def goes_alone(chunk: Sequence[Listed], largest: int) -> bool:
    """Whether nothing else may be under way: two large mails at once would take too much memory."""
    return chunk[0].size > largest or sum(mail.size for mail in chunk) > CHUNK_BYTES


def listed(answers: dict[int, dict[bytes, Any]]) -> dict[int, Listed]:
    """What FETCH answers tell of mails, by UID."""
    return {
        uid: Listed(
            uid, number(answer.get(b"RFC822.SIZE")), moment(answer.get(b"INTERNALDATE")) or datetime.now(UTC)
        )
        for uid, answer in answers.items()
        if b"RFC822.SIZE" in answer
    }


def cut(listed: Sequence[Listed], largest: int) -> Iterator[list[Listed]]:
    """Up to CHUNK mails of together CHUNK_BYTES; a mail over the limit is alone in its chunk."""
    chunk: list[Listed] = []
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
    end, _ = section_end(raw, 0, min(len(raw), LONGEST_HEADER))
    return b"\n" + PLACEHOLDER in b"\n" + raw[:end].lower()
