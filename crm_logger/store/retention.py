"""Removes what is older than the house may keep, a little at a time; each function runs in a transaction of the Store.

Receipts stay for good, without anything personal: they are what keeps a mail that still lies in the mailbox from being
taken in again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from peewee import fn

from .removal import remove_mails
from .tables import Contact, Decision, Engagement, EngagementContact, Receipt, rows

if TYPE_CHECKING:
    from datetime import datetime

AT_ONCE = 200
"""So many rows in a transaction: a worker waits for a moment at most."""


@dataclass(frozen=True, slots=True)
class Old:
    """What is older than a time: logged mails, contacts that are left without any, decisions that name people."""

    mails: int = 0
    contacts: int = 0
    decisions: int = 0


def count_old(account: int, before: datetime) -> Old:
    """Return what would be removed."""
    old = Engagement.select(Engagement.id).where(_old_mail(account, before))
    line = EngagementContact
    young = line.select(line.contact).join(Engagement).where(Engagement.sent_at >= before)
    contacts = Contact.select().where(_made_by_mail(account), Contact.id.not_in(young))
    return Old(old.count(), contacts.count(), _old_decisions(account, before).count())


def remove_old_mails(account: int, before: datetime) -> int:
    """Remove some mails that were sent before a time; return how many, 0 where there are none left."""
    query = Engagement.select(Engagement.id).where(_old_mail(account, before)).order_by(Engagement.id)
    return remove_mails([mail for (mail,) in rows(query.limit(AT_ONCE))])


def remove_empty_contacts(account: int) -> int:
    """Remove some contacts that a mail made and that have no mail any more; return how many."""
    line = EngagementContact
    query = Contact.select(Contact.id).where(
        _made_by_mail(account), Contact.id.not_in(line.select(line.contact))
    )
    gone = [contact for (contact,) in rows(query.limit(AT_ONCE))]
    return int(Contact.delete().where(Contact.id.in_(gone)).execute())


def forget_old_decisions(account: int, before: datetime) -> int:
    """Take names, addresses and subjects out of some decisions about mail taken in before a time; return how many."""
    found = list(_old_decisions(account, before).limit(AT_ONCE))
    for row in found:
        row.sender = row.subject = row.evidence = ""
        row.candidates = []
        row.fates = [_nameless(fate) for fate in row.fates]
        row.save()
    receipts = [row.receipt_id for row in found]
    Receipt.update(raw_mail=None).where(Receipt.id.in_(receipts)).execute()
    return len(found)


def _old_mail(account: int, before: datetime) -> Any:
    return (Engagement.account == account) & (Engagement.sent_at < before)


def _made_by_mail(account: int) -> Any:
    return (Contact.account == account) & Contact.receipt.is_null(False)


def _old_decisions(account: int, before: datetime) -> Any:
    row = Decision
    names = fn.LOWER(row.fates).contains('"address"') | (fn.LENGTH(row.candidates) > len("[]"))
    personal = (row.sender != "") | (row.subject != "") | (row.evidence != "") | names
    old = Receipt.taken_at < before
    return row.select(row).join(Receipt).where(row.account.in_((account, 0)), old, personal).order_by(row.id)


def _nameless(fate: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fate.items() if key not in {"name", "address"}}
