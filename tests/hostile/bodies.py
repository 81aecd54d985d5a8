"""Bodies, parts and forwards made to harm (faults 47, 48, 55 to 60, 66, 67, and the traps of HTML)."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from crm_logger.core.model import Reason
from tests import wrapped
from tests.hostile.build import ANY, FORWARD, LOGGED, Hostile, hostile, multipart, part

if TYPE_CHECKING:
    from collections.abc import Iterator

KB = 1024
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
    yield from _forwards()


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
    yield from _wrapped()
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


def _wrapped() -> Iterator[Hostile]:
    """winmail.dat and S/MIME signed data: sound, cut short, changed, nested, and saying that they are endless."""
    entity = b"Content-Type: text/plain\r\n\r\nFrom: Carl <carl@client.example>\r\nSubject: x\r\n\r\nYes.\r\n"
    rich = wrapped.mail(
        wrapped.prop(0x1000, "Hello"),
        wrapped.prop(0x1009, wrapped.compressed(b"{\\rtf1 " + b"{\\b x" * 9000)),
        files=[
            wrapped.file(wrapped.prop(0x3701, wrapped.MESSAGE + wrapped.mail(wrapped.prop(0x0042, "Carl"))))
        ],
    )
    endless = b"\xff\xff\xff\xff" + bytes(4)
    streams = {
        "endless properties": wrapped.stream(wrapped.attribute(0x9003, endless)),
        "endless recipients": wrapped.stream(wrapped.attribute(0x9004, endless * 9)),
        "1 MB of empty attributes": wrapped.stream(*[wrapped.attribute(0x0006, b"")] * (KB * KB // 11)),
        "a million references": wrapped.mail(
            wrapped.prop(
                0x1009, b"\xff\xff\xff\x7f" + bytes(4) + b"LZFu" + bytes(4) + b"\xff\0\x1f" * 1_000_000
            )
        ),
    }
    kinds = {
        "winmail.dat": ("application/ms-tnef", rich),
        "signed data": ("application/pkcs7-mime", wrapped.signed(entity)),
        "signed data in pieces": ("application/pkcs7-mime", wrapped.signed_in_pieces(entity * 3000)),
    }
    for name, (kind, whole) in kinds.items():
        step = max(1, len(whole) // 12)
        for at in range(0, len(whole) + step, step):
            yield _alone(f"{name} cut at {at}", kind, whole[:at])
            yield _alone(f"{name} changed at {at}", kind, whole[:at] + b"\xff\xff" + whole[at + 2 :])
    for name, data in streams.items():
        yield _alone(f"{name} in winmail.dat", "application/ms-tnef", data)
    nested = entity
    for _ in range(70):
        head = b"Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: binary\r\n\r\n"
        nested = head + wrapped.signed(nested)
    yield _alone("signed 70 times", "application/pkcs7-mime", wrapped.signed(nested))
    deep = b"\x24\x80" * 100_000 + b"\x04\x01x"
    yield _alone("100,000 nested values", "application/pkcs7-mime", b"\x30\x80\xa0\x80" + deep)


def _alone(name: str, kind: str, data: bytes) -> Hostile:
    fields = ("Content-Type", kind), ("Content-Transfer-Encoding", "base64")
    return hostile(name, *fields, body=base64.encodebytes(data))


def _forwards() -> Iterator[Hostile]:
    original = b"From: Carl <carl@client.example>\r\nTo: ann@acme.test\r\nSubject: Offer of %d\r\nDate: Mon, 4 May 2026 09:00:00 +0200\r\n\r\nYes.\r\n"

    def forward(
        name: str, *fields: tuple[str, str], body: bytes, reasons: frozenset[Reason] = ANY
    ) -> Hostile:
        return hostile(
            f"forward: {name}", *fields, log=FORWARD, to="@@forwarding@@", body=body, reasons=reasons
        )

    mixed = ("Content-Type", "multipart/mixed; boundary=b")
    for encoding, coded in (
        ("base64", base64.encodebytes(original % 1)),
        ("quoted-printable", (original % 2).replace(b"=", b"=3D")),
        ("x-uuencode", original % 3),
    ):
        attached = part("message/rfc822", coded, f"Content-Transfer-Encoding: {encoding}")
        yield forward(
            f"a mail in {encoding}",
            mixed,
            body=multipart("b", part("text/plain", b"FYI"), attached),
            reasons=LOGGED,
        )
    yield forward(
        "900 mails attached",
        mixed,
        body=multipart("b", *[part("message/rfc822", original % n) for n in range(100, 1000)]),
        reasons=LOGGED,
    )
    yield forward(
        "a mail in a mail in a mail, 40 deep",
        mixed,
        body=multipart(
            "b",
            part(
                "message/rfc822",
                b"From: carl@client.example\r\nContent-Type: message/rfc822\r\n\r\n" * 40 + original % 4,
            ),
        ),
    )
    yield forward(
        "an empty mail attached",
        mixed,
        body=multipart("b", part("message/rfc822", b"")),
        reasons=frozenset({Reason.NO_FORWARD_FOUND, Reason.UNCERTAIN}),
    )
    yield forward(
        "a broken mail attached",
        mixed,
        body=multipart("b", part("message/rfc822", b"From: a\rFrom: b\0\r\n\r\n")),
    )
    mark = b"---------- Forwarded message ---------\r\n"
    block = b"From: Carl <carl@client.example>\r\nDate: Mon, May 4, 2026 at 9:12 AM\r\nSubject: x\r\nTo: <ann@acme.test>\r\n"
    yield forward("10,000 marks", body=mark * 10_000)
    yield forward("5,000 blocks", body=(mark + block + b"\r\n\r\nx\r\n") * 5000, reasons=LOGGED)
    yield forward(
        "a block of 20,000 To lines", body=mark + block + b"To: x@y.example\r\n" * 20_000 + b"\r\nx"
    )
    yield forward("a block without end", body=mark + block * 10_000)
    yield forward("a To of 300 KB", body=mark + block.rstrip() + b", <c@d.example>" * 20_000 + b"\r\n\r\nx")
    yield forward(
        "a From of 300 KB",
        body=mark
        + b"From: "
        + b"Carl " * 60_000
        + b"<carl@client.example>\r\nDate: Mon, May 4, 2026 at 9:12 AM\r\nSubject: y\r\nTo: <ann@acme.test>\r\n\r\nx",
    )
    yield forward(
        "a date of 300 KB",
        body=mark
        + b"From: carl@client.example\r\nDate: "
        + b"May 4, " * 40_000
        + b"\r\nSubject: x\r\nTo: a@b.example\r\n\r\nx",
    )
    yield forward(
        "quoted 300 deep",
        body=b"".join(
            b">" * depth + b" " + line + b"\r\n" for depth in range(300) for line in block.split(b"\r\n")
        ),
    )
    quote = b'<div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message ---------<br>From: <b>Carl</b> &lt;carl@client.example&gt;<br>Date: Mon, May 4, 2026<br>Subject: x<br>To: a@b.example</div>'
    yield forward("Gmail quotes 3,000 deep", ("Content-Type", "text/html"), body=quote * 3000)
    yield forward(
        "Outlook blocks",
        ("Content-Type", "text/html"),
        body=b'<div style="border-top:solid #E1E1E1 1.0pt"><p><b>From:</b> Carl<br><b>Sent:</b> x<br><b>To:</b> y<br><b>Subject:</b> z</p></div>'
        * 3000,
    )
    yield forward(
        "a table block of 20,000 rows",
        ("Content-Type", "text/html"),
        body=b"<table>" + b"<tr><td><b>From:</b></td><td>a@b.example</td></tr>" * 20_000,
    )
    yield forward("Resent from a stranger", ("Resent-From", "eve@nobody.example"), body=b"x")
