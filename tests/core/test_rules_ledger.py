"""The rules R25 to R27: which address got the mail, and what the ledger tells, as tables over classify()."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm_logger.core.model import (
    Fate,
    Flag,
    Kind,
    Log,
    Reason,
    Refuse,
)
from tests import cast
from tests.cast import (
    ACME,
    GLOBEX,
    POLICY,
    bcc,
    forward,
    forwarding,
    logged,
    mail,
)
from tests.decided import fates, reason


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (bcc(), Reason.LOGGED),
        (bcc(tag="+deal-7"), Reason.LOGGED),
        (bcc().upper(), Reason.LOGGED),
        (bcc("ann"), Reason.LOGGED),
        (bcc("cole"), Reason.WRONG_USER_TOKEN),
        (bcc("old"), Reason.REVOKED_LOG_ADDRESS),
        (bcc("ended"), Reason.REVOKED_LOG_ADDRESS),
        (bcc("nobodys"), Reason.UNKNOWN_LOG_ADDRESS),
        (forwarding().replace("forward-", "bcc-"), Reason.UNKNOWN_LOG_ADDRESS),
        (cast.MAILBOX, Reason.NO_LOG_ADDRESS),
        ("", Reason.NO_LOG_ADDRESS),
    ],
)
def test_r25_the_envelope_recipient_names_the_log_address(address: str, expected: Reason) -> None:
    assert reason(mail(to_log=address)) is expected


def test_r25_a_header_below_the_border_never_counts() -> None:
    below = (("Received", f"from evil by {cast.BORDER}"), ("Delivered-To", bcc()))
    assert reason(mail(headers=below)) is Reason.NO_LOG_ADDRESS


def test_r25_without_a_border_host_what_lies_below_is_flagged() -> None:
    decision = logged(
        mail(headers=(("Delivered-To", bcc()),)), cast.directory(policy=replace(POLICY, border_host=""))
    )
    assert Flag.BELOW_BORDER in decision.flags


def test_r26_two_accounts_decide_each_for_itself() -> None:
    first, second = cast.decide(mail(to_log=(bcc(), bcc("globex"))))
    assert isinstance(first, Log)
    assert isinstance(second, Refuse)
    assert (first.account, second.account, second.reason) == (ACME, GLOBEX, Reason.UNKNOWN_SENDER)


def test_r26_both_addresses_of_one_account_make_one_decision() -> None:
    both = (bcc(), forwarding(), bcc("cole"), bcc("old"))
    assert logged(mail(to_log=both)).kind is Kind.BCC
    assert logged(forward(to_log=both)).kind is Kind.FORWARD


def test_r26_a_token_under_the_other_kinds_name_takes_nothing_away() -> None:
    """Whoever mistypes the forwarding address with the token of the BCC address still named the latter."""
    other = bcc().replace("bcc-", "forward-")
    for both in ((bcc(), other), (other, bcc())):
        assert logged(mail(to_log=both)).kind is Kind.BCC
    assert reason(mail(to_log=other)) is Reason.UNKNOWN_LOG_ADDRESS


def test_r27_a_decision_tells_header_identity_and_address() -> None:
    decision = logged(mail(to_log=bcc("ann", tag="+x"), author="a.archer@alias.test"))
    assert (decision.delivery.header, decision.matched_address) == ("Delivered-To", "a.archer@alias.test")
    assert (decision.sender, decision.subject, decision.log_address) == ("a.archer@alias.test", "Offer 17", 3)
    assert Flag.UNVERIFIED in decision.flags


def test_r27_nobody_is_lost_over_the_limit_of_new_contacts() -> None:
    many = ", ".join(f"p{n}@client.example" for n in range(4))
    found = fates(mail(to_log=bcc(), to=many), policy=replace(POLICY, max_new_contacts=2))
    assert list(found.values()) == [Fate.CREATED] * 2 + [Fate.NOT_CREATED_LIMIT] * 2


@pytest.mark.parametrize("address", [bcc(), ""])
def test_a_header_that_cannot_be_trusted_is_malformed(address: str) -> None:
    raw = mail(to_log=address).replace(b"Subject: Offer 17", b"Subject: Offer\rBcc: 17")
    assert reason(raw) is Reason.MALFORMED_HEADER
