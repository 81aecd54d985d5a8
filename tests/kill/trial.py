"""One trial: a mailbox and a database of their own, and the workers that live on them one after the other."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from crm_logger.config import load_config
from tests.kill import maildirs
from tests.kill.forks import run_worker
from tests.kill.plants import PLANTS
from tests.kill.state import Line, state
from tests.kill.worker import ROUND, START, Run
from tests.office import SETTINGS
from tests.servers.dovecot import PASSWORD, Dovecot

if TYPE_CHECKING:
    from pathlib import Path

    from tests.kill.scenarios import Scenario

_numbers = count(1)


@dataclass(frozen=True)
class Cell:
    """A scenario on a server in a mode; `folder` holds how it begins, `points` and `expected` come from the undisturbed run."""

    scenario: int
    server: str
    mode: str
    folder: Path
    points: tuple[str, ...] = ()
    expected: Counter[Line] = field(default_factory=Counter)


@dataclass(frozen=True)
class Room:
    """Where trials take place: a folder on the disk of the servers, one for the databases, and the servers by column."""

    folder: Path
    desk: Path
    servers: dict[tuple[str, str], Dovecot]


class Trial:
    """A mailbox and a database of their own for one worker and those after it."""

    def __init__(self, room: Room, cell: Cell, scenario: Scenario, plant: str = "") -> None:
        self.user = f"k{os.getpid()}x{next(_numbers)}"
        self._dovecot = room.servers[cell.server, cell.mode]
        self.home = self._dovecot.folder / "mail" / self.user
        self.folder = room.folder / self.user
        self._desk = room.desk / self.user
        self.database = self._desk / "crm.sqlite3"
        self._scenario = scenario
        self._plant = PLANTS[plant][1] if plant else None
        self._lives = -1
        self._idle = cell.mode == "IDLE"
        self.folder.mkdir()
        self._desk.mkdir()
        maildirs.clone(cell.folder / "mail", self.home)
        shutil.copy(cell.folder / "crm.sqlite3", self.database)
        with closing(sqlite3.connect(self.database)) as database:
            database.execute("UPDATE mailbox SET name = ?", (f"{self.user}@127.0.0.1",))
            database.commit()
        for number in range(900, 900 + len(scenario.later)):
            os.link(cell.folder / maildirs.name_of(number), self.folder / maildirs.name_of(number))
        self._config = load_config(SETTINGS | self._settings, {}, None)

    @property
    def _settings(self) -> dict[str, str]:
        """What differs from the office's."""
        return {
            "IMAP_PORT": str(self._dovecot.port),
            "IMAP_USER": self.user,
            "IMAP_PASSWORD": PASSWORD,
            "IMAP_TIMEOUT": "10",
            "FILING": "move",
            "DATABASE_URL": f"sqlite:///{self.database}",
        } | self._scenario.settings

    def run(self, last_point: int = 0, *, idle_only: bool = False) -> tuple[int | None, bool]:
        """One worker's life; the next one begins an hour later."""
        self._lives += 1
        later = [
            self.folder / maildirs.name_of(number) for number in range(900, 900 + len(self._scenario.later))
        ]
        run = Run(
            config=self._config,
            database=self.database,
            log=self.folder / "log",
            idle=self._idle,
            later=tuple((path, self.home / "new" / path.name) for path in later),
            retry=() if idle_only else self._scenario.retried,
            last_point=last_point,
            started=START + 3 * ROUND * self._lives,
            plant=self._plant,
            real_reader=self._scenario.real_reader,
        )
        return run_worker(run)

    def live(self) -> list[str]:
        """An undisturbed life; returns the points it had."""
        status, gone = self.run()
        assert (status, gone) == (0, True), (
            self._scenario.name,
            status,
            gone,
            (self.folder / "log").read_text(),
        )
        names: list[str] = json.loads((self.folder / "log.points").read_text())
        return names

    def state(self) -> Counter[Line]:
        """What there is now."""
        return state(self.database, self.home)

    def remove(self) -> None:
        """Leave nothing behind."""
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.rmtree(self._desk, ignore_errors=True)
