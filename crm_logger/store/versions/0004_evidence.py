"""What is known of a sender's authenticity, and what the limits count."""

from __future__ import annotations

from typing import Any

from peewee import DateTimeField, IntegerField, TextField

_CREATED = 'CREATE INDEX "decision_created_{0}" ON "decision" ("{0}", "counted_at") WHERE ("created" > 0)'


def up(migrator: Any, db: Any) -> None:
    """Add three columns, and the indexes that the limits are counted by."""
    migrator.migrate(
        migrator.add_column("decision", "evidence", TextField(default="")),
        migrator.add_column("decision", "counted_at", DateTimeField(null=True)),
        migrator.add_column("decision", "created", IntegerField(default=0)),
        migrator.add_index("decision", ("user_id", "counted_at")),
        migrator.add_index("decision", ("log_address_id", "counted_at")),
    )
    for who in ("user_id", "log_address_id"):
        db.execute_sql(_CREATED.format(who))
