"""The stream that Outlook sends as winmail.dat (MS-OXTNEF): the properties of a mail, its recipients and its files.

No library does: the one there is had its last release in 2021, and forty octets keep it busy for hours.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from crm_logger.core.charset import decode_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

SIGNATURE: Final = b"\x78\x9f\x3e\x22"
_MOST: Final = 100_000
"""Attributes and properties of one stream: enough for thousands of recipients."""
_ATTACHMENT: Final = 2
_NAMED: Final = 0x8000
_MULTIPLE: Final = 0x1000
_STRING8, _STRING, _OBJECT, _BINARY = 0x1E, 0x1F, 0x0D, 0x0102
_SIZES: Final = {2: 2, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 2, 20: 8, 64: 8, 72: 16}
"""Octets of the types of fixed size; a value takes a multiple of four."""
_INTEGERS: Final = frozenset({2, 3, 11, 20, 64})

SUBJECT, BODY = 0x0037, 0x1000
NAME = 0x3001
DATA, FILE_NAME = 0x3701, 0x3704
_ATTRIBUTES: Final = {0x8004: SUBJECT, 0x800C: BODY, 0x800F: DATA, 0x8010: FILE_NAME}
"""Attributes that say the same as a property."""
_RENDERING, _PROPERTIES, _RECIPIENTS, _FILE, _CODEPAGE = 0x9002, 0x9003, 0x9004, 0x9005, 0x9007

Value = str | int | memoryview
Properties = dict[int, Value]


@dataclass(slots=True)
class Tnef:
    """What a stream holds; properties by their number."""

    codepage: str = "cp1252"
    properties: Properties = field(default_factory=dict)
    recipients: list[Properties] = field(default_factory=list)
    files: list[Properties] = field(default_factory=list)


def read_tnef(data: memoryview) -> Tnef | None:
    """What a stream holds, as far as it is whole; None where it is none."""
    if bytes(data[:4]) != SIGNATURE:
        return None
    found = Tnef()
    room = _Room()
    for level, name, value in _attributes(data, room):
        if name == _CODEPAGE and len(value) >= 4:
            found.codepage = f"cp{int.from_bytes(value[:4], 'little')}"
        elif name == _RENDERING:
            found.files.append({})
        elif name in {_PROPERTIES, _FILE}:
            holder = _holder(found, level)
            holder.update(_Values(value, found.codepage, room).read())
        elif name == _RECIPIENTS:
            found.recipients.extend(_Values(value, found.codepage, room).read_rows())
        elif name in _ATTRIBUTES:
            key = _ATTRIBUTES[name]
            text = decode_bytes(_until_zero(value), found.codepage) if key != DATA else value
            _holder(found, level).setdefault(key, text)
    return found


def _holder(found: Tnef, level: int) -> Properties:
    """Whom a property belongs to: the mail, or the file that was announced last."""
    return found.files[-1] if level == _ATTACHMENT and found.files else found.properties


@dataclass(slots=True)
class _Room:
    """How much may still be read: time is bounded by it, whatever a stream says of itself."""

    left: int = _MOST

    def take(self) -> bool:
        self.left -= 1
        return self.left >= 0


def _attributes(data: memoryview, room: _Room) -> Iterator[tuple[int, int, memoryview]]:
    """Level, name and value of each attribute (MS-OXTNEF §2.1.3); checksums are not asked."""
    position = 6
    while position + 9 <= len(data) and room.take():
        level, name, _, size = struct.unpack_from("<BHHI", data, position)
        value = data[position + 9 : position + 9 + size]
        position += 9 + size + 2
        yield level, name, value


class _Values:
    """Reads the properties of an attribute (MS-OXTNEF §2.1.3.4); what is cut short ends it."""

    def __init__(self, data: memoryview, codepage: str, room: _Room) -> None:
        self._data = data
        self._codepage = codepage
        self._room = room
        self._position = 0

    def read(self) -> Properties:
        """One set of properties."""
        found: Properties = {}
        for _ in range(self._number()):
            if self._position + 4 > len(self._data) or not self._room.take():
                break
            kind, name = struct.unpack_from("<HH", self._data, self._position)
            self._position += 4
            if name >= _NAMED:
                self._skip_name()
            value = self._value(kind)
            if value is not None:
                found.setdefault(name, value)
        return found

    def read_rows(self) -> Iterator[Properties]:
        """One set of properties for each recipient."""
        for _ in range(self._number()):
            if self._position >= len(self._data) or not self._room.take():
                break
            yield self.read()

    def _number(self) -> int:
        """The next four octets; 0 behind the end."""
        number = int.from_bytes(self._data[self._position : self._position + 4], "little")
        self._position += 4
        return number

    def _skip_name(self) -> None:
        """The name of a property without a number of its own."""
        self._position += 16
        is_text, size = self._number(), self._number()
        self._position += _padded(size) if is_text else 0

    def _value(self, kind: int) -> Value | None:
        """The (first) value of a property; None where it is of no use, and the end where the type is unknown."""
        several, kind = kind & _MULTIPLE, kind & ~_MULTIPLE
        if kind in _SIZES:
            count = self._number() if several else 1
            value = self._data[self._position : self._position + _SIZES[kind]]
            self._position += _padded(_SIZES[kind] * count)
            return int.from_bytes(value, "little") if kind in _INTEGERS else None
        if kind not in {_STRING8, _STRING, _OBJECT, _BINARY}:
            self._position = len(self._data)
            return None
        values = list(self._pieces(self._number()))
        return self._read_piece(kind, values[0]) if values else None

    def _pieces(self, count: int) -> Iterator[memoryview]:
        for _ in range(count):
            if self._position >= len(self._data) or not self._room.take():
                break
            size = self._number()
            yield self._data[self._position : self._position + size]
            self._position += _padded(size)

    def _read_piece(self, kind: int, value: memoryview) -> Value:
        if kind == _STRING:
            return decode_bytes(bytes(value), "utf-16-le").rstrip("\0")
        return decode_bytes(_until_zero(value), self._codepage) if kind == _STRING8 else value


def _padded(size: int) -> int:
    return size + -size % 4


def _until_zero(value: memoryview) -> bytes:
    return bytes(value).partition(b"\0")[0]
