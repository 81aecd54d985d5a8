"""The same mail reaching us several times is one engagement (R11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_logger.core.model import Direction, Fate, Kind, Participant, Person, Reason, Role
from crm_logger.store import Taking, tables

from .builders import CC_DORA, HIDDEN, NOW, TO_CARL, entry, raw_mail, refuse

if TYPE_CHECKING:
    from .builders import World


def test_two_users_sending_the_same_mail_capture_one_engagement_twice(world: World) -> None:
    first = world.take(1, world.log())
    second = world.take(2, world.log(user=world.cole, matched_address="cole@acme.test"))
    assert second.reasons == (Reason.DUPLICATE,)
    row = world.decision(second.receipt_id)
    assert (row.outcome, row.reason) == ("logged", "duplicate")
    assert len(world.engagements()) == 1
    assert world.captures() == [(1, first.receipt_id), (1, second.receipt_id)]


def test_a_capture_tells_who_how_when_and_with_which_note(world: World) -> None:
    world.take(1, world.log())
    copy = entry(note="please call", forwarded_at=NOW)
    world.take(2, world.log(copy, user=world.cole, kind=Kind.FORWARD, log_address=world.forward))
    with world.store.reading():
        row = tables.Captured.get(tables.Captured.user == world.cole)
    assert (row.kind, row.log_address_id, row.at, row.forwarded_at) == ("forward", world.forward, NOW, NOW)
    assert row.note == "please call"
    assert world.engagements()[0].note == ""


@pytest.mark.parametrize(
    ("first", "second", "engagements"),
    [
        pytest.param(("id-1", "c1"), ("id-1", "c1"), 1, id="the same mail"),
        pytest.param(("id-1", "c1"), ("id-1", "c2"), 1, id="a gateway changed the body"),
        pytest.param(("id-1", "c1"), ("id-2", "c1"), 2, id="the same words in two mails"),
        pytest.param(("id-1", "c1"), ("", "c1"), 1, id="then a forward that carries no Message-ID"),
        pytest.param(("", "c1"), ("id-1", "c1"), 1, id="first a forward that carries no Message-ID"),
        pytest.param(("", "c1"), ("", "c1"), 1, id="two forwards"),
        pytest.param(("", "c1"), ("", "c2"), 2, id="forwards of different mails"),
        pytest.param(("", "c1"), ("id-1", "c2"), 2, id="nothing in common"),
    ],
)
@pytest.mark.parametrize("at_once", [1, 2])
def test_the_key_decides(
    world: World, first: tuple[str, str], second: tuple[str, str], engagements: int, at_once: int
) -> None:
    takings = [
        Taking(raw_mail(uid), [world.log(entry(by_id=by_id, by_content=by_content))])
        for uid, (by_id, by_content) in enumerate((first, second), 1)
    ]
    for start in range(0, 2, at_once):
        world.store.record_many(world.place, takings[start : start + at_once], NOW)
    assert len(world.engagements()) == engagements
    assert len(world.timeline("carl@client.example")) == engagements


def test_another_account_has_its_own_engagement(world: World) -> None:
    world.take(1, world.log())
    world.take(2, world.log(account=world.globex, user=world.gus))
    assert len(world.engagements()) == 2


def test_an_engagement_learns_its_message_id_once(world: World) -> None:
    world.take(1, world.log(entry(by_id="")))
    headers = (("X-Mailer", "Pine"),)
    world.take(2, world.log(entry(headers=headers, in_reply_to="0@x", references=("0@x",))))
    (engagement,) = world.engagements()
    assert (engagement.key_id, engagement.message_id) == ("id-1", "1@acme.test")
    assert (engagement.headers, engagement.in_reply_to, engagement.references) == (
        [["X-Mailer", "Pine"]],
        "0@x",
        ["0@x"],
    )
    world.take(3, world.log(entry(by_id="id-2", message_id="2@acme.test")))
    assert [e.message_id for e in world.engagements()] == ["1@acme.test", "2@acme.test"]


def test_a_copy_without_message_id_takes_nothing_away(world: World) -> None:
    world.take(1, world.log())
    world.take(2, world.log(entry(by_id="", message_id="")))
    assert world.engagements()[0].message_id == "1@acme.test"


def test_a_copy_brings_the_people_that_it_tells_of(world: World) -> None:
    world.take(1, world.log(entry(TO_CARL)))
    nameless = Participant(Person("Somebody", ""), Role.CC, fate=Fate.INTERNAL)
    second = world.take(2, world.log(entry(TO_CARL, CC_DORA, HIDDEN, nameless)))
    assert second.reasons == (Reason.DUPLICATE,)
    assert world.timeline("dora@client.example") == ["Offer 17"]
    assert world.timeline("carl@client.example") == ["Offer 17"]
    assert [address for _, _, address in world.participants()] == [
        "ann@acme.test",
        "carl@client.example",
        "dora@client.example",
    ]


def test_a_contact_with_two_addresses_on_a_mail_has_it_once_on_its_timeline(world: World) -> None:
    world.take(1, world.log(entry(TO_CARL, by_id="id-1")))
    with world.store.writing():
        carl = tables.ContactAddress.get(tables.ContactAddress.address == "carl@client.example")
        tables.ContactAddress.create(account=world.acme, contact=carl.contact_id, address="carl@home.example")
    home = Participant(Person("Carl", "carl@home.example"), Role.CC, create=True)
    world.take(2, world.log(entry(TO_CARL, home, by_id="id-2", by_content="c2", subject="Offer 18")))
    assert world.timeline("carl@client.example") == ["Offer 17", "Offer 18"]


def test_somebody_named_twice_on_a_mail_becomes_one_contact(world: World) -> None:
    world.take(1, world.log(entry(TO_CARL, Participant(TO_CARL.person, Role.CC, create=True))))
    assert world.contacts() == ["carl@client.example"]
    assert world.timeline("carl@client.example") == ["Offer 17"]


def test_a_copy_that_may_only_be_captured_is_logged_where_its_mail_is_known(world: World) -> None:
    world.take(1, world.log())
    only = entry(only_captured=True, otherwise=refuse(Reason.REPLY_THEN_FORWARD))
    second = world.take(2, world.log(only))
    assert second.reasons == (Reason.LOGGED,)
    assert len(world.captures()) == 2


def test_a_copy_that_may_only_be_captured_is_refused_where_its_mail_is_unknown(world: World) -> None:
    only = entry(only_captured=True, otherwise=refuse(Reason.REPLY_THEN_FORWARD, subject="Re: Offer"))
    first = world.take(1, world.log(only))
    row = world.decision(first.receipt_id)
    assert (row.reason, row.subject, row.account) == ("reply-then-forward", "Re: Offer", world.acme)
    assert world.engagements() == []


def test_a_mail_with_one_new_original_and_one_known_is_logged(world: World) -> None:
    world.take(1, world.log())
    second = world.take(2, world.log(entry(), entry(by_id="id-2", by_content="c2")))
    assert second.reasons == (Reason.LOGGED,)


def test_the_direction_of_a_copy_changes_nothing(world: World) -> None:
    world.take(1, world.log())
    world.take(2, world.log(entry(direction=Direction.INCOMING)))
    assert [e.direction for e in world.engagements()] == ["outgoing"]
