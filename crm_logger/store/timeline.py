"""A contact's timeline: the engagements, newest first, page by page; call it within a transaction of the Store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crm_logger.core.model import Direction, Kind, Role

from .fields import aware
from .people import RequestError
from .statements import Row, ask, ask_among
from .tables import Attachment, Engagement

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

# Plain SQL, and sorted here: for the rows of a page peewee takes several times as long as the database.
_LINES = "SELECT engagement_id FROM engagement_contact WHERE contact_id = ?"
_BELOW = "AND sent_at <= ? AND (sent_at < ? OR engagement_id < ?)"
"""In this form the key's order is where the reading starts."""
_NEWEST_FIRST = "ORDER BY sent_at DESC, engagement_id DESC"
_PLACE = "SELECT sent_at FROM engagement_contact WHERE contact_id = ? AND engagement_id = ?"
_PARTICIPANTS = "SELECT id, engagement_id, role, name, address FROM participant WHERE engagement_id IN"
_CAPTURES = """
    SELECT captured.at, captured.id, engagement_id, receipt_id, "user".name, kind, forwarded_at, note
    FROM captured JOIN "user" ON "user".id = user_id WHERE engagement_id IN
"""

# Looked up: to have each made from its value takes eighty times as long, and a page has hundreds.
DIRECTIONS = {direction.value: direction for direction in Direction}
_ROLES = {role.value: role for role in Role}
_KINDS = {kind.value: kind for kind in Kind}


@dataclass(frozen=True, slots=True)
class Somebody:
    """A participant of an engagement."""

    role: Role
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Capture:
    """One time that the mail reached us. `forwarded_at` and `note` are there where a user forwarded it."""

    receipt: int
    user: str
    kind: Kind
    at: datetime
    forwarded_at: datetime | None
    note: str


@dataclass(frozen=True, slots=True)
class KeptAttachment:
    """An attachment by its name; `left_out` where its content is not here, because it was too large."""

    name: str
    content_type: str
    size: int
    inline: bool
    left_out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A logged mail with its texts and the names of its attachments.

    `sent_at` is what the timeline is ordered by; `date` is the Date as written.
    """

    engagement: int
    direction: Direction
    sent_at: datetime
    received_at: datetime
    date: str
    subject: str
    message_id: str
    author_name: str
    author_address: str
    participants: tuple[Somebody, ...]
    captured: tuple[Capture, ...]
    flags: tuple[str, ...]
    text: str
    html: str
    attachments: tuple[KeptAttachment, ...]


def timeline(contact: int, *, limit: int | None = None, before: int | None = None) -> list[Line]:
    """The mails of a contact, newest first; `before` is the engagement that the last page ended with."""
    return lines_of(newest_first(contact, limit=limit, before=before))


def newest_first(
    contact: int, *, limit: int | None, before: int | None, only: str = "", values: Row = ()
) -> list[int]:
    """The engagements on the lines of a timeline that fulfil the condition `only`, newest first."""
    sql, told = f"{_LINES} {only}", [contact, *values]
    if before is not None:
        sent_at = _sent(contact, before)
        sql += f" {_BELOW}"
        told += [sent_at, sent_at, before]
    sql += f" {_NEWEST_FIRST}"
    if limit is not None:
        sql += " LIMIT ?"
        told.append(limit)
    return [engagement for (engagement,) in ask(sql, *told)]


def _sent(contact: int, engagement: int) -> Any:
    """Paging is by key: a place in the order and no count of rows, so that new mail shifts nothing."""
    for (sent_at,) in ask(_PLACE, contact, engagement):
        return sent_at
    raise RequestError(f"Mail {engagement} is not on this timeline.")


def lines_of(engagements: Sequence[int]) -> list[Line]:
    """The mails of these numbers, in the order given."""
    people, captured = participants_of(engagements), captures_of(engagements)
    attachments = _attachments(engagements)
    rows = {row.id: row for row in Engagement.select().where(Engagement.id.in_(engagements))}
    return [
        Line(
            engagement=row.id,
            direction=DIRECTIONS[row.direction],
            sent_at=row.sent_at,
            received_at=row.received_at,
            date=row.date_text,
            subject=row.subject,
            message_id=row.message_id,
            author_name=row.author_name,
            author_address=row.author_address,
            participants=tuple(people.get(row.id, ())),
            captured=tuple(captured.get(row.id, ())),
            flags=tuple(row.flags),
            text=row.text,
            html=row.html,
            attachments=tuple(attachments.get(row.id, ())),
        )
        for row in (rows[each] for each in engagements)
    ]


def participants_of(engagements: Sequence[int]) -> dict[int, list[Somebody]]:
    """Who is on each of the mails, the author first."""
    found: dict[int, list[Somebody]] = {}
    for _, engagement, role, name, address in sorted(ask_among(_PARTICIPANTS, engagements)):
        found.setdefault(engagement, []).append(Somebody(_ROLES[role], name, address))
    return found


def captures_of(engagements: Sequence[int]) -> dict[int, list[Capture]]:
    """How each of the mails reached us, the first time first."""
    found: dict[int, list[Capture]] = {}
    for at, _, engagement, receipt, user, kind, forwarded_at, note in sorted(
        ask_among(_CAPTURES, engagements)
    ):
        forwarded = aware(forwarded_at) if forwarded_at else None
        capture = Capture(receipt, user, _KINDS[kind], aware(at), forwarded, note)
        found.setdefault(engagement, []).append(capture)
    return found


def _attachments(engagements: Sequence[int]) -> dict[int, list[KeptAttachment]]:
    found: dict[int, list[KeptAttachment]] = {}
    for row in Attachment.select().where(Attachment.engagement.in_(engagements)).order_by(Attachment.id):
        kept = KeptAttachment(row.name, row.content_type, row.size, row.inline, row.left_out)
        found.setdefault(row.engagement_id, []).append(kept)
    return found
