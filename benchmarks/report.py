"""The one table that a run ends with, and the report that is kept of it."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from sqlite3 import sqlite_version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

REPORT = Path(__file__).with_name("report.md")
_HEAD = ("", "what", "target", "measured", "", "ours", "beside it")


@dataclass(frozen=True, slots=True)
class Row:
    """One target: what is measured against it, and both sides' medians in words. `most` where less is better.

    Without a `target` the row is there to explain the others.
    """

    number: str
    what: str
    measured: float
    target: float | None = None
    most: bool = False
    unit: str = ""
    ours: str = ""
    theirs: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        if self.target is None:
            return None
        return self.measured <= self.target if self.most else self.measured >= self.target

    def cells(self) -> tuple[str, ...]:
        """The row of the table."""
        told = {True: "met", False: "NOT met", None: ""}[self.met]
        target = ""
        if self.target is not None:
            target = f"{'≤' if self.most else '≥'} {_figure(self.target)}{self.unit}"
        measured = f"{_figure(self.measured)}{self.unit}"
        return (self.number, self.what, target, measured, told, self.ours, self.theirs)


def _figure(value: float) -> str:
    """At least three digits of it, and no more than it takes."""
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.3f}" if value < 1 else f"{value:.2f}"


def table(rows: Iterable[Row]) -> str:
    """The table as Markdown, which a terminal shows as well."""
    cells = [_HEAD, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(_HEAD))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
        for line in cells
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def summary(rows: Sequence[Row]) -> str:
    """How many of the targets are met."""
    judged = [row for row in rows if row.met is not None]
    return f"{sum(bool(row.met) for row in judged)} of {len(judged)} targets met"


def write(rows: Sequence[Row], seconds: float, path: Path = REPORT) -> None:
    """Keep the table, with what it was measured on."""
    path.write_text(
        f"# Measured\n\n`make bench`: {seconds / 60:.0f} minutes on {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"SQLite {sqlite_version}, imapclient {version('imapclient')}, peewee {version('peewee')}, {platform.system()}. "
        f"What it means: [docs/performance.md](../docs/performance.md).\n\n{summary(rows)}.\n\n{table(rows)}\n",
        encoding="utf-8",
    )
