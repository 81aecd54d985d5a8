"""Mails that were decided again and are not in the folder of their outcome yet."""
# ruff: noqa: D101, D106 -- the number gives the order; the models are frozen copies, described in tables.py

from __future__ import annotations

from typing import Any

from peewee import Database, DateTimeField, ForeignKeyField, Model, TextField


class Frozen(Model):
    class Meta:
        legacy_table_names = False


class Receipt(Frozen):
    folder = TextField()


class Unmoved(Frozen):
    receipt = ForeignKeyField(Receipt, unique=True, on_delete="CASCADE")
    since = DateTimeField()


def up(_migrator: Any, db: Database) -> None:
    """Create the table."""
    db.bind((Receipt, Unmoved))
    db.create_tables((Unmoved,))
