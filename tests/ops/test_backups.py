"""Backups are whole, sound and made while others write; a restored one finds its mail again."""

from __future__ import annotations

import sqlite3
import stat
import threading
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from crm_logger import schedule
from crm_logger.alarms import AlarmKind, Alarms
from crm_logger.audit import audit
from crm_logger.chores import back_up, backup_due
from crm_logger.reconcile import reconcile
from crm_logger.schedule import EX_OK
from crm_logger.store import Store, StoreCorruptError, StoreError, receipts
from crm_logger.store.backup import backup, looks_sound, nightly
from tests.cast import mail
from tests.office import NOW

from .test_storage import damage

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Post

pytestmark = pytest.mark.embedded


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(f"sqlite:///{tmp_path}/crm.sqlite3", NOW)


def names(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        return [name for (name,) in database.execute("select name from mailbox order by id")]


def test_a_backup_is_the_state_of_one_moment_while_others_write(store: Store, tmp_path: Path) -> None:
    going_on = threading.Event()
    written: list[int] = []

    def write() -> None:
        while not going_on.is_set():
            written.append(store.mailbox_id(f"mailbox {len(written)}"))
        store.close()

    thread = threading.Thread(target=write)
    thread.start()
    copies = [tmp_path / f"copy-{number}" for number in range(5)]
    for copy in copies:
        backup(tmp_path / "crm.sqlite3", copy)
    going_on.set()
    thread.join()
    for copy in copies:
        assert looks_sound(copy)
        assert names(copy) == [f"mailbox {number}" for number in range(len(names(copy)))]
    assert len(names(copies[0])) < len(written)
    Store.open(f"sqlite:///{copies[0]}", NOW).close()
    assert {stat.S_IMODE(copy.stat().st_mode) for copy in copies} == {0o600}
    store.close()


def test_a_backup_overwrites_nothing_unless_it_is_told_to(store: Store, tmp_path: Path) -> None:
    database, copy, letter = tmp_path / "crm.sqlite3", tmp_path / "copy", tmp_path / "letter"
    letter.write_text("Dear Carl")
    backup(database, copy)
    store.mailbox_id("new")
    for target, told in (
        (copy, "--replace puts the new backup in its place"),
        (letter, "it is no backup"),
        (database, "is the database itself"),
        (tmp_path, "is a folder"),
        (tmp_path / "missing/copy", "cannot be written: No such file"),
    ):
        with pytest.raises(StoreError, match=told):
            backup(database, target)
    for target in (letter, database):
        with pytest.raises(StoreError):
            backup(database, target, replace=True)
    assert names(copy) == []
    backup(database, copy, replace=True)
    assert names(copy) == ["new"]
    assert letter.read_text() == "Dear Carl"
    assert list(tmp_path.glob(".*.part")) == []
    with pytest.raises(StoreError, match="There is no database"):
        backup(tmp_path / "none", copy)
    store.close()


def test_a_damaged_database_makes_no_backup_and_the_old_one_stays(store: Store, tmp_path: Path) -> None:
    store.mailbox_id("kept")
    database, copy = tmp_path / "crm.sqlite3", tmp_path / "copy"
    backup(database, copy)
    store.close()
    damage(database)
    with pytest.raises(StoreCorruptError, match="put the newest backup in its place"):
        backup(database, copy, replace=True)
    assert names(copy) == ["kept"]


def test_a_backup_is_given_up_when_the_service_is_to_stop(store: Store, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "crm.sqlite3")) as database, database:
        database.executemany("insert into mailbox (name) values (?)", ((str(n),) for n in range(50_000)))
    with pytest.raises(StoreError, match="could not be written: interrupted"):
        backup(tmp_path / "crm.sqlite3", tmp_path / "copy", stopping=lambda: True)
    assert sorted(path.name for path in tmp_path.iterdir() if "copy" in path.name) == []
    store.close()


# ---------------------------------------------------------------- every day

NIGHT = datetime(2026, 5, 4, 3, 10, tzinfo=UTC)


def test_a_backup_is_made_every_night_and_the_oldest_go(
    post_with: Callable[..., Post], tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    post = post_with(BACKUP_DIR=str(folder), BACKUP_KEEP="2")
    alarms = Alarms(post.office.store, lambda: NIGHT)
    made = []
    for quarter in range(4 * 24 * 4):
        now = NIGHT + quarter * timedelta(minutes=15)
        if back_up(post.office.config, alarms, now, bool):
            made.append(now)
    assert made == [NIGHT + timedelta(days=day) for day in range(4)]
    assert [path.name for path in nightly(folder)] == [
        "crm-logger-20260506T031000Z.sqlite3",
        "crm-logger-20260507T031000Z.sqlite3",
    ]
    assert folder.stat().st_mode & 0o777 == 0o700


def test_what_a_killed_backup_left_goes_before_the_next_one_is_made(
    post_with: Callable[..., Post], tmp_path: Path
) -> None:
    post = post_with(BACKUP_DIR=str(tmp_path))
    left, other = tmp_path / ".crm-logger-20260503T031000Z.sqlite3.part", tmp_path / ".mine.sqlite3.part"
    for path in (left, other):
        path.touch()
    made = back_up(post.office.config, Alarms(post.office.store, lambda: NIGHT), NIGHT, bool)
    assert made is not None
    assert sorted(path.name for path in tmp_path.glob(".*")) == [other.name]


def test_a_night_that_was_missed_is_made_up_for(tmp_path: Path) -> None:
    assert backup_due(tmp_path, NIGHT + timedelta(hours=9))
    (tmp_path / "crm-logger-20260504T030000Z.sqlite3").touch()
    assert not backup_due(tmp_path, NIGHT + timedelta(hours=23))
    assert backup_due(tmp_path, NIGHT + timedelta(hours=24))
    assert backup_due(tmp_path, NIGHT + timedelta(hours=30)), "at once, not in the next night"


def test_a_backup_of_a_clock_that_was_ahead_neither_counts_nor_has_one_made_every_time(
    tmp_path: Path,
) -> None:
    (tmp_path / "crm-logger-20300504T031000Z.sqlite3").touch()
    assert backup_due(tmp_path, NIGHT)
    (tmp_path / "crm-logger-20260504T031000Z.sqlite3").touch()
    assert not backup_due(tmp_path, NIGHT + timedelta(minutes=15))


def test_a_backup_that_fails_is_an_alarm_until_one_is_made(
    post_with: Callable[..., Post], tmp_path: Path
) -> None:
    (tmp_path / "in the way").write_text("")
    post = post_with(BACKUP_DIR=str(tmp_path / "in the way/backups"))
    alarms = Alarms(post.office.store, lambda: NIGHT)
    assert back_up(post.office.config, alarms, NIGHT, bool) is None
    assert post.alarms() == [AlarmKind.BACKUP]
    mended = replace(post.office.config, backup_dir=str(tmp_path / "backups"))
    assert back_up(mended, alarms, NIGHT, bool) is not None
    assert post.alarms() == []
    assert back_up(replace(mended, backup_dir=""), alarms, NIGHT, bool) is None


# ---------------------------------------------------------------- restored


def restore(post: Post, copy: Path) -> Store:
    """Put a backup in the place of the database."""
    post.office.store.close()
    for name in ("", "-wal", "-shm"):
        post.database().with_name(f"crm.sqlite3{name}").unlink(missing_ok=True)
    copy.rename(post.database())
    post.office.store = Store.open(post.office.config.database_url, NOW)
    return post.office.store


@pytest.mark.row(77)
@pytest.mark.parametrize("filing", ["move", "leave"])
def test_a_restored_backup_learns_again_what_it_has_forgotten(
    post_with: Callable[..., Post], tmp_path: Path, filing: str
) -> None:
    """The audit misses what was moved since; reconcile takes it in where it lies, and once."""
    post = post_with(FILING=filing)
    office, copy = post.office, tmp_path / "copy"
    post.mailbox.append(mail(to_log=office.bcc, subject="before"))
    assert schedule.run(office.config, once=True) == EX_OK
    backup(post.database(), copy)
    post.mailbox.append(mail(to_log=office.bcc, subject="after", message_id="<after@acme.test>"))
    post.mailbox.append(mail(to_log=office.bcc, subject="nobody's", author="eve@nobody.example"))
    assert schedule.run(office.config, once=True) == EX_OK
    before = sorted(post.reasons())
    assert len(before) == 3
    store = restore(post, copy)
    assert post.reasons() == ["logged"]
    folders = ("INBOX", "Logged", "Not logged")
    lies = [[each.raw for each in post.mailbox.mails(folder)] for folder in folders]
    if filing == "move":
        assert "Logged: 2 mails seen, 1 of them have no receipt" in audit(office.config, store).difference()

    dry = reconcile(office.config, store, dry_run=True)
    assert sum(each.forgotten for each in dry) == 2
    assert post.reasons() == ["logged"]

    walked = reconcile(office.config, store, dry_run=False)
    assert sum(each.forgotten for each in walked) == 2
    assert sorted(post.reasons()) == before
    again = reconcile(office.config, store, dry_run=False)
    assert [(each.found_again, each.forgotten) for each in again] == [(0, 0)] * len(again)
    assert audit(office.config, store).difference() == ""
    assert [[each.raw for each in post.mailbox.mails(folder)] for folder in folders] == lies
    assert schedule.run(office.config, once=True) == EX_OK
    assert sorted(post.reasons()) == before


@pytest.mark.row(77)
def test_a_receipt_whose_mail_was_moved_after_the_backup_finds_it_again(
    post_with: Callable[..., Post], tmp_path: Path
) -> None:
    """Recorded, backed up, and only then moved: the restored receipt points to where the mail no longer is."""
    post = post_with(FILING="move")
    office, copy = post.office, tmp_path / "copy"
    post.mailbox.append(mail(to_log=office.bcc))
    assert schedule.run(replace(office.config, filing="leave"), once=True) == EX_OK
    backup(post.database(), copy)
    assert schedule.run(office.config, once=True) == EX_OK
    assert post.mailbox.mails() == []
    store = restore(post, copy)
    walked = {each.folder: each for each in reconcile(office.config, store, dry_run=False)}
    assert (walked["Logged"].found_again, walked["Logged"].forgotten) == (1, 0)
    assert post.reasons() == ["logged"]
    with store.reading():
        assert receipts.receipt(1).filed_folder == "Logged"
    assert [each.forgotten + each.found_again for each in reconcile(office.config, store, dry_run=False)] == [
        0,
        0,
    ]


def test_a_mail_with_the_bytes_of_another_one_gets_a_receipt_of_its_own(
    post_with: Callable[..., Post],
) -> None:
    """A receipt whose mail still lies where it says is not taken from it."""
    post = post_with(FILING="move")
    office, raw = post.office, mail(to_log=post.office.bcc)
    post.mailbox.append(raw)
    assert schedule.run(office.config, once=True) == EX_OK
    post.mailbox.append(raw, folder="Logged")
    walked = {each.folder: each for each in reconcile(office.config, office.store, dry_run=False)}
    assert (walked["Logged"].found_again, walked["Logged"].forgotten) == (0, 1)
    assert post.reasons() == ["duplicate", "logged"]
    assert {
        each.forgotten + each.found_again for each in reconcile(office.config, office.store, dry_run=False)
    } == {0}
