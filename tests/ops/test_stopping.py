"""SIGTERM ends the worker within ten seconds, whatever it is at; and a hang ends it by itself."""

from __future__ import annotations

import os
import signal
import threading
import time
from itertools import count
from typing import TYPE_CHECKING

import pytest

from crm_logger import schedule, watchdog
from crm_logger.schedule import EX_OK, StopBell, Worker
from crm_logger.watchdog import GRACE, LAST_GRACE, TICK, Watchdog
from tests.cast import mail
from tests.servers.scripted import ScriptedPeer

from .program import running, until
from .test_storage import serving

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.servers.dovecot import Dovecot

    from .conftest import Post
    from .program import Program

CUT, KILLED = "cutting the connection", "it ends in the middle"
"""What is said 5 and 8 seconds after the order to stop, by the clock of the worker itself."""


def stopped(program: Program, number: signal.Signals = signal.SIGTERM) -> str:
    """Send the signal; return what was said until it ended well."""
    program.send(number)
    assert program.end(60) == EX_OK
    said = program.said()
    assert said.rstrip().endswith("INFO stopped")
    assert KILLED not in said
    return said


@pytest.mark.row(71)
@pytest.mark.embedded
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_while_it_waits_for_mail(post_with: Callable[..., Post], number: signal.Signals) -> None:
    post = post_with(POLL_INTERVAL="3600")
    with running(post.office.config, post.folder / "log") as worker:
        worker.await_line("looked")
        time.sleep(0.3)
        assert CUT not in stopped(worker, number)


@pytest.mark.row(71)
@pytest.mark.dovecot
def test_it_ends_while_it_idles_at_dovecot(post_with: Callable[..., Post], dovecot: Dovecot) -> None:
    post = post_with(**dovecot.mailbox().settings(), POLL_INTERVAL="3600")
    with running(post.office.config, post.folder / "log") as worker:
        worker.await_line("looked")
        time.sleep(0.3)
        assert CUT not in stopped(worker)


@pytest.mark.embedded
def test_it_ends_while_the_server_is_away(post_with: Callable[..., Post]) -> None:
    post = post_with(IMAP_PORT="1")
    with running(post.office.config, post.folder / "log") as worker:
        worker.await_line("next_try_in")
        assert CUT not in stopped(worker)


@pytest.mark.row(71)
@pytest.mark.embedded
def test_it_ends_after_the_mail_in_hand(
    post_with: Callable[..., Post], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came before the order is recorded and filed; the rest lies where it came, and the next worker finds nothing amiss."""
    post = post_with(FILING="move")
    for number in range(5):
        post.mailbox.append(mail(to_log=post.office.bcc, subject=f"Offer {number}"))
    bell, asked = StopBell(), count(1)
    worker = Worker(post.office.config, post.office.store, bell)
    monkeypatch.setattr(worker.loops[0].signs, "went_on", lambda: bell.stop() if next(asked) == 3 else None)
    assert worker.serve() == EX_OK
    bell.close()
    assert post.reasons() == ["logged"] * 2
    assert [len(post.mailbox.mails(folder)) for folder in ("INBOX", "Logged")] == [3, 2]
    assert schedule.run(post.office.config, once=True) == EX_OK
    assert post.reasons() == ["logged"] * 5
    assert [len(post.mailbox.mails(folder)) for folder in ("INBOX", "Logged")] == [0, 5]
    assert "uncleanly" not in caplog.text


@pytest.mark.row(71)
def test_it_ends_though_the_server_has_stopped_answering(post_with: Callable[..., Post]) -> None:
    with ScriptedPeer(answers={"NOOP": b""}) as peer:
        post = post_with(**peer.mailbox().settings())
        with running(post.office.config, post.folder / "log", IMAP_TIMEOUT="60") as worker:
            until(lambda: peer.count("NOOP") > 0, told=worker.said)
            assert CUT in stopped(worker)


@pytest.mark.row(82)
@pytest.mark.embedded
def test_a_chore_that_hangs_does_not_keep_the_worker_from_ending(
    post: Post, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its thread cannot be ended: whoever waited for it would wait for ever, and so would the end of the program."""
    monkeypatch.setattr(watchdog, "GRACE", 0.2)
    monkeypatch.setattr(watchdog, "LAST_GRACE", 0.4)
    bell, began, hung, ends = StopBell(), threading.Event(), threading.Event(), list[int]()
    worker = Worker(post.office.config, post.office.store, bell)

    def ended(status: int) -> None:
        ends.append(status)
        hung.set()

    def hangs() -> None:
        began.set()
        hung.wait()

    worker.loops[0].signs.watchdog._end = ended
    worker._timetable.chore("hangs", hangs)
    try:
        with serving(worker, bell):
            until(began.is_set)
            bell.stop()
            until(lambda: ends == [os.EX_TEMPFAIL])
    finally:
        hung.set()
    assert KILLED in caplog.text


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
def test_a_worker_without_a_sign_of_life_is_ended_for_another_start(caplog: pytest.LogCaptureFixture) -> None:
    time = Time()
    time.passes(599)
    assert time.ends == []
    time.dog.feed()
    time.passes(599)
    assert time.ends == []
    time.passes(1)
    assert time.ends == [os.EX_TEMPFAIL]
    assert "the worker hangs and ends itself, to be started again" in caplog.text


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
    assert (time.cuts, time.ends) == (1, [os.EX_TEMPFAIL])
    time.passes(100)
    assert (time.cuts, time.ends) == (1, [os.EX_TEMPFAIL])
    assert GRACE < LAST_GRACE < 10


def test_the_watchdog_runs_in_a_thread_of_its_own() -> None:
    ends: list[int] = []
    dog = Watchdog(0.1, bool, ends.append)
    dog.start()
    until(lambda: bool(ends))
    dog.close()
    assert ends[0] == os.EX_TEMPFAIL
