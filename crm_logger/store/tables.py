"""The tables, as peewee models. Their history is told by versions/; a test keeps both the same."""
# ruff: noqa: D106 -- peewee's Meta belongs to its table

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from peewee import (
    AutoField,
    BigIntegerField,
    BlobField,
    BooleanField,
    CompositeKey,
    DatabaseProxy,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

from .fields import CleanTextField, JsonField, UtcField

if TYPE_CHECKING:
    from collections.abc import Iterator

database = DatabaseProxy()
"""The database that the models speak to: that of the Store in use (connection.py sets it)."""


class AddressKind(StrEnum):
    """What an address of a user is; each is enough to be recognised by (R6)."""

    OWN = "own"
    CONNECTED = "connected"
    ALIAS = "alias"


class Table(Model):
    """What all tables share. `id` is the primary key of those that name no other."""

    id: AutoField[int]

    class Meta:
        database = database
        legacy_table_names = False


def rows(query: Any) -> Iterator[tuple[Any, ...]]:
    """Return the rows of a select as tuples of what was selected."""
    found: Iterator[tuple[Any, ...]] = iter(query.tuples())
    return found


def _none() -> list[Any]:
    return []


# ---------------------------------------------------------------- accounts


class Account(Table):
    """A tenant."""

    name = CleanTextField(unique=True)


class User(Table):
    """A salesperson. The addresses, the own one included, are rows of UserAddress."""

    account = ForeignKeyField(Account)
    account_id: int
    name = CleanTextField(default="")
    sales_access = BooleanField(default=True)
    active = BooleanField(default=True)


class UserAddress(Table):
    """An address that names a user: one user within an account, perhaps others in other accounts."""

    account = ForeignKeyField(Account, index=False)
    account_id: int
    user = ForeignKeyField(User, on_delete="CASCADE")
    user_id: int
    address = CleanTextField(index=True)
    kind = TextField(default=AddressKind.OWN)

    class Meta:
        indexes = ((("account", "address"), True),)


class LogAddress(Table):
    """A BCC or forwarding address. The token stands here to be shown to its users; it is looked up by its hash."""

    account = ForeignKeyField(Account)
    account_id: int
    user = ForeignKeyField(User, null=True, on_delete="CASCADE")
    user_id: int | None
    kind = TextField()
    token = TextField()
    token_hash = TextField(unique=True)
    created = UtcField()
    last_used = UtcField(null=True)
    valid_until = UtcField(null=True)
    revoked = BooleanField(default=False)


class NeverLog(Table):
    """An entry of an account's never-log list, or of one of its users'."""

    account = ForeignKeyField(Account, index=False)
    account_id: int
    user = ForeignKeyField(User, null=True, on_delete="CASCADE")
    user_id: int | None
    pattern = CleanTextField()


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


class InternalDomain(Table):
    """A domain whose addresses are colleagues (R9)."""

    account = ForeignKeyField(Account, index=False)
    account_id: int
    domain = CleanTextField()

    class Meta:
        indexes = ((("account", "domain"), True),)


# ---------------------------------------------------------------- the ledger


class Mailbox(Table):
    """An IMAP mailbox that mail is taken from."""

    name = CleanTextField(unique=True)


class FolderState(Table):
    """A folder as it was last seen. Losing the low-water mark costs time and nothing else.

    The last look at it that came to its end was at `looked_at`, up to the UID `looked_up_to`.
    """

    mailbox = ForeignKeyField(Mailbox, index=False)
    folder = CleanTextField()
    uidvalidity = BigIntegerField()
    low_water = BigIntegerField(default=0)
    looked_at = UtcField(null=True)
    looked_up_to = BigIntegerField(default=0)

    class Meta:
        indexes = ((("mailbox", "folder"), True),)


class Receipt(Table):
    """A mail that was taken in: the promise that it is never taken in again.

    `sha256` is that of the raw bytes as fetched, in hex. `filed_folder` is None until the mail was moved. `raw_mail`
    is kept only while a decision about it has failed (R29); `error` is that failure's traceback.
    """

    mailbox = ForeignKeyField(Mailbox, index=False)
    mailbox_id: int
    folder = CleanTextField()
    uidvalidity = BigIntegerField()
    uid = BigIntegerField()
    sha256 = TextField(index=True)
    size = BigIntegerField()
    received_at = UtcField()
    taken_at = UtcField(index=True)
    attempts = IntegerField(default=1)
    filed_folder = CleanTextField(null=True)
    filed_uidvalidity = BigIntegerField(null=True)
    filed_uid = BigIntegerField(null=True)
    error = CleanTextField(default="")
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


class Decision(Table):
    """What was decided about a mail for one account, and everything that explain tells (R27).

    `account` is 0 where none was concerned, and no foreign key therefore; `user` and `log_address` turn None when they
    are removed: the ledger outlives them. `fates` are objects with role, fate, name, address; of a never-log person role, fate and the entry
    `never_log` alone. `candidates` are objects with name, address, why. `evidence` is what is known
    of the sender's authenticity. `counted_at` is the time that a logged mail counts as by the limits, and `created` how
    many contacts it made.
    """

    receipt = ForeignKeyField(Receipt, index=False, on_delete="CASCADE")
    receipt_id: int
    account = IntegerField()
    outcome = TextField()
    reason = TextField(index=True)
    detail = CleanTextField(default="")
    kind = TextField(null=True)
    user = ForeignKeyField(User, null=True, index=False, on_delete="SET NULL")
    user_id: int | None
    log_address = ForeignKeyField(LogAddress, null=True, index=False, on_delete="SET NULL")
    log_address_id: int | None
    matched_address = CleanTextField(default="")
    header = CleanTextField(default="")
    below_border = BooleanField(default=False)
    flags = JsonField(default=_none)
    subject = CleanTextField(default="")
    sender = CleanTextField(default="")
    fates = JsonField(default=_none)
    candidates = JsonField(default=_none)
    decided_at = UtcField()
    evidence = CleanTextField(default="")
    counted_at = UtcField(null=True)
    created = IntegerField(default=0)

    class Meta:
        indexes = (
            (("receipt", "account"), True),
            (("account", "receipt"), False),
            (("user", "counted_at"), False),
            (("log_address", "counted_at"), False),
        )


# A limit of new contacts also limits how many of these there are, so that counting stays cheap in a flood.
for _who in (Decision.user, Decision.log_address):
    Decision.add_index(
        _who, Decision.counted_at, where=Decision.created > 0, name=f"decision_created_{_who.column_name}"
    )


class Deferral(Table):
    """A mail that could not be taken in yet; no receipt (R29). It goes when the receipt comes."""

    mailbox = ForeignKeyField(Mailbox, index=False)
    folder = CleanTextField()
    uidvalidity = BigIntegerField()
    uid = BigIntegerField()
    reason = CleanTextField()
    attempts = IntegerField(default=0)
    first_at = UtcField()
    not_before = UtcField()

    class Meta:
        indexes = ((("mailbox", "folder", "uidvalidity", "uid"), True),)


class InHand(Table):
    """The mails that a worker is about to read, in one row; what another worker left in it, that one may have died of."""

    mailbox = ForeignKeyField(Mailbox, index=False)
    folder = CleanTextField()
    uidvalidity = BigIntegerField()
    uids = JsonField()
    worker = TextField()

    class Meta:
        indexes = ((("mailbox", "folder"), True),)


class Death(Table):
    """How often reading a mail ended uncleanly: of the reading process, or of the whole worker. It goes when the receipt comes."""

    mailbox = ForeignKeyField(Mailbox, index=False)
    folder = CleanTextField()
    uidvalidity = BigIntegerField()
    uid = BigIntegerField()
    deaths = IntegerField(default=0)
    reason = TextField()
    how = CleanTextField()
    not_before = UtcField()

    class Meta:
        indexes = ((("mailbox", "folder", "uidvalidity", "uid"), True),)


class Event(Table):
    """Something the operator should know of, such as a changed UIDVALIDITY."""

    at = UtcField()
    kind = TextField()
    mailbox = ForeignKeyField(Mailbox, null=True)
    detail = CleanTextField(default="")


class Alarm(Table):
    """Something is wrong until it is cleared; there is one open alarm of a kind at most."""

    kind = TextField()
    detail = CleanTextField()
    raised = UtcField()
    cleared = UtcField(null=True)


Alarm.add_index(Alarm.kind, unique=True, where=Alarm.cleared.is_null(), name="alarm_open")


# ---------------------------------------------------------------- contacts and engagements


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
    references = JsonField(default=_none)
    author_name = CleanTextField(default="")
    author_address = CleanTextField(default="")
    note = CleanTextField(default="")
    forwarded_at = UtcField(null=True)
    headers = JsonField(default=_none)
    key_id = CleanTextField(null=True)
    key_content = CleanTextField()
    flags = JsonField(default=_none)

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
    """A line of a contact's timeline. Its key is the timeline's order, so a page is one read of the index."""

    contact = ForeignKeyField(Contact, index=False)
    contact_id: int
    sent_at = UtcField()
    engagement = ForeignKeyField(Engagement, on_delete="CASCADE")
    engagement_id: int
    role = TextField()

    class Meta:
        primary_key = CompositeKey("contact", "sent_at", "engagement")
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
    flags = JsonField(default=_none)

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


# ---------------------------------------------------------------- the pages


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
