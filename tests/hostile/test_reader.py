"""The reading process dies in every way there is; the worker goes on and knows what it died of."""

from __future__ import annotations

import os
import pickle
import signal
import socket
import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from crm_logger.attempts import LAST_DEATH, PAUSE
from crm_logger.core.model import (
    Attachment,
    Direction,
    Fate,
    Flag,
    Kind,
    Log,
    RawMail,
    Reason,
    Role,
)
from crm_logger.intake import Intake
from crm_logger.isolation import (
    AHEAD,
    BATCH,
    LARGE,
    Death,
    Fault,
    Limits,
    Read,
    Reader,
    ReaderError,
    child,
    process,
)
from crm_logger.isolation.wire import Job, Memory, Sheet, Word, read_answer, written
from crm_logger.store import receipts
from crm_logger.store.receipts import Asked
from tests.cast import RECEIVED, bcc, decide, directory, mail
from tests.fakes import FakeMailbox
from tests.office import NOW, open_office

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_logger.mailbox import Mailbox

PLANTED = "tests.hostile.planted"
SHORT = Limits(cpu_seconds=1, seconds=60)
"""A busy machine may take its time over a sound mail; who waits for the end of it has less."""
KNOWN = directory()


@pytest.fixture(scope="module")
def sound() -> Iterator[Reader]:
    with Reader() as reader:
        yield reader


@pytest.fixture(scope="module")
def planted() -> Iterator[Reader]:
    with Reader(SHORT, PLANTED) as reader:
        yield reader


@pytest.fixture(scope="module")
def impatient() -> Iterator[Reader]:
    with Reader(replace(SHORT, seconds=3), PLANTED) as reader:
        yield reader


def raw_mail(uid: int, subject: str = "Offer 17") -> RawMail:
    raw = mail(to_log=bcc(), subject=subject)
    return RawMail(uid, raw, RECEIVED, len(raw))


def test_the_reader_decides_as_the_core_does(sound: Reader) -> None:
    mails = [raw_mail(uid, f"Offer {uid}") for uid in range(3 * BATCH)]
    read = list(sound.read(mails, KNOWN))
    assert [each.mail for each in read] == mails
    assert [each.reading for each in read] == [decide(each.raw, KNOWN) for each in mails]


def test_what_is_no_mail_passes_through_in_its_turn(sound: Reader) -> None:
    items: list[RawMail | str] = ["a", raw_mail(1), "b", "c", *(raw_mail(uid) for uid in range(2, 50)), "d"]
    read = list(sound.read(items, KNOWN))
    assert [each.mail if isinstance(each, Read) else each for each in read] == items
    assert list(sound.read(["only"], KNOWN)) == ["only"]
    assert list(sound.read([], KNOWN)) == []


def test_nothing_of_a_large_mail_is_left_when_the_next_is_asked_for() -> None:
    def mails(reader: Reader) -> Iterator[RawMail]:
        for uid in range(3):
            yield raw_mail(uid)
            large = replace(raw_mail(uid), raw=mail(to_log=bcc()) + bytes(LARGE))
            yield large
            held = [os.fstat(memory.number).st_size for memory in reader._memories]
            left.append((sys.getrefcount(large), reader.pid, held))

    left: list[tuple[int, int | None, list[int]]] = []
    with Reader() as reader:
        for each in reader.read(mails(reader), KNOWN):
            assert isinstance(each.reading, tuple)
            del each
    nobody_else = 2  # this generator and getrefcount itself
    assert left == [(nobody_else, None, [0] * AHEAD)] * 3


def test_a_reader_that_has_begun_is_entered_and_closed_again_without_harm() -> None:
    with Reader() as reader:
        pid = reader.pid
        with reader:
            assert reader.pid == pid is not None
        assert reader.pid is None


def test_a_new_directory_reaches_the_reader(sound: Reader) -> None:
    (before,) = cast("tuple[object]", sound.read_one(raw_mail(1), KNOWN))
    (after,) = cast("tuple[object]", sound.read_one(raw_mail(1), directory(users=())))
    assert (type(before).__name__, type(after).__name__) == ("Log", "Refuse")


def test_what_came_before_the_mailbox_went_away_is_given_out_first(sound: Reader) -> None:
    def fetched() -> Iterator[RawMail]:
        yield raw_mail(1)
        yield raw_mail(2)
        raise ConnectionError("gone")

    seen: list[int] = []
    with pytest.raises(ConnectionError, match="gone"):
        seen.extend(each.mail.uid for each in sound.read(fetched(), KNOWN))
    assert seen == [1, 2]


def test_who_stops_in_the_middle_can_go_on_with_other_mails(sound: Reader) -> None:
    reading = sound.read([raw_mail(uid) for uid in range(100)], KNOWN)
    next(reading)
    reading.close()
    (read,) = sound.read([raw_mail(7)], KNOWN)
    assert (read.mail.uid, isinstance(read.reading, tuple)) == (7, True)


@pytest.mark.row(48, 79)
@pytest.mark.parametrize(
    ("subject", "reason", "how"),
    [
        ("segfault", Reason.PARSE_CRASH, "the reading process was killed by SIGSEGV"),
        ("abort", Reason.PARSE_CRASH, "the reading process was killed by SIGABRT"),
        ("exit", Reason.PARSE_CRASH, "the reading process ended with status 3"),
        ("eat", Reason.PARSE_CRASH, "it took more than 1024 MB of memory"),
        ("spin", Reason.PARSE_TIMEOUT, "it took more than 1 s of CPU time"),
        ("sleep", Reason.PARSE_TIMEOUT, "it took more than 3 s"),
        ("scribble", Reason.PARSE_CRASH, "the answer made no sense (UnpicklingError)"),
        ("miscount", Reason.PARSE_CRASH, "the answer made no sense (IndexError)"),
    ],
)
def test_a_death_is_told_and_the_mails_around_it_are_read(
    planted: Reader, impatient: Reader, subject: str, reason: Reason, how: str
) -> None:
    reader = impatient if subject == "sleep" else planted
    mails = [raw_mail(uid, subject if uid == 40 else f"Offer {uid}") for uid in range(80)]
    read = {each.mail.uid: each.reading for each in reader.read(mails, KNOWN)}
    assert read.pop(40) == Death(reason, how)
    assert all(isinstance(reading, tuple) for reading in read.values())
    assert len(read) == 79


def test_many_deaths_in_one_batch_cost_only_their_own_mails(planted: Reader) -> None:
    subjects = ["exit", "Offer 1", "exit", "exit", "Offer 2", "exit"]
    read = list(planted.read([raw_mail(uid, subject) for uid, subject in enumerate(subjects)], KNOWN))
    assert [isinstance(each.reading, Death) for each in read] == [True, False, True, True, False, True]


def test_a_bug_is_no_death(planted: Reader) -> None:
    planted.read_one(raw_mail(1), KNOWN)
    before = planted.pid
    fault = planted.read_one(raw_mail(1, "bug"), KNOWN)
    assert isinstance(fault, Fault)
    assert (fault.name, "raise_bug" in fault.trace) == ("KeyError", True)
    assert planted.pid == before


def test_a_process_killed_from_outside_costs_one_attempt(planted: Reader) -> None:
    planted.read_one(raw_mail(1), KNOWN)
    os.kill(planted.pid or 0, signal.SIGKILL)
    death = planted.read_one(raw_mail(2), KNOWN)
    assert death == Death(Reason.PARSE_CRASH, "the reading process was killed by SIGKILL")
    assert isinstance(planted.read_one(raw_mail(2), KNOWN), tuple)


def test_signals_that_stop_the_worker_leave_the_mail_in_hand_alone(planted: Reader) -> None:
    planted.read_one(raw_mail(1), KNOWN)
    before = planted.pid or 0
    for number in (signal.SIGINT, signal.SIGTERM):
        os.kill(before, number)
    assert isinstance(planted.read_one(raw_mail(2), KNOWN), tuple)
    assert planted.pid == before


def test_a_process_waits_for_the_first_mails_and_reads_them() -> None:
    with Reader() as reader:
        before = reader.pid
        reader.read_one(raw_mail(1), KNOWN)
        assert reader.pid == before is not None


def test_the_process_ends_with_the_worker() -> None:
    reader = Reader()
    reader.read_one(raw_mail(1), KNOWN)
    pid = reader.pid or 0
    reader.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_the_process_knows_no_secret_of_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAP_PASSWORD", "secret")
    with Reader() as reader:
        reader.read_one(raw_mail(1), KNOWN)
        with open(f"/proc/{reader.pid}/environ", "rb") as file:  # noqa: PTH123 -- a file of the kernel
            assert b"secret" not in file.read()


def test_a_process_that_cannot_start_is_no_fault_of_the_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    with Reader(module="no.such.module") as reader, pytest.raises(ReaderError, match="does not start"):
        reader.read_one(raw_mail(1), KNOWN)
    monkeypatch.setattr(process, "READY", Word(-1, 1, 0))
    with Reader() as reader, pytest.raises(ReaderError, match="Was crm-logger upgraded"):
        reader.read_one(raw_mail(1), KNOWN)
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with Reader() as reader, pytest.raises(ReaderError, match="No such file"):
        reader.read_one(raw_mail(1), KNOWN)


def test_words_that_several_lists_share_arrive_as_those_of_their_own_list() -> None:
    told: list[object] = [word for kind in (Kind, Direction, Role, Reason, Flag, Fate) for word in kind]
    told += [UTC, timezone(timedelta(hours=2)), timezone(timedelta(0), "GMT")]
    arrived = cast("list[object]", read_answer(written(cast("Any", told))))
    assert [(type(each), each) for each in arrived] == [(type(each), each) for each in told]
    assert [str(zone) for zone in arrived[-3:]] == ["UTC", "UTC+02:00", "GMT"]


@pytest.mark.parametrize("value", [threading.Thread, os.system, timedelta.__add__, {1, 2}])
def test_only_values_of_a_decision_are_read_from_an_answer(value: object) -> None:
    with pytest.raises(pickle.UnpicklingError, match="is no value of a decision"):
        read_answer(pickle.dumps(value, protocol=2))


@pytest.mark.row(79)
@pytest.mark.parametrize(
    ("subject", "reason"),
    [("segfault", Reason.PARSE_CRASH), ("abort", Reason.PARSE_CRASH), ("sleep", Reason.PARSE_TIMEOUT)],
)
def test_a_deadly_mail_is_set_aside_after_three_deaths_and_the_others_are_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, subject: str, reason: Reason
) -> None:
    """It is tried again after a minute and no sooner; each attempt is told, and its bytes are kept where it lies at last."""
    office = open_office(tmp_path, FILING="move")
    mailbox, now = FakeMailbox(), NOW
    subjects = ("Offer 1", subject, "Offer 2")
    mails = [mail(to_log=office.bcc, subject=each) for each in subjects]
    mailbox.put(*mails)
    with Reader(replace(SHORT, seconds=1 if subject == "sleep" else 60), PLANTED) as reader:
        for round_ in range(1, LAST_DEATH + 2):
            for later in (timedelta(), PAUSE - timedelta(seconds=1)):
                told = now + later
                Intake(office.config, office.store, cast("Mailbox", mailbox), reader, lambda: told).turn()  # noqa: B023 -- called within the same round
            assert caplog.messages.count("reading a mail ended uncleanly") == min(round_, LAST_DEATH - 1)
            now += PAUSE
    with office.store.reading():
        decided = {each.uid: each.reason for each in receipts.decisions(Asked())}
    assert decided == {1: Reason.LOGGED, 2: reason, 3: Reason.LOGGED}
    assert office.store.kept_raw(3) == mails[1]
    lies = {folder: list(there.values()) for folder, there in mailbox.folders.items()}
    assert lies == {"INBOX": [], "Logged": [mails[0], mails[2]], "Failed": [mails[1]]}
    attempts = [
        r.__dict__["attempt"] for r in caplog.records if r.message == "reading a mail ended uncleanly"
    ]
    assert attempts == list(range(1, LAST_DEATH))
    assert [r.message for r in caplog.records if r.levelname == "ERROR"] == ["a mail could not be read"]
    office.store.close()


def test_a_reader_that_is_roused_answers_nobody_and_reads_on(sound: Reader) -> None:
    sound.read_one(raw_mail(1), KNOWN)
    assert sound.pid
    before = cpu_time(sound.pid)
    sound.read_one(raw_mail(2), KNOWN)
    once = cpu_time(sound.pid) - before
    for _ in range(100):
        sound.rouse()
    other = raw_mail(3, "Another offer")
    assert sound.read_one(other, KNOWN) == decide(other.raw, KNOWN)
    assert cpu_time(sound.pid) - before > 10 * once, "it slept on"


def test_a_reader_that_never_read_may_be_roused() -> None:
    reader = Reader()
    reader.rouse()
    assert reader.pid is None
    with reader:
        reader.rouse()
        first = raw_mail(1)
        assert reader.read_one(first, KNOWN) == decide(first.raw, KNOWN)


def test_a_mail_that_was_large_is_not_gone_through_again() -> None:
    ours, theirs = socket.socketpair()
    memory = Memory.make("test")
    with ours, theirs:
        reader = child._Reader(theirs, (memory,), 20)
        reader._wake()
        for raw in (mail(to_log=bcc()), mail(to_log=bcc(), body="x" * child.SMALL)):
            end = memory.write(raw, 0)
            job = Job(KNOWN, [Sheet(1, RECEIVED, len(raw), partial=False, start=0, end=end)])
            reader._read(memory, Word(0, end, memory.write(written(job), end)))
            assert reader._last is not None
            assert len(reader._last.raw) < 1000
            reader._wake()
    memory.close()


def cpu_time(pid: int) -> int:
    """Nanoseconds that a process was at work (proc(5), schedstat)."""
    return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0])


def test_the_worker_gets_its_answer_soon(sound: Reader) -> None:
    sound.read_one(raw_mail(1), KNOWN)
    took = []
    for uid in range(50):
        started = time.perf_counter()
        sound.read_one(raw_mail(uid), KNOWN)
        took.append(time.perf_counter() - started)
    assert sorted(took)[25] < 0.1


@pytest.mark.parametrize("size", [10, 3 * 1024 * 1024])
def test_an_answer_comes_back_from_the_memory_as_it_was(size: int) -> None:
    """A large one is read as a file; the memory's own offset, which both processes share, stays where it is."""
    (decision,) = decide(mail(to_log=bcc()))
    assert isinstance(decision, Log)
    file = Attachment("plan.bin", "application/octet-stream", size, bytes(range(256)) * (size // 256 + 1))
    answer = (replace(decision, entries=(replace(decision.entries[0], attachments=(file,)),)),)
    memory = Memory.make("test")
    try:
        end = memory.put(answer, 100)
        assert memory.get(100, end) == answer
        assert os.lseek(memory.number, 0, os.SEEK_CUR) == 0
    finally:
        memory.close()
