"""Where a forwarded mail ends, and what the user wrote below it begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_logger.core.forward.lines import was_cut
from crm_logger.core.forward.rows import read_row
from crm_logger.core.forward.vocabulary import folded, is_divider, is_rule

if TYPE_CHECKING:
    from crm_logger.core.forward.lines import Lines
    from crm_logger.core.forward.scan import Beginning
    from crm_logger.core.forward.vocabulary import Vocabulary

_NEAR = 3
_SIGN = 2  # the width of a quote sign with its blank
_SIGNATURE = 8
_WINDOW = 40
_DRAWING = "-_=*#~+<>8 —–―─━═"


def find_end(lines: Lines, found: Beginning, words: Vocabulary) -> tuple[int, int]:
    """Return the line where the original ends, and the line where what stands below it begins."""
    opening = _words(lines.said[found.opening]) if found.opening >= 0 else ""
    last = _last_said(lines)
    for index in range(found.body, len(lines)):
        said = lines.said[index]
        if not said:
            continue
        if lines.depth[index] < found.quoted:
            if _is_rest_of_line(lines, index):
                continue
            return index, index
        if said[0] not in _DRAWING:
            continue
        if words.is_end_marker(said) or (found.opening >= 0 and _repeats(lines, index, opening, words)):
            return index, index + 1
        if found.opening >= 0 and last - index <= _WINDOW and _is_last(lines, index, words):
            return index, index + 1
    return len(lines), len(lines)


def _is_rest_of_line(lines: Lines, index: int) -> bool:
    """Whether a gateway broke the line off the one above and drew no quote sign before it."""
    above = index - 1
    return bool(lines.said[above]) and was_cut(
        len(lines.kept[above]) + _SIGN * lines.depth[above], lines.said[index]
    )


def _last_said(lines: Lines) -> int:
    return next((index for index in range(len(lines) - 1, -1, -1) if lines.said[index]), 0)


def _repeats(lines: Lines, index: int, opening: str, words: Vocabulary) -> bool:
    """Whether a drawn line says what the marker said that opened the forward, and no other mail begins there."""
    told = _words(lines.said[index])
    return bool(told) and opening.startswith(told) and not _is_followed_by_block(lines, index, words)


def _words(said: str) -> str:
    return folded(said.strip(_DRAWING))


def _is_followed_by_block(lines: Lines, index: int, words: Vocabulary) -> bool:
    line = lines.next_said(index + 1)
    return any(
        "@" in said or ((row := read_row(said, 0, words)) is not None and bool(row.meanings))
        for said in lines.said[line : line + _NEAR]
    )


def _is_last(lines: Lines, index: int, words: Vocabulary) -> bool:
    """Whether it is a divider with nothing below it but, where it holds words or "-- " follows, a signature."""
    said = lines.said[index]
    if not is_divider(said) or _is_followed_by_block(lines, index, words):
        return False
    rest = [below for below in lines.said[index + 1 : index + 1 + _WINDOW] if below]
    signs = len(rest) <= _SIGNATURE and (bool(_words(said)) or rest[:1] == ["--"])
    return not rest or (signs and not any(map(is_rule, rest[1:])))
