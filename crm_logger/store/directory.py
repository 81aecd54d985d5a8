"""Reads the directory: everything that decisions depend on, as one snapshot."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from crm_logger.core.model import Directory, Kind, LogAddress, NeverLog, Policy, User

from .fields import aware
from .statements import Row, ask
from .tables import AddressKind

if TYPE_CHECKING:
    from collections.abc import Iterable

_QUESTIONS: Final = (
    'SELECT id, account_id, name, sales_access, active FROM "user" ORDER BY id',
    f"SELECT user_id, address FROM user_address ORDER BY kind <> '{AddressKind.OWN}', id",  # noqa: S608 -- a word of ours
    "SELECT id, account_id, kind, token_hash, user_id, valid_until, revoked FROM log_address",
    "SELECT account_id, pattern, user_id FROM never_log ORDER BY id",
    "SELECT account_id, domain FROM internal_domain",
    "SELECT account_id, digest FROM tombstone",
    'SELECT "key" FROM tombstone_key',
)


class Directories:
    """Reads directories, and gives the same object for as long as the database holds the same.

    The rows are read each time, for a decision must know all that was there when its turn began. To compare them costs
    little; to build the directory, and to tell it to the process that reads mail, costs more.
    """

    def __init__(self) -> None:
        self._known: dict[Policy, tuple[list[list[Row]], Directory]] = {}

    def read(self, policy: Policy) -> Directory:
        """Return the directory as it is now; call it within a transaction of the Store."""
        rows = [ask(question) for question in _QUESTIONS]
        known, directory = self._known.get(policy, (None, None))
        if directory is None or known != rows:
            directory = _built(policy, rows)
            self._known[policy] = rows, directory
        return directory


def read_directory(policy: Policy) -> Directory:
    """Return all accounts' users, log addresses, never-log entries and internal domains, keyed for look-up."""
    return Directories().read(policy)


def _built(policy: Policy, rows: list[list[Row]]) -> Directory:
    users, addresses, log_addresses, never_log, domains, tombstones, keys = rows
    return Directory(
        policy=policy,
        users_by_address=_users_by_address(users, addresses),
        log_addresses_by_hash=_log_addresses_by_hash(log_addresses),
        never_log=_never_log(never_log),
        internal_domains=_sets(domains),
        tombstones=_sets(tombstones),
        tombstone_key=bytes(keys[0][0]) if keys else b"",
    )


def _users_by_address(rows: list[Row], addresses: list[Row]) -> dict[str, tuple[User, ...]]:
    """The own address comes first."""
    of_user: defaultdict[int, list[str]] = defaultdict(list)
    for id_, address in addresses:
        of_user[id_].append(address)
    found: defaultdict[str, tuple[User, ...]] = defaultdict(tuple)
    for id_, account, name, sales, active in rows:
        user = User(id_, account, name, tuple(of_user[id_]), bool(sales), bool(active))
        for address in user.addresses:
            found[address] += (user,)
    return dict(found)


def _log_addresses_by_hash(rows: list[Row]) -> dict[str, LogAddress]:
    return {
        hashed: LogAddress(
            id_, account, Kind(kind), hashed, user, aware(until) if until else None, bool(revoked)
        )
        for id_, account, kind, hashed, user, until, revoked in rows
    }


def _never_log(rows: list[Row]) -> dict[int, tuple[NeverLog, ...]]:
    found: defaultdict[int, tuple[NeverLog, ...]] = defaultdict(tuple)
    for account, pattern, user in rows:
        found[account] += (NeverLog(account, pattern, user),)
    return dict(found)


def _sets(rows: Iterable[Row]) -> dict[int, frozenset[str]]:
    """What an account has of something, by account."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    for account, each in rows:
        found[account].add(each)
    return {account: frozenset(some) for account, some in found.items()}
