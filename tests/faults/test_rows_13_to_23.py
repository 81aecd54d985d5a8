"""Rows 13 to 23: answers against the rules, hang-ups and stalls, literals that are too large, and everything about IDLE."""

from __future__ import annotations

import itertools
import socket
import time
from typing import TYPE_CHECKING

import pytest

from crm_logger import loop, patience
from crm_logger.mailbox import connect, idle
from crm_logger.store.tables import Receipt
from tests.faults.duty import REST
from tests.servers.scripted import INTERNALDATE, Conversation, HangUp, ScriptedPeer

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.faults.duty import Duty

QUIET = {"POLL_INTERVAL": "3600", "IMAP_TIMEOUT": "30"}
"""The poll is an hour away, and no IDLE ends by itself before RECOVERY: what is noticed was noticed by what the server said."""


def until_idle(peer: ScriptedPeer, duty: Duty, times: int = 1) -> None:
    duty.until(lambda: peer.count("IDLE") >= times)
    time.sleep(0.05)


def test_row_13_an_ok_without_text_is_told_of_after_three(
    serve: Callable[..., Duty], caplog: pytest.LogCaptureFixture
) -> None:
    with ScriptedPeer(answers={"UID SEARCH": b"{tag} OK\r\n"}) as peer:
        duty = serve(peer)
        duty.until(lambda: "server-violates-grammar" in duty.alarms())
        assert caplog.text.count("unexpected response") >= 3
        assert 3 <= len(duty.bell.pauses) <= 6, "a reconnect with back-off, no hot loop"
        assert duty.bell.pauses[1] < duty.bell.pauses[2]
        peer.answers.clear()
        peer.deliver(duty.offer())
        duty.until_logged(1, resting=patience.LONGEST_PAUSE)
        duty.until(lambda: duty.alarms() == [])
    assert "the mailbox is back" in caplog.text


@pytest.mark.parametrize("command", ["UID SEARCH", "UID FETCH", "NOOP", "EXAMINE"])
def test_row_14_bye_in_the_middle_of_a_command_is_logged_and_overcome(
    command: str, serve: Callable[..., Duty], caplog: pytest.LogCaptureFixture
) -> None:
    def bye(talk: Conversation, _tag: bytes, _arguments: bytes) -> None:
        del talk.peer.answers[command]
        talk.send(b"* BYE Autologout; idle for too long\r\n")
        raise HangUp

    with ScriptedPeer(answers={command: bye}) as peer:
        duty = serve(peer)
        peer.mails[1] = duty.offer()
        duty.until(lambda: command not in peer.answers, resting=REST)
        duty.until_logged(1, resting=REST)
        duty.until(lambda: "Autologout; idle for too long" in caplog.text)


def cut_short(talk: Conversation, _tag: bytes) -> None:
    talk.send(b"* 1 FETCH (UID 1 BODY[] {500}\r\nFrom: ann@acme.test\r\n")
    raise HangUp


def stall(talk: Conversation, _tag: bytes) -> None:
    talk.send(b"* 1 FETCH (UID 1 BODY[] {500}\r\nFrom: ann@acme.test\r\n")
    talk.line()


def drip(talk: Conversation, _tag: bytes) -> None:
    talk.send(b"* 1 FETCH (UID 1 BODY[] {500}\r\n")
    talk.drip(b"x" * 400, 0.1)


def drip_a_line(talk: Conversation, _tag: bytes) -> None:
    talk.drip(b"* 1 FETCH " + b"(" * 400, 0.1)


@pytest.mark.parametrize("fault", [cut_short, stall, drip, drip_a_line])
def test_row_15_a_body_that_ends_stalls_or_drips_leaves_nothing_half_stored(
    fault: Callable[[Conversation, bytes], None], serve: Callable[..., Duty]
) -> None:
    def fetch(talk: Conversation, tag: bytes, arguments: bytes) -> None:
        if b"BODY" in arguments and not once:
            once.append(True)
            fault(talk, tag)
        else:
            talk.default("UID FETCH", tag, arguments)

    once: list[bool] = []
    with ScriptedPeer(answers={"UID FETCH": fetch}) as peer:
        duty = serve(peer, IMAP_TIMEOUT="0.3")
        peer.mails[1] = duty.offer()
        duty.until_logged(1, resting=REST)
        with duty.office.store.reading():
            assert [each.size for each in Receipt.select()] == [len(peer.mails[1])]


@pytest.mark.parametrize("fault", [cut_short, stall])
def test_row_15_a_mail_that_breaks_the_connection_every_time_is_found_and_set_aside(
    fault: Callable[[Conversation, bytes], None], serve: Callable[..., Duty]
) -> None:
    def fetch(talk: Conversation, tag: bytes, arguments: bytes) -> None:
        if b"BODY" in arguments and b"7" in arguments.split(b" ")[0].split(b","):
            fault(talk, tag)
        else:
            talk.default("UID FETCH", tag, arguments)

    with ScriptedPeer(answers={"UID FETCH": fetch}) as peer:
        duty = serve(peer, IMAP_TIMEOUT="0.1")
        peer.mails.update({uid: duty.offer(uid) for uid in range(1, 31)})
        duty.until(lambda: len(duty.reasons()) == 29)
        assert 7 not in duty.reasons()
        duty.until(lambda: duty.reasons().get(7) == "unfetchable")
        assert sorted(set(duty.reasons().values())) == ["logged", "unfetchable"]
        assert duty.engagements() == 29


def test_row_15_a_mail_of_which_the_server_cannot_even_tell_is_set_aside(serve: Callable[..., Duty]) -> None:
    def fetch(talk: Conversation, tag: bytes, arguments: bytes) -> None:
        if (b"BODY" in arguments or b"ENVELOPE" in arguments) and arguments.startswith(b"1 "):
            raise HangUp
        talk.default("UID FETCH", tag, arguments)

    with ScriptedPeer(answers={"UID FETCH": fetch}) as peer:
        duty = serve(peer)
        peer.mails[1] = duty.offer()
        duty.until(lambda: duty.reasons() == {1: "unfetchable"})
        assert sum("ENVELOPE" in command for command in peer.commands) == 3
        assert duty.waiting() == []


@pytest.mark.parametrize("size", [100, 3 * 1024**3], ids=["a size that lies", "the true size"])
def test_row_16_a_literal_of_three_gigabytes_is_not_waited_for(size: int, serve: Callable[..., Duty]) -> None:
    def fetch(talk: Conversation, tag: bytes, arguments: bytes) -> None:
        if not arguments.startswith(b"1 ") and b"BODY" in arguments and b"1," not in arguments:
            talk.default("UID FETCH", tag, arguments)
        elif b"BODY.PEEK[]" in arguments:
            talk.send(b"* 1 FETCH (UID 1 BODY[] {3221225472}\r\n")
        elif b"BODYSTRUCTURE" in arguments:
            head = peer.mails[1].partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
            talk.send(
                b'* 1 FETCH (UID 1 BODYSTRUCTURE ("text" "plain" NIL NIL NIL "7bit" 3221225472 9)'
                b" BODY[HEADER] {%d}\r\n%s)\r\n" % (len(head), head)
            )
            talk.ok(tag)
        elif b"BODY" in arguments:
            talk.ok(tag)
        else:
            for uid in sorted(peer.mails):
                told = size if uid == 1 else len(peer.mails[uid])
                talk.send(
                    b"* 1 FETCH (UID %d RFC822.SIZE %d INTERNALDATE %s)\r\n" % (uid, told, INTERNALDATE)
                )
            talk.ok(tag)

    with ScriptedPeer(answers={"UID FETCH": fetch}) as peer:
        duty = serve(peer, IMAP_TIMEOUT="10")
        peer.mails.update({1: duty.offer(1), 2: duty.offer(2)})
        duty.until(lambda: duty.reasons().get(2) == "logged", resting=15 * REST)
        wanted = "unfetchable" if size == 100 else "logged"
        duty.until(lambda: duty.reasons() == {1: wanted, 2: "logged"}, resting=15 * REST)


def test_row_17_a_connection_that_a_router_forgot_is_noticed_by_the_done(
    serve: Callable[..., Duty], monkeypatch: pytest.MonkeyPatch
) -> None:
    def idle_and_forget(talk: Conversation, _tag: bytes, _arguments: bytes) -> None:
        del talk.peer.answers["IDLE"]
        talk.send(b"+ idling\r\n")
        while True:
            talk.line()

    monkeypatch.setattr(idle, "SLICE", 0.3)
    with ScriptedPeer(answers={"IDLE": idle_and_forget}) as peer:
        duty = serve(peer, **QUIET | {"IMAP_TIMEOUT": "0.3"})
        until_idle(peer, duty)
        peer.mails[1] = duty.offer()
        duty.until_logged(1, resting=REST)  # a slice, a read timeout, and a new connection


def test_row_17_the_kernel_is_told_to_ask_whether_the_peer_is_there() -> None:
    with ScriptedPeer() as peer, connect(peer.mailbox().config()) as mailbox:
        sock = mailbox._link.protocol.sock
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        names = (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT)
        assert [sock.getsockopt(socket.IPPROTO_TCP, name) for name in names] == [60, 15, 4]
        assert sock.gettimeout() == 10, "IMAP_TIMEOUT"


def test_row_18_a_hang_up_in_idle_is_noticed_at_once_and_never_a_spin(
    serve: Callable[..., Duty], monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds = itertools.count()
    line_came = idle._line_came
    monkeypatch.setattr(idle, "_line_came", lambda *told: next(rounds) < 10**6 and line_came(*told))
    with ScriptedPeer() as peer:
        duty = serve(peer, **QUIET)
        for number in range(1, 4):
            until_idle(peer, duty, number)
            peer.mails[number] = duty.offer(number)
            peer.hang_up()
            duty.until(lambda: len(duty.reasons()) == number, resting=REST)  # noqa: B023 -- called within the same round
        assert next(rounds) <= 10
        assert peer.count("LOGIN") <= 5


def test_row_18_a_server_that_hangs_up_after_every_look_is_not_besieged(
    serve: Callable[..., Duty], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "FREE_EVERY", 60.0)

    def hang_up(_talk: Conversation, _tag: bytes, _arguments: bytes) -> None:
        raise HangUp

    with ScriptedPeer(answers={"IDLE": hang_up}) as peer:
        duty = serve(peer, **QUIET)
        time.sleep(1)
        assert duty.bell.pauses[0] == 0
        assert all(pause >= 4 for pause in duty.bell.pauses[1:])
        assert peer.count("LOGIN") < 100


def test_row_18_a_server_that_tells_of_mail_and_has_none_is_listened_to_less(
    serve: Callable[..., Duty],
) -> None:
    def cry_wolf(talk: Conversation, tag: bytes, _arguments: bytes) -> None:
        talk.send(b"+ idling\r\n* %d EXISTS\r\n" % (10 + talk.peer.count("IDLE")))
        talk.done(tag)

    with ScriptedPeer(answers={"IDLE": cry_wolf}) as peer:
        duty = serve(peer, POLL_INTERVAL="30")
        duty.until(lambda: len(duty.bell.pauses) >= 6)
        assert duty.bell.pauses[:6] == [1, 2, 4, 8, 16, 30]
        peer.mails[1] = duty.offer()
        duty.until_logged(1)


def test_row_18_it_is_listened_to_no_less_than_at_every_poll_however_often_it_did_so(
    serve: Callable[..., Duty], monkeypatch: pytest.MonkeyPatch
) -> None:
    def cry_wolf(talk: Conversation, tag: bytes, _arguments: bytes) -> None:
        talk.send(b"+ idling\r\n* %d EXISTS\r\n" % (10 + talk.peer.count("IDLE")))
        talk.done(tag)

    monkeypatch.setattr(loop, "IN_VAIN", -2000)  # as after two days of it
    with ScriptedPeer(answers={"IDLE": cry_wolf}) as peer:
        duty = serve(peer, POLL_INTERVAL="30")
        duty.until(lambda: len(duty.bell.pauses) >= 3)
        assert duty.bell.pauses[:3] == [30, 30, 30]
        assert peer.count("LOGIN") == 1


@pytest.mark.parametrize("after", [b"* 1 EXISTS\r\n", b"* 0 RECENT\r\n* 1 EXISTS\r\n"])
def test_row_19_an_announcement_in_the_segment_of_the_plus_is_seen(
    after: bytes, serve: Callable[..., Duty]
) -> None:
    def announce(talk: Conversation, tag: bytes, _arguments: bytes) -> None:
        del talk.peer.answers["IDLE"]
        talk.mails[1] = duty.offer()
        talk.send(b"+ idling\r\n" + after)
        talk.done(tag)

    with ScriptedPeer() as peer:
        peer.answers["IDLE"] = announce
        duty = serve(peer, **QUIET)
        duty.until_logged(1, resting=REST)


def test_row_20_an_announcement_before_the_plus_is_new_mail(serve: Callable[..., Duty]) -> None:
    def announce(talk: Conversation, tag: bytes, _arguments: bytes) -> None:
        del talk.peer.answers["IDLE"]
        talk.mails[1] = duty.offer()
        talk.send(b"* 1 EXISTS\r\n+ idling\r\n")
        talk.done(tag)

    with ScriptedPeer() as peer:
        peer.answers["IDLE"] = announce
        duty = serve(peer, **QUIET)
        duty.until_logged(1, resting=REST)
        assert duty.bell.pauses == [], "no back-off"
        assert peer.count("LOGIN") == 1


@pytest.mark.parametrize("ending", ["hang up", "go on"])
def test_row_21_a_line_in_two_halves_is_read_or_a_new_connection_made_at_once(
    ending: str, serve: Callable[..., Duty]
) -> None:
    def halves(talk: Conversation, tag: bytes, _arguments: bytes) -> None:
        del talk.peer.answers["IDLE"]
        talk.mails[1] = duty.offer()
        talk.send(b"+ idling\r\n* 1 EX")
        time.sleep(0.1)
        if ending == "hang up":
            raise HangUp
        talk.send(b"ISTS\r\n")
        talk.done(tag)

    with ScriptedPeer() as peer:
        peer.answers["IDLE"] = halves
        duty = serve(peer, **QUIET)
        duty.until_logged(1, resting=REST)
        assert duty.bell.pauses == ([0.0] if ending == "hang up" else [])


@pytest.mark.parametrize("answer", [b"{tag} NO not now\r\n", b"{tag} BAD what?\r\n", None])
def test_row_22_without_idle_mail_is_polled_for_and_that_is_said_once(
    answer: bytes | None, serve: Callable[..., Duty], caplog: pytest.LogCaptureFixture
) -> None:
    capabilities = "IMAP4rev1 IDLE" if answer else "IMAP4rev1"
    with ScriptedPeer(answers={"IDLE": answer} if answer else {}, capabilities=capabilities) as peer:
        duty = serve(peer)
        duty.until(lambda: peer.count("NOOP") >= 2)
        peer.deliver(duty.offer())
        duty.until_logged(1, resting=REST)  # at the next poll
        peer.hang_up()
        duty.until(lambda: peer.count("LOGIN") == 2)
        peer.deliver(duty.offer(2))
        duty.until_logged(1, 2)
        duty.until(lambda: peer.count("IDLE") == (2 if answer else 0))
        before = peer.count("NOOP")
        duty.until(lambda: peer.count("NOOP") >= before + 2)
        assert peer.count("IDLE") == (2 if answer else 0), "asked once a connection"
    assert caplog.text.count("does not tell of new mail (IDLE)") == 1


def test_row_23_an_idle_is_renewed_within_five_minutes_and_polling_goes_on(
    serve: Callable[..., Duty], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert idle.SLICE <= 300
    monkeypatch.setattr(idle, "SLICE", 0.1)
    with ScriptedPeer() as peer:
        serve(peer, **QUIET).until(lambda: peer.count("IDLE") >= 5)
        assert peer.count("IDLE") < 100
    with ScriptedPeer() as peer:
        duty = serve(peer)
        duty.until(lambda: peer.count("IDLE") >= 1)
        peer.mails[1] = duty.offer()  # without a word
        duty.until_logged(1, resting=REST)  # found by the poll
