"""A timeline may hold the mail of years: what is asked of it and done to it takes SQLite as many steps as on a short one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from crm_logger.core.model import Kind
from crm_logger.store import conversations, pages, removal
from crm_logger.store.tables import ConversationName, Engagement, EngagementContact
from crm_logger.store.tables.base import database
from tests.cast import mail
from tests.web.conftest import open_house

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.web.conftest import House

FEW, MANY = 200, 4000
IN_ONE = 10
"""So many mails are one conversation: mails 1 to 10 are number 1, 11 to 20 number 2; the last of them stands open."""

QUESTIONS: dict[str, Callable[[int, int], object]] = {
    "the newest page": lambda account, _: pages.cards(account, 1, limit=10),
    "a page in the middle": lambda account, many: pages.cards(account, 1, limit=10, before=many // 2),
    "the conversations of a page": lambda _, many: pages.conversations_of(1, range(many - 90, many + 1, 10)),
    "what is folded under a mail": lambda account, _: pages.earlier_cards(account, 1, 2, limit=5),
    "the next page of it": lambda account, _: pages.earlier_cards(account, 1, 2, limit=5, before=17),
    "a mail that joins a conversation": lambda *_: conversations.join(1),
    "an open mail that is removed": lambda *_: removal.remove_mails([20]),
}


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[int]]:
    """What each question takes on a short timeline and on a long one."""
    short, long = (_steps(tmp_path_factory.mktemp("house"), number) for number in (FEW, MANY))
    return {name: [short[name], long[name]] for name in QUESTIONS}


def _steps(folder: Path, number: int) -> dict[str, int]:
    house = open_house(folder)
    _fill(house, number)
    found = {}
    for name, question in QUESTIONS.items():
        with house.store.writing():
            found[name] = _counted(lambda: question(house.accounts["acme"], number))  # noqa: B023 -- called at once
    house.store.close()
    return found


def _fill(house: House, number: int) -> None:
    house.take_uncatalogued(mail(to_log=house.log["acme", Kind.BCC]))
    with house.store.writing():
        first: Any = Engagement.select().dicts().get()
        line: Any = EngagementContact.select().dicts().get()
        for each in range(2, number + 1):
            at = first["sent_at"] + timedelta(minutes=each)
            own = {"id": each, "key_id": f"{each}", "key_content": f"{each}", "sent_at": at}
            Engagement.insert(first | own).execute()
            folded = True if each % IN_ONE else None
            own = {
                "engagement": each,
                "sent_at": at,
                "conversation": 1 + (each - 1) // IN_ONE,
                "folded": folded,
            }
            EngagementContact.insert(line | own).execute()
            known = {"account": first["account"], "name": each, "conversation": each, "seen": at}
            ConversationName.insert(known).execute()


def _counted(question: Callable[[], object]) -> int:
    """The steps of SQLite's machine: each row or place of an index that it looks at is some of them."""
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    connection = database.connection()
    connection.set_progress_handler(step, 1)
    assert question()
    connection.set_progress_handler(None, 1)
    return steps


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_long_timeline_costs_what_a_short_one_costs(steps: dict[str, list[int]], question: str) -> None:
    short, long = steps[question]
    assert long < 1.5 * short
