"""Making and migrating a database."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from crm_logger.store import Store, StoreError, tables
from crm_logger.store.connection import engine_of
from crm_logger.store.migrations import VERSIONS
from crm_logger.store.migrations import migrate as migrate_engine
from crm_logger.store.sqlite import sqlite

from .builders import NOW

if TYPE_CHECKING:
    from pathlib import Path

_ADD_NOTE = """
from peewee import TextField

def up(migrator, db):
    migrator.migrate(migrator.add_column("contact", "nickname", TextField(default="")))
"""
_HALF = """
def up(migrator, db):
    db.execute_sql("create table half (id integer)")
    raise RuntimeError("in the middle")
"""
_ORPHAN = """
def up(migrator, db):
    db.execute_sql("insert into user (account_id, name, sales_access, active) values (99, '', 1, 1)")
"""
_OPEN = """
import sys
from crm_logger.store import Store
from tests.store.builders import NOW
print("ready", flush=True)
sys.stdin.read(1)
Store.open(sys.argv[1], NOW).close()
"""

_MIGRATE = """
import sys
from pathlib import Path
from crm_logger.store.connection import engine_of
from crm_logger.store.migrations import migrate
print(migrate(engine_of(sys.argv[1]), Path(sys.argv[2])))
"""


def migrate(path: Path, scripts: Path = VERSIONS) -> list[str]:
    return migrate_engine(engine_of(f"sqlite:///{path}"), scripts)


def schema(path: Path) -> set[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as database:
        query = (
            "select name, sql from sqlite_master where sql is not null "
            "and name not like 'schema_migration%' and name not like 'mail_search%' and type <> 'trigger'"
        )
        return set(database.execute(query))


def query(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(sql).fetchall()


def ours() -> list[str]:
    return sorted(script.stem for script in VERSIONS.glob("[0-9]*.py"))


def versions(tmp_path: Path, **scripts: str) -> Path:
    """Return a folder with the real migrations and the ones given."""
    folder = tmp_path / "versions"
    folder.mkdir(exist_ok=True)
    for script in VERSIONS.glob("[0-9]*.py"):
        (folder / script.name).write_text(script.read_text())
    for name, text in scripts.items():
        (folder / f"{name.lstrip('_')}.py").write_text(text)
    return folder


def test_the_migrations_lead_to_the_tables_of_the_models(tmp_path: Path) -> None:
    migrated, created = tmp_path / "migrated", tmp_path / "created"
    migrate(migrated)
    database = sqlite(created)
    with database.bind_ctx(tables.ALL):
        database.create_tables(tables.ALL)
    database.close()
    assert schema(migrated) == schema(created)


def test_the_search_index_lets_eight_parts_come_together_before_it_merges_them(tmp_path: Path) -> None:
    migrate(tmp_path / "crm")
    assert query(tmp_path / "crm", "select v from mail_search_config where k = 'automerge'") == [(8,)]


def test_a_migration_is_applied_once(tmp_path: Path) -> None:
    assert migrate(tmp_path / "crm") == ours()
    assert migrate(tmp_path / "crm") == []


def test_a_newer_program_migrates_what_an_older_one_wrote(tmp_path: Path) -> None:
    path = tmp_path / "crm"
    migrate(path)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("insert into account (name) values ('Acme')")
        database.execute("insert into contact (account_id, name, created) values (1, 'Carl', '2026-05-04')")
    assert migrate(path, versions(tmp_path, _0002_note=_ADD_NOTE)) == ["0002_note"]
    assert query(path, "select name, nickname from contact") == [("Carl", "")]


def test_an_older_program_refuses_what_a_newer_one_wrote(tmp_path: Path) -> None:
    path = tmp_path / "crm"
    migrate(path, versions(tmp_path, _0002_note=_ADD_NOTE))
    with pytest.raises(StoreError, match=r"newer version of crm-logger \(0002_note\)"):
        Store.open(f"sqlite:///{path}", NOW)


def test_a_migration_that_fails_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "crm"
    migrate(path)
    before = schema(path)
    with pytest.raises(RuntimeError, match="in the middle"):
        migrate(path, versions(tmp_path, _0002_note=_ADD_NOTE, _0003_half=_HALF))
    assert schema(path) == before
    assert migrate(path) == []


def test_a_migration_that_breaks_a_reference_is_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "crm"
    with pytest.raises(StoreError, match="would break references"):
        migrate(path, versions(tmp_path, _0002_orphan=_ORPHAN))
    assert schema(path) == set()


def test_three_processes_starting_at_once_all_succeed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/crm"
    started = [
        subprocess.Popen([sys.executable, "-c", _OPEN, url], stdin=-1, stdout=-1, stderr=-1) for _ in range(3)
    ]
    assert [process.stdout and process.stdout.readline() for process in started] == [b"ready\n"] * 3
    for process in started:
        assert process.stdin
        process.stdin.write(b"g")
        process.stdin.flush()
    ends = [(process.communicate(timeout=60)[1].decode(), process.returncode) for process in started]
    assert ends == [("", 0)] * 3
    assert len(query(tmp_path / "crm", "select name from schema_migration")) == len(ours())
    assert query(tmp_path / "crm", "select kind from event") == [("migrated",)]


def test_a_process_waits_while_another_migrates_and_then_has_nothing_to_do(tmp_path: Path) -> None:
    path, folder = tmp_path / "crm", versions(tmp_path, _0002_note=_ADD_NOTE)
    migrate(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("begin immediate")
        process = subprocess.Popen(
            [sys.executable, "-c", _MIGRATE, f"sqlite:///{path}", folder], stdout=subprocess.PIPE
        )
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1.5)
        other.execute("alter table contact add column nickname text not null default ''")
        other.execute("insert into schema_migration (name, applied) values ('0002_note', '2026-05-04')")
        other.execute("commit")
    assert process.communicate(timeout=60)[0] == b"[]\n"
