"""How mail clients write a mail of their own: header order, marks, Message-IDs, boundaries."""

from __future__ import annotations

import hashlib
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from demo.mails.mime import (
    Body,
    File,
    Someone,
    body_entity,
    date_field,
    file_entity,
    header_lines,
    multipart,
    subject_field,
    written,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


class Client(NamedTuple):
    """A mail client. `message_id` and `boundary` are patterns with {x}, a digest of what is written."""

    mark: tuple[str, str]
    message_id: str
    boundary: str


GMAIL = Client(("", ""), "CAKx{x}@mail.gmail.com", "000000000000{x:.16}")
OUTLOOK = Client(
    ("X-Mailer", "Microsoft Outlook 16.0"),
    "00{x:.6}$01dc{x:.4}$@acme.test",
    "----=_NextPart_000_0012_01DC{x:.8}",
)
OUTLOOK_WEB = Client(
    ("x-ms-has-attach", "no"),
    "AM9PR04MB{x:.4}@AM9PR04MB{x:.4}.eurprd04.prod.outlook.com",
    "_000_AM9PR04MB{x:.8}_",
)
APPLE_MAIL = Client(
    ("X-Mailer", "Apple Mail (2.3826.400.131)"), "{x:.8}-5C1A-4D2B-9E0F-{x:.12}@acme.test", "Apple-Mail=_{x}"
)
IPHONE = Client(
    ("X-Mailer", "iPhone Mail (22D72)"), "{x:.8}-77AF-4F0C-8A1B-{x:.12}@acme.test", "Apple-Mail-{x}"
)
THUNDERBIRD = Client(
    ("User-Agent", "Mozilla Thunderbird"), "{x:.8}-3b0e-4c55-b1d7-{x:.12}@acme.test", "------------{x}"
)
YAHOO = Client(
    ("X-Mailer", "WebService/1.1.25331 YMailNorrin"),
    "1837465520.{x:.7}.1772@mail.yahoo.com",
    "----=_Part_{x:.7}_1772",
)


class Letter(NamedTuple):
    """What somebody writes: the fields of a mail that the writer decides."""

    sender: Someone
    to: Sequence[Someone]
    subject: str
    at: datetime
    body: Body
    cc: Sequence[Someone] = ()
    files: Sequence[File] = ()
    extra: Sequence[tuple[str, str]] = ()


def digest(letter: Letter) -> str:
    """What tells one letter from another: the same in every run of the demo."""
    told = f"{letter.sender.address} {letter.subject} {letter.at.isoformat()}"
    return hashlib.sha256(told.encode()).hexdigest()[:24].upper()


def message_id(client: Client, letter: Letter) -> str:
    """The Message-ID this client gives to this letter, in angle brackets."""
    return f"<{client.message_id.format(x=digest(letter))}>"


def compose(client: Client, letter: Letter, entity: str = "") -> bytes:
    """The mail as the client hands it to its server; `entity` takes the place of body and files."""
    fields = [
        *letter.extra,
        ("MIME-Version", "1.0"),
        client.mark,
        ("From", written([letter.sender])),
        ("To", written(letter.to)),
        ("Cc", written(letter.cc)),
        ("Subject", subject_field(letter.subject)),
        ("Date", date_field(letter.at)),
        ("Message-ID", message_id(client, letter)),
    ]
    return (header_lines(fields) + (entity or content(client, letter))).encode("ascii")


def content(client: Client, letter: Letter) -> str:
    """Body and files of a letter as the client wraps them."""
    boundary = client.boundary.format(x=digest(letter))
    body = body_entity(letter.body, f"{boundary}a")
    if not letter.files:
        return body
    return multipart("mixed", boundary, [body, *map(file_entity, letter.files)])


def paragraphs(text: str) -> str:
    """Plain text as the simplest HTML: a line becomes a line."""
    return "<br>\n".join(escape(text).split("\n"))


def rich(text: str) -> Body:
    """A text as most clients send it: twice, as text and as HTML."""
    return Body(text, f'<html><body><div dir="ltr">{paragraphs(text)}</div></body></html>')
