"""How far a sender is proven: by our own servers' word, by signatures verified here, or because the mail never left."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm_logger.core.authentic import (
    Signature,
    Verdict,
    authenticate,
    can_tell,
    is_guarded,
    is_inside,
    propose_server,
    results_below,
    trusted_results,
)
from crm_logger.core.classify import classify
from crm_logger.core.message import parse_message
from crm_logger.core.model import Flag, Log, Message, Policy, Reason
from tests.cast import (
    BORDER,
    DATE,
    POLICY,
    RECEIVED,
    decide,
    directory,
    forwarding,
    gmail_forward,
    logged,
    only,
    refused,
)
from tests.security.forgeries import ANN, BELOW, EVE, FAIL, GMAIL, ID, M365, PASS, PROVEN, claims, post

LOCAL = replace(POLICY, verify_dkim=True)
SIGNED = ("from", "to", "subject", "date", "message-id")


def message(*values: str) -> Message:
    return parse_message(post(*map(claims, values)))


def judge(*values: str, policy: Policy = PROVEN, domain: str = "acme.test") -> Verdict:
    return authenticate(message(*values), domain, policy).verdict


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((PASS,), Verdict.PASS),
        ((FAIL,), Verdict.FAIL),
        ((FAIL, PASS), Verdict.FAIL),
        ((PASS, FAIL), Verdict.PASS),
        ((), Verdict.NONE),
        ((f"{ID}; dmarc=pass",), Verdict.PASS),
        ((f"{ID}; dmarc=pass header.from=mail.acme.test",), Verdict.PASS),
        ((f"{ID}; dmarc=none header.from=acme.test; dkim=pass header.d=acme.test",), Verdict.PASS),
        ((f"{ID}; dmarc=fail header.from=acme.test; dkim=pass header.d=acme.test",), Verdict.FAIL),
        ((f"{ID}; spf=fail smtp.mailfrom=ann@acme.test; dkim=pass header.d=acme.test",), Verdict.PASS),
        ((f"{ID}; dkim=fail header.d=acme.test; spf=none",), Verdict.FAIL),
        ((f"{ID}; dkim=pass header.d=acme.test", f"{ID}; spf=pass smtp.mailfrom=x@evil.example"), Verdict.PASS),
        ((f"{ID}; dkim=fail header.d=evil.example; dkim=pass header.d=acme.test",), Verdict.PASS),
        ((f"{ID}; spf=pass smtp.helo=mail.acme.test",), Verdict.PASS),
    ],
)  # fmt: skip
def test_our_own_servers_word_counts(values: tuple[str, ...], expected: Verdict) -> None:
    assert judge(*values) is expected


def test_the_evidence_names_the_server_and_what_it_said() -> None:
    assert (
        authenticate(message(PASS), "acme.test", PROVEN).evidence == f"{ID}: dmarc=pass header.from=acme.test"
    )
    assert authenticate(message(f"{ID}; none"), "acme.test", PROVEN).evidence == f"{ID}: nothing was checked"


def test_the_evidence_is_short() -> None:
    found = authenticate(message(f"{ID}; spf=pass smtp.mailfrom={'x' * 900}@acme.test"), "acme.test", PROVEN)
    assert len(found.evidence) == 400


def test_dmarc_without_a_domain_is_about_from_alone() -> None:
    assert judge(f"{ID}; dmarc=pass", domain="globex.test") is Verdict.NONE


def test_nothing_counts_without_a_border() -> None:
    assert judge(PASS, policy=replace(PROVEN, border_host="")) is Verdict.NONE


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (POLICY, False),
        (PROVEN, True),
        (GMAIL, True),
        (M365, True),
        (LOCAL, True),
        (replace(POLICY, sender_auth="require"), True),
        (replace(PROVEN, sender_auth="off"), False),
    ],
)
def test_auto_refuses_once_it_can_tell(policy: Policy, expected: bool) -> None:  # noqa: FBT001 -- a table's column
    assert is_guarded(policy) is expected


def test_only_a_setting_makes_it_able_to_tell() -> None:
    assert not can_tell(replace(POLICY, sender_auth="require"))


def test_the_modes_read_directly_below_the_border() -> None:
    mail = parse_message(
        post(sender=("Received-SPF: pass", claims(PASS), claims(FAIL), "X-A: b", claims(PASS)))
    )
    assert [len(trusted_results(mail, policy).fields) for policy in (PROVEN, BELOW)] == [0, 2]


def test_a_mail_may_end_below_the_border() -> None:
    fields = (("Received", f"from x by {BORDER}; {DATE}"), ("Authentication-Results", PASS))
    assert len(trusted_results(Message(headers=fields), BELOW).fields) == 1


# ---------------------------------------------------------------- mail that never left


INSIDE = replace(PROVEN, internal_senders=("acme.test",))


@pytest.mark.parametrize(
    ("values", "policy", "expected"),
    [
        ((), INSIDE, Reason.LOGGED),
        ((f"{ID}; none",), INSIDE, Reason.LOGGED),
        ((f"{ID}; auth=pass smtp.auth=ann",), INSIDE, Reason.LOGGED),
        ((f"{ID}; spf=none smtp.mailfrom=ann@acme.test",), INSIDE, Reason.SENDER_NOT_AUTHENTICATED),
        ((FAIL,), INSIDE, Reason.SENDER_NOT_AUTHENTICATED),
        ((PASS,), INSIDE, Reason.LOGGED),
        ((f'{ID}; "',), INSIDE, Reason.SENDER_NOT_AUTHENTICATED),
        ((), replace(INSIDE, internal_senders=("=globex.test", "bob@acme.test")), Reason.SENDER_NOT_AUTHENTICATED),
        ((), replace(INSIDE, sender_auth="require"), Reason.LOGGED),
    ],
)  # fmt: skip
def test_internal_senders_need_no_proof_unless_the_mail_came_from_outside(
    values: tuple[str, ...], policy: Policy, expected: Reason
) -> None:
    decision = only(decide(post(*map(claims, values)), directory(policy=policy)))
    assert (Reason.LOGGED if isinstance(decision, Log) else decision.reason) is expected


def test_what_never_left_stays_marked_as_not_proven() -> None:
    assert Flag.UNVERIFIED in logged(post(), directory(policy=INSIDE)).flags
    assert is_inside(authenticate(message(), "acme.test", INSIDE), "ann@acme.test", INSIDE)


# ---------------------------------------------------------------- delegates


@pytest.mark.parametrize(
    ("sender", "values", "policy", "expected"),
    [
        ("bob@acme.test", (), POLICY, Reason.LOGGED),
        ("secretary@mail.acme.test", (), POLICY, Reason.LOGGED),
        ("ann@connected.test", (), POLICY, Reason.LOGGED),
        ("gus@globex.test", (), POLICY, Reason.SENDER_NOT_AUTHENTICATED),
        (EVE, (), POLICY, Reason.SENDER_NOT_AUTHENTICATED),
        (f"ann@acme.test, {EVE}", (), POLICY, Reason.SENDER_NOT_AUTHENTICATED),
        (EVE, (PASS,), PROVEN, Reason.LOGGED),
        (EVE, (), replace(INSIDE), Reason.SENDER_NOT_AUTHENTICATED),
        (EVE, (), replace(POLICY, sender_auth="off"), Reason.LOGGED),
    ],
)
def test_a_stranger_sends_in_a_users_name_only_with_proof(
    sender: str, values: tuple[str, ...], policy: Policy, expected: Reason
) -> None:
    raw = post(*map(claims, values), sender=(f"Sender: {sender}",))
    decision = only(decide(raw, directory(policy=policy)))
    assert (Reason.LOGGED if isinstance(decision, Log) else decision.reason) is expected


def test_a_redirecting_user_is_proven_by_the_domain_of_resent_from() -> None:
    dkim = f"{ID}; dmarc=none header.from=evil.example; dkim=pass header.d=acme.test"
    for value, reason in (
        (dkim, Reason.LOGGED),
        (PASS.replace("acme", "evil"), Reason.SENDER_NOT_AUTHENTICATED),
    ):
        raw = post(
            claims(value),
            to_log=forwarding(),
            author="Carl <carl@client.example>",
            sender=(f"Sender: {EVE}", f"Resent-From: {ANN}"),
            body=gmail_forward(),
        )
        decision = only(decide(raw, directory(policy=PROVEN)))
        assert (Reason.LOGGED if isinstance(decision, Log) else decision.reason) is reason


@pytest.mark.parametrize("value", ["<ann@acme.test>@evil.example", "ann@acme.te\u017ft"])
def test_resent_from_is_read_as_strictly_as_from(value: str) -> None:
    raw = post(to_log=forwarding(), author=EVE, sender=(f"Resent-From: {value}",), body=gmail_forward())
    assert refused(raw).reason is Reason.UNKNOWN_SENDER


def test_a_guess_at_a_log_address_in_a_users_name_is_noted() -> None:
    decision = refused(post(to_log="bcc-aaaaaaaaaaaaaaaaaaaaaaaaaa@log.example"))
    assert (decision.user, decision.matched_address) == (1, "ann@acme.test")


# ---------------------------------------------------------------- signatures verified here


@pytest.mark.parametrize(
    ("signature", "expected", "told"),
    [
        (Signature("acme.test", SIGNED), Verdict.PASS, "DKIM of acme.test: verified here"),
        (Signature("mail.acme.test", SIGNED), Verdict.PASS, "DKIM of mail.acme.test"),
        (Signature("evil.example", SIGNED), Verdict.NONE, "no DKIM signature of acme.test"),
        (Signature("acme.test", SIGNED[:1]), Verdict.NONE, "does not sign date, message-id, subject, to"),
        (Signature("acme.test", SIGNED, "signs only a part of the body"), Verdict.NONE, "signs only a part"),
    ],
)
def test_a_signature_counts_that_is_aligned_and_covers_what_is_used(
    signature: Signature, expected: Verdict, told: str
) -> None:
    found = authenticate(message(), "acme.test", LOCAL, (signature,))
    assert (found.verdict, told in found.evidence) == (expected, True)


def test_a_field_added_in_front_is_not_signed() -> None:
    mail = parse_message(post(sender=(f"To: {EVE}",)))
    assert authenticate(mail, "acme.test", LOCAL, (Signature("acme.test", SIGNED),)).verdict is Verdict.NONE
    twice = Signature("acme.test", (*SIGNED, "to"))
    assert authenticate(mail, "acme.test", LOCAL, (twice,)).verdict is Verdict.PASS


def test_our_servers_fail_beats_a_signature() -> None:
    policy = replace(PROVEN, verify_dkim=True)
    assert (
        authenticate(message(FAIL), "acme.test", policy, (Signature("acme.test", SIGNED),)).verdict
        is Verdict.FAIL
    )


@pytest.mark.parametrize(("domain", "held"), [("acme.test", True), ("evil.example", False)])
def test_a_mail_waits_where_the_keys_of_its_own_domain_cannot_be_asked_for(domain: str, held: bool) -> None:  # noqa: FBT001 -- a table's column
    away = Signature(domain, SIGNED, "no answer from DNS", later=True)
    (decision,) = classify(message(), directory(policy=LOCAL), RECEIVED, (away,))
    assert not isinstance(decision, Log)
    assert decision.reason is Reason.SENDER_NOT_AUTHENTICATED
    assert bool(decision.hold) is held


# ---------------------------------------------------------------- what `check` proposes


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (post(claims(PASS)), {"AUTHSERV_ID": ID}),
        (post(sender=(claims(PASS),)), {"AUTHSERV_ID": ID}),
        (post(sender=(claims("mx.google.com; spf=pass"),)), {"SENDER_AUTH_MODE": "gmail"}),
        (post(sender=(claims("spf=pass"),)), {"SENDER_AUTH_MODE": "m365"}),
        (post(claims("spf=pass")), {}),
        (post(), {}),
    ],
)
def test_a_server_is_proposed_by_what_the_mails_show(raw: bytes, expected: dict[str, str]) -> None:
    assert propose_server([parse_message(raw), parse_message(post())], POLICY) == expected


def test_what_stands_below_is_shown_by_our_servers_id() -> None:
    mail = parse_message(post(sender=(claims(PASS), claims("evil.example; spf=pass"))))
    assert [found.server for found in results_below(mail, PROVEN)] == [ID]
