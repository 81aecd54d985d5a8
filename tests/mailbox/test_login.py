"""Logins that are refused, for certain or not, and passwords that are never told on."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

import pytest

from crm_logger.mailbox import (
    Mailbox,
    MailboxAway,
    MailboxRefused,
    connect,
)
from tests.mailbox.builders import expect
from tests.servers.scripted import Conversation, HangUp, ScriptedPeer

if TYPE_CHECKING:
    from tests.servers.served import ServedMailbox


def test_a_wrong_password_is_refused_for_certain(imap_server: ServedMailbox) -> None:
    with pytest.raises(MailboxRefused, match="check IMAP_USER and IMAP_PASSWORD") as caught:
        Mailbox(imap_server.config(IMAP_PASSWORD="hunter2-is-wrong"))
    assert caught.value.certain
    assert "hunter2" not in str(caught.value)
    assert caught.value.__context__ is None


def test_a_refusal_that_says_not_why_is_not_certain() -> None:
    error = expect(
        MailboxRefused, "refuses the login", ScriptedPeer(answers={"LOGIN": b"{tag} NO LOGIN failed.\r\n"})
    )
    assert isinstance(error, MailboxRefused)
    assert not error.certain


@pytest.mark.parametrize("code", ["UNAVAILABLE", "INUSE", "LIMIT"])
def test_a_login_that_is_impossible_just_now_is_no_wrong_password(code: str) -> None:
    expect(
        MailboxAway, "just now", ScriptedPeer(answers={"LOGIN": f"{{tag}} NO [{code}] later\r\n".encode()})
    )


def test_a_connection_that_ends_during_login_is_no_wrong_password() -> None:
    def hang_up(_talk: Conversation, _tag: bytes, _arguments: bytes) -> None:
        raise HangUp

    expect(MailboxAway, "broke while logging in", ScriptedPeer(answers={"LOGIN": hang_up}))


def test_a_password_that_the_server_repeats_is_not_told_on() -> None:
    echo = b'{tag} BAD cannot parse LOGIN "crm" "hunter2"\r\n'
    error = expect(MailboxRefused, r"\*\*\*", ScriptedPeer(answers={"LOGIN": echo}), IMAP_PASSWORD="hunter2")
    assert "hunter2" not in str(error)


def test_a_password_beyond_ascii_is_sent_by_authenticate() -> None:
    peer = ScriptedPeer()
    given: list[bytes] = []

    def authenticate(talk: Conversation, tag: bytes, _arguments: bytes) -> None:
        talk.send(b"+ \r\n")
        given.append(talk.line())
        talk.ok(tag)

    peer.answers["AUTHENTICATE"] = authenticate
    with peer, connect(peer.mailbox().config(IMAP_PASSWORD="pässwörd")):
        assert peer.count("LOGIN") == 0
    assert given == [b"AGNybQBww6Rzc3fDtnJk"]


def test_whoever_leaves_says_so() -> None:
    heard = Event()

    def silent(_talk: Conversation, _tag: bytes, _arguments: bytes) -> None:
        heard.set()

    with ScriptedPeer(answers={"LOGOUT": silent}) as peer:
        with connect(peer.mailbox().config()):
            pass
        assert heard.wait(10)
