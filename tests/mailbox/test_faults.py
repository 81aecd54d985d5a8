"""Faults of the connection and of the protocol, and the errors that they become."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from crm_logger.mailbox import (
    Mailbox,
    MailboxAway,
    MailboxMisconfigured,
)
from tests.mailbox.builders import expect
from tests.servers.scripted import Conversation, HangUp, ScriptedPeer

if TYPE_CHECKING:
    from demo.imap_server import EmbeddedImapServer
    from tests.servers.served import ServedMailbox


def test_throttling_tells_how_long_to_wait() -> None:
    text = b"{tag} BAD Request is throttled. Suggested Backoff Time: 299961 milliseconds\r\n"
    error = expect(MailboxAway, "asks to wait", ScriptedPeer(answers={"UID SEARCH": text}))
    assert isinstance(error, MailboxAway)
    assert error.retry_after == pytest.approx(299.961)


def test_a_mailbox_that_is_not_connected_waits_and_gives_a_hint() -> None:
    text = b"{tag} BAD User is authenticated but not connected.\r\n"
    error = expect(MailboxAway, "may lack the right", ScriptedPeer(answers={"LIST": text}))
    assert isinstance(error, MailboxAway)
    assert error.retry_after == 900


def test_gmails_limit_waits_half_an_hour() -> None:
    text = b"{tag} NO [OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)\r\n"
    error = expect(MailboxAway, "asks to wait", ScriptedPeer(answers={"UID SEARCH": text}))
    assert isinstance(error, MailboxAway)
    assert error.retry_after == 1800


@pytest.mark.parametrize(
    ("greeting", "error", "match"),
    [
        (b"* BYE Too many connections\r\n", MailboxAway, "Too many connections"),
        (b"HTTP/1.1 400 Bad Request\r\n", MailboxMisconfigured, "is no IMAP server"),
        (b"220 mail.example.com ESMTP\r\n", MailboxMisconfigured, "is no IMAP server"),
        (b"", MailboxAway, "in time"),
    ],
)
def test_a_greeting_that_is_none(greeting: bytes, error: type[Exception], match: str) -> None:
    expect(error, match, ScriptedPeer(greeting=greeting), IMAP_TIMEOUT="0.3")


def test_nobody_listening_is_away() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with ScriptedPeer() as peer:
        config = peer.mailbox().config(IMAP_PORT=str(port))
    with pytest.raises(MailboxAway, match="failed while connecting"):
        Mailbox(config)


def test_a_name_that_does_not_exist_is_away() -> None:
    with ScriptedPeer() as peer, pytest.raises(MailboxAway, match="cannot be found by its name"):
        Mailbox(peer.mailbox().config(IMAP_HOST="mail.invalid", IMAP_SECURITY="tls"))


def test_one_byte_a_second_is_ended_by_the_clock() -> None:
    def drip(talk: Conversation, _tag: bytes, _arguments: bytes) -> None:
        talk.drip(b"* SEARCH " + b"1 " * 200, 0.05)
        whole.append(True)

    whole: list[bool] = []
    expect(
        MailboxAway, "did not answer in time", ScriptedPeer(answers={"UID SEARCH": drip}), IMAP_TIMEOUT="0.3"
    )
    assert whole == [], "it was not waited for to its end"


@pytest.mark.parametrize(
    "answer",
    [
        b"* BYE Session invalidated - AccessTokenExpired\r\n",
        b"{tag} OK\r\n",
        b"* SEARCH one two\r\n{tag} OK done\r\n",
        b"\x00\xff garbage\r\n",
        b"* SEARCH 1 2",
    ],
)
def test_an_answer_against_the_rules_is_away(answer: bytes) -> None:
    def once(talk: Conversation, tag: bytes, _arguments: bytes) -> None:
        talk.send(answer.replace(b"{tag}", tag))
        if not answer.endswith(b"done\r\n"):
            raise HangUp

    expect(MailboxAway, "while looking for mail", ScriptedPeer(answers={"UID SEARCH": once}))


def test_closing_never_raises(embedded_server: tuple[EmbeddedImapServer, ServedMailbox]) -> None:
    server, box = embedded_server
    mailbox = Mailbox(box.config())
    server.drop_connections()
    mailbox.close()
    mailbox.close()
