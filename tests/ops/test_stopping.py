"""SIGTERM ends the worker within ten seconds, whatever it is at; and a hang ends it by itself."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING

import pytest

from crm_logger.schedule import EX_OK
from crm_logger.watchdog import GRACE, LAST_GRACE, TICK, Watchdog
from tests.cast import mail
from tests.servers.scripted import ScriptedPeer

from .program import running, until

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.servers.dovecot import Dovecot

    from .conftest import Post

WITHIN = 10
MANY = 100


def stopped_in(program: object, number: signal.Signals = signal.SIGTERM) -> float:
    """Send the signal; return the seconds until the process ended well."""
    started = time.monotonic()
    program.send(number)  # type: ignore[attr-defined]  # a Program
    assert program.end() == EX_OK  # type: ignore[attr-defined]  # the same
    return time.monotonic() - started


@pytest.mark.embedded
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_while_it_waits_for_mail(post_with: Callable[..., Post], number: signal.Signals) -> None:
    post = post_with(POLL_INTERVAL="3600")
    with running(post.office.config, post.folder / "log") as worker:
        worker.await_line("looked")
        time.sleep(0.3)
        assert stopped_in(worker, number) < WITHIN / 2
        assert worker.said().rstrip().endswith("INFO stopped")


@pytest.mark.row(71)
@pytest.mark.dovecot
def test_it_ends_while_it_idles_at_dovecot(post_with: Callable[..., Post], dovecot: Dovecot) -> None:
    post = post_with(**dovecot.mailbox().settings(), POLL_INTERVAL="3600")
    with running(post.office.config, post.folder / "log") as worker:
        worker.await_line("looked")
        time.sleep(0.3)
        assert stopped_in(worker) < WITHIN / 2
        assert "cutting" not in worker.said(), "it waited until the watchdog cut the connection"


@pytest.mark.embedded
def test_it_ends_while_the_server_is_away(post_with: Callable[..., Post]) -> None:
    post = post_with(IMAP_PORT="1")
    with running(post.office.config, post.folder / "log") as worker:
        worker.await_line("next_try_in")
        assert stopped_in(worker) < WITHIN / 2


@pytest.mark.row(71)
@pytest.mark.embedded
def test_it_ends_after_the_mail_in_hand(post: Post) -> None:
    with post.mailbox.client() as client:
        for number in range(MANY):
            client.append("INBOX", mail(to_log=post.office.bcc, subject=f"Offer {number}"))
    with running(post.office.config, post.folder / "log") as worker:
        until(lambda: len(post.reasons()) > 3, told=worker.said)
        assert stopped_in(worker) < WITHIN
    taken = len(post.reasons())
    with running(post.office.config, post.folder / "log", "run", "--once") as worker:
        assert worker.end(60) == EX_OK
        assert "uncleanly" not in worker.said()
    assert taken <= len(post.reasons()) == MANY


@pytest.mark.row(71)
def test_it_ends_though_the_server_has_stopped_answering(post_with: Callable[..., Post]) -> None:
    with ScriptedPeer(answers={"NOOP": b""}) as peer:
        post = post_with(**peer.mailbox().settings())
        with running(post.office.config, post.folder / "log", IMAP_TIMEOUT="60") as worker:
            until(lambda: peer.count("NOOP") > 0, told=worker.said)
            assert stopped_in(worker) < WITHIN
            assert "cutting the connection" in worker.said()


# ---------------------------------------------------------------- the watchdog


class Time:
    """A clock that the test turns, and what the watchdog did by it."""

    def __init__(self, seconds: float = 600) -> None:
        self.now = 1000.0
        self.stopped = False
        self.ends: list[int] = []
        self.cuts = 0
        self.dog = Watchdog(seconds, lambda: self.stopped, self.ends.append, lambda: self.now)
        self.dog.cut = self._cut

    def _cut(self) -> None:
        self.cuts += 1

    def passes(self, seconds: float) -> None:
        for _ in range(round(seconds / TICK)):
            self.now += TICK
            self.dog.tick()


@pytest.mark.row(82)
def test_a_worker_without_a_sign_of_life_is_ended_for_another_start() -> None:
    time = Time()
    time.passes(599)
    assert time.ends == []
    time.dog.feed()
    time.passes(599)
    assert time.ends == []
    time.passes(1)
    assert time.ends == [os.EX_TEMPFAIL]


def test_a_rest_that_is_planned_is_no_hang() -> None:
    time = Time()
    time.dog.feed(rest=1800)
    time.passes(2399)
    assert time.ends == []
    time.passes(1)
    assert time.ends == [os.EX_TEMPFAIL]


def test_a_machine_that_stood_still_is_no_hang() -> None:
    time = Time()
    time.now += 86400
    time.passes(590)
    assert time.ends == []


@pytest.mark.row(82)
def test_an_order_to_stop_cuts_first_and_then_ends() -> None:
    time = Time()
    time.stopped = True
    time.passes(GRACE - 1)
    assert (time.cuts, time.ends) == (0, [])
    time.passes(1)
    assert (time.cuts, time.ends) == (1, [])
    time.passes(LAST_GRACE - GRACE)
    assert (time.cuts, time.ends) == (1, [os.EX_OK])
    time.passes(100)
    assert (time.cuts, time.ends) == (1, [os.EX_OK])


def test_the_watchdog_runs_in_a_thread_of_its_own() -> None:
    ends: list[int] = []
    dog = Watchdog(0.1, bool, ends.append)
    dog.start()
    until(lambda: bool(ends))
    dog.close()
    assert ends[0] == os.EX_TEMPFAIL
