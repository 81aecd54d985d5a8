"""Writes engagements: one for each mail however often it reaches us (R11), its people, contacts and attachments."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from peewee import chunked

from crm_logger.core.model import Fate, Log, Participant, Reason, Refuse, Role
from crm_logger.core.settle import settle

from .masking import masked, shown
from .tables import (
    Attachment,
    Captured,
    Contact,
    ContactAddress,
    Content,
    Engagement,
    EngagementContact,
    Table,
    rows,
)
from .tables import Participant as ParticipantRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from crm_logger.core.model import EngagementKey, Entry

_CHUNK = 500
_ROWS = 200
_ON_TIMELINE = frozenset({Fate.CREATED, Fate.ASSOCIATED})


@dataclass(frozen=True, slots=True)
class Capture:
    """The mail that an entry comes from, and what was decided about it. `made` are contacts that it made when it came before."""

    log: Log
    receipt_id: int
    now: datetime
    made: set[str] = field(default_factory=set)


def log_entry(capture: Capture, entry: Entry) -> tuple[Entry, Reason] | Refuse:
    """Put an entry on the timelines of its people; return it with their fates, or why it is not logged after all.

    The reason is `duplicate` where an earlier mail had brought the same engagement.
    """
    account = capture.log.account
    found = _find_logged(account, entry.key)
    contacts = _contacts(account, entry.participants)
    settled = settle(entry, contacts, logged=found is not None)
    if isinstance(settled, Refuse):
        return settled
    settled = _as_before(capture, settled)
    _create_contacts(capture, settled.participants, contacts)
    engagement = _create(capture, settled) if found is None else _complete(found, settled)
    _associate(engagement, settled.participants, contacts)
    reason = _reason(capture, settled, found)
    _capture(capture, settled, engagement)
    return settled, reason


def made_by(account: int, receipt_id: int) -> set[str]:
    """Return the addresses of the contacts that a mail made."""
    of_mail = Contact.select(Contact.id).where(Contact.account == account, Contact.receipt == receipt_id)
    query = ContactAddress.select(ContactAddress.address).where(ContactAddress.contact.in_(of_mail))
    return {address for (address,) in rows(query)}


def _as_before(capture: Capture, entry: Entry) -> Entry:
    """Whom a mail created stays created by it when it is taken in again; of several originals, by the first."""
    again = {
        each.person.address for each in entry.participants if each.fate is Fate.ASSOCIATED
    } & capture.made
    capture.made.difference_update(again)
    told = (
        replace(each, fate=Fate.CREATED)
        if each.fate is Fate.ASSOCIATED and each.person.address in again
        else each
        for each in entry.participants
    )
    return replace(entry, participants=tuple(told)) if again else entry


def _reason(capture: Capture, entry: Entry, found: Engagement | None) -> Reason:
    """A mail that is taken in again, or that holds the same original twice, is no duplicate of itself."""
    if found is None or entry.only_captured:
        return Reason.LOGGED
    first = Captured.select().where(Captured.engagement == found).order_by(Captured.id).first()
    return Reason.LOGGED if first and first.receipt_id == capture.receipt_id else Reason.DUPLICATE


# ---------------------------------------------------------------- the engagement


def _find_logged(account: int, key: EngagementKey) -> Engagement | None:
    """By Message-ID; where only one of the two mails has one, by content."""
    own = Engagement.select().where(Engagement.account == account).order_by(Engagement.id)
    same_content = own.where(Engagement.key_content == key.by_content)
    if not key.by_id:
        return _first(same_content)
    same_id = _first(own.where(Engagement.key_id == key.by_id))
    return same_id or _first(same_content.where(Engagement.key_id.is_null()))


def _first(query: Any) -> Engagement | None:
    found: Engagement | None = query.first()
    return found


def _create(capture: Capture, entry: Entry) -> Engagement:
    engagement = Engagement.create(
        account=capture.log.account,
        direction=entry.direction,
        kind=capture.log.kind,
        subject=entry.subject,
        text=entry.text,
        html=entry.html,
        sent_at=entry.sent_at,
        received_at=entry.received_at,
        date_text=entry.date.text,
        author_name=entry.author.name,
        author_address=entry.author.address,
        note=entry.note,
        forwarded_at=entry.forwarded_at,
        key_content=entry.key.by_content,
        flags=sorted(entry.flags),
        **_identity(entry),
    )
    _add_participants(engagement, _people(entry))
    _add_attachments(engagement, entry)
    return engagement


def _identity(entry: Entry) -> dict[str, Any]:
    """What only the original's own header fields tell."""
    return {
        "key_id": entry.key.by_id or None,
        "message_id": entry.message_id,
        "in_reply_to": entry.in_reply_to,
        "references": entry.references,
        "headers": [(name, _masked_header(value, entry)) for name, value in entry.headers],
    }


def _masked_header(value: str, entry: Entry) -> str:
    for participant in entry.participants:
        if participant.fate is Fate.LOG_ADDRESS and participant.person.address:
            value = value.replace(participant.person.address, shown(participant).address)
    return masked(value)


def _complete(engagement: Engagement, entry: Entry) -> Engagement:
    """Add what this copy of the mail knows and the engagement does not: its Message-ID, people who were not told."""
    if entry.key.by_id and engagement.key_id is None:
        Engagement.update(_identity(entry)).where(Engagement.id == engagement.id).execute()
    query = ParticipantRow.select(ParticipantRow.address).where(ParticipantRow.engagement == engagement)
    told = {address for (address,) in rows(query)}
    _add_participants(engagement, (each for each in _people(entry) if each[2] and each[2] not in told))
    return engagement


def _people(entry: Entry) -> list[tuple[Role, str, str]]:
    """Return (role, name, address) of everybody who may stand on the engagement, the author first."""
    people = [(Role.FROM, entry.author.name, entry.author.address)]
    for participant in entry.participants:
        if participant.fate is not Fate.NEVER_LOG and participant.role is not Role.FROM:
            person = shown(participant)
            people.append((participant.role, person.name, person.address))
    return people


def _add_participants(engagement: Engagement, people: Iterable[tuple[Role, str, str]]) -> None:
    _insert(
        ParticipantRow,
        [
            {"engagement": engagement, "role": role, "name": name, "address": address}
            for role, name, address in people
        ],
    )


def _capture(capture: Capture, entry: Entry, engagement: Engagement) -> None:
    same = (Captured.engagement == engagement) & (Captured.receipt == capture.receipt_id)
    if Captured.select().where(same).exists():
        return
    Captured.create(
        engagement=engagement,
        receipt=capture.receipt_id,
        user=capture.log.user,
        log_address=capture.log.log_address,
        kind=capture.log.kind,
        at=entry.received_at,
        forwarded_at=entry.forwarded_at,
        note=entry.note,
        flags=sorted(entry.flags | capture.log.flags),
    )


# ---------------------------------------------------------------- contacts


def _contacts(account: int, participants: Sequence[Participant]) -> dict[str, int]:
    """Return those of the participants' addresses that are contacts of the account, with the contact's id."""
    row = ContactAddress
    addresses = {participant.person.address for participant in participants}
    return {
        address: contact
        for some in chunked(sorted(addresses), _CHUNK)
        for address, contact in rows(
            row.select(row.address, row.contact).where(row.account == account, row.address.in_(some))
        )
    }


def _create_contacts(capture: Capture, participants: Sequence[Participant], contacts: dict[str, int]) -> None:
    """Create whom the fates say, and add them to `contacts`."""
    for participant in participants:
        address = participant.person.address
        if participant.fate is Fate.CREATED and address not in contacts:
            contact = Contact.create(
                account=capture.log.account,
                name=participant.person.name,
                created=capture.now,
                receipt=capture.receipt_id,
            )
            ContactAddress.create(account=capture.log.account, contact=contact, address=address)
            contacts[address] = contact.id


def _associate(engagement: Engagement, participants: Sequence[Participant], contacts: dict[str, int]) -> None:
    """Put the engagement on the timelines where it does not stand yet; a contact stands on it once."""
    row = EngagementContact
    there = {contact for (contact,) in rows(row.select(row.contact).where(row.engagement == engagement))}
    missing: dict[int, Role] = {}
    for participant in participants:
        if participant.fate in _ON_TIMELINE and contacts[participant.person.address] not in there:
            missing.setdefault(contacts[participant.person.address], participant.role)
    _insert(
        row,
        [
            {"contact": contact, "sent_at": engagement.sent_at, "engagement": engagement, "role": role}
            for contact, role in missing.items()
        ],
    )


# ---------------------------------------------------------------- attachments


def _add_attachments(engagement: Engagement, entry: Entry) -> None:
    _insert(
        Attachment,
        [
            {
                "engagement": engagement,
                "name": attachment.name,
                "content_type": attachment.content_type,
                "size": attachment.size,
                "content": _content(attachment.content),
                "content_id": attachment.content_id,
                "inline": attachment.inline,
                "left_out": attachment.content is None,
            }
            for attachment in entry.attachments
        ],
    )


def _content(data: bytes | None) -> str | None:
    """Keep the bytes, once however many mails carry them; return their SHA-256."""
    if data is None:
        return None
    sha256 = hashlib.sha256(data).hexdigest()
    if not Content.select().where(Content.sha256 == sha256).exists():
        Content.insert(sha256=sha256, data=data).execute()
    return sha256


def _insert(table: type[Table], values: list[dict[str, Any]]) -> None:
    """Few rows at a time: databases limit how many values a statement may carry."""
    for some in chunked(values, _ROWS):
        table.insert_many(some).execute()
