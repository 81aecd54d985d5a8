"""Signs of life: what systemd is fed, the switch outside, and the health command."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest

from crm_logger import heartbeat
from crm_logger.heartbeat import Heartbeat
from crm_logger.schedule import EX_OK, StopBell, Worker
from crm_logger.store import tables
from crm_logger.systemd import SystemdWatchdog
from tests.cast import mail
from tests.servers.scripted import ScriptedPeer

from .program import running, until
from .test_audit import ask
from .test_storage import serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from .conftest import Post


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


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


@pytest.mark.row(86)
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


@pytest.mark.row(86)
def test_a_look_that_does_not_come_to_its_end_is_no_sign_of_life(
    post_with: Callable[..., Post], monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScriptedPeer(answers={"UID SEARCH": b""}) as peer:
        post = post_with(**peer.mailbox().settings(IMAP_TIMEOUT="4"))
        bell, signs = StopBell(), list[float]()
        worker = Worker(post.office.config, post.office.store, bell)
        monkeypatch.setattr(worker.loops[0].signs._systemd, "feed", signs.append)
        with serving(worker, bell):
            until(lambda: peer.count("UID SEARCH") > 0)
            assert signs == []
            until(lambda: len(signs) > 0)
            assert signs[0] > 0, "a rest after the server was given up, as planned"


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


@pytest.mark.row(86)
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


@pytest.mark.row(86)
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
