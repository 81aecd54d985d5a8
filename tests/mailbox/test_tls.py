"""TLS: what is trusted, what is not, and STARTTLS."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from crm_logger.mailbox import (
    Mailbox,
    MailboxMisconfigured,
    connect,
)
from tests.mailbox.builders import expect, mail, raws
from tests.servers.scripted import CERTIFICATE, Conversation, ScriptedPeer, tls_context

if TYPE_CHECKING:
    from tests.servers.served import ServedMailbox


def test_tls_to_a_plain_port_says_what_to_change(embedded_imap: ServedMailbox) -> None:
    with pytest.raises(MailboxMisconfigured, match="does not speak TLS"):
        Mailbox(embedded_imap.config(IMAP_SECURITY="tls"))


def test_a_certificate_that_nobody_vouches_for_is_not_taken() -> None:
    peer = ScriptedPeer(tls=True)
    expect(MailboxMisconfigured, "cannot be trusted", peer, IMAP_SECURITY="tls")
    assert peer.commands == []


def test_a_certificate_for_another_name_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with ScriptedPeer(tls=True) as peer, pytest.raises(MailboxMisconfigured, match="must be the name in the"):
        Mailbox(peer.mailbox().config(IMAP_SECURITY="tls"))


def test_over_tls_mail_is_fetched_and_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def idle(talk: Conversation, tag: bytes, _arguments: bytes) -> None:
        talk.send(b"+ idling\r\n" + b"* 2 EXISTS\r\n" * (talk.peer.count("IDLE") == 2))
        if talk.peer.count("IDLE") == 3:
            time.sleep(0.1)
            talk.send(b"* 3 EXISTS\r\n")
        talk.done(tag)

    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with (
        ScriptedPeer({1: mail()}, answers={"IDLE": idle}, tls=True) as peer,
        connect(peer.mailbox().config(IMAP_SECURITY="tls", IMAP_HOST="localhost")) as mailbox,
    ):
        assert raws(mailbox, mailbox.uids()) == [mail()]
        assert not mailbox.wait(0.1)
        assert mailbox.wait(20), "announced in the same segment"
        mailbox.uids()
        assert mailbox.wait(20), "announced later"


def test_starttls_encrypts_before_the_login(monkeypatch: pytest.MonkeyPatch) -> None:
    def starttls(talk: Conversation, tag: bytes, _arguments: bytes) -> None:
        talk.ok(tag)
        talk.connection = tls_context().wrap_socket(talk.connection, server_side=True)

    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    peer = ScriptedPeer({1: mail()}, answers={"STARTTLS": starttls}, capabilities="IMAP4rev1 STARTTLS IDLE")
    with peer, connect(peer.mailbox().config(IMAP_SECURITY="starttls", IMAP_HOST="localhost")) as mailbox:
        assert raws(mailbox, mailbox.uids()) == [mail()]
        assert not mailbox.wait(0.1)
    names = [command.split()[0] for command in peer.commands]
    assert names.index("STARTTLS") < names.index("LOGIN")


def test_a_server_without_starttls_gets_no_password() -> None:
    peer = ScriptedPeer()
    expect(MailboxMisconfigured, "offers no STARTTLS", peer, IMAP_SECURITY="starttls")
    assert peer.count("LOGIN") == 0
