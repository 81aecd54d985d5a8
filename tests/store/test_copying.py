"""Copying one database into another: the same rows, wherever the copy broke off."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from crm_logger.core.model import Attachment, Reason
from crm_logger.store import Store, StoreError, copying, search, tables

from .builders import CC_DORA, NOW, TO_CARL, entry, everything, raw_mail, refuse

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers.postgres import Postgres

    from .builders import World

PLAN = Attachment("plan.pdf", "application/pdf", 9, b"%PDF\x00\xff")


class BrokenOffError(Exception):
    """Stands for a process that dies in the middle."""


def stock(world: World) -> None:
    """Bring something into most tables."""
    for uid in range(1, 8):
        made = entry(
            TO_CARL, CC_DORA, by_id=f"{uid}", by_content=f"{uid}", attachments=(PLAN,), note="n\u00f6te"
        )
        world.take(uid, world.log(made))
    world.take(8, refuse(Reason.ERROR), error="traceback", raw=b"\x00\xff raw")
    world.store.note_event("kind", "detail", NOW)
    world.store.raise_alarm("audit", "difference", NOW)


def copy(source: str, target: str, break_off_at: int | None = None) -> list[copying.Copied]:
    steps = 0

    def progress(_number: int) -> None:
        nonlocal steps
        steps += 1
        if steps == break_off_at:
            raise BrokenOffError

    with copying.both(source, target) as opened:
        pair = replace(opened, at_once=2)
        pair.copy(progress)
        assert pair.count() == 0
        return pair.verify(lambda _: None)


@pytest.mark.parametrize("to", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_the_copy_holds_the_same_rows_and_can_be_worked_with(
    request: pytest.FixtureRequest, world: World, database_url: str, tmp_path: Path, to: str
) -> None:
    stock(world)
    source = database_url
    target = f"sqlite:///{tmp_path}/copy.sqlite3"
    if to == "postgres":
        server: Postgres = request.getfixturevalue("postgres")
        target = server.url(server.database(server.template))
    copied = copy(source, target)
    assert {each.table: each.number for each in copied} | {"engagement": 7, "receipt": 8, "content": 1} == {
        each.table: each.number for each in copied
    }
    before = world.everything()
    with closing(Store.open(target, NOW)) as store:
        with store.reading():
            again = everything()
        assert again == before
        with store.writing():
            assert search.index_mails(100) == 7
        made = store.record(world.place, raw_mail(99), [world.log(entry(by_id="new", by_content="new"))], NOW)
        assert made.receipt_id == 9


@pytest.mark.parametrize("step", range(1, 34, 6))
def test_a_copy_that_broke_off_goes_on(world: World, database_url: str, tmp_path: Path, step: int) -> None:
    stock(world)
    source, target = database_url, f"sqlite:///{tmp_path}/copy.sqlite3"
    with pytest.raises(BrokenOffError):
        copy(source, target, step)
    numbers = {each.table: each.number for each in copy(source, target)}
    assert (numbers["receipt"], numbers["engagement"], numbers["attachment"]) == (8, 7, 7)


def test_a_database_with_rows_of_its_own_is_left_alone(
    world: World, database_url: str, tmp_path: Path
) -> None:
    stock(world)
    source, target = database_url, f"sqlite:///{tmp_path}/other.sqlite3"
    with closing(Store.open(target, NOW)) as store, store.writing():
        tables.Mailbox.create(id=77, name="mine")
    with pytest.raises(StoreError, match="rows of its own"):
        copy(source, target)


def test_a_copy_that_lacks_a_row_in_its_middle_is_not_gone_on_with(
    world: World, database_url: str, tmp_path: Path
) -> None:
    """What is missing there would be found in the end, when hours of copying are over."""
    stock(world)
    source, target = database_url, f"sqlite:///{tmp_path}/copy.sqlite3"
    copy(source, target)
    world.take(9, refuse())
    with closing(Store.open(target, NOW)) as store, store.writing():
        tables.Participant.delete().where(tables.Participant.id == 3).execute()
    with pytest.raises(StoreError, match=r"rows of its own \(table participant\)"):
        copy(source, target)
    with closing(Store.open(target, NOW)) as store, store.reading():
        assert tables.Receipt.select().count() == 8, "nothing more was copied"


def test_a_difference_is_found_though_the_numbers_agree(
    world: World, database_url: str, tmp_path: Path
) -> None:
    stock(world)
    source, target = database_url, f"sqlite:///{tmp_path}/copy.sqlite3"
    copy(source, target)
    with closing(Store.open(target, NOW)) as store, store.writing():
        tables.Participant.update(name="Somebody").where(tables.Participant.id == 3).execute()
    with pytest.raises(StoreError, match="differs in the table participant"):
        copy(source, target)


def test_a_lease_stays_with_its_database(world: World, database_url: str, tmp_path: Path) -> None:
    """The worker that has it is at work there; at the copy nobody is, and the first who comes need not wait."""
    with world.store.writing():
        tables.Lease.create(mailbox=world.place.mailbox, token=1, worker="here:1", until=NOW)
    target = f"sqlite:///{tmp_path}/copy.sqlite3"
    assert "lease" not in {each.table for each in copy(database_url, target)}
    with closing(Store.open(target, NOW)) as store, store.reading():
        assert not tables.Lease.select().exists()


def test_a_database_is_not_copied_into_itself(world: World, database_url: str) -> None:
    stock(world)
    url = database_url
    with pytest.raises(StoreError, match="into itself"), copying.both(url, url):
        pass
