"""Where a forwarded mail ends, and what the user wrote below it begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_logger.core.forward.rows import read_row
from crm_logger.core.forward.vocabulary import folded, is_divider, is_rule

if TYPE_CHECKING:
    from crm_logger.core.forward.lines import Lines
    from crm_logger.core.forward.scan import Beginning
    from crm_logger.core.forward.vocabulary import Vocabulary

_NEAR = 3
_SIGNATURE = 8
_DRAWING = "-_=*#~+<>8 —–―─━═"


def find_end(lines: Lines, found: Beginning, words: Vocabulary) -> tuple[int, int]:
    """Return the line where the original ends, and the line where what stands below it begins."""
    opening = _words(lines.said[found.opening]) if found.opening >= 0 else ""
    for index in range(found.body, len(lines)):
        said = lines.said[index]
        if not said:
            continue
        if lines.depth[index] < found.quoted:
            return index, index
        if said[0] in _DRAWING and _closes(lines, index, opening, words, drawn=found.opening >= 0):
            return index, index + 1
    return len(lines), len(lines)


def _closes(lines: Lines, index: int, opening: str, words: Vocabulary, *, drawn: bool) -> bool:
    """Whether a drawn line closes what a marker opened: it says so, says the same again, or nothing follows it."""
    said = lines.said[index]
    if words.is_end_marker(said):
        return True
    if not drawn or not is_divider(said) or _is_followed_by_block(lines, index, words):
        return False
    told = _words(said)
    if told and opening.startswith(told):
        return True
    return _is_last(lines, index, alone=not told)


def _words(said: str) -> str:
    return folded(said.strip(_DRAWING))


def _is_followed_by_block(lines: Lines, index: int, words: Vocabulary) -> bool:
    line = lines.next_said(index + 1)
    return any(
        "@" in said or ((row := read_row(said, 0, words)) is not None and bool(row.meanings))
        for said in lines.said[line : line + _NEAR]
    )


def _is_last(lines: Lines, index: int, *, alone: bool) -> bool:
    """Whether nothing stands below the line but, where it holds words or "-- " follows, a signature."""
    rest = [said for said in lines.said[index + 1 :] if said]
    return not rest or (
        (len(rest) <= _SIGNATURE and (not alone or rest[0] == "--")) and not any(map(is_rule, rest[1:]))
    )
