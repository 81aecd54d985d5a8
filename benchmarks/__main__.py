"""`make bench`: everything that is measured."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.forwards import measure
from benchmarks.pages import BUDGET, time_of_a_page

ENGAGEMENTS = (10_000, 1_000_000)


def pages() -> list[str]:
    """Return the lines about a timeline's page."""
    lines = ["pages: one page of 50 mails at the server (target: at most 50 ms at a million)"]
    for number in ENGAGEMENTS:
        with tempfile.TemporaryDirectory() as folder:
            taken = time_of_a_page(number, Path(folder))
        told = ", ".join(f"{page} {1000 * seconds:.0f} ms" for page, seconds in taken.items())
        met = "met" if max(taken.values()) <= BUDGET else "NOT met"
        lines.append(f"  {number:>9,} engagements: {told}: {met}")
    return lines


if __name__ == "__main__":
    print("\n".join([*measure(), *pages()]))  # noqa: T201 -- a command's answer
