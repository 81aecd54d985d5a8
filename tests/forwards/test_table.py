"""docs/forwards.md tells what is sampled."""

from __future__ import annotations

from pathlib import Path

from tests.forwards.table import table

PAGE = Path(__file__).parent.parent.parent / "docs" / "forwards.md"


def test_the_page_holds_the_table_of_the_samples() -> None:
    assert table() in PAGE.read_text(), "run python -m tests.forwards.table and put it into docs/forwards.md"
