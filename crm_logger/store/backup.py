"""Backups: a copy of the database as it is at one moment, made while others work on it, and looked through before it counts."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager, suppress
from time import monotonic
from typing import TYPE_CHECKING

from .errors import BUSY_SECONDS, StoreCorruptError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_STEPS = 10_000
"""SQLite asks whether to go on after so many of its own instructions: every few milliseconds."""
_HIDDEN, _PART = ".", ".part"
_MAGIC = b"SQLite format 3\0"


def backup(
    database: Path, target: Path, *, replace: bool = False, stopping: Callable[[], bool] = bool
) -> int:
    """Write a copy to `target`, for this user alone, and return its bytes; what was there stays until the copy is sound.

    Raises StoreError with a sentence; then nothing has changed.
    """
    with _told(target):
        _refuse_unfit(database, target, replace=replace)
    part = target.with_name(f"{_HIDDEN}{target.name}{_PART}")
    try:
        with _told(target):
            _copy(database, part, stopping)
            if not looks_sound(part, None, stopping):
                raise StoreError("The backup was given up: the service is to stop.", temporary=True)
            _put_in_place(part, target)
            return target.stat().st_size
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def looks_sound(database: Path, seconds: float | None = None, stopping: Callable[[], bool] = bool) -> bool:
    """Read a database for so long at most; False where that was too short. Raises StoreCorruptError where it is damaged."""
    end = None if seconds is None else monotonic() + seconds
    with closing(sqlite3.connect(database, timeout=BUSY_SECONDS)) as connection:
        connection.set_progress_handler(
            lambda: bool(stopping() or (end is not None and monotonic() > end)), _STEPS
        )
        try:
            ((found, *_),) = connection.execute("PRAGMA quick_check(1)").fetchall()
        except sqlite3.OperationalError as error:
            if "interrupted" in str(error):
                return False
            raise StoreError(f"The database {database} cannot be read: {error}.", temporary=True) from error
        except sqlite3.DatabaseError as error:
            raise damaged(database, str(error)) from error
    if found != "ok":
        raise damaged(database, str(found))
    return True


def damaged(database: Path, what: str) -> StoreCorruptError:
    """The error of a database that is damaged, which says how to restore it."""
    return StoreCorruptError(
        f"The database {database} is corrupt ({' '.join(what.split())}). Nothing was changed. Stop the service, move the "
        "file and its -wal away, put the newest backup in its place, then run crm-logger reconcile (docs/operating.md)."
    )


def _refuse_unfit(database: Path, target: Path, *, replace: bool) -> None:
    if not database.exists():
        raise StoreError(f"There is no database {database} to back up.")
    if target.is_dir():
        raise StoreError(f"{target} is a folder: name the file that the backup is to be.")
    if not target.exists():
        return
    if target.samefile(database):
        raise StoreError(f"{target} is the database itself: a backup needs another name.")
    with target.open("rb") as there:
        ours = there.read(len(_MAGIC)) == _MAGIC
    if not (replace and ours):
        hint = "--replace puts the new backup in its place" if ours else "and it is no backup"
        raise StoreError(f"{target} is there already, {hint}. It was left as it is.")


@contextmanager
def _told(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"The backup {target} cannot be written: {error.strerror}.", temporary=True
        ) from error


def _copy(database: Path, part: Path, stopping: Callable[[], bool]) -> None:
    """VACUUM INTO reads one state of the database, whatever is written meanwhile, and writes an empty file only."""
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    with closing(sqlite3.connect(database, timeout=BUSY_SECONDS)) as connection:
        connection.set_progress_handler(lambda: bool(stopping()), _STEPS)
        try:
            connection.execute("VACUUM INTO ?", (str(part),))
        except sqlite3.OperationalError as error:
            raise StoreError(f"The backup could not be written: {error}.", temporary=True) from error
        except sqlite3.DatabaseError as error:
            raise damaged(database, str(error)) from error


def _put_in_place(part: Path, target: Path) -> None:
    """Only a name that is on the disk counts, and only with all that is behind it."""
    for path in (part, part.parent):
        number = os.open(path, os.O_RDONLY)
        try:
            os.fsync(number)
            if path == part:
                part.replace(target)
        finally:
            os.close(number)


# ---------------------------------------------------------------- the nightly ones

PREFIX, SUFFIX = "crm-logger-", ".sqlite3"


def nightly(folder: Path) -> list[Path]:
    """The backups in the folder that have such a name, the oldest first."""
    return _named(folder, PREFIX, SUFFIX)


def _named(folder: Path, before: str, after: str) -> list[Path]:
    return sorted(
        path
        for path in folder.glob(f"{before}*{after}")
        if len(path.name) == len(before + "20260504T030000Z" + after)
    )


def remove_unfinished(folder: Path) -> None:
    """Remove what backups left that were killed: each is as large as the database, and none is gone on with."""
    for path in _named(folder, _HIDDEN + PREFIX, SUFFIX + _PART):
        path.unlink(missing_ok=True)


def remove_oldest(folder: Path, keep: int) -> list[Path]:
    """Remove all but the newest `keep` backups; return what was removed."""
    old = nightly(folder)[:-keep] if keep else []
    for path in old:
        path.unlink()
    return old
