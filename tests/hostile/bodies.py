"""Bodies and parts made to harm (faults 47, 48, 55 to 60, and the traps of HTML)."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from tests.hostile.build import ANY, FORWARD, KB, Hostile, hostile, multipart, part
from tests.hostile.inner import forwards, wrapped_bodies

if TYPE_CHECKING:
    from collections.abc import Iterator

CHARSETS = ("unknown", "hex", "undefined", "idna", "a\\0b", "punycode", "utf-7", "utf-16", "utf-32", "unicode_escape", "raw_unicode_escape", "rot13", "bz2", "zlib", "uu",
            "quopri", "base64", "mbcs", "", "x" * 5000, "utf 8", "cp65001", "iso-2022-jp", "hz", "big5hkscs", "../../etc/passwd", "utf-8-sig", "palmos", "ascii'", "string_escape")  # fmt: skip
ENCODINGS = {
    "base64 garbage": ("base64", b"%%%\xff\xfe!!"), "one letter of base64": ("base64", b"A"), "broken padding": ("base64", b"SGVsbG8gd29ybGQ===="), "unknown encoding": ("x-rot", b"Uryyb"),
    "uuencode": ("x-uuencode", b"begin 644 a.txt\r\n#0V%T\r\n`\r\nend"), "uuencode without end": ("uuencode", b"begin 644 a\r\n" + b"M" * 9000), "broken quoted-printable": ("quoted-printable", b"=ZZ=\r\n=4" + b"=" * 9000),
    "binary": ("binary", bytes(range(256)) * 40), "two encodings": ("base64, base64", b"SGVsbG8="), "empty encoding": ("", b"Hello"), "base64 in one line of 500 KB": ("base64", b"QUJD" * 125 * KB),
    "quoted-printable of 300 KB": ("quoted-printable", b"=41" * 100 * KB), "soft breaks": ("quoted-printable", b"=\r\n" * 50_000),
}  # fmt: skip
MARKUP = {
    "10,000 nested div": b"<div>" * 10_000 + b"x", "100,000 nested div": b"<div>" * 100_000 + b"x", "nested quotes": b"<blockquote>" * 30_000 + b"x" + b"</blockquote>" * 30_000,
    "nested tables": b"<table><tr><td>" * 8000 + b"x", "misnested": b"<b><i><p></b></i>" * 20_000, "open comments": b"<!--" * 60_000, "open tags": b"<a" * 60_000, "marked section": b"<![" * 50_000,
    "closed never opened": b"</div>" * 60_000, "entities": b"&amp;&#x110000;&#0;&nosuch;&" * 20_000, "an attribute of 400 KB": b'<p title="' + b"x" * 400 * KB + b'">y', "40,000 attributes": b"<p " + b"".join(b"a%d=1 " % n for n in range(40_000)) + b">y",
    "a script of 400 KB": b"<script>" + b"<p>x" * 100 * KB + b"</script>y", "a style never closed": b"<style>" + b"p{}" * 100 * KB, "a data address of 500 KB": b'<img src="data:image/png;base64,' + b"A" * 500 * KB + b'">y',
    "NUL everywhere": b"<\0p\0>x\0</\0p>" * 9000, "utf-16 marks": b"\xff\xfe<\0p\0>\0" * 9000, "one line of 1 MB": b"x" * KB * KB, "templates": b"<template>" * 20_000 + b"x", "svg in math": b"<math><mtext><svg>" * 9000,
    "forms": b"<form><select><option>" * 9000, "rows without a table": b"<tr><td>" * 20_000, "nested lists": b"<ul><li>" * 20_000, "nested links": b'<a href="x">' * 20_000, "nested fonts": b"<font>" * 40_000, "plaintext": b"<plaintext>" + b"<p>" * 50_000,
    "an empty page": b"", "100,000 breaks": b"<br>" * 100_000,
}  # fmt: skip
TEXTS = {
    "1 MB of empty lines": b"\r\n" * 512 * KB, "one line of 1 MB": b"x" * KB * KB, "1 MB of blanks": b" " * KB * KB, "bare CR": b"a\rb\r" * 9000, "NUL": b"a\0b" * 9000, "control characters": bytes(range(32)) * 900,
    "quotes 5,000 deep": b">" * 5000 + b" x\r\n", "100,000 quote marks": b"> \r\n" * 100_000, "3 MB of text": b"All work and no play. " * 140_000, "dashes": b"-" * 300 * KB, "underscores": b"_" * 300 * KB,
    "colons": b"From:" * 60_000, "labels": b"From: \r\n" * 60_000, "label pairs": b"From: a\r\nTo: b\r\n" * 20_000, "stars": b"*From:* x " * 30_000, "PGP in line": b"-----BEGIN PGP MESSAGE-----\r\n\r\nhQEM\r\n-----END PGP MESSAGE-----\r\n",
    "direction marks": "\u202e\u2066\u200f".encode() * 20_000, "combining marks": ("e" + "\u0301" * 50_000).encode(), "emoji joined": "\U0001f468\u200d".encode() * 30_000, "addresses": b"<a@b.example> " * 30_000, "8-bit noise": bytes(range(128, 256)) * 2000,
    "original messages": b"-----Original Message-----\r\n" * 20_000, "attributions": b"On Mon, 4 May 2026, Carl <carl@client.example> wrote:\r\n> " * 9000, "dates": b"Mon, 4 May 2026 11:00:00 +0200 " * 9000, "tabs": b"\t" * 300 * KB,
}  # fmt: skip
NAMES = (
    "../../etc/cron.d/x",
    "..\\..\\windows\\x.exe",
    "\u202egpj.exe",
    "a\0b",
    "x" * 10_000,
    "CON",
    ".",
    "",
    "a\r\nb",
    "-rf",
    "=?utf-8?q?=0D=0A?=",
    "%s%n",
    "$(id)",
    "<b>.html",
)


def bodies() -> Iterator[Hostile]:
    """All of them."""
    for name, body in TEXTS.items():
        yield hostile(f"text: {name}", body=body)
        yield hostile(f"forwarded text: {name}", body=body, log=FORWARD, to="@@forwarding@@", reasons=ANY)
    for name, body in MARKUP.items():
        yield hostile(f"HTML: {name}", ("Content-Type", "text/html; charset=utf-8"), body=body)
        yield hostile(
            f"forwarded HTML: {name}",
            ("Content-Type", "text/html"),
            body=body,
            log=FORWARD,
            to="@@forwarding@@",
            reasons=ANY,
        )
    for charset in CHARSETS:
        value = f'text/plain; charset="{charset}"'
        yield hostile(
            f"body in {charset[:30]!r}",
            ("Content-Type", value),
            body=b"+2AA- \xff\xfe\x1b$B\xa4 \\ud800 ~{!! " * 900,
        )
        if " " not in charset:
            yield hostile(
                f"subject in {charset[:30]!r}",
                ("Subject", f"=?{charset}?b?/9gA3CvYAC0=?= =?{charset}?q?=FF=D8?="),
            )
    for name, (encoding, body) in ENCODINGS.items():
        yield hostile(name, ("Content-Transfer-Encoding", encoding), body=body)
        attached = part("application/octet-stream; name=a", body, f"Content-Transfer-Encoding: {encoding}")
        yield hostile(
            f"attached: {name}",
            ("Content-Type", "multipart/mixed; boundary=b"),
            body=multipart("b", part("text/plain", b"Hello"), attached),
        )
    yield hostile(
        "utf-8 that is latin-1",
        ("Content-Type", "text/plain; charset=utf-8"),
        body="Müller\r\n".encode("latin-1"),
    )
    yield hostile(
        "quadratic punycode",
        ("Content-Type", "text/plain; charset=punycode"),
        body=b"a" * 200 * KB + b"-" + b"9" * 1000,
    )
    yield hostile(
        "flowed text of 1 MB",
        ("Content-Type", "text/plain; format=flowed; delsp=yes"),
        body=b"> > x \r\n" * 100_000,
    )
    yield from _structures()
    yield from _attachments()
    yield from forwards()


def _structures() -> Iterator[Hostile]:
    mixed = ("Content-Type", "multipart/mixed; boundary=b")
    hello = part("text/plain", b"Hello")
    yield hostile("1,001 parts", mixed, body=multipart("b", *[hello] * 1001))
    yield hostile("100,000 parts", mixed, body=multipart("b", *[b"\r\nx"] * 100_000))
    yield hostile("100,000 empty parts", mixed, body=b"--b\r\n" * 100_000)
    yield hostile(
        "5,000 attached mails",
        mixed,
        body=multipart("b", *[part("message/rfc822", b"From: a@b\r\n\r\nx")] * 5000),
    )
    yield hostile("no boundary", ("Content-Type", "multipart/mixed"), body=multipart("b", hello))
    yield hostile(
        "an empty boundary", ("Content-Type", 'multipart/mixed; boundary=""'), body=b"--\r\n\r\nx\r\n----\r\n"
    )
    yield hostile(
        "a boundary of blanks",
        ("Content-Type", 'multipart/mixed; boundary="   "'),
        body=b"--   \r\n\r\nx\r\n",
    )
    yield hostile(
        "a boundary of 10 KB",
        ("Content-Type", "multipart/mixed; boundary=" + "b" * 10 * KB),
        body=multipart("b" * 10 * KB, hello),
    )
    yield hostile(
        "a boundary of dashes",
        ("Content-Type", "multipart/mixed; boundary=----"),
        body=b"------\r\n\r\n" + b"------\r\n" * 5000,
    )
    yield hostile(
        "a boundary like a regex",
        ("Content-Type", 'multipart/mixed; boundary="(a+)+$"'),
        body=multipart("(a+)+$", hello),
    )
    yield hostile("never opened", mixed, body=b"x\r\n" * 1000)
    yield hostile("never closed", mixed, body=multipart("b", hello, closed=False))
    yield hostile("closed at once", mixed, body=b"--b--\r\n")
    yield hostile("a preamble of 1 MB", mixed, body=b"x\r\n" * 300_000 + multipart("b", hello))
    yield hostile(
        "boundary-like lines",
        mixed,
        body=multipart("b", part("text/plain", b"--b x\r\n--bb\r\n --b\r\n" * 20_000)),
    )
    yield hostile(
        "one boundary for all depths",
        mixed,
        body=multipart("b", part("multipart/mixed; boundary=b", multipart("b", hello))),
    )
    for depth in (49, 51, 300, 3000):
        yield hostile(
            f"multiparts {depth} deep",
            ("Content-Type", 'multipart/mixed; boundary="b0"'),
            body=_nested(depth),
        )
        yield hostile(
            f"mails {depth} deep",
            ("Content-Type", "message/rfc822"),
            body=b"Content-Type: message/rfc822\r\n\r\n" * depth + b"From: a@b\r\n\r\nx",
            reasons=ANY,
        )
    yield hostile(
        "multiparts 80 deep around 50,000 lines",
        ("Content-Type", 'multipart/mixed; boundary="b0"'),
        body=_nested(80, b"x\r\n" * 50_000),
    )
    yield hostile(
        "digest of multiparts",
        ("Content-Type", "multipart/digest; boundary=b"),
        body=multipart("b", part("multipart/digest; boundary=c", multipart("c", b"\r\nx"))),
    )
    for kind in (
        "alternative",
        "related",
        "signed",
        "encrypted",
        "report",
        "byteranges",
        "form-data",
        "x-unknown",
        "appledouble",
    ):
        value = ("Content-Type", f"multipart/{kind}; boundary=b")
        yield hostile(
            f"multipart/{kind} of 900 parts", value, body=multipart("b", *[hello] * 900), reasons=ANY
        )
        yield hostile(f"multipart/{kind} of one empty part", value, body=multipart("b", b""), reasons=ANY)
    for kind in (
        "message/partial; id=a; number=1; total=2",
        "message/external-body; access-type=local-file; name=/etc/passwd",
        "text/enriched",
        "image/svg+xml",
        "application/x-dvi",
        "a/b/c",
        "*/*",
        "text",
        "Text/HTML;;;",
    ):
        yield hostile(f"a body of {kind[:24]}", ("Content-Type", kind), body=b"<x>Hello</x>")


def _nested(depth: int, body: bytes = b"Hello") -> bytes:
    opening = b"".join(
        b'--b%d\r\nContent-Type: multipart/mixed; boundary="b%d"\r\n\r\n' % (n, n + 1) for n in range(depth)
    )
    return (
        opening
        + b"--b%d\r\n\r\n%s\r\n" % (depth, body)
        + b"".join(b"--b%d--\r\n" % n for n in range(depth, -1, -1))
    )


def _attachments() -> Iterator[Hostile]:
    def with_part(name: str, content_type: str, body: bytes, *fields: str) -> Hostile:
        parts = multipart("b", part("text/plain", b"See below."), part(content_type, body, *fields))
        return hostile(name, ("Content-Type", "multipart/mixed; boundary=b"), body=parts)

    for number, name in enumerate(NAMES):
        yield with_part(
            f"attachment name {number}",
            "application/pdf",
            b"x",
            f'Content-Disposition: attachment; filename="{name}"',
        )
        encoded = "".join(f"%{byte:02X}" for byte in name.encode())
        yield with_part(f"encoded attachment name {number}", f"application/pdf; name*=utf-8''{encoded}", b"x")
    continued = "".join(f";\r\n name*{n}*=utf-8''a" for n in range(3000))
    yield with_part("a name in 3,000 pieces", f"application/pdf{continued}", b"x")
    yield with_part("piece numbers of many digits", "application/pdf; name*" + "9" * 5000 + "=a", b"x")
    yield with_part(
        "3 MB attached",
        "application/pdf",
        base64.encodebytes(bytes(3 * KB * KB)),
        "Content-Transfer-Encoding: base64",
    )
    tnef = b"\x78\x9f\x3e\x22\x01\x00\x01" + b"\xff" * 5000
    yield with_part(
        "winmail.dat",
        "application/ms-tnef; name=winmail.dat",
        base64.encodebytes(tnef),
        "Content-Transfer-Encoding: base64",
    )
    yield hostile(
        "winmail.dat alone",
        ("Content-Type", "application/ms-tnef; name=winmail.dat"),
        ("Content-Transfer-Encoding", "base64"),
        body=base64.encodebytes(tnef),
    )
    yield from wrapped_bodies()
    for kind in ("enveloped-data", "signed-data", "nonsense"):
        yield hostile(
            f"S/MIME {kind}",
            ("Content-Type", f"application/pkcs7-mime; smime-type={kind}; name=smime.p7m"),
            ("Content-Transfer-Encoding", "base64"),
            body=base64.encodebytes(b"\x30\x82" + b"\0" * 900),
        )
    pgp = multipart(
        "b",
        part("application/pgp-encrypted", b"Version: 1"),
        part("application/octet-stream", b"-----BEGIN PGP MESSAGE-----\r\n"),
    )
    yield hostile(
        "PGP/MIME",
        ("Content-Type", 'multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b'),
        body=pgp,
    )
    yield hostile(
        "signed with nothing inside",
        ("Content-Type", "multipart/signed; boundary=b"),
        body=multipart("b", part("application/pgp-signature", b"x")),
    )
