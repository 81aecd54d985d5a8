"""Conversations: what belongs together, which mail stands open, and that a removed or moved one leaves nothing hidden."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from crm_logger import catalogue
from crm_logger.store import contacts, conversations, pages, removal, search
from crm_logger.store.tables import EngagementContact
from tests.cast import mail
from tests.web.conftest import open_house

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.web.conftest import House

Mail = tuple[int, str, str, str]
"""The day in May, the Message-ID, what it refers to, the subject."""

STORIES: dict[str, tuple[tuple[Mail, ...], list[list[int]]]] = {
    "a reply": (((1, "a", "", "One"), (2, "b", "a", "Two")), [[2, 1]]),
    "a reply that came first": (((2, "b", "a", "Two"), (1, "a", "", "One")), [[1, 2]]),
    "two replies to a mail that never came": (((1, "b", "a", "One"), (2, "c", "a", "Two")), [[2, 1]]),
    "the same subject": (((1, "a", "", "Offer"), (2, "b", "", "AW: Re: Offer")), [[2, 1]]),
    "the same subject long after": (((1, "a", "", "Invoice"), (90, "b", "", "Invoice")), [[2], [1]]),
    "the same subject, a little later each time": (
        ((1, "a", "", "Offer"), (50, "b", "", "Offer"), (100, "c", "", "Offer")),
        [[3, 2, 1]],
    ),
    "no subject": (((1, "a", "", ""), (2, "b", "", "")), [[2], [1]]),
    "nothing in common": (((1, "a", "", "One"), (2, "b", "x", "Two")), [[2], [1]]),
    "an older one that comes late": (
        ((1, "a", "", "One"), (3, "c", "a", "One"), (2, "b", "a", "One")),
        [[2, 3, 1]],
    ),
}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = open_house(tmp_path)
    yield made
    made.store.close()


def sent(house: House, story: tuple[Mail, ...], to: str = "Carl <carl@client.example>") -> None:
    for day, number, refers, subject in story:
        told = (("References", f"<{refers}@x.test>"),) if refers else ()
        house.take_uncatalogued(
            mail(
                to_log=next(iter(house.log.values())),
                to=to,
                subject=subject,
                message_id=f"<{number}@x.test>",
                date=f"{1 + (day - 1) % 28:02} {['Jan', 'Feb', 'Mar', 'Apr'][(day - 1) // 28]} 2026 10:00:00 +0000",
                headers=told,
                body=f"{day} {number}",
            )
        )


def joined(house: House, at_once: int = 50) -> None:
    with house.store.writing():
        while conversations.join(at_once):
            pass


def timeline(house: House, contact: int = 1) -> list[list[int]]:
    """The conversations, each with its open mail first."""
    line = EngagementContact
    with house.store.reading():
        rows = list(line.select().where(line.contact == contact).order_by(line.sent_at.desc()))
    heads = [row for row in rows if not row.folded]
    return [
        [head.engagement_id]
        + [row.engagement_id for row in rows if row.folded and row.conversation == head.conversation]
        for head in heads
    ]


@pytest.mark.parametrize("at_once", [1, 50])
@pytest.mark.parametrize(("story", "expected"), STORIES.values(), ids=STORIES)
def test_what_belongs_together_is_folded_under_its_newest_mail(
    house: House, story: tuple[Mail, ...], expected: list[list[int]], at_once: int
) -> None:
    sent(house, story)
    assert timeline(house) == [
        [number] for number in sorted(range(1, 1 + len(story)), key=lambda n: -story[n - 1][0])
    ]
    joined(house, at_once)
    assert timeline(house) == expected


LONG = ((1, "a", "", "One"), (2, "b", "a", "One"), (3, "c", "b", "One"))


@pytest.mark.parametrize(
    ("gone", "left"), [([3], [[2, 1]]), ([2], [[3, 1]]), ([3, 2], [[1]]), ([1], [[3, 2]])]
)
def test_where_the_open_mail_is_removed_the_next_one_takes_its_place(
    house: House, gone: list[int], left: list[list[int]]
) -> None:
    sent(house, LONG)
    joined(house)
    with house.store.writing():
        removal.remove_mails(gone)
    assert timeline(house) == left


def test_two_contacts_that_are_made_one_have_each_conversation_once(house: House) -> None:
    sent(house, LONG[:1])
    sent(house, LONG[1:], to="Dora <dora@client.example>")
    joined(house)
    assert (timeline(house), timeline(house, 2)) == ([[1]], [[3, 2]])
    with house.store.writing():
        contacts.merge_contacts(2, 1)
    joined(house)
    assert timeline(house) == [[3, 2, 1]]


def test_a_timeline_that_is_found_out_anew_folds_nothing_meanwhile(house: House) -> None:
    sent(house, LONG, to="Carl <carl@client.example>, Dora <dora@client.example>")
    joined(house)
    with house.store.writing():
        conversations.forget(1)
        assert pages.conversations_of(1, [3, 2, 1]) == {}
        assert pages.conversations_of(2, [3]) == {3: (1, 2)}


def test_accounts_share_no_conversation(house: House) -> None:
    house.send(subject="Offer", message_id="<a@x.test>")
    house.send("globex", subject="Re: Offer", headers=(("References", "<a@x.test>"),))
    line = EngagementContact
    with house.store.reading():
        assert {row.conversation for row in line.select()} == {1, 2}


def test_the_catalogue_holds_each_mail_once_whoever_keeps_it(house: House) -> None:
    sent(house, tuple((1, f"{number}", "", f"Matter {number}") for number in range(60)))
    with ThreadPoolExecutor(4) as several:
        list(several.map(lambda _: catalogue.step(house.store), range(8)))
    while catalogue.step(house.store):
        pass
    with house.store.reading():
        assert not conversations.is_behind()
        assert not search.is_behind()
        hits = search.find_mails(house.accounts["acme"], "matter", 100)
    assert sorted(hit.engagement for hit in hits) == list(range(1, 61))
