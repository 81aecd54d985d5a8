"""Contacts and their addresses, as people keep them by hand; call it within a transaction of the Store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from peewee import chunked, fn

from crm_logger.core.address import canonical
from crm_logger.core.erasure import is_erased
from crm_logger.core.fates import forbidden, is_internal, is_log_address

from . import conversations
from .people import RequestError
from .removal import remove_off_timelines
from .tables import Account, Contact, ContactAddress, EngagementContact
from .tables import rows as tuples

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from crm_logger.core.model import Directory

_AT_ONCE = 500
_DIGITS = 19
"""A number with so many digits is no row's."""


@dataclass(frozen=True, slots=True)
class KnownContact:
    """A contact with the length of the timeline and the time of the last mail on it."""

    id: int
    account: int
    account_name: str
    name: str
    addresses: tuple[str, ...]
    engagements: int
    last: datetime | None


def contacts(account: int | None = None, search: str = "", limit: int | None = None) -> list[KnownContact]:
    """Contacts by name; `search` is a part of the name or of an address."""
    rows = Contact.select().order_by(fn.LOWER(Contact.name), Contact.id).limit(limit)
    if account is not None:
        rows = rows.where(Contact.account == account)
    if search:
        at = ContactAddress.select(ContactAddress.contact).where(
            ContactAddress.address.contains(canonical(search) or search)
        )
        rows = rows.where(Contact.name.contains(search) | Contact.id.in_(at))
    return list(_all_known(list(rows)))


def page_of_contacts(account: int, *, after: int | None, limit: int) -> list[KnownContact]:
    """The account's contacts by name; `after` is the contact that the last page ended with."""
    name = fn.LOWER(Contact.name)
    rows = Contact.select().where(Contact.account == account).order_by(name, Contact.id).limit(limit)
    if after is not None:
        last = Contact.select(name).where((Contact.id == after) & (Contact.account == account))
        told = next((lower for (lower,) in tuples(last)), None)
        if told is None:
            raise RequestError(f"There is no contact {after}.")
        rows = rows.where((name > told) | ((name == told) & (Contact.id > after)))
    return list(_all_known(list(rows)))


def contacts_like(account: int, words: Sequence[str], *, limit: int) -> list[KnownContact]:
    """The account's contacts in whose name or addresses each of the words stands, by name."""
    rows = Contact.select().where(Contact.account == account)
    for word in words:
        at = ContactAddress.select(ContactAddress.contact).where(
            (ContactAddress.account == account)
            & ContactAddress.address.contains(canonical(word) or word.lower())
        )
        rows = rows.where(Contact.name.contains(word) | Contact.id.in_(at))
    return list(_all_known(list(rows.order_by(fn.LOWER(Contact.name), Contact.id).limit(limit))))


def find_contact(wanted: str, account: int | None = None) -> KnownContact:
    """The contact with that address or number; with `account`, within it."""
    address = canonical(wanted)
    by_address = ContactAddress.select(ContactAddress.contact).where(ContactAddress.address == address)
    numbered = wanted.isdecimal() and len(wanted) < _DIGITS
    named = Contact.id == int(wanted) if numbered else Contact.id.in_(by_address)
    rows = list(Contact.select().where(named if account is None else named & (Contact.account == account)))
    if not rows:
        raise RequestError(
            f"There is no contact {wanted!r}; `crm-logger contacts PART` searches names and addresses."
        )
    if len(rows) > 1:
        names = ", ".join(row.account.name for row in rows)
        raise RequestError(
            f"{wanted!r} is a contact of several accounts: say which with --account ({names})."
        )
    return _known(rows[0])


def add_contact(
    directory: Directory, account: int, name: str, addresses: Sequence[str], now: datetime
) -> KnownContact:
    """A new contact with one address or several, none of which is anybody's yet."""
    fit = [_fit(directory, account, address) for address in addresses]
    if not fit:
        raise RequestError("A contact needs an address.")
    row = Contact.create(account=account, name=" ".join(name.split()), created=now)
    for address in dict.fromkeys(fit):
        ContactAddress.create(account=account, contact=row.id, address=address)
    return _known(row)


def add_contact_address(directory: Directory, contact: int, address: str) -> KnownContact:
    """A further address of a contact."""
    row = Contact.get_by_id(contact)
    fit = _fit(directory, row.account_id, address)
    ContactAddress.create(account=row.account_id, contact=contact, address=fit)
    return _known(row)


def remove_contact_address(contact: int, address: str) -> KnownContact:
    """Take an address away from a contact, but not the last one: mail could find it no longer."""
    known = _known(Contact.get_by_id(contact))
    if canonical(address) not in known.addresses:
        raise RequestError(f"{known.name or known.addresses[0]} has no address {address!r}.")
    if len(known.addresses) == 1:
        raise RequestError(
            f"{known.addresses[0]} is the only address of this contact; remove the contact instead."
        )
    mine = ContactAddress.contact == contact
    ContactAddress.delete().where(mine & (ContactAddress.address == canonical(address))).execute()
    return _known(Contact.get_by_id(contact))


def merge_contacts(contact: int, into: int) -> KnownContact:
    """Move addresses and timeline of one contact to another of the same account, and end the first."""
    gone, stays = Contact.get_by_id(contact), Contact.get_by_id(into)
    if gone.id == stays.id:
        raise RequestError("A contact cannot be merged into itself.")
    if gone.account_id != stays.account_id:
        raise RequestError("Contacts of two accounts cannot be merged.")
    ContactAddress.update(contact=into).where(ContactAddress.contact == contact).execute()
    both = EngagementContact.select(EngagementContact.engagement).where(EngagementContact.contact == into)
    mine = EngagementContact.contact == contact
    EngagementContact.delete().where(mine & EngagementContact.engagement.in_(both)).execute()
    EngagementContact.update(contact=into).where(mine).execute()
    conversations.forget(into)
    stays.name = stays.name or gone.name
    stays.save()
    gone.delete_instance()
    return _known(stays)


def remove_contact(contact: int) -> int:
    """Remove a contact; mails that stand on no other timeline go with it, and their number is given back."""
    row = Contact.get_by_id(contact)
    mine = [
        line.engagement_id for line in EngagementContact.select().where(EngagementContact.contact == contact)
    ]
    EngagementContact.delete().where(EngagementContact.contact == contact).execute()
    gone = remove_off_timelines(mine)
    row.delete_instance()
    return gone


def _fit(directory: Directory, account: int, written: str) -> str:
    """The address in its normal form, where it may be a contact's and is nobody's yet (R8, R9)."""
    address = canonical(written)
    if not address:
        raise RequestError(f"{written!r} is no mail address.")
    if is_log_address(directory.policy, address):
        raise RequestError(
            f"{address.partition('@')[0][:4]}… is a log address, and those are never contacts."
        )
    if is_internal(directory, account, address):
        raise RequestError(
            f"{address} is a colleague's (a user's, or in an internal domain), and never a contact."
        )
    if is_erased(directory, account, address):
        raise RequestError(f"{address} was erased: `crm-logger erase --lift {address}` lets it in again.")
    if entry := forbidden(directory, account, None, address):
        raise RequestError(f"{address} is on the never-log list ({entry}).")
    taken = ContactAddress.get_or_none(
        (ContactAddress.account == account) & (ContactAddress.address == address)
    )
    if taken:
        raise RequestError(
            f"{address} belongs to contact {taken.contact_id} already; `crm-logger contact merge` makes one of two."
        )
    return address


def _known(row: Contact) -> KnownContact:
    return next(_all_known([row]))


def _all_known(rows: Sequence[Contact]) -> Iterator[KnownContact]:
    """A few questions for many contacts, however many there are."""
    names = {account.id: account.name for account in Account.select()}
    for some in chunked(rows, _AT_ONCE):
        ids = [row.id for row in some]
        addresses = _addresses(ids)
        lengths = _lengths(ids)
        for row in some:
            count, last = lengths.get(row.id, (0, None))
            yield KnownContact(
                row.id,
                row.account_id,
                names[row.account_id],
                row.name,
                tuple(addresses.get(row.id, ())),
                count,
                last,
            )


def _addresses(contacts: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for row in (
        ContactAddress.select().where(ContactAddress.contact.in_(contacts)).order_by(ContactAddress.id)
    ):
        found.setdefault(row.contact_id, []).append(row.address)
    return found


def _lengths(contacts: list[int]) -> dict[int, tuple[int, datetime | None]]:
    line = EngagementContact
    counts = line.select(line.contact, fn.COUNT(line.engagement), fn.MAX(line.sent_at)).group_by(line.contact)
    counted = counts.where(line.contact.in_(contacts))
    return {contact: (count, line.sent_at.python_value(last)) for contact, count, last in tuples(counted)}
