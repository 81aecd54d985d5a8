"""A sample: a raw mail with the truth about it; and how its bytes are put together."""

from __future__ import annotations

import base64
import quopri
import re
from dataclasses import dataclass, replace
from email.header import Header
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from tests.forwards.stories import Mail, Person

LOG_ADDRESS = "forward-abcdefghijklmnopqrstuvwxyz@log.acme.test"
BCC_ADDRESS = "bcc-abcdefghijklmnopqrstuvwxyz@log.acme.test"


@dataclass(frozen=True, slots=True)
class Truth:
    """What a reader who knows the client would say. `date` is the wall clock to `date_unit`.

    `uncertain` is "" where the sender must be named, "allowed" where null is right too, "required" where only null is;
    `why` says so. Fields in `unknown` cannot be known from the mail and are not scored. `line_by_line`: the mail has a
    text part that holds the body as it was written, so that the body must come back so.
    """

    forwarded: bool
    sender: Person
    to: tuple[Person, ...] = ()
    cc: tuple[Person, ...] = ()
    subject: str = ""
    date: datetime | None = None
    date_unit: str = "minute"
    body: str = ""
    note: str = ""
    uncertain: str = ""
    why: str = ""
    unknown: frozenset[str] = frozenset()
    line_by_line: bool = False

    def but(self, **changes: Any) -> Truth:
        """The same truth with something changed."""
        return replace(self, **changes)


@dataclass(frozen=True, slots=True)
class Sample:
    """One mail and its truth. `composed`: dictionary words stand in for a client's own in that language."""

    name: str
    client: str
    language: str
    group: str
    raw: bytes
    truth: Truth
    composed: bool = False


@dataclass(frozen=True, slots=True)
class Rendered:
    """A client's forward: the whole text body, the whole HTML body ("" where it makes none), and what it shows."""

    text: str
    html: str
    truth: Truth
    composed: bool = False
    html_note: str | None = None

    def truth_in(self, form: str) -> Truth:
        """The truth where only the text, only the HTML, or both are sent; a link shows its target in text alone."""
        if form == "html" and self.html_note is not None:
            return self.truth.but(note=self.html_note)
        return self.truth.but(line_by_line=form != "html")


def truth_of(mail: Mail, **changes: Any) -> Truth:
    """What a complete forward of this mail tells."""
    truth = Truth(
        True, mail.sender, mail.to, mail.cc, mail.subject, mail.wall, body=mail.body, note=mail.note
    )  # fmt: skip
    return truth.but(**changes)


def inner(html: str) -> str:
    """Rough text of an HTML fragment; only used to say what a body holds, never compared by line."""
    return re.sub(r"<[^>]+>", " ", html)


def encoded_word(value: str, charset: str) -> str:
    """A header value, encoded where it must be (RFC 2047)."""
    if value.isascii():
        return value
    return Header(value, charset, maxlinelen=70).encode()


def mailbox(person: Person, charset: str = "utf-8") -> str:
    """A person in a header."""
    if not person.name:
        return person.address
    name = encoded_word(person.name, charset)
    if name == person.name and re.search(r'[(),.:;<>@\[\]"]', name):
        name = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{name} <{person.address}>"


def fits(text: str, charset: str) -> bool:
    """Whether a charset can write the text."""
    try:
        text.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def part(
    text: str, subtype: str = "plain", charset: str = "utf-8", encoding: str = "quoted-printable"
) -> bytes:
    """A text part with its headers."""
    data = text.replace("\r\n", "\n").replace("\n", "\r\n").encode(charset)
    if encoding == "base64":
        data = base64.encodebytes(data).replace(b"\n", b"\r\n")
    elif encoding == "quoted-printable":
        data = quopri.encodestring(data.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
    head = f"Content-Type: text/{subtype}; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode() + data


def multipart(subtype: str, parts: list[bytes], mark: str = "b1_f0a7c6d5") -> bytes:
    """Parts under one boundary."""
    body = b"".join(b"--%s\r\n%s\r\n" % (mark.encode(), each) for each in parts)
    head = f'Content-Type: multipart/{subtype}; boundary="{mark}"\r\n\r\n'.encode()
    return head + body + b"--%s--\r\n" % mark.encode()


def outer(
    content: bytes,
    subject: str,
    *,
    sender: Person,
    to: str = LOG_ADDRESS,
    delivered: str = LOG_ADDRESS,
    charset: str = "utf-8",
    extra: str = "",
) -> bytes:
    """The mail that Ann's client sends: headers, then a part that brings its own Content-Type."""
    head = (
        f"Delivered-To: {delivered}\n"
        "Received: from mail.acme.test (mail.acme.test [192.0.2.7]) by mx.log.acme.test; Mon, 18 May 2026 08:00:03 +0000\n"
        f"{extra}From: {mailbox(sender, charset)}\nTo: {to}\n"
        f"Subject: {encoded_word(subject, charset)}\n"
        "Date: Mon, 18 May 2026 10:00:00 +0200\nMessage-ID: <outer-1@acme.test>\nMIME-Version: 1.0\n"
    )
    return head.replace("\n", "\r\n").encode() + content


def paragraphs(text: str, tag: str = "div", style: str = "") -> str:
    """Text as HTML, each line in its own element; quoted lines at its end in a blockquote."""
    plain, quote = _split_quote(text)
    html = "\n".join(f"<{tag}{style}>{escape(line, quote=False) or '<br>'}</{tag}>" for line in plain)
    if quote:
        html += f"\n<blockquote>{escape(' '.join(quote), quote=False)}</blockquote>"
    return html


def breaks(text: str) -> str:
    """Text as HTML with <br> at the ends of lines."""
    plain, quote = _split_quote(text)
    html = "<br>\n".join(escape(line, quote=False) for line in plain)
    if quote:
        html += f"<br>\n<blockquote>{escape(' '.join(quote), quote=False)}</blockquote>"
    return html


def _split_quote(text: str) -> tuple[list[str], list[str]]:
    lines = text.split("\n")
    cut = next((number for number, line in enumerate(lines) if line.startswith(">")), len(lines))
    return lines[:cut], [line.lstrip("> ") for line in lines[cut:]]
