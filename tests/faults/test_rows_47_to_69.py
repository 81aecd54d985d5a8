"""Rows 47 to 69: all their mails in one mailbox of Dovecot, taken in by the program itself in one look."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from crm_logger.core.model import Outcome
from crm_logger.filing import folder_of
from crm_logger.store.tables import (
    Attachment,
    Captured,
    Decision,
    Engagement,
    EngagementContact,
    Participant,
    Receipt,
)
from tests.faults.content import ROWS, SETTINGS, Seen
from tests.kill import maildirs
from tests.office import open_office
from tests.ops.program import running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.faults.content import Row
    from tests.office import Office
    from tests.servers.dovecot import Dovecot
    from tests.servers.served import ServedMailbox

LONGEST = 60.0
"""Seconds for all of them together, the program's start included; the deadline of a single mail is 30."""


class Taken:
    """What became of the mails: the office, the mailbox, and what the program said."""

    def __init__(self, office: Office, box: ServedMailbox, said: str) -> None:
        self.office, self.box, self.said = office, box, said
        self.folders = {name: len(box.mails(name)) for name in ("INBOX", "Logged", "Not logged", "Failed")}


@pytest.fixture(scope="module")
def taken(dovecots: Callable[..., Dovecot], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Taken]:
    folder = tmp_path_factory.mktemp("content")
    dovecot = dovecots()
    box = dovecot.mailbox()
    office = open_office(folder, **box.settings(**SETTINGS))
    raws = [mail.delivered(office) for row in ROWS for mail in row.mails]
    maildirs.make(dovecot.folder / "mail" / box.user, raws)
    with running(office.config, folder / "log", "run", "--once", env={}, **SETTINGS) as program:
        assert program.end(LONGEST) == 0, program.said()
        yield Taken(office, box, program.said())
    office.store.close()


def uids_of(row: Row) -> list[int]:
    before = sum(len(each.mails) for each in ROWS[: ROWS.index(row)])
    return [before + number for number in range(1, len(row.mails) + 1)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.number}: {row.mails[0].name}")
def test_the_mails_of_a_row_are_taken_in_filed_and_told(row: Row, taken: Taken) -> None:
    with taken.office.store.reading():
        receipts = [Receipt.get(Receipt.uid == uid) for uid in uids_of(row)]
        decided = [Decision.get(Decision.receipt == receipt.id) for receipt in receipts]
        captured = Captured.select().where(Captured.receipt.in_([receipt.id for receipt in receipts]))
        engagements = {each.engagement_id: seen(each.engagement_id) for each in captured}
    assert [decision.reason for decision in decided] == [reason.value for reason in row.reasons]
    assert [receipt.filed_folder for receipt in receipts] == [
        folder_of(taken.office.config, reason.outcome) for reason in row.reasons
    ]
    for uid, reason in zip(uids_of(row), row.reasons, strict=True):
        assert re.findall(rf"^INFO {reason.outcome} reason={reason} .*\buid={uid}$", taken.said, re.MULTILINE)
    assert len(engagements) == row.logged
    assert [each for each in engagements.values() if not row.holds(each)] == []


def seen(number: int) -> Seen:
    """What the database holds of an engagement."""
    row = Engagement.get_by_id(number)
    people = Participant.select().where(Participant.engagement == number)
    contacts = EngagementContact.select().where(EngagementContact.engagement == number)
    files = Attachment.select().where(Attachment.engagement == number)
    return Seen(
        row.direction,
        row.subject,
        row.text,
        row.sent_at,
        row.received_at,
        row.date_text,
        (row.author_name, row.author_address),
        row.message_id,
        frozenset(row.flags),
        {each.name or each.address: each.address for each in people},
        contacts.count(),
        {each.name: (each.size, each.left_out) for each in files},
    )


def test_nothing_is_left_and_no_mail_holds_up_another(taken: Taken) -> None:
    reasons = [reason for row in ROWS for reason in row.reasons]
    logged = sum(reason.outcome is Outcome.LOGGED for reason in reasons)
    assert taken.folders == {"INBOX": 0, "Logged": logged, "Not logged": len(reasons) - logged, "Failed": 0}


def test_no_line_of_the_log_is_a_mails_own(taken: Taken) -> None:
    """Row 69: whatever stands in a subject, a line of ours is a line, and printable. Row 54: the limit is told of."""
    lines = taken.said.splitlines()
    alarms = [line for line in lines if line.startswith("ERROR alarm: ")]
    assert ["too many new contacts in one mail of user Ann Archer" in alarm for alarm in alarms] == [True]
    assert [
        line for line in lines if not re.match(r"(INFO|WARNING|ERROR) \w", line) or not line.isprintable()
    ] == []
