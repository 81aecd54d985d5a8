"""Bytes to a Message: attachments, attached mails, and the limits of MIME."""

from __future__ import annotations

import base64

import pytest

from crm_logger.core.message import parse_message
from crm_logger.core.model import Flag, Person, Policy
from tests.pieces import HTML, PDF, PLAIN, multipart, part, read

CARL = Person("", "carl@client.example")


MAIL = "From: carl@client.example\nSubject: Offer\n\nPrices"


def test_attachments_are_kept_with_name_type_and_content() -> None:
    message = read(
        multipart(
            "mixed",
            PLAIN,
            PDF,
            part("image/png", "x", Content_Disposition="inline; filename=b.png", Content_ID="<c1>"),
        )
    )
    pdf, image = message.attachments
    assert (pdf.name, pdf.content_type, pdf.size, pdf.content, pdf.inline) == (
        "a.pdf",
        "application/pdf",
        4,
        b"%PDF",
        False,
    )
    assert (image.name, image.content_id, image.inline) == ("b.png", "c1", True)


@pytest.mark.parametrize(
    "text_part",
    [
        part("text/plain; name=notes.txt", "notes"),
        part("text/plain", "notes", Content_Disposition="attachment"),
        part("text/html", "notes", Content_Disposition='inline; filename="page.html"'),
        part("text/csv", "notes"),
    ],
)
def test_a_text_with_a_name_is_an_attachment(text_part: str) -> None:
    message = read(multipart("mixed", PLAIN, text_part))
    assert message.text == "Hello"
    assert [each.content for each in message.attachments] == [b"notes"]


def test_what_html_shows_is_an_inline_attachment() -> None:
    message = read(multipart("related", HTML, part("image/png", "x", Content_ID="<logo>")))
    assert [(each.content_id, each.inline) for each in message.attachments] == [("logo", True)]


@pytest.mark.parametrize("size", [0, 40_000])
@pytest.mark.parametrize("hyphens", ["", "-", "-\n--", "-- \n" * 40])
def test_a_part_ends_at_its_delimiter_whatever_its_size_and_its_hyphens(size: int, hyphens: str) -> None:
    text = "x" * size + hyphens
    message = read(multipart("mixed", PLAIN, part("text/csv", text)))
    assert [each.content for each in message.attachments] == [text.replace("\n", "\r\n").encode()]
    unclosed = read(f'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/csv\n\n{text}')
    assert [each.size for each in unclosed.attachments] == [len(text.replace("\n", "\r\n"))]


def test_an_attachment_over_the_limit_is_left_out_and_flagged() -> None:
    message = read(multipart("mixed", PLAIN, PDF), Policy(max_attachment_bytes=3))
    assert [(each.size, each.content) for each in message.attachments] == [(4, None)]
    assert message.flags == {Flag.ATTACHMENT_LEFT_OUT}


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("../../etc/cron.d/x", "x"),
        ("C:\\temp\\a.pdf", "a.pdf"),
        ("..", ""),
        ("", ""),
        ("gnp.exe\u202e", "gnp.exe"),
        ("a" * 200 + ".pdf", "a" * 146 + ".pdf"),
        ("a" * 200, "a" * 150),
        ("a." + "b" * 200, ("a." + "b" * 200)[:150]),
    ],
)
def test_attachment_names_are_safe(written: str, name: str) -> None:
    message = read(
        multipart(
            "mixed",
            PLAIN,
            part(
                "application/pdf",
                "x",
                Content_Disposition='attachment; filename="{}"'.format(written.replace("\\", "\\\\")),
            ),
        )
    )
    assert [each.name for each in message.attachments] == [name]


def test_a_signature_is_an_attachment_and_an_encrypted_mail_is_flagged() -> None:
    signed = read(multipart("signed", PLAIN, part("application/pgp-signature", "sig")))
    assert [each.content for each in signed.attachments] == [b"sig"]
    nested = multipart("mixed", part("application/pgp-encrypted", "Version: 1"), boundary="n")
    encrypted = read(multipart("encrypted", nested, part("application/octet-stream", "secret")))
    assert encrypted.text == ""
    assert encrypted.flags == {Flag.ENCRYPTED}
    assert [each.content for each in encrypted.attachments] == [b"Version: 1", b"secret"]


@pytest.mark.parametrize(
    "mail",
    [part("application/pkcs7-mime; smime-type=enveloped-data", "x"), "\n-----BEGIN PGP MESSAGE-----\nx"],
)
def test_other_forms_of_encryption_are_flagged(mail: str) -> None:
    assert Flag.ENCRYPTED in read(mail).flags


@pytest.mark.parametrize(
    ("calendar", "method"),
    [
        (part("text/calendar; method=REPLY", "x"), "reply"),
        (part("text/calendar", "BEGIN:VCALENDAR\nMETHOD:REQUEST\n"), "request"),
        (part("text/calendar", "BEGIN:VCALENDAR\n"), ""),
    ],
)
def test_a_calendar_tells_its_method(calendar: str, method: str) -> None:
    assert read(multipart("mixed", PLAIN, calendar)).calendar_method == method
    assert read(calendar).calendar_method == method


def test_the_first_calendar_counts_and_an_attached_mails_does_not() -> None:
    reply, cancel = part("text/calendar; method=reply", "x"), part("text/calendar; method=cancel", "x")
    assert read(multipart("mixed", reply, cancel)).calendar_method == "reply"
    assert read(multipart("mixed", PLAIN, part("message/rfc822", reply))).calendar_method == ""


def test_a_report_tells_its_type() -> None:
    report = read(
        multipart(
            "report",
            PLAIN,
            part("message/delivery-status", "Status: 5.1.1"),
            part("message/rfc822", MAIL),
            more="; report-type=Delivery-Status",
        )
    )
    assert report.report_type == "delivery-status"
    assert [each.content_type for each in report.attachments] == ["message/delivery-status"]
    assert [each.subject for each in report.attached] == ["Offer"]
    assert read(multipart("mixed", PLAIN, more="; report-type=x")).report_type == ""


@pytest.mark.parametrize(
    "attached",
    [
        part("message/rfc822", MAIL),
        part("message/global", MAIL),
        part(
            "message/rfc822", base64.encodebytes(MAIL.encode()).decode(), Content_Transfer_Encoding="base64"
        ),
        part("message/rfc822", MAIL.replace("=", "=3D"), Content_Transfer_Encoding="quoted-printable"),
        part("application/octet-stream; name=offer.EML", MAIL),
        part("text/plain; name=offer.eml", MAIL),
        part(
            "application/octet-stream; name=offer.eml",
            base64.encodebytes(MAIL.encode()).decode(),
            Content_Transfer_Encoding="base64",
        ),
    ],
)
def test_an_attached_mail_is_read_however_it_is_packed(attached: str) -> None:
    message = read(multipart("mixed", PLAIN, attached))
    assert message.attachments == ()
    assert [(each.from_, each.subject, each.text) for each in message.attached] == [
        ((CARL,), "Offer", "Prices")
    ]


@pytest.mark.parametrize("body", ["From: carl@client.example\n\nx", "Subject: x\n\nx", "just text"])
def test_an_eml_file_that_reads_like_no_mail_is_an_attachment(body: str) -> None:
    message = read(multipart("mixed", PLAIN, part("application/octet-stream; name=a.eml", body)))
    assert message.attached == ()
    assert len(message.attachments) == 1


def test_a_digest_holds_mails() -> None:
    message = read(multipart("digest", "\n" + MAIL, "\n" + MAIL))
    assert [each.subject for each in message.attached] == ["Offer", "Offer"]


def test_mails_in_mails_are_read_to_a_sane_depth() -> None:
    mail = MAIL
    for _ in range(60):
        mail = "Subject: outer\n" + part("message/rfc822", mail)
    message = outermost = read(mail)
    depth = 0
    while message.attached:
        message, depth = message.attached[0], depth + 1
    assert depth == 50
    assert [each.content_type for each in message.attachments] == ["message/rfc822"]
    assert outermost.defects == ("mails are attached more than 50 deep, or too many of them",)


def test_multiparts_are_read_to_a_sane_depth() -> None:
    mail = PLAIN
    for number in range(60):
        mail = multipart("mixed", mail, boundary=f"b{number}x")
    message = read(mail)
    assert message.defects == ("parts are nested more than 50 deep",)
    assert [each.content_type for each in message.attachments] == ["application/octet-stream"]


def test_a_thousand_parts_are_read_and_no_more() -> None:
    message = read(multipart("mixed", *[PDF] * 2000))
    assert len(message.attachments) == 999
    assert message.defects == ("there are more than 1000 parts; the rest was left out",)


def test_a_multipart_without_parts_has_a_defect() -> None:
    assert read(part("multipart/mixed", "x")).defects == ("a multipart without parts is read as text",)


def test_a_junk_line_in_a_header_has_a_defect() -> None:
    assert read("From: ann@acme.test\njunk\n\nx").defects == ("a line of a header section is no field",)


def left_out(size: str) -> bytes:
    part = f"Content-Type: application/pdf; name=plan.pdf\r\nX-CRM-Logger-Left-Out: {size}\r\n\r\n"
    return (
        "From: ann@acme.test\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        f"--b\r\n\r\nhello\r\n--b\r\n{part}\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize(
    ("size", "partial", "expected"),
    [
        ("4711", True, (4711, None)),
        ("4711", False, (0, b"")),
        ("many", True, (0, b"")),
        ("9" * 20, True, (0, b"")),
    ],
)
def test_r30_a_part_that_was_not_fetched_says_how_large_it_is(
    size: str,
    partial: bool,  # noqa: FBT001 -- a table's column
    expected: tuple[int, bytes | None],
) -> None:
    message = parse_message(left_out(size), partial=partial)
    (attachment,) = message.attachments
    assert (attachment.size, attachment.content) == expected
    assert (Flag.ATTACHMENT_LEFT_OUT in message.flags) is (attachment.content is None)
