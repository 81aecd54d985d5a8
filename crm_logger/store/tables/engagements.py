"""The tables of contacts and of what stands on their timelines."""
# ruff: noqa: D106 -- peewee's Meta belongs to its table

from __future__ import annotations

from peewee import BigIntegerField, BlobField, BooleanField, CompositeKey, ForeignKeyField, TextField

from crm_logger.store.fields import CleanTextField, JsonField, UtcField

from .accounts import Account, LogAddress, User
from .base import Table, no_items
from .ledger import Receipt


class Contact(Table):
    """Somebody the account does business with. `receipt` is the mail that made it a contact, None where a person did."""

    account = ForeignKeyField(Account)
    account_id: int
    name = CleanTextField(default="")
    created = UtcField()
    receipt = ForeignKeyField(Receipt, null=True, on_delete="SET NULL")
    receipt_id: int | None


class ContactAddress(Table):
    """An address of a contact, canonical."""

    account = ForeignKeyField(Account, index=False)
    account_id: int
    contact = ForeignKeyField(Contact, on_delete="CASCADE")
    contact_id: int
    address = CleanTextField()

    class Meta:
        indexes = ((("account", "address"), True),)


class Engagement(Table):
    """One logged mail. `key_id` is None while no Message-ID is known (R11). `date_text` is the Date as written.

    `note` and `forwarded_at` are those of the forward that came first; each capture keeps its own.
    """

    account = ForeignKeyField(Account, index=False)
    account_id: int
    direction = TextField()
    kind = TextField()
    subject = CleanTextField()
    text = CleanTextField()
    html = CleanTextField()
    sent_at = UtcField()
    received_at = UtcField()
    date_text = CleanTextField()
    message_id = CleanTextField(default="")
    in_reply_to = CleanTextField(default="")
    references = JsonField(default=no_items)
    author_name = CleanTextField(default="")
    author_address = CleanTextField(default="")
    note = CleanTextField(default="")
    forwarded_at = UtcField(null=True)
    headers = JsonField(default=no_items)
    key_id = CleanTextField(null=True)
    key_content = CleanTextField()
    flags = JsonField(default=no_items)

    class Meta:
        indexes = ((("account", "key_id"), True), (("account", "key_content"), False))


Engagement.add_index(
    Engagement.account,
    Engagement.key_content,
    unique=True,
    where=Engagement.key_id.is_null(),
    name="engagement_without_message_id",
)


class Participant(Table):
    """Somebody on an engagement; never a never-log person, and a log address only masked."""

    engagement = ForeignKeyField(Engagement, on_delete="CASCADE")
    engagement_id: int
    role = TextField()
    name = CleanTextField(default="")
    address = CleanTextField(default="")


class EngagementContact(Table):
    """A line of a contact's timeline. Its key is the timeline's order, so a page is one read of the index.

    `conversation` is None until it was found out; `folded` is True where a newer mail of it stands above, else None.
    """

    contact = ForeignKeyField(Contact, index=False)
    contact_id: int
    sent_at = UtcField()
    engagement = ForeignKeyField(Engagement, on_delete="CASCADE")
    engagement_id: int
    role = TextField()
    conversation = BigIntegerField(null=True)
    folded = BooleanField(null=True)

    class Meta:
        primary_key = CompositeKey("contact", "sent_at", "engagement")
        without_rowid = True
        indexes = ((("contact", "folded", "sent_at", "engagement"), False),)


EngagementContact.add_index(
    EngagementContact.contact,
    EngagementContact.conversation,
    EngagementContact.sent_at,
    EngagementContact.engagement,
    where=EngagementContact.conversation.is_null(False),
    name="timeline_conversation",
)
EngagementContact.add_index(
    EngagementContact.engagement, where=EngagementContact.conversation.is_null(), name="timeline_loose"
)


class ConversationName(Table):
    """What mails are known by to belong together: their ids and their subjects, shortened; when that was last met."""

    account = ForeignKeyField(Account, index=False, on_delete="CASCADE")
    account_id: int
    name = BigIntegerField()
    conversation = BigIntegerField()
    seen = UtcField()

    class Meta:
        primary_key = CompositeKey("account", "name")
        without_rowid = True


class Captured(Table):
    """One time that an engagement reached us: by whom, through which address, on which mail."""

    engagement = ForeignKeyField(Engagement, index=False, on_delete="CASCADE")
    engagement_id: int
    receipt = ForeignKeyField(Receipt)
    receipt_id: int
    user = ForeignKeyField(User)
    user_id: int
    log_address = ForeignKeyField(LogAddress, index=False)
    log_address_id: int
    kind = TextField()
    at = UtcField()
    forwarded_at = UtcField(null=True)
    note = CleanTextField(default="")
    flags = JsonField(default=no_items)

    class Meta:
        indexes = ((("engagement", "receipt"), True),)


class Content(Table):
    """The bytes of attachments, each once."""

    sha256 = TextField(primary_key=True)
    data = BlobField()


class Attachment(Table):
    """An attachment of an engagement; `content` is None where it was left out."""

    engagement = ForeignKeyField(Engagement, on_delete="CASCADE")
    engagement_id: int
    name = CleanTextField(default="")
    content_type = CleanTextField(default="")
    size = BigIntegerField()
    content = ForeignKeyField(Content, null=True, column_name="sha256")
    content_id = CleanTextField(default="")
    inline = BooleanField(default=False)
    left_out = BooleanField(default=False)
