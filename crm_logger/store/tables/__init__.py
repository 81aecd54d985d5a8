"""The tables, as peewee models. Their history is told by versions/; a test keeps both the same."""

from __future__ import annotations

from .accounts import Account, InternalDomain, LogAddress, NeverLog, User, UserAddress
from .base import AddressKind, Table, database, rows
from .engagements import (
    Attachment,
    Captured,
    Contact,
    ContactAddress,
    Content,
    Engagement,
    EngagementContact,
    Participant,
)
from .ledger import Alarm, Death, Decision, Deferral, Event, FolderState, InHand, Mailbox, Receipt
from .pages import Login, SignInLink, WebSession, Wish

__all__ = [
    "ALL",
    "Account",
    "AddressKind",
    "Alarm",
    "Attachment",
    "Captured",
    "Contact",
    "ContactAddress",
    "Content",
    "Death",
    "Decision",
    "Deferral",
    "Engagement",
    "EngagementContact",
    "Event",
    "FolderState",
    "InHand",
    "InternalDomain",
    "LogAddress",
    "Login",
    "Mailbox",
    "NeverLog",
    "Participant",
    "Receipt",
    "SignInLink",
    "Table",
    "User",
    "UserAddress",
    "WebSession",
    "Wish",
    "database",
    "rows",
]

ALL: tuple[type[Table], ...] = (
    Account,
    User,
    UserAddress,
    LogAddress,
    NeverLog,
    InternalDomain,
    Mailbox,
    FolderState,
    Receipt,
    Decision,
    Deferral,
    InHand,
    Death,
    Event,
    Alarm,
    Contact,
    ContactAddress,
    Engagement,
    Participant,
    EngagementContact,
    Captured,
    Content,
    Attachment,
    Login,
    SignInLink,
    WebSession,
    Wish,
)
