"""People by hand: what the commands rest on, where a database can get it wrong."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from crm_logger.core.address import token_hash
from crm_logger.core.model import Attachment, Kind, Policy
from crm_logger.store import contacts, lists, log_addresses, people, tables
from crm_logger.store.directory import read_directory
from crm_logger.store.people import Changes, RequestError

from .builders import CARL, CC_DORA, NOW, TO_CARL, entry

if TYPE_CHECKING:
    from datetime import datetime

    from .builders import World

POLICY = Policy(log_domains=("log.example",))


def test_a_minted_address_is_found_by_its_hash_and_no_two_are_alike(world: World) -> None:
    with world.store.writing():
        minted = [each for _ in range(20) for each in log_addresses.mint(world.acme, NOW)]
    known = world.store.load_directory(POLICY).log_addresses_by_hash
    assert len({each.local_part for each in minted}) == 40
    for each in minted:
        found = known[token_hash(each.local_part.partition("-")[2])]
        assert (found.account, found.kind, found.user) == (world.acme, each.kind, None)


def test_rotation_leaves_alone_what_was_rotated_revoked_or_is_anothers(world: World) -> None:
    week = timedelta(days=7)
    with world.store.writing():
        log_addresses.mint(world.acme, NOW, user=world.ann)
        log_addresses.rotate(world.acme, NOW, week)
        log_addresses.rotate(world.acme, NOW + week, week, kinds=(Kind.BCC,))
        known = log_addresses.log_addresses()
    ends: defaultdict[tuple[int, int | None, Kind], set[datetime | None]] = defaultdict(set)
    for each in known:
        ends[each.account, each.user_id, each.kind].add(each.valid_until)
    assert ends == {
        (world.acme, None, Kind.BCC): {NOW + week, NOW + 2 * week, None},
        (world.acme, None, Kind.FORWARD): {NOW + week, None},
        (world.acme, world.ann, Kind.BCC): {None},
        (world.acme, world.ann, Kind.FORWARD): {None},
        (world.globex, None, Kind.BCC): {None},
    }


def test_an_address_is_valid_until_the_end_of_its_grace_and_not_once_revoked(world: World) -> None:
    with world.store.writing():
        log_addresses.rotate(world.acme, NOW, timedelta(days=1), kinds=(Kind.BCC,))
        (old,) = (each for each in log_addresses.log_addresses(world.acme) if each.valid_until)
        log_addresses.revoke(str(world.forward))
        log_addresses.rotate(world.acme, NOW, timedelta(days=1), kinds=(Kind.FORWARD,))
        revoked = log_addresses.revoke(str(world.forward))
    assert old.valid(NOW + timedelta(hours=23))
    assert not old.valid(NOW + timedelta(days=1))
    assert not revoked.valid(NOW)
    assert revoked.valid_until is None, "it had ended before it was rotated"


def test_a_removed_user_takes_addresses_and_own_lists_along(world: World) -> None:
    with world.store.writing():
        log_addresses.mint(world.acme, NOW, user=world.cole)
        lists.add_never_log(world.acme, "rival.example", world.cole)
        people.remove_user(world.cole)
        assert "cole@acme.test" not in read_directory(POLICY).users_by_address
        assert {each.user_id for each in log_addresses.log_addresses(world.acme)} == {None}
        assert lists.never_log() == []


def test_a_changed_own_address_takes_the_place_of_the_old_one(world: World) -> None:
    with world.store.writing():
        people.change_user(POLICY, world.ann, Changes(address="Ann@NEW.example"))
        people.change_user(POLICY, world.ann, Changes(address="ann@new.example", name=" "))
        users = read_directory(POLICY).users_by_address
    assert "ann@acme.test" not in users
    assert users["ann@new.example"][0].name == "Ann"


def test_what_is_refused_changes_nothing(world: World) -> None:
    before = world.everything()
    with pytest.raises(RequestError, match="no mail address"), world.store.writing():
        contacts.add_contact(read_directory(POLICY), world.acme, "Carl", ["carl@client.example", "oops"], NOW)
    with pytest.raises(RequestError, match="already"), world.store.writing():
        people.change_user(POLICY, world.ann, Changes(name="Anna", address="cole@acme.test"))
    assert world.everything() == before


def test_a_removed_contact_leaves_no_content_that_nothing_refers_to(world: World) -> None:
    plan, shared = (Attachment(name, "text/plain", 4, name.encode()) for name in ("plan", "both"))
    world.take(1, world.log(entry(TO_CARL, attachments=(plan, shared))))
    world.take(2, world.log(entry(CC_DORA, by_id="id-2", by_content="c-2", attachments=(shared,))))
    with world.store.writing():
        assert contacts.remove_contact(contacts.find_contact(CARL.address).id) == 1
    assert world.contacts() == ["dora@client.example"]
    assert len(world.engagements()) == 1
    assert [bytes(row["data"]) for row in world.everything()["Content"]] == [b"both"]


def test_the_mail_of_a_removed_contact_is_logged_anew_when_it_is_retried(world: World) -> None:
    world.take(1, world.log())
    with world.store.writing():
        contacts.remove_contact(contacts.find_contact(CARL.address).id)
    world.take(2, world.log())
    assert world.timeline(CARL.address) == ["Offer 17"]


def test_contacts_are_asked_for_with_a_few_questions_however_many_there_are(world: World) -> None:
    known = world.store.load_directory(POLICY)
    with world.store.writing():
        for number in range(520):
            contacts.add_contact(known, world.acme, f"C {number:04}", [f"c{number}@client.example"], NOW)
    world.take(1, world.log(entry(TO_CARL)))
    with world.store.reading():
        found = contacts.contacts(world.acme)
    assert len(found) == 521
    assert found[1] == contacts.KnownContact(
        found[1].id, world.acme, "Acme", "C 0001", ("c1@client.example",), 0, None
    )
    (carl,) = (each for each in found if each.addresses == (CARL.address,))
    assert (carl.engagements, carl.last) == (1, entry().sent_at)


def test_a_search_takes_signs_as_they_are(world: World) -> None:
    world.take(1, world.log())
    with world.store.reading():
        assert contacts.contacts(search="%") == contacts.contacts(search="_") == []


def test_all_tables_of_an_account_go_with_it(world: World) -> None:
    with world.store.writing():
        lists.add_internal_domain(world.globex, "globex.test")
        lists.add_never_log(world.globex, "rival.example")
        people.remove_account(world.globex)
    for table in (tables.User, tables.UserAddress, tables.LogAddress, tables.NeverLog, tables.InternalDomain):
        assert world.globex not in {row["account"] for row in world.everything()[table.__name__]}
