"""The rules R5 and R12 to R24: sent mail and forwards, as tables over classify()."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from crm_logger.core.model import (
    Direction,
    Entry,
    Fate,
    Flag,
    Kind,
    NeverLog,
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
    POLICY,
    RECEIVED,
    bcc,
    forward,
    forwarding,
    gmail_forward,
    logged,
    mail,
)
from tests.decided import entry_of, fates, reason


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


NEVER_CARL = NeverLog(ACME, "carl@client.example")


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


def test_a_redirect_in_the_users_own_name_is_no_forward() -> None:
    raw = mail(to_log=forwarding(), to=cast.CARL, headers=(("Resent-From", cast.EVE),))
    decision = logged(raw)
    assert decision.entries[0].direction is Direction.OUTGOING


def test_a_date_at_the_calendars_end_is_not_believed() -> None:
    assert entry_of(mail(to_log=bcc(), date="Fri, 31 Dec 9999 23:59:59 -1200")).sent_at == RECEIVED
