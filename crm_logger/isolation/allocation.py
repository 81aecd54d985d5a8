"""Where the C library takes large pieces of memory from, and whether they go back to the system."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import Final

_MMAP_THRESHOLD: Final = -3  # M_MMAP_THRESHOLD of <malloc.h>
_LARGE: Final = 1024 * 1024


@cache
def keep_large_apart() -> None:
    """Have whatever is larger than 1 MB lie apart from the rest, and given back as soon as it is freed.

    Left to itself glibc learns from the first thing of up to 32 MB that is freed to take such from the heap, which
    then keeps the room of two or three of them for good.
    """
    import ctypes  # noqa: PLC0415 -- takes some milliseconds to load, and few mails are large

    with suppress(OSError, AttributeError):  # a system without mallopt does as it likes
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _LARGE)
