"""The tables of what was erased, and must not come again."""
# ruff: noqa: D106 -- peewee's Meta belongs to its table

from __future__ import annotations

from peewee import BlobField, ForeignKeyField, TextField

from crm_logger.store.fields import UtcField

from .accounts import Account
from .base import Table


class TombstoneKey(Table):
    """The secret that tombstones are made with: one row, made by the first erasure."""

    key = BlobField()


class Tombstone(Table):
    """The keyed hash of an address that an account erased."""

    account = ForeignKeyField(Account, index=False)
    account_id: int
    digest = TextField()
    erased = UtcField()

    class Meta:
        indexes = ((("account", "digest"), True),)
