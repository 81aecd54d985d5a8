"""The rules R6 and R7: who may log mail, as tables over classify()."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crm_logger.core.model import (
    Direction,
    Reason,
)
from tests import cast
from tests.cast import (
    ANN,
    POLICY,
    bcc,
    forwarding,
    gmail_forward,
    logged,
    mail,
    refused,
)
from tests.decided import reason


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("ann@acme.test", Reason.LOGGED),
        ("Ann Archer <ann@connected.test>", Reason.LOGGED),
        ("a.archer@alias.test", Reason.LOGGED),
        ("bob@acme.test", Reason.NO_SALES_ACCESS),
        ("ida@acme.test", Reason.INACTIVE_USER),
        ("gus@globex.test", Reason.UNKNOWN_SENDER),
        (cast.EVE, Reason.UNKNOWN_SENDER),
        (None, Reason.NO_SENDER),
    ],
)
@pytest.mark.parametrize("address", [bcc(), forwarding()])
def test_r06_the_sender_is_a_user_with_sales_access(
    author: str | None, expected: Reason, address: str
) -> None:
    assert reason(mail(to_log=address, author=author, body=gmail_forward())) is expected


def test_r06_the_ledger_names_the_user_who_may_not() -> None:
    decision = refused(mail(to_log=bcc(), author="bob@acme.test"))
    assert (decision.user, decision.matched_address) == (2, "bob@acme.test")


@pytest.mark.parametrize(
    ("headers", "author", "expected"),
    [
        ((("Reply-To", "ann@acme.test"),), cast.EVE, Reason.UNKNOWN_SENDER),
        ((("Sender", "ann@acme.test"),), cast.EVE, Reason.UNKNOWN_SENDER),
        ((("Return-Path", "<ann@acme.test>"),), cast.EVE, Reason.UNKNOWN_SENDER),
        ((), '"ann@acme.test" <eve@nobody.example>', Reason.UNKNOWN_SENDER),
        ((), "ann@acme.test, eve@nobody.example", Reason.AMBIGUOUS_SENDER),
        ((("From", "eve@nobody.example"),), "ann@acme.test", Reason.AMBIGUOUS_SENDER),
        ((), "ANN@ACME.TEST", Reason.LOGGED),
        ((), "ann+crm@acme.test", Reason.UNKNOWN_SENDER),
        ((), "joann@acme.test", Reason.UNKNOWN_SENDER),
        ((), "ann@acme.test.evil.example", Reason.UNKNOWN_SENDER),
    ],
)
def test_r07_identity_is_from_alone(
    headers: tuple[tuple[str, str], ...], author: str, expected: Reason
) -> None:
    assert reason(mail(to_log=bcc(), author=author, headers=headers)) is expected


def test_r07_a_tag_counts_only_in_the_domains_of_the_setting() -> None:
    policy = replace(POLICY, plus_tag_domains=frozenset({"acme.test"}))
    assert reason(mail(to_log=bcc(), author="ann+crm@acme.test"), policy=policy) is Reason.LOGGED
    assert reason(mail(to_log=bcc(), author="ann+crm@connected.test"), policy=policy) is Reason.UNKNOWN_SENDER


def test_r07_domains_compare_in_their_idna_form() -> None:
    user = replace(ANN, addresses=("ann@bücher.test",))
    assert reason(mail(to_log=bcc(), author="ann@xn--bcher-kva.test"), users=(user,)) is Reason.LOGGED


def test_r07_resent_from_names_the_user_at_a_forwarding_address() -> None:
    headers = (
        ("Resent-From", "Ann <ann@acme.test>"),
        ("Resent-To", forwarding()),
        ("Resent-Date", "Mon, 4 May 2026 11:20:00 +0200"),
    )
    raw = mail(to_log=forwarding(), author=cast.CARL, to="ann@acme.test", headers=headers)
    decision = logged(raw)
    assert (decision.user, decision.matched_address) == (ANN.id, "ann@acme.test")
    assert decision.entries[0].author.address == "carl@client.example"
    assert decision.entries[0].direction is Direction.INCOMING
    assert decision.entries[0].sent_at == datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
    assert decision.entries[0].forwarded_at == datetime(2026, 5, 4, 9, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("address", "resent"),
    [
        (bcc(), ("ann@acme.test",)),
        (forwarding(), ("ann@acme.test, cole@acme.test",)),
        (forwarding(), (cast.EVE, "ann@acme.test")),
    ],
)
def test_r07_resent_from_counts_nowhere_else(address: str, resent: tuple[str, ...]) -> None:
    headers = tuple(("Resent-From", value) for value in resent)
    assert reason(mail(to_log=address, author=cast.CARL, headers=headers)) is Reason.UNKNOWN_SENDER
