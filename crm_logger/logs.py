"""Log lines: one line an event, as text or as JSON; whatever stands in a mail cannot forge another line."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm_logger.config import Config

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def start_logging(config: Config) -> None:
    """Send this program's log to standard error, as LOG_LEVEL and LOG_FORMAT say; libraries only when they warn."""
    stream = logging.StreamHandler(sys.stderr)
    stream.setFormatter(_Json() if config.log_format == "json" else _Text())
    root = logging.getLogger()
    root.handlers[:] = [stream]
    root.setLevel(logging.WARNING)
    logging.getLogger("crm_logger").setLevel(config.log_level)


def _extra(record: logging.LogRecord) -> dict[str, object]:
    return {key: value for key, value in vars(record).items() if key not in _STANDARD}


def _clean(text: str) -> str:
    """Show control characters as Python writes them: a line break in a subject is no new line of the log."""
    return text if text.isprintable() else repr(text)[1:-1]


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        extra = "".join(f" {key}={value}" for key, value in _extra(record).items())
        line = _clean(f"{record.levelname} {record.getMessage()}{extra}")
        if record.exc_info is None:
            return line
        # An exception's text may quote a mail.
        return "\n".join([line, *map(_clean, self.formatException(record.exc_info).split("\n"))])


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "message": record.getMessage(),
            **_extra(record),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=True, default=str)
