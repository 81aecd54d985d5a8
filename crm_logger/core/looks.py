"""What a style attribute says of how an element looks, as far as text can tell it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

_SHORT: Final = 500
_RULED: Final = re.compile("border-top:[^;]{0,60}solid|border-style:solidnonenone")


class Looks(NamedTuple):
    """`tight`: no blank line is shown around it; `ruled`: a line is drawn above it.

    `borderless`: Gmail indents with a blockquote too, but says that it has no border.
    """

    hidden: bool = False
    tight: bool = False
    borderless: bool = False
    ruled: bool = False


PLAIN: Final = Looks()


def looks_of(style: str) -> Looks:
    """Return what the style says."""
    return _short_looks(style) if len(style) <= _SHORT else _looks(style)


def _looks(style: str) -> Looks:
    told = style.replace(" ", "").lower()
    return Looks("display:none" in told, "margin:0" in told, "border:none" in told, bool(_RULED.search(told)))


# A client writes the same few styles into every line.
_short_looks = lru_cache(maxsize=1024)(_looks)
