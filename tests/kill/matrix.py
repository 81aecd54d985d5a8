"""The kill matrix: scenarios × what the server offers × polling or IDLE, each worker killed at one point of its life.

`python -m tests.kill.matrix` runs it and prints its figures; the exit status is 1 where anything was lost, double or stuck.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
import zlib
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from crm_logger.store import Store
from tests.kill import maildirs
from tests.kill.figures import Figures
from tests.kill.forks import become_lane
from tests.kill.plants import PLANTS
from tests.kill.points import DECISIVE
from tests.kill.scenarios import Scenario, furnished, scenarios
from tests.kill.state import reasons, unfinished
from tests.kill.trial import Cell, Room, Trial
from tests.office import NOW
from tests.servers.databases import SqliteFile
from tests.servers.dovecot import Dovecot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tests.servers.databases import Database

SERVERS = {"MOVE": (), "UIDPLUS only": ("MOVE",), "neither": ("MOVE", "UIDPLUS")}
MODES = ("poll", "IDLE")
LANES = 3 * (os.cpu_count() or 2) // 2 + 1
PORTION = 20
PROGRESS = 25
"""Every so many portions it says how far it is."""
# A killed process loses nothing that it wrote, wherever it wrote it: the databases need no disk.
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
COLUMNS = len(SERVERS) * len(MODES)


class Matrix:
    """The servers, the office and the scenarios; made before the lanes are forked, so that they find all of it warm."""

    def __init__(self, room: Room, database: Database) -> None:
        self.room = room
        self.office, globex = furnished(room.folder, database.url)
        self.scenarios = scenarios(self.office, globex)
        self.office.store.close()
        self.database = database
        database.change("INSERT INTO mailbox (name) VALUES ('')")
        database.settle()

    # ------------------------------------------------------------ one life

    def prepare(self, cell: Cell, plant: str = "") -> Cell:
        """Make the beginning of a cell, and see where an undisturbed run ends."""
        scenario = self.scenarios[cell.scenario]
        cell.folder.mkdir()
        cell = replace(cell, database=self.database.copy(cell.folder))
        maildirs.make(cell.folder / "mail", scenario.mails)
        if scenario.support:
            maildirs.make(cell.folder / "support", scenario.support)
        for number, raw in enumerate(scenario.later, 900):
            maildirs.write_mail(cell.folder / maildirs.name_of(number), raw, number)
        if scenario.before:
            self._live_before(cell, scenario)
        if plant:
            cell.database.change(*PLANTS[plant][0])
        return self._undisturbed(cell, scenario)

    def _live_before(self, cell: Cell, scenario: Scenario) -> None:
        settings = scenario.settings | scenario.settings_before
        life = Trial(self.room, cell, replace(scenario, later=(), settings=settings, retried=()))
        life.live()
        shutil.rmtree(cell.folder / "mail")
        maildirs.clone(life.homes[0], cell.folder / "mail")
        life.database.settle()
        cell.database.remove()
        life.database.copy(cell.folder)
        life.remove()
        office = replace(self.office, store=Store.open(cell.database.url, NOW))
        assert scenario.before
        scenario.before(cell.folder / "mail", office)
        office.store.close()
        cell.database.settle()

    def _undisturbed(self, cell: Cell, scenario: Scenario) -> Cell:
        life = Trial(self.room, cell, scenario)
        names = life.live()
        expected = life.state()
        assert not unfinished(expected), unfinished(expected)
        wanted = (cell.server == "neither" and scenario.where_kept) or scenario.reasons
        assert reasons(expected) == sorted(wanted), (scenario.name, cell.server, reasons(expected))
        life.remove()
        return replace(cell, points=tuple(names), expected=expected)

    def kill(self, cell: Cell, numbers: Iterable[int], plant: str = "") -> Figures:
        """Kill a worker at each of these points of the cell, and see what the next one makes of it."""
        figures = Figures()
        for number in numbers:
            life = Trial(self.room, cell, self.scenarios[cell.scenario], plant)
            before = figures.red
            self._kill(life, cell, number, figures)
            if figures.red > before:
                figures.told.append(f"    lost at {number}: {cell.points[number - 1]}\n{life.said()}")
            else:
                life.remove()
        return figures

    def lose(self, life: Trial, cell: Cell, number: int) -> tuple[bool, object]:  # noqa: ARG002 -- others ask it
        """Lose a worker at a point, and let the next one do what is left; return whether both ended as they should, and how."""
        first, second = life.run(number), life.run()
        return first in {(-9, True), (0, True)} and second == (0, True), (first, second)

    def _kill(self, life: Trial, cell: Cell, number: int, figures: Figures) -> None:
        figures.points += 1
        figures.ways[cell.way] += 1
        where = f"{self.scenarios[cell.scenario].name} / {cell.server} / {cell.mode} {cell.way}"

        def tell(what: str, lines: object) -> None:
            figures.told.append(f"{where}: {what}: {lines}")

        well, ends = self.lose(life, cell, number)
        found = life.state()
        if not well or unfinished(found):
            figures.stuck += 1
            tell("stuck", (ends, unfinished(found)))
        for line in (cell.expected - found).elements():
            figures.lost[line[0]] += 1
            tell("lost", line)
        for line in (found - cell.expected).elements():
            figures.double[line[0]] += 1
            tell("double", line)
        before = life.database.dump()
        life.run(idle_only=True)
        if life.database.dump() != before or life.state() != found:
            figures.changed += 1
            tell("changed", sorted(set(life.database.dump()) ^ set(before)))


# ---------------------------------------------------------------- all of them


@dataclass(frozen=True)
class Kind:
    """What is killed on what: the matrix, its database, the ways in which a worker is lost, and how many trials there are at once."""

    matrix: type[Matrix]
    database: Callable[[ExitStack, Path], Database]
    ways: tuple[str, ...] = ("",)
    fits: Callable[[Scenario], bool] = lambda _scenario: True
    lanes: int = LANES


ALONE = Kind(Matrix, lambda _stack, folder: SqliteFile(folder / "crm.sqlite3"))
"""One worker after the other, on SQLite."""
_matrix: list[Matrix] = []
"""The one that the lanes inherit."""


def _prepare(cell: Cell, plant: str) -> Cell:
    return _matrix[0].prepare(cell, plant)


def _kill(cell: Cell, numbers: Sequence[int], plant: str) -> Figures:
    return _matrix[0].kill(cell, numbers, plant)


def run_matrix(
    choose: Callable[[Cell], list[int]],
    *,
    names: Sequence[str] = (),
    servers: Sequence[str] = tuple(SERVERS),
    modes: Sequence[str] = MODES,
    each: int = COLUMNS,
    plant: str = "",
    tell: Callable[[str], None] = lambda _line: None,
    kind: Kind = ALONE,
) -> Figures:
    """Kill at the points that `choose` names for each cell; return what came of it. `names` are the scenarios, all where there are none.

    Each scenario is tried in `each` of the columns, not the same for all; `plant` names a bug to plant.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="kill-", dir="/tmp")))
        desk = Path(stack.enter_context(TemporaryDirectory(prefix="kill-", dir=MEMORY)))
        columns = list(product(servers, modes, kind.ways))
        running = {at: stack.enter_context(Dovecot(_without(*at))) for at in product(servers, modes)}
        matrix = kind.matrix(Room(folder, desk, running), kind.database(stack, folder))
        wanted = [
            n
            for n, each in enumerate(matrix.scenarios)
            if kind.fits(each) and each.name in (names or each.name)
        ]
        step = len(columns) // min(each, len(columns))
        cells = [
            Cell(scenario, server, mode, folder / f"cell-{scenario}-{number}", matrix.database, way)
            for scenario, (number, (server, mode, way)) in product(wanted, enumerate(columns))
            if (scenario + number) % step == 0
        ]
        _matrix[:] = [matrix]
        lanes = stack.enter_context(
            ProcessPoolExecutor(kind.lanes, mp_context=get_context("fork"), initializer=become_lane)
        )
        figures = Figures(len(wanted), len(cells))
        cells = list(lanes.map(_prepare, cells, [plant] * len(cells)))
        portions = [(cell, part) for cell in cells for part in _portions(choose(cell))]
        tell(
            f"{sum(len(cell.points) for cell in cells)} points exist, {sum(len(p) for _, p in portions)} are chosen"
        )
        futures = [lanes.submit(_kill, cell, part, plant) for cell, part in portions]
        for done, future in enumerate(as_completed(futures), 1):
            figures.add(future.result())
            if done % PROGRESS == 0 or figures.told:
                _tell_on(figures, tell)
        return figures


def _tell_on(figures: Figures, tell: Callable[[str], None]) -> None:
    """Tell of what was found as soon as it is: nobody waits half an hour for it."""
    tell("\n".join([*figures.told, f"  so far {figures}"]))
    figures.told.clear()


def _without(server: str, mode: str) -> tuple[str, ...]:
    return SERVERS[server] if mode == "IDLE" else (*SERVERS[server], "IDLE")


def _portions(numbers: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(numbers), PORTION):
        yield numbers[start : start + PORTION]


def enough_points(cell: Cell) -> list[int]:
    """Each point where something may change for good, of the rest one in 24; each column takes others."""
    column = int(cell.folder.name.rpartition("-")[2])
    rest = (number for number in every_point(cell) if number % (4 * COLUMNS) == column)
    return sorted({*decisive_points(cell), *rest})


def every_point(cell: Cell) -> list[int]:
    """All of them: some fifty thousand, for a day when nothing else is to be done."""
    return list(range(1, len(cell.points) + 1))


def some_points(cell: Cell) -> list[int]:
    """Three of each cell: one anywhere, two where something may change for good."""
    dice = zlib.crc32(cell.folder.name.encode())
    decisive = decisive_points(cell)
    picked = {decisive[(dice >> shift) % len(decisive)] for shift in (3, 11)}
    return sorted(picked | {dice % len(cell.points) + 1})


def decisive_points(cell: Cell) -> list[int]:
    """Those where something may change for good."""
    return [number for number, name in enumerate(cell.points, 1) if name.partition(" ")[2] in DECISIVE]


def tell(line: str) -> None:
    """Say how far it is."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def asked(arguments: Sequence[str], description: str | None, **switches: str) -> argparse.Namespace:
    """What the command line wants; `switches` are those of this matrix, and what each means."""
    parser = argparse.ArgumentParser(description=description)
    for switch, meaning in switches.items():
        parser.add_argument(f"--{switch}", action="store_true", help=meaning)
    parser.add_argument("--plant", default="", choices=list(PLANTS), help="a bug to plant")
    parser.add_argument("names", nargs="*", help="scenarios, all unless named")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    """Run the matrix; print the figures."""
    told = asked(arguments, __doc__, sample="a hundred points", every="every single point: hours")
    started = time.monotonic()
    if told.plant:
        figures = run_matrix(
            decisive_points, names=told.names, servers=["MOVE"], modes=["poll"], plant=told.plant, tell=tell
        )
    elif told.sample:
        figures = run_matrix(some_points, names=told.names, each=2, tell=tell)
    else:
        figures = run_matrix(every_point if told.every else enough_points, names=told.names, tell=tell)
    tell("\n".join(figures.by_kind()))
    tell(f"{figures}; {time.monotonic() - started:.0f} s")
    return 1 if figures.red else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
