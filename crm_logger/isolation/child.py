"""What the reading process runs: it parses and classifies, and may die of it. Its memory and each mail's time are limited."""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import pickle
import resource
import signal
import socket
import sys
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from crm_logger.core.classify import classify
from crm_logger.core.message import parse_message
from crm_logger.core.model import Directory, RawMail
from crm_logger.isolation.wire import EX_MEMORY, READY, ROUSE, Fault, Memory, Word, hear, say

SMALL, QUICK = 64 * 1024, 0.05
"""Bytes, and seconds by the clock, of a mail that is worth going through again."""

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_logger.core.authentic import Signature
    from crm_logger.core.model import Decision
    from crm_logger.isolation.wire import Answer, Job


def decide(mail: RawMail, directory: Directory) -> tuple[Decision, ...]:
    """Parse and classify: plain functions, the same for every way a mail comes in."""
    message = parse_message(mail.raw, directory.policy, partial=mail.partial)
    return classify(message, directory, mail.received_at, _signatures(mail, directory))


def _signatures(mail: RawMail, directory: Directory) -> tuple[Signature, ...]:
    """The mail's DKIM signatures, where VERIFY_DKIM asks for them; of parts of a mail nothing can be verified."""
    if not directory.policy.verify_dkim or mail.partial:
        return ()
    found: tuple[Signature, ...] = importlib.import_module("crm_logger.dkim").verify(mail.raw)
    return found


def main(arguments: Sequence[str]) -> None:
    """Read job after job until the worker is gone. Arguments: the line, the memories, CPU seconds a mail, bytes."""
    line, *memories, seconds, limit = map(int, arguments)
    _settle_down(limit)
    with socket.socket(fileno=line) as heard:
        say(heard, READY)
        _Reader(heard, [Memory(number) for number in memories], seconds).read_all()


def _settle_down(limit: int) -> None:
    """Whoever stops the worker stops it, not its reader; where memory is short, the reader goes first."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    # A system may have no such limit, or (systemd's SystemCallFilter) not let us set it: then its own must do.
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    gc.freeze()


class _Reader:
    def __init__(self, line: socket.socket, memories: Sequence[Memory], seconds: int) -> None:
        self._line = line
        self._memories = memories
        self._seconds = seconds
        self._directory = Directory()
        self._last: RawMail | None = None
        """A mail that took little: what it took is gone through again when mail is coming."""

    def read_all(self) -> None:
        """Until the worker says nothing more."""
        while word := hear(self._line):
            if word == ROUSE:
                self._wake()
            else:
                self._read(self._memories[word.number], word)

    def _wake(self) -> None:
        """Decide once more about the last mail, for nobody: a process that slept has lost its caches, or its memory to others."""
        if self._last is not None:
            message = parse_message(self._last.raw, self._directory.policy)
            classify(message, self._directory, self._last.received_at, ())

    def _read(self, memory: Memory, word: Word) -> None:
        job: Job = pickle.loads(memory.read(word.start, word.end))  # noqa: S301 -- the worker itself wrote it
        self._directory = job.directory or self._directory
        end = word.end
        for number, sheet in enumerate(job.sheets):
            # The signal kills, and that also where the time is spent in C.
            signal.setitimer(signal.ITIMER_PROF, self._seconds)
            raw = memory.read(sheet.start, sheet.end)
            mail = RawMail(sheet.uid, raw, sheet.received_at, sheet.size, sheet.partial)
            start, end = end, self._answer(mail, memory, end)
            signal.setitimer(signal.ITIMER_PROF, 0)
            say(self._line, Word(number, start, end))

    def _answer(self, mail: RawMail, memory: Memory, at: int) -> int:
        """Write what is decided about the mail into the memory; return where that ends."""
        began = time.perf_counter()
        try:
            answer = self._decided(mail)
            small = len(mail.raw) <= SMALL and not mail.partial and not isinstance(answer, Fault)
            if small and time.perf_counter() - began < QUICK:
                self._last = mail
            return memory.put(answer, at)
        except MemoryError:
            os._exit(EX_MEMORY)

    def _decided(self, mail: RawMail) -> Answer:
        try:
            return decide(mail, self._directory)
        except MemoryError:
            raise
        except Exception as bug:  # noqa: BLE001 -- a bug is an answer, too: the mail is recorded as failed
            return Fault(type(bug).__name__, traceback.format_exc())


if __name__ == "__main__":
    main(sys.argv[1:])
