"""An installation that proves its senders: a database, a mailbox in memory, and a desk to type commands at."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003 -- dataclasses read their annotations
from typing import TYPE_CHECKING, cast

import pytest

from crm_logger.intake import Intake, Turn
from crm_logger.store import receipts
from crm_logger.store.receipts import Asked, Decided, Happened, Impersonated
from tests.admin.conftest import Desk
from tests.cast import bcc, forwarding
from tests.fakes import FakeMailbox, FakeReader
from tests.office import NOW, SETTINGS, Office, open_office
from tests.security.forgeries import ID

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from crm_logger.core.model import Reason
    from crm_logger.isolation import Reader
    from crm_logger.mailbox import Mailbox


@dataclass
class Guard:
    """Acme with Ann and Bob; mail is taken in with a real database."""

    office: Office
    desk: Desk
    mailbox: FakeMailbox = field(default_factory=FakeMailbox)

    def deliver(self, *raws: bytes, now: datetime = NOW, reading: FakeReader | None = None) -> Turn:
        """Let mails arrive, with this office's log addresses, and be taken in at that time."""
        for known, ours in ((bcc(), self.office.bcc), (forwarding(), self.office.forwarding)):
            raws = tuple(raw.replace(known.encode(), ours.encode()) for raw in raws)
        self.mailbox.put(*raws)
        mailbox, reader = cast("Mailbox", self.mailbox), cast("Reader", reading or FakeReader())
        return Intake(self.office.config, self.office.store, mailbox, reader, lambda: now).turn()

    def decisions(self) -> list[Decided]:
        """What was decided, the oldest first."""
        with self.office.store.reading():
            return list(reversed(receipts.decisions(Asked())))

    def reasons(self) -> list[Reason]:
        return [each.reason for each in self.decisions()]

    def limits_met(self) -> list[str]:
        with self.office.store.reading():
            found: list[Happened] = receipts.events(NOW.replace(year=2000))
        return sorted(each.detail for each in found if each.kind == "limit")

    def impersonated(self) -> list[Impersonated]:
        with self.office.store.reading():
            return receipts.impersonations(NOW.replace(year=2000))


@pytest.fixture
def guard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Guard]]:
    """Opens one, with settings on top of the usual ones."""
    opened: list[Office] = []

    def get(**settings: str) -> Guard:
        told = {"AUTHSERV_ID": ID, **settings}
        opened.append(open_office(tmp_path, **told))
        return Guard(opened[-1], Desk(tmp_path, SETTINGS | told))

    monkeypatch.chdir(tmp_path)
    yield get
    for office in opened:
        office.store.close()
