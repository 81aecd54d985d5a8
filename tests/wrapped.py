"""Builds what wraps mail: streams of winmail.dat (MS-OXTNEF), compressed rich text, S/MIME signed data."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from asn1crypto.cms import ContentInfo

if TYPE_CHECKING:
    from collections.abc import Iterable

Given = str | bytes | int
MESSAGE = bytes.fromhex("0703020000000000c000000000000046")


def padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


def prop(number: int, value: Given, kind: int = 0) -> bytes:
    """One property: a string in UTF-16, a number, bytes as binary (or as the type given)."""
    if isinstance(value, int):
        kind = kind or (0x40 if value > 1 << 32 else 3)
        return struct.pack("<HH", kind, number) + value.to_bytes(8 if kind == 0x40 else 4, "little")
    data = value if isinstance(value, bytes) else f"{value}\0".encode("utf-16-le")
    kind = kind or (0x102 if isinstance(value, bytes) else 0x1F)
    return struct.pack("<HHII", kind, number, 1, len(data)) + padded(data)


def props(*each: bytes) -> bytes:
    return struct.pack("<I", len(each)) + b"".join(each)


def attribute(name: int, value: bytes, level: int = 1, kind: int = 6) -> bytes:
    return (
        struct.pack("<BHHI", level, name, kind, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)
    )


def stream(*attributes: bytes) -> bytes:
    return b"\x78\x9f\x3e\x22\x01\x00" + b"".join(attributes)


def mail(*properties: bytes, files: Iterable[bytes] = (), recipients: Iterable[bytes] = ()) -> bytes:
    """A stream with the properties of a mail, its recipients (sets of properties) and its files."""
    rows = list(recipients)
    table = [attribute(0x9004, struct.pack("<I", len(rows)) + b"".join(rows))] if rows else []
    return stream(
        attribute(0x9007, struct.pack("<II", 1252, 0)), *table, attribute(0x9003, props(*properties)), *files
    )


def file(*properties: bytes) -> bytes:
    """The attributes of one attachment."""
    return attribute(0x9002, bytes(14), 2) + attribute(0x9005, props(*properties), 2)


def compressed(rich: bytes) -> bytes:
    """Rich text as Outlook keeps it, every octet written as itself."""
    body = b"".join(b"\0" + rich[at : at + 8] for at in range(0, len(rich), 8))
    return struct.pack("<IIII", len(body) + 12, len(rich), 0x75465A4C, 0) + body


def signed(entity: bytes | None) -> bytes:
    """Signed data around an entity (or without it), nobody's signature in it."""
    content = {
        "version": "v1",
        "digest_algorithms": [],
        "encap_content_info": {"content_type": "data", **({"content": entity} if entity is not None else {})},
        "signer_infos": [],
    }
    return bytes(ContentInfo({"content_type": "signed_data", "content": content}).dump())


def signed_in_pieces(entity: bytes, size: int = 1000) -> bytes:
    """The same as OpenSSL and others write it while the mail is still coming: of unknown length, in pieces."""

    def open_ended(tag: bytes, body: bytes) -> bytes:
        return tag + b"\x80" + body + b"\0\0"

    pieces = b"".join(
        b"\x04\x82" + struct.pack(">H", len(piece)) + piece
        for at in range(0, len(entity), size)
        if (piece := entity[at : at + size])
    )
    data, signed_data = bytes.fromhex("06092a864886f70d010701"), bytes.fromhex("06092a864886f70d010702")
    content = open_ended(b"\x30", data + open_ended(b"\xa0", open_ended(b"\x24", pieces)))
    inner = open_ended(b"\x30", b"\x02\x01\x01\x31\x00" + content + b"\x31\x00")
    return open_ended(b"\x30", signed_data + open_ended(b"\xa0", inner))
