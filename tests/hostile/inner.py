"""What a body holds in its turn, made to harm: winmail.dat, S/MIME and forwards (faults 57, 66, 67)."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from crm_logger.core.model import Reason
from tests import wrapped
from tests.hostile.build import ANY, FORWARD, KB, LOGGED, Hostile, hostile, multipart, part

if TYPE_CHECKING:
    from collections.abc import Iterator


def wrapped_bodies() -> Iterator[Hostile]:
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


def forwards() -> Iterator[Hostile]:
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
