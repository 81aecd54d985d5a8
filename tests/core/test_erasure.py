"""Tombstones: an erased address is recognised, and treated as one that must never be logged."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm_logger.core.erasure import ERASED, is_erased, tombstone
from crm_logger.core.model import Fate, Reason
from tests.cast import ACME, GLOBEX, bcc, directory, forward, forwarding, logged, mail, refused

KEY = b"k" * 32
CARL = "carl@client.example"
ERASED_CARL = replace(directory(), tombstones={ACME: frozenset({tombstone(KEY, CARL)})}, tombstone_key=KEY)


def test_a_tombstone_tells_nothing_without_its_key() -> None:
    assert tombstone(KEY, CARL) == tombstone(KEY, CARL)
    assert tombstone(b"another", CARL) != tombstone(KEY, CARL)
    assert CARL not in tombstone(KEY, CARL)
    assert tombstone(KEY, "dora@client.example") != tombstone(KEY, CARL)


@pytest.mark.parametrize(
    ("account", "address", "erased"),
    [(ACME, CARL, True), (ACME, "dora@client.example", False), (GLOBEX, CARL, False)],
)
def test_an_account_knows_whom_it_erased_and_no_other_account_does(
    account: int, address: str, *, erased: bool
) -> None:
    assert is_erased(ERASED_CARL, account, address) is erased


def test_an_erased_person_is_no_participant_and_never_a_contact_again() -> None:
    (entry,) = logged(mail(to_log=bcc(), cc="Dora <dora@client.example>"), ERASED_CARL).entries
    gone, stays = entry.participants[:2]
    assert (gone.fate, gone.never_log, gone.person.address) == (Fate.NEVER_LOG, ERASED, "")
    assert stays.person.address == "dora@client.example"


def test_a_forward_of_an_erased_persons_mail_is_refused_without_its_subject() -> None:
    decision = refused(forward(to_log=forwarding()), ERASED_CARL)
    assert (decision.reason, decision.subject) == (Reason.NEVER_LOG, "")
