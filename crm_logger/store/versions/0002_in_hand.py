"""Which mails are in hand, and which a process died of."""
# ruff: noqa: D101, D106 -- the number gives the order; the models are frozen copies, described in tables.py

from __future__ import annotations

from typing import Any

from peewee import BigIntegerField, Database, DateTimeField, ForeignKeyField, IntegerField, Model, TextField


class Frozen(Model):
    class Meta:
        legacy_table_names = False


class Mailbox(Frozen):
    name = TextField(unique=True)


class InHand(Frozen):
    mailbox = ForeignKeyField(Mailbox, index=False)
    folder = TextField()
    uidvalidity = BigIntegerField()
    uids = TextField()
    worker = TextField()

    class Meta:
        indexes = ((("mailbox", "folder"), True),)


class Death(Frozen):
    mailbox = ForeignKeyField(Mailbox, index=False)
    folder = TextField()
    uidvalidity = BigIntegerField()
    uid = BigIntegerField()
    deaths = IntegerField()
    reason = TextField()
    how = TextField()
    not_before = DateTimeField()

    class Meta:
        indexes = ((("mailbox", "folder", "uidvalidity", "uid"), True),)


ALL = (InHand, Death)


def up(_migrator: Any, db: Database) -> None:
    """Create both tables."""
    db.bind((Mailbox, *ALL))
    db.create_tables(ALL)
