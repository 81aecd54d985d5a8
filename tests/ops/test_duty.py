"""Two workers at one database: one works, one waits; whatever becomes of the first, the second goes on."""

from __future__ import annotations

import signal
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from crm_logger import schedule
from crm_logger.schedule import EX_OK, EX_TEMPFAIL, StopBell
from crm_logger.store import StoreError
from crm_logger.store.duty import Duty
from tests.cast import mail

from .program import running, until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Post

pytestmark = pytest.mark.embedded


def test_the_duty_is_had_by_one_and_free_again_when_it_is_given_up(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/crm.sqlite3"
    first, second = Duty(url), Duty(url)
    assert first.take()
    assert not second.take()
    assert second.holder() == first.holder() != "unknown"
    first.close()
    assert second.take()
    second.close()
    assert (tmp_path / "crm.sqlite3.lock").stat().st_mode & 0o777 == 0o600


def test_a_lock_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    with pytest.raises(
        StoreError, match="the lock beside the database, cannot be opened: No such file"
    ) as caught:
        Duty(f"sqlite:///{tmp_path}/missing/crm.sqlite3")
    assert not caught.value.temporary


@pytest.mark.row(72)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["ends", "dies"])
def test_the_second_worker_stands_by_and_takes_over_when_the_first(
    post: Post, number: signal.Signals
) -> None:
    config, folder = post.office.config, post.folder
    with running(config, folder / "first.log") as first:
        first.await_line("started")
        with running(config, folder / "second.log") as second:
            second.await_line("standing by: another worker is at work")
            assert f"worker={first.pid}" in second.said()
            post.mailbox.append(mail(to_log=post.office.bcc))
            until(lambda: post.reasons() == ["logged"], told=first.said)
            assert second.said().count("\n") == 1
            first.send(number)
            first.end()
            second.await_line("started")
            assert "taking over: the other worker has ended" in second.said()
            post.mailbox.append(mail())
            until(lambda: len(post.reasons()) == 2, told=second.said)
            second.send(signal.SIGTERM)
            assert second.end() == EX_OK


@pytest.mark.row(72)
def test_who_stands_by_asks_every_second_and_goes_on_at_the_first_time_that_the_duty_is_free(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    url = f"sqlite:///{tmp_path}/crm.sqlite3"
    first, second = Duty(url), Duty(url)
    assert first.take()
    rests: list[float] = []

    class Bell(StopBell):
        def sleep(self, seconds: float, until: Callable[[], bool]) -> None:  # noqa: ARG002 -- it is not waited for
            rests.append(seconds)
            if len(rests) == 3:
                first.close()

    with closing(Bell()) as bell:
        assert schedule._stand_by(second, bell)
    assert rests == [1.0] * 3
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == [
        "standing by",
        "taking over",
    ]
    second.close()


def test_a_worker_that_stands_by_can_be_stopped(post: Post) -> None:
    duty = Duty(post.office.config.database_url)
    assert duty.take()
    with running(post.office.config, post.folder / "log") as second:
        second.await_line("standing by")
        second.send(signal.SIGTERM)
        assert second.end(8) == EX_OK
    duty.close()


@pytest.mark.row(72)
def test_once_does_not_wait_for_another_worker(post: Post) -> None:
    duty = Duty(post.office.config.database_url)
    assert duty.take()
    with running(post.office.config, post.folder / "log", "run", "--once") as second:
        assert second.end() == EX_TEMPFAIL
        assert "run --once needs it to end first" in second.said()
    with running(post.office.config, post.folder / "log", "run", "--dry-run") as looking:
        assert looking.end() == EX_OK
    duty.close()
