"""Acme at a mailbox of the embedded server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from crm_logger.store import receipts
from tests.office import Office, open_office

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.servers.served import ServedMailbox


@dataclass
class Post:
    """Acme's office and its mailbox."""

    office: Office
    mailbox: ServedMailbox
    folder: Path

    def reasons(self) -> list[str]:
        """What was decided, the newest first."""
        with self.office.store.reading():
            return [each.reason.value for each in receipts.decisions(receipts.Asked())]

    def alarms(self) -> list[str]:
        """The open alarms."""
        return [each.kind for each in self.office.store.open_alarms()]

    def database(self) -> Path:
        return self.folder / "crm.sqlite3"


@pytest.fixture
def post_with(embedded_imap: ServedMailbox, tmp_path: Path) -> Iterator[Callable[..., Post]]:
    """Opens the office with settings of its own."""
    opened: list[Office] = []

    def get(**settings: str) -> Post:
        opened.append(open_office(tmp_path, **(embedded_imap.settings() | settings)))
        return Post(opened[-1], embedded_imap, tmp_path)

    yield get
    for office in opened:
        office.store.close()


@pytest.fixture
def post(post_with: Callable[..., Post]) -> Post:
    return post_with(POLL_INTERVAL="1")
