"""What makes two mails one engagement (R11)."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import UTC
from typing import TYPE_CHECKING

from .model import EngagementKey

if TYPE_CHECKING:
    from datetime import datetime

_LETTERS = 500
_PORTION = 1000
_NO_LETTERS = re.compile(r"[\W\d_]+")


def engagement_key(
    *, message_id: str, author: str, subject: str, written: datetime | None, body: str
) -> EngagementKey:
    """Return the keys of a mail, both as hex digests.

    `author` is a canonical address and `written` the aware time of its Date, None where it cannot be read. Neither
    key knows a direction, so that a BCC here and a forward there meet.
    """
    told = normal_subject(subject)
    minute = "" if written is None else written.astimezone(UTC).strftime("%Y-%m-%dT%H:%M")
    by_id = _digest("id", message_id, author, told) if message_id else ""
    return EngagementKey(by_id, _digest("content", author, minute, told, _letters(body)))


def normal_subject(subject: str) -> str:
    """Return the subject without what servers change on the way: case, white space, compatibility forms."""
    return " ".join(unicodedata.normalize("NFKC", subject).casefold().split())


def _letters(body: str) -> str:
    """Letters only: quote marks, wraps and blanks change when a client forwards a mail."""
    letters, start = "", 0
    while len(letters) < _LETTERS and start < len(body):
        letters += _only_letters(body[start : start + _PORTION])
        start += _PORTION
    return letters[:_LETTERS].casefold()


def _only_letters(text: str) -> str:
    """What the pattern leaves is nearly always letters alone: to ask each character takes five times as long."""
    left = _NO_LETTERS.sub("", "".join(text.split()))
    return left if left.isalpha() else "".join(filter(str.isalpha, left))


def _digest(*fields: str) -> str:
    return hashlib.sha256("\0".join(fields).encode("utf-8", "surrogatepass")).hexdigest()
