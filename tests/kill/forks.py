"""Lives of workers in processes of their own, and what they leave behind."""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.kill.worker import live

if TYPE_CHECKING:
    from tests.kill.worker import Run

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
_LIBRARY = ctypes.CDLL(None)
LIFETIME = 60.0
LINGER = 5.0


def become_lane() -> None:
    """Inherit the orphans of our children, so that a reader that outlives its worker is seen, and end with the matrix (prctl(2))."""
    _LIBRARY.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    _end_with_parent()


def _end_with_parent() -> None:
    _LIBRARY.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def run_worker(run: Run) -> tuple[int | None, bool]:
    """Let a worker live; return its exit status (negative: the signal; None: it was never done) and whether all of it is gone."""
    status = Fork(run).ended()
    return status, all_gone()


class Fork:
    """A worker that lives now."""

    def __init__(self, run: Run) -> None:
        self.pid = os.fork()
        if not self.pid:
            _end_with_parent()  # also one that stands still
            gc.disable()  # it would touch, and so copy, all that the warm parent has
            live(run)
        self._status: int | None = None

    def ended(self) -> int | None:
        """Wait for its end; return its exit status (negative: the signal), None where it was never done."""
        self.ended_or_stopped(os.WNOHANG)
        if self._status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            return None
        return self._status

    def ended_or_stopped(self, options: int = os.WNOHANG | os.WUNTRACED) -> None:
        """Wait until it has ended, or stands still."""
        until = time.monotonic() + LIFETIME
        while self._status is None and time.monotonic() < until:
            found, status = os.waitpid(self.pid, options)
            if found and os.WIFSTOPPED(status):
                return
            if found:
                self._status = os.waitstatus_to_exitcode(status)
            else:
                time.sleep(0.002)

    def go_on(self) -> None:
        """Let it go on, if it stands still."""
        if self._status is None:
            os.kill(self.pid, signal.SIGCONT)


def all_gone() -> bool:
    """Whether whatever the workers started ends by itself; what does not is killed."""
    until = time.monotonic() + LINGER
    while time.monotonic() < until:
        try:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.001)
        except ChildProcessError:
            return True
    for child in Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split():
        os.kill(int(child), signal.SIGKILL)
    return False
