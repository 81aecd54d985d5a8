"""Reads mails in a process of their own, so that none takes the worker along: neither by a hang, nor by memory, nor by a crash.

All mail goes there. Which mail is dangerous cannot be told beforehand (a crash in a library looks like any other
mail), and since the reader works on the next mails while the worker records the last ones, it costs less than it
gains: docs/isolation.md has the figures.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from itertools import cycle
from typing import TYPE_CHECKING, Any, Final, Generic, Self, TypeVar

from crm_logger.core.model import RawMail
from crm_logger.isolation.allocation import keep_large_apart
from crm_logger.isolation.process import CHILD, Limits, ReaderError, ReaderProcess
from crm_logger.isolation.wire import ROUSE, Death, Fault, Job, Memory, Reading, Sheet, Word, written

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from crm_logger.core.model import Directory

__all__ = ["Death", "Fault", "Limits", "Read", "Reader", "ReaderError", "Reading"]

T = TypeVar("T")

BATCH: Final = 32
BATCH_BYTES: Final = 1024 * 1024
AHEAD: Final = 6
AHEAD_BYTES: Final = 8 * 1024 * 1024
"""So many batches, of so many bytes together, are with the process: more than a hundred mails, so that it has enough to read while those are recorded."""
LARGE: Final = 16 * 1024 * 1024
"""A process that read a mail of this size has grown for good, and is let go."""


@dataclass(frozen=True, slots=True)
class Read:
    """A mail and what came of reading it: the decisions, the bug it met, or how the process died of it."""

    mail: RawMail
    reading: Reading


@dataclass(slots=True)
class _Broken:
    """Stands where the items ended with an exception, which is raised once everything before it was given out."""

    trouble: Exception


@dataclass(slots=True)
class _Batch(Generic[T]):
    """Items in their order; those that are mails are read, the others only pass through.

    The mails lie in `memory` up to `end`; `answered` of them have been answered.
    """

    items: list[RawMail | T | _Broken]
    memory: Memory
    sheets: list[Sheet] = field(default_factory=list)
    end: int = 0
    answered: int = 0

    def lay_out(self) -> None:
        """Put the mails into the memory."""
        for mail in self.items:
            if isinstance(mail, RawMail):
                start, self.end = self.end, self.memory.write(mail.raw, self.end)
                sheet = Sheet(mail.uid, mail.received_at, mail.size, mail.partial, start, self.end)
                self.sheets.append(sheet)


class Reader:
    """Keeps one process warm, gives it mails to read, and brings a new one where it died. For one thread.

    `module` is what the process runs; tests run one with faults planted in it.
    """

    def __init__(self, limits: Limits | None = None, module: str = CHILD) -> None:
        self._limits = limits or Limits()
        self._module = module
        self._memories = tuple(Memory.make(f"crm-logger-mails-{number}") for number in range(AHEAD))
        self._process: ReaderProcess | None = None
        self._told: Directory | None = None
        self._queue: list[_Batch[Any]] = []

    def __enter__(self) -> Self:
        """Start the process, which loads what it needs while the first mails are fetched; where it cannot start, they tell."""
        if self._process is None:
            with suppress(ReaderError):
                self._begin()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process and give all memory back; a closed reader reads no more."""
        self._let_go()
        for memory in self._memories:
            memory.close()
        self._memories = ()

    @property
    def pid(self) -> int | None:
        """The process that reads, None where there is none at the moment."""
        return self._process.pid if self._process else None

    def rouse(self) -> None:
        """Say that mail is coming, so that the process is awake and warm when it is here. There need be no process."""
        if self._process is not None:
            self._process.say(ROUSE)

    def read_one(self, mail: RawMail, directory: Directory) -> Reading:
        """Return what came of reading one mail; ReaderError as in read()."""
        (read,) = self.read([mail], directory)
        return read.reading

    def read(self, items: Iterable[RawMail | T], directory: Directory) -> Generator[Read | T]:
        """Yield every item in its turn: mails with what came of reading them, others as they are.

        Up to AHEAD batches are read ahead while the caller works on those before; of AHEAD_BYTES or more nothing is left when
        the next mail is asked for. Whatever `items` raises is raised after all that came before it. Raises ReaderError
        where no process can be started at all.
        """
        try:
            for batch in self._batches(items):
                self._queue.append(batch)
                batch.lay_out()
                if batch.end > LARGE:
                    keep_large_apart()
                self._give(batch, directory)
                del batch
                while len(self._queue) == AHEAD or sum(each.end for each in self._queue) > AHEAD_BYTES:
                    yield from self._finish(directory)
            while self._queue:
                yield from self._finish(directory)
        finally:
            if self._queue:  # nobody waits for these answers any more
                self._queue.clear()
                self._let_go()

    def _batches(self, items: Iterable[RawMail | T]) -> Iterator[_Batch[T]]:
        memories, waiting, size = cycle(self._memories), [], 0
        for item in _until_broken(items):
            waiting.append(item)
            size += len(item.raw) if isinstance(item, RawMail) else 0
            del item  # else a large one would outlive the fetching of the next
            if len(waiting) == BATCH or size >= BATCH_BYTES:
                yield _Batch(waiting, next(memories))
                waiting, size = [], 0
        if waiting:
            yield _Batch(waiting, next(memories))

    def _give(self, batch: _Batch[T], directory: Directory) -> None:
        """Give the process those mails of the batch that are not answered; where it is dead that shows later."""
        if batch.answered == len(batch.sheets):  # it would read the job when the memory holds the next one
            return
        process = self._process or self._begin()
        news = None if directory is self._told else directory
        self._told = directory
        end = batch.memory.write(written(Job(news, batch.sheets[batch.answered :])), batch.end)
        process.say(Word(self._memories.index(batch.memory), batch.end, end))

    def _begin(self) -> ReaderProcess:
        self._process, self._told = ReaderProcess(self._module, self._limits, self._memories), None
        return self._process

    def _finish(self, directory: Directory) -> Iterator[Read | T]:
        batch: _Batch[T] = self._queue[0]
        for item in batch.items:
            if isinstance(item, _Broken):
                raise item.trouble
            if isinstance(item, RawMail):
                yield Read(item, self._answered(batch, directory))
            else:
                yield item
        self._queue.pop(0)

    def _answered(self, batch: _Batch[T], directory: Directory) -> Reading:
        """Return the next answer; after the last one of a large batch, its memory is given back at once."""
        reading = self._reading(batch, directory)
        if batch.answered == len(batch.sheets):
            if batch.end > 2 * BATCH_BYTES:
                batch.memory.clear()
            if batch.end > LARGE and len(self._queue) == 1:
                self._let_go()
        return reading

    def _reading(self, batch: _Batch[T], directory: Directory) -> Reading:
        """Return the next answer; where the process died instead, give what is left to a new one."""
        assert self._process is not None  # noqa: S101 -- it got the batch
        reading = self._process.answer(batch.memory)
        batch.answered += 1
        if isinstance(reading, Death):
            self._let_go()
            for each in self._queue:
                self._give(each, directory)
        return reading

    def _let_go(self) -> None:
        if self._process is not None:
            self._process.end()
        self._process = None


def _until_broken(items: Iterable[T]) -> Iterator[T | _Broken]:
    try:
        yield from items
    except Exception as trouble:  # noqa: BLE001 -- it is raised again, later
        yield _Broken(trouble)
