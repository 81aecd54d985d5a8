"""No forged mail is logged, each is refused for its own reason, and its genuine twin is logged."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm_logger.core.model import Flag, Log, Policy, Reason
from tests.cast import decide, only
from tests.security.forgeries import FORGERIES, Forgery


def reason(forgery: Forgery, raw: bytes, policy: Policy) -> Reason:
    decision = only(decide(raw, forgery.directory(policy)))
    return Reason.LOGGED if isinstance(decision, Log) else decision.reason


def without_proof(policy: Policy) -> Policy:
    return replace(policy, authserv_id="", sender_auth_mode="standard")


every_forgery = pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.name)


def test_there_are_many() -> None:
    assert len({forgery.name for forgery in FORGERIES}) == len(FORGERIES) >= 100


@every_forgery
def test_a_forged_mail_is_refused_where_senders_are_proven(forgery: Forgery) -> None:
    assert reason(forgery, forgery.raw, forgery.policy) is forgery.reason


@every_forgery
def test_its_twin_is_logged_and_not_doubted(forgery: Forgery) -> None:
    decision = only(decide(forgery.twin, forgery.directory(forgery.policy)))
    assert isinstance(decision, Log), decision
    assert Flag.UNVERIFIED not in decision.flags
    assert "pass" in decision.evidence.lower()


@every_forgery
def test_where_nothing_is_proven_the_secrets_still_guard(forgery: Forgery) -> None:
    assert reason(forgery, forgery.raw, without_proof(forgery.policy)) is forgery.unproven


@pytest.mark.parametrize(
    "forgery",
    [each for each in FORGERIES if each.unproven is not Reason.SENDER_NOT_AUTHENTICATED],
    ids=lambda forgery: forgery.name,
)
def test_what_is_logged_without_proof_says_so(forgery: Forgery) -> None:
    decision = only(decide(forgery.twin, forgery.directory(without_proof(forgery.policy))))
    assert isinstance(decision, Log), decision
    assert Flag.UNVERIFIED in decision.flags


@every_forgery
def test_off_asks_for_no_proof(forgery: Forgery) -> None:
    policy = replace(forgery.policy, sender_auth="off")
    expected = Reason.LOGGED if forgery.reason is Reason.SENDER_NOT_AUTHENTICATED else forgery.reason
    assert reason(forgery, forgery.raw, policy) is expected


def test_require_refuses_even_where_nothing_can_be_proven() -> None:
    twin = FORGERIES[0]
    policy = replace(without_proof(twin.policy), sender_auth="require")
    assert reason(twin, twin.twin, policy) is Reason.SENDER_NOT_AUTHENTICATED
