"""What one transaction writes about a mail."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from crm_logger.core.model import (
    Attachment,
    Candidate,
    Delivery,
    Fate,
    Flag,
    Log,
    Outcome,
    Participant,
    Person,
    Reason,
    Refuse,
    Role,
)
from crm_logger.store import Taking, tables

from .builders import CC_DORA, COLLEAGUE, HIDDEN, NOW, SENT, TO_CARL, entry, on_sqlite, raw_mail, refuse

if TYPE_CHECKING:
    from .builders import World

TOKEN = "abcdefghijklmnopqrstuvwxyz"


def test_a_logged_mail_makes_contacts_and_stands_on_their_timelines(world: World) -> None:
    recorded = world.take(1, world.log(entry(TO_CARL, CC_DORA, COLLEAGUE)))
    assert recorded.new
    assert recorded.reasons == (Reason.LOGGED,)
    assert world.contacts() == ["carl@client.example", "dora@client.example"]
    assert world.timeline("carl@client.example") == world.timeline("dora@client.example") == ["Offer 17"]


def test_the_decisions_come_back_with_every_fate_decided(world: World) -> None:
    (decision,) = world.take(1, world.log(entry(TO_CARL, COLLEAGUE))).decisions
    assert isinstance(decision, Log)
    assert [p.fate for p in decision.entries[0].participants] == [Fate.CREATED, Fate.INTERNAL]


def test_somebody_who_is_a_contact_already_is_associated(world: World) -> None:
    world.take(1, world.log(entry(TO_CARL, by_id="id-1")))
    second = world.take(
        2, world.log(entry(TO_CARL, by_id="id-2", by_content="content-2", subject="Offer 18"))
    )
    assert [fate["fate"] for fate in world.decision(second.receipt_id).fates] == ["associated"]
    assert world.contacts() == ["carl@client.example"]
    assert world.timeline("carl@client.example") == ["Offer 17", "Offer 18"]


def test_contacts_of_one_account_are_unknown_to_another(world: World) -> None:
    theirs = world.log(account=world.globex, user=world.gus, log_address=world.other_bcc)
    recorded = world.take(1, world.log(), theirs)
    assert recorded.reasons == (Reason.LOGGED, Reason.LOGGED)
    assert world.contacts() == ["carl@client.example", "carl@client.example"]
    assert [e.account_id for e in world.engagements()] == [world.acme, world.globex]


def test_the_engagement_keeps_what_the_mail_told(world: World) -> None:
    told = entry(
        html="<p>Dear Carl</p>",
        in_reply_to="0@client.example",
        references=("0@client.example",),
        note="FYI",
        forwarded_at=NOW,
        headers=(("X-Mailer", "Pine"),),
        flags=frozenset({Flag.ZONE_ASSUMED, Flag.BODY_CUT}),
    )
    world.take(1, world.log(told))
    (engagement,) = world.engagements()
    assert (engagement.direction, engagement.kind, engagement.subject) == ("outgoing", "bcc", "Offer 17")
    assert (engagement.text, engagement.html, engagement.note) == ("Dear Carl", "<p>Dear Carl</p>", "FYI")
    assert (engagement.sent_at, engagement.received_at, engagement.forwarded_at) == (SENT, NOW, NOW)
    assert engagement.date_text == "Mon, 4 May 2026 11:00:00 +0200"
    assert (engagement.message_id, engagement.in_reply_to) == ("1@acme.test", "0@client.example")
    assert engagement.references == ["0@client.example"]
    assert engagement.headers == [["X-Mailer", "Pine"]]
    assert engagement.flags == ["body-cut", "zone-assumed"]
    assert (engagement.author_name, engagement.author_address) == ("Ann Archer", "ann@acme.test")


def test_the_author_stands_among_the_participants_once(world: World) -> None:
    world.take(
        1, world.log(entry(Participant(Person("Ann", "ann@acme.test"), Role.FROM, create=True), TO_CARL))
    )
    assert world.participants() == [
        ("from", "Ann Archer", "ann@acme.test"),
        ("to", "Carl Client", "carl@client.example"),
    ]


def test_a_never_log_person_leaves_only_the_entry(world: World) -> None:
    recorded = world.take(1, world.log(entry(TO_CARL, HIDDEN)))
    assert [role for role, _, _ in world.participants()] == ["from", "to"]
    assert world.decision(recorded.receipt_id).fates[1] == {
        "role": "cc",
        "fate": "never-log",
        "never_log": "@rival.example",
    }


def test_a_never_log_person_whose_address_is_given_all_the_same_is_not_stored(world: World) -> None:
    rival = replace(HIDDEN, person=Person("Rita Rival", "rita@rival.example"))
    world.take(1, world.log(entry(TO_CARL, rival)))
    assert "rita" not in repr(world.everything()).casefold()


def test_a_refusal_for_the_never_log_list_keeps_no_subject(world: World) -> None:
    recorded = world.take(1, refuse(Reason.NEVER_LOG, world.acme, subject="Secret"))
    assert world.decision(recorded.receipt_id).subject == ""


def test_a_mail_with_nobody_left_is_refused_and_makes_nothing(world: World) -> None:
    recorded = world.take(1, world.log(entry(COLLEAGUE)))
    (decision,) = recorded.decisions
    assert isinstance(decision, Refuse)
    assert (decision.account, decision.reason, decision.user) == (world.acme, Reason.INTERNAL_ONLY, world.ann)
    row = world.decision(recorded.receipt_id)
    assert (row.outcome, row.reason, row.matched_address) == ("refused", "internal-only", "ann@acme.test")
    assert (row.header, row.kind, row.user_id, row.sender) == (
        "Delivered-To",
        "bcc",
        world.ann,
        "ann@acme.test",
    )
    assert world.engagements() == []


def test_everything_that_explain_tells_is_kept(world: World) -> None:
    told = refuse(
        Reason.UNCERTAIN,
        world.acme,
        detail="two names",
        user=world.ann,
        log_address=world.forward,
        delivery=Delivery("X-Original-To", (), below_border=True),
        candidates=(Candidate("Carl", "carl@client.example", "the greeting"),),
        participants=(TO_CARL,),
        subject="Fwd: Offer",
        flags=frozenset({Flag.BELOW_BORDER}),
    )
    row = world.decision(world.take(1, told).receipt_id)
    assert (row.outcome, row.reason, row.detail, row.subject) == (
        "refused",
        "uncertain",
        "two names",
        "Fwd: Offer",
    )
    assert (row.header, row.below_border, row.flags) == ("X-Original-To", True, ["below-border"])
    assert row.candidates == [{"name": "Carl", "address": "carl@client.example", "why": "the greeting"}]
    assert row.fates == [
        {"role": "to", "fate": None, "name": "Carl Client", "address": "carl@client.example"}
    ]
    assert (row.user_id, row.log_address_id, row.decided_at) == (world.ann, world.forward, NOW)


def test_a_log_address_is_marked_as_used(world: World) -> None:
    world.take(1, world.log())
    with world.store.reading():
        used = {row.id for row in tables.LogAddress.select() if row.last_used == NOW}
    assert used == {world.bcc}


def test_a_token_is_stored_nowhere(world: World) -> None:
    address = f"bcc-{TOKEN}+deals@log.example"
    on_mail = Participant(Person(f"Log <{address}>", address), Role.CC, fate=Fate.LOG_ADDRESS)
    odd = Participant(Person("", "forward-short@log.example"), Role.CC, fate=Fate.LOG_ADDRESS)
    headers = (("Cc", f"Carl <carl@client.example>, <{address.upper()}>, forward-short@log.example"),)
    world.take(1, world.log(entry(TO_CARL, on_mail, odd, headers=headers), detail=f"sent to {address}"))
    stored = repr(world.everything()).casefold()
    assert TOKEN not in stored
    assert "forward-short" not in stored
    assert ("cc", "Log <bcc-…@log.example>", "bcc-…@log.example") in world.participants()


def test_the_mailboxs_own_address_needs_no_mask(world: World) -> None:
    world.take(
        1,
        world.log(
            entry(TO_CARL, Participant(Person("", "log@mail.example"), Role.CC, fate=Fate.LOG_ADDRESS))
        ),
    )
    assert ("cc", "", "log@mail.example") in world.participants()


def test_text_that_no_database_stores_is_scrubbed(world: World) -> None:
    nul = "O\x00ff\ud800er\x1b\t1\r\n"
    headers = ((nul, nul),)
    world.take(
        1,
        world.log(
            entry(
                Participant(Person(nul, "carl@client.example"), Role.TO, create=True),
                subject=nul,
                headers=headers,
            )
        ),
    )
    (engagement,) = world.engagements()
    assert engagement.subject == "Offer\t1\r\n"
    assert engagement.headers == [["Offer\t1\r\n", "Offer\t1\r\n"]]


# ---------------------------------------------------------------- attachments


def test_the_bytes_of_an_attachment_are_kept_once(world: World) -> None:
    price = Attachment("price.pdf", "application/pdf", 3, b"pdf")
    again = replace(price, name="copy.pdf", content_id="c1", inline=True)
    world.take(1, world.log(entry(attachments=(price, again))))
    world.take(2, world.log(entry(by_id="id-2", by_content="content-2", attachments=(price,))))
    with world.store.reading():
        assert [bytes(row.data) for row in tables.Content.select()] == [b"pdf"]
        rows = list(tables.Attachment.select())
        assert [(row.name, row.content_id, row.inline, row.left_out) for row in rows] == [
            ("price.pdf", "", False, False),
            ("copy.pdf", "c1", True, False),
            ("price.pdf", "", False, False),
        ]


def test_an_attachment_that_was_left_out_is_named(world: World) -> None:
    world.take(
        1, world.log(entry(attachments=(Attachment("film.mkv", "video/x-matroska", 60_000_000, None),)))
    )
    with world.store.reading():
        (row,) = tables.Attachment.select()
        assert (row.name, row.size, row.content, row.left_out) == ("film.mkv", 60_000_000, None, True)


# ---------------------------------------------------------------- several originals on one mail


def test_several_originals_become_several_engagements_of_one_decision(world: World) -> None:
    two = (entry(), entry(by_id="id-2", by_content="content-2", subject="Offer 18"))
    recorded = world.take(1, world.log(*two))
    assert world.timeline("carl@client.example") == ["Offer 17", "Offer 18"]
    assert recorded.reasons == (Reason.LOGGED,)
    assert world.captures() == [(1, recorded.receipt_id), (2, recorded.receipt_id)]


def test_the_same_original_twice_on_one_mail_is_one_engagement_and_no_duplicate(world: World) -> None:
    recorded = world.take(1, world.log(entry(), entry()))
    assert recorded.reasons == (Reason.LOGGED,)
    assert world.captures() == [(1, recorded.receipt_id)]


def test_originals_that_were_left_out_are_told_beside_the_logged_one(world: World) -> None:
    other = refuse(Reason.UNCERTAIN, candidates=(Candidate("Eve", "eve@nobody.example", "a guess"),))
    recorded = world.take(
        1, world.log(entry(), entry(COLLEAGUE, by_id="id-2", by_content="c2"), refused=(other,))
    )
    row = world.decision(recorded.receipt_id)
    assert (row.outcome, row.reason) == ("logged", "logged")
    assert row.detail == "originals not logged: uncertain, internal-only"
    assert [fate["fate"] for fate in row.fates] == ["created", "internal"]
    assert [candidate["name"] for candidate in row.candidates] == ["Eve"]


def test_where_every_original_is_refused_the_first_entry_says_why(world: World) -> None:
    entries = (entry(COLLEAGUE), entry(HIDDEN, by_id="id-2", by_content="c2"))
    recorded = world.take(1, world.log(*entries, refused=(refuse(Reason.UNCERTAIN),)))
    assert recorded.reasons == (Reason.INTERNAL_ONLY,)
    assert [f["fate"] for f in world.decision(recorded.receipt_id).fates] == ["internal", "never-log"]


def test_where_nothing_was_left_to_settle_the_first_refusal_says_why(world: World) -> None:
    recorded = world.take(1, replace(world.log(), entries=(), refused=(refuse(Reason.UNCERTAIN),)))
    assert recorded.reasons == (Reason.UNCERTAIN,)


# ---------------------------------------------------------------- receipts


def test_a_mail_that_has_a_receipt_changes_nothing(world: World) -> None:
    first = world.take(1, world.log())
    before = world.everything()
    again = world.take(1, world.log(entry(CC_DORA, by_id="id-2", by_content="content-2")))
    assert (again.receipt_id, again.new, again.decisions) == (first.receipt_id, False, ())
    assert world.everything() == before


def test_the_receipt_says_what_was_taken_in(world: World) -> None:
    world.store.record(world.place, raw_mail(5, b"abc", size=900), [refuse()], NOW)
    with world.store.reading():
        (row,) = tables.Receipt.select()
    assert (row.folder, row.uidvalidity, row.uid, row.size, row.attempts) == ("INBOX", 7, 5, 900, 1)
    assert (row.received_at, row.taken_at) == (NOW, NOW)
    assert row.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize("reason", list(Reason))
def test_raw_bytes_are_kept_of_failed_mails_alone(world: World, reason: Reason) -> None:
    recorded = world.take(1, refuse(reason), raw=b"the mail", error="Traceback")
    kept = world.store.kept_raw(recorded.receipt_id)
    assert kept == (b"the mail" if reason.outcome is Outcome.FAILED else None)


def test_a_mail_that_could_not_be_fetched_has_no_raw_bytes_to_keep(world: World) -> None:
    mail = replace(raw_mail(1), raw=b"")
    recorded = world.store.record(world.place, mail, [refuse(Reason.UNFETCHABLE)], NOW)
    assert world.store.kept_raw(recorded.receipt_id) is None


def test_a_mail_without_a_decision_is_a_bug(world: World) -> None:
    with pytest.raises(ValueError, match="dropped silently"):
        world.take(1)


def test_two_decisions_for_one_account_are_a_bug_that_changes_nothing(world: World) -> None:
    before = world.everything()
    with pytest.raises(Exception, match=r"(?i)\bunique\b"):
        world.take(1, world.log(), refuse(account=world.acme))
    assert world.everything() == before


def test_many_mails_share_a_transaction(world: World) -> None:
    batch = [
        Taking(raw_mail(uid), [world.log(entry(by_id=f"id-{uid}", by_content=f"content-{uid}"))])
        for uid in range(1, 4)
    ]
    recorded = world.store.record_many(world.place, batch, NOW)
    assert [r.new for r in recorded] == [True, True, True]
    assert len(world.timeline("carl@client.example")) == 3


def test_a_batch_that_fails_leaves_nothing(world: World) -> None:
    before = world.everything()
    with pytest.raises(ValueError, match="dropped silently"):
        world.store.record_many(
            world.place, [Taking(raw_mail(1), [world.log()]), Taking(raw_mail(2), [])], NOW
        )
    assert world.everything() == before


@on_sqlite
def test_a_mail_to_more_people_than_one_statement_carries_is_recorded(world: World) -> None:
    many = [Participant(Person("", f"p{n}@acme.test"), Role.TO, fate=Fate.INTERNAL) for n in range(1000)]
    connection: sqlite3.Connection = world.store._connection.database.connection()
    connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 900)
    world.take(1, world.log(entry(TO_CARL, *many)))
    assert len(world.participants()) == 1002


def test_a_colleague_who_once_was_a_contact_gets_no_timeline(world: World) -> None:
    world.take(1, world.log(entry(TO_CARL, by_id="id-1")))
    carl = Participant(TO_CARL.person, Role.CC, fate=Fate.INTERNAL)
    world.take(2, world.log(entry(CC_DORA, carl, by_id="id-2", by_content="c2", subject="Offer 18")))
    assert world.timeline("carl@client.example") == ["Offer 17"]
