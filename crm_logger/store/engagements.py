"""Writes engagements: one for each mail however often it reaches us (R11), its people, contacts and attachments."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from crm_logger.core.model import Fate, Log, Participant, Reason, Refuse, Role
from crm_logger.core.settle import settle

from .fields import scrub
from .known import Logged
from .masking import masked, shown
from .tables import Contact, ContactAddress, rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from crm_logger.core.model import Entry

    from .draft import Draft
    from .known import Known

_ON_TIMELINE = frozenset({Fate.CREATED, Fate.ASSOCIATED})


@dataclass(frozen=True, slots=True)
class Capture:
    """The mail that an entry comes from, and what was decided about it. `made` are contacts that it made when it came before.

    `known` is what there is already, and `draft` takes what there is to write.
    """

    log: Log
    receipt_id: int
    now: datetime
    known: Known
    draft: Draft
    made: set[str] = field(default_factory=set)


def log_entry(capture: Capture, entry: Entry) -> tuple[Entry, Reason] | Refuse:
    """Put an entry on the timelines of its people; return it with their fates, or why it is not logged after all.

    The reason is `duplicate` where an earlier mail had brought the same engagement.
    """
    account = capture.log.account
    found = capture.known.find_logged(account, entry.key)
    contacts = capture.known.contacts(account, {each.person.address for each in entry.participants})
    settled = settle(entry, contacts, logged=found is not None)
    if isinstance(settled, Refuse):
        return settled
    settled = _as_before(capture, settled)
    _create_contacts(capture, settled.participants, contacts)
    logged = _create(capture, settled) if found is None else _complete(capture, found, settled)
    _associate(capture.draft, logged, settled.participants, contacts)
    reason = _reason(capture, settled, found)
    _capture(capture, settled, logged)
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


def _reason(capture: Capture, entry: Entry, found: Logged | None) -> Reason:
    """A mail that is taken in again, or that holds the same original twice, is no duplicate of itself."""
    if found is None or entry.only_captured or found.receipts[:1] == [capture.receipt_id]:
        return Reason.LOGGED
    return Reason.DUPLICATE


# ---------------------------------------------------------------- the engagement


def _create(capture: Capture, entry: Entry) -> Logged:
    account, draft = capture.log.account, capture.draft
    number = draft.engagements.add(
        account=account,
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
    logged = Logged(number, entry.sent_at, entry.key.by_id or None)
    capture.known.add_logged(account, entry.key, logged)
    _add_participants(draft, logged, _people(entry))
    _add_attachments(draft, logged, entry)
    return logged


def _identity(entry: Entry) -> dict[str, Any]:
    """What only the original's own header fields tell."""
    return {
        "key_id": entry.key.by_id or None,
        "message_id": entry.message_id,
        "in_reply_to": entry.in_reply_to,
        "references": entry.references,
        "headers": _masked_headers(entry),
    }


def _masked_headers(entry: Entry) -> list[tuple[str, str]]:
    addresses = [
        (each.person.address, shown(each).address)
        for each in entry.participants
        if each.fate is Fate.LOG_ADDRESS and each.person.address
    ]
    found = []
    for name, told in entry.headers:
        value = told
        for address, without_token in addresses:
            value = value.replace(address, without_token)
        found.append((name, masked(value)))
    return found


def _complete(capture: Capture, logged: Logged, entry: Entry) -> Logged:
    """Add what this copy of the mail knows and the engagement does not: its Message-ID, people who were not told."""
    if entry.key.by_id and logged.key_id is None:
        capture.draft.identify(logged.id, _identity(entry))
        capture.known.add_key(capture.log.account, logged, entry.key.by_id)
    told = frozenset(logged.addresses)
    _add_participants(
        capture.draft, logged, (each for each in _people(entry) if each[2] and each[2] not in told)
    )
    return logged


def _people(entry: Entry) -> list[tuple[Role, str, str]]:
    """Return (role, name, address) of everybody who may stand on the engagement, the author first."""
    people = [(Role.FROM, entry.author.name, entry.author.address)]
    for participant in entry.participants:
        if participant.fate is not Fate.NEVER_LOG and participant.role is not Role.FROM:
            person = shown(participant)
            people.append((participant.role, person.name, person.address))
    return people


def _add_participants(draft: Draft, logged: Logged, people: Iterable[tuple[Role, str, str]]) -> None:
    for role, name, address in people:
        draft.participants.add(engagement=logged.id, role=role, name=name, address=address)
        logged.addresses.add(scrub(address))


def _capture(capture: Capture, entry: Entry, logged: Logged) -> None:
    if capture.receipt_id in logged.receipts:
        return
    logged.receipts.append(capture.receipt_id)
    capture.draft.captures.add(
        engagement=logged.id,
        receipt=capture.receipt_id,
        user=capture.log.user,
        log_address=capture.log.log_address,
        kind=capture.log.kind,
        at=entry.received_at,
        forwarded_at=entry.forwarded_at,
        note=entry.note,
        flags=sorted(entry.flags | capture.log.flags),
    )


def _create_contacts(capture: Capture, participants: Sequence[Participant], contacts: dict[str, int]) -> None:
    """Create whom the fates say, and add them to `contacts`."""
    account, draft = capture.log.account, capture.draft
    for participant in participants:
        address = participant.person.address
        if participant.fate is Fate.CREATED and address not in contacts:
            contacts[address] = draft.contacts.add(
                account=account,
                name=participant.person.name,
                created=capture.now,
                receipt=capture.receipt_id,
            )
            draft.addresses.add(account=account, contact=contacts[address], address=address)
            capture.known.add_contact(account, address, contacts[address])


def _associate(
    draft: Draft, logged: Logged, participants: Sequence[Participant], contacts: dict[str, int]
) -> None:
    """Put the engagement on the timelines where it does not stand yet; a contact stands on it once."""
    for participant in participants:
        if participant.fate not in _ON_TIMELINE:
            continue
        contact = contacts[participant.person.address]
        if contact not in logged.contacts:
            logged.contacts.add(contact)
            draft.timelines.add(
                contact=contact, sent_at=logged.sent_at, engagement=logged.id, role=participant.role
            )


def _add_attachments(draft: Draft, logged: Logged, entry: Entry) -> None:
    for attachment in entry.attachments:
        draft.attachments.add(
            engagement=logged.id,
            name=attachment.name,
            content_type=attachment.content_type,
            size=attachment.size,
            content=None if attachment.content is None else draft.keep(attachment.content),
            content_id=attachment.content_id,
            inline=attachment.inline,
            left_out=attachment.content is None,
        )
