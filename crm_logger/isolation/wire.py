"""What goes between the worker and its reader: shared memory for what is large, twenty-four bytes for each word said."""

from __future__ import annotations

import io
import os
import pickle
import socket
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum
from operator import attrgetter
from struct import Struct
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from zlib import crc32

from crm_logger import __version__
from crm_logger.core import mail, model, words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crm_logger.core.model import Directory

_WORD: Final = Struct("<qqq")
_LARGE: Final = 1024 * 1024
"""An answer of this size is not read into memory before it is taken apart."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A bug of our own that a mail met: the exception's name and its traceback."""

    name: str
    trace: str


@dataclass(frozen=True, slots=True)
class Death:
    """The process died of a mail: parse-timeout or parse-crash, and a few words about how."""

    reason: model.Reason
    how: str


Answer = tuple[model.Decision, ...] | Fault
Reading = Answer | Death


@dataclass(frozen=True, slots=True)
class Sheet:
    """One mail of a job: all of RawMail but the bytes, which lie between two offsets of the job's memory."""

    uid: int
    received_at: datetime
    size: int
    partial: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Job:
    """Mails to read. `directory` is None where the one of the job before still holds."""

    directory: Directory | None
    sheets: Sequence[Sheet]


@dataclass(frozen=True, slots=True)
class Word:
    """One message on the line: a job in `number`'s memory, or the answer about mail `number`, and where it lies."""

    number: int
    start: int
    end: int


EX_MEMORY: Final = 71
"""The exit status of a process whose mail needed more memory than one may have."""

ROUSE: Final = Word(-1, 0, 0)
"""What a process hears when mail is coming: no answer is wanted."""


def say(line: socket.socket, word: Word) -> None:
    """Say one word; OSError where nobody is there."""
    line.sendall(_WORD.pack(word.number, word.start, word.end))


def hear(line: socket.socket) -> Word | None:
    """Wait for one word; None where the other side is gone, TimeoutError where it says nothing in time."""
    try:
        data = line.recv(_WORD.size, socket.MSG_WAITALL)
    except ConnectionError:
        return None
    return Word(*_WORD.unpack(data)) if len(data) == _WORD.size else None


class Memory:
    """A file that exists in memory alone (elsewhere than on Linux: a temporary one), shared by number."""

    def __init__(self, number: int) -> None:
        self.number = number

    @classmethod
    def make(cls, name: str) -> Memory:
        """Make an empty one."""
        try:
            return cls(os.memfd_create(name))
        except (AttributeError, OSError):
            import tempfile  # noqa: PLC0415 -- takes 10 ms to load, and Linux does without

            with tempfile.TemporaryFile() as file:
                return cls(os.dup(file.fileno()))

    def write(self, data: bytes, at: int) -> int:
        """Write everything; return where it ends."""
        view = memoryview(data)
        while view:
            written = os.pwrite(self.number, view, at)
            view, at = view[written:], at + written
        return at

    def read(self, start: int, end: int) -> bytes:
        """Return what lies between two offsets."""
        data = os.pread(self.number, end - start, start)
        while len(data) < end - start:  # a read gives 2 GB at most
            more = os.pread(self.number, end - start - len(data), start + len(data))
            if not more:
                raise EOFError
            data += more
        return data

    def put(self, value: Answer, at: int) -> int:
        """Write an answer; return where it ends. Large contents go there as they are, without a copy in between."""
        end = _Place(self, at)
        _pickle(value, end)
        return end.at

    def get(self, start: int, end: int) -> Answer:
        """Return the answer that the reader wrote there; pickle.UnpicklingError where it is none."""
        if end - start < _LARGE:
            return read_answer(self.read(start, end))
        answer: Answer = _Values(io.BufferedReader(_Stretch(self.number, start, end))).load()
        return answer

    def clear(self) -> None:
        """Give the memory back."""
        os.ftruncate(self.number, 0)

    def close(self) -> None:
        """Close it; it is gone when the other side has closed it too."""
        os.close(self.number)


class _Place:
    """Where the next bytes are written to."""

    def __init__(self, memory: Memory, at: int) -> None:
        self._memory = memory
        self.at = at

    def write(self, data: bytes) -> int:
        self.at = self._memory.write(data, self.at)
        return len(data)


class _Stretch(io.RawIOBase):
    """What lies between two offsets, as a file; the memory's own offset is shared with the other side and stays as it is."""

    def __init__(self, number: int, start: int, end: int) -> None:
        super().__init__()
        self._number, self._at, self._end = number, start, end

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        wanted = memoryview(buffer)[: self._end - self._at]
        count = os.preadv(self._number, [wanted], self._at) if wanted else 0
        self._at += count
        return count


_TYPES: Final = dict.fromkeys(
    kind for module in (mail, model, words) for kind in vars(module).values() if isinstance(kind, type)
)
_KINDS: Final = tuple(kind for kind in (*_TYPES, Fault, Job, Sheet) if is_dataclass(kind))
_CONSTANTS: Final = (UTC, *(word for kind in _TYPES if issubclass(kind, Enum) for word in kind))
_VOCABULARY: Final = repr(([(kind, [each.name for each in fields(kind)]) for kind in _KINDS], _CONSTANTS))

READY: Final = Word(-1, crc32(__version__.encode()), crc32(_VOCABULARY.encode()))
"""What a process says first. One of another version (installed meanwhile) has other values, and is not worked with."""


def made(number: int, told: tuple[Any, ...]) -> Any:
    """A value of the kind of that number. To pickle, kinds cost more than their values: it looks up each, in each answer."""
    return _KINDS[number](*told)


def constant(number: int) -> Any:
    """The word of a closed list that has that number, or UTC."""
    return _CONSTANTS[number]


_Reduced: TypeAlias = "tuple[Callable[..., Any], tuple[Any, ...]]"


def _by_fields(number: int, kind: type) -> Callable[[Any], _Reduced]:
    """How a value is taken apart: its kind's number and its fields. What pickle does with frozen slots takes three times as long."""
    names = [field.name for field in fields(kind) if field.init]
    told = attrgetter(*names) if len(names) > 1 else lambda value: (getattr(value, names[0]),)
    return lambda value: (made, (number, told(value)))


def _by_number(kind: type) -> Callable[[Any], _Reduced]:
    """How a constant is taken apart. Lists may share a word: each has its number in its own list."""
    numbers = {word: (constant, (number,)) for number, word in enumerate(_CONSTANTS) if type(word) is kind}
    return numbers.__getitem__


_KNOWN: Final = {
    (known.__module__, known.__qualname__): known for known in (made, constant, datetime, timedelta, timezone)
}
_APART: Final[dict[type, Callable[[Any], _Reduced]]] = {
    **{kind: _by_fields(number, kind) for number, kind in enumerate(_KINDS)},
    **{kind: _by_number(kind) for kind in _TYPES if issubclass(kind, Enum)},
    timezone: lambda zone: (constant, (0,)) if zone is UTC else (timezone, zone.__getinitargs__()),
}


class _Values(pickle.Unpickler):
    """Makes values of the core's vocabulary and nothing else, whatever a broken reader writes."""

    def find_class(self, module_name: str, global_name: str, /) -> Any:
        try:
            return _KNOWN[module_name, global_name]
        except KeyError:
            raise pickle.UnpicklingError(f"{module_name}.{global_name} is no value of a decision") from None


def read_answer(data: bytes) -> Answer:
    """Return the answer that the reader wrote; pickle.UnpicklingError where it is none."""
    answer: Answer = _Values(io.BytesIO(data)).load()
    return answer


def written(value: Answer | Job) -> bytes:
    """Return a value as bytes."""
    buffer = io.BytesIO()
    _pickle(value, buffer)
    return buffer.getvalue()


def _pickle(value: Answer | Job, file: io.BytesIO | _Place) -> None:
    pickler = pickle.Pickler(file, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = _APART
    pickler.dump(value)
