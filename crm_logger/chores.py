"""What the service does beside the mail: a backup every day, and the call of the dead-man's switch."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from crm_logger.alarms import AlarmKind
from crm_logger.store import StoreError
from crm_logger.store.backup import PREFIX, SUFFIX, backup, nightly, remove_oldest, remove_unfinished
from crm_logger.store.connection import database_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm_logger.alarms import Alarms
    from crm_logger.config import Config

log = logging.getLogger("crm_logger.chores")

_NAME: Final = f"{PREFIX}%Y%m%dT%H%M%SZ{SUFFIX}"
_DAY: Final = timedelta(days=1)
HOUR: Final = 3
"""Backups are made from this hour on (UTC); one that was missed is made at once."""


def backup_due(folder: Path, now: datetime) -> bool:
    """Whether none was made since it was last HOUR; one from the future was made while the clock was wrong."""
    today = now.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    since = today if today <= now else today - _DAY
    return not any(since <= _time_of(path) <= now for path in nightly(folder))


def _time_of(path: Path) -> datetime:
    try:
        return datetime.strptime(path.name, _NAME).replace(tzinfo=UTC)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)


def back_up(config: Config, alarms: Alarms, now: datetime, stopping: Callable[[], bool]) -> Path | None:
    """Make a backup where one is due, and remove the oldest; what goes wrong is an alarm. Return what was made."""
    if not config.backup_dir:
        return None
    folder = Path(config.backup_dir)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not backup_due(folder, now):
            return None
        remove_unfinished(folder)
        target = folder / now.strftime(_NAME)
        size = backup(database_path(config.database_url), target, stopping=stopping)
        removed = remove_oldest(folder, config.backup_keep)
    except (OSError, StoreError) as trouble:
        if not stopping():
            alarms.sound(AlarmKind.BACKUP, f"No backup was made in {folder}: {trouble}")
        return None
    log.info("backup made", extra={"file": str(target), "bytes": size, "removed": len(removed)})
    alarms.clear(AlarmKind.BACKUP)
    return target
