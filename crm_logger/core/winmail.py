"""winmail.dat as the MIME entity that its sender would have sent to anybody else."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from crm_logger.core.charset import decode_bytes
from crm_logger.core.rtf import MOST, decompress, read_rtf
from crm_logger.core.tnef import BODY, DATA, FILE_NAME, NAME, SUBJECT, Properties, Tnef, read_tnef

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TYPES: Final = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
FILES: Final = frozenset({"winmail.dat", "win.dat"})
_DEEPEST: Final = 10
_HTML, _RICH, _CODEPAGE = 0x1013, 0x1009, 0x3FDE
_LONG_NAME, _MIME_TYPE, _CONTENT_ID = 0x3707, 0x370E, 0x3712
_HEADERS, _MESSAGE_ID, _SENT, _RECEIVED = 0x007D, 0x1035, 0x0039, 0x0E06
# Who wrote it stands before who pressed the button.
_AUTHORS: Final = ((0x0042, (0x5D02, 0x0065)), (0x0C1A, (0x5D01, 0x0C1F)))
_ADDRESSES: Final = (0x39FE, 0x3003)
_ROLE, _TO, _CC = 0x0C15, 1, 2
_MESSAGE: Final = bytes.fromhex("0703020000000000c000000000000046")
"""What stands before a mail that is attached (IID_IMessage)."""
_EPOCH: Final = datetime(1601, 1, 1, tzinfo=UTC)
_MIME_FIELD: Final = re.compile(r"(?im)^(?:content-[^:\n]*|mime-version):.*\n?(?:[ \t].*\n?)*")
_TYPE: Final = re.compile(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,80}", re.IGNORECASE)
_ATEXT: Final = re.compile(r"[^\s<>\x00-\x1f]{1,200}")


def unwrapped(data: bytes, depth: int = 0) -> bytes | None:
    """The MIME entity that the stream stands for: its body, its files, its attached mails; None where it holds nothing."""
    found = read_tnef(memoryview(data))
    parts = list(_parts(found, depth)) if found else []
    return _multipart("mixed", parts) if parts else None


def _parts(found: Tnef, depth: int) -> Iterator[bytes]:
    text, markup = _body(found)
    body = [_text("plain", text)] * bool(text.strip()) + [_text("html", markup)] * bool(markup.strip())
    if body:
        yield _multipart("alternative", body)
    yield from (each for file in found.files if (each := _file(file, depth)))


def _body(found: Tnef) -> tuple[str, str]:
    """Its text and its HTML; both may be there, as rich text alone, or as neither."""
    given = found.properties
    charset = given.get(_CODEPAGE)
    text, markup = _string(given, BODY), given.get(_HTML, "")
    if isinstance(markup, memoryview):
        markup = decode_bytes(
            bytes(markup[:MOST]), f"cp{charset}" if charset not in {None, 65001} else "utf-8"
        )
    rich = given.get(_RICH)
    if isinstance(rich, memoryview) and not markup:
        plain, markup = read_rtf(decompress(bytes(rich)))
        text = text or plain
    return text.replace("\r\n", "\n"), str(markup)


def _file(file: Properties, depth: int) -> bytes:
    """One attachment: a mail is an entity of its own, anything else its bytes."""
    data = file.get(DATA)
    if not isinstance(data, memoryview):
        return b""
    if bytes(data[:16]) == _MESSAGE:
        mail = read_tnef(data[16:]) if depth < _DEEPEST else None
        if mail:
            return b"Content-Type: message/rfc822\n\n" + _mail(mail, depth + 1)
    kind = _string(file, _MIME_TYPE)
    fields = [
        f"Content-Type: {kind if _TYPE.fullmatch(kind) else 'application/octet-stream'}",
        f"Content-Disposition: attachment; filename*=utf-8''{quote(_file_name(file), safe='')}",
        "Content-Transfer-Encoding: binary",
    ]
    content_id = _string(file, _CONTENT_ID).strip("<>")
    if _ATEXT.fullmatch(content_id):
        fields.append(f"Content-ID: <{content_id}>")
    return "\n".join((*fields, "", "")).encode("utf-8", "replace") + data


def _file_name(file: Properties) -> str:
    return next((name for key in (_LONG_NAME, FILE_NAME, NAME) if (name := _string(file, key))), "attachment")


def _mail(mail: Tnef, depth: int) -> bytes:
    """A whole mail: the header that it came with, else one that says what its properties say."""
    headers = _string(mail.properties, _HEADERS).replace("\r\n", "\n").strip("\n")
    kept = _MIME_FIELD.sub("", headers).strip("\n") if headers else "\n".join(_header(mail))
    body = _multipart("mixed", list(_parts(mail, depth)))
    return kept.partition("\n\n")[0].encode("utf-8", "replace") + b"\n" + body


def _header(mail: Tnef) -> Iterator[str]:
    given = mail.properties
    for name, addresses in _AUTHORS:
        if name in given:
            yield f"From: {_person(given, name, addresses)}"
            break
    for role, field in ((_TO, "To"), (_CC, "Cc")):
        people = [_person(row, NAME, _ADDRESSES) for row in mail.recipients if row.get(_ROLE) == role]
        if people:
            yield f"{field}: {', '.join(people)}"
    sent = given.get(_SENT, given.get(_RECEIVED))
    if isinstance(sent, int) and sent < 1 << 61:
        yield f"Date: {format_datetime(_EPOCH + timedelta(microseconds=sent // 10))}"
    yield f"Subject: {_line(_string(given, SUBJECT))}"
    if _string(given, _MESSAGE_ID):
        yield f"Message-ID: {_line(_string(given, _MESSAGE_ID))}"


def _person(given: Properties, name: int, addresses: Iterable[int]) -> str:
    """A name with its address; one inside the company (X.500) is none that mail goes to."""
    found = (_string(given, key) for key in addresses)
    address = next((each for each in found if "@" in each and _ATEXT.fullmatch(each)), "")
    shown = re.sub(r'(["\\])', r"\\\1", _line(_string(given, name)))
    return f'"{shown}" <{address}>' if address else f'"{shown}"'


def _line(text: str) -> str:
    return " ".join(text.split())


def _string(given: Properties, key: int) -> str:
    value = given.get(key)
    return value if isinstance(value, str) else ""


def _text(kind: str, text: str) -> bytes:
    return f"Content-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: binary\n\n{text}".encode(
        "utf-8", "replace"
    )


def _multipart(kind: str, parts: list[bytes]) -> bytes:
    """The parts behind a boundary that is made of them, so that none of them can hold it."""
    boundary = sha256(b"\n".join(parts)).hexdigest()
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\n\n'.encode()
    mark = f"--{boundary}\n".encode()
    return head + b"".join(mark + part + b"\n" for part in parts) + f"--{boundary}--\n".encode()
