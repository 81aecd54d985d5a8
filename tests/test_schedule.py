"""When the worker looks, and with which exit status it ends; the real server is embedded."""

from __future__ import annotations

import select
import signal
import socket
import threading
import time
from typing import TYPE_CHECKING

import pytest

from crm_logger import loop, schedule
from crm_logger.bell import Bell
from crm_logger.schedule import EX_CONFIG, EX_NOPERM, EX_OK, EX_TEMPFAIL, StopBell, Worker
from crm_logger.store import receipts
from crm_logger.systemd import notify
from tests.cast import mail
from tests.office import open_office

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.servers.served import ServedMailbox


def until(holds: Callable[[], bool], seconds: float = 10) -> None:
    """Wait until `holds()` is true; fail after so many seconds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)


def test_a_bell_remembers_a_ring_until_it_is_silenced() -> None:
    bell = Bell()
    bell.ring()
    bell.ring()
    bell.sleep(0, lambda: False)
    assert bell.socket.recv(10) == b"!!"
    bell.silence()
    with pytest.raises(BlockingIOError):
        bell.socket.recv(1)
    bell.close()


def test_a_ring_ends_a_sleep_only_where_something_is_to_be_done() -> None:
    bell = StopBell()
    bell.ring()
    started = time.monotonic()
    bell.sleep(0.05, lambda: bell.stopped)
    assert time.monotonic() - started >= 0.05
    sleeping = threading.Thread(target=bell.sleep, args=(3600, lambda: bell.stopped), daemon=True)
    sleeping.start()
    bell.stop()
    sleeping.join(60)
    assert not sleeping.is_alive()
    bell.close()


def test_a_bell_that_nobody_hears_never_blocks_who_rings() -> None:
    bell = Bell()
    for _ in range(100_000):
        bell.ring()
    bell.silence()
    bell.close()


@pytest.mark.parametrize("kind", ["path", "abstract"])
def test_systemd_is_told_by_one_datagram(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = str(tmp_path / "notify") if kind == "path" else f"@crm-logger-{tmp_path.name}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(name.replace("@", "\0"))
        monkeypatch.setenv("NOTIFY_SOCKET", name)
        notify("READY=1")
        assert systemd.recv(100) == b"READY=1"
    monkeypatch.delenv("NOTIFY_SOCKET")
    notify("READY=1")


def test_once_looks_once_and_ends_well(embedded_imap: ServedMailbox, tmp_path: Path) -> None:
    office = open_office(tmp_path, **embedded_imap.settings())
    embedded_imap.append(mail(to_log=office.bcc))
    assert schedule.run(office.config, once=True) == EX_OK
    assert schedule.run(office.config, once=True) == EX_OK
    with office.store.reading():
        assert [each.reason for each in receipts.decisions(receipts.Asked())] == ["logged"]
    office.store.close()


@pytest.mark.parametrize(
    ("settings", "status"),
    [
        ({"IMAP_PASSWORD": "wrong"}, EX_NOPERM),
        ({"IMAP_FOLDER": "Nowhere"}, EX_CONFIG),
        ({"IMAP_PORT": "1"}, EX_TEMPFAIL),
    ],
)
def test_the_exit_status_says_what_kind_of_trouble_it_is(
    embedded_imap: ServedMailbox,
    tmp_path: Path,
    settings: dict[str, str],
    status: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    office = open_office(tmp_path, **(embedded_imap.settings() | settings))
    office.store.close()
    assert schedule.run(office.config, once=True) == status
    assert "wrong" not in caplog.text


def test_an_unusable_database_ends_the_worker_at_the_start(tmp_path: Path) -> None:
    office = open_office(tmp_path)
    office.store.close()
    (tmp_path / "crm.sqlite3").write_bytes(b"this is no database")
    assert schedule.run(office.config) == EX_CONFIG


def test_it_serves_until_it_is_told_to_stop(embedded_imap: ServedMailbox, tmp_path: Path) -> None:
    office = open_office(tmp_path, POLL_INTERVAL="1", **embedded_imap.settings())
    bell = StopBell()
    worker = Worker(office.config, office.store, bell)
    status: list[int] = []
    thread = threading.Thread(target=lambda: status.append(worker.serve()))
    thread.start()

    def reasons() -> list[str]:
        with office.store.reading():
            return [each.reason for each in receipts.decisions(receipts.Asked())]

    embedded_imap.append(mail(to_log=office.bcc))
    until(lambda: reasons() == ["logged"])
    embedded_imap.append(mail())
    until(lambda: len(reasons()) == 2)
    bell.stop()
    thread.join(10)
    assert status == [EX_OK]
    bell.close()
    office.store.close()


def test_it_comes_back_after_the_server_was_away(
    embedded_imap: ServedMailbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "FIRST_PAUSE", 0.05)
    office = open_office(tmp_path, **(embedded_imap.settings() | {"IMAP_PORT": "1"}))
    bell = StopBell()
    worker = Worker(office.config, office.store, bell)
    rested: list[float] = []

    def rest(seconds: float, _until: Callable[[], bool]) -> None:
        rested.append(seconds)
        if len(rested) > 3:
            bell.stop()

    monkeypatch.setattr(bell, "sleep", rest)
    assert worker.serve() == EX_OK
    assert len(rested) == 4
    assert rested == sorted(rested)
    bell.close()
    office.store.close()


def test_a_signal_that_does_not_interrupt_the_wait_ends_it_all_the_same() -> None:
    """As one that comes in the moment before select(): Python's handler runs when that is over, and not before."""

    def signalled() -> None:
        time.sleep(0.2)  # until the other waits
        signal.pthread_kill(threading.get_ident(), signal.SIGTERM)

    with schedule._rung_by_signals() as bell:
        thread = threading.Thread(target=signalled)
        thread.start()
        heard, _, _ = select.select([bell.socket], [], [], 10)
        thread.join()
        assert heard == [bell.socket]
        assert bell.stopped


def test_the_signals_of_systemd_and_of_a_terminal_ring_the_bell() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with schedule._rung_by_signals() as bell:
        signal.raise_signal(signal.SIGTERM)
        assert bell.stopped
        assert bell.socket.recv(16) == bytes([signal.SIGTERM]) + b"!"
    assert signal.getsignal(signal.SIGTERM) == before
