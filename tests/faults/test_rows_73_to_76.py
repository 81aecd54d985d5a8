"""The database fails under a worker at its work: mail waits in the mailbox, a person is told, and it goes on by itself."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from crm_logger import loop, space
from crm_logger.alarms import AlarmKind
from crm_logger.patience import LONGEST_PAUSE
from crm_logger.schedule import EX_CONFIG, Worker
from tests.cast import mail
from tests.faults.duty import HastyBell, assert_sound, office_at, on_duty

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.office import Office
    from tests.servers.served import ServedMailbox

pytestmark = pytest.mark.embedded

FIRST_PAUSE = 5.0


class Disk(NamedTuple):
    total: int
    free: int


@pytest.fixture
def office(tmp_path: Path, embedded_imap: ServedMailbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """The pauses are those of the service; the bell cuts them short and remembers them."""
    monkeypatch.setattr(loop, "FIRST_PAUSE", FIRST_PAUSE)
    opened = office_at(tmp_path, embedded_imap, FILING="move")
    yield opened
    opened.store.close()


def large(office: Office) -> bytes:
    """A mail for which no room is left between what is there."""
    return mail(to_log=office.bcc, body="Dear Carl " * 50_000)


@dataclass
class Disease:
    """A pragma that makes the worker's own connection fail as the disk would, with the value `ill`.

    It is set where the worker asks for room on the disk: in its thread, and at no other time than before it takes mail in.
    """

    pragma: str
    ill: int
    well: int
    says: str

    def breaks_out_in(self, database: Any, monkeypatch: pytest.MonkeyPatch) -> list[int]:
        """What the returned list holds is what the pragma is set to."""
        value = [self.well]

        def shortage(*_: object) -> str:
            database.pragma(self.pragma, value[0])
            return ""

        monkeypatch.setattr(loop, "shortage", shortage)
        return value


def lies(box: ServedMailbox) -> dict[str, int]:
    """How many mails lie in the folder where they arrive, and where they are filed."""
    return {name: len(box.mails(name)) for name in ("INBOX", "Logged")}


def assert_told(caplog: pytest.LogCaptureFixture, pauses: list[float], sentence: str) -> None:
    """Each failure is a line with the sentence and the rest after it, which doubles up to five minutes; the alarm is one line."""
    said = [record for record in caplog.records if sentence in record.getMessage()]
    rests = [record.__dict__["next_try_in"] for record in said if "next_try_in" in record.__dict__]
    assert rests == [round(each) for each in pauses]
    for number, pause in enumerate(pauses):
        planned = min(FIRST_PAUSE * 2**number, LONGEST_PAUSE)
        assert 0.8 * planned <= pause <= 1.2 * planned
    alarms = [record for record in said if record.__dict__.get("alarm") == AlarmKind.DATABASE]
    assert [record.getMessage() for record in alarms] == [
        f"alarm: {said[0].getMessage().removeprefix('alarm: ')}"
    ]


@pytest.mark.row(74, 75)
@pytest.mark.parametrize(
    "disease",
    [
        Disease("max_page_count", 1, 1_000_000, "The disk is full: make room for the database"),
        Disease(
            "query_only", 1, 0, "is read-only: give this user the right to write to it and to its folder."
        ),
    ],
    ids=["full", "read-only"],
)
def test_a_database_that_takes_no_more_leaves_the_mail_where_it_lies_until_it_does(
    office: Office,
    embedded_imap: ServedMailbox,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    disease: Disease,
) -> None:
    state = disease.breaks_out_in(office.store._connection.database, monkeypatch)
    with on_duty(office) as duty:
        duty.until(lambda: "looked" in caplog.messages)
        state[0] = disease.ill
        uid = embedded_imap.append(large(office))
        duty.until(lambda: len(duty.bell.pauses) >= 3)
        assert duty.worker.alarms.is_open(AlarmKind.DATABASE)
        assert (duty.receipts(), duty.engagements()) == (0, 0)
        assert lies(embedded_imap)["INBOX"] == 1
        state[0] = disease.well
        duty.until_logged(uid)
        duty.until(lambda: duty.alarms() == [])
        duty.until(lambda: lies(embedded_imap) == {"INBOX": 0, "Logged": 1})
        assert duty.engagements() == 1
        assert_told(caplog, duty.bell.pauses, disease.says)
    assert_sound(office)


@pytest.mark.row(73)
def test_a_database_that_another_program_keeps_locked_is_waited_for(
    office: Office, embedded_imap: ServedMailbox, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    office.store._connection.database.timeout = 0.05
    with (
        on_duty(office) as duty,
        closing(sqlite3.connect(tmp_path / "crm.sqlite3", isolation_level=None, timeout=10)) as other,
    ):
        duty.until(lambda: "looked" in caplog.messages)
        other.execute("begin immediate")
        uid = embedded_imap.append(duty.offer())
        duty.until(lambda: len(duty.bell.pauses) >= 3)
        assert duty.worker.alarms.is_open(AlarmKind.DATABASE)
        assert (duty.receipts(), lies(embedded_imap)["INBOX"]) == (0, 1)
        other.execute("rollback")
        duty.until_logged(uid)
        duty.until(lambda: duty.alarms() == [])
        duty.until(lambda: lies(embedded_imap) == {"INBOX": 0, "Logged": 1})
        assert_told(caplog, duty.bell.pauses, "stayed locked for 30 s: another program is writing to it.")
    assert_sound(office)


@pytest.mark.row(74)
def test_where_the_disk_is_short_the_looks_go_on_and_take_nothing_in(
    office: Office,
    embedded_imap: ServedMailbox,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No rest is longer than the interval: the next look finds out whether there is room."""
    free = [0]
    monkeypatch.setattr(
        loop,
        "shortage",
        lambda config, folder: space.shortage(config, folder, lambda _: Disk(1 << 40, free[0])),
    )
    uid = embedded_imap.append(offer := large(office))
    with on_duty(office) as duty:
        duty.until(lambda: duty.alarms() == [AlarmKind.DISK])
        looks: list[int] = []
        monkeypatch.setattr(duty.worker.loops[0].signs, "looked", lambda: looks.append(1))
        duty.until(lambda: len(looks) >= 2)
        assert (duty.receipts(), [each.raw for each in embedded_imap.mails()]) == (0, [offer])
        assert (
            f"alarm: The disk of {office.store.file.parent} has 0 MB left, and 10485 MB are wanted "  # type: ignore[union-attr]  # a file
            "(MIN_FREE_MB, MIN_FREE_PERCENT): make room. Mail waits in the mailbox until then."
        ) in caplog.messages
        free[0] = 1 << 40
        duty.until_logged(uid)
        duty.until(lambda: lies(embedded_imap) == {"INBOX": 0, "Logged": 1})
        duty.until(lambda: duty.alarms() == [])
        assert max(duty.bell.pauses, default=0) <= office.config.poll_interval


@pytest.mark.row(76)
def test_damage_that_the_work_meets_ends_the_worker_with_78_and_nothing_is_overwritten(
    office: Office, embedded_imap: ServedMailbox, caplog: pytest.LogCaptureFixture
) -> None:
    file = office.store.file
    assert file
    bell = HastyBell()
    worker = Worker(office.config, office.store, bell)
    office.store.close()
    content = bytearray(file.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    file.write_bytes(content)
    embedded_imap.append(large(office))
    assert worker.serve() == EX_CONFIG
    bell.close()
    assert file.read_bytes() == content
    assert (len(embedded_imap.mails()), bell.pauses) == (1, [])
    (said,) = [record.getMessage() for record in caplog.records if record.levelname == "CRITICAL"]
    assert said.endswith(
        "is corrupt. Nothing was changed: stop here and restore a backup, as docs/operating.md tells."
    )
