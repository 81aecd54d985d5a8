"""The mails of the benchmark's mailboxes: each a pure function of its number, so that every run reads the same bytes.

Of a hundred mails 55 are sent with the BCC address on Bcc, 30 forwarded inline, 5 as an attachment, 7 sent with a file, and 3 odd.
"""

from __future__ import annotations

import base64
import math
import quopri
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.header import Header
from functools import cache
from html import escape
from random import Random
from typing import NamedTuple

from benchmarks.words import SUBJECTS, WORDS

USERS, CLIENTS, COMPANIES = 20, 2000, 400
START = datetime(2021, 3, 1, 8, 0, tzinfo=UTC)
BETWEEN = timedelta(minutes=12)
BORDER = "mx.log.example"
_MIX = ("sent",) * 55 + ("forward",) * 30 + ("enclosed",) * 5 + ("file",) * 7 + ("odd",) * 3
_ODD = ("unknown", "automatic", "list", "dateless", "charset", "unclosed")
_HEAVY = 9  # of a hundred mails: so many carry a large attachment
_LEAST, _MOST = 100_000, 3_000_000
HUGE = 45_000_000


class Person(NamedTuple):
    """Somebody on a mail."""

    name: str
    address: str

    def __str__(self) -> str:
        name = self.name if self.name.isascii() else Header(self.name, "utf-8").encode()
        return f"{name} <{self.address}>"


@dataclass(frozen=True, slots=True)
class Addresses:
    """The account's two log addresses."""

    bcc: str
    forwarding: str


@dataclass(frozen=True, slots=True)
class Shape:
    """How large mails are: words of text, whether HTML stands beside it, and files of `_LEAST` to `_MOST` bytes."""

    name: str
    words: int
    html: bool
    heavy: bool = False


SMALL = Shape("small", 297, html=True)
HEAVY = Shape("heavy", 297, html=True, heavy=True)
TINY = Shape("tiny", 90, html=False)


def kind_of(number: int) -> str:
    """What a mail is; each hundred has the same mix in the same order."""
    return _order()[number % 100]


@cache
def _order() -> tuple[str, ...]:
    order = list(_MIX)
    Random(1).shuffle(order)
    return tuple(order)


def arrived(number: int) -> datetime:
    """When the border took a mail in."""
    return START + number * BETWEEN


def user(number: int) -> Person:
    """One of the account's users."""
    return Person(f"User {number % USERS}", f"user{number % USERS}@acme.test")


def client(number: int) -> Person:
    """One of those the account does business with; every fifth has a name that is no ASCII."""
    name = f"Zoë Müller-{number}" if number % 5 == 0 else f"Client {number}"
    return Person(name, f"client{number}@company{number % COMPANIES}.example")


def mail(shape: Shape, number: int, to: Addresses) -> bytes:
    """The mail of that number, with CRLF, as it comes over the wire."""
    rng = Random(f"{shape.name} {number}")
    kind = kind_of(number)
    odd = _ODD[number // 100 % len(_ODD)] if kind == "odd" else ""
    made = _Made(shape, number, rng, odd)
    if kind in {"forward", "enclosed"}:
        return made.forwarded(to.forwarding, enclosed=kind == "enclosed")
    return made.sent(to.bcc, with_file=kind == "file")


def huge(number: int, to: Addresses) -> bytes:
    """A sent mail of HUGE bytes: one attachment, whose first bytes no other mail's has."""
    made = _Made(TINY, number, Random(f"huge {number}"), "")
    first = base64.b64encode(b"%-57d" % number)
    file = _file("drawing.bin", first + b"\r\n" + _huge_body())
    content = _multipart("mixed", [_part("text", made.words(TINY.words)), file], "h0")
    return made.outer(user(number), f"To: {client(number)}", "Drawings", to.bcc) + content


@cache
def _huge_body() -> bytes:
    return _base64(Random("huge").randbytes((HUGE * 57 // 78) - 2000))


def attachment_bytes(rng: Random) -> int:
    """The size of a large file: as likely between 100 and 300 KB as between 1 and 3 MB."""
    return int(_LEAST * math.exp(rng.random() * math.log(_MOST / _LEAST)))


class _Made:
    """One mail in the making."""

    def __init__(self, shape: Shape, number: int, rng: Random, odd: str) -> None:
        self.shape, self.number, self.rng, self.odd = shape, number, rng, odd
        self.at = arrived(number)

    def words(self, number: int) -> str:
        """A text of about so many words, in paragraphs."""
        number = int(number * self.rng.uniform(0.5, 1.5))
        words = self.rng.choices(WORDS, k=number)
        lines = [" ".join(words[start : start + 12]) for start in range(0, number, 12)]
        return "\n".join(
            line.capitalize() + (".\n" if row % 4 == 3 else ",") for row, line in enumerate(lines)
        )

    def sent(self, bcc: str, *, with_file: bool) -> bytes:
        """A mail that a user wrote, with the BCC address on Bcc."""
        sender = Person("Eve", "eve@nobody.example") if self.odd == "unknown" else user(self.number)
        people = [f"To: {client(self.rng.randrange(CLIENTS))}"]
        if self.rng.random() < 0.3:
            people.append(f"Cc: {client(self.rng.randrange(CLIENTS))}, {user(self.number + 1)}")
        subject = self.rng.choice(SUBJECTS) + f" {self.number}"
        text = f"Dear Carl,\n\n{self.words(self.shape.words)}\n\n{sender.name}\n\n{self._thread()}"
        content = self._with_files(self._body(text), with_file=with_file)
        return self.outer(sender, "\n".join(people), subject, bcc) + content

    def forwarded(self, to: str, *, enclosed: bool) -> bytes:
        """A client's mail that a user forwarded, inline or as an attachment."""
        sender, author = user(self.number), client(self.rng.randrange(CLIENTS))
        subject = self.rng.choice(SUBJECTS) + f" {self.number}"
        text = f"Dear {sender.name},\n\n{self.words(self.shape.words)}\n\n{author.name}\n\n{self._thread()}"
        head = self.outer(sender, f"To: {to}", f"Fwd: {subject}", to)
        if enclosed:
            original = self._original(author, sender, subject) + self._with_files(
                self._body(text), with_file=False
            )
            inner = b"Content-Type: message/rfc822\r\nContent-Disposition: attachment\r\n\r\n" + original
            return head + _multipart("mixed", [_part("text", "For the file.\n"), inner], "e0")
        block = self._block(author, sender, subject)
        return head + self._with_files(self._body(f"FYI\n\n{block}\n{text}"), with_file=False)

    def outer(self, sender: Person, people: str, subject: str, to: str) -> bytes:
        """The header, but for what describes the content."""
        written = (self.at - timedelta(seconds=5)).strftime("%a, %d %b %Y %H:%M:%S +0000")
        taken = self.at.strftime("%a, %d %b %Y %H:%M:%S +0000")
        domain = sender.address.partition("@")[2]
        signature = base64.b64encode(self.rng.randbytes(256)).decode()
        folded = "\n\t".join(signature[start : start + 72] for start in range(0, len(signature), 72))
        lines = [
            f"Return-Path: <{sender.address}>",
            f"Delivered-To: {to}",
            (
                "Authentication-Results: "
                f"{BORDER};\n\tdkim=pass header.d={domain} header.s=s1 header.b={signature[:8]};\n"
                f"\tspf=pass smtp.mailfrom={sender.address};\n\tdmarc=pass (p=REJECT) header.from={domain}"
            ),
            (
                f"Received: from out.{domain} (out.{domain} [192.0.2.7])\n\tby {BORDER} (Postfix) with ESMTPS id {self.number:08X}\n"
                f"\tfor <{to}>; {taken}"
            ),
            (
                f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s=s1;\n\th=from:to:subject:date:message-id;\n"
                f"\tbh={signature[:43]}=;\n\tb={folded}"
            ),
            *(
                f"Received: from node{hop}.{domain} ([10.0.{hop}.{self.number % 250}])\n\tby relay{hop}.{domain} with ESMTP; {written}"
                for hop in range(3)
            ),
            f"X-Message-State: {signature[100:250]}",
            f"From: {sender}",
            people,
            f"Subject: {self._subject(subject)}",
            *([] if self.odd == "dateless" else [f"Date: {written}"]),
            f"Message-ID: <{self.shape.name}-{self.number}@{domain}>",
            *self._thread_headers(domain),
            *{
                "automatic": ["Auto-Submitted: auto-replied"],
                "list": ["List-Id: <news.acme.test>", "Precedence: list"],
            }.get(self.odd, []),
            "MIME-Version: 1.0\n",
        ]
        return "\n".join(lines).replace("\n", "\r\n").encode()

    def _original(self, author: Person, to: Person, subject: str) -> bytes:
        written = (self.at - timedelta(hours=3)).strftime("%a, %d %b %Y %H:%M:%S +0000")
        lines = (
            f"From: {author}\nTo: {to}\nSubject: {self._subject(subject)}\nDate: {written}\n"
            f"Message-ID: <{self.shape.name}-{self.number}@client.example>\nMIME-Version: 1.0\n"
        )
        return lines.replace("\n", "\r\n").encode()

    def _subject(self, subject: str) -> str:
        return subject if subject.isascii() else Header(subject, "utf-8", maxlinelen=200).encode()

    def _thread_headers(self, domain: str) -> list[str]:
        if self.number % 5 > 1:
            return []
        known = [f"<{self.shape.name}-{each}@{domain}>" for each in range(self.number, self.number + 3)]
        return [f"In-Reply-To: {known[0]}", "References: " + "\n ".join(known)]

    def _thread(self) -> str:
        """The mails below, quoted."""
        below = self.words(self.shape.words // 2)
        quoted = "\n".join(f"> {line}".rstrip() for line in below.split("\n"))
        return f"On 1 March 2021 Carl wrote:\n{quoted}\n"

    def _block(self, author: Person, to: Person, subject: str) -> str:
        """What Gmail, Outlook and Apple Mail write above the forwarded text."""
        sent = self.at - timedelta(hours=3)
        if self.number % 3 == 0:
            return (
                "---------- Forwarded message ---------\n"
                f"From: {author.name} <{author.address}>\nDate: {sent:%a, %b %d, %Y at %I:%M %p}\nSubject: {subject}\n"
                f"To: {to.name} <{to.address}>\n\n"
            )
        if self.number % 3 == 1:
            return (
                "________________________________\n"
                f"From: {author.name} <{author.address}>\nSent: {sent:%A, %B %d, %Y %I:%M %p}\n"
                f"To: {to.name} <{to.address}>\nSubject: {subject}\n"
            )
        return (
            "Begin forwarded message:\n\n"
            f"From: {author.name} <{author.address}>\nSubject: {subject}\nDate: {sent:%d %B %Y at %H:%M:%S} GMT\n"
            f"To: {to.name} <{to.address}>\n"
        )

    def _body(self, text: str) -> bytes:
        if self.odd == "charset":
            return _part("text", text, charset="x-unheard-of")
        plain = _part("text", text, encoded=self.number % 3 == 0)
        if not self.shape.html:
            return plain
        rows = "".join(
            f'<div style="font-family: Calibri, Arial, sans-serif; font-size: 11pt">{escape(row) or "<br>"}</div>\n'
            for row in text.split("\n")
        )
        html = f'<html><head><meta charset="utf-8"></head><body dir="ltr">\n{rows}</body></html>\n'
        whole = _multipart("alternative", [plain, _part("html", html, encoded=self.number % 3 != 2)], "a0")
        return whole[: -len(b"--a0--\r\n")] if self.odd == "unclosed" else whole

    def _with_files(self, body: bytes, *, with_file: bool) -> bytes:
        """The body and a file beside it: a small one, or in a heavy mailbox, for some, a large one."""
        large = self.shape.heavy and self.number * 37 % 100 < _HEAVY and not self.odd
        if not (large or with_file):
            return body
        size = attachment_bytes(self.rng) if large else self.rng.randrange(2_000, 20_000)
        data = self.rng.randbytes(size)
        return _multipart("mixed", [body, _file(f"offer-{self.number}.pdf", _base64(data))], "m0")


def _part(subtype: str, text: str, *, charset: str = "utf-8", encoded: bool = True) -> bytes:
    """A text part, in quoted-printable or as it is."""
    kind = "plain" if subtype == "text" else subtype
    data = text.encode()
    data = quopri.encodestring(data) if encoded else data
    encoding = "quoted-printable" if encoded else "8bit"
    head = f"Content-Type: text/{kind}; charset={charset}\nContent-Transfer-Encoding: {encoding}\n\n"
    return (head.encode() + data).replace(b"\n", b"\r\n")


def _file(name: str, encoded: bytes) -> bytes:
    head = (
        f'Content-Type: application/pdf; name="{name}"\r\nContent-Transfer-Encoding: base64\r\n'
        f'Content-Disposition: attachment; filename="{name}"\r\n\r\n'
    )
    return head.encode() + encoded


def _base64(data: bytes) -> bytes:
    """Lines of 76 letters (RFC 2045 §6.8)."""
    return base64.encodebytes(data).replace(b"\n", b"\r\n")


def _multipart(subtype: str, parts: list[bytes], mark: str) -> bytes:
    head = f'Content-Type: multipart/{subtype}; boundary="{mark}"\r\n\r\n'.encode()
    body = b"".join(b"--%s\r\n%s\r\n" % (mark.encode(), each) for each in parts)
    return head + body + b"--%s--\r\n" % mark.encode()
