"""What the pages show of the logged mail, always within one account; call it within a transaction of the Store.

Nothing here gives out what belongs to another account: there it is as if it did not exist.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from crm_logger.core.html import html_to_text

from . import conversations
from .fields import aware
from .people import RequestError
from .statements import ask_among
from .tables import Attachment, Contact, ContactAddress, Content, Engagement, EngagementContact
from .tables import rows as tuples
from .timeline import DIRECTIONS, captures_of, newest_first, participants_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from crm_logger.core.model import Direction

    from .timeline import Capture, Somebody

OPENING = 600
COUNTED = 1000
_OPENING_HTML = 6000
_BRIEF = """
    SELECT id, account_id, direction, sent_at, received_at, date_text, subject, message_id, author_name, author_address,
        flags, html <> '', CASE WHEN text <> '' THEN SUBSTR(text, 1, ?) ELSE '' END,
        CASE WHEN text = '' THEN SUBSTR(html, 1, ?) ELSE '' END
    FROM engagement WHERE id IN
"""
_FILES = """
    SELECT id, engagement_id, name, content_type, size, inline, content_id, left_out
    FROM attachment WHERE engagement_id IN
"""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above a timeline. `engagements` stops at COUNTED: counting more takes longer than showing a page."""

    id: int
    name: str
    addresses: tuple[str, ...]
    engagements: int
    last: datetime | None


@dataclass(frozen=True, slots=True)
class KeptFile:
    """An attachment without its bytes; `kept` is False where they were left out."""

    id: int
    name: str
    content_type: str
    size: int
    inline: bool
    content_id: str
    kept: bool


class Card(NamedTuple):
    """A logged mail as a timeline shows it: what is told of it anywhere, the opening of its text, and its body on request.

    A tuple: a page has fifty, and with so many fields a frozen dataclass takes ten times as long to make.
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
    flags: tuple[str, ...]
    has_html: bool
    opening: str
    participants: tuple[Somebody, ...]
    captured: tuple[Capture, ...]
    files: tuple[KeptFile, ...]


@dataclass(frozen=True, slots=True)
class Body:
    """A mail's body, and the pictures that it may show by their Content-ID."""

    engagement: int
    text: str
    html: str
    pictures: tuple[KeptFile, ...]


def contact(account: int, number: int) -> Head:
    """The account's contact of that number; RequestError where it has none."""
    row = Contact.get_or_none((Contact.id == number) & (Contact.account == account))
    if row is None:
        raise RequestError(f"There is no contact {number}.")
    line = EngagementContact
    mine = line.select(line.sent_at).where(line.contact == number)
    newest = mine.order_by(line.sent_at.desc(), line.engagement.desc()).first()
    addresses = ContactAddress.select(ContactAddress.address).where(ContactAddress.contact == number)
    return Head(
        id=row.id,
        name=row.name,
        addresses=tuple(address for (address,) in tuples(addresses.order_by(ContactAddress.id))),
        engagements=mine.limit(COUNTED).count(),
        last=newest.sent_at if newest else None,
    )


def cards(account: int, contact: int, *, limit: int, before: int | None = None) -> list[Card]:
    """The mails of the account's contact that are not folded, newest first; `before` is the mail that the last page ended with."""
    return _cards(account, newest_first(contact, limit=limit, before=before, only="AND folded IS NULL"))


def conversations_of(contact: int, engagements: Sequence[int]) -> dict[int, tuple[int, int]]:
    """The conversation of each of these mails of the timeline that has earlier ones, and how many."""
    line = EngagementContact
    # By their numbers alone: with the contact in the condition SQLite would read all conversations of the contact.
    here = line.select(line.contact, line.engagement, line.conversation).where(
        line.engagement.in_(engagements)
    )
    found = {
        each: conversation for whose, each, conversation in tuples(here) if whose == contact and conversation
    }
    numbers = conversations.earlier(contact, list(found.values()))
    return {each: (number, numbers[number]) for each, number in found.items() if numbers[number]}


def earlier_cards(
    account: int, contact: int, conversation: int, *, limit: int, before: int | None = None
) -> list[Card]:
    """The mails of a conversation on the timeline of the account's contact below the newest, newest first."""
    # Asked for what is folded, SQLite would leave the conversation's index and read the whole timeline.
    here, above = "AND conversation = ?", int(before is None)
    found = newest_first(contact, limit=limit + above, before=before, only=here, values=(conversation,))
    return _cards(account, found[above:])


def card(account: int, engagement: int) -> Card:
    """One mail of the account; RequestError where it has none of that number."""
    for found in _cards(account, [engagement]):
        return found
    raise RequestError(f"There is no mail {engagement}.")


def timelines_of(account: int, engagement: int) -> list[tuple[int, str]]:
    """The contacts (number, name) on whose timelines the mail stands."""
    rows = Contact.select(Contact.id, Contact.name).join(EngagementContact)
    mine = (EngagementContact.engagement == engagement) & (Contact.account == account)
    return list(tuples(rows.where(mine).order_by(Contact.id)))


def body(account: int, engagement: int) -> Body:
    """The body of a mail of the account; RequestError where it has none of that number."""
    mine = (Engagement.id == engagement) & (Engagement.account == account)
    row = Engagement.select(Engagement.text, Engagement.html).where(mine).first()
    if row is None:
        raise RequestError(f"There is no mail {engagement}.")
    files = _files([engagement]).get(engagement, [])
    pictures = tuple(each for each in files if each.content_id and each.kept)
    return Body(engagement, row.text, row.html, pictures)


def attachment(account: int, engagement: int, number: int) -> tuple[KeptFile, bytes]:
    """An attachment of a mail of the account, with its bytes; RequestError where there is none or it was left out."""
    card(account, engagement)
    wanted = next((each for each in _files([engagement]).get(engagement, []) if each.id == number), None)
    if wanted is None or not wanted.kept:
        raise RequestError("There is no such attachment, or it was left out.")
    return wanted, pictures((wanted,))[number]


def pictures(files: Sequence[KeptFile]) -> dict[int, bytes]:
    """The bytes of attachments, by their numbers."""
    query = Attachment.select(Attachment.id, Content.data).join(Content)
    found = tuples(query.where(Attachment.id.in_([each.id for each in files])))
    return {number: bytes(data) for number, data in found}


def _cards(account: int, engagements: Sequence[int]) -> list[Card]:
    """The mails of these numbers that are the account's: with it in the condition SQLite would read all mail of it."""
    people, captured, files = participants_of(engagements), captures_of(engagements), _files(engagements)
    found: dict[int, Card] = {}
    for row in ask_among(_BRIEF, engagements, 2 * OPENING, _OPENING_HTML):
        number, whose, direction, sent_at, received_at, date, subject, message_id, name, address, *others = (
            row
        )
        flags, has_html, text, html = others
        if whose == account:
            found[number] = Card(
                number,
                DIRECTIONS[direction],
                aware(sent_at),
                aware(received_at),
                date,
                subject,
                message_id,
                name,
                address,
                _flags(flags),
                bool(has_html),
                (text or html_to_text(html))[: 2 * OPENING],
                tuple(people.get(number, ())),
                tuple(captured.get(number, ())),
                tuple(files.get(number, ())),
            )
    return [found[each] for each in engagements if each in found]


@cache
def _flags(kept: str) -> tuple[str, ...]:
    """Of a closed list few stand together; most mails have none."""
    return tuple(json.loads(kept))


def _files(engagements: Sequence[int]) -> dict[int, list[KeptFile]]:
    found: dict[int, list[KeptFile]] = {}
    for number, engagement, name, kind, size, inline, content_id, left_out in sorted(
        ask_among(_FILES, engagements)
    ):
        kept = KeptFile(number, name, kind, size, bool(inline), content_id, not left_out)
        found.setdefault(engagement, []).append(kept)
    return found
