"""Forged mail on its whole way, with a real database: the receipts, the counts, and what the commands tell."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from crm_logger.core.model import Reason, Refuse
from tests.cast import bcc
from tests.fakes import FakeReader
from tests.office import NOW
from tests.security.forgeries import ANN, EVE, FAIL, GENUINE, PASS, PROOFS, PROVEN, SENDERS, claims, post

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.security.conftest import Guard

_OTHERS = (b"ida@acme.test", b"kim@acme.test", b"gus@globex.test", b"\xe2\x84\xaaim@")


def test_no_forged_mail_gets_onto_a_timeline_and_every_twin_does(guard: Callable[..., Guard]) -> None:
    acme = guard()
    tried = [
        each
        for each in (*PROOFS, *SENDERS)
        if each.policy is PROVEN and not any(name in each.raw + each.twin for name in _OTHERS)
    ]
    assert len(tried) > 70
    for each in tried:
        acme.deliver(each.raw)
    assert acme.reasons() == [each.reason for each in tried]
    assert acme.desk.json("contacts") == []
    twins = dict.fromkeys(each.twin for each in tried)
    acme.deliver(*twins)
    assert set(acme.reasons()[len(tried) :]) == {Reason.LOGGED}
    assert [each["addresses"] for each in acme.desk.json("contacts")] == [["carl@client.example"]]


def test_a_replay_is_one_engagement(guard: Callable[..., Guard]) -> None:
    acme = guard()
    acme.deliver(GENUINE, GENUINE)
    assert acme.reasons() == [Reason.LOGGED, Reason.DUPLICATE]
    assert len(acme.desk.json("timeline", "carl@client.example")["timeline"]) == 1


def test_the_receipt_keeps_the_evidence_and_explain_shows_it(guard: Callable[..., Guard]) -> None:
    acme = guard()
    acme.deliver(GENUINE, post(claims(FAIL)))
    assert [each.evidence for each in acme.decisions()] == [
        "mx.log.example: dmarc=pass header.from=acme.test",
        "mx.log.example: dmarc=fail header.from=acme.test",
    ]
    assert "What is known of the sender: mx.log.example: dmarc=fail" in acme.desk.ok("explain", "2")


def test_attempts_are_counted_by_the_user_they_name(guard: Callable[..., Guard]) -> None:
    acme = guard()
    guess = post(claims(PASS), to_log="bcc-aaaaaaaaaaaaaaaaaaaaaaaaaa@log.example")
    acme.deliver(
        post(claims(FAIL)), post(claims(FAIL)), guess, post(author=EVE), GENUINE, now=datetime.now(UTC)
    )
    (attempt,) = acme.impersonated()
    assert (attempt.user, attempt.address, attempt.count) == ("Ann Archer", "ann@acme.test", 3)
    assert "Impersonated Ann Archer <ann@acme.test>: 3 mails" in acme.desk.ok("status")
    listed = acme.desk.json("receipts", "--reason", "sender-not-authenticated", "--user", "ann@acme.test")
    assert len(listed) == 2
    assert acme.desk.json("status")["impersonations"][0]["count"] == 3


def test_a_mail_through_somebody_else_s_address_is_an_attempt(guard: Callable[..., Guard]) -> None:
    acme = guard()
    (bobs,) = re.findall(
        r"bcc-\w{26}@\S+", acme.desk.ok("address", "add", "--user", "bob@acme.test", "--kind", "bcc")
    )
    acme.deliver(post(claims(PASS), to_log=bobs))
    assert acme.reasons() == [Reason.WRONG_USER_TOKEN]
    assert [(each.user, each.count) for each in acme.impersonated()] == [("Ann Archer", 1)]


def test_no_token_stands_in_evidence(guard: Callable[..., Guard]) -> None:
    acme = guard()
    acme.deliver(post(claims(f"mx.log.example; spf=pass smtp.mailfrom={bcc()}")))
    (decided,) = acme.decisions()
    assert acme.office.bcc not in decided.evidence
    assert "bcc-…@log.example" in decided.evidence


def test_a_mail_by_ann_is_believed_again_once_the_server_says_so(guard: Callable[..., Guard]) -> None:
    acme = guard(SENDER_AUTH="require", AUTHSERV_ID="")
    acme.deliver(GENUINE, post(author=ANN))
    assert acme.reasons() == [Reason.SENDER_NOT_AUTHENTICATED] * 2


def test_a_mail_waits_for_dns_a_day_at_most(guard: Callable[..., Guard]) -> None:
    acme = guard()
    held = Refuse(0, Reason.SENDER_NOT_AUTHENTICATED, hold="the keys cannot be asked for now")
    away = FakeReader(planted={1: (held,)})
    assert acme.deliver(GENUINE, reading=away).deferred == 1
    assert "the keys cannot be asked for now" in acme.desk.ok("status")
    acme.deliver(now=NOW + timedelta(hours=23), reading=away)
    assert acme.reasons() == []
    acme.deliver(now=NOW + timedelta(hours=25), reading=away)
    assert acme.reasons() == [Reason.SENDER_NOT_AUTHENTICATED]


def test_a_mail_that_waited_for_dns_is_logged_once_it_is_proven(guard: Callable[..., Guard]) -> None:
    acme = guard()
    held = Refuse(0, Reason.SENDER_NOT_AUTHENTICATED, hold="the keys cannot be asked for now")
    acme.deliver(GENUINE, reading=FakeReader(planted={1: (held,)}))
    acme.deliver(now=NOW + timedelta(minutes=16))
    assert acme.reasons() == [Reason.LOGGED]
