"""No forged mail is logged, each is refused for its own reason, and its genuine twin is logged."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm_logger.core.model import Flag, Log, Policy, Reason
from tests.cast import decide, only
from tests.security.forgeries import FORGERIES as KNOWN
from tests.security.forgeries import PASS, Forgery, claims, post
from tests.security.inventions import INVENTIONS

FORGERIES = (*KNOWN, *INVENTIONS)


def reason(forgery: Forgery, raw: bytes, policy: Policy) -> Reason:
    decision = only(decide(raw, forgery.directory(policy)))
    return Reason.LOGGED if isinstance(decision, Log) else decision.reason


def without_proof(policy: Policy) -> Policy:
    return replace(policy, authserv_id="", sender_auth_mode="standard")


every_forgery = pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.name)


def test_there_are_many() -> None:
    assert len({forgery.name for forgery in FORGERIES}) == len(FORGERIES) >= 180


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


@pytest.mark.parametrize(
    "author",
    [
        "ann@acme.test",
        "ANN@Acme.Test (Ann Archer)",
        "(Sales) ann@acme.test,",
        '"Ann (Sales" <ann@acme.test>',
        '"Archer, Ann :(" <ann@acme.test>',
        "Ann Archer <ann@acme.test>;",
        "ann@acme.test <ann@acme.test>",
        "Ann\r\n\t<ann@acme.test>",
        '<"ann"@acme.test>',
        "=?utf-8?q?Ann_Archer?=\r\n <ann@acme.test>",
    ],
)
def test_what_clients_write_for_a_sender_is_no_forgery(author: str) -> None:
    assert isinstance(only(decide(post(claims(PASS), author=author))), Log)


def test_require_refuses_even_where_nothing_can_be_proven() -> None:
    twin = FORGERIES[0]
    policy = replace(without_proof(twin.policy), sender_auth="require")
    assert reason(twin, twin.twin, policy) is Reason.SENDER_NOT_AUTHENTICATED
