"""What is PostgreSQL's own: how it is reached, what is wrong with it in sentences, and who waits for whom."""

from __future__ import annotations

import threading
from datetime import timedelta, timezone
from typing import TYPE_CHECKING
from urllib.parse import quote

import psycopg
import pytest

from crm_logger.core.model import Attachment
from crm_logger.store import Place, Store, StoreError, search, tables
from crm_logger.store.connection import engine_of
from crm_logger.store.engine import Scope
from crm_logger.store.migrations import VERSIONS, migrate
from crm_logger.store.statements import write_rows

from .builders import NOW, TO_CARL, entry, raw_mail, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers.postgres import Postgres

    from .builders import World

pytestmark = pytest.mark.postgres
on_postgres = pytest.mark.parametrize(
    "database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)


@pytest.fixture
def database(postgres: Postgres) -> str:
    """The name of a new database with the newest schema."""
    return postgres.database(postgres.template)


def test_a_password_with_special_characters_is_written_percent_encoded(
    postgres: Postgres, database: str
) -> None:
    store = Store.open(postgres.loopback_url(database), NOW)
    assert store.check() == "ok"
    store.close()


@pytest.mark.parametrize(
    ("url", "says", "temporary"),
    [
        ("postgresql://crm:hunter2@127.0.0.1:{port}/{database}", "refuses the login", False),
        ("postgresql://crm:{password}@127.0.0.1:{port}/missing", "There is no database", False),
        ("postgresql://crm:hunter2@127.0.0.1:1/crm", "cannot be reached", True),
        ("postgresql://crm:hunter2@nowhere.invalid/crm", "cannot be reached", True),
        ("postgresql://crm:hunter2@127.0.0.1:{port}/{database}?sslmode=require", "cannot be reached", True),
        ("postgresql://crm:hunter%2@db/crm", "is no postgresql:", False),
        ("postgresql://crm:hunter2@db:port/crm", "cannot be reached", True),
    ],
)
def test_what_keeps_the_database_away_is_told_without_the_password(
    postgres: Postgres, database: str, url: str, says: str, *, temporary: bool
) -> None:
    told = quote("p@ss:w/o%rd?#", safe="")
    with pytest.raises(StoreError, match=says) as caught:
        Store.open(url.format(port=postgres.port, database=database, password=told), NOW)
    assert caught.value.temporary is temporary
    assert "hunter2" not in str(caught.value)
    assert told not in str(caught.value)


def test_a_database_of_another_program_is_left_as_it_is(postgres: Postgres) -> None:
    name = postgres.database()
    postgres.execute("create table song (title text)", name)
    with pytest.raises(StoreError, match="the database of another program"):
        Store.open(postgres.url(name), NOW)
    tables_there = "select tablename from pg_tables where schemaname = 'public'"
    assert postgres.execute(tables_there, name) == [("song",)]


def test_programs_that_start_at_once_migrate_once(postgres: Postgres) -> None:
    url = postgres.url(postgres.database())
    applied: list[list[str]] = []
    threads = [threading.Thread(target=lambda: applied.append(migrate(engine_of(url)))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    everything = sorted(script.stem for script in VERSIONS.glob("[0-9]*.py"))
    assert sorted(applied) == [[], [], [], everything]


@on_postgres
def test_the_migrations_lead_to_the_columns_of_the_models(
    postgres: Postgres, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    created = postgres.database()
    database = engine_of(postgres.url(created)).database
    for table in tables.ALL:
        monkeypatch.setattr(table._meta, "without_rowid", False)
    with database.bind_ctx(tables.ALL):
        database.create_tables(tables.ALL)
    database.close()
    with store.reading():
        migrated = tables.run_sql(_COLUMNS).fetchall()
    assert migrated == postgres.execute(_COLUMNS, created)
    assert ("receipt", "uid", "bigint", None, "NO") in migrated


_COLUMNS = """
select table_name, column_name, data_type, collation_name, is_nullable from information_schema.columns
where table_schema = 'public' and table_name not like 'mail_search%' and table_name <> 'schema_migration' order by 1, 2
"""


@on_postgres
def test_numbers_are_as_wide_as_the_servers_may_give_them(world: World) -> None:
    place = Place(world.place.mailbox, "INBOX", 2**32 - 1)
    with world.store.writing():
        tables.run_sql("select setval('receipt_id_seq', ?)", (2**33,))
    recorded = world.store.record(place, raw_mail(2**32 - 1, size=2**33), [world.log()], NOW)
    assert recorded.receipt_id > 2**33
    assert world.store.last_uid(place) == 2**32 - 1


@on_postgres
def test_text_that_no_database_stores_is_scrubbed(world: World) -> None:
    told = entry(
        TO_CARL, text="a\0b\ud800c", subject="O\0ffer", attachments=(Attachment("a\0", "", 1, b"\0"),)
    )
    world.take(1, world.log(told))
    assert [(row.text, row.subject) for row in world.engagements()] == [("abc", "Offer")]


@on_postgres
def test_times_are_kept_in_utc(world: World) -> None:
    sent = NOW.astimezone(timezone(timedelta(hours=5)))
    world.take(1, world.log(entry(sent_at=sent)))
    assert [row.sent_at for row in world.engagements()] == [NOW]


@pytest.mark.row(78)
@pytest.mark.parametrize(("server", "ours"), [("off", "on"), ("remote_write", "remote_write"), ("on", "on")])
def test_a_receipt_survives_a_power_cut_however_quick_the_server_is_set_up_to_be(
    postgres: Postgres, database: str, server: str, ours: str
) -> None:
    postgres.execute(f"alter database {database} set synchronous_commit = {server}")
    store = Store.open(postgres.url(database), NOW)
    found = []
    for outlives in (True, False, True):
        with store.writing(outlives_power_cut=outlives):
            found += _shown(store, "synchronous_commit")
    assert found == [ours, "off", ours]
    store.close()


@on_postgres
def test_who_waits_or_stands_still_too_long_is_ended_by_the_server_unless_it_only_reads(store: Store) -> None:
    still = "idle_in_transaction_session_timeout"
    with store.writing():
        assert _shown(store, "lock_timeout", still, "timezone") == ["30s", "10s", "UTC"]
    with store.reading():
        assert _shown(store, still) == ["0"]
    with store.writing():
        assert _shown(store, still) == ["10s"]


def _shown(store: Store, *settings: str) -> list[str]:
    ask = store._connection.database.execute_sql
    return [ask(f"show {setting}").fetchone()[0] for setting in settings]


@on_postgres
def test_a_locked_database_is_worth_waiting_for(world: World, database_url: str) -> None:
    with world.store.reading():
        pass
    world.store._connection.database.execute_sql("set lock_timeout = '100ms'")
    with psycopg.connect(database_url) as other:
        other.execute("lock table receipt")
        with pytest.raises(StoreError, match="stayed locked") as caught:
            world.take(1, refuse())
        assert caught.value.temporary
    assert world.take(1, refuse()).new


@on_postgres
def test_a_connection_that_broke_while_idle_is_made_anew(world: World, postgres: Postgres) -> None:
    world.take(1, refuse())
    postgres.execute(f"select pg_terminate_backend({_backend(world)})")
    assert world.take(2, refuse()).new


@on_postgres
def test_a_connection_that_breaks_in_the_middle_leaves_nothing(world: World, postgres: Postgres) -> None:
    def two_accounts() -> None:
        with world.store.writing():
            tables.Account.create(name="Initech")
            postgres.execute(f"select pg_terminate_backend({_backend(world)})")
            tables.Account.create(name="Umbrella")

    with pytest.raises(StoreError, match="stops or starts") as caught:
        two_accounts()
    assert caught.value.temporary
    with world.store.reading():
        assert tables.Account.select().count() == 2


def _backend(world: World) -> int:
    ((number,),) = world.store._connection.database.execute_sql("select pg_backend_pid()").fetchall()
    return int(number)


def test_a_server_that_is_down_is_away_and_comes_back(own_postgres: Postgres) -> None:
    store = Store.open(own_postgres.url(own_postgres.database()), NOW)
    own_postgres.stop()
    with pytest.raises(StoreError, match=r"stops or starts|cannot be reached") as caught:
        store.mailbox_id("log@mail.example")
    assert caught.value.temporary
    own_postgres.start()
    assert store.mailbox_id("log@mail.example") == 1
    store.close()


@pytest.fixture
def second(database_url: str) -> Iterator[Store]:
    """Another program on the same database."""
    opened = Store.open(database_url, NOW)
    yield opened
    opened.close()


@on_postgres
@pytest.mark.parametrize(
    ("one", "other", "waits"),
    [
        (Scope(1, frozenset({1})), Scope(2, frozenset({2})), False),
        (Scope(1), Scope(2), False),
        (Scope(1, frozenset({1})), Scope(2, frozenset({1, 2})), True),
        (Scope(1), Scope(1), True),
        (Scope(1), None, True),
        (None, Scope(1), True),
        (None, None, True),
    ],
)
def test_who_waits_for_whom(
    store: Store, second: Store, one: Scope | None, other: Scope | None, *, waits: bool
) -> None:
    for each in (store, second):
        with each.reading():
            pass
        each._connection.database.execute_sql("set lock_timeout = '50ms'")
    with store._connection.writing(one):
        if waits:
            with pytest.raises(StoreError, match="stayed locked"), second._connection.writing(other):
                pass
        else:
            with second._connection.writing(other):
                pass


@on_postgres
@pytest.mark.parametrize("rows", [0, 1, 2])
def test_a_writer_that_stands_still_is_cut_off_and_holds_nobody_up(
    world: World, second: Store, rows: int
) -> None:
    with world.store.reading():
        pass
    world.store._connection.database.execute_sql("set idle_in_transaction_session_timeout = '100ms'")

    def stand_still() -> None:
        with world.store.writing():
            tables.Account.create(name="Initech")
            if rows:
                write_rows("UPDATE account SET name = ? WHERE id = ?", [("Umbrella", 1)] * rows)
            assert second.mailbox_id("other@mail.example")
            world.store._connection.database.execute_sql("select 1")

    with pytest.raises(StoreError, match="cut off this program") as caught:
        stand_still()
    assert caught.value.temporary


@on_postgres
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("dear", True),
        ("DÉAR", True),
        ('"dear carl"', True),
        ('"carl dear"', False),
        ("dear -carl", False),
        ("dear nobody OR carl", True),
        ("subject:carl", False),
        ("subject:offer", True),
        ("people:ann", True),
        ("{subject body}:ann", False),
        ("(dear OR hello) NOT (bye AND carl)", True),
        ("'; drop table", False),
        ("off", True),
        ("of*", True),
        ("of OR", False),
    ],
)
def test_the_search_answers_what_it_answers_elsewhere(world: World, asked: str, *, found: bool) -> None:
    world.take(1, world.log())
    with world.store.writing():
        search.index_mails(10)
    with world.store.reading():
        assert bool(search.find_mails(world.acme, asked, 10)) is found
        assert not search.find_mails(world.globex, asked, 10)
