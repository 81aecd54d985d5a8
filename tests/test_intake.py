"""What one look at the mailbox does, with a real database and a mailbox in memory."""

from __future__ import annotations

import json
import logging
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest

from crm_logger.attempts import LAST_DEATH, Attempts
from crm_logger.core.model import Outcome, Reason, Refuse
from crm_logger.intake import AT_ONCE, LAST_ATTEMPT, Intake
from crm_logger.isolation import Death, Fault
from crm_logger.mailbox import MailboxAway
from crm_logger.store import Deaths, receipts, tables
from crm_logger.store.receipts import Asked
from tests.cast import EVE, gmail_forward, mail
from tests.fakes import FakeMailbox, FakeReader
from tests.office import NOW, Office, open_office

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator
    from pathlib import Path

    from crm_logger.core.model import Directory, Flag, RawMail
    from crm_logger.isolation import Read, Reader
    from crm_logger.mailbox import Mailbox, Unfetched
    from crm_logger.store import Place


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = open_office(tmp_path)
    yield made
    made.store.close()


def intake(office: Office, mailbox: FakeMailbox, **changes: Any) -> Intake:
    box, reader = cast("Mailbox", mailbox), cast("Reader", FakeReader())
    return replace(Intake(office.config, office.store, box, reader, lambda: NOW), **changes)


def reasons(office: Office) -> list[Reason]:
    with office.store.reading():
        return [each.reason for each in reversed(receipts.decisions(Asked()))]


def test_it_takes_in_every_mail_once(office: Office) -> None:
    mailbox = FakeMailbox()
    mailbox.put(mail(to_log=office.bcc), mail(to_log=office.bcc, author=EVE), mail())
    turn = intake(office, mailbox).turn()
    assert turn.outcomes == {Outcome.LOGGED: 1, Outcome.REFUSED: 2}
    assert reasons(office) == [Reason.LOGGED, Reason.UNKNOWN_SENDER, Reason.NO_LOG_ADDRESS]
    assert intake(office, mailbox).turn(whole=True).outcomes == {}
    assert len(reasons(office)) == 3
    assert sorted(mailbox.folders) == ["INBOX"]


def test_it_logs_a_forward_beside_the_bcc_of_the_same_mail_once(office: Office) -> None:
    body = "Dear Carl,\n\nhere is the offer.\n\nAnn\n"
    block = gmail_forward(
        author="Ann <ann@acme.test>",
        to="carl@client.example",
        subject="Offer 17",
        body=body,
        date="Mon, May 4, 2026 at 11:00 AM",
    )
    mailbox = FakeMailbox()
    mailbox.put(
        mail(to_log=office.bcc, body=body),
        mail(to_log=office.forwarding, to=office.forwarding, subject="Fwd: Offer 17", body=block),
    )
    intake(office, mailbox).turn()
    assert reasons(office) == [Reason.LOGGED, Reason.LOGGED]
    mailbox.put(mailbox.folders["INBOX"][1])
    intake(office, mailbox).turn()
    assert reasons(office)[2:] == [Reason.DUPLICATE]


def test_it_searches_from_the_low_water_mark_and_the_audit_from_the_start(office: Office) -> None:
    mailbox = FakeMailbox()
    mailbox.put(mail(), mail())
    intake(office, mailbox).turn()
    intake(office, mailbox).turn()
    intake(office, mailbox).turn(whole=True)
    assert mailbox.asked_above == [0, 2, 0]


def test_deleting_the_low_water_mark_changes_nothing_that_is_logged(office: Office) -> None:
    mailbox = FakeMailbox()
    mailbox.put(mail(to_log=office.bcc))
    taker = intake(office, mailbox)
    taker.turn()
    office.store.set_low_water(taker.place(), 0)
    assert taker.turn().outcomes == {}


def test_a_mail_the_server_never_gives_waits_and_is_set_aside_while_others_go_on(office: Office) -> None:
    mailbox = FakeMailbox()
    mailbox.put(None, mail(to_log=office.bcc))
    now = NOW
    for attempt in range(1, LAST_ATTEMPT + 1):
        turn = intake(office, mailbox, now=lambda: now).turn()  # noqa: B023 -- called within the same round
        assert turn.deferred == (attempt < LAST_ATTEMPT)
        assert reasons(office) == [Reason.LOGGED] + [Reason.UNFETCHABLE] * (attempt == LAST_ATTEMPT)
        assert intake(office, mailbox, now=lambda: now).turn().outcomes == {}  # noqa: B023 -- the same
        now += timedelta(minutes=16)
    assert now - NOW >= timedelta(hours=1)
    assert mailbox.asked_above[-1] == 2


def test_a_mail_that_waits_is_looked_for_by_itself_and_holds_no_mark_back(office: Office) -> None:
    mailbox = FakeMailbox()
    mailbox.put(None, mail(to_log=office.bcc), mail())
    intake(office, mailbox).turn()
    assert intake(office, mailbox).turn().deferred == 1
    assert mailbox.asked_above == [0, 3]
    mailbox.folders["INBOX"][1] = mail(to_log=office.bcc, subject="At last")
    taker = intake(office, mailbox, now=lambda: NOW + timedelta(minutes=16))
    turn = taker.turn()
    assert (turn.outcomes, turn.up_to) == ({Outcome.LOGGED: 1}, 3)
    assert office.store.looked_from(taker.place()) == (3, {})
    assert mailbox.asked_above == [0, 3, 3]


def test_a_broken_connection_stops_the_batch_and_the_next_turn_goes_on(office: Office) -> None:
    mailbox = FakeMailbox(away_after=1)
    mailbox.put(mail(to_log=office.bcc), mail(to_log=office.bcc))
    with pytest.raises(MailboxAway):
        intake(office, mailbox).turn()
    assert len(reasons(office)) == 1
    mailbox.away_after = None
    intake(office, mailbox).turn()
    assert len(reasons(office)) == 2


def test_it_tells_of_each_batch_but_the_last_one(office: Office) -> None:
    """What is done then is done while the reader works on the mails that come next."""
    mailbox = FakeMailbox()
    for number in range(AT_ONCE + 1):
        mailbox.put(mail(to_log=office.bcc, message_id=f"<{number}@a.test>"))
    counted: list[int] = []
    intake(office, mailbox, recorded=lambda: counted.append(len(reasons(office)))).turn()
    assert (counted, len(reasons(office))) == ([AT_ONCE], AT_ONCE + 1)


def test_it_stops_between_two_mails(office: Office) -> None:
    mailbox = FakeMailbox()
    mailbox.put(mail(), mail(), mail())
    asked = iter((False, True))
    turn = intake(office, mailbox, stopping=lambda: next(asked)).turn()
    assert (turn.finished, len(reasons(office))) == (False, 1)
    intake(office, mailbox).turn()
    assert mailbox.asked_above[-1] == 0
    assert len(reasons(office)) == 3


def test_a_bug_costs_one_mail_its_place_and_keeps_its_bytes(office: Office) -> None:
    mailbox = FakeMailbox()
    raw = mail(to_log=office.bcc)
    mailbox.put(raw, raw.replace(b"Offer 17", b"Offer 18"))
    reader = FakeReader({1: Fault("KeyError", "Traceback: KeyError")})
    intake(office, mailbox, reader=reader).turn()
    assert reasons(office) == [Reason.ERROR, Reason.LOGGED]
    assert office.store.kept_raw(1) == raw
    with office.store.reading():
        assert receipts.receipt(1).error == "Traceback: KeyError"


def test_a_bug_while_recording_costs_one_mail_its_place_too(office: Office) -> None:
    mailbox = FakeMailbox()
    mailbox.put(mail(to_log=office.bcc), mail(to_log=office.bcc))
    reader = FakeReader({1: (Refuse(0, Reason.ERROR, flags=frozenset([cast("Flag", object())])),)})
    intake(office, mailbox, reader=reader).turn()
    assert reasons(office) == [Reason.ERROR, Reason.LOGGED]
    with office.store.reading():
        assert "Traceback" in receipts.receipt(1).error


def test_a_deadly_mail_waits_and_is_set_aside_unread_while_others_go_on(office: Office) -> None:
    mailbox = FakeMailbox()
    mailbox.put(mail(to_log=office.bcc), mail(to_log=office.bcc))
    reader = FakeReader({1: Death(Reason.PARSE_TIMEOUT, "it took too long")})
    now = NOW
    for attempt in range(1, LAST_DEATH + 1):
        turn = intake(office, mailbox, reader=reader, now=lambda: now).turn()  # noqa: B023 -- called within the same round
        assert turn.deferred == (attempt < LAST_DEATH)
        assert reasons(office) == [Reason.LOGGED] + [Reason.PARSE_TIMEOUT] * (attempt == LAST_DEATH)
        assert intake(office, mailbox, reader=reader, now=lambda: now).turn().outcomes == {}  # noqa: B023 -- the same
        now += timedelta(minutes=2)
    assert reader.asked == [1, 2, 1, 1]
    assert office.store.kept_raw(2) == mailbox.folders["INBOX"][1]
    with office.store.reading():
        assert receipts.receipt(2).attempts == LAST_DEATH


class Witness(FakeReader):
    """Reads as the others do, and before each mail looks into the database as the next worker would."""

    def __init__(self, database: Path) -> None:
        super().__init__()
        self._database = database
        self.in_hand: list[bool] = []

    def read(
        self, items: Iterable[RawMail | Unfetched], directory: Directory
    ) -> Generator[Read | Unfetched, None, None]:
        for item in items:
            with closing(sqlite3.connect(self._database)) as database:
                held = [
                    uid
                    for (uids,) in database.execute("select uids from in_hand")
                    for uid in json.loads(uids)
                ]
            self.in_hand.append(item.uid in held)
            yield from super().read([item], directory)


@pytest.mark.row(79)
def test_a_mail_is_known_to_be_in_hand_before_it_is_read(office: Office) -> None:
    mailbox = FakeMailbox()
    mailbox.put(mail(to_log=office.bcc), mail(to_log=office.bcc))
    assert office.store.file
    reader = Witness(office.store.file)
    intake(office, mailbox, reader=reader).turn()
    assert reader.in_hand == [True, True]


@pytest.mark.row(70, 79)
def test_what_a_dead_worker_had_in_hand_is_read_alone_and_set_aside_the_third_time(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    """The worker's own death is that of a process which took mails in hand and never came to put them down."""
    mailbox = FakeMailbox()
    mailbox.put(*(mail(to_log=office.bcc, subject=f"Offer {number}") for number in range(3)))
    place = intake(office, mailbox).place()
    office.store.open_folder(place, NOW)
    reader = FakeReader()
    for number, hand in enumerate(([1, 2, 3], [2], [2]), 1):
        die_with_in_hand(office, place, hand)
        if number < LAST_DEATH:
            Attempts(office.store, place).count_left_in_hand(NOW)
            sound, deadly = Attempts(office.store, place).sorted([1, 2, 3, 4])
            assert (sound, [uid for uid, _ in deadly]) == ([4], [1, 2, 3])
    intake(office, mailbox, reader=reader).turn()
    assert reader.asked == [1, 3]
    assert reasons(office) == [Reason.LOGGED, Reason.PARSE_CRASH, Reason.LOGGED]
    assert office.store.deaths(place) == {}
    told = [
        r.__dict__["in_hand"]
        for r in caplog.records
        if r.message == "the worker before this one ended uncleanly"
    ]
    assert told == [3, 1, 1], "and each start went on at once"


def die_with_in_hand(office: Office, place: Place, hand: list[int]) -> None:
    office.store.take_in_hand(place, hand)
    with office.store.writing():
        tables.InHand.update(worker="another process").execute()


def test_a_worker_that_stops_or_loses_the_mailbox_leaves_nothing_in_hand(office: Office) -> None:
    mailbox = FakeMailbox(away_after=1)
    mailbox.put(mail(to_log=office.bcc), mail(to_log=office.bcc))
    with pytest.raises(MailboxAway):
        intake(office, mailbox).turn()
    mailbox.away_after = None
    intake(office, mailbox, stopping=lambda: True).turn()
    with office.store.reading():
        assert tables.InHand.select().count() == 0


def test_it_files_after_the_commit_and_makes_up_for_what_was_left(office: Office, tmp_path: Path) -> None:
    mailbox = FakeMailbox()
    mailbox.put(mail(to_log=office.bcc), mail())
    intake(office, mailbox).turn()
    moving = open_office_again(office, tmp_path)
    mailbox.put(mail(to_log=office.bcc))
    intake(moving, mailbox).turn()
    assert {name: len(mails) for name, mails in mailbox.folders.items()} == {
        "INBOX": 0,
        "Logged": 2,
        "Not logged": 1,
    }
    assert office.store.unfiled(intake(moving, mailbox).place()) == []


def open_office_again(office: Office, _folder: Path) -> Office:
    return replace(office, config=replace(office.config, filing="move"))


def test_a_dry_run_decides_prints_and_changes_nothing(office: Office) -> None:
    mailbox = FakeMailbox()
    mailbox.put(mail(to_log=office.bcc), mail(to_log=office.forwarding, to=office.forwarding), None)
    lines: list[str] = []
    turn = intake(office, mailbox, show=lines.append).turn(dry_run=True)
    assert turn.outcomes == {Outcome.LOGGED: 1, Outcome.REFUSED: 1}
    assert lines == [
        "would be logged reason=logged account=1 user=1 uid=1",
        "would be refused reason=no-forward-found account=1 user=1 uid=2",
        "uid 3: would wait (the server gives nothing for it)",
    ]
    assert reasons(office) == []
    assert office.store.looked_from(intake(office, mailbox).place())[0] == 0


def test_a_new_uidvalidity_binds_the_mails_to_their_receipts(office: Office) -> None:
    mailbox = FakeMailbox()
    mailbox.put(mail(to_log=office.bcc), mail())
    intake(office, mailbox).turn()
    mailbox.uidvalidity = 8
    mailbox.folders["INBOX"] = dict(enumerate(mailbox.folders["INBOX"].values(), 11))
    assert intake(office, mailbox).turn().outcomes == {}
    assert len(reasons(office)) == 2


def test_one_line_a_mail_tells_nothing_of_the_mail(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    mailbox = FakeMailbox()
    mailbox.put(mail(to_log=office.bcc, subject="Secret price"))
    with caplog.at_level(logging.INFO, "crm_logger"):
        intake(office, mailbox).turn()
    (line,) = caplog.records
    told = {key: vars(line)[key] for key in ("reason", "account", "user", "uid")}
    assert (line.getMessage(), told) == ("logged", {"reason": "logged", "account": 1, "user": 1, "uid": 1})
    assert "carl" not in str(vars(line)).lower()


@pytest.mark.parametrize("whole", [True, False])
def test_a_mail_that_waits_and_is_taken_away_is_waited_for_no_more(office: Office, *, whole: bool) -> None:
    mailbox = FakeMailbox()
    mailbox.put(None, None)
    intake(office, mailbox).turn()
    del mailbox.folders["INBOX"][1]
    assert intake(office, mailbox).turn(whole=whole).deferred == 1
    with office.store.reading():
        assert [each.uid for each in receipts.waiting()] == [2]


def test_what_waited_under_a_folders_old_numbers_is_waited_for_no_more(office: Office) -> None:
    mailbox = FakeMailbox()
    mailbox.put(None)
    worker = intake(office, mailbox)
    worker.turn()
    place = worker.place()
    office.store.count_death(place, 1, Deaths(1, Reason.PARSE_CRASH, "it died"), NOW)
    mailbox.uidvalidity += 1
    mailbox.folders["INBOX"] = {1: mail(to_log=office.bcc)}
    intake(office, mailbox).turn(whole=True)
    with office.store.reading():
        assert receipts.waiting() == []
    assert office.store.deaths(place) == {}
