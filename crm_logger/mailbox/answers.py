"""What a FETCH answer says of the mails: read at once where it is one of the two that every mail brings, else by imapclient."""

from __future__ import annotations

import re
from typing import Any, Final

from imapclient.datetime_util import parse_to_datetime
from imapclient.response_parser import parse_fetch_response

_LISTED: Final = re.compile(
    rb'([1-9]\d{0,9}) \(UID ([1-9]\d{0,9}) RFC822\.SIZE ([1-9]\d{0,9}) INTERNALDATE "([^"\\]+)"\)'
)
_BODY: Final = re.compile(rb"([1-9]\d{0,9}) \(UID ([1-9]\d{0,9}) BODY\[\] \{\d+\}")
"""In the order in which they were asked for; imapclient goes through them letter by letter."""


def fetch_answers(parts: list[Any]) -> dict[int, dict[bytes, Any]]:
    """What imaplib's parts of one answer say, by UID. Raises what imapclient raises where it cannot be read."""
    plain = _body(*parts) if len(parts) == 2 else _listed(*parts) if len(parts) == 1 else None
    if plain is not None:
        return plain
    told: dict[int, dict[bytes, Any]] = parse_fetch_response(parts, normalise_times=False)
    return told


def _body(start: object, end: object) -> dict[int, dict[bytes, Any]] | None:
    if isinstance(start, tuple) and end == b")" and (match := _BODY.fullmatch(start[0])):
        return {int(match[2]): {b"SEQ": int(match[1]), b"BODY[]": start[1]}}
    return None


def _listed(line: object) -> dict[int, dict[bytes, Any]] | None:
    if isinstance(line, bytes) and (match := _LISTED.fullmatch(line)):
        try:
            moment = parse_to_datetime(match[4], normalise=False)
        except ValueError:
            return None
        return {
            int(match[2]): {b"SEQ": int(match[1]), b"RFC822.SIZE": int(match[3]), b"INTERNALDATE": moment}
        }
    return None
