"""Every row of the table of faults has a test that names it."""

from __future__ import annotations

import re
from pathlib import Path

from tests.faults.content import ROWS as CONTENT

TESTS = Path(__file__).parents[1]
ROWS = range(1, 89)
_NAMED = re.compile(r"^def test_row_((?:\d\d_)+)|^@pytest\.mark\.row\(([\d, ]+)\)", re.MULTILINE)


def test_every_row_has_its_test() -> None:
    """By the test's own name, by its mark, or by a mail that stands for the row."""
    named = {row.number for row in CONTENT}
    for path in TESTS.rglob("test_*.py"):
        for found in _NAMED.findall(path.read_text(encoding="utf-8")):
            named |= {int(number) for number in re.findall(r"\d+", "".join(found))}
    assert set(ROWS) - named == set()
    assert named - set(ROWS) == set()


def test_the_rows_that_a_mail_stands_for_are_those_of_content() -> None:
    assert {row.number for row in CONTENT} == set(range(47, 70))
