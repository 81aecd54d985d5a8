"""The tables of the pages: who may sign in, who is signed in, and what was asked for there."""

from __future__ import annotations

from peewee import BooleanField, ForeignKeyField, TextField

from crm_logger.store.fields import CleanTextField, UtcField

from .accounts import User
from .base import Table
from .ledger import Receipt


class Login(Table):
    """How a user gets to the pages. No row: as a plain user, by one-time link or proxy alone."""

    user = ForeignKeyField(User, unique=True, on_delete="CASCADE")
    user_id: int
    role = TextField(default="user")
    password = TextField(default="")


class SignInLink(Table):
    """A link that signs a user in once; it is looked up by its hash."""

    token_hash = TextField(unique=True)
    user = ForeignKeyField(User, on_delete="CASCADE")
    user_id: int
    valid_until = UtcField()


class WebSession(Table):
    """A browser that is signed in; the cookie is looked up by its hash."""

    token_hash = TextField(unique=True)
    user = ForeignKeyField(User, on_delete="CASCADE")
    user_id: int
    created = UtcField()
    seen = UtcField()
    valid_until = UtcField()


class Wish(Table):
    """A mail that a person wants to be taken in again, and what that person ruled. `done` is None while it waits."""

    receipt = ForeignKeyField(Receipt, on_delete="CASCADE")
    receipt_id: int
    user = ForeignKeyField(User, null=True, on_delete="SET NULL")
    user_id: int | None
    anyway = BooleanField(default=False)
    author = CleanTextField(default="")
    asked = UtcField()
    done = UtcField(null=True)
    result = CleanTextField(default="")


Wish.add_index(Wish.receipt, unique=True, where=Wish.done.is_null(), name="wish_waiting")
