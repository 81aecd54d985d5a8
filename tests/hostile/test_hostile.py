"""Every hostile mail goes through the whole intake, with a real database and the real reader, and ends in one outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from crm_logger.core.model import Outcome, Reason
from crm_logger.intake import Intake
from crm_logger.isolation import Reader
from crm_logger.store import tables
from tests.fakes import FakeMailbox
from tests.hostile.corpus import CORPUS
from tests.office import NOW, open_office

if TYPE_CHECKING:
    from crm_logger.mailbox import Mailbox

Taken = dict[str, list[Reason]]


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Taken:
    """The reasons of every hostile mail, after all of them lay in the mailbox at once."""
    office = open_office(tmp_path_factory.mktemp("hostile"))
    mailbox, names = FakeMailbox(), dict[int, str]()
    for name, each in CORPUS.items():
        for _ in range(each.times):
            (uid,) = mailbox.put(each.delivered(office))
            names[uid] = name
    with Reader() as reader:
        intake = Intake(office.config, office.store, cast("Mailbox", mailbox), reader, lambda: NOW)
        intake.turn()
        assert intake.turn(whole=True).outcomes == {}
    found: Taken = {}
    with office.store.reading():
        for receipt in tables.Receipt.select().order_by(tables.Receipt.uid):
            decided = tables.Decision.select().where(tables.Decision.receipt == receipt.id)
            found[names[receipt.uid]] = [Reason(decision.reason) for decision in decided]
    office.store.close()
    return found


def test_there_are_hundreds_of_them() -> None:
    assert len(CORPUS) >= 500


@pytest.mark.parametrize("name", CORPUS)
def test_a_hostile_mail_ends_in_one_outcome_that_the_rules_allow(taken: Taken, name: str) -> None:
    """Within 20 s of CPU and 1 GB too: else the reason would be parse-timeout or parse-crash, and no rule allows that."""
    (reason,) = taken[name]
    assert reason in CORPUS[name].reasons
    assert reason.outcome is not Outcome.FAILED
