"""The largest hostile mails: up to 75 MB, what a mailbox gives whole. Only `make fuzz` reads them."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from tests.hostile.build import ANY, FORWARD, KB, Hostile, hostile, multipart, part

if TYPE_CHECKING:
    from collections.abc import Iterator

MB = KB * KB


def large() -> Iterator[Hostile]:
    """One after another: all at once would be a gigabyte."""
    mixed = ("Content-Type", "multipart/mixed; boundary=b")
    html = ("Content-Type", "text/html")
    coded = "Content-Transfer-Encoding: base64"
    yield hostile("50 MB of empty lines", body=b"\n" * 50 * MB)
    yield hostile("75 MB in one line", body=b"x" * 74 * MB)
    yield hostile("74 MB of NUL", body=bytes(74 * MB))
    yield hostile("74 MB of quote signs", body=b"> " * 37 * MB)
    yield hostile(
        "74 MB of quoted-printable",
        ("Content-Transfer-Encoding", "quoted-printable"),
        body=b"=41=\r\n" * 12 * MB,
    )
    yield hostile(
        "54 MB attached",
        mixed,
        body=multipart("b", part("application/zip", base64.encodebytes(bytes(54 * MB)), coded)),
    )
    yield hostile(
        "25 attachments of 2 MB",
        mixed,
        body=multipart("b", *[part("image/png", base64.encodebytes(bytes(2 * MB)), coded)] * 25),
    )
    yield hostile(
        "a mail of 50 MB in base64",
        mixed,
        body=multipart(
            "b", part("message/rfc822", base64.encodebytes(b"From: a@b\r\n\r\n" + b"x\r\n" * 16 * MB), coded)
        ),
    )
    yield hostile("74 MB of boundaries", mixed, body=b"--b\r\n" * 15 * MB)
    yield hostile("74 MB of almost boundaries", mixed, body=b"--bb\r\n" * 12 * MB)
    yield hostile("a header section of 70 MB", ("X-A", b"x" * 70 * MB), reasons=ANY)
    yield hostile("2 million header fields", *[("X", "y")] * 2_000_000, reasons=ANY)
    yield hostile("a section of 74 MB of carriage returns", ("X-A", b"\r" * 74 * MB), reasons=ANY)
    yield hostile(
        "a million recipients",
        ("To", ", ".join(f"c{n}@client.example" for n in range(1_000_000))),
        reasons=ANY,
    )
    for name, unit in (
        ("div", b"<div>"),
        ("attributes", b"a=1 b='>' "),
        ("rows", b"<tr><td>"),
        ("entities", b"&amp;"),
        ("links", b'<a href="x">'),
        ("breaks", b"<br>"),
    ):
        page = b"<p " + unit * (50 * MB // len(unit))
        yield hostile(f"50 MB of {name}", html, body=page)
        yield hostile(
            f"50 MB of {name}, forwarded", html, body=page, log=FORWARD, to="@@forwarding@@", reasons=ANY
        )
    for name, unit in (
        ("blocks", b"From: Carl <c@client.example>\r\nTo: a@b.example\r\nSubject: x\r\n\r\n"),
        ("marks", b"-----Original Message-----\r\n"),
        ("attributions", b"On Mon, 4 May 2026, Carl <c@client.example> wrote:\r\n"),
        ("colons", b"a: "),
    ):
        yield hostile(
            f"50 MB of {name}, forwarded",
            log=FORWARD,
            to="@@forwarding@@",
            body=unit * (50 * MB // len(unit)),
            reasons=ANY,
        )
