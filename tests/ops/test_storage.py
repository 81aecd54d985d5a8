"""The database and its disk: full, read-only, damaged. Mail waits in the mailbox, and nothing is overwritten."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import threading
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from crm_logger import loop, schedule, space
from crm_logger.alarms import Alarms
from crm_logger.config import load_config
from crm_logger.schedule import EX_CONFIG, EX_OK, EX_TEMPFAIL, StopBell, Worker
from crm_logger.store import Store, StoreCorruptError, StoreError, tables
from crm_logger.store.backup import looks_sound
from tests.cast import mail
from tests.office import NOW, SETTINGS

from .program import PROGRAM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .conftest import Post

GB = 1 << 30


class Disk(NamedTuple):
    total: int
    free: int


@contextmanager
def serving(worker: Worker, bell: StopBell) -> Iterator[list[int]]:
    """A worker that serves in a thread; gives its status once it ended."""
    status: list[int] = []
    thread = threading.Thread(target=lambda: status.append(worker.serve()))
    thread.start()
    try:
        yield status
    finally:
        bell.stop()
        thread.join(15)
        assert not thread.is_alive()
        bell.close()


@pytest.mark.parametrize(
    ("disk", "settings", "short"),
    [
        (Disk(10 * GB, 200 << 20), {}, False),
        (Disk(10 * GB, (200 << 20) - 1), {}, True),
        (Disk(100 * GB, GB), {}, False),
        (Disk(100 * GB, GB - 1), {}, True),
        (Disk(100 * GB, 0), {"MIN_FREE_MB": "0", "MIN_FREE_PERCENT": "0"}, False),
        (Disk(100 * GB, 5 * GB), {"MIN_FREE_PERCENT": "6"}, True),
    ],
)
def test_room_runs_short_below_either_limit(disk: Disk, settings: dict[str, str], *, short: bool) -> None:
    said = space.shortage(load_config(settings, {}, None), Path("/var/lib/crm"), lambda _: disk)
    assert bool(said) is short
    assert not said or said.startswith("The disk of /var/lib/crm has ")


@pytest.mark.row(74)
@pytest.mark.embedded
def test_a_disk_that_fills_up_in_the_middle_ends_the_look_after_the_mail_in_hand(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        post.mailbox.append(mail(to_log=post.office.bcc, subject=f"Offer {number}"))
    said = iter(["", "", "", "short", "short"])
    monkeypatch.setattr(loop, "shortage", lambda *_: next(said, "short"))
    bell = StopBell()
    assert Worker(post.office.config, post.office.store, bell).look_once(dry_run=False) == EX_OK
    assert post.reasons() == ["logged"] * 2
    assert Worker(post.office.config, post.office.store, bell).look_once(dry_run=False) == EX_TEMPFAIL
    assert post.reasons() == ["logged"] * 2
    bell.close()


def damage(path: Path) -> bytes:
    """Write nonsense over the second half of a database; return what is there now."""
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2 :] = b"\xff" * (len(raw) - len(raw) // 2)
    path.write_bytes(raw)
    return bytes(raw)


@pytest.mark.row(76)
@pytest.mark.embedded
@pytest.mark.parametrize("once", [True, False])
def test_a_damaged_database_ends_the_start_with_78_and_is_left_as_it_is(
    post: Post, capsys: pytest.CaptureFixture[str], *, once: bool
) -> None:
    post.office.store.close()
    content = damage(post.database())
    assert schedule.run(post.office.config, once=once) == EX_CONFIG
    assert post.database().read_bytes() == content
    assert "is corrupt. Nothing was changed: stop here and restore a backup" in capsys.readouterr().err


@pytest.mark.row(76)
@pytest.mark.embedded
def test_damage_that_no_mail_would_meet_is_found_at_the_start(
    post: Post, capsys: pytest.CaptureFixture[str]
) -> None:
    """It lies within an old attachment: the work would go on, and each backup be one of a damaged database."""
    with post.office.store.writing():
        tables.Content.create(sha256="0" * 64, data=os.urandom(200_000))
    post.office.store.close()
    with post.database().open("r+b") as file:
        file.seek(-20 * 4096, os.SEEK_END)
        file.write(b"\xff" * 4096)
    content = post.database().read_bytes()
    post.mailbox.append(mail(to_log=post.office.bcc))
    assert schedule.run(post.office.config, once=True) == EX_CONFIG
    assert (post.database().read_bytes(), len(post.mailbox.mails())) == (content, 1)
    said = capsys.readouterr().err
    assert "is corrupt (" in said
    assert "put the newest backup in its place, then run crm-logger reconcile" in said


@pytest.mark.row(76)
@pytest.mark.parametrize("content", [b"Dear Carl", b"SQLite format 3\0" + b"x" * 5000, b""])
def test_a_file_that_is_no_database_ends_the_start_with_78_unless_it_is_empty(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "crm.sqlite3"
    path.write_bytes(content)
    config = load_config(
        SETTINGS | {"DATABASE_URL": f"sqlite:///{path}", "IMAP_PORT": "1"}, {}, None, need={"imap", "log"}
    )
    assert schedule.run(config, once=True) == (EX_CONFIG if content else EX_TEMPFAIL)
    assert not content or path.read_bytes() == content


def test_looking_through_a_database_takes_no_longer_than_it_may(tmp_path: Path) -> None:
    path = tmp_path / "large"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("create table note (text)")
        database.executemany("insert into note values (?)", (("x" * 50,) for _ in range(50_000)))
    assert looks_sound(path, 30)
    assert not looks_sound(path, 0.0)
    damage(path)
    with pytest.raises(StoreCorruptError, match="Nothing was changed"):
        looks_sound(path, 30)


def test_alarms_that_could_not_be_written_down_are_written_down_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/crm.sqlite3", NOW)
    alarms = Alarms(store, lambda: NOW)
    with monkeypatch.context() as away:
        away.setattr(store, "raise_alarm", _unable)
        alarms.sound("disk", "The disk is full.")
        alarms.refresh()
        assert alarms.is_open("disk")
    assert store.open_alarms() == []
    alarms.refresh()
    assert [each.detail for each in store.open_alarms()] == ["The disk is full."]
    store.close()


def _unable(*_: object) -> bool:
    raise StoreError("The disk is full.", temporary=True)


def as_an_ordinary_user() -> list[str]:
    """Root may write everywhere, unless it gives that power up."""
    if os.geteuid() != 0:
        return []
    if not shutil.which("setpriv"):
        pytest.skip("setpriv is not here")
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"]


@pytest.mark.row(75)
@pytest.mark.parametrize("where", ["file", "folder"])
def test_a_database_that_cannot_be_written_to_ends_the_start_with_78(tmp_path: Path, where: str) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    path = folder / "crm.sqlite3"
    Store.open(f"sqlite:///{path}", NOW).close()
    (path if where == "file" else folder).chmod(0o444 if where == "file" else 0o555)
    settings = SETTINGS | {"DATABASE_URL": f"sqlite:///{path}", "IMAP_PORT": "1"}
    sets = [word for setting, value in settings.items() for word in ("--set", f"{setting}={value}")]
    ended = subprocess.run(
        [*as_an_ordinary_user(), *PROGRAM, *sets, "run"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    folder.chmod(0o700)
    assert ended.returncode == EX_CONFIG, ended.stderr
    assert ("is read-only" in ended.stderr) or ("cannot be opened" in ended.stderr)
    assert len(ended.stderr.splitlines()) == 1
