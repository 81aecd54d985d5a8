"""Who may see the pages, what people want to be taken in again, and the search index."""
# ruff: noqa: D101, D106 -- the number gives the order; the models are frozen copies, described in tables.py

from __future__ import annotations

from typing import Any

from peewee import BooleanField, DateTimeField, ForeignKeyField, Model, SqliteDatabase, TextField


class Frozen(Model):
    class Meta:
        legacy_table_names = False


class User(Frozen):
    name = TextField()


class Receipt(Frozen):
    folder = TextField()


class Login(Frozen):
    user = ForeignKeyField(User, unique=True, on_delete="CASCADE")
    role = TextField()
    password = TextField()


class SignInLink(Frozen):
    token_hash = TextField(unique=True)
    user = ForeignKeyField(User, on_delete="CASCADE")
    valid_until = DateTimeField()


class WebSession(Frozen):
    token_hash = TextField(unique=True)
    user = ForeignKeyField(User, on_delete="CASCADE")
    created = DateTimeField()
    seen = DateTimeField()
    valid_until = DateTimeField()


class Wish(Frozen):
    receipt = ForeignKeyField(Receipt, on_delete="CASCADE")
    user = ForeignKeyField(User, null=True, on_delete="SET NULL")
    anyway = BooleanField()
    author = TextField()
    asked = DateTimeField()
    done = DateTimeField(null=True)
    result = TextField()


Wish.add_index(Wish.receipt, unique=True, where=Wish.done.is_null(), name="wish_waiting")

ALL = (Login, SignInLink, WebSession, Wish)

# A mail that is removed leaves the index in the same transaction, whoever removes it. Numbers of removed mails may be
# given out again, so the mark goes back with them.
SEARCH = (
    """
    create virtual table mail_search using fts5
    (subject, body, people, tokenize='unicode61 remove_diacritics 2', prefix='2 3')
    """,
    "create table mail_search_mark (up_to integer not null)",
    "insert into mail_search_mark (up_to) values (0)",
    """
    create trigger mail_search_forgets after delete on engagement begin
      delete from mail_search where rowid = old.id;
      update mail_search_mark set up_to = min(up_to, (select coalesce(max(id), 0) from engagement));
    end
    """,
)

# What a server has for this: the words with their places, found by an inverted index. Its numbers are never given again.
SEARCH_POSTGRES = (
    """
    create table mail_search (
      id bigint primary key references engagement (id) on delete cascade,
      subject text not null, body text not null, words tsvector not null
    )
    """,
    "create index mail_search_words on mail_search using gin (words)",
    "create table mail_search_mark (up_to bigint not null)",
    "insert into mail_search_mark (up_to) values (0)",
)


def up(_migrator: Any, db: Any) -> None:
    """Create the tables, the index and its trigger."""
    db.bind((User, Receipt, *ALL))
    db.create_tables(ALL)
    for statement in SEARCH if isinstance(db, SqliteDatabase) else SEARCH_POSTGRES:
        db.execute_sql(statement)
