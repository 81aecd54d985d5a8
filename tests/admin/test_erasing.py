"""`erase`, `purge` and `prune`, through the commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cast import DORA, mail
from tests.servers.databases import database_at

if TYPE_CHECKING:
    from .conftest import Shop

CARL = "carl@client.example"


@pytest.fixture
def stocked(shop: Shop) -> Shop:
    """One mail to Carl, one to Carl and Dora."""
    shop.deliver(
        mail(to_log=shop.office.bcc, subject="To Carl"),
        mail(to_log=shop.office.bcc, cc=DORA, subject="To both"),
    )
    return shop


def dump(shop: Shop) -> list[str]:
    return database_at(shop.office.config.database_url).dump()


@pytest.mark.parametrize(
    "words", [("erase", CARL, "--dry-run"), ("prune", "--older-than", "1m", "--dry-run")]
)
def test_a_dry_run_counts_and_changes_nothing(stocked: Shop, words: tuple[str, ...]) -> None:
    before = dump(stocked)
    assert "Would remove" in stocked.desk.ok(*words)
    assert dump(stocked) == before


def test_a_dry_run_counts_what_the_real_run_then_does(stocked: Shop) -> None:
    stocked.desk.ok("never-log", "add", CARL)
    for words in (("purge", "--never-log"), ("erase", CARL, "--yes")):
        would = stocked.desk.json(*words, "--dry-run")
        assert stocked.desk.json(*words) == would | {"dry_run": False}


def test_an_erased_person_does_not_come_back(stocked: Shop) -> None:
    out = stocked.desk.ok("erase", CARL, "--yes")
    assert out.startswith("Removed 1 contact and 1 mail;")
    assert "INBOX UID 1" in out
    stocked.deliver(mail(to_log=stocked.office.bcc, cc=DORA, subject="Again to both"))
    assert [each["addresses"] for each in stocked.desk.json("contacts")] == [["dora@client.example"]]
    stocked.desk.ok("erase", CARL, "--lift")
    stocked.deliver(mail(to_log=stocked.office.bcc, subject="Once more"))
    assert [line["subject"] for line in stocked.desk.json("timeline", CARL)["timeline"]] == ["Once more"]


def test_erasing_asks_first(stocked: Shop) -> None:
    before = dump(stocked)
    said = stocked.desk.type("erase", CARL)
    assert (said.status, said.out) == (1, "")
    assert "There is no way back" in said.err
    assert dump(stocked) == before
    said = stocked.desk.pipe(b"y\n", "erase", CARL)
    assert (said.status, dump(stocked) != before) == (0, True)


def test_purging_is_never_meant_by_mistake(stocked: Shop) -> None:
    assert "--never-log" in stocked.desk.refused("purge", status=2)


def test_pruning_removes_what_is_older_and_says_how_much(stocked: Shop) -> None:
    assert stocked.desk.ok("prune", "--older-than", "2020-01-01").startswith("Removed 0 mails and 0 contacts")
    told = stocked.desk.json("prune", "--older-than", "2026-05-05")
    assert (told["mails"], told["contacts"]) == (2, 2)
    assert stocked.desk.json("contacts") == []
    assert len(stocked.desk.json("receipts")) == 2
