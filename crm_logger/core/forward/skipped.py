"""What looks like the header block of a mail, and was not understood: nobody below it may be named in its stead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crm_logger.core.dates import looks_like_date
from crm_logger.core.forward.vocabulary import COLONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_logger.core.forward.lines import Lines

_MOST_LINES = 400
_FEWEST_ROWS = 3
_ROW = re.compile(rf"[*_\s]{{0,3}}[^{COLONS}@<>]{{1,40}}[{COLONS}][*\s]*\S")
# A charset that cannot write a language turns its letters into question marks.
_LOST_ROW = re.compile(r"[*_]{0,2}[?\ufffd][?\ufffd ]*[*_]{0,2}:")
_LOST_LABEL = re.compile(
    r"[*_]{0,2}(?:[?\ufffd]{2,}|[^\s:@<>]{0,20}[?\ufffd][^\s:@<>]{1,20}[^:@<>]{0,20}:|[^:@<>]{1,20}(?:[?\ufffd]\s?|\ufffd[^:@<>]{1,20}):).*@"
)
_GLUED = re.compile(
    rf"@[^\s<>]{{1,255}}>[^\W\d_][^\d@<>{COLONS}]{{0,40}}[{COLONS}].*\w|[-=_]{{3,}}[^-=_@{COLONS}]{{2,60}}[-=_]{{3,}} ?[^\s{COLONS}][^@{COLONS}]{{0,40}}[{COLONS}] ?\S"
)


def hides_a_block(lines: Lines, end: int, *, sure: bool) -> bool:
    """Whether lines[:end] hold a block that nobody could read; where it is `sure` that a forward begins at `end`, a torn one."""
    said = lines.said[max(0, end - _MOST_LINES) : end]
    return any(map(_is_torn, said)) or (not sure and any(map(_is_block, _paragraphs(said))))


def _is_torn(said: str) -> bool:
    if ("?" in said or "\ufffd" in said) and (_LOST_ROW.match(said) or _LOST_LABEL.match(said)):
        return True
    return bool(_GLUED.search(said))


def _paragraphs(said: list[str]) -> Iterator[list[str]]:
    rows: list[str] = []
    for line in (*said, ""):
        if _ROW.match(line):
            rows.append(line)
            continue
        if len(rows) >= _FEWEST_ROWS:
            yield rows
        rows = []


def _is_block(rows: list[str]) -> bool:
    return any("@" in row for row in rows) and any(looks_like_date(row.partition(":")[2]) for row in rows)
