"""Rows 24 to 36: servers that are away, logins that are refused, and providers that hold us back."""

from __future__ import annotations

import socket
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from crm_logger import patience
from crm_logger.mailbox import MailboxAway, MailboxRefused, Why
from crm_logger.patience import HOUR, MINUTE, Patience, State
from crm_logger.signs import HANGS
from tests.faults.duty import REST
from tests.servers.scripted import HangUp, ScriptedPeer

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.faults.duty import Duty
    from tests.servers.scripted import Conversation

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def test_row_24_a_server_that_is_away_is_tried_for_ever_ever_more_slowly(
    serve: Callable[..., Duty], caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with ScriptedPeer() as peer:
        duty = serve(peer, IMAP_PORT=str(port))
        duty.until(lambda: len(duty.bell.pauses) >= 9)
        assert duty.alarms() == ["unreachable"]
    wanted = [5, 10, 20, 40, 80, 160, 300, 300, 300]
    assert all(
        0.8 * least <= pause <= 1.2 * least for pause, least in zip(duty.bell.pauses, wanted, strict=False)
    )
    records = [record for record in caplog.records if hasattr(record, "since")]
    assert {vars(record)["state"] for record in records} == {"unreachable"}
    assert len({vars(record)["since"] for record in records}) == 1, "unreachable since"


def test_row_24_a_name_that_is_not_found_is_waited_for(serve: Callable[..., Duty]) -> None:
    with ScriptedPeer() as peer:
        duty = serve(peer, IMAP_HOST="mail.invalid", IMAP_SECURITY="tls")
        duty.until(lambda: len(duty.bell.pauses) >= 3)


def test_row_24_mail_comes_again_when_the_server_does(serve: Callable[..., Duty]) -> None:
    with ScriptedPeer() as peer:
        duty = serve(peer)
        duty.until(lambda: peer.count("IDLE") == 1)
        port = peer.port
    duty.until(lambda: duty.alarms() == ["unreachable"])
    with ScriptedPeer({1: duty.offer()}, port=port):
        duty.until_logged(1, resting=patience.LONGEST_PAUSE)
        duty.until(lambda: duty.alarms() == [])


def test_row_25_a_certificate_that_nobody_vouches_for_is_never_taken(
    serve: Callable[..., Duty], caplog: pytest.LogCaptureFixture
) -> None:
    with ScriptedPeer(tls=True) as peer:
        duty = serve(peer, IMAP_SECURITY="tls")
        duty.until(lambda: len(duty.bell.pauses) >= 2)
        assert peer.commands == [], "not a byte, and never without TLS"
        assert set(duty.bell.pauses) == {patience.LONGEST_PAUSE}
        assert duty.alarms() == ["misconfigured"]
    assert "cannot be trusted" in caplog.text


@pytest.mark.parametrize(
    ("greeting", "settings", "alarm", "hint"),
    [
        (b"* OK ready\r\n", {"IMAP_SECURITY": "tls"}, "misconfigured", "does not speak TLS"),
        (b"HTTP/1.1 400 Bad Request\r\n", {}, "misconfigured", "is no IMAP server"),
        (b"", {"IMAP_TIMEOUT": "0.2"}, "unreachable", "did not answer in time"),
        (b"* BYE Too many connections\r\n", {}, "unreachable", "Too many connections"),
    ],
)
def test_row_26_a_wrong_port_is_a_hint_and_a_busy_server_is_waited_for(
    greeting: bytes,
    settings: dict[str, str],
    alarm: str,
    hint: str,
    *,
    serve: Callable[..., Duty],
    caplog: pytest.LogCaptureFixture,
) -> None:
    with ScriptedPeer(greeting=greeting) as peer:
        duty = serve(peer, **settings)
        duty.until(lambda: duty.alarms() == [alarm])
    assert hint in caplog.text


def test_row_27_a_wrong_password_is_tried_three_times_and_then_every_half_hour(
    serve: Callable[..., Duty], caplog: pytest.LogCaptureFixture
) -> None:
    with ScriptedPeer(answers={"LOGIN": b"{tag} NO [AUTHENTICATIONFAILED] no\r\n"}) as peer:
        duty = serve(peer)
        duty.until(lambda: len(duty.bell.pauses) >= 4)
        assert duty.bell.pauses[:4] == [MINUTE, 5 * MINUTE, 30 * MINUTE, 30 * MINUTE]
        assert duty.alarms() == ["auth-failed"]
        peer.answers.clear()
        peer.deliver(duty.offer())
        duty.until_logged(1, resting=30 * MINUTE)
        duty.until(lambda: duty.alarms() == [])
    assert "secret" not in caplog.text


@pytest.mark.parametrize("code", ["UNAVAILABLE", "INUSE", "LIMIT"])
def test_row_28_a_login_that_is_impossible_just_now_is_no_wrong_password(
    code: str, serve: Callable[..., Duty]
) -> None:
    with ScriptedPeer(answers={"LOGIN": f"{{tag}} NO [{code}] later\r\n".encode()}) as peer:
        duty = serve(peer)
        duty.until(lambda: len(duty.bell.pauses) >= 4)
        assert duty.bell.pauses[0] < 10
        assert duty.alarms() == ["unreachable"]


def test_row_29_a_hang_up_during_login_is_no_wrong_password(serve: Callable[..., Duty]) -> None:
    def hang_up(talk: Conversation, _tag: bytes, _arguments: bytes) -> None:
        if talk.peer.count("LOGIN") == 2:
            del talk.peer.answers["LOGIN"]
        raise HangUp

    with ScriptedPeer(answers={"LOGIN": hang_up}) as peer:
        duty = serve(peer)
        peer.deliver(duty.offer())
        duty.until_logged(1, resting=3 * REST)
        assert all(pause < 15 for pause in duty.bell.pauses)


def test_row_30_a_refusal_without_a_reason_may_pass_for_an_hour(serve: Callable[..., Duty]) -> None:
    with ScriptedPeer(answers={"LOGIN": b"{tag} NO LOGIN failed.\r\n"}) as peer:
        duty = serve(peer)
        duty.until(lambda: len(duty.bell.pauses) >= 4)
        assert duty.bell.pauses[:4] == [MINUTE, 2 * MINUTE, 4 * MINUTE, 5 * MINUTE]
        assert duty.alarms() == []
    unsure = Patience()
    refused = MailboxRefused("LOGIN failed.", certain=False)
    seen = [unsure.after(refused, NOW + timedelta(seconds=clock), clock) for clock in (0, HOUR - 1, HOUR)]
    assert [each.state for each in seen] == [State.LOGIN_REFUSED, State.LOGIN_REFUSED, State.AUTH_FAILED]
    assert [each.alarm for each in seen] == [False, False, True]
    assert seen[-1].seconds == 30 * MINUTE


def test_row_31_authenticated_but_not_connected_is_a_question_of_permission_after_four_times(
    serve: Callable[..., Duty], caplog: pytest.LogCaptureFixture
) -> None:
    text = b"{tag} BAD User is authenticated but not connected.\r\n"
    with ScriptedPeer(answers={"EXAMINE": text}) as peer:
        duty = serve(peer)
        duty.until(lambda: len(duty.bell.pauses) >= 3)
        assert duty.alarms() == []
        duty.until(lambda: duty.alarms() == ["permission"])
        assert set(duty.bell.pauses) == {15 * MINUTE}
    assert "the user may lack" in caplog.text


@pytest.mark.parametrize(
    ("milliseconds", "seconds"), [(299_961, 299.961), (99_999_999_999, HOUR)], ids=["obeyed", "capped"]
)
@pytest.mark.parametrize("answer", [b"{tag} BAD %s\r\n", b"* BYE %s\r\n"], ids=["bad", "bye"])
def test_row_32_a_throttled_server_is_left_alone_for_as_long_as_it_says(
    answer: bytes, milliseconds: int, seconds: float, serve: Callable[..., Duty]
) -> None:
    text = b"Request is throttled. Suggested Backoff Time: %d milliseconds" % milliseconds

    def throttle(talk: Conversation, tag: bytes, _arguments: bytes) -> None:
        del talk.peer.answers["UID FETCH"]
        talk.send((answer % text).replace(b"{tag}", tag))
        if b"BYE" in answer:
            raise HangUp

    with ScriptedPeer(answers={"UID FETCH": throttle}) as peer:
        duty = serve(peer)
        peer.mails[1] = duty.offer()
        duty.until_logged(1)
        assert duty.bell.pauses == [pytest.approx(seconds)]


def test_row_33_gmails_limits_are_waited_out_ever_longer_on_one_connection(
    serve: Callable[..., Duty],
) -> None:
    limit = b"{tag} NO [OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)\r\n"
    with ScriptedPeer(answers={"UID FETCH": limit}) as peer:
        duty = serve(peer)
        peer.mails[1] = duty.offer()
        duty.until(lambda: len(duty.bell.pauses) >= 8)
        halves = [30 * MINUTE * 2**number for number in range(6)]
        assert duty.bell.pauses[:8] == [*halves, 24 * HOUR, 24 * HOUR]
        assert duty.alarms() == ["over-quota"]
        assert sum(not talk.ended for talk in peer.talks) <= 1, "one connection at a time"


def test_row_33_a_slow_ok_is_an_ok_and_each_body_is_fetched_once(serve: Callable[..., Duty]) -> None:
    def slow(talk: Conversation, tag: bytes, arguments: bytes) -> None:
        talk.default("UID FETCH", b"* OK still here\r\n" + tag, arguments)

    with ScriptedPeer(answers={"UID FETCH": slow}) as peer:
        duty = serve(peer)
        peer.mails.update({uid: duty.offer(uid) for uid in range(1, 150)})
        duty.until_logged(*range(1, 150))
        fetched = [command.split()[2] for command in peer.commands if "BODY.PEEK[]" in command]
        uids = [uid for each in fetched for uid in each.split(",")]
        assert len(uids) == len(set(uids)) == 149


def test_row_34_an_audit_that_the_end_of_a_token_cut_off_is_made_in_the_next_session(
    serve: Callable[..., Duty], caplog: pytest.LogCaptureFixture
) -> None:
    def expire(talk: Conversation, _tag: bytes, _arguments: bytes) -> None:
        del talk.peer.answers["UID SEARCH"]
        talk.send(b"* BYE Session invalidated - AccessTokenExpired\r\n")
        raise HangUp

    with ScriptedPeer() as peer:
        duty = serve(peer, POLL_INTERVAL="3600")
        duty.until(lambda: caplog.messages.count("audited") == 1)
        peer.answers["UID SEARCH"] = expire
        duty.worker._want_audit()
        duty.until(lambda: caplog.messages.count("audited") == 2, resting=REST)


def test_mail_that_comes_while_the_audit_counts_waits_for_no_poll(
    serve: Callable[..., Duty], caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[bytes] = []

    def deliver_to_the_second(talk: Conversation, tag: bytes, arguments: bytes) -> None:
        seen.append(arguments)
        if len(seen) == 2:
            talk.mails[1] = duty.offer()
        talk.default("NOOP", tag, arguments)

    with ScriptedPeer() as peer:
        duty = serve(peer, POLL_INTERVAL="3600")
        duty.until(lambda: caplog.messages.count("audited") == 1)
        peer.answers["NOOP"] = deliver_to_the_second
        duty.worker._want_audit()
        duty.until_logged(1, resting=REST)


def test_an_audit_of_large_folders_is_no_hang_that_costs_the_lease(serve: Callable[..., Duty]) -> None:
    hung: list[bool] = []

    def a_while_later(talk: Conversation, tag: bytes, arguments: bytes) -> None:
        signs = duty.worker.loops[0].signs
        clock, signs._clock = signs._clock, lambda: time.monotonic() + 2 * HANGS
        hung.append(signs.hangs)
        signs._clock = clock
        talk.default("EXAMINE", tag, arguments)

    with ScriptedPeer() as peer:
        peer.folders["Logged"] = {}
        duty = serve(peer, FILING="move")
        duty.until(lambda: peer.count("IDLE") >= 1)
        peer.answers["EXAMINE"] = a_while_later
        duty.worker._want_audit()
        duty.until(lambda: len(hung) > 0)
    assert not any(hung)


def test_row_36_a_mailbox_that_fills_up_is_told_of_at_four_fifths(
    serve: Callable[..., Duty], caplog: pytest.LogCaptureFixture
) -> None:
    def quota(talk: Conversation, tag: bytes, _arguments: bytes) -> None:
        talk.send(b'* QUOTAROOT "INBOX" "user"\r\n* QUOTA "user" (STORAGE %d 1000 MESSAGE 3 0)\r\n' % used[0])
        talk.ok(tag)

    used = [799]
    with ScriptedPeer(answers={"GETQUOTAROOT": quota}, capabilities="IMAP4rev1 IDLE QUOTA") as peer:
        duty = serve(peer)
        duty.until(lambda: peer.count("IDLE") >= 1)
        assert duty.alarms() == []
        used[0] = 800
        duty.worker._want_audit()
        duty.until(lambda: duty.alarms() == ["mailbox-full"])
        used[0] = 10
        duty.worker._want_audit()
        duty.until(lambda: duty.alarms() == [])
    assert "80 %" in caplog.text


def test_row_36_a_server_that_refuses_to_tell_its_quota_is_no_trouble(serve: Callable[..., Duty]) -> None:
    peer = ScriptedPeer(answers={"GETQUOTAROOT": b"{tag} NO no\r\n"}, capabilities="IMAP4rev1 IDLE QUOTA")
    with peer:
        duty = serve(peer)
        peer.deliver(duty.offer())
        duty.until_logged(1, resting=REST)
        assert duty.bell.pauses == []


def test_the_first_break_after_a_time_that_worked_needs_no_pause_and_the_next_one_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.undo()
    patient = Patience(jitter=lambda: 1.0)
    broken = MailboxAway("The connection broke.")
    pauses = []
    for clock in (0.0, 1.0, 100.0):
        patient.worked()
        pauses.append(patient.after(broken, NOW, clock).seconds)
    assert pauses == [0, 5, 0]


def test_each_pause_is_no_shorter_than_the_one_before_it() -> None:
    for why in Why:
        patient = Patience(jitter=lambda: 1.0)
        pauses = [
            patient.after(MailboxAway("away", why=why), NOW, float(clock)).seconds for clock in range(20)
        ]
        assert all(first <= second for first, second in pairwise(pauses)), why
