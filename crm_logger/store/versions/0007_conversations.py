"""Which mails of a timeline are one conversation."""
# ruff: noqa: D101, D106 -- the number gives the order; the models are frozen copies, described in tables/

from __future__ import annotations

from typing import Any

from peewee import (
    BigIntegerField,
    BooleanField,
    CompositeKey,
    DateTimeField,
    ForeignKeyField,
    Model,
    SqliteDatabase,
    TextField,
)


class Frozen(Model):
    class Meta:
        legacy_table_names = False


class Account(Frozen):
    name = TextField()


class ConversationName(Frozen):
    account = ForeignKeyField(Account, index=False, on_delete="CASCADE")
    name = BigIntegerField()
    conversation = BigIntegerField()
    seen = DateTimeField()

    class Meta:
        primary_key = CompositeKey("account", "name")
        without_rowid = True


INDEXES = (
    (
        'CREATE INDEX "timeline_conversation" ON "engagement_contact" '
        '("contact_id", "conversation", "sent_at", "engagement_id") WHERE ("conversation" IS NOT NULL)'
    ),
    'CREATE INDEX "timeline_loose" ON "engagement_contact" ("engagement_id") WHERE ("conversation" IS NULL)',
)

# Where the mail that stands open is removed, whoever does it, the next one of its conversation takes its place.
_NEXT = """
  update engagement_contact set folded = null
  where contact_id = old.contact_id and conversation = old.conversation and (sent_at, engagement_id) =
    (select sent_at, engagement_id from engagement_contact
     where contact_id = old.contact_id and conversation = old.conversation
     order by sent_at desc, engagement_id desc limit 1);
"""
UNFOLD = (
    f"""
    create trigger timeline_unfolds after delete on engagement_contact
    when old.folded is null and old.conversation is not null begin {_NEXT} end
    """,
)
UNFOLD_POSTGRES = (
    f"""
    create function timeline_unfolds() returns trigger language plpgsql as
    $$ begin {_NEXT} return null; end $$
    """,
    """
    create trigger timeline_unfolds after delete on engagement_contact for each row
    when (old.folded is null and old.conversation is not null) execute function timeline_unfolds()
    """,
)


def up(migrator: Any, db: Any) -> None:
    """Add the columns, their indexes, the names, and the trigger."""
    migrator.migrate(
        migrator.add_column("engagement_contact", "conversation", BigIntegerField(null=True)),
        migrator.add_column("engagement_contact", "folded", BooleanField(null=True)),
        migrator.add_index("engagement_contact", ("contact_id", "folded", "sent_at", "engagement_id")),
    )
    lite = isinstance(db, SqliteDatabase)
    ConversationName._meta.without_rowid = lite  # noqa: SLF001 -- known of SQLite alone
    db.bind((Account, ConversationName))
    db.create_tables((ConversationName,))
    for statement in (*INDEXES, *(UNFOLD if lite else UNFOLD_POSTGRES)):
        db.execute_sql(statement)
