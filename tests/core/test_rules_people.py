"""The rules R8 to R11: who is logged, what is not, and what makes two mails one, as tables over classify()."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crm_logger.core.model import (
    Fate,
    NeverLog,
    Participant,
    Person,
    Reason,
)
from tests import cast
from tests.cast import (
    ACME,
    ANN,
    COLE,
    bcc,
    forward,
    forwarding,
    gmail_forward,
    logged,
    mail,
    refused,
)
from tests.decided import entry_of, fates, reason

NEVER_CARL = NeverLog(ACME, "carl@client.example")


@pytest.mark.parametrize(
    ("pattern", "forbidden"),
    [
        ("carl@client.example", True),
        ("client.example", True),
        ("*@client.example", True),
        ("=client.example", True),
        ("ent.example", False),
        ("arl@client.example", False),
        ("acme.test", False),
    ],
)
def test_r08_the_never_log_list_forbids(pattern: str, forbidden: bool) -> None:  # noqa: FBT001 -- a table's column
    never_log = (NeverLog(ACME, pattern),)
    expected = Reason.NEVER_LOG if forbidden else Reason.LOGGED
    assert reason(mail(to_log=bcc()), never_log=never_log) is expected
    assert reason(forward(), never_log=never_log) is expected


def test_r08_it_is_applied_per_person_and_the_others_are_logged() -> None:
    raw = mail(to_log=bcc(), cc=cast.DORA)
    assert fates(raw, never_log=(NEVER_CARL,)) == {
        "carl@client.example": Fate.NEVER_LOG,
        "dora@client.example": Fate.CREATED,
    }
    hidden = entry_of(raw, never_log=(NEVER_CARL,)).participants[0]
    assert hidden.person == Person("", "")


@pytest.mark.parametrize(
    "field",
    [
        ("Reply-To", "x@nolog.example"),
        ("Reply-To", f'{cast.DORA}, "x y"@nolog.example'),
        ("Reply-To", "Lawyer <X@NoLog.example>"),
        ("X-Seen-By", "(for x@nolog.example)"),
    ],
)
def test_r08_the_kept_headers_of_an_original_name_nobody_on_the_list(field: tuple[str, str]) -> None:
    inner = mail(author=cast.CARL, to="ann@acme.test", headers=(field,))
    known = {"never_log": (NeverLog(ACME, "nolog.example"),)}
    headers = entry_of(forward(body="FYI\n", attached=(inner,)), **known).headers
    assert {"From", "To", "Subject"} <= {name for name, _ in headers}
    assert "nolog" not in str(headers).lower()


@pytest.mark.parametrize("raw", [mail(to_log=bcc()), forward()])
def test_r08_where_nobody_is_left_neither_subject_nor_address_is_kept(raw: bytes) -> None:
    decision = refused(raw, cast.directory(never_log=(NEVER_CARL,)))
    assert decision.reason is Reason.NEVER_LOG
    assert decision.subject == ""
    assert "carl@" not in repr(replace(decision, participants=()))
    assert [p.never_log for p in decision.participants] == ["carl@client.example"]


def test_r08_a_stranger_on_the_list_leaves_no_trace_either() -> None:
    decision = refused(mail(to_log=bcc(), author=cast.CARL), cast.directory(never_log=(NEVER_CARL,)))
    assert (decision.reason, decision.subject, decision.sender, decision.detail) == (
        Reason.UNKNOWN_SENDER,
        "",
        "",
        "",
    )


def test_r08_candidates_on_the_list_are_left_out() -> None:
    raw = forward(body=gmail_forward(author="Carl Client"))
    decision = refused(raw, cast.directory(never_log=(NeverLog(ACME, "client.example"),)))
    assert decision.reason is Reason.UNCERTAIN
    assert "client.example" not in repr(decision.candidates)


def test_r08_a_users_own_list_holds_for_that_user() -> None:
    mine = (replace(NEVER_CARL, user=ANN.id),)
    assert reason(mail(to_log=bcc()), never_log=mine) is Reason.NEVER_LOG
    assert reason(mail(to_log=bcc(), author="cole@acme.test"), never_log=mine) is Reason.LOGGED


def test_r08_the_acting_user_is_never_forbidden() -> None:
    raw = mail(to_log=bcc(), to="Carl <carl@client.example>, ann@connected.test")
    assert fates(raw, never_log=(NeverLog(ACME, "connected.test"),))["ann@connected.test"] is Fate.INTERNAL


@pytest.mark.parametrize("colleague", ["cole@acme.test", "press@inside.test", "x@deep.inside.test"])
def test_r09_colleagues_never_become_contacts(colleague: str) -> None:
    internal = ("inside.test",)
    assert fates(mail(to_log=bcc(), cc=colleague), internal=internal)[colleague] is Fate.INTERNAL
    assert reason(mail(to_log=bcc(), to=colleague), internal=internal) is Reason.INTERNAL_ONLY


def test_r09_internal_domains_are_never_derived() -> None:
    assert fates(mail(to_log=bcc(), to="press@acme.test")) == {"press@acme.test": Fate.CREATED}
    assert fates(mail(to_log=bcc(), to="x@notinside.test"), internal=("inside.test",)) == {
        "x@notinside.test": Fate.CREATED
    }


@pytest.mark.parametrize("address", [bcc("globex"), forwarding(tag="+deal-7"), cast.MAILBOX])
def test_r09_log_addresses_are_never_contacts(address: str) -> None:
    assert fates(mail(to_log=bcc(), cc=address))[address] is Fate.LOG_ADDRESS


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ((("Auto-Submitted", "auto-replied"),), Reason.AUTO_REPLY),
        ((("Auto-Submitted", "Auto-Generated; owner-email=x"),), Reason.AUTO_REPLY),
        ((("Auto-Submitted", "no"),), Reason.LOGGED),
        ((("X-Autoreply", "yes"),), Reason.AUTO_REPLY),
        ((("Precedence", "auto_reply"),), Reason.AUTO_REPLY),
        ((("Precedence", "bulk"),), Reason.MAILING_LIST),
        ((("List-Id", "<sales.acme.test>"),), Reason.MAILING_LIST),
        ((("X-Failed-Recipients", "x@y.example"),), Reason.BOUNCE),
        ((("Return-Path", "<>"),), Reason.LOGGED),
    ],
)
def test_r10_automatic_mail_is_not_logged(headers: tuple[tuple[str, str], ...], expected: Reason) -> None:
    assert reason(mail(to_log=bcc(), headers=headers)) is expected


def report(kind: str) -> bytes:
    top = f"Delivered-To: {bcc()}\r\nReceived: by {cast.BORDER}; {cast.DATE}\r\nFrom: ann@acme.test\r\nTo: {cast.CARL}\r\n"
    return f"{top}Content-Type: multipart/report; report-type={kind}; boundary=b\r\n\r\n--b\r\n\r\nhello\r\n--b--\r\n".encode()


def test_r10_reports_are_told_by_their_type() -> None:
    assert reason(report("delivery-status")) is Reason.BOUNCE
    assert reason(report("disposition-notification")) is Reason.AUTO_REPLY


def test_r10_a_daemons_mail_with_the_null_return_path_is_a_bounce() -> None:
    raw = mail(to_log=bcc(), author="MAILER-DAEMON@mx.example", headers=(("Return-Path", "<>"),))
    assert reason(raw) is Reason.BOUNCE


@pytest.mark.parametrize(("method", "expected"), [("REPLY", Reason.CALENDAR), ("REQUEST", Reason.LOGGED)])
def test_r10_calendar_answers_are_not_logged(method: str, expected: Reason) -> None:
    top = f"Delivered-To: {bcc()}\r\nReceived: by {cast.BORDER}; {cast.DATE}\r\nFrom: ann@acme.test\r\nTo: {cast.CARL}\r\n"
    raw = f"{top}Content-Type: text/calendar; method={method}; charset=utf-8\r\n\r\nBEGIN:VCALENDAR\r\n".encode()
    assert reason(raw) is expected


def test_r10_what_a_user_forwards_or_redirects_by_hand_is_wanted() -> None:
    inner = mail(author=cast.CARL, to="ann@acme.test", headers=(("List-Id", "<news.client.example>"),))
    assert reason(forward(body="FYI\n", attached=(inner,))) is Reason.LOGGED
    redirected = (("Resent-From", "ann@acme.test"), ("List-Id", "<news.client.example>"))
    assert (
        reason(mail(to_log=forwarding(), author=cast.CARL, to="ann@acme.test", headers=redirected))
        is Reason.LOGGED
    )


SENT: dict[str, Any] = {"message_id": "<one@acme.test>"}


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (mail(to_log=bcc(), **SENT), mail(to_log=bcc("ann"), body="Dear Carl\n-- \nfooter", **SENT), True),
        (mail(to_log=bcc(), **SENT), mail(to_log=bcc(), subject="OFFER   17", **SENT), True),
        (mail(to_log=bcc(), **SENT), mail(to_log=bcc(), subject="Offer 18", **SENT), False),
        (mail(to_log=bcc(), **SENT), mail(to_log=bcc(), author="cole@acme.test", **SENT), False),
    ],
)
def test_r11_a_known_message_id_makes_the_key(first: bytes, second: bytes, same: bool) -> None:  # noqa: FBT001 -- a table's column
    assert (entry_of(first).key.by_id == entry_of(second).key.by_id) is same


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({"note": "another note\n"}, True),
        ({"body": "Dear Ann, the price is fine,\nlet us sign. Carl"}, True),
        ({"author": "Charles <carl@client.example>"}, True),
        ({"subject": "your offer"}, True),
        ({"subject": "Your second offer"}, False),
        ({"author": cast.DORA}, False),
        ({"date": "Mon, May 4, 2026 at 9:13 AM"}, False),
        ({"body": "Dear Ann, the price is too high."}, False),
    ],
)
def test_r11_else_author_minute_subject_and_letters_do(changes: dict[str, Any], same: bool) -> None:  # noqa: FBT001 -- a table's column
    first, second = entry_of(forward()).key, entry_of(forward(body=gmail_forward(**changes))).key
    assert (first.by_content == second.by_content) is same
    assert (first.by_id, second.by_id) == ("", "")


def test_r11_a_bcc_and_a_forward_of_the_same_mail_share_the_key_of_their_content() -> None:
    sent = entry_of(mail(to_log=bcc(), body="Dear Carl, the offer.", date="Mon, 4 May 2026 09:12:40 +0200"))
    block = gmail_forward(
        author="Ann <ann@acme.test>", to=cast.CARL, subject="Offer 17", body="Dear Carl,\nthe offer."
    )
    forwarded = logged(forward(author="cole@acme.test", body=block)).entries[0]
    assert sent.key.by_content == forwarded.key.by_content


def test_r09_a_log_address_never_is_the_writer_of_an_original() -> None:
    assert reason(forward(body=gmail_forward(author=f"Log <{bcc('globex')}>"))) is Reason.INTERNAL_ONLY


def test_people_stand_on_a_mail_once() -> None:
    entry = entry_of(mail(to_log=bcc(), cc="CARL@client.example"))
    assert len(entry.participants) == 1
    assert isinstance(entry.participants[0], Participant)
    assert entry.received_at - entry.sent_at == timedelta(minutes=30)
    assert COLE.account == ACME
