"""A desk to type commands at: a folder, a database and settings of its own."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import pytest
from click.testing import CliRunner

from crm_logger.admin import main
from crm_logger.intake import Intake
from tests.fakes import FakeMailbox, FakeReader
from tests.office import NOW, SETTINGS, Office, open_office

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from crm_logger.isolation import Reader
    from crm_logger.mailbox import Mailbox


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    status: int
    out: str
    err: str


@dataclass
class Desk:
    """Types commands with the settings of the folder."""

    folder: Path
    settings: dict[str, str] = field(default_factory=lambda: dict(SETTINGS))

    def pipe(self, stdin: bytes, *words: str) -> Said:
        """Type a command that reads its standard input."""
        return self._said(words, self.settings, stdin)

    def type(self, *words: str, **settings: str) -> Said:
        """Type a command, whatever comes of it; `settings` come on top of the desk's."""
        return self._said(words, self.settings | settings)

    def _said(self, words: tuple[str, ...], settings: dict[str, str], stdin: bytes = b"") -> Said:
        told = {"DATABASE_URL": f"sqlite:///{self.folder}/crm.sqlite3"} | settings
        sets = [word for name, value in told.items() for word in ("--set", f"{name}={value}")]
        result = CliRunner().invoke(main, [*sets, *words], input=stdin)
        assert "Traceback" not in result.output
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return Said(result.exit_code, result.stdout, result.stderr)

    def ok(self, *words: str, **settings: str) -> str:
        """Type a command that must succeed; return what it printed."""
        said = self.type(*words, **settings)
        assert said.status == 0, said
        return said.out

    def json(self, *words: str, **settings: str) -> Any:
        """Type a command with --json; return the value."""
        return json.loads(self.ok(*words, "--json", **settings))

    def refused(self, *words: str, status: int = 1, **settings: str) -> str:
        """Type a command that must fail with that status and one sentence; return the sentence."""
        said = self.type(*words, **settings)
        assert (said.status, said.out) == (status, ""), said
        assert said.err.count("Error: ") == 1
        return said.err.partition("Error: ")[2].strip()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path)


@dataclass
class Shop:
    """Acme with Ann and Bob, a mailbox in memory, and a desk at the same database."""

    office: Office
    desk: Desk
    mailbox: FakeMailbox = field(default_factory=FakeMailbox)

    def deliver(self, *raws: bytes) -> None:
        """Let mails arrive and be taken in."""
        self.mailbox.put(*raws)
        mailbox, reader = cast("Mailbox", self.mailbox), cast("Reader", FakeReader())
        Intake(self.office.config, self.office.store, mailbox, reader, lambda: NOW).turn()


@pytest.fixture
def shop(desk: Desk, database_url: str) -> Iterator[Shop]:
    """The tests of it run on each kind of database in turn."""
    desk.settings["DATABASE_URL"] = database_url
    office = open_office(desk.folder, DATABASE_URL=database_url)
    yield Shop(office, desk)
    office.store.close()
