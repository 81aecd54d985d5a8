"""The never-log lists and the internal domains; call it within a transaction of the Store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crm_logger.core.address import canonical_domain, is_free_mail, is_public_suffix, read_pattern

from .people import RequestError
from .tables import Account, InternalDomain, NeverLog, User


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """An entry of a never-log list; `user` is the name of the only user it counts for, or ""."""

    id: int
    account: int
    account_name: str
    user_id: int | None
    user: str
    pattern: str


@dataclass(frozen=True, slots=True)
class KnownDomain:
    """An internal domain of an account."""

    account: int
    account_name: str
    domain: str


def never_log(account: int | None = None, user: int | None = None) -> list[KnownEntry]:
    """The never-log entries: of all accounts, of one, or of one user."""
    rows = (
        NeverLog.select(NeverLog, Account)
        .join(Account)
        .order_by(NeverLog.account, NeverLog.pattern, NeverLog.id)
    )
    if account is not None:
        rows = rows.where(NeverLog.account == account)
    if user is not None:
        rows = rows.where(NeverLog.user == user)
    return [_entry(row) for row in rows]


def add_never_log(account: int, pattern: str, user: int | None = None) -> KnownEntry:
    """A new entry, in its normal form."""
    normal = _normal(pattern)
    if NeverLog.select().where(_same(account, normal, user)).exists():
        raise RequestError(f"{normal} is on the never-log list already.")
    return _entry(NeverLog.create(account=account, pattern=normal, user=user))


def remove_never_log(account: int, pattern: str, user: int | None = None) -> str:
    """Take an entry off the account's list, or off that user's own; gives back its normal form."""
    normal = _normal(pattern)
    if not NeverLog.delete().where(_same(account, normal, user)).execute():
        raise RequestError(f"{normal} is not on {'this user' if user else 'the account'}'s never-log list.")
    return normal


def _normal(pattern: str) -> str:
    if (normal := read_pattern(pattern)) is None:
        raise RequestError(
            f"{pattern!r} is no entry: x@y is that address, y or *@y the domain with its subdomains, =y that domain alone."
        )
    if is_public_suffix(normal.removeprefix("=")):
        raise RequestError(f"{normal} is what registries sell names under: half the world would match.")
    return normal


def _same(account: int, pattern: str, user: int | None) -> Any:
    owner = NeverLog.user.is_null() if user is None else NeverLog.user == user
    return (NeverLog.account == account) & (NeverLog.pattern == pattern) & owner


def _entry(row: NeverLog) -> KnownEntry:
    user = User.get_or_none(User.id == row.user_id) if row.user_id else None
    return KnownEntry(
        row.id, row.account_id, row.account.name, row.user_id, user.name if user else "", row.pattern
    )


# ---------------------------------------------------------------- internal domains


def internal_domains(account: int | None = None) -> list[KnownDomain]:
    """The internal domains of all accounts or of one."""
    rows = InternalDomain.select(InternalDomain, Account).join(Account)
    if account is not None:
        rows = rows.where(InternalDomain.account == account)
    ordered = rows.order_by(InternalDomain.account, InternalDomain.domain)
    return [KnownDomain(row.account_id, row.account.name, row.domain) for row in ordered]


def add_internal_domain(account: int, written: str) -> KnownDomain:
    """A domain whose addresses are all colleagues' (R9); never one where anybody can get an address."""
    domain = canonical_domain(written.strip().removeprefix("@"))
    if "." not in domain:
        raise RequestError(f"{written!r} is no domain.")
    if is_free_mail(domain):
        raise RequestError(f"Anybody can get an address at {domain}: clients there would never be logged.")
    if is_public_suffix(domain):
        raise RequestError(f"{domain} is what registries sell names under, and nobody's own domain.")
    if _mine(account, domain).exists():
        raise RequestError(f"{domain} is an internal domain already.")
    row = InternalDomain.create(account=account, domain=domain)
    return KnownDomain(account, row.account.name, domain)


def remove_internal_domain(account: int, written: str) -> str:
    """Take a domain off the list; gives back its normal form."""
    domain = canonical_domain(written.strip().removeprefix("@"))
    row = _mine(account, domain).first()
    if row is None:
        raise RequestError(f"{written!r} is no internal domain.")
    row.delete_instance()
    return domain


def _mine(account: int, domain: str) -> Any:
    return InternalDomain.select().where(
        (InternalDomain.account == account) & (InternalDomain.domain == domain)
    )
