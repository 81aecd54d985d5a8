"""The rules R6 to R26, each by its number, as tables over classify(): what a mail is, and what is decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crm_logger.core.model import (
    Direction,
    Entry,
    Fate,
    Flag,
    Kind,
    Log,
    NeverLog,
    Participant,
    Person,
    Reason,
    Refuse,
    Role,
)
from crm_logger.core.settle import settle
from tests import cast
from tests.cast import (
    ACME,
    ANN,
    COLE,
    GLOBEX,
    POLICY,
    RECEIVED,
    bcc,
    forward,
    forwarding,
    gmail_forward,
    logged,
    mail,
    refused,
)

OUTER_DATE = ("Date", "Mon, 4 May 2026 11:00:00 +0200")


def entry_of(raw: bytes, **known: Any) -> Entry:
    (entry,) = logged(raw, cast.directory(**known) if known else None).entries
    return entry


def fates(raw: bytes, *contacts: str, **known: Any) -> dict[str, Fate | None]:
    """What becomes of each person, once it is known who is a contact; never-log people stand under their entry."""
    settled = settle(entry_of(raw, **known), contacts, logged=False)
    return {p.person.address or p.never_log: p.fate for p in settled.participants}


def test_r05_a_mail_enclosed_in_a_logged_mail_is_kept_as_a_file() -> None:
    enclosed = mail(
        author=cast.DORA, to="ann@acme.test", subject="Plan a/b", message_id="<d1@client.example>"
    )
    (file,) = entry_of(mail(to_log=bcc(), attached=(enclosed,))).attachments
    assert (file.name, file.content_type, file.size) == (
        "Plan a-b.eml",
        "message/rfc822",
        len(file.content or b""),
    )
    assert file.content
    assert b"d1@client.example" in file.content
    inner = mail(author=cast.CARL, to="ann@acme.test", subject="", attached=(enclosed,))
    for raw in (forward(body="FYI\n", attached=(inner,)), forward(attached=(enclosed,))):
        assert [each.name for each in entry_of(raw).attachments] == ["Plan a-b.eml"]


def test_r05_an_enclosed_mail_over_the_limit_is_left_out_and_said_so() -> None:
    small = replace(POLICY, max_attachment_bytes=100)
    entry = entry_of(mail(to_log=bcc(), attached=(mail(author=cast.DORA, subject=""),)), policy=small)
    assert [(each.name, each.content) for each in entry.attachments] == [("mail.eml", None)]
    assert entry.attachments[0].size > 100
    assert Flag.ATTACHMENT_LEFT_OUT in entry.flags


def reason(raw: bytes, **known: Any) -> Reason:
    """The reason, with nobody a contact yet and nothing logged."""
    (decision,) = cast.decide(raw, cast.directory(**known) if known else None)
    if isinstance(decision, Log):
        settled = settle(decision.entries[0], (), logged=False)
        return settled.reason if isinstance(settled, Refuse) else Reason.LOGGED
    return decision.reason


# ---------------------------------------------------------------- who may


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


# ---------------------------------------------------------------- who is logged


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


# ---------------------------------------------------------------- the BCC address


def test_r12_a_sent_mail_is_logged_for_every_recipient() -> None:
    raw = mail(to_log=bcc(), to=f"{cast.CARL}, x@y.example", cc=cast.DORA)
    decision = logged(raw)
    assert (decision.kind, decision.account, decision.user) == (Kind.BCC, ACME, ANN.id)
    (entry,) = decision.entries
    assert entry.direction is Direction.OUTGOING
    assert (entry.subject, entry.text) == ("Offer 17", "Dear Carl,\n\nhere is the offer.\n\nAnn\n")
    people = {p.person.address: p.role for p in entry.participants}
    assert people == {"carl@client.example": Role.TO, "x@y.example": Role.TO, "dora@client.example": Role.CC}


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Mon, 4 May 2026 11:00:00 +0200", datetime(2026, 5, 4, 9, 0, tzinfo=UTC)),
        ("Tue, 5 May 2026 09:29:00 +0000", datetime(2026, 5, 5, 9, 29, tzinfo=UTC)),
        ("Tue, 5 May 2026 09:31:00 +0000", RECEIVED),
        ("Sun, 31 Dec 1989 23:59:59 +0000", RECEIVED),
        ("Mon, 1 Jan 1990 00:00:00 +0000", datetime(1990, 1, 1, tzinfo=UTC)),
        ("soon", RECEIVED),
        ("", RECEIVED),
    ],
)
def test_r12_the_time_is_the_date_where_it_can_be_believed(date: str, expected: datetime) -> None:
    entry = entry_of(mail(to_log=bcc(), date=date))
    assert (entry.sent_at, entry.received_at, entry.date.text) == (expected, RECEIVED, date)


def test_r13_new_recipients_become_contacts_with_their_names() -> None:
    raw = mail(to_log=bcc(), cc=cast.DORA)
    assert fates(raw, "dora@client.example") == {
        "carl@client.example": Fate.CREATED,
        "dora@client.example": Fate.ASSOCIATED,
    }
    assert entry_of(raw).participants[0].person == Person("Carl Client", "carl@client.example")


def test_r14_a_bcc_recipient_is_associated_but_never_created() -> None:
    raw = mail(to_log=bcc(), headers=(("Bcc", cast.DORA),))
    assert fates(raw)["dora@client.example"] is Fate.NOT_CREATED_BCC
    assert fates(raw, "dora@client.example")["dora@client.example"] is Fate.ASSOCIATED
    alone = mail(to_log=bcc(), to="", headers=(("Bcc", cast.DORA),))
    assert reason(alone) is Reason.NO_RECIPIENT
    assert fates(alone, "dora@client.example") == {"dora@client.example": Fate.ASSOCIATED}


@pytest.mark.parametrize("headers", [{"to": f"{cast.CARL}, {bcc()}"}, {"cc": bcc()}])
def test_r15_the_log_address_may_stand_in_to_or_cc(headers: dict[str, Any]) -> None:
    decision = logged(mail(to_log=bcc(), **headers))
    assert Flag.ADDRESS_EXPOSED in decision.flags
    assert [p.person.address for p in decision.entries[0].participants if p.fate is None] == [
        "carl@client.example"
    ]


def test_r15_a_contacts_reply_to_all_is_never_logged_as_sent() -> None:
    raw = mail(to_log=bcc(), author=cast.CARL, to="ann@acme.test", cc=bcc())
    assert reason(raw) is Reason.UNKNOWN_SENDER


def test_r16_a_forward_at_the_bcc_address_is_taken_as_a_forward() -> None:
    decision = logged(forward(to_log=bcc(), to=bcc()))
    assert Flag.WRONG_ADDRESS in decision.flags
    assert decision.entries[0].direction is Direction.INCOMING
    assert Flag.ADDRESS_EXPOSED not in decision.flags
    sent_on = logged(forward(to_log=bcc(), to=cast.DORA))
    assert Flag.WRONG_ADDRESS not in sent_on.flags
    assert sent_on.entries[0].direction is Direction.OUTGOING


def test_r16_a_sent_mail_at_the_forwarding_address_is_taken_as_sent() -> None:
    decision = logged(mail(to_log=forwarding()))
    assert Flag.WRONG_ADDRESS in decision.flags
    assert decision.entries[0].direction is Direction.OUTGOING
    assert reason(mail(to_log=forwarding(), to="cole@acme.test")) is Reason.NO_FORWARD_FOUND


# ---------------------------------------------------------------- the forwarding address


def test_r17_a_forward_is_logged_for_the_one_who_wrote_it() -> None:
    decision = logged(forward())
    (entry,) = decision.entries
    assert (decision.kind, decision.user, entry.direction) == (Kind.FORWARD, ANN.id, Direction.INCOMING)
    assert entry.author == Person("Carl Client", "carl@client.example")
    assert (entry.subject, entry.note) == ("Your offer", "FYI")
    assert entry.text == "Dear Ann,\n\nthe price is fine, let us sign.\n\nCarl"
    assert entry.sent_at == datetime(2026, 5, 4, 7, 12, tzinfo=UTC)
    assert entry.forwarded_at == datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
    assert entry.date.text == "Mon, May 4, 2026 at 9:12 AM"


def test_r18_the_writer_becomes_a_contact_and_r19_the_others_do_not() -> None:
    raw = forward(body=gmail_forward(to="ann@acme.test, x@y.example", cc=cast.DORA))
    assert fates(raw, "dora@client.example") == {
        "carl@client.example": Fate.CREATED,
        "ann@acme.test": Fate.INTERNAL,
        "x@y.example": Fate.NOT_CREATED_CC,
        "dora@client.example": Fate.ASSOCIATED,
    }


def test_r18_a_writer_on_the_list_is_refused_whole_though_others_are_not() -> None:
    raw = forward(body=gmail_forward(cc=cast.DORA))
    assert reason(raw, never_log=(NEVER_CARL,)) is Reason.NEVER_LOG


def test_r19_people_on_a_forward_are_never_created() -> None:
    raw = forward(body=gmail_forward(cc=cast.DORA))
    assert fates(raw)["dora@client.example"] is Fate.NOT_CREATED_CC


def test_r20_the_topmost_forwarded_mail_counts() -> None:
    deeper = gmail_forward(author=cast.DORA, subject="Old", note="")
    entry = entry_of(forward(body=gmail_forward(body=f"see below\n\n{deeper}")))
    assert entry.author.address == "carl@client.example"
    assert "dora@client.example" in entry.text
    assert {p.person.address for p in entry.participants} == {"carl@client.example", "ann@acme.test"}


OWN = gmail_forward(author="Ann Archer <ann@acme.test>", to=cast.CARL, subject="Re: Your offer")
COLLEAGUE = gmail_forward(author="Cole <cole@acme.test>", to=cast.CARL)
INSIDE = gmail_forward(author="Cole <cole@acme.test>", to="ann@acme.test")
NAMELESS = gmail_forward(author="Cole <cole@acme.test>", to="undisclosed-recipients:;")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (OWN, Reason.REPLY_THEN_FORWARD),
        (COLLEAGUE, Reason.REPLY_THEN_FORWARD),
        (NAMELESS, Reason.REPLY_THEN_FORWARD),
        (INSIDE, Reason.INTERNAL_ONLY),
    ],
)
def test_r21_a_colleagues_mail_is_refused_unless_it_is_logged_already(body: str, expected: Reason) -> None:
    raw = forward(body=body)
    assert reason(raw) is expected
    entry = entry_of(raw)
    assert entry.only_captured
    captured = settle(entry, (), logged=True)
    assert isinstance(captured, Entry)
    assert Fate.CREATED not in {p.fate for p in captured.participants}


def test_r21_nobody_on_a_refused_reply_is_without_a_fate() -> None:
    refusal = settle(entry_of(forward(body=OWN)), ["carl@client.example"], logged=False)
    assert isinstance(refusal, Refuse)
    assert [each.fate for each in refusal.participants] == [Fate.NOT_LOGGED]


def test_r21_salvage_logs_the_own_reply_as_sent() -> None:
    salvage = replace(POLICY, salvage_replies=True)
    entry = entry_of(forward(body=OWN), policy=salvage)
    assert (entry.direction, entry.only_captured) == (Direction.OUTGOING, False)
    assert fates(forward(body=OWN), policy=salvage) == {"carl@client.example": Fate.CREATED}
    assert reason(forward(body=INSIDE), policy=salvage) is Reason.INTERNAL_ONLY


def test_r22_english_clients_are_understood() -> None:
    outlook = (
        "FYI\n\n________________________________\nFrom: Carl Client <carl@client.example>\nSent: Monday, May 4, 2026 9:12 AM\n"
        "To: Ann Archer <ann@acme.test>\nSubject: Your offer\n\nfine\n"
    )
    apple = (
        "FYI\n\nBegin forwarded message:\n\n> From: Carl Client <carl@client.example>\n> Subject: Your offer\n"
        "> Date: 4 May 2026 at 09:12:00 CEST\n> To: Ann Archer <ann@acme.test>\n> \n> fine\n"
    )
    for body in (outlook, apple):
        assert entry_of(forward(subject="FW: Your offer", body=body)).author.address == "carl@client.example"


def test_r23_an_attached_original_keeps_what_it_carries() -> None:
    inner = mail(author=cast.CARL, to="ann@acme.test", subject="Your offer", message_id="<c1@client.example>")
    entry = entry_of(forward(body="FYI\n", attached=(inner,)))
    assert (entry.message_id, entry.note, entry.author.address) == (
        "c1@client.example",
        "FYI",
        "carl@client.example",
    )
    assert entry.key.by_id
    assert ("Message-ID", "<c1@client.example>") in entry.headers


def test_r23_several_attached_originals_are_several_entries() -> None:
    first = mail(author=cast.CARL, to="ann@acme.test", message_id="<c1@client.example>")
    second = mail(author=cast.DORA, to="ann@acme.test", message_id="<d1@client.example>")
    decision = logged(
        forward(body="FYI\n", attached=(first, second)), cast.directory(never_log=(NEVER_CARL,))
    )
    assert [entry.author.address for entry in decision.entries] == ["dora@client.example"]
    assert [left.reason for left in decision.refused] == [Reason.NEVER_LOG]


@pytest.mark.parametrize(
    ("date", "flagged"),
    [("Mon, May 4, 2026 at 9:12 AM", True), ("Mon, 4 May 2026 09:12:00 +0200", False)],
)
def test_r23_a_date_without_zone_takes_that_of_the_outer_date(date: str, flagged: bool) -> None:  # noqa: FBT001 -- a table's column
    entry = entry_of(forward(body=gmail_forward(date=date)))
    assert entry.sent_at == datetime(2026, 5, 4, 7, 12, tzinfo=UTC)
    assert (Flag.ZONE_ASSUMED in entry.flags) is flagged


def test_r24_no_forward_and_an_unsure_writer_have_reasons() -> None:
    assert reason(mail(to_log=forwarding(), to=forwarding())) is Reason.NO_FORWARD_FOUND
    assert reason(forward(body=gmail_forward(author="Carl Client"))) is Reason.UNCERTAIN


# ---------------------------------------------------------------- which address


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


# ---------------------------------------------------------------- the ledger


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


def test_a_redirect_in_the_users_own_name_is_no_forward() -> None:
    raw = mail(to_log=forwarding(), to=cast.CARL, headers=(("Resent-From", cast.EVE),))
    decision = logged(raw)
    assert decision.entries[0].direction is Direction.OUTGOING


def test_a_date_at_the_calendars_end_is_not_believed() -> None:
    assert entry_of(mail(to_log=bcc(), date="Fri, 31 Dec 9999 23:59:59 -1200")).sent_at == RECEIVED


def test_r09_a_log_address_never_is_the_writer_of_an_original() -> None:
    assert reason(forward(body=gmail_forward(author=f"Log <{bcc('globex')}>"))) is Reason.INTERNAL_ONLY


def test_people_stand_on_a_mail_once() -> None:
    entry = entry_of(mail(to_log=bcc(), cc="CARL@client.example"))
    assert len(entry.participants) == 1
    assert isinstance(entry.participants[0], Participant)
    assert entry.received_at - entry.sent_at == timedelta(minutes=30)
    assert COLE.account == ACME
