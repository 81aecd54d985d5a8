"""The tables of what came in and what was decided about it (R27)."""
# ruff: noqa: D106 -- peewee's Meta belongs to its table

from __future__ import annotations

from peewee import BigIntegerField, BlobField, BooleanField, ForeignKeyField, IntegerField, TextField

from crm_logger.store.fields import CleanTextField, JsonField, UtcField

from .accounts import LogAddress, User
from .base import Table, no_items


class Mailbox(Table):
    """An IMAP mailbox that mail is taken from."""

    name = CleanTextField(unique=True)


class Lease(Table):
    """Which worker leads a mailbox, and until when by the server's clock. Each leader has a higher token than the last."""

    mailbox = ForeignKeyField(Mailbox, unique=True, on_delete="CASCADE")
    token = BigIntegerField()
    worker = TextField()
    until = UtcField()


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
    flags = JsonField(default=no_items)
    subject = CleanTextField(default="")
    sender = CleanTextField(default="")
    fates = JsonField(default=no_items)
    candidates = JsonField(default=no_items)
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


class Unmoved(Table):
    """A mail that was decided again and is not in the folder of its outcome yet. Who died meanwhile left it here."""

    receipt = ForeignKeyField(Receipt, unique=True, on_delete="CASCADE")
    receipt_id: int
    since = UtcField()


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
