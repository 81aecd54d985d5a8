"""Room on the disk: where it runs short no mail is fetched, so that all of it waits in the mailbox."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from crm_logger.config import Config

_MB = 1024 * 1024


class Usage(Protocol):
    """How large a disk is, and how much of it is free for us, in bytes."""

    @property
    def total(self) -> int:
        """All of it."""

    @property
    def free(self) -> int:
        """What is left."""


def shortage(config: Config, folder: Path | None, usage: Callable[[Path], Usage] = shutil.disk_usage) -> str:
    """Return a sentence where the folder's disk has less room than MIN_FREE_MB or MIN_FREE_PERCENT want, else ""."""
    if folder is None:
        return ""
    disk = usage(folder)
    wanted = max(config.min_free_mb * _MB, config.min_free_percent * disk.total // 100)
    if disk.free >= wanted:
        return ""
    return (
        f"The disk of {folder} has {disk.free // _MB} MB left, and {wanted // _MB} MB are wanted "
        "(MIN_FREE_MB, MIN_FREE_PERCENT): make room. Mail waits in the mailbox until then."
    )
