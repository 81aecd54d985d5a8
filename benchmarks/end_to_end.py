"""Target 1: a mailbox emptied by the worker, beside the naive one and the floor; and the parser beside the standard library's."""

from __future__ import annotations

import time
from email.parser import BytesParser
from email.policy import compat32
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.bare import fetch_all, opened
from benchmarks.drain import by_naive, by_us
from benchmarks.mails import HEAVY, SMALL, mail
from benchmarks.report import Row
from crm_logger.core.message import parse_message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from benchmarks.bench import Bench
    from benchmarks.mails import Shape

TARGETS = {"small": (10.0, 0.08, 1.0), "heavy": (8.0, 0.15, 3.0)}


def measure(bench: Bench) -> list[Row]:
    """Both mailboxes, then the parser alone."""
    sizes = bench.sizes
    return [
        *_drained(bench, SMALL, sizes.small, sizes.small_naive),
        *_drained(bench, HEAVY, sizes.heavy, sizes.heavy_naive),
        *_parsed(bench, SMALL),
        *_parsed(bench, HEAVY),
    ]


def _drained(bench: Bench, shape: Shape, mails: int, naive_mails: int) -> list[Row]:
    box = bench.box(shape, mails)
    with opened(box) as bare:
        fetch_all(bare, mails)  # everybody finds the server warm
    ours, naive, floor = [], [], []
    for number in range(bench.sizes.rounds):
        bench.say(f"{shape.name}, round {number + 1}: the floor, the naive worker, ours")
        with opened(box) as bare:
            floor.append(mails / fetch_all(bare, mails))
        naive.append(by_naive(bench.office(box), box, naive_mails).rate)
        ours.append(by_us(bench.office(box)).rate)
    times, share, _ = TARGETS[shape.name]
    us, them, bottom = median(ours), median(naive), median(floor)
    told = f"{us:,.0f} mails/s"
    return [
        Row("1", f"{shape.name}: to the naive worker", us / them, times, unit=" ×", ours=told, theirs=f"{them:,.0f} mails/s"),
        Row("1", f"{shape.name}: of the floor", us / bottom, share, ours=told, theirs=f"{bottom:,.0f} mails/s"),
    ]  # fmt: skip


def _parsed(bench: Bench, shape: Shape) -> list[Row]:
    bench.say(f"the parser alone, {shape.name}")
    raws = [mail(shape, number, bench.addresses) for number in range(bench.sizes.parsed)]
    plain = BytesParser(policy=compat32).parsebytes
    ours, theirs = [], []
    for _ in range(bench.sizes.rounds):
        theirs.append(_cpu(plain, raws))
        ours.append(_cpu(parse_message, raws))
    us, them = len(raws) / median(ours), len(raws) / median(theirs)
    return [
        Row(
            "1",
            f"{shape.name}: parser to a bare BytesParser",
            us / them,
            TARGETS[shape.name][2],
            unit=" ×",
            ours=f"{us:,.0f} mails/s",
            theirs=f"{them:,.0f} mails/s",
        )
    ]


def _cpu(parse: Callable[[bytes], object], raws: Iterable[bytes]) -> float:
    started = time.process_time()
    for raw in raws:
        parse(raw)
    return time.process_time() - started
