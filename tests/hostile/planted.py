"""Stands in for the reading process' module: some subjects make it die. Only tests run it."""

from __future__ import annotations

import ctypes
import os
import sys
import time
from typing import TYPE_CHECKING, Any, cast

from crm_logger.isolation import child
from crm_logger.isolation.wire import made

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm_logger.core.model import Decision, Directory, RawMail

_decide = child.decide


def segfault() -> None:
    ctypes.string_at(0)


def spin() -> None:
    while True:
        pass


def eat() -> None:
    bytearray(2 * 1024**3)


def raise_bug() -> None:
    raise KeyError("secret subject")


def scribble() -> Any:
    """Answer with something else than decisions."""
    return os.system


class _Unknown:
    """Goes over the line as a value of a kind that there is not."""

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[int, tuple[()]]]:
        return made, (9999, ())


DEATHS: dict[bytes, Callable[[], Any]] = {
    b"Subject: segfault": segfault,
    b"Subject: abort": os.abort,
    b"Subject: exit": lambda: os._exit(3),
    b"Subject: spin": spin,
    b"Subject: sleep": lambda: time.sleep(600),
    b"Subject: eat": eat,
    b"Subject: bug": raise_bug,
    b"Subject: scribble": scribble,
    b"Subject: miscount": _Unknown,
}


def decide(mail: RawMail, directory: Directory) -> tuple[Decision, ...]:
    for subject, die in DEATHS.items():
        if subject in mail.raw:
            return cast("tuple[Decision, ...]", die())
    return _decide(mail, directory)


child.decide = decide

if __name__ == "__main__":
    child.main(sys.argv[1:])
