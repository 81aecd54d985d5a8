"""Duty: of all the workers that were started for one database, one works and the others wait."""

from __future__ import annotations

import fcntl
import os
from contextlib import closing
from typing import TYPE_CHECKING

from . import Store
from .connection import StoreError, database_path, engine_of
from .lease import LeaseDuty

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path


def duty_for(url: str, mailboxes: Sequence[str], now: datetime) -> Duty | LeaseDuty:
    """Return what a worker has to take before it works: the database's lock where that is a file, else its mailboxes' leases."""
    if engine_of(url).file is not None:
        return Duty(url)
    # The lease lies in the database, which must have its newest schema for that.
    Store.open(url, now).close()
    return LeaseDuty(engine_of(url), mailboxes)


def duty_over_all(url: str, now: datetime) -> Duty | LeaseDuty:
    """The duty over every mailbox of the database: who has it knows that no worker is at work."""
    with closing(Store.open(url, now)) as store:
        names = store.mailbox_names()
    return duty_for(url, names, now)


class Duty:
    """A lock on a file beside the database. The kernel gives it up when its holder ends, however that ends."""

    lead = None
    lost: Callable[[str], None]
    moves: Callable[[], bool]
    """Neither is called: this lock cannot be lost."""

    def __init__(self, url: str) -> None:
        self.file: Path = database_path(url)
        self.file = self.file.with_name(f"{self.file.name}.lock")
        try:
            self._number = os.open(self.file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(
                f"{self.file}, the lock beside the database, cannot be opened: {error.strerror}. "
                "This user needs the right to write to that folder."
            ) from error

    def take(self) -> bool:
        """Take the duty; False where another has it."""
        try:
            fcntl.flock(self._number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        os.ftruncate(self._number, 0)
        os.pwrite(self._number, f"{os.getpid()}\n".encode(), 0)
        return True

    def holder(self) -> str:
        """The process that took it last, as far as it is told."""
        return os.pread(self._number, 20, 0).decode("ascii", "replace").strip() or "unknown"

    def close(self) -> None:
        """Give it up. The file stays: who removed it would let two workers hold two files of one name."""
        os.close(self._number)
