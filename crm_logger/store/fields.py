"""The column types: scrubbed text, JSON, and times in UTC."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

from peewee import DateTimeField, Field, TextField

# PostgreSQL refuses NUL in text, UTF-8 has no lone surrogates, and no other control character but tab and line
# ends means anything in a mail.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")

_CONTROLS = bytes({*range(0x20)} - {0x09, 0x0A, 0x0D})
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_DAY = len("2026-05-04")
_ESCAPED = ("\\u", "\\b", "\\f")
"""How JSON writes control characters."""


def scrub(text: str) -> str:
    """Take out what no database stores: NUL, the other control characters, lone surrogates."""
    if text.isprintable():  # a single line nearly always is, and this takes no time
        return text
    try:
        data = text.encode()
    except UnicodeEncodeError:
        return _UNSTORABLE.sub("", text)
    # Nearly every text of several lines is clean, too, and to see that so takes a tenth of the time.
    clean = len(data.translate(None, _CONTROLS)) == len(data)
    return text if clean else _UNSTORABLE.sub("", text)


def _scrub_all(value: Any) -> Any:
    if isinstance(value, str):
        return scrub(value)
    if isinstance(value, dict):
        return {key: _scrub_all(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_scrub_all(each) for each in value]
    return value


class CleanTextField(TextField):
    """Text without the characters that no database stores; also where it is compared."""

    def db_value(self, value: str | None) -> str | None:
        """Scrub on the way in."""
        return None if value is None else scrub(str(value))


class JsonField(Field):
    """A list or an object of JSON, kept as text on every database."""

    field_type = "TEXT"

    def db_value(self, value: Any) -> str:
        """Scrub every string within, then write JSON."""
        if value == []:
            return "[]"
        text = _JSON.encode(value)
        escaped = "\\" in text and any(each in text for each in _ESCAPED)
        return _JSON.encode(_scrub_all(value)) if escaped or scrub(text) != text else text

    def python_value(self, value: str) -> Any:
        """Read JSON."""
        return json.loads(value)


class UtcField(DateTimeField):
    """An aware time; kept without an offset, in UTC, because PostgreSQL would drop it."""

    def db_value(self, value: datetime | None) -> datetime | None:
        """Aware time to naive UTC; a naive one is a bug of ours."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without zone cannot be stored: {value}")
        return (value if value.tzinfo is UTC else value.astimezone(UTC)).replace(tzinfo=None)

    def python_value(self, value: str | datetime | None) -> datetime | None:
        """Naive UTC, a text on SQLite, to an aware time."""
        return None if value is None else aware(value)


def aware(value: str | datetime) -> datetime:
    """Return a time as the database gives it, naive UTC and a text on SQLite, as an aware one."""
    if isinstance(value, str) and len(value) > _DAY:
        return datetime.fromisoformat(f"{value}+00:00")  # a third of the time that putting the zone in takes
    naive = datetime.fromisoformat(value) if isinstance(value, str) else value
    return naive.replace(tzinfo=UTC)
