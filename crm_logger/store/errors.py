"""What is wrong with a database as a whole, as sentences for the operator."""

from __future__ import annotations

from typing import Final

BUSY_SECONDS: Final = 30
"""So long a lock is waited for before it is an error."""


class StoreError(Exception):
    """The database cannot be used. The text is a sentence for the operator; `temporary` says that waiting may help."""

    def __init__(self, sentence: str, *, temporary: bool = False) -> None:
        super().__init__(sentence)
        self.temporary = temporary


class StoreCorruptError(StoreError):
    """The database is damaged: neither waiting nor another setting mends it."""
