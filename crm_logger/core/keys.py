"""What makes two mails one engagement (R11)."""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import UTC
from itertools import islice
from typing import TYPE_CHECKING

from .model import EngagementKey

if TYPE_CHECKING:
    from datetime import datetime

_LETTERS = 500
_HEAD = 1000
_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalpha())


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
    letters = _only_letters(body[:_HEAD])
    if len(letters) < _LETTERS and len(body) > _HEAD:
        letters = "".join(islice(filter(str.isalpha, body), _LETTERS))
    return letters[:_LETTERS].casefold()


def _only_letters(text: str) -> str:
    """A table takes out of ASCII what is no letter, and what is left is nearly always letters: to ask each takes twenty times as long."""
    data = text.encode("utf-8", "surrogatepass").translate(None, _NO_LETTERS)
    left = data.decode("utf-8", "surrogatepass")
    return left if left.isalpha() else "".join(filter(str.isalpha, left))


def _digest(*fields: str) -> str:
    return hashlib.sha256("\0".join(fields).encode("utf-8", "surrogatepass")).hexdigest()
