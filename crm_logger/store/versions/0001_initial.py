"""The first schema."""
# ruff: noqa: D101, D106 -- the number gives the order; the models are frozen copies, described in tables.py

from __future__ import annotations

from typing import Any

from peewee import (
    BigIntegerField,
    BlobField,
    BooleanField,
    CompositeKey,
    Database,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    SqliteDatabase,
    TextField,
)


class Frozen(Model):
    class Meta:
        legacy_table_names = False


class Account(Frozen):
    name = TextField(unique=True)


class User(Frozen):
    account = ForeignKeyField(Account)
    name = TextField()
    sales_access = BooleanField()
    active = BooleanField()


class UserAddress(Frozen):
    account = ForeignKeyField(Account, index=False)
    user = ForeignKeyField(User, on_delete="CASCADE")
    address = TextField(index=True)
    kind = TextField()

    class Meta:
        indexes = ((("account", "address"), True),)


class LogAddress(Frozen):
    account = ForeignKeyField(Account)
    user = ForeignKeyField(User, null=True, on_delete="CASCADE")
    kind = TextField()
    token = TextField()
    token_hash = TextField(unique=True)
    created = DateTimeField()
    last_used = DateTimeField(null=True)
    valid_until = DateTimeField(null=True)
    revoked = BooleanField()


class NeverLog(Frozen):
    account = ForeignKeyField(Account, index=False)
    user = ForeignKeyField(User, null=True, on_delete="CASCADE")
    pattern = TextField()


NeverLog.add_index(
    NeverLog.account,
    NeverLog.pattern,
    unique=True,
    where=NeverLog.user.is_null(),
    name="never_log_of_account",
)
NeverLog.add_index(
    NeverLog.user, NeverLog.pattern, unique=True, where=NeverLog.user.is_null(False), name="never_log_of_user"
)


class InternalDomain(Frozen):
    account = ForeignKeyField(Account, index=False)
    domain = TextField()

    class Meta:
        indexes = ((("account", "domain"), True),)


class Mailbox(Frozen):
    name = TextField(unique=True)


class FolderState(Frozen):
    mailbox = ForeignKeyField(Mailbox, index=False)
    folder = TextField()
    uidvalidity = BigIntegerField()
    low_water = BigIntegerField()

    class Meta:
        indexes = ((("mailbox", "folder"), True),)


class Receipt(Frozen):
    mailbox = ForeignKeyField(Mailbox, index=False)
    folder = TextField()
    uidvalidity = BigIntegerField()
    uid = BigIntegerField()
    sha256 = TextField(index=True)
    size = BigIntegerField()
    received_at = DateTimeField()
    taken_at = DateTimeField(index=True)
    attempts = IntegerField()
    filed_folder = TextField(null=True)
    filed_uidvalidity = BigIntegerField(null=True)
    filed_uid = BigIntegerField(null=True)
    error = TextField()
    raw_mail = BlobField(null=True)

    class Meta:
        indexes = ((("mailbox", "folder", "uidvalidity", "uid"), True),)


Receipt.add_index(
    Receipt.mailbox,
    Receipt.folder,
    Receipt.uidvalidity,
    Receipt.uid,
    where=Receipt.filed_folder.is_null(),
    name="receipt_unfiled",
)


class Decision(Frozen):
    receipt = ForeignKeyField(Receipt, index=False, on_delete="CASCADE")
    account = IntegerField()
    outcome = TextField()
    reason = TextField(index=True)
    detail = TextField()
    kind = TextField(null=True)
    user = ForeignKeyField(User, null=True, index=False, on_delete="SET NULL")
    log_address = ForeignKeyField(LogAddress, null=True, index=False, on_delete="SET NULL")
    matched_address = TextField()
    header = TextField()
    below_border = BooleanField()
    flags = TextField()
    subject = TextField()
    sender = TextField()
    fates = TextField()
    candidates = TextField()
    decided_at = DateTimeField()

    class Meta:
        indexes = ((("receipt", "account"), True), (("account", "receipt"), False))


class Deferral(Frozen):
    mailbox = ForeignKeyField(Mailbox, index=False)
    folder = TextField()
    uidvalidity = BigIntegerField()
    uid = BigIntegerField()
    reason = TextField()
    attempts = IntegerField()
    first_at = DateTimeField()
    not_before = DateTimeField()

    class Meta:
        indexes = ((("mailbox", "folder", "uidvalidity", "uid"), True),)


class Event(Frozen):
    at = DateTimeField()
    kind = TextField()
    mailbox = ForeignKeyField(Mailbox, null=True)
    detail = TextField()


class Contact(Frozen):
    account = ForeignKeyField(Account)
    name = TextField()
    created = DateTimeField()
    receipt = ForeignKeyField(Receipt, null=True, on_delete="SET NULL")


class ContactAddress(Frozen):
    account = ForeignKeyField(Account, index=False)
    contact = ForeignKeyField(Contact, on_delete="CASCADE")
    address = TextField()

    class Meta:
        indexes = ((("account", "address"), True),)


class Engagement(Frozen):
    account = ForeignKeyField(Account, index=False)
    direction = TextField()
    kind = TextField()
    subject = TextField()
    text = TextField()
    html = TextField()
    sent_at = DateTimeField()
    received_at = DateTimeField()
    date_text = TextField()
    message_id = TextField()
    in_reply_to = TextField()
    references = TextField()
    author_name = TextField()
    author_address = TextField()
    note = TextField()
    forwarded_at = DateTimeField(null=True)
    headers = TextField()
    key_id = TextField(null=True)
    key_content = TextField()
    flags = TextField()

    class Meta:
        indexes = ((("account", "key_id"), True), (("account", "key_content"), False))


Engagement.add_index(
    Engagement.account,
    Engagement.key_content,
    unique=True,
    where=Engagement.key_id.is_null(),
    name="engagement_without_message_id",
)


class Participant(Frozen):
    engagement = ForeignKeyField(Engagement, on_delete="CASCADE")
    role = TextField()
    name = TextField()
    address = TextField()


class EngagementContact(Frozen):
    contact = ForeignKeyField(Contact, index=False)
    sent_at = DateTimeField()
    engagement = ForeignKeyField(Engagement, on_delete="CASCADE")
    role = TextField()

    class Meta:
        primary_key = CompositeKey("contact", "sent_at", "engagement")
        without_rowid = True


class Captured(Frozen):
    engagement = ForeignKeyField(Engagement, index=False, on_delete="CASCADE")
    receipt = ForeignKeyField(Receipt)
    user = ForeignKeyField(User)
    log_address = ForeignKeyField(LogAddress, index=False)
    kind = TextField()
    at = DateTimeField()
    forwarded_at = DateTimeField(null=True)
    note = TextField()
    flags = TextField()

    class Meta:
        indexes = ((("engagement", "receipt"), True),)


class Content(Frozen):
    sha256 = TextField(primary_key=True)
    data = BlobField()


class Attachment(Frozen):
    engagement = ForeignKeyField(Engagement, on_delete="CASCADE")
    name = TextField()
    content_type = TextField()
    size = BigIntegerField()
    content = ForeignKeyField(Content, null=True, column_name="sha256")
    content_id = TextField()
    inline = BooleanField()
    left_out = BooleanField()


ALL = (
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
    Event,
    Contact,
    ContactAddress,
    Engagement,
    Participant,
    EngagementContact,
    Captured,
    Content,
    Attachment,
)


def up(_migrator: Any, db: Database) -> None:
    """Create every table and index."""
    EngagementContact._meta.without_rowid = isinstance(db, SqliteDatabase)  # noqa: SLF001 -- known of SQLite alone
    db.bind(ALL)
    db.create_tables(ALL)
