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
    found = latency.measure(bench.sizes.deliveries, bench.sizes.races)
    rows = [
        *_since_exists("EXISTS to the committed row", found.waiting.told, found.written),
        *_since_exists("the same, delivered as IDLE starts", found.racing.told, found.written),
    ]
    last = latency.p99(found.waiting.delivered)
    return [*rows, Row("4", "delivery to the committed row, p99", last, latency.LIMIT_DELIVERY_P99, most=True, unit=" ms")]  # fmt: skip


def _since_exists(what: str, ours: Sequence[float], bare: Sequence[float]) -> list[Row]:
    """Beside it stands a bare client that writes as many bytes to the disk as a commit does."""
    return [
        Row("4", f"{what}, {name}", figure(ours), limit, most=True, unit=" ms", theirs=f"bare, with fdatasync: {figure(bare):.1f} ms")
        for name, figure, limit in (("p50", median, latency.LIMIT_P50), ("p99", latency.p99, latency.LIMIT_P99))
    ]  # fmt: skip
