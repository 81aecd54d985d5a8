"""The values that the store takes and gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_logger.core.model import Decision, RawMail, Reason


@dataclass(frozen=True, slots=True)
class Place:
    """A folder of a mailbox under one UIDVALIDITY: with a UID it names a mail for ever (RFC 3501 §2.3.1.1)."""

    mailbox: int
    folder: str
    uidvalidity: int


@dataclass(frozen=True, slots=True)
class Taking:
    """A mail, what was decided about it, and, where it failed for a bug, the traceback."""

    mail: RawMail
    decisions: Sequence[Decision]
    error: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a mail came to. `reasons` stand beside `decisions`; a Log's is `logged` or `duplicate`.

    Where the mail had a receipt already, `new` is False and nothing was decided. `held` says why the mail waits
    instead: then there is no receipt.
    """

    receipt_id: int
    new: bool
    decisions: tuple[Decision, ...] = ()
    reasons: tuple[Reason, ...] = ()
    held: str = ""


@dataclass(frozen=True, slots=True)
class Filed:
    """Where a mail was moved to; the numbers are None where the server did not tell them (no COPYUID)."""

    folder: str
    uidvalidity: int | None
    uid: int | None


@dataclass(frozen=True, slots=True)
class Taken:
    """A receipt, as far as finding its mail again needs it."""

    receipt_id: int
    place: Place
    uid: int
    filed: Filed | None
    sha256: str
    size: int

    @property
    def lies(self) -> Filed:
        """Where the mail was when it was last seen."""
        return self.filed or Filed(self.place.folder, self.place.uidvalidity, self.uid)


@dataclass(frozen=True, slots=True)
class Deaths:
    """How often reading a mail ended uncleanly, and how the last time."""

    number: int
    reason: Reason
    how: str
