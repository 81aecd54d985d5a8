"""The worker keeps the catalogue: what it logged is found by words, and folded, without the pages being served."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from peewee import OperationalError

from crm_logger.catalogue import CHECKPOINT_SECONDS, LARGE_STEP, SECONDS, STEP, Catalogue
from crm_logger.core.model import Kind
from crm_logger.schedule import EX_OK, StopBell, Worker
from crm_logger.store import conversations, search
from crm_logger.store.tables import Engagement, run_sql
from crm_logger.web.keeper import PAUSE
from tests.cast import mail
from tests.web.conftest import open_house

from .program import until
from .test_storage import serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Post


def found(post: Post, words: str) -> list[int]:
    with post.office.store.reading():
        return [hit.engagement for hit in search.find_mails(1, words, 100)]


def test_a_mail_is_to_be_found_within_ten_seconds_by_whoever_keeps_the_catalogue() -> None:
    assert SECONDS < 10
    assert 2 * PAUSE <= 10


@pytest.mark.embedded
def test_what_the_worker_logs_is_found_though_nobody_serves_pages(post_with: Callable[..., Post]) -> None:
    post = post_with(POLL_INTERVAL="1")
    bell = StopBell()
    with serving(Worker(post.office.config, post.office.store, bell), bell):
        for word in ("zebra", "giraffe"):
            post.mailbox.append(mail(to_log=post.office.bcc, subject=f"A {word}"))
            until(lambda: len(found(post, word)) == 1)  # noqa: B023 -- called in this round
    with post.office.store.reading():
        assert not conversations.is_behind()


@pytest.mark.embedded
def test_one_look_completes_the_catalogue(post_with: Callable[..., Post]) -> None:
    post = post_with()
    for number in range(STEP + 1):
        post.mailbox.append(mail(to_log=post.office.bcc, subject=f"Zebra {number}"))
    with closing(StopBell()) as bell:
        assert Worker(post.office.config, post.office.store, bell).look_once(dry_run=False) == EX_OK
    assert len(found(post, "zebra")) == STEP + 1


def test_while_the_worker_takes_mail_in_the_catalogue_is_kept_by_single_steps(tmp_path: Path) -> None:
    house = open_house(tmp_path)
    for number in range(STEP + 1):
        house.take_uncatalogued(mail(to_log=house.log["acme", Kind.BCC], subject=f"Zebra {number}"))
    kept = Catalogue(house.store, lambda: False)

    def indexed() -> int:
        with house.store.reading():
            return len(search.find_mails(house.accounts["acme"], "zebra", 100))

    kept.keep()
    assert indexed() == STEP
    kept.idle.set()
    kept.keep()
    assert indexed() == STEP + 1
    house.store.close()


def test_all_there_is_is_taken_in_large_steps_or_between_the_batches(tmp_path: Path) -> None:
    house = open_house(tmp_path)
    house.take_uncatalogued(mail(to_log=house.log["acme", Kind.BCC], subject="Zebra"))
    with house.store.writing():
        row: Any = Engagement.select().dicts().get()
        more = [row | {"id": number, "key_id": f"{number}"} for number in range(2, LARGE_STEP + 2)]
        Engagement.insert_many(more).execute()
    kept = Catalogue(house.store, lambda: False)

    kept.complete()
    with house.store.reading():
        assert not search.is_behind()
    house.take_uncatalogued(
        mail(to_log=house.log["acme", Kind.BCC], subject="Zebra", message_id="<z@a.test>")
    )
    kept.keep_pace()
    with house.store.reading():
        assert not search.is_behind()
        assert not conversations.is_behind()
    house.store.close()


def test_a_catalogue_that_fails_holds_no_mail_up_and_fails_in_the_end(tmp_path: Path) -> None:
    house = open_house(tmp_path)
    house.take_uncatalogued(mail(to_log=house.log["acme", Kind.BCC]))
    with house.store.writing():
        run_sql("drop table mail_search")
    kept = Catalogue(house.store, lambda: False)
    kept.keep_pace()
    kept.keep_pace()
    with pytest.raises(OperationalError, match="mail_search"):
        kept.complete()
    house.store.close()


def test_while_it_waits_the_log_of_the_database_is_brought_into_its_file(tmp_path: Path) -> None:
    """A commit then need not do so; and it is done every few seconds, not for each mail."""
    house = open_house(tmp_path)
    kept = Catalogue(house.store, lambda: False)

    def in_the_file() -> int:
        assert house.store.file
        alone = shutil.copy(house.store.file, tmp_path / "alone.sqlite3")
        with closing(sqlite3.connect(alone)) as database:
            return int(database.execute("SELECT count(*) FROM receipt").fetchone()[0])

    counts = []
    for number in range(3):
        house.take_uncatalogued(mail(to_log=house.log["acme", Kind.BCC], subject=f"Zebra {number}"))
        kept.keep()
        counts.append(in_the_file())
        kept.idle.set()
    assert counts == [0, 2, 2]
    assert CHECKPOINT_SECONDS > SECONDS
    house.store.close()
