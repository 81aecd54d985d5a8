"""Several workers on one PostgreSQL: what one changes for an account or a mailbox, and who waits for it meanwhile."""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING

import psycopg
import pytest

from crm_logger.admin import main
from crm_logger.core.model import Attachment, Limits, Reason
from crm_logger.store import Store, StoreError
from crm_logger.store.engine import Scope
from crm_logger.store.postgres import _ACCOUNT, _MAILBOX
from crm_logger.store.tables import Attachment as Attached
from crm_logger.store.tables import Content, NeverLog

from .builders import CARL, NOW, entry, raw_mail, refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crm_logger.core.model import Decision
    from crm_logger.store import Place

    from .builders import World

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.parametrize(
        "database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
    ),
]

_WAITS = "select pid from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
_HELD = """
select classid::int, objid::int from pg_locks
where locktype = 'advisory' and granted and pid = %s and objsubid = 2 order by 1, 2
"""


@pytest.fixture
def second(database_url: str) -> Iterator[Store]:
    """Another worker on the same database."""
    opened = Store.open(database_url, NOW)
    yield opened
    opened.close()


@pytest.fixture
def elsewhere(world: World, second: Store) -> Place:
    """The place of the other worker's mailbox."""
    return replace(world.place, mailbox=second.mailbox_id("support@mail.example"))


class Waiting:
    """Another worker at something that it has to wait with. `session` is the server's number of it."""

    def __init__(self, database_url: str, store: Store, call: Callable[[], object]) -> None:
        self._failed: list[Exception] = []
        self._store = store
        self._call = call
        self._thread = threading.Thread(target=self._run)
        with psycopg.connect(database_url, autocommit=True) as watch:
            before = watch.execute(_WAITS).fetchall()
            self._thread.start()
            while not (found := set(watch.execute(_WAITS).fetchall()).difference(before)):
                assert self._thread.is_alive(), f"it did not wait: {self._failed}"
        ((self.session,),) = found

    def _run(self) -> None:
        try:
            self._call()
        except Exception as error:  # noqa: BLE001 -- it belongs to the test, not to its thread
            self._failed.append(error)
        self._store.close()

    def goes_on(self) -> None:
        """What it waited for is free."""
        self._thread.join(60)
        assert self._failed == []


def _scope(world: World) -> Scope:
    """What a mail of Ann's changes."""
    return Scope(world.place.mailbox, frozenset({world.acme}))


@pytest.mark.parametrize(
    ("taken", "scope", "held"),
    [
        ((_MAILBOX, 5), Scope(5, frozenset({1})), []),
        ((_ACCOUNT, 1), Scope(5, frozenset({1, 9})), [(_MAILBOX, 5)]),
        ((_ACCOUNT, 1), Scope(5, frozenset((9, 1))), [(_MAILBOX, 5)]),
        ((_ACCOUNT, 9), Scope(5, frozenset((9, 1))), [(_MAILBOX, 5), (_ACCOUNT, 1)]),
    ],
)
def test_locks_are_taken_in_one_order_so_that_none_waits_for_another_in_turn(
    world: World,
    database_url: str,
    taken: tuple[int, int],
    scope: Scope,
    held: list[tuple[int, int]],
) -> None:
    """The mailbox's, then the accounts' by their numbers: who waits for one has nothing that comes later."""

    def write() -> None:
        with world.store._connection.writing(scope):
            pass

    with psycopg.connect(database_url) as other:
        other.execute("select pg_advisory_xact_lock(%s, %s)", taken)
        waiting = Waiting(database_url, world.store, write)
        assert other.execute(_HELD, (waiting.session,)).fetchall() == held
    waiting.goes_on()


def test_what_two_mailboxes_bring_to_one_account_is_written_by_one_at_a_time(
    world: World, second: Store, elsewhere: Place
) -> None:
    second.mailbox_names()
    second._connection.database.execute_sql("set lock_timeout = '50ms'")
    ours, theirs = world.log(), world.log(account=world.globex, user=world.gus, log_address=world.other_bcc)
    nobodys = refuse()
    known = second.record(elsewhere, raw_mail(1), [nobodys], NOW).receipt_id

    def record(*decisions: Decision) -> None:
        second.record(elsewhere, raw_mail(2), decisions, NOW)

    def again(*decisions: Decision) -> None:
        second.record_again(known, raw_mail(1), decisions, NOW)

    with world.store._connection.writing(_scope(world)):
        for does in (record, again):
            with pytest.raises(StoreError, match="stayed locked"):
                does(ours)
            with pytest.raises(StoreError, match="stayed locked"):
                does(theirs, ours)
            does(nobodys)
            does(theirs)


def test_mail_that_is_nobodys_waits_for_no_other_that_is_nobodys(
    second: Store, elsewhere: Place, database_url: str
) -> None:
    second.mailbox_names()
    second._connection.database.execute_sql("set lock_timeout = '50ms'")
    with psycopg.connect(database_url) as other:
        other.execute("select pg_advisory_xact_lock(%s, 0)", (_ACCOUNT,))
        assert second.record(elsewhere, raw_mail(1), [refuse()], NOW).new


def test_a_limit_counts_what_another_mailbox_brings_in_the_same_moment(
    world: World, second: Store, elsewhere: Place, database_url: str
) -> None:
    strict = Limits(mails_a_minute=1, hold=True)

    def log(number: str) -> Decision:
        told = entry(by_id=number, by_content=number)
        return world.log(told, limits=strict, arrived_at=NOW)

    held: list[str] = []

    def bring() -> None:
        held.append(second.record(elsewhere, raw_mail(2), [log("2")], NOW).held)

    with world.store._connection.writing(_scope(world)):
        assert world.take(1, log("1")).new
        waiting = Waiting(database_url, second, bring)
    waiting.goes_on()
    assert held == ["over the limit: more than 1 mails a minute of user Ann"]


def test_one_mail_that_comes_to_two_mailboxes_at_once_is_one_engagement(
    world: World, second: Store, elsewhere: Place, database_url: str
) -> None:
    reasons: list[tuple[Reason, ...]] = []

    def bring() -> None:
        reasons.append(second.record(elsewhere, raw_mail(2), [world.log()], NOW).reasons)

    with world.store._connection.writing(_scope(world)):
        reasons.append(world.take(1, world.log()).reasons)
        waiting = Waiting(database_url, second, bring)
    waiting.goes_on()
    assert reasons == [(Reason.LOGGED,), (Reason.DUPLICATE,)]
    assert (len(world.engagements()), len(world.captures())) == (1, 2)


_KEEP = "insert into content (sha256, data) values (%s, %s)"


def test_attachments_that_several_accounts_bring_at_once_are_written_in_one_order(
    world: World, database_url: str
) -> None:
    """Their bytes are no account's own, and no account's lock keeps two transactions from waiting for each other in turn."""
    small, large = sorted((b"plan", b"offer"), key=lambda data: sha256(data).hexdigest())
    attached = tuple(
        Attachment(f"{size}", "", len(data), data) for size, data in (("l", large), ("s", small))
    )

    def bring() -> None:
        world.take(1, world.log(entry(attachments=attached)))

    with psycopg.connect(database_url) as other:
        other.execute(_KEEP, (sha256(small).hexdigest(), small))
        waiting = Waiting(database_url, world.store, bring)
        other.execute(_KEEP, (sha256(large).hexdigest(), large))
    waiting.goes_on()
    with world.store.reading():
        assert (Attached.select().count(), Content.select().count()) == (2, 2)


def test_an_alarm_that_two_mails_raise_at_once_is_one_and_costs_neither_its_place(
    world: World, second: Store, elsewhere: Place, database_url: str
) -> None:
    over = Limits(mails_a_minute=0)
    theirs = world.log(account=world.globex, user=world.gus, log_address=world.other_bcc, limits=over)

    def bring() -> None:
        assert second.record(elsewhere, raw_mail(2), [replace(theirs, arrived_at=NOW)], NOW).new

    with world.store._connection.writing(_scope(world)):
        assert world.take(1, world.log(limits=over, arrived_at=NOW)).new
        waiting = Waiting(database_url, second, bring)
    waiting.goes_on()
    assert [each.kind for each in world.store.open_alarms()] == ["limit"]
    assert len(world.engagements()) == 2


@pytest.mark.parametrize(
    "words", [("erase", CARL.address, "--yes"), ("purge", "--never-log")], ids=["erase", "purge"]
)
def test_who_forgets_a_person_waits_for_the_mail_that_is_just_recorded_and_leaves_nothing_of_it(
    world: World, second: Store, database_url: str, words: tuple[str, ...]
) -> None:
    with second.writing():
        NeverLog.create(account=world.acme, pattern=CARL.address)
    typed = ["--set", f"DATABASE_URL={database_url}", *words, "--account", "Acme"]
    with world.store._connection.writing(_scope(world)):
        assert world.take(1, world.log()).new
        waiting = Waiting(database_url, second, partial(main, typed, standalone_mode=False))
    waiting.goes_on()
    assert (world.contacts(), world.engagements()) == ([], [])
