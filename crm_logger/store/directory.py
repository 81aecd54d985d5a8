"""Reads the directory: everything that decisions depend on, as one snapshot."""

from __future__ import annotations

from collections import defaultdict

from crm_logger.core.model import Directory, Kind, LogAddress, NeverLog, Policy, User

from . import tables
from .erasure import tombstone_key
from .tables import AddressKind, rows


def read_directory(policy: Policy) -> Directory:
    """Return all accounts' users, log addresses, never-log entries and internal domains, keyed for look-up."""
    return Directory(
        policy=policy,
        users_by_address=_users_by_address(),
        log_addresses_by_hash=_log_addresses_by_hash(),
        never_log=_never_log(),
        internal_domains=_internal_domains(),
        tombstones=_tombstones(),
        tombstone_key=tombstone_key() or b"",
    )


def _users_by_address() -> dict[str, tuple[User, ...]]:
    found: defaultdict[str, tuple[User, ...]] = defaultdict(tuple)
    addresses = _addresses_by_user()
    row = tables.User
    query = row.select(row.id, row.account, row.name, row.sales_access, row.active).order_by(row.id)
    for id_, account, name, sales, active in rows(query):
        user = User(id_, account, name, tuple(addresses[id_]), sales, active)
        for address in user.addresses:
            found[address] += (user,)
    return dict(found)


def _addresses_by_user() -> defaultdict[int, list[str]]:
    """The own address comes first."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    row = tables.UserAddress
    own_first = row.kind != AddressKind.OWN
    for user, address in rows(row.select(row.user, row.address).order_by(own_first, row.id)):
        found[user].append(address)
    return found


def _log_addresses_by_hash() -> dict[str, LogAddress]:
    row = tables.LogAddress
    query = row.select(row.id, row.account, row.kind, row.token_hash, row.user, row.valid_until, row.revoked)
    return {
        hashed: LogAddress(id_, account, Kind(kind), hashed, user, valid_until, revoked)
        for id_, account, kind, hashed, user, valid_until, revoked in rows(query)
    }


def _never_log() -> dict[int, tuple[NeverLog, ...]]:
    found: defaultdict[int, tuple[NeverLog, ...]] = defaultdict(tuple)
    row = tables.NeverLog
    for account, pattern, user in rows(row.select(row.account, row.pattern, row.user).order_by(row.id)):
        found[account] += (NeverLog(account, pattern, user),)
    return dict(found)


def _internal_domains() -> dict[int, frozenset[str]]:
    found: defaultdict[int, set[str]] = defaultdict(set)
    row = tables.InternalDomain
    for account, domain in rows(row.select(row.account, row.domain)):
        found[account].add(domain)
    return {account: frozenset(domains) for account, domains in found.items()}


def _tombstones() -> dict[int, frozenset[str]]:
    found: defaultdict[int, set[str]] = defaultdict(set)
    row = tables.Tombstone
    for account, digest in rows(row.select(row.account, row.digest)):
        found[account].add(digest)
    return {account: frozenset(digests) for account, digests in found.items()}
