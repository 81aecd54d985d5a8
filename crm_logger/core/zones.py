"""Offsets from UTC as they stand beside a written time: numbers, and the few names that mean one offset everywhere."""

from __future__ import annotations

import re
from datetime import timedelta

_NAMES = {
    "UT": 0,
    "WET": 0,
    "WEST": 1,
    "MEZ": 1,
    "CET": 1,
    "HNEC": 1,
    "SEČ": 1,
    "MESZ": 2,
    "HAEC": 2,
    "SELČ": 2,
    "CEST": 2,
    "EET": 2,
    "EEST": 3,
    "SAST": 2,
    "MSK": 3,
    "TRT": 3,
    "PKT": 5,
    "WIB": 7,
    "HKT": 8,
    "SGT": 8,
    "JST": 9,
    "KST": 9,
    "AEST": 10,
    "AEDT": 11,
    "NZST": 12,
    "NZDT": 13,
    "BRT": -3,
    "ART": -3,
    "EDT": -4,
    "EST": -5,
    "CDT": -5,
    "MDT": -6,
    "MST": -7,
    "PDT": -7,
    "PST": -8,
    "AKDT": -8,
    "AKST": -9,
}

# Between the time and its zone there may be a part of the day: AM, p. m., μ.μ.; Daum writes 09시 12분 33초 +0900.
_TIME = r"(?P<time>:\d\d(?:[.,]\d{1,9})?(?: ?[^\W\d_]{1,5}\.?(?: ?[^\W\d_]{1,5}\.)?)?|\d ?[分분秒초])"
_OFFSETS = (
    re.compile(
        r"\(?(?<![A-Za-z])(?:GMT|UTC|gmt|utc)(?: ?(?P<sign>[+-]) ?(?P<h>\d{1,2}):?(?P<m>\d\d)?)?(?![\d:A-Za-z])\)?"
    ),
    re.compile(_TIME + r" ?[(\[]?(?P<sign>[+-])(?P<h>\d\d):?(?P<m>\d\d)?(?![\d:./-])[)\]]?"),
    re.compile(r"(?<=\d)Z(?![^\W_])"),
    re.compile(_TIME + rf" ?[(\[]?(?<![^\W\d_])(?P<name>{'|'.join(_NAMES)})\b[)\]]?"),
)
# `+0000 (UTC)`: the zone once more, as a comment (RFC 5322 §3.3).
_REPEATED = re.compile(
    r"(?<=\d)([+-]\d\d:?\d\d|[ ][+-]\d\d:?\d\d) ?\((?:GMT|UTC)(?:[+-]\d{1,2}(?::?\d\d)?)?\)"
)
_LARGEST = timedelta(hours=14)


def take_offset(text: str) -> tuple[str, timedelta | None]:
    """Return the text without its offset, and the offset where one is written.

    Names with several meanings (CST, IST, BST) are none.
    """
    text = _REPEATED.sub(r"\1", text) if "(" in text else text
    for pattern in _OFFSETS:
        if found := pattern.search(text):
            parts = found.groupdict()
            return text[: found.start()] + (parts.get("time") or "") + " " + text[found.end() :], _offset(
                parts
            )
    return text, None


def _offset(parts: dict[str, str | None]) -> timedelta | None:
    if name := parts.get("name"):
        return timedelta(hours=_NAMES[name])
    offset = timedelta(hours=int(parts.get("h") or 0), minutes=int(parts.get("m") or 0))
    if offset > _LARGEST:
        return None
    return -offset if parts.get("sign") == "-" else offset
