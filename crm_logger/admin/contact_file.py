"""Reads the CSV file of `contact import`."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, NamedTuple

from crm_logger.store.people import RequestError

if TYPE_CHECKING:
    from pathlib import Path

_ADDRESS = re.compile(r"(?:e-?mail ?)?address ?[0-9]*|e-?mail ?[0-9]*")


class Row(NamedTuple):
    """A contact to be, and the line it stands on."""

    line: int
    name: str
    addresses: tuple[str, ...]


def read_rows(file: Path) -> list[Row]:
    """The rows below the line that names the columns; commas, semicolons or tabs part them. RequestError otherwise."""
    text = _text(file)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        head = [name.strip().casefold() for name in next(reader, [])]
        columns = [index for index, name in enumerate(head) if _ADDRESS.fullmatch(name)]
        if not columns:
            raise RequestError(f"{file}:1: the first line must name the columns: name,address[,address2…].")
        name = head.index("name") if "name" in head else None
        return [_row(reader.line_num, cells, name, columns) for cells in reader if any(map(str.strip, cells))]
    except csv.Error as problem:
        raise RequestError(f"{file}:{reader.line_num}: this is no CSV: {problem}.") from None


def _row(line: int, cells: list[str], name: int | None, columns: list[int]) -> Row:
    padded = [cell.strip() for cell in cells] + [""] * (max(columns) + 1)
    return Row(
        line, "" if name is None else padded[name], tuple(filter(None, (padded[each] for each in columns)))
    )


def _text(file: Path) -> str:
    raw = file.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What spreadsheets write where nobody asked them for UTF-8.
        return raw.decode("cp1252", "replace")


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count)
