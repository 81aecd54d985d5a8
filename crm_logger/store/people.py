"""Accounts, users and the addresses that name a user; call it within a transaction of the Store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_logger.core.address import canonical
from crm_logger.core.fates import is_log_address

from .tables import (
    Account,
    AddressKind,
    Captured,
    Contact,
    ContactAddress,
    Decision,
    Engagement,
    InternalDomain,
    LogAddress,
    NeverLog,
    User,
    UserAddress,
)

if TYPE_CHECKING:
    from crm_logger.core.model import Policy


class RequestError(Exception):
    """What was asked for cannot be. The text is a sentence for whoever asked."""


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """An account, and how much there is in it."""

    id: int
    name: str
    users: int
    contacts: int
    engagements: int


@dataclass(frozen=True, slots=True)
class KnownUser:
    """A user with every address that names the user; `address` is the own one."""

    id: int
    account: int
    account_name: str
    name: str
    address: str
    connected: tuple[str, ...]
    aliases: tuple[str, ...]
    sales_access: bool
    active: bool


@dataclass(frozen=True, slots=True)
class Changes:
    """What to change of a user; None leaves it as it is."""

    name: str | None = None
    address: str | None = None
    sales_access: bool | None = None
    active: bool | None = None


# ---------------------------------------------------------------- accounts


def accounts() -> list[KnownAccount]:
    """All accounts, by name."""
    return [_known_account(row) for row in Account.select().order_by(Account.name)]


def find_account(wanted: str | None) -> KnownAccount:
    """The account of that name or number; None means the only one there is."""
    known = accounts()
    if wanted is None:
        return _the_only(known)
    for account in known:
        if wanted.casefold() == account.name.casefold() or wanted == str(account.id):
            return account
    raise RequestError(f"There is no account {wanted!r}. {_listed(known)}")


def add_account(name: str) -> KnownAccount:
    """A new account; its name must be new."""
    return _known_account(Account.create(name=_free_name(name)))


def rename_account(account: int, name: str) -> KnownAccount:
    """Give an account another name."""
    row = Account.get_by_id(account)
    row.name = _free_name(name, except_for=account)
    row.save()
    return _known_account(row)


def remove_account(account: int) -> None:
    """Remove an account that no mail ever came for: the ledger names accounts by their numbers for good."""
    known = _known_account(Account.get_by_id(account))
    mails = Decision.select().where(Decision.account == account).count()
    if mails or known.contacts:
        raise RequestError(
            f"{known.name} has {mails} receipts and {known.contacts} contacts: it stays. "
            "Set its users inactive and revoke its log addresses instead."
        )
    for table in (NeverLog, InternalDomain, LogAddress, UserAddress, User):
        table.delete().where(table.account == account).execute()
    Account.delete().where(Account.id == account).execute()


def _known_account(row: Account) -> KnownAccount:
    counts = [table.select().where(table.account == row.id).count() for table in (User, Contact, Engagement)]
    return KnownAccount(row.id, row.name, *counts)


def _the_only(known: list[KnownAccount]) -> KnownAccount:
    if len(known) == 1:
        return known[0]
    if not known:
        raise RequestError("There is no account yet: `crm-logger account add NAME` makes one.")
    raise RequestError(f"There are several accounts: say which with --account. {_listed(known)}")


def _listed(known: list[KnownAccount]) -> str:
    return (
        "There are: " + ", ".join(account.name for account in known) + "." if known else "There is none yet."
    )


def _free_name(name: str, except_for: int | None = None) -> str:
    name = " ".join(name.split())
    if not name or name.isdecimal():
        raise RequestError("An account needs a name that is not a mere number.")
    if any(known.name.casefold() == name.casefold() and known.id != except_for for known in accounts()):
        raise RequestError(f"There is an account {name!r} already.")
    return name


# ---------------------------------------------------------------- users


def users(account: int | None = None) -> list[KnownUser]:
    """All users, or those of one account, in the order in which they came."""
    rows = User.select().order_by(User.account, User.id)
    return [_known_user(row) for row in (rows if account is None else rows.where(User.account == account))]


def find_user(wanted: str, account: int | None = None) -> KnownUser:
    """The user with that address or number; with `account`, within it."""
    address = canonical(wanted)
    found = [
        user
        for user in users(account)
        if wanted == str(user.id) or (address and address in (user.address, *user.connected, *user.aliases))
    ]
    if not found:
        raise RequestError(f"No user has the address {wanted!r}; `crm-logger user list` shows them all.")
    if len(found) > 1:
        names = ", ".join(user.account_name for user in found)
        raise RequestError(f"{wanted!r} is a user of several accounts: say which with --account ({names}).")
    return found[0]


def add_user(
    policy: Policy, account: int, address: str, name: str = "", *, sales_access: bool = True
) -> KnownUser:
    """A new user with the own address."""
    address = _free_address(policy, account, address)
    row = User.create(account=account, name=" ".join(name.split()) or address, sales_access=sales_access)
    UserAddress.create(account=account, user=row.id, address=address, kind=AddressKind.OWN)
    return _known_user(row)


def change_user(policy: Policy, user: int, changes: Changes) -> KnownUser:
    """Change what is given of a user; a new own address takes the old one's place."""
    row = User.get_by_id(user)
    if changes.name is not None:
        row.name = " ".join(changes.name.split()) or row.name
    if changes.sales_access is not None:
        row.sales_access = changes.sales_access
    if changes.active is not None:
        row.active = changes.active
    row.save()
    if changes.address is not None and canonical(changes.address) != _known_user(row).address:
        _change_own(policy, row, changes.address)
    return _known_user(row)


def _change_own(policy: Policy, row: User, address: str) -> None:
    own = UserAddress.get((UserAddress.user == row.id) & (UserAddress.kind == AddressKind.OWN))
    own.address = _free_address(policy, row.account_id, address)
    own.save()


def remove_user(user: int) -> None:
    """Remove a user who never logged a mail, with addresses and log addresses of the user's own."""
    known = _known_user(User.get_by_id(user))
    if captured := Captured.select().where(Captured.user == user).count():
        raise RequestError(
            f"{known.name} logged {captured} mails, which say so: the user stays. "
            f"`crm-logger user change {known.address} --inactive` ends the logging."
        )
    User.delete().where(User.id == user).execute()


# ---------------------------------------------------------------- connected addresses and aliases


def add_address(policy: Policy, user: int, address: str, kind: AddressKind) -> KnownUser:
    """One more address that names the user (R6)."""
    row = User.get_by_id(user)
    UserAddress.create(
        account=row.account_id, user=user, address=_free_address(policy, row.account_id, address), kind=kind
    )
    return _known_user(row)


def remove_address(user: int, address: str, kind: AddressKind) -> KnownUser:
    """Take an alias or a connected address away from the user."""
    row = User.get_by_id(user)
    mine = (UserAddress.user == user) & (UserAddress.kind == kind)
    if not UserAddress.delete().where(mine & (UserAddress.address == canonical(address))).execute():
        raise RequestError(f"{row.name} has no {_NAMES[kind]} {address!r}.")
    return _known_user(row)


def contact_at(account: int, address: str) -> str | None:
    """The name of the contact that has this address, None where there is none."""
    row = (
        ContactAddress.select(ContactAddress, Contact)
        .join(Contact)
        .where((ContactAddress.account == account) & (ContactAddress.address == canonical(address)))
        .first()
    )
    return str(row.contact.name or row.address) if row else None


_NAMES = {
    AddressKind.OWN: "own address",
    AddressKind.CONNECTED: "connected address",
    AddressKind.ALIAS: "alias",
}


def _free_address(policy: Policy, account: int, written: str) -> str:
    """The address in its normal form, where it is one and names no other user of the account."""
    address = canonical(written)
    if not address:
        raise RequestError(f"{written!r} is no mail address.")
    if is_log_address(policy, address):
        raise RequestError(
            "That is a log address or the mailbox's own: mail goes to it, and nobody writes from it."
        )
    taken = (
        UserAddress.select(UserAddress, User)
        .join(User)
        .where((UserAddress.account == account) & (UserAddress.address == address))
        .first()
    )
    if taken:
        raise RequestError(
            f"{address} is the {_NAMES[AddressKind(taken.kind)]} of {taken.user.name} already."
        )
    return address


def _known_user(row: User) -> KnownUser:
    rows = UserAddress.select().where(UserAddress.user == row.id).order_by(UserAddress.address)
    by_kind = {kind: tuple(each.address for each in rows if each.kind == kind) for kind in AddressKind}
    return KnownUser(
        id=row.id,
        account=row.account_id,
        account_name=row.account.name,
        name=row.name,
        address=next(iter(by_kind[AddressKind.OWN]), ""),
        connected=by_kind[AddressKind.CONNECTED],
        aliases=by_kind[AddressKind.ALIAS],
        sales_access=row.sales_access,
        active=row.active,
    )
