"""Every row of the table of protocol faults has a test that is named after it."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
ROWS = range(1, 47)


def test_every_row_has_its_test() -> None:
    named = [
        int(row)
        for path in TESTS.rglob("test_*.py")
        for numbers in re.findall(r"^def test_row_((?:\d\d_)+)", path.read_text(), re.MULTILINE)
        for row in numbers.rstrip("_").split("_")
    ]
    assert set(ROWS) - set(named) == set()
    assert set(named) - set(ROWS) == set()
