"""The ledger's books: receipts, UIDVALIDITY, deferrals, filing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from crm_logger.core.model import Outcome, Reason
from crm_logger.store import Deaths, Filed, Place, tables

from .builders import NOW, raw_mail, refuse

if TYPE_CHECKING:
    from .builders import World

HOUR = timedelta(hours=1)


def events(world: World) -> list[tuple[str, str]]:
    with world.store.reading():
        return [(row.kind, row.detail) for row in tables.Event.select().order_by(tables.Event.id)]


def places(world: World) -> list[tuple[str, int, int]]:
    with world.store.reading():
        return [
            (row.folder, row.uidvalidity, row.uid)
            for row in tables.Receipt.select().order_by(tables.Receipt.id)
        ]


def test_a_mailbox_has_one_id(world: World) -> None:
    assert world.store.mailbox_id("log@mail.example") == world.place.mailbox
    assert world.store.mailbox_id("other@mail.example") != world.place.mailbox


def test_only_mails_without_a_receipt_are_work_in_their_order(world: World) -> None:
    world.take(2, refuse())
    assert world.store.without_receipt(world.place, [3, 2, 1]) == [3, 1]
    assert world.store.without_receipt(world.place, []) == []


def test_a_receipt_belongs_to_its_mailbox_folder_and_uidvalidity(world: World) -> None:
    world.take(2, refuse())
    elsewhere = [
        Place(world.store.mailbox_id("other"), "INBOX", 7),
        replace(world.place, folder="Archive"),
        replace(world.place, uidvalidity=8),
    ]
    for place in elsewhere:
        assert world.store.without_receipt(place, [2]) == [2]


def test_more_uids_than_one_statement_carries_can_be_asked_for(world: World) -> None:
    world.take(70_000, refuse())
    assert len(world.store.without_receipt(world.place, range(1, 70_001))) == 69_999


# ---------------------------------------------------------------- UIDVALIDITY


def test_a_changed_uidvalidity_is_noticed_once_and_told(world: World) -> None:
    changed = replace(world.place, uidvalidity=8)
    assert not world.store.open_folder(world.place, NOW)
    assert not world.store.open_folder(world.place, NOW)
    assert world.store.open_folder(changed, NOW)
    assert not world.store.open_folder(changed, NOW)
    assert events(world)[1:] == [("uidvalidity-changed", "INBOX: UIDVALIDITY 7 became 8")]


def test_a_mail_seen_before_a_uidvalidity_change_is_bound_and_not_taken_in_again(world: World) -> None:
    receipt = world.take(5, world.log(), raw=b"the mail").receipt_id
    changed = replace(world.place, uidvalidity=8)
    recorded = world.store.record(changed, raw_mail(1, b"the mail"), [world.log()], NOW)
    assert (recorded.receipt_id, recorded.new) == (receipt, False)
    assert places(world) == [("INBOX", 8, 1)]
    assert len(world.captures()) == 1
    assert world.store.without_receipt(changed, [1]) == []


def test_a_receipt_is_bound_to_one_mail_only(world: World) -> None:
    world.take(5, refuse(), raw=b"the mail")
    changed = replace(world.place, uidvalidity=8)
    digest = sha256(b"the mail").hexdigest()
    assert world.store.bind_by_sha256(changed, 1, digest)
    assert not world.store.bind_by_sha256(changed, 2, digest)
    assert places(world) == [("INBOX", 8, 1)]


def test_copies_of_one_mail_are_bound_to_a_receipt_each(world: World) -> None:
    for uid in (5, 6):
        world.take(uid, refuse(), raw=b"the mail")
    changed = replace(world.place, uidvalidity=8)
    assert [
        world.store.bind_by_sha256(changed, uid, sha256(b"the mail").hexdigest()) for uid in (1, 2, 3)
    ] == [True, True, False]
    assert places(world) == [("INBOX", 8, 1), ("INBOX", 8, 2)]


def test_the_same_bytes_under_the_same_uidvalidity_are_another_mail(world: World) -> None:
    world.take(5, refuse(), raw=b"the mail")
    assert world.take(6, refuse(), raw=b"the mail").new


def test_receipts_of_another_folder_or_mailbox_are_not_bound(world: World) -> None:
    world.take(5, refuse(), raw=b"the mail")
    for place in (
        Place(world.place.mailbox, "Archive", 8),
        Place(world.store.mailbox_id("other"), "INBOX", 8),
    ):
        assert not world.store.bind_by_sha256(place, 1, sha256(b"the mail").hexdigest())


def test_a_mail_moved_back_by_hand_is_new_work_and_its_engagement_exists(world: World) -> None:
    receipt = world.take(5, world.log(), raw=b"the mail").receipt_id
    world.store.mark_filed(receipt, "Logged", 3, 11)
    recorded = world.store.record(
        replace(world.place, uidvalidity=8), raw_mail(9, b"the mail"), [world.log()], NOW
    )
    assert recorded.new
    assert recorded.reasons == (Reason.DUPLICATE,)
    assert len(world.engagements()) == 1


def test_a_receipt_can_be_bound_by_hand(world: World) -> None:
    receipt = world.take(5, refuse()).receipt_id
    world.store.bind(Place(world.place.mailbox, "Archive", 9), receipt, 12)
    assert places(world) == [("Archive", 9, 12)]


def test_the_low_water_mark_holds_for_one_uidvalidity(world: World) -> None:
    assert world.store.looked_from(world.place)[0] == 0
    world.store.set_low_water(world.place, 40)
    world.store.set_low_water(world.place, 41)
    assert world.store.looked_from(world.place)[0] == 41
    assert world.store.looked_from(replace(world.place, uidvalidity=8))[0] == 0
    world.store.open_folder(replace(world.place, uidvalidity=8), NOW)
    world.store.open_folder(world.place, NOW)
    assert world.store.looked_from(world.place)[0] == 0


# ---------------------------------------------------------------- deferrals


def test_a_deferred_mail_waits_until_its_time(world: World) -> None:
    assert world.store.defer(world.place, 5, "greylisted", NOW + HOUR, NOW) == 1
    assert world.store.looked_from(world.place)[1] == {5: NOW + HOUR}
    assert world.store.looked_from(replace(world.place, uidvalidity=8))[1] == {}


def test_what_is_put_off_twice_waits_for_the_later_time(world: World) -> None:
    world.store.defer(world.place, 5, "greylisted", NOW, NOW)
    deaths = Deaths(1, Reason.PARSE_CRASH, "killed")
    world.store.count_death(world.place, 5, deaths, NOW + HOUR)
    world.store.count_death(world.place, 6, deaths, NOW)
    assert world.store.looked_from(world.place)[1] == {5: NOW + HOUR, 6: NOW}


def test_a_deferral_is_no_receipt(world: World) -> None:
    world.store.defer(world.place, 5, "greylisted", NOW, NOW)
    assert world.store.without_receipt(world.place, [5]) == [5]


def test_deferring_again_counts(world: World) -> None:
    world.store.defer(world.place, 5, "greylisted", NOW + HOUR, NOW)
    assert world.store.defer(world.place, 5, "still", NOW + 3 * HOUR, NOW + HOUR) == 2
    with world.store.reading():
        (row,) = tables.Deferral.select()
    assert (row.reason, row.first_at, row.not_before) == ("still", NOW, NOW + 3 * HOUR)


def test_a_receipt_ends_the_deferral_and_counts_its_attempts(world: World) -> None:
    world.store.defer(world.place, 5, "greylisted", NOW, NOW)
    world.store.defer(world.place, 6, "greylisted", NOW, NOW)
    world.take(5, refuse())
    with world.store.reading():
        assert [row.attempts for row in tables.Receipt.select()] == [2]
        assert [row.uid for row in tables.Deferral.select()] == [6]


# ---------------------------------------------------------------- filing and finding


def test_what_was_recorded_and_not_moved_is_unfiled(world: World) -> None:
    failed = world.take(3, world.log(), refuse(Reason.ERROR, world.globex)).receipt_id
    logged = world.take(2, world.log(), refuse(account=world.globex)).receipt_id
    refused = world.take(1, refuse()).receipt_id
    assert world.store.unfiled(world.place) == [
        (refused, 1, Outcome.REFUSED),
        (logged, 2, Outcome.LOGGED),
        (failed, 3, Outcome.FAILED),
    ]
    assert world.store.unfiled(world.place, limit=1) == [(refused, 1, Outcome.REFUSED)]
    assert world.store.unfiled(replace(world.place, folder="Archive")) == []


def test_a_filed_mail_is_remembered_where_it_is(world: World) -> None:
    receipt = world.take(1, refuse()).receipt_id
    other = world.take(2, refuse()).receipt_id
    world.store.mark_filed(receipt, "Not logged", 3, 11)
    world.store.mark_filed(other, "Not logged")
    assert world.store.unfiled(world.place) == []
    found = {taken.receipt_id: taken for taken in world.store.find_receipts()}
    assert found[receipt].filed == Filed("Not logged", 3, 11)
    assert found[other].filed == Filed("Not logged", None, None)
    assert (found[receipt].place, found[receipt].uid) == (world.place, 1)


def test_receipts_are_found_by_id_and_by_reason(world: World) -> None:
    mails = {reason: world.take(uid, refuse(reason)) for uid, reason in enumerate(Reason, 1)}
    wanted = mails[Reason.UNCERTAIN].receipt_id
    (taken,) = world.store.find_receipts(reason=Reason.UNCERTAIN)
    assert (taken.receipt_id, taken.filed, taken.size) == (wanted, None, len(raw_mail(taken.uid).raw))
    assert taken.sha256 == sha256(raw_mail(taken.uid).raw).hexdigest()
    assert [t.receipt_id for t in world.store.find_receipts(ids=[wanted, 999])] == [wanted]
    assert world.store.find_receipts(ids=[wanted], reason=Reason.ERROR) == []


def test_a_receipt_that_does_not_exist_has_no_raw_bytes(world: World) -> None:
    assert world.store.kept_raw(999) is None
