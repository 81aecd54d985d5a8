"""The values of mail: as it was fetched, as it was read, and what a forward holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from .words import Flag


_NOTHING = memoryview(b"")


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
    `source` are the bytes that were read, as they lie in the whole mail.
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
    source: memoryview = field(default=_NOTHING, repr=False, compare=False)
    _topmost: dict[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Note the topmost value of each field: several are asked for of every mail."""
        object.__setattr__(self, "_topmost", {key.lower(): value for key, value in reversed(self.headers)})

    def all(self, name: str) -> tuple[str, ...]:
        """Values of every header field of that name, from the top down; names compare without case."""
        wanted = name.lower()
        return tuple(value for key, value in self.headers if key.lower() == wanted)

    def first(self, name: str) -> str:
        """The topmost value of a header field, "" where there is none."""
        return self._topmost.get(name.lower(), "")

    def names(self) -> Iterable[str]:
        """The names of its header fields in lower case, each once."""
        return self._topmost


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
