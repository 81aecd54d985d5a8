"""What was erased, and must not come again."""
# ruff: noqa: D101, D106 -- the number gives the order; the models are frozen copies, described in tables/

from __future__ import annotations

from typing import Any

from peewee import BlobField, DateTimeField, ForeignKeyField, Model, TextField


class Frozen(Model):
    class Meta:
        legacy_table_names = False


class Account(Frozen):
    name = TextField()


class TombstoneKey(Frozen):
    key = BlobField()


class Tombstone(Frozen):
    account = ForeignKeyField(Account, index=False)
    digest = TextField()
    erased = DateTimeField()

    class Meta:
        indexes = ((("account", "digest"), True),)


ALL = (TombstoneKey, Tombstone)


def up(_migrator: Any, db: Any) -> None:
    """Create the tables."""
    db.bind((Account, *ALL))
    db.create_tables(ALL)
