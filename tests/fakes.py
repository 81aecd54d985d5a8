"""A mailbox in memory and a reader in this process, for tests of what is done with mail.

The real mailboxes are in tests/servers/, the real reader is tested in tests/hostile/.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from crm_logger.core.model import RawMail
from crm_logger.isolation import Read
from crm_logger.isolation.child import decide
from crm_logger.mailbox import Envelope, Filed, MailboxAway, Unfetched

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from crm_logger.core.model import Directory
    from crm_logger.isolation import Reading

ARRIVED = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


@dataclass
class FakeMailbox:
    """Folders of mails by UID. A mail that is None is listed by the server and never given."""

    name: str = "catchall@imap.log.example"
    folder: str = "INBOX"
    uidvalidity: int = 7
    folders: dict[str, dict[int, bytes | None]] = field(default_factory=lambda: {"INBOX": {}})
    away_after: int | None = None
    asked_above: list[int] = field(default_factory=list)

    def put(self, *raws: bytes | None) -> list[int]:
        """Deliver mails; return their UIDs."""
        inbox = self.folders[self.folder]
        first = max(inbox, default=0) + 1
        inbox.update(enumerate(raws, first))
        return list(range(first, first + len(raws)))

    def stirred(self, _above: int) -> bool:
        return True

    def uids(self, above: int = 0, also: Iterable[int] = ()) -> list[int]:
        self.asked_above.append(above)
        wanted = set(also)
        return sorted(uid for uid in self.folders[self.folder] if uid > above or uid in wanted)

    def went_back(self, _last: int) -> bool:
        return False

    def envelope(self, _uid: int) -> Envelope:
        return Envelope()

    def fetch(self, uids: Iterable[int]) -> Iterator[RawMail | Unfetched]:
        for number, uid in enumerate(uids):
            if number == self.away_after:
                raise MailboxAway("the connection broke while fetching")
            raw = self.folders[self.folder][uid]
            if raw is None:
                yield Unfetched(uid, "the server gives nothing for it")
            else:
                yield RawMail(uid, raw, ARRIVED + timedelta(minutes=uid), len(raw))

    def move_together(self, uids: Iterable[int], folder: str) -> dict[int, Filed]:
        return {uid: self.file(uid, folder) for uid in uids}

    def file(self, uid: int, folder: str, _is_anothers: object = None) -> Filed:
        raw = self.folders[self.folder].pop(uid, b"")
        target = self.folders.setdefault(folder, {})
        number = len(target) + 1
        target[number] = raw
        return Filed(folder, 70, number)


@dataclass
class FakeReader:
    """Reads in the tests' own process. `planted` are readings that come instead, by UID."""

    planted: dict[int, Reading] = field(default_factory=dict)
    asked: list[int] = field(default_factory=list)

    def rouse(self) -> None:
        """It is awake."""

    def read(
        self, items: Iterable[RawMail | Unfetched], directory: Directory
    ) -> Generator[Read | Unfetched, None, None]:
        for item in items:
            if isinstance(item, RawMail):
                self.asked.append(item.uid)
                planted = self.planted.get(item.uid)
                yield Read(item, decide(item, directory) if planted is None else planted)
            else:
                yield item
