"""Text of format=flowed (RFC 3676): the lines that the sender's client wrapped, joined again."""

from __future__ import annotations

from typing import Final

# A client wraps at 60 columns or more. A shorter line that ends in a blank was not wrapped ("Subject: " of a forward).
_NARROW: Final = 40
_SIGNATURE: Final = "-- "


def unwrap(text: str, *, delete_space: bool = False) -> str:
    """The text with its flowed lines joined; quotes keep their depth, signature separators stay lines of their own.

    `delete_space` is DelSp=yes: the blank that marks a flowed line is no part of the text.
    """
    pieces: list[str] = []
    last_depth, last = 0, ""
    for line in text.split("\n"):
        depth, content = _read(line)
        if depth == last_depth and last.endswith(" ") and _continues(last, content):
            if delete_space:
                pieces[-1] = pieces[-1][:-1]
            pieces.append(content)
        else:
            pieces += ("\n", f"{'>' * depth} {content}" if depth else content)
        last_depth, last = depth, content
    return "".join(pieces[1:])


def _read(line: str) -> tuple[int, str]:
    """The quote depth, and the line without quote marks and space-stuffing (RFC 3676 §4.4, §4.5)."""
    if line[:1] not in {">", " "}:
        return 0, line
    text = line.lstrip(">")
    return len(line) - len(text), text.removeprefix(" ")


def _continues(last: str, line: str) -> bool:
    """Whether the line goes on where the last one, which ends in a blank, was wrapped."""
    if _SIGNATURE in (last, line) or not last.strip():
        return False
    return len(last) + len(line.partition(" ")[0]) > _NARROW
