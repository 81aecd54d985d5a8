"""What is wrong with a database, said in sentences (and nothing overwritten)."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from peewee import IntegrityError

from crm_logger.store import Store, StoreError, tables

from .builders import NOW, entry, on_sqlite, refuse
from .elsewhere import run_elsewhere

if TYPE_CHECKING:
    from pathlib import Path

    from .builders import World


@pytest.mark.parametrize("url", ["", "crm.sqlite3", "mysql://db/crm", "sqlite:///", "sqlite:///:memory:"])
def test_a_url_that_names_no_file_is_refused(url: str) -> None:
    with pytest.raises(StoreError, match="must name a file, as in sqlite:"):
        Store.open(url, NOW)


def test_a_url_that_is_refused_is_not_repeated_for_it_may_hold_a_password() -> None:
    with pytest.raises(StoreError) as refused:
        Store.open("mysql://crm:hunter2@db/crm", NOW)
    assert "hunter2" not in str(refused.value)


def test_a_relative_url_is_relative_to_where_the_program_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Store.open("sqlite:///crm.sqlite3", NOW).close()
    assert (tmp_path / "crm.sqlite3").exists()


@on_sqlite
def test_a_new_database_is_for_its_user_alone(store: Store, tmp_path: Path) -> None:
    assert stat.S_IMODE((tmp_path / "crm.sqlite3").stat().st_mode) == 0o600
    assert store.check() == "ok"


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened: No such file or directory"):
        Store.open(f"sqlite:///{tmp_path}/missing/crm.sqlite3", NOW)


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened: it must be a file"):
        Store.open(f"sqlite:///{tmp_path}", NOW)


@pytest.mark.parametrize("content", [b"Dear Carl", b"SQLite format 3\0" + b"x" * 5000])
def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "letter.txt"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"is not a database\. It was left as it is") as caught:
        Store.open(f"sqlite:///{path}", NOW)
    assert path.read_bytes() == content
    assert not caught.value.temporary


def test_the_database_of_another_program_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "other"
    with closing(sqlite3.connect(path)) as database:
        database.execute("create table song (title text)")
    with pytest.raises(StoreError, match="the database of another program"):
        Store.open(f"sqlite:///{path}", NOW)
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("select name from sqlite_master").fetchall() == [("song",)]


@pytest.mark.row(73)
@on_sqlite
def test_a_locked_database_is_worth_waiting_for(world: World, tmp_path: Path) -> None:
    world.store._connection.database.timeout = 0.1
    with closing(sqlite3.connect(tmp_path / "crm.sqlite3", isolation_level=None)) as other:
        other.execute("begin immediate")
        with pytest.raises(StoreError, match="stayed locked for 30 s") as caught:
            world.take(1, refuse())
        assert caught.value.temporary
        assert world.store.without_receipt(world.place, [1]) == [1]
        other.execute("rollback")
    assert world.take(1, refuse()).new


@pytest.mark.row(73)
@on_sqlite
def test_who_writes_has_the_lock_from_the_start(world: World, tmp_path: Path) -> None:
    """A transaction that read first would be refused when it comes to write, however long it may wait."""
    with closing(sqlite3.connect(tmp_path / "crm.sqlite3", isolation_level=None, timeout=0)) as other:
        with world.store.writing(), pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("begin immediate")
        other.execute("begin immediate")


@pytest.mark.row(74)
@on_sqlite
def test_a_full_disk_loses_nothing_and_is_worth_waiting_for(world: World) -> None:
    world.take(1, world.log())
    before = world.everything()
    database = world.store._connection.database
    database.pragma("max_page_count", database.pragma("page_count"))
    with pytest.raises(StoreError, match="The disk is full") as caught:
        world.take(2, world.log(entry(by_id="id-2", by_content="c2", text="x" * 1_000_000)))
    assert caught.value.temporary
    assert world.everything() == before
    database.pragma("max_page_count", 1_000_000)
    assert world.take(2, world.log(entry(by_id="id-2", by_content="c2"))).new


@pytest.mark.row(75)
@on_sqlite
def test_a_read_only_database_is_told(world: World) -> None:
    world.store._connection.database.pragma("query_only", 1)
    with pytest.raises(StoreError, match="is read-only") as caught:
        world.take(1, refuse())
    assert not caught.value.temporary


@pytest.mark.row(76)
@on_sqlite
def test_a_corrupt_database_is_told_and_not_touched(world: World, tmp_path: Path) -> None:
    for uid in range(1, 40):
        world.take(uid, refuse(detail="x" * 3000))
    world.store.close()
    path = tmp_path / "crm.sqlite3"
    content = bytearray(path.read_bytes())
    content[4096 * 3 :] = b"\xff" * (len(content) - 4096 * 3)
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"is corrupt\. Nothing was changed: stop here and restore a backup"):
        world.take(41, refuse())
    assert path.read_bytes() == content


def test_other_errors_are_bugs_and_no_state_of_the_database(world: World) -> None:
    with pytest.raises(IntegrityError), world.store.writing():
        tables.User.create(account=999, name="nobody's")


def test_two_stores_of_one_process_are_not_mixed_up(world: World, tmp_path: Path) -> None:
    second = Store.open(f"sqlite:///{tmp_path}/second.sqlite3", NOW)
    assert second.mailbox_id("elsewhere@mail.example") == 1
    assert world.store.mailbox_id("log@mail.example") == world.place.mailbox
    with second.reading():
        assert [row.name for row in tables.Mailbox.select()] == ["elsewhere@mail.example"]
    second.close()


@pytest.mark.row(78)
@on_sqlite
def test_a_receipt_survives_a_power_cut(store: Store) -> None:
    database = store._connection.database
    assert (database.pragma("journal_mode"), database.pragma("synchronous")) == ("wal", 2)
    assert database.pragma("foreign_keys") == 1
    with store.writing(outlives_power_cut=False):
        assert database.pragma("synchronous") == 1
    assert database.pragma("synchronous") == 2, "what comes after is to survive again"


def test_what_is_read_within_one_transaction_is_one_state(world: World, database_url: str) -> None:
    with world.store.reading():
        before = tables.Account.select().count()
        run_elsewhere(database_url, "insert into account (name) values ('Initech')")
        assert tables.Account.select().count() == before
    with world.store.reading():
        assert tables.Account.select().count() == before + 1


def test_a_time_without_zone_is_a_bug(world: World) -> None:
    with pytest.raises(ValueError, match="without zone"):
        world.take(1, world.log(entry(sent_at=NOW.replace(tzinfo=None))))
