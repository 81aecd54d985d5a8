"""The words of the product: frozen values that every other module speaks in; those of mail stand in mail.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .mail import NO_DATE, Attachment, Candidate, Forward, Message, Original, Person, RawMail, WrittenDate
from .words import Direction, Fate, Flag, Kind, Outcome, Reason, Role

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

__all__ = [
    "NO_DATE",
    "Attachment",
    "Candidate",
    "Decision",
    "Delivery",
    "Direction",
    "Directory",
    "EngagementKey",
    "Entry",
    "Fate",
    "Flag",
    "Forward",
    "Kind",
    "Limits",
    "Log",
    "LogAddress",
    "Message",
    "NeverLog",
    "Original",
    "Outcome",
    "Participant",
    "Person",
    "Policy",
    "RawMail",
    "Reason",
    "Refuse",
    "Role",
    "Ruling",
    "User",
    "WrittenDate",
]

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
    """A snapshot of everything that a decision depends on, keyed for look-up.

    `tombstones` are the addresses that an account erased, as hashes under `tombstone_key`.
    """

    policy: Policy = field(default_factory=Policy)
    users_by_address: Mapping[str, tuple[User, ...]] = field(default_factory=dict)
    log_addresses_by_hash: Mapping[str, LogAddress] = field(default_factory=dict)
    never_log: Mapping[int, tuple[NeverLog, ...]] = field(default_factory=dict)
    internal_domains: Mapping[int, frozenset[str]] = field(default_factory=dict)
    tombstones: Mapping[int, frozenset[str]] = field(default_factory=dict)
    tombstone_key: bytes = b""


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
