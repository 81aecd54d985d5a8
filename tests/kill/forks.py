"""Lives of a worker in processes of their own, and what they leave behind."""

from __future__ import annotations

import ctypes
import gc
import os
import select
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.kill.worker import live

if TYPE_CHECKING:
    from tests.kill.worker import Run

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
LIFETIME = 60.0
LINGER = 5.0


def become_lane() -> None:
    """Inherit the orphans of our children, so that a reader that outlives its worker is seen, and end with the matrix (prctl(2))."""
    library = ctypes.CDLL(None)
    library.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    library.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def run_worker(run: Run) -> tuple[int | None, bool]:
    """Let a worker live; return its exit status (negative: the signal; None: it was never done) and whether all of it is gone."""
    pid = os.fork()
    if not pid:
        gc.disable()  # it would touch, and so copy, all that the warm parent has
        live(run)
    status = _await(pid, LIFETIME)
    return status, _all_gone()


def _await(pid: int, seconds: float) -> int | None:
    number = os.pidfd_open(pid)
    poller = select.poll()
    poller.register(number, select.POLLIN)
    ended = bool(poller.poll(seconds * 1000))
    os.close(number)
    if not ended:
        os.kill(pid, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return status if ended else None


def _all_gone() -> bool:
    """Whether whatever the worker started ends by itself; what does not is killed."""
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
