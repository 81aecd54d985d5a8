"""The kill matrix with two workers on one PostgreSQL: the leader is lost at one point of its life while the other stands by.

`python -m tests.kill.pairs` runs it and prints its figures; the exit status is 1 where anything was lost, double or stuck.
"""

from __future__ import annotations

import os
import select
import sys
import time
import zlib
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.kill.forks import LIFETIME, Fork, all_gone
from tests.kill.matrix import Kind, Matrix, asked, decisive_points, every_point, run_matrix, some_points, tell
from tests.kill.worker import Pair
from tests.servers.databases import PostgresDatabase
from tests.servers.postgres import Postgres

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.kill.trial import Cell, Trial

DIES, SLEEPS, DOZES = "dies", "sleeps", "dozes"
"""The leader is killed; stands still until the other has done everything; or only until the other leads."""
_ENDS = {DIES: {-9, 0}, SLEEPS: {0, os.EX_TEMPFAIL}, DOZES: {0, os.EX_TEMPFAIL}}
_OVER = """do $$ begin
set local lock_timeout = '500ms';
update lease set until = clock_timestamp() - interval '1 s' where worker like '%:{pid}';
exception when lock_not_available then null;
end $$"""
"""The lease is over; where its holder stands still in the middle of a change, the other one has to wait until it runs out."""


class Pairs(Matrix):
    """Loses the leader of two workers."""

    def lose(self, life: Trial, cell: Cell, number: int) -> tuple[bool, object]:
        """Lose it, let its lease be over, and let the other take over; a leader that stood still goes on after that."""
        with _pipe() as (leads, tell_leads), _pipe() as (other_leads, tell_other_leads):
            leader = Fork(life.life(number, pair=Pair(tell_leads, stops=cell.way != DIES)))
            other = Fork(life.life(pair=Pair(tell_other_leads, after=leads)))
            leader.ended_or_stopped()
            os.write(tell_leads, b"!")  # it may never have come to lead
            life.database.change(_OVER.format(pid=leader.pid))
            if cell.way == DOZES:
                select.select([other_leads], [], [], LIFETIME)
                leader.go_on()
            second = other.ended()
            leader.go_on()
            first = leader.ended()
        gone = all_gone()
        return first in _ENDS[cell.way] and second == 0 and gone, (first, second, gone)


@contextmanager
def _pipe() -> Iterator[tuple[int, int]]:
    read, write = os.pipe()
    try:
        yield read, write
    finally:
        os.close(read)
        os.close(write)


def _database(stack: ExitStack, _folder: Path) -> PostgresDatabase:
    server = stack.enter_context(Postgres(max_connections="200"))
    return PostgresDatabase(server.url(server.database()))


# The command that takes mail in again has no lease, and is not what is proven here.
PAIRS = Kind(Pairs, _database, (DIES, SLEEPS, DOZES), lambda each: not each.retried, lanes=12)


def spread_points(cell: Cell) -> list[int]:
    """One in five of the points where something may change for good, and one in a hundred of the rest; each cell takes others."""
    decisive = decisive_points(cell)
    rest = sorted(set(every_point(cell)) - set(decisive))
    first = zlib.crc32(cell.folder.name.encode())
    return sorted(decisive[first % 5 :: 5] + rest[first % 100 :: 100])


def main(arguments: Sequence[str]) -> int:
    """Run the matrix; print the figures."""
    told = asked(arguments, __doc__, sample="three points of some cells")
    started = time.monotonic()
    if told.plant:
        figures = run_matrix(
            lambda cell: decisive_points(cell)[::6],
            names=told.names,
            servers=["MOVE"],
            modes=["poll"],
            plant=told.plant,
            tell=tell,
            kind=replace(PAIRS, ways=(SLEEPS,)),
        )
    elif told.sample:
        figures = run_matrix(some_points, names=told.names, each=4, tell=tell, kind=PAIRS)
    else:
        figures = run_matrix(spread_points, names=told.names, tell=tell, kind=PAIRS)
    tell("\n".join(figures.by_kind()))
    tell(", ".join(f"{way}: {number}" for way in (DIES, SLEEPS, DOZES) if (number := figures.ways[way])))
    tell(f"{figures}; {time.monotonic() - started:.0f} s")
    return 1 if figures.red else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
