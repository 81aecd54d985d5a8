"""Rich text as Outlook stores it: decompressed (MS-OXRTFCP), and the HTML or text inside it (MS-OXRTFEX)."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from crm_logger.core.charset import decode_bytes, scrub

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST: Final = 8 * 1024 * 1024
"""How much rich text is read, in octets."""
_COMPRESSED: Final = 0x75465A4C
_STORED: Final = 0x414C454D
_WINDOW: Final = 4096
_START: Final = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans SerifSymbolArial"
    rb"Times New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_TOKEN: Final = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?[0-9]{1,9})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)"
)
_SHOWN: Final = {
    b"par": "\n",
    b"line": "\n",
    b"row": "\n",
    b"tab": "\t",
    b"cell": "\t",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"bullet": "•",
    b"endash": "–",
    b"emdash": "—",
}
_SYMBOLS: Final = {
    b"~": "\xa0",
    b"_": "\u2011",
    b"\n": "\n",
    b"\r": "\n",
    b"{": "{",
    b"}": "}",
    b"\\": "\\",
}
# Groups that hold no text of the mail, beside those that say so themselves by \*.
_SILENT: Final = frozenset(
    {b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"pntext", b"header", b"footer", b"listtext"}
)
_CODEPAGES: Final = {
    0: "cp1252",
    128: "cp932",
    129: "cp949",
    134: "gb18030",
    136: "big5",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
}
"""Charsets of fonts (\\fcharset)."""


def decompress(data: bytes) -> bytes:
    """The rich text of a compressed one, as far as it goes; b"" where it is none. The checksum is not asked."""
    if len(data) < 16:
        return b""
    size, _, kind, _ = struct.unpack_from("<IIII", data)
    if kind == _STORED:
        return data[16 : min(size + 4, 16 + MOST)]
    return bytes(_expanded(data[16 : size + 4])) if kind == _COMPRESSED else b""


def _expanded(data: bytes) -> bytearray:
    """What runs of literals and references to the last 4,096 octets stand for (MS-OXRTFCP §2.2)."""
    start = len(_START)
    out = bytearray(_START)
    position, end = 0, len(data)
    while position < end and len(out) < MOST:
        control = data[position]
        position += 1
        for bit in range(8):
            if not control >> bit & 1:
                out += data[position : position + 1]
                position += 1
                continue
            reference = int.from_bytes(data[position : position + 2], "big")
            position += 2
            back = (len(out) - (reference >> 4)) % _WINDOW
            if not back or position > end:
                return out[start:]
            _repeat(out, back, (reference & 15) + 2)
    return out[start:]


def _repeat(out: bytearray, back: int, length: int) -> None:
    """Append what stands `back` octets before the end; the window was blank before its beginning."""
    origin = len(out) - back
    if origin < 0:
        blank = min(-origin, length)
        out += b" " * blank
        length, origin = length - blank, 0
        back = len(out)
    piece = bytes(out[origin : origin + length])
    out += (piece * (length // max(1, len(piece)) + 1))[:length]


@dataclass(frozen=True, slots=True)
class _State:
    """What holds inside one group: whether its text counts, and what its letters are."""

    hidden: bool = False
    markup: bool = False
    unshown: bool = False
    fonts: bool = False
    starred: bool = False
    codepage: str = "cp1252"
    fallback: int = 1


def read_rtf(data: bytes) -> tuple[str, str]:
    """The text and the HTML of rich text: HTML where it was made from HTML, else the text; the other is ""."""
    is_html = b"\\fromhtml1" in data[:4096]
    written = _Reading(is_html=is_html).read(data)
    return ("", written) if is_html else (written, "")


class _Reading:
    """One walk over the tokens of rich text; groups nest on a list, so that their depth costs nothing."""

    def __init__(self, *, is_html: bool) -> None:
        self._is_html = is_html
        self._state = _State()
        self._outer: list[_State] = []
        self._fonts: dict[int, str] = {}
        self._font = 0
        self._pieces: list[str] = []
        self._octets = bytearray()
        self._skip = 0

    def read(self, data: bytes) -> str:
        """What the rich text shows."""
        for word, number, octet, symbol, brace, text in self._tokens(data):
            if word:
                self._obey(word.lower(), int(number) if number else None)
            elif octet:
                self._write_octets(bytes([int(octet, 16)]))
            elif symbol:
                self._read_symbol(symbol)
            elif brace:
                self._turn(brace)
            else:
                self._write_octets(text)
        self._flush()
        written = "".join(self._pieces)
        # A letter beyond the first 65,536 is written as two halves.
        return scrub(written.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))

    @staticmethod
    def _tokens(data: bytes) -> Iterator[tuple[bytes, ...]]:
        return (token.groups(b"") for token in _TOKEN.finditer(data))

    def _turn(self, brace: bytes) -> None:
        self._skip = 0
        if brace == b"{":
            self._outer.append(self._state)
            self._state = replace(self._state, starred=False)
        elif self._outer:
            self._flush()
            self._state = self._outer.pop()

    def _read_symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self._state = replace(self._state, starred=True)
        elif symbol in _SYMBOLS:
            self._write(_SYMBOLS[symbol])

    def _obey(self, word: bytes, number: int | None) -> None:
        """One control word."""
        state = self._state
        if word == b"u" and number is not None:
            self._write(chr(number % 0x10000))
            self._skip = state.fallback
        elif word in _SHOWN:
            self._write(_SHOWN[word])
        elif word == b"htmlrtf" and self._is_html:
            self._flush()
            self._state = replace(state, unshown=number != 0)
        elif word == b"htmltag" and self._is_html and state.starred:
            self._state = replace(state, markup=True, hidden=False, starred=False)
        elif word in _SILENT or state.starred:
            self._state = replace(state, hidden=True, starred=False, fonts=word == b"fonttbl")
        elif number is not None:
            self._set(word, number)

    def _set(self, word: bytes, number: int) -> None:
        """A control word that says what the letters are."""
        if word == b"uc":
            self._state = replace(self._state, fallback=max(0, min(number, 9)))
        elif word == b"ansicpg":
            self._change(f"cp{number}")
            self._fonts.setdefault(-1, f"cp{number}")
        elif word == b"f":
            self._font = number
            if not self._state.fonts:
                self._change(self._fonts.get(number, self._fonts.get(-1, "cp1252")))
        elif word == b"fcharset" and self._state.fonts and number in _CODEPAGES and number:
            self._fonts[self._font] = _CODEPAGES[number]

    def _change(self, codepage: str) -> None:
        if codepage != self._state.codepage:
            self._flush()
            self._state = replace(self._state, codepage=codepage)

    @property
    def _counts(self) -> bool:
        return not self._state.hidden and (self._state.markup or not self._state.unshown)

    def _write_octets(self, octets: bytes) -> None:
        if self._skip:  # what stands for a letter in a reader that knows no Unicode
            skipped, octets = octets[: self._skip], octets[self._skip :]
            self._skip -= len(skipped)
        if self._counts:
            self._octets += octets

    def _write(self, text: str) -> None:
        self._skip = 0
        if self._counts:
            self._flush()
            self._pieces.append(text)

    def _flush(self) -> None:
        """Letters of several octets may be spread over tokens: decode what belongs together at once."""
        if self._octets:
            self._pieces.append(decode_bytes(bytes(self._octets), self._state.codepage))
            self._octets.clear()
