"""Tombstones: an address that was erased is recognised again without being kept."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .model import Directory

ERASED: Final = "erased"
"""Stands where a never-log entry would stand, for an address that was erased."""


def tombstone(key: bytes, address: str) -> str:
    """Return the keyed hash (BLAKE2b, RFC 7693) of a canonical address, in hex.

    Without the key, of at most 64 bytes, nobody can try out addresses against what is kept.
    """
    return hashlib.blake2b(address.encode("utf-8", "surrogatepass"), key=key, digest_size=32).hexdigest()


def is_erased(directory: Directory, account: int, address: str) -> bool:
    """Tell whether the account erased that canonical address, and must not take it in again."""
    stones = directory.tombstones.get(account, frozenset())
    return bool(stones) and tombstone(directory.tombstone_key, address) in stones
