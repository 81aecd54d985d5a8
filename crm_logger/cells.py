"""Lines of CSV (RFC 4180) in which no spreadsheet finds a formula."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_FORMULA = frozenset("=+-@\t\r")


def csv_line(cells: Iterable[str]) -> str:
    """Return a line, every cell quoted; what a spreadsheet would take for a formula is made text by an apostrophe."""
    return ",".join(_cell(each) for each in cells) + "\r\n"


def _cell(text: str) -> str:
    safe = f"'{text}" if text[:1] in _FORMULA else text
    return '"' + safe.replace('"', '""') + '"'
