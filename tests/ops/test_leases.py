"""Several workers at one PostgreSQL: one leads a mailbox, and a leader that lost it changes nothing more."""

from __future__ import annotations

import signal
import threading
from contextlib import nullcontext
from datetime import UTC, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psycopg
import pytest

from crm_logger.config import load_config
from crm_logger.core.model import RawMail, Reason, Refuse
from crm_logger.schedule import EX_OK, EX_TEMPFAIL, StopBell, Worker
from crm_logger.signs import HANGS, Signs
from crm_logger.store import Place, Store, StoreError
from crm_logger.store.duty import duty_for, duty_over_all
from crm_logger.store.lease import MARGIN, SECONDS, LeadLostError, LeaseDuty, clock
from crm_logger.store.people import add_account
from crm_logger.store.tables import Account
from tests.cast import mail
from tests.office import NOW, SETTINGS

from .program import running, until

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.servers.postgres import Postgres

    from .conftest import Post

pytestmark = [pytest.mark.postgres, pytest.mark.embedded]

WAITING = "select count(*)::int from pg_stat_activity where wait_event_type = 'Lock' and query like '%insert into lease%'"
FIRST, SECOND = "a@mail.example", "b@mail.example"


@pytest.fixture
def url(postgres: Postgres) -> str:
    """A database that several workers share."""
    return postgres.url(postgres.database(postgres.template))


def lease(url: str, *mailboxes: str) -> LeaseDuty:
    made = duty_for(url, mailboxes or (FIRST,), NOW)
    assert isinstance(made, LeaseDuty)
    return made


def beside(duty: LeaseDuty, call: Callable[[], object]) -> threading.Thread:
    """A thread that calls, and closes its connection."""

    def run() -> None:
        call()
        duty._connection.close()

    return threading.Thread(target=run)


def record(store: Store, uid: int) -> bool:
    place = Place(store.mailbox_id(FIRST), "INBOX", 7)
    refused = Refuse(0, Reason.UNKNOWN_SENDER)
    return store.record(place, RawMail(uid, b"x", NOW), (refused,), NOW).new


def name_of(url: str) -> str:
    return urlsplit(url).path[1:]


def end_leases(postgres: Postgres, url: str) -> None:
    """As if the leader had been silent for long."""
    postgres.execute(
        "update lease set until = clock_timestamp() - interval '1 s'",
        name_of(url),
    )


def test_a_mailbox_is_led_by_one_and_free_again_when_it_is_given_up(url: str) -> None:
    first, second = lease(url), lease(url)
    assert first.take()
    assert not second.take()
    assert second.holder() == first.holder() != "unknown"
    first.close()
    assert second.take()
    second.close()


def test_two_folders_of_one_mailbox_have_one_lease(url: str) -> None:
    duty = lease(url, FIRST, FIRST)
    assert duty.take()
    duty.close()


def test_several_mailboxes_are_led_by_several_workers(url: str) -> None:
    first, second, both = lease(url, FIRST), lease(url, SECOND), lease(url, FIRST, SECOND)
    every = duty_over_all(url, NOW)
    assert first.take()
    assert not both.take()
    assert second.take()
    assert not every.take()
    first.close()
    assert not both.take()
    assert not every.take()
    every.close()
    second.close()
    assert both.take()
    both.close()


def test_leases_are_taken_in_the_order_of_the_mailboxes_so_that_none_waits_for_another_in_turn(
    postgres: Postgres, url: str
) -> None:
    former, later = lease(url, FIRST, SECOND), lease(url, SECOND, FIRST)
    assert former.take()
    former.close()
    with psycopg.connect(url) as other:
        first, second = (number for (number,) in other.execute("select mailbox_id from lease order by 1"))
        keep = "select 1 from lease where mailbox_id = %s for update nowait"
        other.execute(keep, (first,))
        taking = beside(later, later.take)
        taking.start()
        until(lambda: postgres.execute(WAITING) == [(1,)])
        other.execute(keep, (second,))
    taking.join()
    assert later.lead
    later.close()


def test_a_leader_that_was_replaced_writes_nothing_more(postgres: Postgres, url: str) -> None:
    first, second = lease(url), lease(url)
    assert first.take()
    stale = Store.open(url, NOW).led_by(first.lead)
    assert record(stale, 1)
    end_leases(postgres, url)
    assert second.take()
    with pytest.raises(LeadLostError, match="changes nothing more") as lost:
        record(stale, 2)
    assert isinstance(lost.value, StoreError)
    with pytest.raises(LeadLostError):
        stale.note_event("kind", "detail", NOW)
    with pytest.raises(LeadLostError):
        first.renew()
    leading = Store.open(url, NOW).led_by(second.lead)
    assert leading.without_receipt(Place(1, "INBOX", 7), [1, 2]) == [2]
    assert record(leading, 2)
    for each in (stale, leading, first, second):
        each.close()


def test_a_leader_that_slept_files_nothing_before_it_has_asked(url: str) -> None:
    duty = lease(url)
    assert duty.take()
    assert duty.lead
    store = Store.open(url, NOW).led_by(duty.lead)
    store.require_lead()
    duty.lead.renewed(clock() - (SECONDS - MARGIN))
    with pytest.raises(LeadLostError):
        store.require_lead()
    duty.renew()
    store.require_lead()
    store.close()
    duty.close()


def test_nobody_takes_a_lease_in_the_middle_of_its_holders_changes(postgres: Postgres, url: str) -> None:
    first, second = lease(url), lease(url)
    assert first.take()
    store = Store.open(url, NOW).led_by(first.lead)
    second._connection.database.connect(reuse_if_open=True)
    second._connection.database.execute_sql("set lock_timeout = '50ms'")
    end_leases(postgres, url)
    with store.writing(), pytest.raises(StoreError, match="stayed locked"):
        second.take()
    for each in (store, first, second):
        each.close()


def test_who_stands_by_does_not_wait_for_a_leader_that_stands_still_in_the_middle_of_its_changes(
    url: str,
) -> None:
    """Its lease runs out meanwhile: who waited for its change would not be there to cut it off."""
    first, second = lease(url), lease(url)
    assert first.take()
    store = Store.open(url, NOW).led_by(first.lead)
    second._connection.database.connect(reuse_if_open=True)
    second._connection.database.execute_sql("set lock_timeout = '50ms'")
    with store.writing():
        assert not second.take()
    for each in (store, first, second):
        each.close()


def test_a_lease_renewed_in_the_middle_of_a_transaction_leaves_it_whole(url: str) -> None:
    """The thread that renews has a connection of its own; what the other one writes must not go there, and stay."""
    duty, store = lease(url), Store.open(url, NOW)
    assert duty.take()
    renewing = beside(duty, duty.renew)

    def write_and_fail() -> None:
        with store.writing():
            renewing.start()
            renewing.join()
            add_account("Initech")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    with store.reading():
        assert not Account.select().exists()
    for each in (store, duty):
        each.close()


def test_a_lease_that_had_to_be_waited_for_holds_as_long_as_any_other(postgres: Postgres, url: str) -> None:
    """The leader before may stand still in the middle of a change, and is cut off by the server seconds later."""
    first, second = lease(url), lease(url)
    assert first.take()
    store = Store.open(url, NOW).led_by(first.lead)
    end_leases(postgres, url)
    taking = beside(second, second.take)
    with store.writing():
        taking.start()
        until(lambda: postgres.execute(WAITING) == [(1,)])
        ((waited,),), since = postgres.execute("select clock_timestamp()"), clock()
    taking.join()
    ((ends,),) = postgres.execute("select until from lease", name_of(url))
    assert ends >= waited.astimezone(UTC).replace(tzinfo=None) + timedelta(seconds=SECONDS)
    assert second.lead
    assert second.lead._renewed >= since
    for each in (store, first, second):
        each.close()


@pytest.mark.parametrize(
    ("is_over", "worker"),
    [(True, "elsewhere:1"), (True, f"{'a-long-name.' * 6}:1"), (False, "elsewhere:1")],
)
def test_a_leader_whose_lease_is_over_is_cut_off_in_the_middle_of_what_it_does(
    postgres: Postgres, url: str, worker: str, *, is_over: bool
) -> None:
    """Its locks would hold up everybody until the server misses it, and those it waits for, until it has had them."""
    first, second = lease(url), lease(url)
    assert first.take()
    with psycopg.connect(url) as other:
        other.execute("update lease set worker = %s", (worker,))
    with psycopg.connect(url, application_name=f"crm-logger {worker}") as leader:
        if is_over:
            end_leases(postgres, url)
            leader.execute("select 1 from lease for share")
        assert second.take() == is_over
        with pytest.raises(psycopg.OperationalError) if is_over else nullcontext():
            leader.execute("select 1")
    for each in (first, second):
        each.close()


def test_the_sessions_of_a_worker_have_its_name(postgres: Postgres, url: str) -> None:
    duty = lease(url)
    assert duty.take()
    ((worker,),) = postgres.execute("select worker from lease", name_of(url))
    names = "select distinct application_name from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    assert postgres.execute(names, name_of(url)) == [(f"crm-logger {worker}"[:63],)]
    duty.close()


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_loop_that_hangs_loses_its_mailbox_though_its_process_lives(postgres: Postgres, url: str) -> None:
    """As a worker does it, with a clock that the test moves on."""
    time = Clock()
    worker = Worker(load_config(SETTINGS, {}), Store.open(url, NOW), StopBell())
    (loop,) = worker.loops
    signs = loop.signs = Signs(loop.config, worker.alarms, lambda: False, time)
    duty = lease(url)
    duty.moves = worker.moves
    assert duty.take()

    def kept() -> bool:
        before = postgres.execute("select until from lease", name_of(url))
        duty.keep()
        return postgres.execute("select until from lease", name_of(url)) != before

    def is_at_a_command() -> None:
        signs.deadline = lambda: 5000.0

    steps: list[tuple[Callable[[], None], float, bool]] = [
        (signs.looked, HANGS, True),
        (signs.looked, HANGS + 1, False),
        (signs.looked, 0, True),
        (lambda: signs.waits(600), 600 + HANGS, True),
        (lambda: signs.waits(600), 601 + HANGS, False),
        (lambda: signs.rests(300), 300 + HANGS, True),
        (is_at_a_command, 600, True),
    ]
    for does, seconds, moves in steps:
        does()
        time.now += seconds
        assert kept() == moves
    worker.bell.close()
    for each in (worker.store, duty):
        each.close()


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, signal.SIGKILL, signal.SIGSTOP], ids=["ends", "dies", "hangs"]
)
def test_the_second_worker_takes_over_when_the_first(
    post_with: Callable[..., Post], url: str, number: signal.Signals
) -> None:
    post = post_with(DATABASE_URL=url, FILING="move", POLL_INTERVAL="1")
    config, folder = post.office.config, post.folder
    with running(config, folder / "first.log", DATABASE_URL=url, FILING="move") as first:
        first.await_line("started")
        with running(config, folder / "second.log", DATABASE_URL=url, FILING="move") as second:
            second.await_line("standing by: another worker is at work")
            assert f":{first.pid}" in second.said()
            post.mailbox.append(mail(to_log=post.office.bcc))
            until(lambda: post.reasons() == ["logged"], told=first.said)
            first.send(number)
            second.await_line("started", 30)
            post.mailbox.append(mail())
            until(lambda: len(post.reasons()) == 2, told=second.said)
            if number == signal.SIGSTOP:
                first.send(signal.SIGCONT)
                assert first.end() == EX_TEMPFAIL
                assert "changes nothing more" in first.said()
                alarms = {word for word in first.said().split() if word.startswith("alarm=")}
                assert alarms <= {"alarm=poll-stale"}, "but that it stood still there is nothing to tell"
            second.send(signal.SIGTERM)
            assert second.end() == EX_OK
    assert len(post.reasons()) == 2
