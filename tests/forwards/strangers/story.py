"""One forwarded mail before any client writes it, and the mail that a client made of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from tests.forwards.strangers.words import Tongue


@dataclass(frozen=True)
class Who:
    """A person of the story."""

    name: str
    address: str

    @property
    def angle(self) -> str:
        """Name <address>, as most clients write it."""
        return f"{self.name} <{self.address}>" if self.name else self.address

    @property
    def quoted(self) -> str:
        """The name between quotation marks."""
        return f'"{self.name}" <{self.address}>' if self.name else self.address


@dataclass(frozen=True)
class Story:
    """Who wrote what to whom, and in which language the forwarding client speaks."""

    tongue: Tongue
    sender: Who
    to: tuple[Who, ...]
    cc: tuple[Who, ...]
    subject: str
    date: datetime
    body: tuple[str, ...]

    @property
    def text(self) -> str:
        """The original's body, paragraphs apart."""
        return "\n\n".join(self.body)


@dataclass(frozen=True)
class Page:
    """What a client wrote below the note: its text, its HTML (or none), and what can be told from it."""

    text: str = ""
    html: str = ""
    to: tuple[Who, ...] | None = None
    cc: tuple[Who, ...] | None = None
    subject: str | None = None
    minutes: str | None = None
    prefix: str = "Fwd"
    body: str | None = None


@dataclass(frozen=True)
class Stranger:
    """A whole mail with the answer that is right; a reply has no sender."""

    name: str
    client: str
    tag: str
    raw: bytes = field(repr=False)
    sender: Who | None
    to: tuple[Who, ...] = ()
    cc: tuple[Who, ...] = ()
    subject: str = ""
    minute: str = ""
    body: str = ""
    note: str = ""
