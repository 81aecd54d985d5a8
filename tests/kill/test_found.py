"""What killing the worker found, each fault by itself: the state that the dead worker left, and what the next one makes of it."""

from __future__ import annotations

import dataclasses
import os
import signal
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn

import pytest

from crm_logger import schedule
from crm_logger.alarms import AlarmKind
from crm_logger.core.model import Outcome, RawMail, Reason, Refuse
from crm_logger.filing import ABANDONED, Filer
from crm_logger.mailbox import connect
from crm_logger.mailbox.folders import KEYWORD
from crm_logger.retry import retry
from crm_logger.schedule import EX_OK, StopBell, Worker
from crm_logger.store import Place, receipts, tables
from crm_logger.store.people import add_address
from crm_logger.store.tables import AddressKind
from tests.cast import EVE, mail
from tests.kill.points import Points, die, install, swap
from tests.office import NOW, open_office
from tests.servers.scripted import ScriptedPeer

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.office import Office
    from tests.servers.dovecot import Dovecot
    from tests.servers.scripted import Conversation
    from tests.servers.served import ServedMailbox

pytestmark = pytest.mark.embedded
ALIAS = "ann@home.example"


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Callable[[ServedMailbox], Office]]:
    """Opens the office at a mailbox whose mail is moved."""
    opened: list[Office] = []

    def begin(box: ServedMailbox) -> Office:
        opened.append(open_office(tmp_path, **box.settings(FILING="move")))
        return opened[-1]

    yield begin
    for office in opened:
        office.store.close()


def look(office: Office) -> None:
    assert schedule.run(office.config, once=True) == EX_OK


def again(office: Office, receipt: int = 1) -> str:
    (told,) = retry([office.config], [receipt], dry_run=False, progress=lambda _number: None)
    return told.result


def add_alias(office: Office) -> None:
    with office.store.writing():
        add_address(office.config.policy, 1, ALIAS, AddressKind.ALIAS)


def filed(office: Office) -> list[tuple[str, int | None]]:
    """Where the mails lie, as their receipts say."""
    with office.store.reading():
        return [
            (row.filed_folder, row.filed_uid) for row in tables.Receipt.select().order_by(tables.Receipt.id)
        ]


def test_a_mail_set_aside_by_a_worker_that_died_before_its_alarm_is_an_alarm_of_the_next_one(
    at: Callable[[ServedMailbox], Office], embedded_imap: ServedMailbox
) -> None:
    office = at(embedded_imap)
    place = Place(office.store.mailbox_id("log"), "INBOX", 7)
    office.store.record(place, RawMail(1, b"x", NOW), (Refuse(0, Reason.PARSE_CRASH, "it died"),), NOW)
    bell = StopBell()
    worker = Worker(office.config, office.store, bell)
    worker.loops[0]._watch_failed({}, whole=False)
    assert office.store.open_alarms() == []
    worker.loops[0]._watch_failed({Outcome.REFUSED: 1}, whole=True)
    assert [each.kind for each in office.store.open_alarms()] == [AlarmKind.SET_ASIDE]
    bell.close()


def test_a_mail_that_the_server_keeps_back_is_not_copied_twice() -> None:
    """The dead worker had copied it: of a mail without bytes what the server tells of it must do."""

    def keep_back(talk: Conversation, tag: bytes, arguments: bytes) -> None:
        if b"BODY" in arguments:
            talk.ok(tag)
        else:
            talk.default("UID FETCH", tag, arguments)

    raw = mail()
    peer = ScriptedPeer({1: raw}, answers={"UID FETCH": keep_back}, capabilities="IMAP4rev1 UIDPLUS")
    with peer:
        peer.flags[1] = {KEYWORD}
        peer.folders["Failed"] = {4: b"another one\r\n", 5: raw}
        with connect(peer.mailbox().config(FILING="move")) as mailbox:
            assert mailbox.file(1, "Failed").uid == 5
        assert (peer.count("UID COPY"), list(peer.mails), len(peer.folders["Failed"])) == (0, [], 2)


def test_two_mails_with_the_same_bytes_keep_a_copy_each(
    at: Callable[[ServedMailbox], Office], imap_without: Callable[..., ServedMailbox]
) -> None:
    """The dead worker had marked the second and not copied it: the copy that is there is the first one's."""
    box = imap_without("MOVE")
    office = at(box)
    raw = mail(to_log=office.bcc)
    twins = [box.append(raw), box.append(raw)]
    with box.client() as client:
        client.select_folder("INBOX")
        client.add_flags([twins[1]], [KEYWORD])
    look(office)
    assert len(box.mails("Logged")) == 2
    assert box.mails() == []
    assert len(set(filed(office))) == 2


def test_a_retry_that_died_after_its_move_finds_the_mail_where_it_moved_it(
    at: Callable[[ServedMailbox], Office], embedded_imap: ServedMailbox
) -> None:
    office = at(embedded_imap)
    embedded_imap.append(mail(to_log=office.bcc, author=ALIAS))
    look(office)
    before = filed(office)
    add_alias(office)
    again(office)
    after = filed(office)
    with office.store.writing():  # as if it had not come to write down the move
        tables.Receipt.update(filed_folder=before[0][0], filed_uid=before[0][1]).execute()
    assert again(office) == "logged"
    assert filed(office) == after
    assert [len(embedded_imap.mails(folder)) for folder in ("Logged", "Not logged")] == [1, 0]


@pytest.mark.parametrize("last", ["before UID MOVE", "answered UID MOVE", "after COMMIT of changes"])
def test_what_a_retry_that_was_killed_did_not_move_is_moved_by_the_worker_later(
    at: Callable[[ServedMailbox], Office], dovecot: Dovecot, last: str
) -> None:
    box = dovecot.mailbox()
    office = at(box)
    box.append(mail(to_log=office.bcc, author=ALIAS))
    look(office)
    add_alias(office)
    office.store.close()
    if not (pid := os.fork()):
        killed_at(last, lambda: again(office))
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
    assert [folder for folder, _ in filed(office)] == ["Not logged"]
    look(office)  # a retry may be alive for so long
    assert [folder for folder, _ in filed(office)] == ["Not logged"]
    with office.store.writing():
        tables.Unmoved.update(since=datetime.now(UTC) - ABANDONED).execute()
    look(office)
    ((folder, uid),) = filed(office)
    assert [len(box.mails(name)) for name in ("Logged", "Not logged", "INBOX")] == [1, 0, 0]
    assert (folder, [uid]) == ("Logged", [each.uid for each in box.mails("Logged")])
    with office.store.reading():
        assert (tables.Unmoved.select().count(), tables.Engagement.select().count()) == (0, 1)


def killed_at(last: str, work: Callable[[], object]) -> NoReturn:
    """End this process, a fork, with SIGKILL at a point of that name, once a decision was written."""
    points = Points()
    reach = points.reach

    def reached(name: str, answering: socket.socket | None = None) -> None:
        reach(name, answering)
        if name == last and 'after INSERT INTO "decision"' in points.names:
            die()

    swap(points, "reach", reached)
    install(points, lambda _said: None)
    try:
        work()
    finally:
        os._exit(1)


def test_a_mail_that_cannot_be_moved_now_is_moved_another_time_and_one_that_is_gone_is_forgotten(
    at: Callable[[ServedMailbox], Office], embedded_imap: ServedMailbox, capsys: pytest.CaptureFixture[str]
) -> None:
    office = at(embedded_imap)
    embedded_imap.append(mail(to_log=office.bcc, author=ALIAS))
    look(office)
    long_ago = datetime.now(UTC) - 2 * ABANDONED
    office.store.will_move(1, long_ago)
    with office.store.writing():
        tables.Decision.update(outcome="failed").execute()
    broken = dataclasses.replace(office.config, imap_port=1)
    with connect(office.config) as mailbox:
        place = Place(office.store.mailbox_id(mailbox.name), "INBOX", mailbox.uidvalidity)
        Filer(broken, office.store, mailbox, place).move_what_is_left(datetime.now(UTC))
        assert "a mail was not filed" in capsys.readouterr().err
        assert [folder for folder, _ in filed(office)] == ["Not logged"]
        assert office.store.left_unmoved(place, long_ago + ABANDONED) == []
        embedded_imap.remove(1, "Not logged")
        Filer(office.config, office.store, mailbox, place).move_what_is_left(
            datetime.now(UTC) + 2 * ABANDONED
        )
    with office.store.reading():
        assert tables.Unmoved.select().count() == 0


def test_a_retry_never_takes_another_mail_that_has_the_number_of_the_one_it_looks_for(
    at: Callable[[ServedMailbox], Office], embedded_imap: ServedMailbox
) -> None:
    office = at(embedded_imap)
    embedded_imap.append(mail(to_log=office.bcc, author=ALIAS))
    look(office)
    ((folder, uid),) = filed(office)
    assert uid is not None
    other = embedded_imap.append(mail(to_log=office.bcc, author=EVE, subject="Another"), folder=folder)
    with office.store.writing():
        tables.Receipt.update(filed_uid=other).execute()
    add_alias(office)
    again(office)
    assert [each.uid for each in embedded_imap.mails(folder)] == [other]
    (moved,) = embedded_imap.mails("Logged")
    assert b"Offer 17" in moved.raw


def test_a_mail_that_failed_is_moved_by_the_retry_that_comes_after_one_that_died(
    at: Callable[[ServedMailbox], Office], embedded_imap: ServedMailbox
) -> None:
    """Its bytes are kept with the receipt until a retry succeeds; from then on it is looked for in the mailbox."""
    office = at(embedded_imap)
    uid = embedded_imap.append(mail(to_log=office.bcc))
    with connect(office.config) as mailbox:
        place = Place(office.store.mailbox_id(mailbox.name), "INBOX", mailbox.uidvalidity)
        raw = embedded_imap.mails()[0].raw
        bug = Refuse(0, Reason.ERROR, "a bug")
        receipt = office.store.record(
            place, RawMail(uid, raw, NOW, len(raw)), (bug,), NOW, error="Traceback"
        ).receipt_id
    look(office)
    assert [folder for folder, _ in filed(office)] == ["Failed"]
    again(office, receipt)
    assert [folder for folder, _ in filed(office)] == ["Logged"]
    with office.store.writing():
        tables.Receipt.update(filed_folder="Failed", filed_uid=1).execute()
    assert again(office, receipt) == "logged"
    assert [folder for folder, _ in filed(office)] == ["Logged"]
    with office.store.reading():
        assert receipts.receipt(receipt).filed_folder == "Logged"
