"""vCards (RFC 6350 in the dialect of version 3.0, which every phone reads), and cells of CSV that run nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_logger.cells import csv_line as clean_csv_line
from crm_logger.web.words import tidy

if TYPE_CHECKING:
    from collections.abc import Iterable

_WIDTH = 75


def vcard(name: str, addresses: Iterable[str], note: str = "") -> str:
    """One contact."""
    told = _escaped(name)
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"FN:{told}", f"N:{told};;;;"]
    lines += [f"EMAIL;TYPE=INTERNET:{_escaped(address)}" for address in addresses]
    lines += [f"NOTE:{_escaped(note)}"] if note else []
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCARD"])


def _escaped(text: str) -> str:
    """RFC 6350 §3.4. A line end in a name would begin a property of the writer's own."""
    text = tidy(text)
    for letter in "\\,;":
        text = text.replace(letter, f"\\{letter}")
    return text


def _folded(line: str) -> str:
    """RFC 6350 §3.2: no line is longer than 75 octets, and none is cut within a letter."""
    pieces, room = [""], _WIDTH
    for letter in line:
        octets = len(letter.encode())
        if octets > room:
            pieces.append(" ")
            room = _WIDTH - 1
        pieces[-1] += letter
        room -= octets
    return "\r\n".join(pieces)


def csv_line(cells: Iterable[str]) -> str:
    """A line of CSV; a cell that a spreadsheet would take for a formula is made text."""
    return clean_csv_line(map(tidy, cells))
