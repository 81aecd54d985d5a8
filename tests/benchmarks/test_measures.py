"""The measurements' own tools: who is measured against whom, and what the table says of it."""

from __future__ import annotations

import os
import re
import socket
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from benchmarks import naive
from benchmarks.bare import fetch_all, opened
from benchmarks.drain import by_naive, by_us, rows
from benchmarks.floor import COMMIT_BYTES, bare
from benchmarks.latency import Measured, Waits, is_kept
from benchmarks.lines import Line
from benchmarks.mails import HEAVY, huge, kind_of, mail
from benchmarks.memory import in_use
from benchmarks.office import fill, open_office
from benchmarks.report import Row, summary, table
from benchmarks.stamps import StampingLine
from tests.servers.dovecot import HOST

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.servers.dovecot import Dovecot


def test_the_naive_worker_stores_the_same_rows_as_ours(own_dovecot: Dovecot, tmp_path: Path) -> None:
    to = open_office(tmp_path / "addresses.sqlite3", own_dovecot.mailbox()).addresses
    odd = [number for number in range(100, 600) if kind_of(number) == "odd"]
    raws = [mail(HEAVY, number, to) for number in [*range(60), *odd]]
    raws.append(raws[0])  # delivered twice
    box = fill(own_dovecot, "both", raws)
    ours, theirs = (open_office(tmp_path / f"{name}.sqlite3", box) for name in ("ours", "theirs"))
    assert by_us(ours).mails == by_naive(theirs, box, len(raws)).mails == len(raws)
    assert rows(ours.database) == rows(theirs.database)
    assert rows(ours.database)["attachment"] > 5
    with opened(box) as bare:
        fetch_all(bare, len(raws), batch=7, ahead=3)
        assert bare.bytes > sum(map(len, raws))


def test_memory_is_that_of_one_large_mail_however_many_come(own_dovecot: Dovecot, tmp_path: Path) -> None:
    to = open_office(tmp_path / "addresses.sqlite3", own_dovecot.mailbox()).addresses
    box = fill(own_dovecot, "large", (huge(number, to) for number in range(3)))
    drained = by_us(open_office(tmp_path / "ours.sqlite3", box))
    assert drained.mails == 3
    assert drained.peak < 285_000_000


def test_the_naive_worker_is_at_most_80_lines_of_code() -> None:
    lines = Path(naive.__file__ or "").read_text(encoding="utf-8").splitlines()
    assert len([line for line in lines if line.strip() and not re.match(r"from |import ", line)]) <= 80


@pytest.mark.parametrize(
    ("measured", "most", "told"),
    [(2.0, False, "met"), (1.9, False, "NOT met"), (2.0, True, "met"), (2.1, True, "NOT met")],
)
def test_the_table_says_whether_a_target_is_met(measured: float, most: bool, told: str) -> None:  # noqa: FBT001 -- a column of the table above
    row = Row("1", "this", measured, 2.0, most=most)
    assert [cell.strip() for cell in table([row]).splitlines()[2].split("|")][5] == told
    assert summary([row, Row("", "explains", 1.0)]) == f"{int(told == 'met')} of 1 targets met"


def test_what_has_no_target_is_not_judged() -> None:
    assert Row("", "explains", 1.0).met is None
    assert "met" not in table([Row("", "explains", 1.0)])


def echoing(work: Callable[[socket.socket], None], **line: float) -> Line:
    """Have `work` talk over a line with a server that says everything again."""
    with socket.create_server((HOST, 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                while data := connection.recv(1 << 20):
                    connection.sendall(data)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        with (
            Line(server.getsockname()[1], **line) as proxy,
            socket.create_connection((HOST, proxy.port)) as client,
        ):
            work(client)
        thread.join(10)
    return proxy


def say(client: socket.socket, data: bytes) -> None:
    client.sendall(data)
    left = len(data)
    while left:
        left -= len(client.recv(left))


def test_a_line_counts_bytes_and_round_trips() -> None:
    def work(client: socket.socket) -> None:
        for _ in range(3):
            say(client, b"12345")

    line = echoing(work)
    assert (line.up, line.down, line.turns) == (15, 15, 2)


@pytest.mark.parametrize(
    ("settings", "least"), [({"delay": 0.05}, 0.1), ({"rate": 1e6}, 0.2)], ids=["far", "narrow"]
)
def test_a_line_takes_its_time(settings: dict[str, float], least: float) -> None:
    started = time.perf_counter()
    echoing(lambda client: say(client, b"x" * 200_000), **settings)
    assert time.perf_counter() - started >= least


def test_memory_counts_a_file_that_is_in_memory_alone() -> None:
    before = in_use(os.getpid())
    number = os.memfd_create("some")
    os.write(number, bytes(20_000_000))
    assert in_use(os.getpid()) - before > 15_000_000
    os.close(number)


def test_a_stamping_line_tells_when_the_server_told_of_mail_and_keeps_an_idle_back_until_then() -> None:
    with (
        socket.create_server((HOST, 0)) as server,
        StampingLine(server.getsockname()[1]) as line,
        socket.create_connection((HOST, line.port)) as client,
    ):
        connection, _ = server.accept()
        with connection:
            line.hold()
            began = time.perf_counter()
            client.sendall(b"A1 IDLE\r\n")
            assert line.idle_since(began, 20)
            connection.sendall(b"* 2 EXISTS\r\n* 3 EXISTS\r\n")
            assert began < line.exists(2, 20) == line.exists(3, 20) < time.perf_counter()
            connection.setblocking(False)
            with pytest.raises(BlockingIOError):
                connection.recv(100)
            connection.settimeout(20)
            line.let_go()
            assert connection.recv(100) == b"A1 IDLE\r\n"
            client.sendall(b"A2 IDLE\r\n")
            assert connection.recv(100) == b"A2 IDLE\r\n"
            assert not line.idle_since(time.perf_counter(), 0)


def test_a_measured_wake_up_has_its_floor_beside_it(own_dovecot: Dovecot, tmp_path: Path) -> None:
    fetched, written = bare(own_dovecot, tmp_path / "floor", 2)
    assert [0 < each < then for each, then in zip(fetched, written, strict=True)] == [True, True]
    assert (tmp_path / "floor").stat().st_size == 2 * COMMIT_BYTES


@pytest.mark.parametrize(
    ("told", "delivered", "kept"),
    [(10.0, 600.0, True), (10.1, 600.0, False), (10.0, 600.1, False)],
    ids=["kept", "late since EXISTS", "late since the delivery"],
)
def test_a_wake_up_that_takes_too_long_is_told(told: float, delivered: float, kept: bool) -> None:  # noqa: FBT001 -- a column of the table above
    waits = Waits([told] * 9, [delivered] * 9)
    assert is_kept(Measured(waits, Waits(), [1.0], [2.0], 0.1)) is kept
    assert is_kept(Measured(Waits(), waits, [1.0], [2.0], 0.1)) is kept
    assert is_kept(Measured(Waits([1.0] * 99 + [30.1]), Waits(), [1.0], [2.0], 0.1)) is False
