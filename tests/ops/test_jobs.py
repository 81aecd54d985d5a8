"""Jobs that fail, clocks that jump and polls that hang: told, and no end of the service."""

from __future__ import annotations

import re
import sys
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from apscheduler.events import EVENT_JOB_MAX_INSTANCES

from crm_logger.alarms import AlarmKind, Alarms
from crm_logger.config import load_config
from crm_logger.schedule import EX_TEMPFAIL, StopBell, Worker
from crm_logger.signs import Signs
from crm_logger.store import Place, Store
from crm_logger.timetable import FAILURES, HANGS, THREADS, Failures, Timetable
from tests.cast import mail
from tests.office import NOW

from .program import until
from .test_audit import ask
from .test_storage import serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from .conftest import Post


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path}/crm.sqlite3", NOW)
    yield opened
    opened.close()


@pytest.mark.row(80)
@pytest.mark.embedded
def test_a_job_that_fails_three_times_is_an_alarm_and_the_polls_go_on(
    post_with: Callable[..., Post], caplog: pytest.LogCaptureFixture
) -> None:
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
    detail = post.office.store.open_alarms()[0].detail
    assert re.fullmatch(r"sums failed \d+ times in a row, last with ZeroDivisionError: see the log\.", detail)
    assert [message for message in caplog.messages if message == "a bug in sums"][:3] == ["a bug in sums"] * 3
    assert "raise ZeroDivisionError" in caplog.text


@pytest.mark.row(81)
@pytest.mark.embedded
def test_a_job_that_wants_the_program_to_end_ends_it(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    bell = StopBell()
    worker = Worker(post.office.config, post.office.store, bell)
    worker._timetable.chore("the end", lambda: sys.exit(3))
    with serving(worker, bell) as status:
        until(lambda: bool(status))
    assert status == [EX_TEMPFAIL]
    assert ("CRITICAL", "the job the end ended the program") in {
        (record.levelname, record.getMessage()) for record in caplog.records
    }


@pytest.mark.row(80)
@pytest.mark.embedded
def test_a_bug_in_the_poll_is_told_and_the_next_poll_goes_on(
    post_with: Callable[..., Post], monkeypatch: pytest.MonkeyPatch
) -> None:
    """That the scheduler rings meanwhile, and well, ends no row of failures."""
    post = post_with(POLL_INTERVAL="0.1")
    real, bugs, rings = post.office.store.without_receipt, [1, 2, 3], list[int]()

    def buggy(place: Place, uids: list[int]) -> list[int]:
        if bugs:
            bugs.pop()
            seen = len(rings)
            until(lambda: len(rings) > seen + 1)
            raise ZeroDivisionError
        return real(place, uids)

    monkeypatch.setattr(post.office.store, "without_receipt", buggy)
    bell = StopBell()
    worker = Worker(post.office.config, post.office.store, bell)
    monkeypatch.setattr(worker, "_ring", lambda: rings.append(1))
    monkeypatch.setattr(worker.loops[0], "_next_pause", lambda: 0.05)
    post.mailbox.append(mail())
    with serving(worker, bell):
        until(lambda: post.reasons() == ["no-log-address"])
    assert post.alarms() == [AlarmKind.JOB]
    assert ask(post, "alarm", "clear", "job") == (0, "The alarm job is cleared.\n")
    assert ask(post, "alarm", "clear", "job") == (0, "No alarm job is open.\n")
    assert post.alarms() == []


@pytest.mark.row(84, 85)
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
    monkeypatch.setattr(worker.loops[0].signs, "looked", lambda: looks.append(1))
    with serving(worker, bell):
        until(lambda: len(looks) > 1)
        scheduler = worker._timetable._scheduler
        poll = scheduler.get_job("ring")
        scheduler.modify_job("ring", next_run_time=poll.next_run_time - timedelta(hours=hours))
        before = len(looks)
        until(lambda: len(looks) > before + 3)
    assert len(looks) < before + 100


def test_what_fails_time_after_time_is_counted_for_itself(store: Store) -> None:
    """What works is over, and nothing else is."""
    told = Alarms(store, lambda: NOW)
    failures = Failures(told)
    for _ in range(FAILURES - 1):
        failures.failed("poll of sales", ZeroDivisionError())
        failures.failed("sums", ZeroDivisionError())
        failures.worked("poll of support")
    failures.worked("sums")
    assert not told.is_open(AlarmKind.JOB)
    failures.failed("sums", ZeroDivisionError())
    assert not told.is_open(AlarmKind.JOB)
    failures.failed("poll of sales", ZeroDivisionError())
    assert [each.detail for each in store.open_alarms()] == [
        "poll of sales failed 3 times in a row, last with ZeroDivisionError: see the log."
    ]


@pytest.mark.row(82)
def test_a_job_that_does_not_end_is_skipped_and_after_an_hour_an_alarm(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    clock, told = Clock(), Alarms(store, lambda: NOW)
    config = load_config({"POLL_INTERVAL": "60"}, {}, None)
    timetable = Timetable(config, told, stopping=bool, give_up=pytest.fail, clock=clock)
    skipped: list[str] = []
    timetable._scheduler.add_listener(lambda event: skipped.append(event.job_id), EVENT_JOB_MAX_INSTANCES)
    began, over = threading.Event(), threading.Event()

    def waits() -> None:
        began.set()
        over.wait()
        began.clear()
        over.clear()

    def nothing() -> None:
        """The rings are not what is tested."""

    def is_skipped() -> None:
        seen = len(skipped)
        until(lambda: len(skipped) > seen + 1)

    timetable.chore("backup", waits, seconds=0.05)
    timetable.start(nothing, nothing, nothing)
    try:
        for seconds, alarm in ((HANGS - 1, False), (HANGS - 1, False), (HANGS, True)):
            until(began.is_set)
            is_skipped()
            clock.now += seconds
            is_skipped()
            assert told.is_open(AlarmKind.JOB) is alarm
            if not alarm:
                over.set()
                until(lambda: not over.is_set())
    finally:
        timetable._scheduler.remove_job("backup")
        over.set()
        timetable.close()
    said = "alarm: backup has not come to its end for an hour: look what it waits for, and start the service again."
    assert caplog.messages.count(said) == 1
    assert set(skipped) == {"backup"}


@pytest.mark.row(82)
def test_stale_polls_are_told_of_though_every_thread_of_the_chores_hangs(store: Store) -> None:
    config = load_config({"POLL_INTERVAL": "60"}, {}, None)
    timetable = Timetable(config, Alarms(store, lambda: NOW), stopping=bool, give_up=pytest.fail)
    rung, asked, over = threading.Event(), threading.Event(), threading.Event()
    hanging = list[int]()

    def hangs() -> None:
        hanging.append(1)
        over.wait()

    for number in range(THREADS["chores"] + 1):
        timetable.chore(f"chore {number}", hangs)
    timetable.start(rung.set, rung.set, asked.set)
    try:
        until(lambda: len(hanging) == THREADS["chores"])
        for job in ("stale", "ring"):
            timetable._scheduler.modify_job(job, next_run_time=datetime.now(UTC))
        until(asked.is_set)
        until(rung.is_set)
        assert len(hanging) == THREADS["chores"]
    finally:
        over.set()
        timetable.close()


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.row(82, 84)
def test_polls_that_do_not_end_are_an_alarm_unless_a_rest_was_planned(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
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
    assert "alarm: No look at the mailbox came to its end for 3 minutes." in caplog.messages
    signs.looked()
    assert not told.is_open(AlarmKind.POLL_STALE)
    assert store.open_alarms() == []


def test_a_worker_hangs_after_ten_intervals_and_no_less_than_ten_minutes(store: Store) -> None:
    told = Alarms(store, lambda: NOW)
    for interval, seconds in (("1", 600), ("60", 600), ("600", 6000)):
        config = load_config({"POLL_INTERVAL": interval}, {}, None)
        assert Signs(config, told, bool).watchdog.seconds == seconds


@pytest.mark.row(83)
def test_a_job_that_comes_late_is_done_late_once_and_by_one(post: Post) -> None:
    """APScheduler's own defaults drop it after a second."""
    bell = StopBell()
    worker = Worker(post.office.config, post.office.store, bell)
    worker._timetable.start(bell.ring, bell.ring, bell.ring)
    jobs = worker._timetable._scheduler.get_jobs()
    worker._timetable.close()
    bell.close()
    every = {each.id: each.trigger.interval for each in jobs}
    assert (every["ring"], every["audit"]) == (timedelta(seconds=1), timedelta(days=1))
    assert "stale" in every
    assert {each.id for each in jobs if each.executor == "default"} == {"ring", "audit"}, "apart from chores"
    assert {(each.misfire_grace_time, each.coalesce, each.max_instances) for each in jobs} == {
        (None, True, 1)
    }
