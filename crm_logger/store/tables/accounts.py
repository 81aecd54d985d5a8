"""The tables of accounts, their users, log addresses and lists."""
# ruff: noqa: D106 -- peewee's Meta belongs to its table

from __future__ import annotations

from peewee import BooleanField, ForeignKeyField, TextField

from crm_logger.store.fields import CleanTextField, UtcField

from .base import AddressKind, Table


class Account(Table):
    """A tenant."""

    name = CleanTextField(unique=True)


class User(Table):
    """A salesperson. The addresses, the own one included, are rows of UserAddress."""

    account = ForeignKeyField(Account)
    account_id: int
    name = CleanTextField(default="")
    sales_access = BooleanField(default=True)
    active = BooleanField(default=True)


class UserAddress(Table):
    """An address that names a user: one user within an account, perhaps others in other accounts."""

    account = ForeignKeyField(Account, index=False)
    account_id: int
    user = ForeignKeyField(User, on_delete="CASCADE")
    user_id: int
    address = CleanTextField(index=True)
    kind = TextField(default=AddressKind.OWN)

    class Meta:
        indexes = ((("account", "address"), True),)


class LogAddress(Table):
    """A BCC or forwarding address. The token stands here to be shown to its users; it is looked up by its hash."""

    account = ForeignKeyField(Account)
    account_id: int
    user = ForeignKeyField(User, null=True, on_delete="CASCADE")
    user_id: int | None
    kind = TextField()
    token = TextField()
    token_hash = TextField(unique=True)
    created = UtcField()
    last_used = UtcField(null=True)
    valid_until = UtcField(null=True)
    revoked = BooleanField(default=False)


class NeverLog(Table):
    """An entry of an account's never-log list, or of one of its users'."""

    account = ForeignKeyField(Account, index=False)
    account_id: int
    user = ForeignKeyField(User, null=True, on_delete="CASCADE")
    user_id: int | None
    pattern = CleanTextField()


NeverLog.add_index(
    NeverLog.account,
    NeverLog.pattern,
    unique=True,
    where=NeverLog.user.is_null(),
    name="never_log_of_account",
)
NeverLog.add_index(
    NeverLog.user, NeverLog.pattern, unique=True, where=NeverLog.user.is_null(False), name="never_log_of_user"
)


class InternalDomain(Table):
    """A domain whose addresses are colleagues (R9)."""

    account = ForeignKeyField(Account, index=False)
    account_id: int
    domain = CleanTextField()

    class Meta:
        indexes = ((("account", "domain"), True),)
