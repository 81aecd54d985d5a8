"""Targets 2 and 5: memory while much or large mail comes in, and time a mail where there is much already."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass, field, replace
from statistics import median, quantiles
from typing import TYPE_CHECKING

from benchmarks import pages
from benchmarks.drain import by_us
from benchmarks.filling import fill_ledger, settle_search
from benchmarks.mails import TINY, arrived, huge
from benchmarks.office import Office, fill, furnish
from benchmarks.report import Row
from crm_logger.catalogue import Catalogue
from crm_logger.config import load_config
from crm_logger.store import Store
from crm_logger.store.pages import cards

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.bench import Bench
    from benchmarks.drain import Drained

MEGABYTE = 1_000_000
_PLACES, _SOME = 300, 20
WARM = 300
"""So many mails are not counted, in a large mailbox as in a small one: the processes have just started."""
LAST = 100
"""Nor are these of a small one: while they are recorded nobody reads ahead any more, which made the others look quick."""


def measure_mailbox(bench: Bench) -> list[Row]:
    """Memory and time a mail: many small mails, beside few that are taken in when all of those are stored."""
    sizes = bench.sizes
    each = sizes.few - WARM - LAST
    few = bench.box(TINY, sizes.few)
    first = [block for _ in range(sizes.rounds) for block in by_us(bench.office(few)).blocks(WARM, each)[:1]]
    office = bench.office(bench.box(TINY, sizes.drained))
    bench.say(f"{sizes.drained:,} mails, with their memory")
    large = by_us(office)
    late = large.blocks(WARM, each)
    late = late[3 * len(late) // 4 :]
    further = []
    for turn in range(2 * sizes.rounds):
        box = bench.box(TINY, sizes.few, sizes.drained + turn * sizes.few)
        further += by_us(_same_database(bench.office(box), office)).blocks(WARM, each)[:1]
    compared = f"a mail in a mailbox of {sizes.drained:,}, to one of {sizes.few:,}"
    return [
        _memory("2", f"draining {sizes.drained:,} small mails", large, 160),
        _grown(f"{compared}, as much stored", median(late), median(further), 1.15),
        _grown(f"{compared}, with nothing stored before", median(late), median(first), None),
    ]


def _same_database(office: Office, other: Office) -> Office:
    """The office of one mailbox, working on the database of another."""
    settings = office.settings | {"DATABASE_URL": other.settings["DATABASE_URL"]}
    return replace(office, settings=settings, database=other.database)


def measure_large(bench: Bench) -> list[Row]:
    """Memory: mails of 45 MB."""
    number = bench.sizes.huge
    bench.say(f"{number} mails of 45 MB")
    box = fill(bench.dovecot, "huge", (huge(each, bench.addresses) for each in range(number)))
    return [_memory("2", f"taking in {number} mails of 45 MB", by_us(bench.office(box)), 320)]


def _memory(number: str, what: str, drained: Drained, most: float) -> Row:
    ours = f"{drained.rate:,.1f} mails/s"
    return Row(number, f"memory {what}", drained.peak / MEGABYTE, most, most=True, unit=" MB", ours=ours)


def _grown(what: str, many: float, few: float, most: float | None) -> Row:
    told = {"ours": f"{1e6 * many:,.0f} µs a mail", "theirs": f"{1e6 * few:,.0f} µs a mail"}
    return Row("5" if most else "", what, many / few, most, most=True, unit=" ×", **told)


def measure_database(bench: Bench) -> list[Row]:
    """Time a mail, and a timeline's page, with few and with many engagements stored."""
    sizes = bench.sizes
    few = _stored(bench, sizes.stored_few)
    many = _stored(bench, sizes.stored)
    for _ in range(sizes.rounds + 3):  # by turns: what else the machine does changes
        few.take()
        many.take()
    return [
        _grown(f"a mail with {sizes.stored:,} engagements stored, to {sizes.stored_few:,}", many.a_mail, few.a_mail, 1.3),
        Row(
            "5",
            "a timeline page's query, p99",
            1000 * many.query.again,
            2.0,
            most=True,
            unit=" ms",
            ours=f"{1000 * many.query.first:.2f} ms the first time",
            theirs=f"{1000 * few.query.again:.2f} ms with few",
        ),
        Row("5", "a page of 50 at the server", 1000 * many.page, 1000 * pages.BUDGET, most=True, unit=" ms", theirs=f"{1000 * few.page:.1f} ms with few"),
    ]  # fmt: skip


@dataclass
class _Stored:
    """A database with so many engagements: seconds for a page's query, for a page, and for a mail, round by round."""

    office: Office
    number: int
    query: _Asked
    page: float
    took: list[float] = field(default_factory=list)

    def take(self) -> None:
        """Take mail in, and take it out again."""
        self.took.append(by_us(self.office).after(WARM))
        _forget(self.office.database, self.number)

    @property
    def a_mail(self) -> float:
        """The median; the first round, which finds everything cold, does not count."""
        return median(self.took[1:])


@dataclass(frozen=True, slots=True)
class _Asked:
    """The p99 of what a page asks the database: where its place was not read before, and when it is asked again."""

    first: float
    again: float


def _stored(bench: Bench, number: int) -> _Stored:
    """Make one, catalogue and all: what is behind would be made up for by the first round."""
    bench.say(f"a database of {number:,} engagements")
    folder = bench.folder / f"stored{number}"
    folder.mkdir()
    page = max(pages.time_of_a_page(number, folder).values())
    office = _furnished(bench, folder / "pages.sqlite3")
    fill_ledger(office.database, number)
    with closing(Store.open(office.config.database_url, arrived(0))) as store:
        Catalogue(store, lambda: False).complete()
    settle_search(office.database)
    return _Stored(office, number, _query(office, number), page)


def _furnished(bench: Bench, database: Path) -> Office:
    """The database of the pages, with the users and log addresses that mail comes to."""
    box = bench.box(TINY, bench.sizes.few)
    settings = bench.office(box).settings | {"DATABASE_URL": f"sqlite:///{database}"}
    config = load_config(settings, {}, None)
    with closing(Store.open(config.database_url, arrived(0))) as store:
        return Office(settings, furnish(store, config, account=1), database)


def _query(office: Office, number: int) -> _Asked:
    """A page's questions at the top and all the way down the longest timeline.

    A few places are asked one after the other, then the same again: that is more than the connection's cache holds, and
    too soon for a host to have taken the memory away.
    """
    first: list[float] = []
    again: list[float] = []
    places = [None if step % 2 else 1 + 4 * ((number // 4) * step // _PLACES) for step in range(_PLACES)]
    with closing(Store.open(office.settings["DATABASE_URL"], arrived(0))) as store:
        for start in range(0, _PLACES, _SOME):
            some = places[start : start + _SOME]
            first += [_seconds(store, before) for before in some]
            again += [_seconds(store, before) for before in some]
    return _Asked(_p99(first), _p99(again))


def _seconds(store: Store, before: int | None) -> float:
    with store.reading():
        started = time.perf_counter()
        cards(1, 1, limit=51, before=before)
        return time.perf_counter() - started


def _p99(taken: list[float]) -> float:
    return quantiles(taken, n=100)[98]


def _forget(database: Path, kept: int) -> None:
    """Take out again what a round brought in."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("pragma foreign_keys = on")
        connection.execute("pragma synchronous = off")
        for table in ("engagement", "receipt"):
            connection.execute(f"delete from {table} where id > ?", (kept,))
