"""MIME as mail clients put it on the wire: entities, multiparts, headers. All of it is ASCII with CRLF line ends."""

from __future__ import annotations

import base64
import quopri
from email.header import Header
from email.utils import format_datetime, formataddr
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


class Someone(NamedTuple):
    """A person of the story: the name as it is displayed, and the address."""

    name: str
    address: str


class Body(NamedTuple):
    """What a client sends as the text: either part may be missing."""

    text: str = ""
    html: str = ""


class File(NamedTuple):
    """A file that hangs on a mail."""

    name: str
    content_type: str
    content: bytes


def crlf(text: str) -> str:
    """Line ends as RFC 5322 §2.3 wants them."""
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


def written(people: Sequence[Someone]) -> str:
    """An address header's value; names that are not ASCII become encoded words."""
    return ",\r\n ".join(formataddr(someone) if someone.name else someone.address for someone in people)


def readable(people: Sequence[Someone], separator: str = ", ") -> str:
    """Addresses as a client shows them in the text of a forward."""
    return separator.join(f"{someone.name} <{someone.address}>" for someone in people)


def header_lines(fields: Sequence[tuple[str, str]]) -> str:
    """A header section without its empty line; fields without a value are left out."""
    return "".join(f"{name}: {value}\r\n" for name, value in fields if value)


def subject_field(subject: str) -> str:
    """A subject as it travels: plain where it is ASCII."""
    return subject if subject.isascii() else Header(subject, "utf-8").encode()


def date_field(at: datetime) -> str:
    """A time as RFC 5322 §3.3 writes it."""
    return format_datetime(at)


def text_entity(text: str, subtype: str = "plain") -> str:
    """A text part: 7bit where that will do, quoted-printable otherwise and for every HTML."""
    if subtype == "plain" and text.isascii():
        return f"Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n{crlf(text)}\r\n"
    encoded = quopri.encodestring(text.encode()).decode("ascii")
    return f"Content-Type: text/{subtype}; charset=UTF-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{crlf(encoded)}\r\n"


def file_entity(file: File) -> str:
    """An attachment in base64."""
    encoded = base64.encodebytes(file.content).decode("ascii")
    return (
        f'Content-Type: {file.content_type}; name="{file.name}"\r\n'
        f'Content-Disposition: attachment; filename="{file.name}"\r\n'
        f"Content-Transfer-Encoding: base64\r\n\r\n{crlf(encoded)}"
    )


def mail_entity(raw: bytes, name: str) -> str:
    """A whole mail as an attachment (RFC 2046 §5.2.1)."""
    return (
        f'Content-Type: message/rfc822; charset=UTF-8; name="{name}"\r\n'
        f'Content-Disposition: attachment; filename="{name}"\r\n'
        f"Content-Transfer-Encoding: 7bit\r\n\r\n{raw.decode('ascii')}"
    )


def multipart(subtype: str, boundary: str, entities: Sequence[str]) -> str:
    """Several entities in one (RFC 2046 §5.1)."""
    inner = "".join(f"--{boundary}\r\n{entity}\r\n" for entity in entities)
    return f'Content-Type: multipart/{subtype};\r\n boundary="{boundary}"\r\n\r\n{inner}--{boundary}--\r\n'


def body_entity(body: Body, boundary: str) -> str:
    """Text, HTML, or both as alternatives."""
    parts = [text_entity(body.text)] if body.text else []
    parts += [text_entity(body.html, "html")] if body.html else []
    return parts[0] if len(parts) == 1 else multipart("alternative", boundary, parts)
