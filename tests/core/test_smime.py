"""Signed mail is read as what was signed, whatever it is wrapped in."""

from __future__ import annotations

import base64

import pytest

from crm_logger.core.forward import find_forward
from crm_logger.core.message import parse_message
from crm_logger.core.model import Flag
from crm_logger.core.smime import signed_content
from tests.wrapped import signed, signed_in_pieces

FORWARD = (
    "Have a look.\r\n\r\n-----Original Message-----\r\nFrom: Carl <carl@client.example>\r\n"
    "Sent: Monday, May 4, 2026 9:00 AM\r\nTo: Ann <ann@acme.test>\r\nSubject: Offer\r\n\r\nYes, please.\r\n"
)
DATA = bytes.fromhex("2a864886f70d010701")
ENTITY = f"Content-Type: text/plain; charset=utf-8\r\n\r\n{FORWARD}".encode()


def mail(data: bytes, content_type: str, name: str = "smime.p7m") -> bytes:
    return (
        f"From: Ann <ann@acme.test>\r\nSubject: Fwd: Offer\r\nContent-Type: {content_type}\r\n"
        f'Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="{name}"\r\n\r\n'
    ).encode() + base64.encodebytes(data)


@pytest.mark.parametrize("wrap", [signed, signed_in_pieces])
@pytest.mark.parametrize(
    "content_type",
    [
        "application/pkcs7-mime; smime-type=signed-data",
        "application/x-pkcs7-mime",
        "application/octet-stream; name=smime.p7m",
    ],
)
def test_a_forward_inside_signed_data_is_found(wrap: type, content_type: str) -> None:
    message = parse_message(mail(wrap(ENTITY), content_type))
    assert (message.flags, message.attachments) == (frozenset(), ())
    forward = find_forward(message)
    assert forward
    assert forward.note == "Have a look."
    (original,) = forward.originals
    assert original.sender
    assert (original.sender.address, original.text) == ("carl@client.example", "Yes, please.")


@pytest.mark.parametrize(
    ("says", "shape"),
    [("; forwarded=no", "marked-block"), ("; forwarded=NO", "marked-block"), ("", "attachment")],
)
@pytest.mark.parametrize("encoding", ["8bit", "base64"])
def test_a_mail_that_protects_the_header_around_it_is_that_mail_and_no_forward(
    says: str, shape: str, encoding: str
) -> None:
    inner = b"From: Ann <ann@acme.test>\r\nSubject: Fwd: Offer\r\n" + ENTITY
    coded = inner if encoding == "8bit" else base64.encodebytes(inner)
    head = f"Content-Type: message/rfc822{says}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode()

    forward = find_forward(parse_message(mail(signed(head + coded), "application/pkcs7-mime")))

    assert forward
    assert forward.shape == shape
    assert forward.originals[0].sender
    assert forward.originals[0].sender.address == (
        "ann@acme.test" if shape == "attachment" else "carl@client.example"
    )


def test_signed_twice_and_with_parts_inside_it_is_read_too() -> None:
    inner = (
        b'Content-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n\r\nHello\r\n--i\r\nContent-Type: application/pdf; name="a.pdf"\r\n\r\nx'
        b"\r\n--i--\r\n"
    )
    again = b"Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    message = parse_message(mail(signed(again + base64.encodebytes(signed(inner))), "application/pkcs7-mime"))
    assert message.text.strip() == "Hello"
    assert [each.name for each in message.attachments] == ["a.pdf"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x30\x82" + bytes(900),
        signed(None),
        signed(ENTITY).replace(DATA, DATA[:-1] + b"\x05"),
        signed(ENTITY)[:60],
        signed(ENTITY).replace(DATA[:-1] + b"\x02", DATA[:-1] + b"\x03"),
    ],
)
def test_what_cannot_be_opened_stays_an_attachment_that_is_flagged(data: bytes) -> None:
    message = parse_message(mail(data, "application/pkcs7-mime; smime-type=signed-data"))
    assert Flag.ENCRYPTED in message.flags
    assert [each.name for each in message.attachments] == ["smime.p7m"]
    assert message.text == ""


def test_damaged_signed_data_never_raises() -> None:
    whole = signed_in_pieces(ENTITY, 50)
    for at in range(len(whole)):
        for damaged in (whole[:at], whole[:at] + bytes([whole[at] ^ 0x5A]) + whole[at + 1 :]):
            assert isinstance(signed_content(damaged), bytes | None)


def test_wrappers_inside_wrappers_end_somewhere() -> None:
    entity = ENTITY
    for _ in range(60):
        entity = (
            b"Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: binary\r\n\r\n"
            + signed(entity)
        )
    message = parse_message(entity)
    assert Flag.ENCRYPTED in message.flags
    assert message.defects
