"""Target 4: from the server's notice of a mail to its committed row."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from benchmarks import latency
from benchmarks.report import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.bench import Bench


def measure(bench: Bench) -> list[Row]:
    """So many mails that come one by one."""
    bench.say(f"{bench.sizes.deliveries} deliveries")
    waiting, _ = latency.measure(bench.sizes.deliveries, 0)
    return [
        Row("4", "EXISTS to the committed row, p50", median(waiting), latency.LIMIT_P50, most=True, unit=" ms"),
        Row("4", "EXISTS to the committed row, p99", p99(waiting), latency.LIMIT_P99, most=True, unit=" ms"),
    ]  # fmt: skip


def p99(figures: Sequence[float]) -> float:
    """The figure that one in a hundred is above."""
    ordered = sorted(figures)
    return ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))]
