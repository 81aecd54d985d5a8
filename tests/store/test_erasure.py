"""Erasing a person, purging by the never-log list, and retention, down to the last table."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from crm_logger.core.model import Attachment, Direction, Outcome, Person, Policy, Reason, Role
from crm_logger.store import contacts, erasure, lists, retention, search, tables
from crm_logger.store.directory import read_directory
from crm_logger.store.forgetting import Whom
from crm_logger.store.people import RequestError

from .builders import CARL, CC_DORA, DORA, NOW, SENT, TO_CARL, entry, raw_mail, refuse

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm_logger.store.forgetting import Forgotten

    from .builders import World

EVE = "eve@nobody.example"


def erase(world: World, address: str = CARL.address) -> Forgotten:
    with world.store.writing():
        return erasure.erase(read_directory(Policy()), world.acme, address, NOW)


def purge(world: World) -> Forgotten:
    with world.store.writing():
        return erasure.purge_never_log(read_directory(Policy()), world.acme)


def never_log(world: World, pattern: str, user: int | None = None) -> None:
    with world.store.writing():
        lists.add_never_log(world.acme, pattern, user)


def told(world: World) -> str:
    """Everything that any table says, but for the key and the bodies of attachments."""
    return str(world.everything()).lower()


def three_mails(world: World) -> None:
    """One to Carl alone, one to Carl and Dora, one that Carl wrote and Dora got."""
    plan = Attachment("plan.pdf", "application/pdf", 9, b"%PDF-carls")
    world.take(1, world.log(entry(by_id="1", by_content="1", attachments=(plan,))))
    both = entry(
        TO_CARL,
        CC_DORA,
        by_id="2",
        by_content="2",
        subject="To both",
        text="Dear both, CARL@client.example among you",
        headers=(("To", "Carl <carl@client.example>"), ("Cc", "Dora <dora@client.example>")),
    )
    world.take(2, world.log(both))
    by_carl = entry(
        replace(TO_CARL, role=Role.FROM),
        replace(CC_DORA, role=Role.TO),
        by_id="3",
        by_content="3",
        author=CARL,
        direction=Direction.INCOMING,
        subject="From Carl",
    )
    world.take(3, world.log(by_carl))
    with world.store.writing():
        search.index_mails(100)


def test_an_erased_person_is_gone_from_every_table(world: World) -> None:
    three_mails(world)
    world.take(4, refuse(sender=CARL.address, subject="Carl asks"))
    found = erase(world)
    assert (found.contacts, found.mails, found.shared) == (1, 2, 1)
    assert "carl" not in told(world)
    assert world.contacts() == [DORA.address]
    assert world.timeline(DORA.address) == ["To both"]
    assert world.everything()["Content"] == []
    with world.store.reading():
        assert search.find_mails(world.acme, "carl", 10) == []
        assert [hit.subject for hit in search.find_mails(world.acme, "both", 10)] == ["To \x02both\x03"]


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("To carl@client.example.", "To …."),
        ("<CARL@client.example>, 'carl@client.example'", "<…>, '…'"),
        ("メールcarl@client.example--carl@client.example", "メール…--…"),
        ("mailto:carl@client.example?subject=x", "mailto:…?subject=x"),
        (
            "jo.carl@client.example, juancarl@client.example",
            "jo.carl@client.example, juancarl@client.example",
        ),
        ("carl@client.example.test, carl@client.examples", "carl@client.example.test, carl@client.examples"),
    ],
)
def test_a_whole_address_is_taken_out_of_a_text_and_no_part_of_anothers(written: str, left: str) -> None:
    whom = Whom(1, {CARL.address: "erased"})
    assert whom.masked(written) == left
    assert whom.stands_in(written) == (written != left)


def test_erasing_says_where_the_mails_themselves_lie(world: World) -> None:
    three_mails(world)
    world.store.mark_filed(3, "Logged", 9, 77)
    assert {(each.folder, each.uid) for each in erase(world).lying} == {("INBOX", 1), ("Logged", 77)}


def test_all_addresses_of_the_contact_are_erased_with_one(world: World) -> None:
    three_mails(world)
    with world.store.writing():
        known = contacts.find_contact(CARL.address)
        contacts.add_contact_address(read_directory(Policy()), known.id, "carl@home.example")
    erase(world, "CARL@home.example")
    assert world.contacts() == [DORA.address]
    with world.store.writing():
        for address in (CARL.address, "carl@home.example"):
            assert erasure.lift(world.acme, address) == address


def test_the_receipts_of_what_was_erased_say_so_and_stay(world: World) -> None:
    three_mails(world)
    erase(world)
    reasons = [world.decision(receipt).reason for receipt in (1, 2, 3)]
    assert reasons == [Reason.NEVER_LOG, Reason.LOGGED, Reason.NEVER_LOG]
    assert world.decision(1).outcome == Outcome.REFUSED
    assert not world.take(1, world.log()).new


def test_an_erased_address_is_no_contact_until_it_is_lifted(world: World) -> None:
    three_mails(world)
    erase(world)

    def add() -> None:
        with world.store.writing():
            contacts.add_contact(read_directory(Policy()), world.acme, "Carl", [CARL.address], NOW)

    with pytest.raises(RequestError, match="erase --lift"):
        add()
    with world.store.writing():
        erasure.lift(world.acme, CARL.address)
    add()
    assert CARL.address in world.contacts()


def test_erasing_again_finds_nothing_and_other_accounts_keep_theirs(world: World) -> None:
    three_mails(world)
    world.take(
        5, world.log(entry(by_id="g"), account=world.globex, user=world.gus, log_address=world.other_bcc)
    )
    erase(world)
    again = erase(world)
    assert (again.contacts, again.mails, again.decisions) == (0, 0, 0)
    assert world.timeline(CARL.address) == ["Offer 17"]
    with world.store.reading():
        assert tables.Tombstone.select().count() == 1
        assert tables.TombstoneKey.select().count() == 1


def test_a_mail_that_was_decided_before_the_erasure_is_decided_again(world: World) -> None:
    three_mails(world)
    erase(world)
    held = world.take(7, world.log(entry(TO_CARL, by_id="7", by_content="7")))
    assert (held.new, bool(held.held)) == (False, True)
    assert world.contacts() == [DORA.address]
    assert world.store.without_receipt(world.place, [7]) == [7]
    refused = world.take(7, refuse(Reason.NEVER_LOG, world.acme))
    again = world.store.record_again(refused.receipt_id, raw_mail(7), [world.log()], NOW)
    assert bool(again.held)
    assert world.decision(refused.receipt_id).reason == Reason.NEVER_LOG
    elsewhere = world.log(entry(by_id="8"), account=world.globex, user=world.gus, log_address=world.other_bcc)
    assert world.take(8, elsewhere).new


@pytest.mark.parametrize("address", ["ann@acme.test", "nobody"])
def test_users_and_what_is_no_address_are_not_erased(world: World, address: str) -> None:
    with pytest.raises(RequestError):
        erase(world, address)


@pytest.mark.parametrize("address", [CARL.address, "nobody"])
def test_only_what_was_erased_can_be_lifted(world: World, address: str) -> None:
    with world.store.writing(), pytest.raises(RequestError, match="was not erased"):
        erasure.lift(world.acme, address)


def test_the_raw_bytes_of_a_failed_mail_go_with_a_person_who_stands_in_them(world: World) -> None:
    for uid, name in ((1, b"Carl@Client.example"), (2, EVE.encode())):
        world.take(
            uid, refuse(Reason.ERROR, sender=CARL.address), raw=b"From: " + name + b"\r\n\r\n", error="bug"
        )
    erase(world)
    assert world.store.kept_raw(1) is None
    assert world.store.kept_raw(2) is not None


# ---------------------------------------------------------------- never-log


def test_an_entry_added_later_is_applied_to_what_was_logged(world: World) -> None:
    three_mails(world)
    never_log(world, CARL.address)
    found = purge(world)
    assert (found.contacts, found.mails, found.shared) == (1, 2, 1)
    assert world.contacts() == [DORA.address]
    assert world.timeline(DORA.address) == ["To both"]
    assert CARL.address not in str(world.participants())
    (fate,) = [each for each in world.decision(2).fates if each["fate"] == "never-log"]
    assert fate == {"role": "to", "fate": "never-log", "never_log": CARL.address}
    assert purge(world).mails == 0


def test_purging_changes_nothing_where_no_entry_matches(world: World) -> None:
    three_mails(world)
    before = world.everything()
    never_log(world, "rival.example")
    assert purge(world).mails == 0
    after = world.everything()
    assert after | {"NeverLog": []} == before


def test_a_contact_keeps_its_other_address_and_the_mail_to_it(world: World) -> None:
    three_mails(world)
    with world.store.writing():
        known = contacts.find_contact(CARL.address)
        contacts.add_contact_address(read_directory(Policy()), known.id, "carl@home.example")
    home = replace(TO_CARL, person=Person("Carl", "carl@home.example"))
    world.take(6, world.log(entry(home, by_id="6", by_content="6", subject="Home")))
    never_log(world, "client.example")
    assert purge(world).contacts == 1
    assert world.contacts() == ["carl@home.example"]
    assert world.timeline("carl@home.example") == ["Home"]


def test_a_users_own_entry_is_applied_to_that_users_mail_alone(world: World) -> None:
    world.take(1, world.log(entry(by_id="1", by_content="1", subject="Ann's")))
    world.take(2, world.log(entry(by_id="2", by_content="2", subject="Cole's"), user=world.cole))
    world.take(3, world.log(entry(by_id="3", by_content="3", subject="Both")))
    world.take(4, world.log(entry(by_id="3", by_content="3", subject="Both"), user=world.cole))
    never_log(world, CARL.address, world.ann)
    assert purge(world).mails == 1
    assert sorted(world.timeline(CARL.address)) == ["Both", "Cole's"]


def test_a_contact_that_only_the_users_mail_made_goes_with_it(world: World) -> None:
    world.take(1, world.log())
    never_log(world, CARL.address, world.ann)
    assert purge(world).contacts == 1
    assert world.contacts() == []


# ---------------------------------------------------------------- retention


def until_nothing(step: Callable[[], int]) -> int:
    total = 0
    while done := step():
        total += done
    return total


def test_what_is_older_goes_and_its_receipt_stays_without_names(world: World) -> None:
    old = SENT - timedelta(days=400)
    for uid in range(1, 4):
        made = entry(TO_CARL, by_id=f"{uid}", by_content=f"{uid}", subject=f"Old {uid}", sent_at=old)
        world.take(uid, world.log(made))
    world.take(9, world.log(entry(CC_DORA, by_id="9", by_content="9", subject="New")))
    before = SENT - timedelta(days=365)
    with world.store.writing():
        tables.Receipt.update(taken_at=old).where(tables.Receipt.uid < 9).execute()
        told_before = retention.count_old(world.acme, before)
        removed = retention.Old(
            until_nothing(lambda: retention.remove_old_mails(world.acme, before)),
            until_nothing(lambda: retention.remove_empty_contacts(world.acme)),
            until_nothing(lambda: retention.forget_old_decisions(world.acme, before)),
        )
    assert removed == told_before == retention.Old(3, 1, 3)
    assert [each.subject for each in world.engagements()] == ["New"]
    assert world.contacts() == [DORA.address]
    decision = world.decision(1)
    assert (decision.sender, decision.subject, decision.reason) == ("", "", Reason.LOGGED)
    assert decision.fates == [{"role": "to", "fate": "created"}]
    assert not world.take(1, world.log()).new
    assert world.decision(4).sender == "ann@acme.test"


def test_other_accounts_and_contacts_made_by_hand_stay(world: World) -> None:
    old = SENT - timedelta(days=400)
    world.take(
        1, world.log(entry(sent_at=old), account=world.globex, user=world.gus, log_address=world.other_bcc)
    )
    with world.store.writing():
        contacts.add_contact(read_directory(Policy()), world.acme, "Eve", [EVE], NOW)
        assert retention.count_old(world.acme, NOW) == retention.Old()
        assert retention.remove_old_mails(world.acme, NOW) == 0
        assert retention.remove_empty_contacts(world.acme) == 0
    assert world.contacts() == [CARL.address, EVE]
