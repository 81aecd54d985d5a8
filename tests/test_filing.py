"""A worker that may have been replaced moves no mail: what it would move may lie elsewhere by now."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, cast

import pytest

from crm_logger.core.model import Outcome
from crm_logger.filing import ABANDONED, Filer
from crm_logger.intake import Intake
from crm_logger.store.lease import SECONDS, Lead, LeadLostError, clock
from tests.cast import mail
from tests.fakes import FakeMailbox, FakeReader
from tests.office import NOW, Office, open_office

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from crm_logger.isolation import Reader
    from crm_logger.mailbox import Filed, Mailbox

LOGGED = [(1, 1, Outcome.LOGGED)]
"""Receipt, UID and outcome of the one mail."""


@dataclass
class OneByOne(FakeMailbox):
    """A server without MOVE; it takes its time to say so, in which something else may happen."""

    meanwhile: Callable[[], None] = field(default=lambda: None)

    def move_together(self, uids: Iterable[int], folder: str) -> dict[int, Filed]:  # noqa: ARG002 -- the mailbox's signature
        self.meanwhile()
        return {}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """One mail was recorded, and is still to be filed."""
    made = open_office(tmp_path, FILING="move")
    yield made
    made.store.close()


@pytest.fixture
def lead() -> Lead:
    return Lead({}, clock())


def filer(office: Office, lead: Lead, mailbox: FakeMailbox) -> Filer:
    mailbox.put(mail(to_log=office.bcc))
    box, reader = cast("Mailbox", mailbox), cast("Reader", FakeReader())
    intake = Intake(replace(office.config, filing="leave"), office.store, box, reader, lambda: NOW)
    intake.turn()
    return Filer(office.config, office.store.led_by(lead), box, intake.place())


def end(lead: Lead) -> None:
    lead.renewed(clock() - SECONDS)


def test_mails_are_filed_while_the_lead_stands(office: Office, lead: Lead) -> None:
    mailbox = OneByOne()
    filer(office, lead, mailbox).file(LOGGED)
    assert {name: len(mails) for name, mails in mailbox.folders.items()} == {"INBOX": 0, "Logged": 1}


def test_no_mails_are_moved_together_when_it_is_over(office: Office, lead: Lead) -> None:
    mailbox = FakeMailbox()
    filing = filer(office, lead, mailbox)
    end(lead)
    with pytest.raises(LeadLostError):
        filing.file(LOGGED)
    assert list(mailbox.folders) == ["INBOX"]


def test_no_mail_is_moved_by_itself_when_it_ends_meanwhile(office: Office, lead: Lead) -> None:
    mailbox = OneByOne(meanwhile=lambda: end(lead))
    with pytest.raises(LeadLostError):
        filer(office, lead, mailbox).file(LOGGED)
    assert list(mailbox.folders) == ["INBOX"]


def test_what_a_retry_left_is_not_moved_either(office: Office, lead: Lead) -> None:
    mailbox = FakeMailbox()
    filing = filer(office, lead, mailbox)
    office.store.will_move(1, NOW - ABANDONED - timedelta(minutes=1))
    end(lead)
    with pytest.raises(LeadLostError):
        filing.move_what_is_left(NOW)
    assert list(mailbox.folders) == ["INBOX"]
