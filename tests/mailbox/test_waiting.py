"""Waiting for mail: announcements, hang-ups, wake-ups, and servers without IDLE."""

from __future__ import annotations

import socket
import threading
import time
from typing import TYPE_CHECKING

import pytest

from crm_logger.mailbox import (
    MailboxAway,
    connect,
)
from tests.mailbox.builders import mail, soon, soon_over
from tests.servers.scripted import Conversation, ScriptedPeer

if TYPE_CHECKING:
    from collections.abc import Callable

    from demo.imap_server import EmbeddedImapServer
    from tests.servers.served import ServedMailbox

HOUR = 3600.0


def test_waiting_ends_when_mail_comes(imap_server: ServedMailbox) -> None:
    with connect(imap_server.config()) as mailbox:
        mailbox.uids()
        soon(lambda: imap_server.append(mail()))
        with soon_over(mailbox):
            assert mailbox.wait(HOUR)
        assert len(mailbox.uids()) == 1
        assert not mailbox.wait(0.05)


def test_waiting_ends_when_its_time_is_up(imap_server: ServedMailbox) -> None:
    with connect(imap_server.config()) as mailbox:
        mailbox.uids()
        began = time.monotonic()
        with soon_over(mailbox):
            assert not mailbox.wait(0.2)
        assert time.monotonic() - began >= 0.2


def test_waiting_ends_when_it_is_woken_and_the_mailbox_goes_on(imap_server: ServedMailbox) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, connect(imap_server.config()) as mailbox:
        mailbox.uids()
        soon(lambda: theirs.send(b"x"))
        with soon_over(mailbox):
            assert not mailbox.wait(HOUR, ours)
            assert not mailbox.wait(HOUR, ours), "the wake-up was not taken from the socket"
        assert mailbox.uids() == []


def test_without_idle_the_time_is_slept_and_something_may_be_new(
    imap_without: Callable[..., ServedMailbox],
) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, connect(imap_without("IDLE").config()) as mailbox:
        mailbox.uids()
        assert mailbox.wait(0.1)
        assert mailbox.wait(0.1, ours)
        theirs.send(b"x")
        assert not mailbox.wait(20, ours)


def test_mail_that_is_announced_during_another_command_is_not_waited_for(
    embedded_imap: ServedMailbox,
) -> None:
    with connect(embedded_imap.config()) as mailbox:
        mailbox.uids()
        embedded_imap.append(mail())
        mailbox.noop()
        with soon_over(mailbox):
            assert mailbox.wait(HOUR)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", b"* 1 EXISTS\r\n"),
        (b"* 1 EXISTS\r\n", b""),
        (b"", b"* 0 RECENT\r\n* 1 EXISTS\r\n* OK hello\r\n"),
    ],
    ids=["in the same segment", "before the plus", "among others"],
)
def test_an_announcement_as_idle_starts_is_not_missed(before: bytes, after: bytes) -> None:
    def idle(talk: Conversation, tag: bytes, _arguments: bytes) -> None:
        talk.send(before + b"+ idling\r\n" + after)
        talk.done(tag)

    with ScriptedPeer(answers={"IDLE": idle}) as peer, connect(peer.mailbox().config()) as mailbox:
        mailbox.uids()
        with soon_over(mailbox):
            assert mailbox.wait(HOUR)


def test_mail_is_asked_for_before_the_server_has_answered_the_end_of_the_wait() -> None:
    asked: list[bytes] = []

    def idle(talk: Conversation, tag: bytes, _arguments: bytes) -> None:
        talk.send(b"+ idling\r\n")
        if asked:
            talk.done(tag)
            return
        talk.mails[2] = mail()
        talk.send(b"* 2 EXISTS\r\n")
        assert talk.line() == b"DONE"
        next_tag, _, command = talk.line().partition(b" ")
        asked.append(command)
        talk.ok(tag)
        talk.default("UID SEARCH", next_tag, command.removeprefix(b"UID SEARCH "))

    with (
        ScriptedPeer({1: mail()}, answers={"IDLE": idle}) as peer,
        connect(peer.mailbox().config()) as mailbox,
    ):
        mailbox.uids()  # what is there when the folder is opened is no news
        assert mailbox.wait(20)
        assert mailbox.uids(above=1) == [2]
        assert asked == [b"UID SEARCH UID 2:*"]
        assert not mailbox.wait(0.05)
        mailbox.noop()


def test_an_announcement_split_over_two_segments_is_read_whole() -> None:
    def idle(talk: Conversation, tag: bytes, _arguments: bytes) -> None:
        talk.send(b"+ idling\r\n")
        talk.drip(b"* 1 EXISTS\r\n", 0.02)
        talk.done(tag)

    with ScriptedPeer(answers={"IDLE": idle}) as peer, connect(peer.mailbox().config()) as mailbox:
        mailbox.uids()
        assert mailbox.wait(20)


def test_a_connection_that_ends_during_idle_is_away_at_once(
    embedded_server: tuple[EmbeddedImapServer, ServedMailbox],
) -> None:
    server, box = embedded_server
    with connect(box.config()) as mailbox:
        mailbox.uids()
        soon(server.drop_connections)
        with soon_over(mailbox), pytest.raises(MailboxAway):
            mailbox.wait(HOUR)


def test_an_idle_that_the_server_refuses_or_ends_is_not_begun_over_and_over() -> None:
    for answer in (b"{tag} NO not now\r\n", b"+ idling\r\n{tag} OK enough\r\n"):
        with ScriptedPeer(answers={"IDLE": answer}) as peer, connect(peer.mailbox().config()) as mailbox:
            mailbox.uids()
            assert mailbox.wait(0.2), "nobody knows, so look"
            assert mailbox.wait(0.1)
            assert peer.count("IDLE") == 1


def test_a_server_that_talks_on_and_on_does_not_keep_us_waiting() -> None:
    def idle(talk: Conversation, tag: bytes, _arguments: bytes) -> None:
        talk.send(b"+ idling\r\n")
        stop = threading.Event()

        def talk_on() -> None:
            while not stop.wait(0.0005):
                talk.send(b"* OK Still here\r\n" * 20)

        talking = threading.Thread(target=talk_on)
        talking.start()
        assert talk.line() == b"DONE"
        stop.set()
        talking.join()
        talk.ok(tag)

    with ScriptedPeer(answers={"IDLE": idle}) as peer, connect(peer.mailbox().config()) as mailbox:
        mailbox.uids()
        with soon_over(mailbox):
            assert not mailbox.wait(0.2)


def test_a_mail_that_was_removed_elsewhere_is_no_news_and_the_next_one_is() -> None:
    def idle(talk: Conversation, tag: bytes, _arguments: bytes) -> None:
        talk.send(
            b"+ idling\r\n* 1 EXPUNGE\r\n* 1 EXISTS\r\n"
            if talk.peer.count("IDLE") == 1
            else b"+ idling\r\n* 2 EXISTS\r\n"
        )
        talk.done(tag)

    with (
        ScriptedPeer({1: mail(), 2: mail()}, answers={"IDLE": idle}) as peer,
        connect(peer.mailbox().config()) as mailbox,
    ):
        mailbox.uids()
        assert not mailbox.wait(0.2)
        assert mailbox.wait(20)
