"""What is wrong is an alarm from when it is noticed until it is over; and no trouble but an order ends the service."""

from __future__ import annotations

import socket
import sys
import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crm_logger import heartbeat
from crm_logger.alarms import OF_THE_MAILBOX, AlarmKind, Alarms
from crm_logger.config import Secret, load_config
from crm_logger.core.model import Outcome, RawMail, Reason, Refuse
from crm_logger.heartbeat import Heartbeat
from crm_logger.patience import LOGINS, REFUSED_PAUSE, State
from crm_logger.schedule import EX_NOPERM, EX_OK, EX_TEMPFAIL, StopBell, Worker
from crm_logger.signs import Signs
from crm_logger.store import Place, Store, alarms, tables
from crm_logger.systemd import SystemdWatchdog
from tests.cast import mail
from tests.office import NOW

from .program import running, until
from .test_audit import ask
from .test_storage import serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .conftest import Post

PAGE = (Path(__file__).parents[2] / "docs/operating.md").read_text(encoding="utf-8")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path}/crm.sqlite3", NOW)
    yield opened
    opened.close()


@pytest.mark.parametrize("kind", AlarmKind)
def test_the_page_tells_of_every_alarm_what_to_do(kind: AlarmKind) -> None:
    assert PAGE.count(f"\n| `{kind}` |") == 1


def test_every_state_that_is_told_of_is_an_alarm() -> None:
    silent = {State.FINE, State.LOGIN_REFUSED, State.THROTTLED}
    assert {state.value.rstrip("?") for state in State if state not in silent} == OF_THE_MAILBOX


def test_an_alarm_is_raised_once_and_cleared_once(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "crm_logger.alarms")
    told = Alarms(store, lambda: NOW)
    told.sound("disk", "short")
    told.sound("disk", "shorter")
    told.clear("disk", "audit")
    told.clear("disk")
    told.sound("disk", "short again")
    with store.reading():
        found = [(each.detail, each.cleared) for each in alarms.alarms(open_only=False)]
    assert found == [("short again", None), ("shorter", NOW)]
    assert [record.levelname for record in caplog.records] == ["ERROR", "INFO", "ERROR"]


def test_a_new_worker_knows_the_alarms_of_the_one_before(store: Store) -> None:
    Alarms(store, lambda: NOW).sound("disk", "short")
    second = Alarms(store, lambda: NOW)
    assert second.is_open("disk")
    store.clear_alarm("disk", NOW)
    second.refresh()
    assert not second.is_open("disk")


def test_what_was_raised_with_a_mail_is_told_in_the_log_once(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    told = Alarms(store, lambda: NOW)
    store.raise_alarm(AlarmKind.LIMIT, "more than 60 mails a minute", NOW)
    for _ in range(2):
        told.refresh()
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("ERROR", "alarm: more than 60 mails a minute")
    ]


@pytest.mark.embedded
def test_the_service_tells_of_a_flood_and_says_when_it_is_over(
    post_with: Callable[..., Post], caplog: pytest.LogCaptureFixture
) -> None:
    post = post_with(POLL_INTERVAL="1", LIMIT_MAILS_PER_MINUTE="1")
    bell = StopBell()
    worker = Worker(post.office.config, post.office.store, bell)
    for _ in range(2):
        post.mailbox.append(mail(to_log=post.office.bcc))
    with serving(worker, bell):
        until(lambda: worker.alarms.is_open(AlarmKind.LIMIT))
        with post.office.store.writing():
            past = NOW - timedelta(days=2)
            tables.Alarm.update(raised=past).execute()
            tables.Decision.update(counted_at=past).execute()
        until(lambda: post.alarms() == [])
    assert "more than 1 mails a minute" in caplog.text


# ---------------------------------------------------------------- the mailbox


@contextmanager
def rests(bell: StopBell, monkeypatch: pytest.MonkeyPatch, number: int) -> Iterator[list[float]]:
    """Rest without waiting, and stop after so many rests."""
    rested: list[float] = []

    def rest(seconds: float, _until: Callable[[], bool]) -> None:
        rested.append(seconds)
        if len(rested) == number:
            bell.stop()

    monkeypatch.setattr(bell, "sleep", rest)
    yield rested
    bell.close()


@pytest.mark.embedded
def test_a_refused_login_is_a_state_with_an_alarm_and_never_the_end(
    post_with: Callable[..., Post], monkeypatch: pytest.MonkeyPatch
) -> None:
    post = post_with(IMAP_PASSWORD="wrong")
    bell = StopBell()
    worker = Worker(post.office.config, post.office.store, bell)
    with rests(bell, monkeypatch, LOGINS + 2) as rested:
        assert worker.serve() == EX_OK
    assert rested[LOGINS - 1 :] == [REFUSED_PAUSE] * 3
    assert REFUSED_PAUSE == 1800
    assert post.alarms() == [AlarmKind.AUTH_FAILED]
    with running(post.office.config, post.folder / "log", "run", "--once") as once:
        assert once.end() == EX_NOPERM
    mended = replace(post.office.config, imap_password=Secret(post.mailbox.password))
    again = StopBell()
    with serving(Worker(mended, post.office.store, again), again):
        until(lambda: post.alarms() == [])


@pytest.mark.embedded
def test_a_server_that_stays_away_is_an_alarm(
    post_with: Callable[..., Post], monkeypatch: pytest.MonkeyPatch
) -> None:
    post = post_with(IMAP_PORT="1")
    bell = StopBell()
    with rests(bell, monkeypatch, 20):
        Worker(post.office.config, post.office.store, bell).serve()
    assert post.alarms() == [AlarmKind.UNREACHABLE]


# ---------------------------------------------------------------- jobs and the clock


@pytest.mark.embedded
def test_a_job_that_fails_three_times_is_an_alarm_and_the_polls_go_on(post_with: Callable[..., Post]) -> None:
    post = post_with(POLL_INTERVAL="0.2")
    bell = StopBell()
    worker = Worker(post.office.config, post.office.store, bell)
    times = []

    def fails() -> None:
        times.append(post.alarms())
        raise ZeroDivisionError

    worker._timetable.chore("sums", fails, seconds=0.05)
    with serving(worker, bell):
        until(lambda: AlarmKind.JOB in post.alarms())
        assert times[:3] == [[], [], []]
        post.mailbox.append(mail())
        until(lambda: post.reasons() == ["no-log-address"])
    assert "sums failed" in post.office.store.open_alarms()[0].detail


@pytest.mark.embedded
def test_a_job_that_wants_the_program_to_end_ends_it(post: Post) -> None:
    bell = StopBell()
    worker = Worker(post.office.config, post.office.store, bell)
    worker._timetable.chore("the end", lambda: sys.exit(3))
    with serving(worker, bell) as status:
        until(lambda: bool(status))
    assert status == [EX_TEMPFAIL]


@pytest.mark.embedded
def test_a_bug_in_the_poll_is_told_and_the_next_poll_goes_on(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, bugs = post.office.store.without_receipt, [1, 2, 3]

    def buggy(place: Place, uids: list[int]) -> list[int]:
        if bugs:
            bugs.pop()
            raise ZeroDivisionError
        return real(place, uids)

    monkeypatch.setattr(post.office.store, "without_receipt", buggy)
    bell = StopBell()
    worker = Worker(post.office.config, post.office.store, bell)
    monkeypatch.setattr(worker, "_next_pause", lambda: 0.05)
    post.mailbox.append(mail())
    with serving(worker, bell):
        until(lambda: post.reasons() == ["no-log-address"])
    assert post.alarms() == [AlarmKind.JOB]
    assert ask(post, "alarm", "clear", "job") == (0, "The alarm job is cleared.\n")
    assert ask(post, "alarm", "clear", "job") == (0, "No alarm job is open.\n")
    assert post.alarms() == []


@pytest.mark.embedded
@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_jumps_does_not_stop_the_polls(
    post_with: Callable[..., Post], monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    """Set back, APScheduler is silent until the old time has come again; set forward, it is late by all those polls."""
    post = post_with(POLL_INTERVAL="0.3")
    bell = StopBell()
    worker = Worker(post.office.config, post.office.store, bell)
    looks: list[int] = []
    monkeypatch.setattr(worker.signs, "looked", lambda: looks.append(1))
    with serving(worker, bell):
        until(lambda: len(looks) > 1)
        scheduler = worker._timetable._scheduler
        poll = scheduler.get_job("poll")
        scheduler.modify_job("poll", next_run_time=poll.next_run_time - timedelta(hours=hours))
        before = len(looks)
        until(lambda: len(looks) > before + 3, seconds=6)
    assert len(looks) < before + 100


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_polls_that_do_not_end_are_an_alarm_unless_a_rest_was_planned(store: Store) -> None:
    clock, told = Clock(), Alarms(store, lambda: NOW)
    signs = Signs(load_config({"POLL_INTERVAL": "60"}, {}, None), told, bool, clock)
    signs.rests(1800)
    clock.now += 1980
    signs.stale()
    assert not told.is_open(AlarmKind.POLL_STALE)
    signs.looked()
    clock.now += 191
    signs.went_on()
    signs.stale()
    assert not told.is_open(AlarmKind.POLL_STALE), "mails that are taken in are signs of life"
    clock.now += 191
    signs.stale()
    assert told.is_open(AlarmKind.POLL_STALE)
    signs.looked()
    assert not told.is_open(AlarmKind.POLL_STALE)


def test_a_worker_hangs_after_ten_intervals_and_no_less_than_ten_minutes(store: Store) -> None:
    told = Alarms(store, lambda: NOW)
    for interval, seconds in (("1", 600), ("60", 600), ("600", 6000)):
        config = load_config({"POLL_INTERVAL": interval}, {}, None)
        assert Signs(config, told, bool).watchdog.seconds == seconds


# ---------------------------------------------------------------- systemd and the dead-man's switch


def test_systemd_is_fed_and_told_how_long_it_may_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        SystemdWatchdog(660).feed()
        monkeypatch.setenv("WATCHDOG_USEC", "900000000")
        watchdog = SystemdWatchdog(660)
        for rest in (0, 0, 1800, 0):
            watchdog.feed(rest)
        said = [systemd.recv(100).decode() for _ in range(7)]
        with pytest.raises(BlockingIOError):
            systemd.recv(100)
    assert said == [
        *("WATCHDOG_USEC=660000000", "WATCHDOG=1", "WATCHDOG=1"),
        *("WATCHDOG_USEC=2460000000", "WATCHDOG=1"),
        *("WATCHDOG_USEC=660000000", "WATCHDOG=1"),
    ]
    SystemdWatchdog(660).feed()


@pytest.mark.embedded
def test_systemd_hears_of_a_finished_poll_and_not_before(
    post_with: Callable[..., Post], tmp_path: Path
) -> None:
    post = post_with(POLL_INTERVAL="1")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(20)
        env = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "900000000"}
        with running(post.office.config, tmp_path / "log", env=env):
            assert [systemd.recv(100).decode() for _ in range(3)] == [
                "READY=1\nSTATUS=at work",
                "WATCHDOG_USEC=660000000",
                "WATCHDOG=1",
            ]
        with running(post.office.config, tmp_path / "log", env=env, IMAP_PORT="1"):
            heard = [systemd.recv(100).decode() for _ in range(5)]
            while "WATCHDOG=1" in heard[-1:] or not heard[-1].startswith("STATUS=unreachable"):
                heard.append(systemd.recv(100).decode())


@contextmanager
def website(status: int) -> Iterator[tuple[str, list[str]]]:
    """A site that answers so; gives its address and the paths that were asked for."""
    asked: list[str] = []

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Site) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/ping/secret", asked
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.embedded
def test_the_switch_outside_is_called_after_a_finished_poll_once_a_minute(
    post_with: Callable[..., Post],
) -> None:
    with website(200) as (url, asked):
        post = post_with(POLL_INTERVAL="0.2", PING_URL=url)
        bell = StopBell()
        with serving(Worker(post.office.config, post.office.store, bell), bell):
            until(lambda: asked == ["/ping/secret"])
            post.mailbox.append(mail())
            until(lambda: len(post.reasons()) == 1)
        assert asked == ["/ping/secret"]


def test_the_switch_is_due_once_a_minute() -> None:
    clock = Clock()
    beat = Heartbeat("http://127.0.0.1:1/", clock)
    due = []
    for _ in range(300):
        due.append(beat.due())
        clock.now += 1
    assert (due[0], due[59], due[60], sum(due)) == (True, False, True, 5)
    assert not Heartbeat("", clock).due()


def test_a_switch_that_does_not_answer_is_told_once_without_its_address(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with website(500) as (url, asked):
        beat = Heartbeat(url)
        beat.call()
        beat.call()
        assert len(asked) == 2
    beat.call()
    assert [record.message for record in caplog.records] == ["PING_URL does not answer"]
    assert "secret" not in caplog.text


def test_a_switch_that_keeps_us_waiting_is_given_up_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    assert heartbeat.TIMEOUT <= 5
    monkeypatch.setattr(heartbeat, "TIMEOUT", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        Heartbeat(f"http://127.0.0.1:{silent.getsockname()[1]}/").call()


# ---------------------------------------------------------------- health


@pytest.mark.embedded
def test_health_is_one_line_and_a_status(post_with: Callable[..., Post]) -> None:
    post = post_with(POLL_INTERVAL="0.5")
    assert ask(post, "health") == (1, "not well: no look at the mailbox has come to its end yet\n")
    bell = StopBell()
    with serving(Worker(post.office.config, post.office.store, bell), bell):
        until(lambda: ask(post, "health")[0] == 0)
        said = ask(post, "health")[1]
        assert said.startswith("ok: the last look at the mailbox was ")
        assert said.count("\n") == 1


@pytest.mark.embedded
def test_health_notices_what_is_wrong(post: Post) -> None:
    with running(post.office.config, post.folder / "log", "run", "--once") as once:
        assert once.end() == EX_OK
    assert ask(post, "health")[0] == 0
    status, said = ask(post, "--set", "MIN_FREE_PERCENT=100", "health")
    assert status == 1
    assert "MB left" in said
    with post.office.store.writing():
        hour_ago = datetime.now(UTC) - timedelta(hours=1)
        tables.FolderState.update(looked_at=hour_ago).execute()
    assert ask(post, "health") == (1, "not well: the last look at the mailbox was 60 min ago\n")
    post.office.store.close()
    post.database().write_bytes(b"Dear Carl")
    status, said = ask(post, "health")
    assert status == 1
    assert "is not a database" in said


# ---------------------------------------------------------------- mail that was set aside


def test_mail_that_was_set_aside_is_an_alarm_until_none_is_left(post: Post) -> None:
    store = post.office.store
    place = Place(store.mailbox_id("log"), "INBOX", 7)
    failed, fine = Refuse(0, Reason.PARSE_CRASH, "it died"), Refuse(0, Reason.NO_LOG_ADDRESS)
    told = store.record(place, RawMail(1, b"x", NOW), (failed,), NOW)
    bell = StopBell()
    worker = Worker(post.office.config, store, bell)
    worker._watch_failed({Outcome.FAILED: 1}, whole=False)
    worker._watch_failed({Outcome.REFUSED: 5}, whole=False)
    assert post.alarms() == [AlarmKind.SET_ASIDE]
    store.record_again(told.receipt_id, RawMail(1, b"x", NOW), (fine,), NOW)
    worker._watch_failed({}, whole=False)
    assert post.alarms() == []
    bell.close()
