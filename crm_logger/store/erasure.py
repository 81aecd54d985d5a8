"""Erasure of a person, and the never-log list applied to what is logged already; within a transaction of the Store."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from peewee import chunked

from crm_logger.core.address import canonical
from crm_logger.core.erasure import ERASED, tombstone
from crm_logger.core.fates import find_user, forbidden
from crm_logger.core.model import Log

from .forgetting import Forgotten, Whom, addresses_known, forget
from .people import RequestError
from .tables import ContactAddress, NeverLog, Tombstone, TombstoneKey, rows

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator
    from datetime import datetime

    from crm_logger.core.model import Decision, Directory

_AT_ONCE = 500
_KEY_BYTES = 32


def tombstone_key() -> bytes | None:
    """Return the key of this database's tombstones; None where nothing was ever erased."""
    row = TombstoneKey.get_or_none()
    return bytes(row.key) if row else None


def erased_among(decisions: Iterable[Decision]) -> set[tuple[int, str]]:
    """Return the people on mails to be logged whom the account erased, as (account, address).

    A decision that was made with an older snapshot does not know of them.
    """
    key = tombstone_key()
    if key is None:
        return set()
    stones = {
        (decision.account, tombstone(key, address)): (decision.account, address)
        for decision in decisions
        if isinstance(decision, Log)
        for address in _addresses_on(decision)
    }
    row = Tombstone
    digests = [digest for _, digest in stones]
    return {
        stones[account, digest]
        for some in chunked(digests, _AT_ONCE)
        for account, digest in rows(row.select(row.account, row.digest).where(row.digest.in_(list(some))))
        if (account, digest) in stones
    }


def names_any(decision: Decision, erased: Container[tuple[int, str]]) -> bool:
    """Tell whether a mail to be logged names one of these people."""
    return isinstance(decision, Log) and any(
        (decision.account, address) in erased for address in _addresses_on(decision)
    )


def _addresses_on(log: Log) -> Iterator[str]:
    for entry in log.entries:
        yield entry.author.address
        yield from (each.person.address for each in entry.participants if each.person.address)


def erase(directory: Directory, account: int, written: str, now: datetime) -> Forgotten:
    """Erase a person: the contact with all its addresses, their mails, their names in the ledger.

    A tombstone for each address keeps the person from coming back. Repeating it finds nothing.
    """
    address = _erasable(directory, account, written)
    addresses = {address} | _addresses_beside(account, address)
    for each in sorted(addresses):
        _bury(account, each, now)
    return forget(Whom(account, dict.fromkeys(addresses, ERASED), everywhere=True))


def lift(account: int, written: str) -> str:
    """Take the tombstone of an address away, so that mail makes it a contact again; return the address."""
    address, key = canonical(written), tombstone_key()
    stone = (Tombstone.account == account) & (Tombstone.digest == tombstone(key or b"", address))
    if key is None or not Tombstone.delete().where(stone).execute():
        raise RequestError(f"{written!r} was not erased.")
    return address


def purge_never_log(directory: Directory, account: int) -> Forgotten:
    """Apply the account's never-log list, and each user's own, to what is logged already (R8)."""
    known = addresses_known(account)
    found = Forgotten()
    users = {row.user_id for row in NeverLog.select().where(NeverLog.account == account)}
    for user in sorted(users, key=lambda each: each or 0):
        entries = {
            address: entry
            for address in known
            if (entry := forbidden(directory, account, user, address))
            and not find_user(directory, account, address)
        }
        found += forget(Whom(account, entries, user=user))
    return found


def _erasable(directory: Directory, account: int, written: str) -> str:
    address = canonical(written)
    if not address:
        raise RequestError(f"{written!r} is no mail address.")
    if find_user(directory, account, address):
        raise RequestError(f"{address} is a user's: `crm-logger user remove` ends a user.")
    return address


def _addresses_beside(account: int, address: str) -> set[str]:
    row = ContactAddress
    contact = row.select(row.contact).where(row.account == account, row.address == address)
    return {each for (each,) in rows(row.select(row.address).where(row.contact.in_(contact)))}


def _bury(account: int, address: str, now: datetime) -> None:
    key = tombstone_key()
    if key is None:
        key = secrets.token_bytes(_KEY_BYTES)
        TombstoneKey.create(key=key)
    digest = tombstone(key, address)
    Tombstone.insert(account=account, digest=digest, erased=now).on_conflict_ignore().execute()
