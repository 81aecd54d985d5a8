"""The MIME tree (RFC 2045, 2046): entities cut out of the raw bytes by their boundaries, without copying, in bounded time."""

from __future__ import annotations

import binascii
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from crm_logger.core.charset import decode_bytes
from crm_logger.core.headers import (
    NO_PARAMETERS,
    Section,
    decode_base64,
    read_content_type,
    read_parameters,
    read_section,
    section_end,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_PARTS: Final = 1000
MAX_DEPTH: Final = 50
_MAX_BOUNDARY: Final = 200
_HYPHENS: Final = 16
_SMALL: Final = 32 * 1024


@dataclass(slots=True)
class Budget:
    """How many parts one mail may still have, attached mails included, and what was left out for it.

    `partial` says that the mail was fetched in parts: then a part may say itself that it was left out (R30).
    """

    parts: int = MAX_PARTS
    partial: bool = False
    defects: list[str] = field(default_factory=list)

    def has_room(self) -> bool:
        """Whether there may be one more part."""
        if self.parts <= 0:
            self.note(f"there are more than {MAX_PARTS} parts; the rest was left out")
        return self.parts > 0

    def note(self, defect: str) -> None:
        """Record a defect once."""
        if defect not in self.defects:
            self.defects.append(defect)


@dataclass(frozen=True, slots=True)
class Part:
    """One entity: its header section, its type, and either its children or its body between two offsets of the raw mail."""

    section: Section
    content_type: str
    parameters: Mapping[str, str]
    raw: bytes
    start: int
    end: int
    depth: int
    children: tuple[Part, ...] = ()

    @property
    def encoded(self) -> bytes:
        """The body as it was transferred."""
        return self.raw[self.start : self.end]

    @property
    def disposition(self) -> str:
        """The lower-case Content-Disposition (RFC 2183), "" where there is none."""
        return self.section.first("content-disposition").partition(";")[0].strip().lower()

    @property
    def filename(self) -> str:
        """The name that the sender gave the part, as written; "" where there is none."""
        disposition = self.section.first("content-disposition")
        named = read_parameters(disposition).get("filename", "") if ";" in disposition else ""
        return named or self.parameters.get("name", "")

    @property
    def is_encoded(self) -> bool:
        """Whether the transfer encoding changed the bytes."""
        return self.section.first("content-transfer-encoding").strip().lower() in (
            "base64",
            "quoted-printable",
        )

    def content(self) -> bytes:
        """The body with its transfer encoding undone; an unknown encoding is left as it is (RFC 2045 §6)."""
        encoding = self.section.first("content-transfer-encoding").strip().lower()
        if encoding == "base64":
            return decode_base64(memoryview(self.raw)[self.start : self.end])
        return binascii.a2b_qp(self.encoded) if encoding == "quoted-printable" else self.encoded

    def text(self, limit: int) -> tuple[str, bool]:
        """The body as text with plain line feeds, at most `limit` bytes of UTF-8, and whether it was cut."""
        data = self.content()
        text = decode_bytes(data[: 4 * limit], (self.parameters.get("charset", "").split() or [""])[0])
        cut = cut_text(text, limit)
        return cut, len(data) > 4 * limit or len(cut) < len(text)


def read_part(  # noqa: PLR0913, PLR0917 -- an entity is two offsets and what is known of it
    raw: bytes, start: int, end: int, budget: Budget, depth: int = 0, default: str = "text/plain"
) -> Part:
    """The tree of the entity between two offsets; `default` is the type of one that declares none."""
    budget.parts -= 1
    header_end, body = section_end(raw, start, end)
    section = read_section(raw[start:header_end])
    if section.size < header_end - start:
        budget.note("a line of a header section is no field")
        body = start + section.size
    content_type, parameters = read_content_type(section.first("content-type"), default)
    if not content_type.startswith("multipart/"):
        return Part(section, content_type, parameters, raw, body, end, depth)
    if depth >= MAX_DEPTH:
        budget.note(f"parts are nested more than {MAX_DEPTH} deep")
        return Part(section, "application/octet-stream", NO_PARAMETERS, raw, body, end, depth)
    spans = _cut(raw, body, end, parameters.get("boundary", ""), budget)
    if not spans:
        budget.note("a multipart without parts is read as text")
        return Part(section, "text/plain", NO_PARAMETERS, raw, body, end, depth)
    inner = "message/rfc822" if content_type == "multipart/digest" else "text/plain"
    children = tuple(read_part(raw, *span, budget, depth + 1, inner) for span in spans if budget.has_room())
    return Part(section, content_type, parameters, raw, body, end, depth, children)


def _cut(raw: bytes, start: int, end: int, boundary: str, budget: Budget) -> list[tuple[int, int]]:
    """Where the parts between the delimiter lines lie (RFC 2046 §5.1.1); an unclosed multipart ends with its container."""
    delimiter = b"--" + boundary[:_MAX_BOUNDARY].rstrip().encode("utf-8", "replace")
    if len(delimiter) == 2:
        return []
    spans: list[tuple[int, int]] = []
    opened = -1
    position = start
    while (found := _find(raw, delimiter, position, end)) >= 0:
        position = found + len(delimiter)
        kind, after = _delimiter_line(raw, found, position, start, end)
        if not kind:
            continue
        if opened >= 0:
            spans.append((opened, max(opened, found - (2 if raw[found - 2 : found] == b"\r\n" else 1))))
        opened = after if kind == "open" else -1
        if opened < 0 or len(spans) > budget.parts:
            break
    return [*spans, (opened, end)] if opened >= 0 else spans


def _find(raw: bytes, delimiter: bytes, start: int, end: int) -> int:
    """Where the delimiter stands first. In much text a single sign is found fifty times faster, and in base64 there is no hyphen."""
    if end - start < _SMALL:
        return raw.find(delimiter, start, end)
    for _ in range(_HYPHENS):  # those of an attachment's header section come first
        start = raw.find(b"-", start, end)
        if start < 0 or raw.startswith(delimiter, start, end):
            return start
        start += 1
    return raw.find(delimiter, start, end)


def _delimiter_line(raw: bytes, found: int, after: int, start: int, end: int) -> tuple[str, int]:
    """Whether a delimiter line opens or closes ("" where it is none), and where the next line starts."""
    if found > start and raw[found - 1] != 0x0A:
        return "", after
    line_end = raw.find(b"\n", after, min(end, after + 80))
    tail = raw[after : line_end if line_end >= 0 else min(end, after + 80)].rstrip(b" \t\r")
    if tail not in (b"", b"--"):
        return "", after
    return ("close" if tail else "open"), (line_end + 1 if line_end >= 0 else end)


def cut_text(text: str, limit: int) -> str:
    """At most `limit` bytes of UTF-8, cut between characters."""
    if len(text) * 4 <= limit:
        return text
    return text.encode("utf-8")[:limit].decode("utf-8", "ignore")
