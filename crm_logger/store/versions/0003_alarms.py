"""Alarms, and when a folder was last looked at."""
# ruff: noqa: D101, D106 -- the number gives the order; the models are frozen copies, described in tables.py

from __future__ import annotations

from typing import Any

from peewee import BigIntegerField, Database, DateTimeField, Model, TextField


class Frozen(Model):
    class Meta:
        legacy_table_names = False


class Alarm(Frozen):
    kind = TextField()
    detail = TextField()
    raised = DateTimeField()
    cleared = DateTimeField(null=True)


Alarm.add_index(Alarm.kind, unique=True, where=Alarm.cleared.is_null(), name="alarm_open")


def up(migrator: Any, db: Database) -> None:
    """Create the table, and add the two columns."""
    db.bind((Alarm,))
    db.create_tables((Alarm,))
    migrator.migrate(
        migrator.add_column("folder_state", "looked_at", DateTimeField(null=True)),
        migrator.add_column("folder_state", "looked_up_to", BigIntegerField(default=0)),
    )
