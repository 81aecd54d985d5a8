"""The words of the product that are chosen from closed lists."""

from __future__ import annotations

from enum import StrEnum


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
    NOT_LOGGED = "not-logged"
    """The mail was refused before it was asked who is a contact."""
