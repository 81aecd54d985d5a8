"""Target 7: forwards found in texts, and `inspect` over many files."""

from __future__ import annotations

import subprocess
import sys
import time
from statistics import median
from typing import TYPE_CHECKING

from benchmarks import forwards
from benchmarks.drain import ROOT, environment
from benchmarks.mails import SMALL, mail
from benchmarks.report import Row
from tests.forwards.render import samples

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from benchmarks.bench import Bench

INSPECTED = 1500


def measure(bench: Bench) -> list[Row]:
    """Both."""
    bench.say("forwards alone")
    found = forwards.measure()
    few = bench.sizes.inspected // 4
    rows = [
        Row("7", "forwards found in text of a few KB", found.long, forwards.TARGET, unit=" /s", theirs=f"{found.short:,.0f} /s in short ones"),
    ]  # fmt: skip
    small = (mail(SMALL, each, bench.addresses) for each in range(few))
    for what, raws, number, target in (
        (
            "inspect, forwards of all clients",
            (each.raw for each in samples()),
            bench.sizes.inspected,
            INSPECTED,
        ),
        ("inspect, small mails", small, few, None),
    ):
        bench.say(f"{what}: {number:,} files")
        seconds, size = _inspect(bench, raws, number)
        rows.append(Row("7" if target else "", f"{what}, {number:,} files of {size / 1000:,.1f} KB", number / seconds, target, unit=" /s"))  # fmt: skip
    return rows


def _inspect(bench: Bench, raws: Iterable[bytes], number: int) -> tuple[float, float]:
    """Seconds of a run over so many files, and their size on average."""
    folder = bench.folder / f"inspected{time.monotonic_ns()}"
    folder.mkdir()
    kept = [raw for raw, _ in zip(raws, range(number), strict=False)]
    paths: list[Path] = []
    for each in range(number):
        paths.append(folder / f"{each}.eml")
        paths[-1].write_bytes(kept[each % len(kept)])
    command = [sys.executable, str(ROOT / "worker.py"), "inspect", "--json", *(path.name for path in paths)]
    took = []
    for _ in range(bench.sizes.rounds):
        started = time.perf_counter()
        subprocess.run(command, env=environment(), cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 -- our own programs
        took.append(time.perf_counter() - started)
    return median(took), sum(map(len, kept)) / len(kept)
