"""Header sections: where one ends, its fields, encoded words (RFC 2047), parameters (RFC 2231), message ids, dates."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_to_bytes

from crm_logger.core.charset import decode_bytes, scrub
from crm_logger.core.model import NO_DATE, WrittenDate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_PARSER: Final = BytesHeaderParser()  # by compat32, without email.policy, which takes 15 ms to load

MAX_SECTION: Final = 256 * 1024
MAX_VALUE: Final = 64 * 1024
_SHORT: Final = 200
_MAX_IDS: Final = 100
_MAX_ID: Final = 998
_MAX_DATE: Final = 200
_MAX_PARAMETERS: Final = 100

NO_PARAMETERS: Final[Mapping[str, str]] = MappingProxyType({})
_BLANK_LINE: Final = re.compile(rb"\n\r?\n")
_MBOX_LINE: Final = re.compile(rb">?From (?![ \t]*:)[^\n]*\n")
_SPACED_NAME: Final = re.compile(rb"\n([!-9;-~]++)[ \t]++:")
_CONTINUED: Final = re.compile(rb"\n[ \t]+")
_JUNK: Final = re.compile(rb"^(?![!-9;-~]++[ \t]*+:|[ \t]|>?From )[^\r\n]", re.MULTILINE)
_FOLD: Final = re.compile(r"\r?\n[ \t]*|[\r\t]")
_ENCODED: Final = re.compile(r"=\?([^?\s]{1,75})\?([bBqQ])\?((?:[^?]|\?(?!=))*+)\?=")
_PARAMETER: Final = re.compile(r';\s*+([^\s=;"]++)\s*+=\s*+("(?:[^"\\]|\\.)*+"?|[^;]*+)', re.DOTALL)
_SEGMENT: Final = re.compile(r"(?P<name>[^*]+)(?:\*(?P<index>\d{1,3}))?(?P<encoded>\*)?")
_TYPE: Final = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+")
_ID: Final = re.compile(r"<([^<>]*+)>")
_NOT_BASE64: Final = re.compile(rb"[^A-Za-z0-9+/]")
_COMMENT_MARK: Final = re.compile(r"\\.|[()]", re.DOTALL)
# A day, a month and a time in the order of RFC 5322 §3.3 or of asctime; what lacks them is no date, whatever a lenient reader makes of it.
_DATE: Final = re.compile(
    r"(?:[a-z]+\.?,?\s*)?(?:\d{1,2}[\s-]+[a-z]{3,9}\.?|[a-z]{3,9}\s+\d{1,2},?)[\s,-].*\d{1,2}[:.]\d\d",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Section:
    """A header section: (name as written, value unfolded, its encoded words untouched) from the top down.

    `malformed` is a sentence where the section cannot be trusted; `size` is the number of bytes up to the first line
    that is no field, or all.
    """

    fields: tuple[tuple[str, str], ...] = ()
    malformed: str = ""
    size: int = 0
    topmost: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    def first(self, name: str) -> str:
        """The topmost value of a field whose lower-case name is given, "" where there is none."""
        return self.topmost.get(name, "")


def section_end(raw: bytes, start: int, end: int) -> tuple[int, int]:
    """Where the header section that starts there ends, and where the body behind its blank line starts."""
    for blank in (b"\n", b"\r\n"):
        if raw.startswith(blank, start, end):
            return start, start + len(blank)
    found = _BLANK_LINE.search(raw, start, end)
    return (found.start() + 1, found.end()) if found else (end, end)


def read_section(data: bytes) -> Section:
    """The fields of a header section, bounded: what is over the limit is left out and makes it malformed."""
    return _short_section(data) if len(data) <= _SHORT else _read_section(data)


def _read_section(data: bytes) -> Section:
    malformed = _distrust(data)
    mended = _mended(data[:MAX_SECTION])
    parsed = _PARSER.parsebytes(mended if malformed else _unfolded(mended))
    junk = _JUNK.search(data) if parsed.defects else None
    fields = tuple((name, _value(value)) for name, value in parsed.raw_items())
    topmost = {name.lower(): value for name, value in reversed(fields)}
    return Section(fields, malformed, junk.start() if junk else len(data), topmost)


# The parts of mails have few distinct header sections.
_short_section = lru_cache(maxsize=1024)(_read_section)


def _mended(data: bytes) -> bytes:
    """Without a line of a mailbox file on top, and with "Name :" (RFC 5322 §4.5) written as the parser wants it."""
    line = _MBOX_LINE.match(data)
    fields = data[line.end() :] if line else data
    if b" :" not in fields and b"\t:" not in fields:
        return fields
    return _SPACED_NAME.sub(rb"\n\1:", b"\n" + fields)[1:]


def _unfolded(data: bytes) -> bytes:
    """With every field on one line (RFC 5322 §2.2.3), which halves the parser's work: its time goes by lines.

    Only for sections that can be trusted: to the parser a bare CR ends a line, too.
    """
    return _CONTINUED.sub(b" ", data.replace(b"\r\n", b"\n"))


def _distrust(data: bytes) -> str:
    """Why two readers of this section could see two different mails."""
    if len(data) > MAX_SECTION:
        return f"The header section is larger than {MAX_SECTION // 1024} KB."
    if b"\0" in data:
        return "The header section holds a NUL character."
    bare = data.count(b"\r") > data.count(b"\r\n")
    return "The header section holds a carriage return without a line feed." if bare else ""


def _value(value: str) -> str:
    """A field's value as text: eight-bit bytes read as UTF-8 or cp1252, folds opened (RFC 5322 §2.2.3), bounded."""
    if value.isascii() and value.isprintable():
        return value.strip()[:MAX_VALUE]
    if not value.isascii():
        value = decode_bytes(value.encode("ascii", "surrogateescape"))
    return scrub(_FOLD.sub(" ", value)).strip()[:MAX_VALUE]


def decode_words(text: str) -> str:
    """The text with its encoded words decoded (RFC 2047), tolerantly; what cannot be decoded stays as it is.

    Neighbours of one charset are joined before decoding, since mailers cut characters in two.
    """
    if "=?" not in text:
        return text
    pieces: list[str | tuple[str, bytes]] = []
    position = 0
    # Behind the last "?=" nothing can match, and looking there would take quadratic time.
    for word in _ENCODED.finditer(text, 0, text.rfind("?=") + 2):
        between = text[position : word.start()]
        position = word.end()
        _append_word(pieces, between, word)
    pieces.append(text[position:])
    return " ".join("".join(map(_read_piece, pieces)).split("\n"))


def _append_word(pieces: list[str | tuple[str, bytes]], between: str, word: re.Match[str]) -> None:
    charset = word[1].partition("*")[0].lower()  # RFC 2231 §5 puts a language behind the asterisk
    data = _word_bytes(word[2], word[3])
    last = pieces[-1] if pieces else ""
    if isinstance(last, str) or between.strip():
        pieces += (between, (charset, data))
    elif last[0] == charset:
        pieces[-1] = (charset, last[1] + data)
    else:
        pieces.append((charset, data))


def _read_piece(piece: str | tuple[str, bytes]) -> str:
    return piece if isinstance(piece, str) else decode_bytes(piece[1], piece[0])


def _word_bytes(encoding: str, payload: str) -> bytes:
    data = payload.encode("utf-8", "replace")
    return decode_base64(data) if encoding in "bB" else binascii.a2b_qp(data, header=True)


def decode_base64(data: bytes | memoryview) -> bytes:
    """The bytes that base64 stands for; broken padding and foreign characters do no harm."""
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        letters = _NOT_BASE64.sub(b"", data)
        whole = letters[: len(letters) - (len(letters) % 4 == 1)]
        return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))


def read_content_type(value: str, default: str = "text/plain") -> tuple[str, Mapping[str, str]]:
    """The lower-case media type and the parameters of a Content-Type; what is no type is text/plain (RFC 2045 §5.2)."""
    return _content_type(value) if value else (default, NO_PARAMETERS)


@lru_cache(maxsize=256)
def _content_type(value: str) -> tuple[str, Mapping[str, str]]:
    written = value.partition(";")[0].strip().lower()
    return (written if _TYPE.fullmatch(written) else "text/plain"), MappingProxyType(read_parameters(value))


def read_parameters(value: str) -> dict[str, str]:
    """The parameters behind the first semicolon by lower-case name, RFC 2231 and RFC 2047 decoded, bounded."""
    segments: dict[str, dict[tuple[bool, int], tuple[bool, str]]] = {}
    for count, found in enumerate(_PARAMETER.finditer(value)):
        segment = _SEGMENT.fullmatch(found[1].lower())
        if count >= _MAX_PARAMETERS or segment is None:
            continue
        written = bool(segment["encoded"] or segment["index"])
        key = (not written, int(segment["index"] or 0))
        segments.setdefault(segment["name"], {}).setdefault(
            key, (bool(segment["encoded"]), _unquoted(found[2]))
        )
    return {name: _join_segments(parts) for name, parts in segments.items()}


def _unquoted(value: str) -> str:
    value = value.strip()
    return re.sub(r"\\(.)", r"\1", value[1:].removesuffix('"')) if value.startswith('"') else value


def _join_segments(parts: dict[tuple[bool, int], tuple[bool, str]]) -> str:
    """One value of the segments of RFC 2231 §3; they win over a plain parameter of that name."""
    ordered = [parts[key] for key in sorted(parts) if key[0] == min(parts)[0]]
    if not any(encoded for encoded, _ in ordered):
        return decode_words("".join(text for _, text in ordered))
    charset, _, _ = ordered[0][1].partition("'")
    first = ordered[0][1].split("'", 2)[-1]
    texts = [(ordered[0][0], first), *ordered[1:]]
    data = b"".join(
        unquote_to_bytes(text) if encoded else text.encode("utf-8", "replace") for encoded, text in texts
    )
    return decode_bytes(data, charset)


def strip_comments(text: str) -> str:
    """The text without comments in parentheses (RFC 5322 §3.2.2); one that never ends takes the rest with it."""
    if "(" not in text:
        return text
    kept: list[str] = []
    depth, start = 0, 0
    for mark in _COMMENT_MARK.finditer(text):
        if mark[0] == "(":
            if not depth:
                kept.append(text[start : mark.start()])
            depth += 1
        elif mark[0] == ")" and depth:
            depth -= 1
            start = mark.end()
    return " ".join(kept if depth else [*kept, text[start:]])


def read_ids(values: Iterable[str]) -> tuple[str, ...]:
    """The message ids in the values, without brackets, the last hundred; ids that lack brackets are taken too."""
    found: list[str] = []
    for value in values:
        ids = _ID.findall(value) or [
            word.strip("<>,;") for word in strip_comments(value).split() if "@" in word
        ]
        found += filter(None, ("".join(each.split())[:_MAX_ID] for each in ids))
    return tuple(found[-_MAX_IDS:])


def parse_header_date(value: str) -> WrittenDate:
    """The date of a Date field (RFC 5322 §3.3 and the obsolete forms); `wall` is None where it cannot be read."""
    return _read_date(value[:_MAX_DATE].strip())


@lru_cache(maxsize=1024)
def _read_date(text: str) -> WrittenDate:
    plain = strip_comments(text).strip()
    if not _DATE.match(plain):
        return WrittenDate(text, None) if text else NO_DATE
    try:
        return WrittenDate(text, parsedate_to_datetime(plain))
    except (ValueError, TypeError, OverflowError, IndexError, AttributeError):
        return WrittenDate(text, None)
