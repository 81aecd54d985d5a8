"""`make bench`: every target of docs/performance.md, in one table. `--quick` is the short form; words choose a part."""

from __future__ import annotations

import compileall
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import distance, end_to_end, growth, polling, reading, report, waiting, workers
from benchmarks.bench import FULL, QUICK, Bench
from benchmarks.drain import ROOT
from tests.servers.dovecot import Dovecot, find_dovecot

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.report import Row

PARTS: dict[str, Callable[[Bench], list[Row]]] = {
    "end-to-end": end_to_end.measure,
    "mailbox": growth.measure_mailbox,
    "large": growth.measure_large,
    "polling": polling.measure,
    "latency": waiting.measure,
    "database": growth.measure_database,
    "distance": distance.measure,
    "reading": reading.measure,
}
# What needs a PostgreSQL, has no target, and is measured when it is asked for.
ASKED: dict[str, Callable[[Bench], list[Row]]] = {"workers": workers.measure}


def main(arguments: Sequence[str]) -> int:
    """Measure, print the table, keep the report of a whole run; the status is 1 where a target is not met."""
    quick = "--quick" in arguments
    wanted = [word for word in arguments if word != "--quick"]
    parts = PARTS | ASKED
    if unknown := set(wanted) - parts.keys():
        print(f"{', '.join(sorted(unknown))}: there are {', '.join(parts)}")  # noqa: T201 -- a command's answer
        return 2
    if find_dovecot() is None:
        print("Dovecot is not installed: make servers")  # noqa: T201 -- a command's answer
        return 2
    compileall.compile_dir(ROOT / "crm_logger", quiet=1)  # as pip does when it installs
    started = time.monotonic()
    rows: list[Row] = []
    with Dovecot() as dovecot, tempfile.TemporaryDirectory() as folder:
        bench = Bench(dovecot, Path(folder), QUICK if quick else FULL)
        for name in wanted or PARTS:
            found = parts[name](bench)
            bench.say("\n" + report.table(found))
            rows += found
    rows.sort(key=lambda row: row.number or "9")
    print(report.table(rows))  # noqa: T201 -- a command's answer
    print(report.summary(rows))  # noqa: T201 -- a command's answer
    if not (wanted or quick):
        report.write(rows, time.monotonic() - started)
    return int(any(row.met is False for row in rows))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
