"""What recording some mails will write: rows are gathered, and written table by table at the end."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from .statements import Rows, ask_among, tell
from .tables import (
    Attachment,
    Captured,
    Contact,
    ContactAddress,
    Content,
    Decision,
    Engagement,
    EngagementContact,
    LogAddress,
    Participant,
    Receipt,
)

if TYPE_CHECKING:
    from datetime import datetime

_LARGE: Final = 1024 * 1024


class Draft:
    """The rows of one transaction, each table's in the order in which they came."""

    def __init__(self) -> None:
        self.receipts = Rows(Receipt, numbered=True)
        self.contacts = Rows(Contact, numbered=True)
        self.engagements = Rows(Engagement, numbered=True)
        self.addresses = Rows(ContactAddress)
        self.participants = Rows(Participant)
        self.timelines = Rows(EngagementContact)
        self.captures = Rows(Captured)
        self.attachments = Rows(Attachment)
        self.decisions = Rows(Decision)
        self._contents: dict[str, bytes] = {}
        self._identities: list[tuple[int, dict[str, Any]]] = []
        self._used: dict[int, datetime] = {}

    def keep(self, data: bytes) -> str:
        """Have bytes kept, once however many mails carry them; return their SHA-256."""
        sha256 = hashlib.sha256(data).hexdigest()
        self._contents.setdefault(sha256, data)
        return sha256

    def identify(self, engagement: int, identity: dict[str, Any]) -> None:
        """Have an engagement completed by what only another copy of the mail told."""
        self._identities.append((engagement, identity))

    def note_use(self, log_address: int, now: datetime) -> None:
        """Have it noted when a log address was last used."""
        self._used[log_address] = now

    def write(self) -> None:
        """Write everything; what others refer to comes first."""
        self.receipts.write()
        self.contacts.write()
        self.addresses.write()
        self.engagements.write()
        for engagement, identity in self._identities:
            Engagement.update(identity).where(Engagement.id == engagement).execute()
        self.participants.write()
        self._write_contents()
        self.attachments.write()
        self.timelines.write()
        self.captures.write()
        self.decisions.write()
        self._write_uses()

    def _write_contents(self) -> None:
        kept = {
            sha256 for (sha256,) in ask_among("SELECT sha256 FROM content WHERE sha256 IN", self._contents)
        }
        # Contents are no account's own: another transaction may bring the same. In order, none waits for the other in turn.
        contents = Rows(Content, unless_there=True)
        for sha256, data in sorted(self._contents.items()):
            if sha256 not in kept:
                contents.add(sha256=sha256, data=data)
                if len(data) > _LARGE:
                    # It is there now, so nothing is written. But a statement keeps a copy of what it wrote until it runs again.
                    contents.add(sha256=sha256, data=b"")
        contents.write()

    def _write_uses(self) -> None:
        for log_address, now in self._used.items():
            used = (LogAddress.last_used.db_value(now), log_address)
            tell("UPDATE log_address SET last_used = ? WHERE id = ?", *used)
