"""The engagements to be: a mail that the user sent (R12 to R16), the originals that the user forwarded (R17 to R24)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from .enclosed import with_all_enclosed, with_enclosed
from .fates import nobody_left, open_to_fate, refused
from .html import html_to_text
from .keys import engagement_key
from .message import parse_header_date
from .model import Direction, Entry, Fate, Flag, Original, Participant, Person, Reason, Refuse, Role

if TYPE_CHECKING:
    from .fates import People, Recipients
    from .model import Candidate, EngagementKey, Forward, Message, WrittenDate

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_LATEST_AFTER_RECEIPT = timedelta(days=1)
_RECIPIENTS = frozenset({Role.TO, Role.CC})
_AUTHOR = frozenset({Role.FROM})
_REPLY_ADVICE = (
    "the topmost forwarded mail is the user's or a colleague's own: send replies with the BCC address instead"
)


def outgoing(
    message: Message, people: People, received_at: datetime, flags: frozenset[Flag]
) -> Entry | Refuse:
    """Return the entry of a mail that the user sent, or why nobody is left on it."""
    own = Original(
        sender=message.from_[0],
        to=message.to,
        cc=message.cc,
        bcc=message.bcc,
        subject=message.subject,
        date=message.date,
        text=message.text,
        html=message.html,
        message_id=message.message_id,
        in_reply_to=message.in_reply_to,
        references=message.references,
        attachments=message.attachments,
    )
    sent = with_enclosed(own, message, people.directory.policy.max_attachment_bytes)
    return _sent_entry(sent, message.from_[0], people, _Clock(received_at, None), flags)


def incoming(
    message: Message, forward: Forward, people: People, received_at: datetime, flags: frozenset[Flag]
) -> tuple[Entry | Refuse, ...]:
    """Return for each original in the forward its entry, or why it is not logged."""
    clock = _Clock(received_at, message.date.wall)
    forwarded_at, _ = _Clock(received_at, None).time_of(_forwarding_date(message, forward))
    originals = with_all_enclosed(forward, message, people.directory.policy.max_attachment_bytes)
    results = (_original(original, forward, people, clock, flags) for original in originals)
    return tuple(
        replace(r, note=forward.note, forwarded_at=forwarded_at) if isinstance(r, Entry) else r
        for r in results
    )


def _forwarding_date(message: Message, forward: Forward) -> WrittenDate:
    """A redirected mail keeps its own Date; when it was redirected stands in Resent-Date (RFC 5322 §3.6.6)."""
    return parse_header_date(message.first("Resent-Date")) if forward.shape == "resent" else message.date


def _original(
    original: Original, forward: Forward, people: People, clock: _Clock, flags: frozenset[Flag]
) -> Entry | Refuse:
    author = _ruled_author(original, forward.candidates, people) or original.sender
    if author is None or not author.address:
        return _uncertain(original, forward.candidates, people)
    if entry := people.never_log(author.address):
        hidden = Participant(Person("", ""), Role.FROM, fate=Fate.NEVER_LOG, never_log=entry)
        return Refuse(
            0, Reason.NEVER_LOG, "the writer of the original is on the list", participants=(hidden,)
        )
    if people.is_internal(author.address):
        return _own_mail(original, author, people, clock, flags)
    participants = people.participants(((Role.FROM, (author,)), *_recipients(original)), _AUTHOR)
    if not open_to_fate(participants):
        return _nobody(original, participants)
    return _entry(Direction.INCOMING, original, author, participants, (clock, people, flags))


def _ruled_author(original: Original, candidates: tuple[Candidate, ...], people: People) -> Person | None:
    """Whom a person named as the writer, where the mail does not tell for certain."""
    ruled = people.directory.policy.ruling.author
    if not ruled or (original.sender and original.sender.address):
        return None
    named = original.sender.name if original.sender else ""
    return Person(next((each.name for each in candidates if each.address == ruled), named), ruled)


def _uncertain(original: Original, candidates: tuple[Candidate, ...], people: People) -> Refuse:
    kept = tuple(c for c in candidates if not people.never_log(c.address))
    detail = "it is unsure who wrote the forwarded mail"
    return Refuse(0, Reason.UNCERTAIN, detail, candidates=kept, subject=original.subject)


def _own_mail(
    original: Original, author: Person, people: People, clock: _Clock, flags: frozenset[Flag]
) -> Entry | Refuse:
    """R21: captured once more where it is logged already; else refused with the right reason, or salvaged."""
    sent = _sent_entry(original, author, people, clock, flags)
    policy = people.directory.policy
    if isinstance(sent, Entry) and (policy.salvage_replies or policy.ruling.anyway):
        return sent
    otherwise = sent if isinstance(sent, Refuse) else _reply_then_forward(original, sent.participants)
    if (
        otherwise.reason is Reason.NO_RECIPIENT
    ):  # an attribution line names no recipients: take it for a reply
        otherwise = _reply_then_forward(original, otherwise.participants)
    participants = people.participants(_recipients(original), frozenset())
    entry = _entry(Direction.OUTGOING, original, author, participants, (clock, people, flags))
    return replace(entry, only_captured=True, otherwise=otherwise)


def _reply_then_forward(original: Original, participants: tuple[Participant, ...]) -> Refuse:
    told = tuple(refused(each) for each in participants)
    return Refuse(0, Reason.REPLY_THEN_FORWARD, _REPLY_ADVICE, participants=told, subject=original.subject)


def _sent_entry(
    original: Original, author: Person, people: People, clock: _Clock, flags: frozenset[Flag]
) -> Entry | Refuse:
    participants = people.participants(_recipients(original), _RECIPIENTS)
    if not open_to_fate(participants):
        return _nobody(original, participants)
    return _entry(Direction.OUTGOING, original, author, participants, (clock, people, flags))


def _nobody(original: Original, participants: tuple[Participant, ...]) -> Refuse:
    reason = nobody_left(participants)
    subject = "" if reason is Reason.NEVER_LOG else original.subject
    return Refuse(0, reason, participants=participants, subject=subject)


def _recipients(original: Original) -> Recipients:
    return ((Role.TO, original.to), (Role.CC, original.cc), (Role.BCC, original.bcc))


class _Clock:
    """Reads dates beside the time of receipt; a Date without zone is taken in the zone of the outer Date (R23)."""

    def __init__(self, received_at: datetime, outer: datetime | None) -> None:
        self.received_at = received_at.astimezone(UTC)
        self.zone: tzinfo = (outer.tzinfo if outer else None) or UTC

    def written(self, date: WrittenDate) -> datetime | None:
        """Return the instant that was written, None where it cannot be read."""
        if date.wall is None:
            return None
        try:
            return (date.wall if date.wall.tzinfo else date.wall.replace(tzinfo=self.zone)).astimezone(UTC)
        except OverflowError:  # the first and the last day of the calendar have no UTC in every zone
            return None

    def time_of(self, date: WrittenDate) -> tuple[datetime, bool]:
        """Return the time to order by (R12), and whether it is the Date's."""
        written = self.written(date)
        if written is None or not _EARLIEST <= written <= self.received_at + _LATEST_AFTER_RECEIPT:
            return self.received_at, False
        return written, True


def _entry(
    direction: Direction,
    original: Original,
    author: Person,
    participants: tuple[Participant, ...],
    context: tuple[_Clock, People, frozenset[Flag]],
) -> Entry:
    clock, people, flags = context
    sent_at, believed = clock.time_of(original.date)
    assumed = believed and original.date.wall is not None and original.date.wall.tzinfo is None
    return Entry(
        direction=direction,
        key=_key(original, author, clock),
        author=author,
        participants=participants,
        subject=original.subject,
        text=original.text,
        html=original.html,
        sent_at=sent_at,
        received_at=clock.received_at,
        date=original.date,
        message_id=original.message_id,
        in_reply_to=original.in_reply_to,
        references=original.references,
        headers=people.allowed(original.headers),
        attachments=original.attachments,
        flags=flags | original.flags | ({Flag.ZONE_ASSUMED} if assumed else set()),
        contact_limit=people.directory.policy.max_new_contacts,
    )


def _key(original: Original, author: Person, clock: _Clock) -> EngagementKey:
    return engagement_key(
        message_id=original.message_id,
        author=author.address,
        subject=original.subject,
        written=clock.written(original.date),
        body=original.text or html_to_text(original.html),
    )
