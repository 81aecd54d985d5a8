"""Text of format=flowed (RFC 3676): the lines that the sender's client wrapped, joined again."""

from __future__ import annotations

from typing import Final, NamedTuple

# A client wraps at 60 columns or more. A shorter line that ends in a blank was not wrapped ("Subject: " of a forward).
_NARROW: Final = 40
_SIGNATURE: Final = "-- "


class _Line(NamedTuple):
    depth: int
    text: str


def unwrap(text: str, *, delete_space: bool = False) -> str:
    """The text with its flowed lines joined; quotes keep their depth, signature separators stay lines of their own.

    `delete_space` is DelSp=yes: the blank that marks a flowed line is no part of the text.
    """
    lines = [_read(line) for line in text.split("\n")]
    paragraphs: list[tuple[int, list[str]]] = []
    previous: _Line | None = None
    for line in lines:
        if previous and _continues(previous, line):
            pieces = paragraphs[-1][1]
            pieces[-1] = pieces[-1][:-1] if delete_space else pieces[-1]
            pieces.append(line.text)
        else:
            paragraphs.append((line.depth, [line.text]))
        previous = line
    return "\n".join(_write(depth, "".join(pieces)) for depth, pieces in paragraphs)


def _read(line: str) -> _Line:
    """Quote marks counted, space-stuffing undone (RFC 3676 §4.4, §4.5)."""
    text = line.lstrip(">")
    return _Line(len(line) - len(text), text.removeprefix(" "))


def _continues(previous: _Line, line: _Line) -> bool:
    """Whether the line goes on where the one before it was wrapped."""
    if (
        previous.depth != line.depth
        or not previous.text.endswith(" ")
        or _SIGNATURE in (previous.text, line.text)
    ):
        return False
    first_word = line.text.partition(" ")[0]
    return bool(previous.text.strip()) and len(previous.text) + len(first_word) > _NARROW


def _write(depth: int, text: str) -> str:
    return f"{'>' * depth} {text}" if depth else text
