"""Who leads a mailbox, where several workers share a database."""
# ruff: noqa: D101, D106 -- the number gives the order; the models are frozen copies, described in tables.py

from __future__ import annotations

from typing import Any

from peewee import BigIntegerField, Database, DateTimeField, ForeignKeyField, Model, TextField


class Frozen(Model):
    class Meta:
        legacy_table_names = False


class Mailbox(Frozen):
    name = TextField(unique=True)


class Lease(Frozen):
    mailbox = ForeignKeyField(Mailbox, unique=True, on_delete="CASCADE")
    token = BigIntegerField()
    worker = TextField()
    until = DateTimeField()


def up(_migrator: Any, db: Database) -> None:
    """Create the table."""
    db.bind((Mailbox, Lease))
    db.create_tables((Lease,))
