"""The questions of an export: all logged mails in the order of their numbers, page by page; within a transaction of the Store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crm_logger.core.model import Kind

from .tables import Account, Attachment, Contact, ContactAddress, Content, Engagement, EngagementContact, rows
from .timeline import Line, lines_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which mails: of an account, on a contact's timeline, sent since a time; all where nothing is said."""

    account: int | None = None
    contact: int | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class OnTimeline:
    """A contact on whose timeline a mail stands."""

    id: int
    name: str
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exported:
    """A logged mail with everything around it; `kind` is the log address that brought it first."""

    account: str
    kind: Kind
    line: Line
    in_reply_to: str
    references: tuple[str, ...]
    note: str
    contacts: tuple[OnTimeline, ...]


def count(wanted: Wanted) -> int:
    """How many mails there are to export."""
    return int(_chosen(wanted).count())


def page(wanted: Wanted, after: int, limit: int) -> list[Exported]:
    """The next mails whose number is above `after`."""
    query = _chosen(wanted).where(Engagement.id > after).order_by(Engagement.id).limit(limit)
    numbers = [number for (number,) in rows(query)]
    names = {account.id: account.name for account in Account.select()}
    on = _timelines(numbers)
    row = Engagement
    more = {
        number: (names[account], Kind(kind), in_reply_to, tuple(references), note)
        for number, account, kind, in_reply_to, references, note in rows(
            row.select(row.id, row.account, row.kind, row.in_reply_to, row.references, row.note).where(
                row.id.in_(numbers)
            )
        )
    }
    found = []
    for line in lines_of(numbers):
        account, kind, in_reply_to, references, note = more[line.engagement]
        contacts = tuple(on.get(line.engagement, ()))
        found.append(Exported(account, kind, line, in_reply_to, references, note, contacts))
    return found


def contents(engagement: int) -> list[bytes | None]:
    """The bytes of a mail's attachments in their order; None where they were left out."""
    row = Attachment
    query = row.select(row.id, row.content).where(row.engagement == engagement).order_by(row.id)
    return [_content(sha256) for _, sha256 in rows(query)]


def _content(sha256: str | None) -> bytes | None:
    found = Content.get_or_none(Content.sha256 == sha256) if sha256 else None
    return bytes(found.data) if found else None


def _chosen(wanted: Wanted) -> Any:
    query = Engagement.select(Engagement.id)
    if wanted.account is not None:
        query = query.where(Engagement.account == wanted.account)
    if wanted.since is not None:
        query = query.where(Engagement.sent_at >= wanted.since)
    if wanted.contact is not None:
        line = EngagementContact
        mine = line.select(line.engagement).where(line.contact == wanted.contact)
        query = query.where(Engagement.id.in_(mine))
    return query


def _timelines(numbers: Sequence[int]) -> dict[int, list[OnTimeline]]:
    line = EngagementContact
    lines = list(
        rows(
            line.select(line.engagement, line.contact)
            .where(line.engagement.in_(numbers))
            .order_by(line.contact)
        )
    )
    ids = sorted({contact for _, contact in lines})
    addresses: dict[int, list[str]] = {each: [] for each in ids}
    row = ContactAddress
    for contact, address in rows(
        row.select(row.contact, row.address).where(row.contact.in_(ids)).order_by(row.id)
    ):
        addresses[contact].append(address)
    known = {
        number: OnTimeline(number, name, tuple(addresses[number]))
        for number, name in rows(Contact.select(Contact.id, Contact.name).where(Contact.id.in_(ids)))
    }
    found: dict[int, list[OnTimeline]] = {}
    for engagement, contact in lines:
        found.setdefault(engagement, []).append(known[contact])
    return found
