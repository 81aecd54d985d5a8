"""One process that reads: how it is started, what it may use, and what its death says."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from crm_logger.core.model import Reason
from crm_logger.isolation.wire import EX_MEMORY, READY, Death, Word, hear, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_logger.isolation.wire import Memory, Reading

CHILD: Final = "crm_logger.isolation.child"
ROOT: Final = Path(__file__).parents[2]
START_SECONDS: Final = 60.0
# No password of ours goes to a process that reads strangers' mail.
ENVIRONMENT: Final = frozenset({"PATH", "LANG", "LC_ALL", "TZ", "TMPDIR"})


class ReaderError(Exception):
    """No process can be started that reads mail: the system is short of something, or crm-logger is not whole."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one mail may cost: seconds of CPU, seconds by the clock, bytes of memory (the process' own included)."""

    cpu_seconds: int = 20
    seconds: float = 30.0
    memory: int = 1024**3


class ReaderProcess:
    """A process that runs `module` (crm_logger.isolation.child) and shares the memories."""

    def __init__(self, module: str, limits: Limits, memories: Sequence[Memory]) -> None:
        self._limits = limits
        self._line, theirs = socket.socketpair()
        shared = (theirs.fileno(), *(memory.number for memory in memories))
        told = (*shared, limits.cpu_seconds, limits.memory)
        try:
            # A fork alone would copy the locks of the scheduler's thread and the server's connection.
            self._process = subprocess.Popen(  # noqa: S603 -- our own module, with numbers
                [sys.executable, "-P", "-X", "faulthandler", "-m", module, *map(str, told)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=shared,
                env=_environment(),
                start_new_session=True,
            )
        except OSError as error:
            self._line.close()
            raise ReaderError(f"No process can be started to read mail: {error.strerror}.") from error
        finally:
            theirs.close()
        self._ready = False

    @property
    def pid(self) -> int:
        """The process' number."""
        return self._process.pid

    def say(self, word: Word) -> None:
        """Say one word; where the process is dead, that shows when its answer is awaited."""
        with contextlib.suppress(OSError):
            say(self._line, word)

    def answer(self, memory: Memory) -> Reading:
        """Wait for the next answer, which lies in that memory, and return it; a Death where none comes."""
        if not self._ready:
            self._await_start()
        self._line.settimeout(self._limits.seconds)
        try:
            word = hear(self._line)
        except TimeoutError:
            self.end()
            return Death(Reason.PARSE_TIMEOUT, f"it took more than {self._limits.seconds:g} s")
        if word is None:
            return self._death()
        try:
            return memory.get(word.start, word.end)
        except (
            pickle.UnpicklingError,
            EOFError,
            AttributeError,
            LookupError,
            TypeError,
            ValueError,
        ) as error:
            self.end()
            return Death(Reason.PARSE_CRASH, f"the answer made no sense ({type(error).__name__})")

    def end(self) -> None:
        """Kill the process, if it lives, and clear up behind it."""
        self._process.kill()
        self._process.wait()
        self._line.close()

    def _await_start(self) -> None:
        self._line.settimeout(START_SECONDS)
        try:
            word = hear(self._line)
        except TimeoutError:
            word = None
        if word != READY:
            self.end()
            raise ReaderError(
                "The process that reads mail does not start. Was crm-logger upgraded? Then start the worker again."
            )
        self._ready = True

    def _death(self) -> Death:
        self._process.wait()
        status = self._process.returncode
        self.end()
        if status == -signal.SIGPROF:
            return Death(Reason.PARSE_TIMEOUT, f"it took more than {self._limits.cpu_seconds} s of CPU time")
        if status == EX_MEMORY:
            return Death(Reason.PARSE_CRASH, f"it took more than {self._limits.memory >> 20} MB of memory")
        if status < 0:
            return Death(Reason.PARSE_CRASH, f"the reading process was killed by {_signal(-status)}")
        return Death(Reason.PARSE_CRASH, f"the reading process ended with status {status}")


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in ENVIRONMENT}
    return kept | {"PYTHONPATH": str(ROOT)}
