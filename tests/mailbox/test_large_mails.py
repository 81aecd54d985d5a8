"""Mails over the size limit: their texts and small attachments come, the rest is named."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crm_logger.core.model import RawMail
from crm_logger.mailbox import (
    connect,
)
from tests.mailbox.builders import mail
from tests.servers.scripted import Conversation, ScriptedPeer

if TYPE_CHECKING:
    from tests.servers.served import ServedMailbox


def large_mail() -> bytes:
    """A mail of 300 KB: text, HTML, a small attachment, a large one, and a forwarded mail with a large one."""
    line = b"QUJD" * 19 + b"\r\n"
    large = line * 1500
    inner = (
        b"From: carl@client.example\r\nSubject: The original\r\nContent-Type: multipart/mixed; boundary=in\r\n\r\n"
        b"--in\r\nContent-Type: text/plain\r\n\r\nCarl wrote this.\r\n"
        b"--in\r\nContent-Type: image/png; name=inner.png\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + large
        + b"\r\n--in--\r\n"
    )
    return (
        b'From: ann@acme.test\r\nSubject: Plans\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="out"\r\n\r\n'
        b"--out\r\nContent-Type: multipart/alternative; boundary=alt\r\n\r\n"
        b"--alt\r\nContent-Type: text/plain\r\n\r\nThe plans.\r\n"
        b"--alt\r\nContent-Type: text/html\r\n\r\n<p>The plans.</p>\r\n--alt--\r\n"
        b"--out\r\nContent-Type: application/pdf; name=small.pdf\r\nContent-Disposition: attachment; filename=small.pdf\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\nQUJD\r\n"
        b"--out\r\nContent-Type: video/mp4; name=large.mp4\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + large
        + b"\r\n--out\r\nContent-Type: message/rfc822\r\n\r\n"
        + inner
        + b"\r\n--out--\r\n"
    )


def test_a_mail_over_the_limit_comes_with_its_texts_and_small_attachments(
    dovecot_mailbox: ServedMailbox,
) -> None:
    uid = dovecot_mailbox.append(large_mail())
    with connect(dovecot_mailbox.config(MAX_MAIL_MB="0.2", MAX_ATTACHMENT_MB="0.05")) as mailbox:
        (found,) = mailbox.fetch([uid])
    assert isinstance(found, RawMail)
    assert found.partial
    assert found.size > 200_000
    assert len(found.raw) < 5_000
    for kept in (
        b"The plans.",
        b"<p>The plans.</p>",
        b"QUJD\r\n--out",
        b"Carl wrote this.",
        b"Subject: The original",
    ):
        assert kept in found.raw
    assert found.raw.count(b"X-CRM-Logger-Left-Out: 117") == 2
    assert found.raw.index(b"large.mp4") < found.raw.index(b"X-CRM-Logger-Left-Out")


def test_a_large_mail_of_one_part_is_cut_or_left_out(imap_server: ServedMailbox) -> None:
    text = imap_server.append(mail(body="All work.\r\n" * 50_000))
    head = b"Subject: Film\r\nMIME-Version: 1.0\r\nContent-Type: video/mp4\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    film = imap_server.append(head + b"QUJD\r\n" * 50_000)
    with connect(
        imap_server.config(MAX_MAIL_MB="0.1", MAX_ATTACHMENT_MB="0.05", MAX_BODY_MB="0.01")
    ) as mailbox:
        first, second = mailbox.fetch([text, film])
    assert isinstance(first, RawMail)
    assert isinstance(second, RawMail)
    assert first.raw.startswith(mail(body="All work.\r\n"))
    assert 20_000 < len(first.raw) < 40_000
    assert re.fullmatch(re.escape(head[:-2]) + rb"X-CRM-Logger-Left-Out: 300\d{3}\r\n\r\n", second.raw)


def test_a_small_mail_next_to_a_large_one_comes_whole(imap_server: ServedMailbox) -> None:
    small, large, other = (
        imap_server.append(raw) for raw in (mail("a"), mail(body="x\r\n" * 50_000), mail("b"))
    )
    with connect(imap_server.config(MAX_MAIL_MB="0.1")) as mailbox:
        found = list(mailbox.fetch([small, large, other]))
    assert [each.partial for each in found if isinstance(each, RawMail)] == [False, True, False]


def test_a_large_mail_whose_structure_cannot_be_read_comes_with_its_header() -> None:
    def answer(talk: Conversation, tag: bytes, arguments: bytes) -> None:
        if b"BODYSTRUCTURE" in arguments:
            talk.send(b"* 1 FETCH (UID 3 BODYSTRUCTURE (NIL 5) BODY[HEADER] {15}\r\nSubject: Hm\r\n\r\n)\r\n")
            talk.ok(tag)
        elif b"BODY" in arguments:
            talk.ok(tag)
        else:
            talk.send(b"* 1 FETCH (UID 3 RFC822.SIZE 999999999)\r\n")
            talk.ok(tag)

    with (
        ScriptedPeer({3: mail()}, answers={"UID FETCH": answer}) as peer,
        connect(peer.mailbox().config()) as mailbox,
    ):
        (found,) = mailbox.fetch([3])
    assert isinstance(found, RawMail)
    assert found.partial
    assert found.raw.startswith(b"Subject: Hm\r\n")
