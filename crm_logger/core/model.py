"""The words of the product: frozen values that every other module speaks in."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class Kind(StrEnum):
    """Which of an account's two log addresses got the mail (R2)."""

    BCC = "bcc"
    FORWARD = "forward"


class Direction(StrEnum):
    """Whether the user wrote the logged mail or received it."""

    OUTGOING = "outgoing"
    INCOMING = "incoming"


class Role(StrEnum):
    """Where a person stands on a mail."""

    FROM = "from"
    TO = "to"
    CC = "cc"
    BCC = "bcc"


class Outcome(StrEnum):
    """What became of a mail for one account."""

    LOGGED = "logged"
    REFUSED = "refused"
    FAILED = "failed"


class Reason(StrEnum):
    """Why, from a closed list; docs/reasons.md tells a user what to do about each."""

    LOGGED = "logged"
    DUPLICATE = "duplicate"
    UNKNOWN_SENDER = "unknown-sender"
    NO_SALES_ACCESS = "no-sales-access"
    INACTIVE_USER = "inactive-user"
    AMBIGUOUS_SENDER = "ambiguous-sender"
    NO_SENDER = "no-sender"
    SENDER_NOT_AUTHENTICATED = "sender-not-authenticated"
    NO_LOG_ADDRESS = "no-log-address"
    UNKNOWN_LOG_ADDRESS = "unknown-log-address"
    REVOKED_LOG_ADDRESS = "revoked-log-address"
    WRONG_USER_TOKEN = "wrong-user-token"  # noqa: S105 -- a reason's name, no secret
    NEVER_LOG = "never-log"
    INTERNAL_ONLY = "internal-only"
    NO_RECIPIENT = "no-recipient"
    NO_FORWARD_FOUND = "no-forward-found"
    UNCERTAIN = "uncertain"
    REPLY_THEN_FORWARD = "reply-then-forward"
    AUTO_REPLY = "auto-reply"
    BOUNCE = "bounce"
    MAILING_LIST = "mailing-list"
    CALENDAR = "calendar"
    MALFORMED_HEADER = "malformed-header"
    PARSE_TIMEOUT = "parse-timeout"
    PARSE_CRASH = "parse-crash"
    UNFETCHABLE = "unfetchable"
    ERROR = "error"

    @property
    def outcome(self) -> Outcome:
        """The outcome that this reason stands for."""
        if self in _LOGGED:
            return Outcome.LOGGED
        return Outcome.FAILED if self in _FAILED else Outcome.REFUSED


_LOGGED = frozenset({Reason.LOGGED, Reason.DUPLICATE})
_FAILED = frozenset({Reason.PARSE_TIMEOUT, Reason.PARSE_CRASH, Reason.UNFETCHABLE, Reason.ERROR})


class Flag(StrEnum):
    """What is worth knowing beside the reason."""

    WRONG_ADDRESS = "wrong-address"
    UNVERIFIED = "unverified"
    ZONE_ASSUMED = "zone-assumed"
    PARTIAL = "partial"
    ATTACHMENT_LEFT_OUT = "attachment-left-out"
    BODY_CUT = "body-cut"
    ADDRESS_EXPOSED = "address-exposed"
    ENCRYPTED = "encrypted"
    BELOW_BORDER = "below-border"
    """The log address was read below the zone that our own servers are known to write (R25)."""


class Fate(StrEnum):
    """What became of one person on a mail (R27)."""

    CREATED = "created"
    ASSOCIATED = "associated"
    NEVER_LOG = "never-log"
    INTERNAL = "internal"
    NOT_CREATED_BCC = "not-created-bcc"
    NOT_CREATED_CC = "not-created-cc"
    NOT_CREATED_LIMIT = "not-created-limit"
    LOG_ADDRESS = "log-address"


# ---------------------------------------------------------------- mail


@dataclass(frozen=True, slots=True)
class Person:
    """A name with an address; `address` is canonical (address.canonical), "" where only a name was given."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date as a mail or a forward tells it.

    `text` is what was written. `wall` is its wall clock: aware where an offset was written, naive where none was
    (RFC 5322 §3.3's "-0000" counts as none), None where the text cannot be read.
    """

    text: str
    wall: datetime | None


NO_DATE = WrittenDate("", None)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is no body. `content` is None where it was left out (over the limit, or not fetched)."""

    name: str
    content_type: str
    size: int
    content: bytes | None
    content_id: str = ""
    inline: bool = False


@dataclass(frozen=True, slots=True)
class RawMail:
    """A mail as the mailbox gave it. `size` is the server's RFC822.SIZE; `partial` says that parts were not fetched (R30).

    `received_at` is the INTERNALDATE (RFC 3501 §2.3.3), aware.
    """

    uid: int
    raw: bytes
    received_at: datetime
    size: int = 0
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """A parsed mail. Reading one never raises: what was broken stands in `defects`.

    `headers` are the outer header fields from the top down: (name as written, value decoded and unfolded).
    `text` is the text/plain body, `html` the HTML body as received; either may be "".
    `attached` are the message/rfc822 parts in order (forwards as attachment); they are no `attachments`.
    `message_id` stands without angle brackets, "" where there is none.
    `from_` holds every mailbox of every From field. `malformed` is a sentence where the header section cannot be
    trusted (a bare CR, a NUL, a section over the limit), else "".
    """

    headers: tuple[tuple[str, str], ...] = ()
    from_: tuple[Person, ...] = ()
    sender: tuple[Person, ...] = ()
    reply_to: tuple[Person, ...] = ()
    to: tuple[Person, ...] = ()
    cc: tuple[Person, ...] = ()
    bcc: tuple[Person, ...] = ()
    resent_from: tuple[Person, ...] = ()
    resent_to: tuple[Person, ...] = ()
    subject: str = ""
    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    date: WrittenDate = NO_DATE
    content_type: str = "text/plain"
    report_type: str = ""
    calendar_method: str = ""
    text: str = ""
    html: str = ""
    attachments: tuple[Attachment, ...] = ()
    attached: tuple[Message, ...] = ()
    flags: frozenset[Flag] = frozenset()
    malformed: str = ""
    defects: tuple[str, ...] = ()

    def all(self, name: str) -> tuple[str, ...]:
        """Values of every header field of that name, from the top down; names compare without case."""
        wanted = name.lower()
        return tuple(value for key, value in self.headers if key.lower() == wanted)

    def first(self, name: str) -> str:
        """The topmost value of a header field, "" where there is none."""
        return next(iter(self.all(name)), "")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who was considered as the writer of a forwarded mail, and why."""

    name: str
    address: str
    why: str


@dataclass(frozen=True, slots=True)
class Original:
    """One mail found inside a forward.

    `sender` is None, or has a name and no address, where it is unsure who wrote it: never a guess (R24).
    """

    sender: Person | None
    to: tuple[Person, ...] = ()
    cc: tuple[Person, ...] = ()
    bcc: tuple[Person, ...] = ()
    subject: str = ""
    date: WrittenDate = NO_DATE
    text: str = ""
    html: str = ""
    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    attachments: tuple[Attachment, ...] = ()
    flags: frozenset[Flag] = frozenset()


@dataclass(frozen=True, slots=True)
class Forward:
    """What a forward holds: the originals from the top down, the user's note above them, and how sure we are.

    `shape` names the client's way of forwarding: "attachment", "resent" or the inline shape that matched.
    `confidence` is 0 to 1. `candidates` are filled where the first original's sender is unsure.
    """

    originals: tuple[Original, ...]
    note: str = ""
    confidence: float = 1.0
    candidates: tuple[Candidate, ...] = ()
    shape: str = ""


# ---------------------------------------------------------------- directory


@dataclass(frozen=True, slots=True)
class User:
    """A salesperson. `addresses` are the own address (first), the connected addresses and the aliases, canonical."""

    id: int
    account: int
    name: str
    addresses: tuple[str, ...]
    sales_access: bool = True
    active: bool = True


@dataclass(frozen=True, slots=True)
class LogAddress:
    """A BCC or forwarding address, known by its token's SHA-256 (hex).

    `user` is None where every user of the account may use it. `valid_until` is set when it was rotated (the end of
    its grace period) and `revoked` when it was taken away at once.
    """

    id: int
    account: int
    kind: Kind
    token_hash: str
    user: int | None = None
    valid_until: datetime | None = None
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class NeverLog:
    """An entry of the never-log list: `x@y`, `y` or `*@y` (with subdomains), or `=y` (R8)."""

    account: int
    pattern: str
    user: int | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may come of one user, and of one log address, by the time of arrival; None: as much as comes.

    `hold` says that mails over a limit wait, instead of being logged with an alarm.
    """

    mails_a_minute: int | None = None
    mails_a_day: int | None = None
    contacts_a_day: int | None = None
    hold: bool = False


NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a person ruled about one mail for that person's account; the other accounts on it decide as ever.

    `anyway`: it is logged although it is automatic or a reply, although the log address has ended or nothing proves the
    sender. `author` is the address of whoever wrote the original, for where that is unsure.
    """

    account: int = 0
    anyway: bool = False
    author: str = ""


NO_RULING = Ruling()


@dataclass(frozen=True, slots=True)
class Policy:
    """The settings that decide; everything else in config.py belongs to the shell."""

    log_domains: tuple[str, ...] = ()
    mailbox_addresses: tuple[str, ...] = ()
    border_host: str = ""
    envelope_header: str = ""
    plus_tag_domains: frozenset[str] = frozenset()
    salvage_replies: bool = False
    max_attachment_bytes: int = 50 * 1024 * 1024
    max_body_bytes: int = 2 * 1024 * 1024
    max_recipients: int = 200
    max_new_contacts: int = 50
    sender_auth: str = "auto"
    sender_auth_mode: str = "standard"
    authserv_id: str = ""
    internal_senders: tuple[str, ...] = ()
    verify_dkim: bool = False
    limits: Limits = NO_LIMITS
    ruling: Ruling = NO_RULING


@dataclass(frozen=True, slots=True)
class Directory:
    """A snapshot of everything that a decision depends on, keyed for look-up."""

    policy: Policy = field(default_factory=Policy)
    users_by_address: Mapping[str, tuple[User, ...]] = field(default_factory=dict)
    log_addresses_by_hash: Mapping[str, LogAddress] = field(default_factory=dict)
    never_log: Mapping[int, tuple[NeverLog, ...]] = field(default_factory=dict)
    internal_domains: Mapping[int, frozenset[str]] = field(default_factory=dict)


# ---------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True)
class Delivery:
    """Which header said whom the mail was delivered to, and the addresses it named in the log domain (R25)."""

    header: str
    addresses: tuple[str, ...]
    below_border: bool = False


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody on a mail that is logged.

    `fate` is decided already where it does not depend on who is a contact; otherwise it is None and `create` says
    whether an unknown person becomes a contact. `never_log` is the matching entry; such a person never reaches the
    engagement, and the address is left out here too.
    """

    person: Person
    role: Role
    create: bool = False
    fate: Fate | None = None
    never_log: str = ""


@dataclass(frozen=True, slots=True)
class EngagementKey:
    """What makes two mails one engagement of an account (R11). `by_id` is "" where no Message-ID is known."""

    by_id: str
    by_content: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One engagement to be. Times are aware, UTC; `received_at` is when the shared mailbox got the mail.

    `only_captured` asks for a captured-by row on an engagement that is logged already (R21); where there is none,
    `otherwise` decides. `contact_limit` is how many new contacts the mail may make.
    """

    direction: Direction
    key: EngagementKey
    author: Person
    participants: tuple[Participant, ...]
    subject: str
    text: str
    html: str
    sent_at: datetime
    received_at: datetime
    date: WrittenDate
    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    attachments: tuple[Attachment, ...] = ()
    note: str = ""
    forwarded_at: datetime | None = None
    flags: frozenset[Flag] = frozenset()
    contact_limit: int = 50
    only_captured: bool = False
    otherwise: Refuse | None = None


@dataclass(frozen=True, slots=True)
class Refuse:
    """The mail is not logged for this account (0: for none could be found). `subject` is "" where it must not be kept.

    `evidence` is what is known of the sender's authenticity. `hold` says why the mail should wait rather than be
    refused: the answer may be another one later.
    """

    account: int
    reason: Reason
    detail: str = ""
    kind: Kind | None = None
    user: int | None = None
    log_address: int | None = None
    matched_address: str = ""
    delivery: Delivery | None = None
    participants: tuple[Participant, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    subject: str = ""
    sender: str = ""
    flags: frozenset[Flag] = frozenset()
    evidence: str = ""
    hold: str = ""


@dataclass(frozen=True, slots=True)
class Log:
    """The mail is logged for this account: one entry, or several where several originals were attached.

    `refused` are the originals of the same mail that were left out, each with its own reason. `evidence` is what is
    known of the sender's authenticity, `arrived_at` (aware) when the border took the mail in, which `limits` count by.
    """

    account: int
    user: int
    kind: Kind
    log_address: int
    matched_address: str
    delivery: Delivery
    entries: tuple[Entry, ...]
    refused: tuple[Refuse, ...] = ()
    subject: str = ""
    sender: str = ""
    detail: str = ""
    flags: frozenset[Flag] = frozenset()
    evidence: str = ""
    arrived_at: datetime | None = None
    limits: Limits = NO_LIMITS


Decision = Log | Refuse
