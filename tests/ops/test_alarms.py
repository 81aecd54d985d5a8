"""What is wrong is an alarm from when it is noticed until it is over; and no trouble but an order ends the service."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crm_logger.alarms import OF_THE_MAILBOX, AlarmKind, Alarms
from crm_logger.config import Secret, load_config
from crm_logger.core.model import Outcome, RawMail, Reason, Refuse
from crm_logger.patience import LOGINS, REFUSED_PAUSE, State
from crm_logger.schedule import EX_NOPERM, EX_OK, StopBell, Worker
from crm_logger.store import Place, Store, alarms, tables
from tests.cast import mail
from tests.office import NOW, SETTINGS

from .program import running, until
from .test_storage import serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.servers.postgres import Postgres

    from .conftest import Post


PAGE = (Path(__file__).parents[2] / "docs/operating.md").read_text(encoding="utf-8")


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = Store.open(database_url, NOW)
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


def test_only_what_is_about_other_mailboxes_is_cleared_with_them(store: Store) -> None:
    told = Alarms(store, lambda: NOW)
    theirs = {"unreachable", "audit:gone", "poll-stale:gone"}
    ours = {"unreachable:sales", "audit:sales", "disk", "backup", "job"}
    for kind in theirs | ours:
        told.sound(kind, "wrong")
    told.clear_of_others(["sales", "support"])
    assert {each.kind for each in store.open_alarms()} == ours
    told.clear_of_others([""])
    assert {each.kind for each in store.open_alarms()} == {"disk", "backup", "job"}


@pytest.mark.embedded
def test_alarms_of_mailboxes_and_folders_that_the_settings_name_no_longer_are_over(post: Post) -> None:
    for kind in ("audit:gone", "mailbox-full:gone", AlarmKind.BACKUP, AlarmKind.JOB):
        post.office.store.raise_alarm(kind, "wrong", NOW)
    bell = StopBell()
    with serving(Worker(post.office.config, post.office.store, bell), bell):
        until(lambda: post.alarms() == [AlarmKind.JOB])


@pytest.mark.postgres
def test_a_worker_on_a_server_leaves_the_alarms_of_another_ones_mailboxes_open(postgres: Postgres) -> None:
    url = postgres.url(postgres.database(postgres.template))
    with closing(Store.open(url, NOW)) as store, closing(StopBell()) as bell:
        store.raise_alarm("audit:another", "wrong", NOW)
        Worker(load_config(SETTINGS | {"DATABASE_URL": url}, {}), store, bell)._clear_alarms_of_others()
        assert [each.kind for each in store.open_alarms()] == ["audit:another"]


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


def test_mail_that_was_set_aside_is_an_alarm_until_none_is_left(post: Post) -> None:
    store = post.office.store
    place = Place(store.mailbox_id("log"), "INBOX", 7)
    failed, fine = Refuse(0, Reason.PARSE_CRASH, "it died"), Refuse(0, Reason.NO_LOG_ADDRESS)
    told = store.record(place, RawMail(1, b"x", NOW), (failed,), NOW)
    bell = StopBell()
    worker = Worker(post.office.config, store, bell)
    worker.loops[0]._watch_failed({Outcome.FAILED: 1}, whole=False)
    worker.loops[0]._watch_failed({Outcome.REFUSED: 5}, whole=False)
    assert post.alarms() == [AlarmKind.SET_ASIDE]
    store.record_again(told.receipt_id, RawMail(1, b"x", NOW), (fine,), NOW)
    worker.loops[0]._watch_failed({}, whole=False)
    assert post.alarms() == []
    bell.close()
