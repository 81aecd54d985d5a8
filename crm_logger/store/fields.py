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


def scrub(text: str) -> str:
    """Take out what no database stores: NUL, the other control characters, lone surrogates."""
    return _UNSTORABLE.sub("", text)


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
        return json.dumps(_scrub_all(value), ensure_ascii=False, separators=(",", ":"))

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
        return value.astimezone(UTC).replace(tzinfo=None)

    def python_value(self, value: str | datetime | None) -> datetime | None:
        """Naive UTC, a text on SQLite, to an aware time."""
        if value is None:
            return None
        naive = datetime.fromisoformat(value) if isinstance(value, str) else value
        return naive.replace(tzinfo=UTC)
