"""`make bench`: everything that is measured."""

from __future__ import annotations

from benchmarks.forwards import measure

if __name__ == "__main__":
    print("\n".join(measure()))  # noqa: T201 -- a command's answer
