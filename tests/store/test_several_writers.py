"""The catalogue beside several writers on PostgreSQL: it passes no mail over, holds nobody up, and one program keeps it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from crm_logger import catalogue
from crm_logger.store import Store, StoreError
from crm_logger.store.engine import Scope
from crm_logger.store.statements import ask

from .builders import NOW, entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .builders import World

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.parametrize(
        "database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
    ),
]
_LATE = """
create temporary table late on commit drop as select * from engagement;
update late set id = nextval(pg_get_serial_sequence('engagement', 'id')), account_id = {account};
insert into engagement select * from late;
"""
_LOOKED = """
select 1 from pg_stat_activity
where query like '%%virtualtransaction%%' and state = 'idle' and datname = current_database() and pid <> pg_backend_pid()
"""


@pytest.fixture
def second(database_url: str) -> Iterator[Store]:
    """Another program on the same database."""
    opened = Store.open(database_url, NOW)
    yield opened
    opened.close()


@pytest.fixture
def third(database_url: str) -> Iterator[Store]:
    """And one more."""
    opened = Store.open(database_url, NOW)
    yield opened
    opened.close()


def _record(world: World, uid: int) -> None:
    world.take(uid, world.log(entry(by_id=f"id-{uid}", by_content=f"content-{uid}")))


def _held(world: World) -> list[int]:
    """The mails in the search index."""
    with world.store.reading():
        return [number for (number,) in ask("SELECT id FROM mail_search ORDER BY id")]


def _elsewhere(world: World) -> Scope:
    return Scope(world.place.mailbox + 1, frozenset({world.globex}))


def test_a_mail_that_is_being_written_is_not_passed_over(world: World, second: Store) -> None:
    _record(world, 1)
    with second._connection.writing(_elsewhere(world)):
        second._connection.database.execute_sql(_LATE.format(account=world.globex))
        _record(world, 2)  # beside it, and with a higher number
        assert not catalogue.step(world.store, patience=0)
        assert _held(world) == []
    catalogue.step(world.store, patience=0)
    assert _held(world) == [1, 2, 3]


def test_who_writes_now_is_waited_for_and_nobody_who_begins_meanwhile(
    world: World, second: Store, third: Store
) -> None:
    _record(world, 1)

    def step() -> None:
        with closing(world.store):  # this thread's connection
            catalogue.step(world.store, patience=60)

    with ThreadPoolExecutor(1) as thread, second._connection.writing(_elsewhere(world)):
        stepping = thread.submit(step)
        while not _waits(third):
            assert not stepping.done()
        with third._connection.writing(Scope(world.place.mailbox + 2)):
            third._connection.database.execute_sql(_LATE.format(account=world.globex))
            _record(world, 2)
            second._connection.database.commit()
            stepping.result()
            assert _held(world) == [1]
    catalogue.step(world.store)
    assert _held(world) == [1, 2, 3]


def _waits(store: Store) -> bool:
    """Whether somebody has looked who writes."""
    return bool(store._connection.database.execute_sql(_LOOKED).fetchall())


def test_one_program_keeps_the_catalogue_and_the_others_go_on(world: World, second: Store) -> None:
    _record(world, 1)
    with second.cataloguing() as alone:
        assert alone
        with world.store.cataloguing() as other:
            assert not other
        assert not catalogue.step(world.store, patience=0)
        _record(world, 2)
    catalogue.step(world.store)
    assert _held(world) == [1, 2]


def test_whoever_changes_just_anything_is_not_joined_by_the_catalogue(world: World, second: Store) -> None:
    """Erasing a person, say, which changes what is found."""
    _record(world, 1)
    with second.reading():
        pass
    second._connection.database.execute_sql("set lock_timeout = '50ms'")
    for one, other in ((world.store.cataloguing, second.writing), (world.store.writing, second.cataloguing)):
        with one(), pytest.raises(StoreError, match="stayed locked"), other():
            pass
