"""Target 3: what an idle look at the mailbox costs, counted on the wire, and the search that finds one new mail among many."""

from __future__ import annotations

import sqlite3
import time
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.lines import Line
from benchmarks.mails import TINY, mail
from benchmarks.office import UIDVALIDITY, fill_with_one
from benchmarks.report import Row
from crm_logger.config import load_config
from crm_logger.intake import Intake
from crm_logger.isolation import Reader
from crm_logger.mailbox import Mailbox
from crm_logger.mailbox.reading import uids_above
from crm_logger.store import Place, Store

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.bench import Bench
    from benchmarks.office import Office
    from crm_logger.config import Config
    from tests.servers.served import ServedMailbox

DEFERRED = 5
"""The UID of a mail that waits, far below all others."""
_FINDS, _TURNS = 25, 10
_PATIENCE = 30.0
"""Seconds until a delivered mail is seen by a look at the latest."""


class _Timed(Mailbox):
    """A mailbox that notes what the searches of its looks took, and what the same search takes where nothing is new."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.searches: list[float] = []
        self.in_vain: list[float] = []

    def uids(self, above: int = 0, also: Sequence[int] = ()) -> list[int]:
        started = time.perf_counter()
        found = super().uids(above, also)
        self.searches.append(time.perf_counter() - started)
        return found

    def search_in_vain(self, above: int) -> None:
        """Search above the last mail."""
        started = time.perf_counter()
        found = uids_above(self._link, above, self.uidnext)
        self.in_vain.append(time.perf_counter() - started)
        if found:
            raise RuntimeError(f"there is mail above the last one: {found}")


def measure(bench: Bench) -> list[Row]:
    """An idle look at few and at many mails; then one new mail among the most."""
    sizes = bench.sizes
    (few, many), wire = _idle(bench, sizes.few, sizes.many)
    idle, found = _found(bench, sizes.most)
    told = {"ours": f"{1e6 * many:,.0f} µs", "theirs": f"{1e6 * few:,.0f} µs"}
    return [
        Row("3", "an idle look: round trips", wire[0], 1, most=True),
        Row("3", "an idle look: both ways", wire[1], 150, most=True, unit=" bytes"),
        Row("3", f"an idle look at {sizes.many:,} mails, to {sizes.few:,}", many / few, 1.5, most=True, unit=" ×", **told),
        Row(
            "3", f"the search that finds one among {sizes.most:,}", found / idle, 2.0, most=True, unit=" ×",
            ours=f"{1e6 * found:,.0f} µs", theirs=f"{1e6 * idle:,.0f} µs that finds none",
        ),
    ]  # fmt: skip


def _idle(bench: Bench, few: int, many: int) -> tuple[list[float], tuple[float, float]]:
    """Seconds for a look that finds nothing at few mails and at many, by turns; its round trips and bytes at many."""
    bench.say(f"idle looks at {few:,} mails and at {many:,}")
    looks = bench.sizes.polls // _TURNS
    took: list[list[float]] = [[], []]
    with ExitStack() as opened:
        lines, intakes = [], []
        for number in (few, many):
            office, box = _read_office(bench, number)
            lines.append(opened.enter_context(Line(box.port)))
            intakes.append(opened.enter_context(_session(office, lines[-1].port))[0])
        line = lines[-1]
        turns, count = line.turns, line.up + line.down
        for _ in range(_TURNS):
            for intake, seconds in zip(intakes, took, strict=True):
                intake.turn()  # not counted: the other one was at work
                for _ in range(looks):
                    started = time.perf_counter()
                    intake.turn()
                    seconds.append(time.perf_counter() - started)
        polls = _TURNS * (looks + 1)
        return [median(each) for each in took], (
            (line.turns - turns) / polls,
            (line.up + line.down - count) / polls,
        )


def _found(bench: Bench, number: int) -> tuple[float, float]:
    """Seconds of a search that finds nothing, and of one that finds one mail; another waits at the bottom.

    The mail comes through Dovecot, as its LMTP would bring it: one that another program puts into the Maildir it finds by
    going through the whole folder, before it tells of it. The looks follow each other, as quickly as the server answers: a
    worker that waited would be slower for its rest, and not for its search. Before a search in vain, too, a mail is
    delivered, to somebody else: whoever delivers takes the place that the others had in the processor's memory.
    """
    bench.say(f"one new mail among {number:,}")
    office, box = _read_office(bench, number, DEFERRED)
    with _session(office, box.port) as (intake, mailbox):
        found = []
        elsewhere = bench.dovecot.mailbox("elsewhere")
        for finds in range(_FINDS):
            raw = mail(TINY, number + finds, bench.addresses)
            elsewhere.append(raw)
            intake.turn()
            mailbox.search_in_vain(number + finds)
            box.append(raw)
            _look_until_it_is_found(intake)
            found.append(mailbox.searches[-1])
        return median(mailbox.in_vain), median(found)


def _look_until_it_is_found(intake: Intake) -> None:
    until = time.monotonic() + _PATIENCE
    while not intake.turn().outcomes:
        if time.monotonic() > until:
            raise TimeoutError("the new mail was not found")


@contextmanager
def _session(office: Office, port: int) -> Iterator[tuple[Intake, _Timed]]:
    """What a worker looks with, over another port, after its first look at the whole folder."""
    config = load_config(office.settings | {"IMAP_PORT": str(port)}, {}, None)
    mailbox = _Timed(config)
    with closing(mailbox), closing(Store.open(config.database_url, _now())) as store, Reader() as reader:
        intake = Intake(config, store, mailbox, reader, _now)
        intake.turn(whole=True)
        intake.turn()
        yield intake, mailbox


def _read_office(bench: Bench, number: int, deferred: int = 0) -> tuple[Office, ServedMailbox]:
    """A mailbox of the same mail again and again, all of which has a receipt but for one that waits."""
    box = fill_with_one(bench.dovecot, f"read{number}", mail(TINY, 1, bench.addresses), number)
    office = bench.office(box)
    with closing(Store.open(office.settings["DATABASE_URL"], _now())) as store:
        place = Place(store.mailbox_id(f"{box.user}@{box.host}"), "INBOX", UIDVALIDITY)
        if deferred:
            store.defer(place, deferred, "it waits", _now() + timedelta(days=1), _now())
    with closing(sqlite3.connect(office.database)) as connection, connection:
        connection.executemany(
            "insert into receipt (mailbox_id, folder, uidvalidity, uid, sha256, size, received_at, taken_at, attempts, error) "
            "values (?, ?, ?, ?, '', 1, '2026-01-01', '2026-01-01', 1, '')",
            ((place.mailbox, place.folder, place.uidvalidity, uid) for uid in range(1, number + 1) if uid != deferred),
        )  # fmt: skip
    return office, box


def _now() -> datetime:
    return datetime.now(UTC)
