"""The questions asked of timelines and of the ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from crm_logger.core.model import Attachment, Candidate, Fate, Flag, Kind, Outcome, Reason, Role
from crm_logger.store import contacts, receipts, timeline
from crm_logger.store.people import RequestError
from crm_logger.store.receipts import Asked, Counts

from .builders import CARL, CC_DORA, COLLEAGUE, HIDDEN, NOW, SENT, TO_CARL, entry, refuse

if TYPE_CHECKING:
    from .builders import World


def carls_lines(world: World, **page: int) -> list[timeline.Line]:
    with world.store.reading():
        return timeline.timeline(contacts.find_contact(CARL.address).id, **page)


def many(world: World, hours: list[int]) -> None:
    """Log mails for Carl, sent so many hours before SENT."""
    for number, hour in enumerate(hours):
        made = entry(by_id=f"id-{number}", by_content=f"c-{number}", subject=f"Mail {number}")
        world.take(number + 1, world.log(replace(made, sent_at=SENT - timedelta(hours=hour))))


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
def test_pages_show_every_mail_once_also_where_many_were_sent_at_the_same_time(
    world: World, limit: int
) -> None:
    many(world, [3, 0, 0, 0, 2, 2, 9])
    shown = []
    page = carls_lines(world, limit=limit)
    while page:
        shown += page
        page = carls_lines(world, limit=limit, before=page[-1].engagement)
    assert shown == carls_lines(world)
    assert [line.subject for line in shown] == [f"Mail {number}" for number in (3, 2, 1, 5, 4, 0, 6)]


def test_a_mail_that_comes_meanwhile_shifts_no_page(world: World) -> None:
    many(world, [1, 2, 3])
    first = carls_lines(world, limit=1)
    newer = entry(by_id="new", by_content="new", subject="New", sent_at=SENT + timedelta(hours=1))
    world.take(9, world.log(newer))
    second = carls_lines(world, limit=1, before=first[-1].engagement)
    assert [line.subject for line in first + second] == ["Mail 0", "Mail 1"]


def test_a_page_begins_only_where_the_timeline_has_a_mail(world: World) -> None:
    many(world, [1])
    with pytest.raises(RequestError, match="not on this timeline"):
        carls_lines(world, before=77)


def test_a_line_holds_people_captures_attachments_and_flags(world: World) -> None:
    plan = Attachment("plan.pdf", "application/pdf", 9, b"%PDF-fake")
    film = Attachment("film.mov", "video/quicktime", 10**9, None)
    forwarded = entry(
        TO_CARL,
        CC_DORA,
        COLLEAGUE,
        HIDDEN,
        attachments=(plan, film),
        note="look",
        forwarded_at=NOW,
        flags=frozenset({Flag.ATTACHMENT_LEFT_OUT}),
    )
    world.take(1, world.log(forwarded, kind=Kind.FORWARD, log_address=world.forward))
    world.take(2, world.log(user=world.cole))
    (line,) = carls_lines(world)
    assert [(each.role, each.name) for each in line.participants if each.role is not Role.FROM] == [
        (Role.TO, "Carl Client"),
        (Role.CC, "Dora"),
        (Role.CC, "Cole"),
    ]
    assert [(each.user, each.kind, each.note, each.forwarded_at) for each in line.captured] == [
        ("Ann", Kind.FORWARD, "look", NOW),
        ("Cole", Kind.BCC, "", None),
    ]
    assert [(each.name, each.left_out) for each in line.attachments] == [
        ("plan.pdf", False),
        ("film.mov", True),
    ]
    assert line.flags == ("attachment-left-out",)


# ---------------------------------------------------------------- the ledger


def test_decisions_are_found_by_everything_that_can_be_asked(world: World) -> None:
    world.take(1, world.log())
    world.take(2, refuse(), refuse(Reason.NO_SALES_ACCESS, world.acme, user=world.cole))
    world.take(3, refuse(Reason.ERROR), error="Traceback …")

    def found(asked: Asked) -> list[tuple[int, Reason]]:
        with world.store.reading():
            return [(each.receipt, each.reason) for each in receipts.decisions(asked)]

    everything = [
        (3, Reason.ERROR),
        (2, Reason.UNKNOWN_SENDER),
        (2, Reason.NO_SALES_ACCESS),
        (1, Reason.LOGGED),
    ]
    assert found(Asked()) == everything
    assert found(Asked(not_logged=True)) == everything[:-1]
    assert found(Asked(reason=Reason.ERROR)) == everything[:1]
    assert found(Asked(account=world.acme)) == everything[2:]
    assert found(Asked(user=world.cole)) == everything[2:3]
    assert found(Asked(user=world.cole, reason=Reason.ERROR)) == []
    assert found(Asked(limit=2)) == everything[:2]
    assert found(Asked(since=NOW)) == everything
    assert found(Asked(since=NOW + timedelta(seconds=1))) == []


def test_a_receipt_is_told_wholly(world: World) -> None:
    world.take(1, world.log(entry(TO_CARL, HIDDEN)))
    perhaps = Candidate("Carl", CARL.address, "the signature")
    world.take(
        2, refuse(Reason.UNCERTAIN, world.acme, user=world.ann, candidates=(perhaps,), detail="unsure")
    )
    with world.store.reading():
        whole, unsure = receipts.receipt(1), receipts.receipt(2)
    (decided,) = whole.decisions
    assert (whole.mailbox, whole.folder, whole.uid, whole.kept_raw) == ("log@mail.example", "INBOX", 1, False)
    assert (decided.account_name, decided.user, decided.outcome) == ("Acme", "Ann", Outcome.LOGGED)
    assert (decided.header, decided.matched_address) == ("Delivered-To", "ann@acme.test")
    assert [each["fate"] for each in decided.fates] == [Fate.CREATED, Fate.NEVER_LOG]
    assert decided.engagements == (world.engagements()[0].id,)
    assert unsure.decisions[0].candidates == (
        {"name": "Carl", "address": CARL.address, "why": "the signature"},
    )
    assert unsure.decisions[0].engagements == ()


def test_a_mail_for_two_accounts_is_an_engagement_of_each(world: World) -> None:
    globex = {"account": world.globex, "user": world.gus, "log_address": world.other_bcc}
    world.take(1, world.log(), world.log(**globex))
    with world.store.reading():
        acme, other = receipts.receipt(1).decisions
    assert (acme.account_name, acme.engagements) == ("Acme", (1,))
    assert (other.account_name, other.engagements) == ("Globex", (2,))


def test_a_failed_mail_keeps_its_bytes_and_its_fault(world: World) -> None:
    world.take(1, refuse(Reason.ERROR), error="Traceback: …")
    with world.store.reading():
        whole = receipts.receipt(1)
    assert (whole.kept_raw, whole.error) == (True, "Traceback: …")


def test_a_receipt_that_is_not_there_is_a_sentence(world: World) -> None:
    with world.store.reading(), pytest.raises(RequestError, match="no receipt 5"):
        receipts.receipt(5)


def test_decisions_are_counted_by_outcome_and_reason(world: World) -> None:
    world.take(1, world.log())
    world.take(2, refuse())
    world.take(3, refuse(), refuse(Reason.NO_SALES_ACCESS, world.acme))
    with world.store.reading():
        assert receipts.counts() == [
            Counts(Outcome.LOGGED, Reason.LOGGED, 1),
            Counts(Outcome.REFUSED, Reason.UNKNOWN_SENDER, 2),
            Counts(Outcome.REFUSED, Reason.NO_SALES_ACCESS, 1),
        ]
        assert receipts.counts(NOW + timedelta(days=1)) == []
        assert receipts.last_taken() == NOW


def test_what_waits_and_what_happened_is_told(world: World) -> None:
    later = NOW + timedelta(minutes=2)
    world.store.defer(world.place, 4, "no answer", later, NOW)
    world.store.note_event("uidvalidity", "INBOX: 7 to 8", NOW)
    with world.store.reading():
        (waiting,) = receipts.waiting()
        assert (waiting.uid, waiting.reason, waiting.attempts, waiting.not_before) == (
            4,
            "no answer",
            1,
            later,
        )
        assert [each.kind for each in receipts.events(NOW)] == ["uidvalidity", "migrated"]
        assert receipts.events(later) == []
