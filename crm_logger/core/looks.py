"""What a style attribute says of how an element looks, as far as text can tell it."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_RULED: Final = re.compile("border-top:[^;]{0,60}solid|border-style:solidnonenone")


class Looks(NamedTuple):
    """`tight`: no blank line is shown around it; `ruled`: a line is drawn above it.

    `borderless`: Gmail indents with a blockquote too, but says that it has no border.
    """

    hidden: bool = False
    tight: bool = False
    borderless: bool = False
    ruled: bool = False


def looks_of(style: str) -> Looks:
    """Return what the style says."""
    told = style.replace(" ", "").lower()
    return Looks("display:none" in told, "margin:0" in told, "border:none" in told, bool(_RULED.search(told)))
