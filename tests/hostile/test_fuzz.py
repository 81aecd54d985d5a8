"""A short form of `make fuzz`."""

from __future__ import annotations

import os

from crm_logger.core.model import Outcome, Reason, Refuse
from tests.hostile.fuzz import Figures, decided_once, read_some
from tests.hostile.mutations import mutated

MAILS = 3000


def test_thousands_of_damaged_mails_are_read_and_end_in_one_outcome() -> None:
    seed = int(os.environ.get("FUZZ_SEED", "20260504"))
    figures = read_some(seed, 0, MAILS)
    assert figures.escaped == []
    assert figures.without_one_outcome == 0
    assert figures.slowest[0] < 5
    reached = {Reason(reason) for reason in figures.reasons}
    assert {Reason.LOGGED, Reason.UNKNOWN_SENDER, Reason.MALFORMED_HEADER, Reason.NO_RECIPIENT} <= reached
    assert not any(Reason(reason).outcome is Outcome.FAILED for reason in figures.recorded)


def test_the_same_seed_gives_the_same_mails() -> None:
    assert [mutated(1, number) for number in range(20)] == [mutated(1, number) for number in range(20)]
    assert mutated(1, 1) != mutated(2, 1)


def test_what_must_not_happen_is_told() -> None:
    assert not Figures().bad()
    assert all(
        each.bad()
        for each in (
            Figures(escaped=[(1, "KeyError()")]),
            Figures(slowest=(21.0, 1)),
            Figures(without_one_outcome=1),
        )
    )


def test_one_decision_for_each_account_and_no_mail_without_any() -> None:
    acme, globex = (Refuse(account, Reason.NO_SENDER) for account in (1, 2))
    assert decided_once((acme,))
    assert decided_once((acme, globex))
    assert not decided_once(())
    assert not decided_once((acme, acme))
