"""Forwards that carry the original whole: as message/rfc822, in a digest, or redirected with Resent-* fields."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from tests.forwards.sample import (
    LOG_ADDRESS,
    Sample,
    Truth,
    encoded_word,
    mailbox,
    multipart,
    outer,
    paragraphs,
    part,
    truth_of,
)
from tests.forwards.stories import Mail, Person, languages, story

if TYPE_CHECKING:
    from collections.abc import Iterator


def original(
    mail: Mail, charset: str = "utf-8", encoding: str = "quoted-printable", *, html: bool = False
) -> bytes:
    """The mail that Carl sent, as it went over the wire."""
    copies = f"Cc: {', '.join(mailbox(person, charset) for person in mail.cc)}\n" if mail.cc else ""
    head = (
        "Return-Path: <bounce@client.example>\n"
        f"Received: from client.example by mx.acme.test; {mail.rfc_date()}\n"
        f"From: {mailbox(mail.sender, charset)}\nTo: {', '.join(mailbox(person, charset) for person in mail.to)}\n"
        f"{copies}Subject: {encoded_word(mail.subject, charset)}\nDate: {mail.rfc_date()}\n"
        "Message-ID: <original-1@client.example>\nMIME-Version: 1.0\n"
    )
    plain = part(f"{mail.body}\n", "plain", charset, encoding)
    if html:
        plain = multipart(
            "alternative", [plain, part(paragraphs(mail.body), "html", charset, encoding)], "inner_alt"
        )
    return head.replace("\n", "\r\n").encode() + plain


def attached(
    raw: bytes, *, encoding: str = "7bit", name: str = "offer.eml", content_type: str = "message/rfc822"
) -> bytes:
    """A whole mail as a part."""
    head = (
        f'Content-Type: {content_type}; name="{name}"\r\nContent-Transfer-Encoding: {encoding}\r\n'
        f'Content-Disposition: attachment; filename="{name}"\r\n\r\n'
    )
    return head.encode() + (base64.encodebytes(raw).replace(b"\n", b"\r\n") if encoding == "base64" else raw)


def _note(mail: Mail) -> bytes:
    return part(f"{mail.note}\n")


def as_attachment(mail: Mail) -> tuple[bytes, Truth]:
    """Note and mail, side by side."""
    return multipart("mixed", [_note(mail), attached(original(mail, html=True))]), truth_of(mail)


def as_base64(mail: Mail) -> tuple[bytes, Truth]:
    """message/rfc822 in base64, against RFC 2046 §5.2.1, yet common."""
    return multipart("mixed", [_note(mail), attached(original(mail), encoding="base64")]), truth_of(mail)


def as_eight_bit(mail: Mail) -> tuple[bytes, Truth]:
    """The original in raw UTF-8."""
    return multipart(
        "mixed", [_note(mail), attached(original(mail, encoding="8bit"), encoding="8bit")]
    ), truth_of(mail)


def without_note(mail: Mail) -> tuple[bytes, Truth]:
    """An empty text part above."""
    return multipart("mixed", [part("\n"), attached(original(mail))]), truth_of(mail, note="")


def alone(mail: Mail) -> tuple[bytes, Truth]:
    """The whole outer mail is message/rfc822."""
    return b"Content-Type: message/rfc822\r\n\r\n" + original(mail), truth_of(mail, note="")


def several(mail: Mail) -> tuple[bytes, Truth]:
    """Two mails attached: the first counts."""
    second = story(mail.language, (mail.moment + 1) % 4).but(sender=Person("Eve Novak", "eve@other.example"))
    parts = [_note(mail), attached(original(mail)), attached(original(second), name="second.eml")]
    return multipart("mixed", parts), truth_of(mail)


def as_digest(mail: Mail) -> tuple[bytes, Truth]:
    """A digest, whose parts are mails unless they say otherwise (RFC 2046 §5.1.5)."""
    parts = [
        b"\r\n" + original(mail),
        b"\r\n" + original(mail.but(sender=Person("Eve Novak", "eve@other.example"))),
    ]
    digest = multipart("digest", parts, "digest_mark")
    return multipart("mixed", [_note(mail), digest]), truth_of(mail)


def legacy(mail: Mail) -> tuple[bytes, Truth]:
    """The original in the old charset of its language."""
    charset = next(iter(mail.language.some("charsets")), "utf-8")
    try:
        raw = original(mail, charset, "base64")
    except UnicodeEncodeError:
        raw = original(mail)
    return multipart("mixed", [_note(mail), attached(raw)]), truth_of(mail)


def with_inner_forward(mail: Mail) -> tuple[bytes, Truth]:
    """The attached mail holds a block of its own: its author is still the attached mail's."""
    deep = (
        "---------- Forwarded message ---------\nFrom: Eve Novak <eve@other.example>\nDate: Mon, Mar 2, 2026 at 9:05 AM\n"
        f"Subject: Old\nTo: {mail.sender.address}\n\n{mail.language.word('older')}"
    )
    told = mail.but(body=f"{mail.note}\n\n{deep}")
    return multipart("mixed", [_note(mail), attached(original(told))]), truth_of(told)


WAYS = {
    "attached": as_attachment,
    "base64": as_base64,
    "eight_bit": as_eight_bit,
    "no_note": without_note,
    "alone": alone,
    "several": several,
    "digest": as_digest,
    "legacy": legacy,
    "inner_forward": with_inner_forward,
}


def attachment_samples() -> Iterator[Sample]:
    """Every way to attach, in every language; and redirected mails."""
    for turn, (code, language) in enumerate(languages().items()):
        for number, (name, make) in enumerate(WAYS.items()):
            mail = story(language, (turn + number) % 4, older=number % 2 == 0)
            content, truth = make(mail)
            prefixes = language.some("forward_prefixes")
            raw = outer(content, f"{prefixes[number % len(prefixes)]}: {mail.subject}", sender=mail.owner)
            yield Sample(f"attachment-{name}/{code}", f"attachment-{name}", code, "attachment", raw, truth)
        yield redirected(story(language, turn % 4))


def redirected(mail: Mail) -> Sample:
    """Resent: Carl's mail itself, with Ann's Resent-* fields above (RFC 5322 §3.6.6)."""
    head = (
        f"Delivered-To: {LOG_ADDRESS}\n"
        "Received: from mail.acme.test (mail.acme.test [192.0.2.7]) by mx.log.acme.test; Mon, 18 May 2026 08:00:03 +0000\n"
        f"Resent-From: {mailbox(mail.owner)}\nResent-To: {LOG_ADDRESS}\nResent-Date: Mon, 18 May 2026 10:00:00 +0200\n"
        "Resent-Message-ID: <resent-1@acme.test>\n"
    )
    raw = head.replace("\n", "\r\n").encode() + original(mail)
    code = mail.language.code
    return Sample(f"resent/{code}", "resent", code, "attachment", raw, truth_of(mail, note=""))
