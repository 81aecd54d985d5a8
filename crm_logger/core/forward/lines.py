"""A body as lines: what each says, and how many quote signs stand before it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_logger.core.html import HtmlLine

# GroupWise introduces a quoted mail by ">>> Name <address> date >>>".
_FRAMED = re.compile(r">>> [^>].{5,300} >>>\s*$")
_QUOTES = re.compile(r"(?:[ \t\xa0]{0,3}>)+[ \xa0]?")
# Invisible signs that clients write around names, labels and colons: marks of direction, joiners of nothing, soft hyphens.
INVISIBLE = {
    ord(sign): None
    for sign in "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\u061c\ufeff\xad"
}
_CURIOUS = re.compile(
    "[\xa0\u2007\u202f\u3000\t\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\u061c\ufeff\xad]"
)
_SPACES = {ord(sign): " " for sign in "\xa0\u2007\u202f\u3000\t"} | INVISIBLE
_FULL = 72


@dataclass(slots=True)
class Lines:
    """A body cut into lines. All three lists are of one length.

    `said` is the line without quote signs and the blanks around it, `rich` the same with the addresses that an HTML
    link holds, `depth` the number of quote signs; `kept` is the line without its quote signs, otherwise as written.
    No header block reaches across a line in `bounds`: there a container of HTML begins. A line in `apart` was not broken off
    the one above: an element of HTML parts them.
    """

    said: list[str] = field(default_factory=list)
    rich: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    depth: list[int] = field(default_factory=list)
    bounds: set[int] = field(default_factory=set)
    apart: set[int] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.said)

    def text(self, start: int, end: int, depth: int = 0) -> str:
        """Return lines[start:end] as text without the outermost `depth` quote signs and the blank lines around it."""
        if max(self.depth[start:end], default=0) <= depth:
            return trimmed("\n".join(self.kept[start:end]))
        rows = [
            row if level <= depth else f"{'>' * (level - depth)} {row}".rstrip()
            for row, level in zip(self.kept[start:end], self.depth[start:end], strict=True)
        ]
        return trimmed("\n".join(rows))

    def next_said(self, start: int) -> int:
        """The first line from `start` on that says something; the number of lines where none does."""
        for index in range(start, len(self.said)):
            if self.said[index]:
                return index
        return len(self.said)


def trimmed(text: str) -> str:
    """The text without the blank lines around it and without blanks at its end."""
    text = text.rstrip()
    blanks = len(text) - len(text.lstrip())
    return text[text.rfind("\n", 0, blanks) + 1 :] if blanks else text


def lines_of_text(text: str) -> Lines:
    """Cut a plain text body into lines."""
    text = text.replace("\ufeff", "")  # iPhones begin the forwarded text with one
    rows = (text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text).split("\n")
    depth = [0] * len(rows)
    if ">" in text:
        widths: dict[int, int] = {}
        for index, row in enumerate(rows):
            if ">" not in row[:4]:
                continue
            if row[:2] == "> " and ">" not in row[2:5]:  # nearly every quoted line
                rows[index], depth[index], widths[index] = row[2:], 1, len(row)
            elif not _FRAMED.match(row) and (quotes := _QUOTES.match(row)):
                rows[index] = row[quotes.end() :]
                depth[index] = quotes[0].count(">")
                widths[index] = len(row)
        _requote(rows, depth, widths)
    curious = "\t" in text if text.isascii() else _CURIOUS.search(text) is not None
    said = [plain(row) for row in rows] if curious else [row.strip() for row in rows]
    return Lines(said, said, rows, depth)


def _requote(rows: list[str], depth: list[int], widths: dict[int, int]) -> None:
    """Put back into the quote what a gateway cut off a quoted line that was too long for it, without a quote sign."""
    for index, full in widths.items():
        if index + 1 in widths:
            continue
        below, width = index + 1, full
        while below < len(rows) and not depth[below] and rows[below] and was_cut(width, rows[below]):
            width = len(rows[below])
            below += 1
        if index + 1 < below < len(rows) and depth[below] == depth[index]:
            depth[index + 1 : below] = [depth[index]] * (below - index - 1)


def was_cut(width: int, below: str) -> bool:
    """Whether the first word of the line below did not fit on the line above."""
    return width + len(below.split(" ", 1)[0]) >= _FULL


def lines_of_html(rows: Sequence[HtmlLine]) -> Lines:
    """Take over the lines of an HTML body; quote signs may be written there too."""
    lines = Lines()
    for index, row in enumerate(rows):
        if row.opens:
            lines.bounds.add(index)
        if row.apart:
            lines.apart.add(index)
        kept, rich, depth = row.text.replace("\ufeff", ""), row.rich, row.depth
        if kept[:1] == ">" and not _FRAMED.match(kept) and (quotes := _QUOTES.match(kept)):
            rich = rich[quotes.end() :]
            if not depth:
                kept, depth = kept[quotes.end() :], quotes[0].count(">")
        said = plain(kept.lstrip("> ") if depth else kept)
        lines.kept.append(kept)
        lines.rich.append(said if rich is kept and not depth else plain(rich))
        lines.said.append(said)
        lines.depth.append(depth)
    return lines


def plain(text: str) -> str:
    """The text with ordinary blanks, without invisible signs and without blanks around it."""
    if text.isascii():
        return text.replace("\t", " ").strip()
    return (text.translate(_SPACES) if _CURIOUS.search(text) else text).strip()
