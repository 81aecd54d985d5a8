"""One trial: a mailbox and a database of their own, and the workers that live on them one after the other."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from crm_logger.config import load_config, load_mailboxes
from tests.kill import maildirs
from tests.kill.forks import run_worker
from tests.kill.plants import PLANTS
from tests.kill.state import Line, state
from tests.kill.worker import ROUND, START, Pair, Run
from tests.office import SETTINGS
from tests.servers.dovecot import PASSWORD, Dovecot

if TYPE_CHECKING:
    from pathlib import Path

    from tests.kill.scenarios import Scenario
    from tests.servers.databases import Database

_numbers = count(1)


@dataclass(frozen=True)
class Cell:
    """A scenario on a server in a mode; `folder` holds how it begins, `points` and `expected` come from the undisturbed run.

    `way`: how the first of two workers is lost.
    """

    scenario: int
    server: str
    mode: str
    folder: Path
    database: Database
    way: str = ""
    points: tuple[str, ...] = ()
    expected: Counter[Line] = field(default_factory=Counter)


@dataclass(frozen=True)
class Room:
    """Where trials take place: a folder on the disk of the servers, one for the databases, and the servers by column."""

    folder: Path
    desk: Path
    servers: dict[tuple[str, str], Dovecot]


class Trial:
    """A mailbox, or several, and a database of their own for one worker and those after it."""

    def __init__(self, room: Room, cell: Cell, scenario: Scenario, plant: str = "") -> None:
        self.user = f"k{os.getpid()}x{next(_numbers)}"
        self._dovecot = room.servers[cell.server, cell.mode]
        self.homes = [self._dovecot.folder / "mail" / user for user in (self.user, f"{self.user}s")]
        self.folder = room.folder / self.user
        self._desk = room.desk / self.user
        self._scenario = scenario
        self._plant = PLANTS[plant][1] if plant else None
        self._lives = -1
        self._idle = cell.mode == "IDLE"
        self.folder.mkdir()
        self._desk.mkdir()
        del self.homes[1 + bool(scenario.support) :]
        for home, source in zip(self.homes, (cell.folder / "mail", cell.folder / "support"), strict=False):
            maildirs.clone(source, home)
        self.database = cell.database.copy(self._desk)
        self.database.change(f"UPDATE mailbox SET name = '{self.user}@127.0.0.1'")  # noqa: S608 -- a name of ours
        for number in range(900, 900 + len(scenario.later)):
            os.link(cell.folder / maildirs.name_of(number), self.folder / maildirs.name_of(number))
        self._config = load_config(SETTINGS | self._settings, {}, None)
        self._mailboxes = load_mailboxes(SETTINGS | self._settings, {}, None) if scenario.support else ()

    @property
    def _settings(self) -> dict[str, str]:
        """What differs from the office's."""
        told = {
            "IMAP_PORT": str(self._dovecot.port),
            "IMAP_USER": self.user,
            "IMAP_PASSWORD": PASSWORD,
            "IMAP_TIMEOUT": "10",
            "FILING": "move",
            "DATABASE_URL": self.database.url,
        } | self._scenario.settings
        if self._scenario.support:
            told |= {"MAILBOXES": "sales,support", "SUPPORT_IMAP_USER": f"{self.user}s"}
        return told

    def run(self, last_point: int = 0, *, idle_only: bool = False) -> tuple[int | None, bool]:
        """One worker's life; the next one begins an hour later."""
        return run_worker(self.life(last_point, idle_only=idle_only))

    def life(self, last_point: int = 0, *, idle_only: bool = False, pair: Pair | None = None) -> Run:
        """What the next worker is to live."""
        self._lives += 1
        later = [
            self.folder / maildirs.name_of(number) for number in range(900, 900 + len(self._scenario.later))
        ]
        return Run(
            config=self._config,
            mailboxes=self._mailboxes,
            database=self.database,
            log=self.folder / f"log{self._lives}",
            idle=self._idle,
            later=tuple((path, self.homes[0] / "new" / path.name) for path in later),
            retry=() if idle_only else self._scenario.retried,
            last_point=last_point,
            started=START + 3 * ROUND * self._lives,
            plant=self._plant,
            real_reader=self._scenario.real_reader,
            pair=pair,
        )

    def live(self) -> list[str]:
        """An undisturbed life; returns the points it had."""
        life = self.life()
        status, gone = run_worker(life)
        assert (status, gone) == (0, True), (self._scenario.name, status, gone, life.log.read_text())
        names: list[str] = json.loads(life.log.with_suffix(".points").read_text())
        return names

    def said(self) -> str:
        """What the workers said, the end of it."""
        logs = sorted(self.folder.glob("log?"))
        return "\n".join(
            f"    {log.name}: {line}" for log in logs for line in log.read_text().splitlines()[-12:]
        )

    def state(self) -> Counter[Line]:
        """What there is now."""
        return state(self.database, self.homes)

    def remove(self) -> None:
        """Leave nothing behind."""
        self.database.remove()
        for folder in (*self.homes, self.folder, self._desk):
            shutil.rmtree(folder, ignore_errors=True)
