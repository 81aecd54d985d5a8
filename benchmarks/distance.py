"""Target 6: a server that is 80 ms away, and one behind 100 Mbit a second."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from benchmarks.bare import fetch_all, opened
from benchmarks.drain import by_us
from benchmarks.lines import Line
from benchmarks.mails import HEAVY, SMALL
from benchmarks.report import Row

if TYPE_CHECKING:
    from benchmarks.bench import Bench

ONE_WAY = 0.040
RATE = 100_000_000 / 8
WARM = 300


def measure(bench: Bench) -> list[Row]:
    """Far away, then narrow."""
    return [*_far(bench), *_narrow(bench)]


def _far(bench: Bench) -> list[Row]:
    """Ours is the rate once its processes are warm; the others connect before they are timed."""
    sizes = bench.sizes
    box = bench.box(SMALL, sizes.delayed)
    ahead: list[float] = []
    at_once: list[float] = []
    single: list[float] = []
    ours: list[float] = []
    for number in range(sizes.rounds):
        bench.say(f"80 ms away, round {number + 1}")
        for found, mails, way in (
            (ahead, sizes.delayed, {"ahead": 1}),
            (at_once, sizes.delayed, {"ahead": sizes.delayed}),
            (single, sizes.one_by_one, {"batch": 1}),
        ):
            with Line(box.port, delay=ONE_WAY) as line, opened(box, line.port) as bare:
                found.append(mails / fetch_all(bare, mails, **way))
        with Line(box.port, delay=ONE_WAY) as line:
            drained = by_us(bench.office(box), IMAP_PORT=str(line.port))
            ours.append(1 / drained.after(min(WARM, drained.mails // 2)))
    us, piped, one = median(ours), median(ahead), median(single)
    told = f"{us:,.0f} mails/s"
    return [
        Row("6", "80 ms away: of a bare client that asks one batch ahead", us / piped, 0.3, ours=told, theirs=f"{piped:,.0f} mails/s"),
        Row("6", "80 ms away: to a client that fetches one by one", us / one, 40, unit=" ×", ours=told, theirs=f"{one:,.1f} mails/s"),
        Row("", "80 ms away: of a bare client that asks for everything at once", us / median(at_once), ours=told, theirs=f"{median(at_once):,.0f} mails/s"),
    ]  # fmt: skip


def _narrow(bench: Bench) -> list[Row]:
    """Both take the same bytes over the same line; ours also reads and stores them, its start included."""
    sizes = bench.sizes
    box = bench.box(HEAVY, sizes.narrow)
    ours, bare_ones, size = [], [], 0
    for number in range(sizes.rounds):
        bench.say(f"100 Mbit/s, round {number + 1}")
        with Line(box.port, rate=RATE) as line, opened(box, line.port) as bare:
            bare_ones.append(fetch_all(bare, sizes.narrow, ahead=1))
            size = bare.bytes
        with Line(box.port, rate=RATE) as line:
            drained = by_us(bench.office(box), IMAP_PORT=str(line.port))
            ours.append(drained.seconds - drained.times[0])
    us, line_alone = median(ours), median(bare_ones)
    return [
        Row(
            "6",
            "100 Mbit/s, heavy: of what the line lets through",
            line_alone / us,
            1.0,
            ours=f"{sizes.narrow / us:,.0f} mails/s",
            theirs=f"{sizes.narrow / line_alone:,.0f} mails/s, {8e-6 * size / line_alone:,.0f} Mbit/s",
        )
    ]
