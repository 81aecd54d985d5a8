"""What a person may rule about one mail, and what stays as it is whatever the person ruled."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from crm_logger.core.model import Direction, Flag, Log, NeverLog, Reason, Refuse, Ruling
from tests import cast
from tests.cast import ACME, CARL, POLICY, bcc, forward, forwarding, gmail_forward, mail

if TYPE_CHECKING:
    from crm_logger.core.model import Decision

ANYWAY = Ruling(ACME, anyway=True)
FORGED = ("Authentication-Results", f"{cast.BORDER}; dmarc=fail header.from=acme.test")
OWN_REPLY = gmail_forward(author="Ann Archer <ann@acme.test>", to=CARL)
NAMELESS = gmail_forward(author="Carl Client")


def ruled(raw: bytes, ruling: Ruling, *never_log: NeverLog, authserv_id: str = "") -> Decision:
    policy = replace(POLICY, ruling=ruling, authserv_id=authserv_id)
    return cast.only(cast.decide(raw, cast.directory(policy=policy, never_log=never_log)))


def automatic(**headers: str) -> bytes:
    return mail(to_log=bcc(), headers=tuple((k.replace("_", "-"), v) for k, v in headers.items()))


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (automatic(Auto_Submitted="auto-replied"), Reason.AUTO_REPLY),
        (automatic(List_Id="<news.acme.test>"), Reason.MAILING_LIST),
        (automatic(X_Failed_Recipients="carl@client.example"), Reason.BOUNCE),
        (mail(to_log=bcc("old")), Reason.REVOKED_LOG_ADDRESS),
        (mail(to_log=bcc("ended")), Reason.REVOKED_LOG_ADDRESS),
    ],
)
def test_what_was_refused_is_logged_where_a_person_wants_it_anyway(raw: bytes, reason: Reason) -> None:
    refused = ruled(raw, Ruling())
    assert isinstance(refused, Refuse)
    assert refused.reason is reason
    assert isinstance(ruled(raw, ANYWAY), Log)


def test_a_reply_that_was_forwarded_is_logged_as_sent_where_a_person_wants_it_anyway() -> None:
    refused, log = (ruled(forward(body=OWN_REPLY), ruling) for ruling in (Ruling(), ANYWAY))
    assert isinstance(refused, Log)
    assert isinstance(log, Log)
    assert [(entry.direction, entry.only_captured) for entry in (*refused.entries, *log.entries)] == [
        (Direction.OUTGOING, True),
        (Direction.OUTGOING, False),
    ]


def test_a_sender_whom_nothing_proves_is_believed_where_a_person_says_so_and_the_mail_stays_marked() -> None:
    raw = FORGED[0].encode() + b": " + FORGED[1].encode() + b"\r\n" + mail(to_log=bcc())
    refused = ruled(raw, Ruling(), authserv_id=cast.BORDER)
    assert isinstance(refused, Refuse)
    assert refused.reason is Reason.SENDER_NOT_AUTHENTICATED
    log = ruled(raw, ANYWAY, authserv_id=cast.BORDER)
    assert isinstance(log, Log)
    assert Flag.UNVERIFIED in log.flags


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (mail(to_log=bcc(), author="Eve <eve@nobody.example>"), Reason.UNKNOWN_SENDER),
        (mail(to_log=bcc(), author="Bob <bob@acme.test>"), Reason.NO_SALES_ACCESS),
        (mail(to_log=bcc(), to="Cole <cole@acme.test>"), Reason.INTERNAL_ONLY),
        (mail(to_log=bcc("cole")), Reason.WRONG_USER_TOKEN),
        (forward(body=NAMELESS), Reason.UNCERTAIN),
        (mail(to_log=forwarding(), to=forwarding()), Reason.NO_FORWARD_FOUND),
    ],
)
def test_wanting_a_mail_anyway_invents_neither_a_user_nor_a_contact(raw: bytes, reason: Reason) -> None:
    decision = ruled(raw, ANYWAY)
    assert isinstance(decision, Refuse)
    assert decision.reason is reason


def test_where_it_is_unsure_who_wrote_a_mail_a_person_can_say() -> None:
    log = ruled(forward(body=NAMELESS), Ruling(ACME, author="carl@client.example"))
    assert isinstance(log, Log)
    (entry,) = log.entries
    assert (entry.direction, entry.author.address) == (Direction.INCOMING, "carl@client.example")
    assert entry.author.name == "Carl Client"


def test_where_it_is_certain_who_wrote_a_mail_nobody_can_say_otherwise() -> None:
    log = ruled(forward(), Ruling(ACME, author="eve@nobody.example"))
    assert isinstance(log, Log)
    assert log.entries[0].author.address == "carl@client.example"


def test_whom_a_person_names_is_still_kept_off_the_timelines_by_the_never_log_list() -> None:
    entry = NeverLog(ACME, "client.example")
    refused = ruled(forward(body=NAMELESS), Ruling(ACME, author="carl@client.example"), entry)
    assert isinstance(refused, Refuse)
    assert refused.reason is Reason.NEVER_LOG


def test_a_ruling_counts_in_its_own_account_alone() -> None:
    raw = mail(to_log=(bcc("old"), bcc("globex")), author="Gus <gus@globex.test>")
    raw = raw.replace(b"From:", b"Auto-Submitted: auto-replied\r\nFrom:", 1)
    known = cast.directory(policy=replace(POLICY, ruling=Ruling(ACME, anyway=True)))
    reasons = {each.account: getattr(each, "reason", None) for each in cast.decide(raw, known)}
    assert reasons == {ACME: Reason.UNKNOWN_SENDER, cast.GLOBEX: Reason.AUTO_REPLY}
