"""How much memory a worker takes with all its processes: their PSS, and what they share without mapping it."""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

_EVERY = 0.05


class Peak:
    """`with Peak(pid) as peak:` samples the tree of processes below `pid`; `peak.bytes` is the most there was at once."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self.bytes = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._over.wait(_EVERY):
            self.bytes = max(self.bytes, in_use(self._pid))


def in_use(pid: int) -> int:
    """The bytes that a process and those below it take now.

    A memfd that is read and written, but not mapped, is in nobody's PSS: it is counted once.
    """
    files: dict[int, int] = {}
    total = 0
    for each in _tree(pid):
        with suppress(OSError):
            total += _pss(each)
            files |= _shared_files(each)
    return total + sum(files.values())


def _tree(pid: int) -> Iterator[int]:
    yield pid
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text(encoding="ascii").split():
                yield from _tree(int(child))


def _pss(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def _shared_files(pid: int) -> dict[int, int]:
    found = {}
    for path in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):
            if str(path.readlink()).startswith("/memfd:"):
                told = path.stat()
                found[told.st_ino] = told.st_blocks * 512
    return found
