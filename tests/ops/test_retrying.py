"""After the cause is mended `retry` takes mail in again: first it says what it would come to, and it never doubles."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from crm_logger import schedule
from crm_logger.schedule import EX_OK
from crm_logger.store import tables
from tests.cast import mail

from .test_audit import ask

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Post

pytestmark = pytest.mark.embedded
HOME = "ann@home.example"


@pytest.fixture
def post(post_with: Callable[..., Post], database_url: str) -> Post:
    """On each kind of database in turn."""
    return post_with(DATABASE_URL=database_url, POLL_INTERVAL="1")


def engagements(post: Post) -> int:
    with post.office.store.reading():
        return int(tables.Engagement.select().count())


@pytest.fixture
def refused(post: Post) -> Post:
    """Three mails from an address that nobody knows yet, one from somebody else."""
    for number in range(3):
        post.mailbox.append(mail(to_log=post.office.bcc, author=HOME, subject=f"Offer {number}"))
    post.mailbox.append(mail(to_log=post.office.bcc, author="eve@nobody.example"))
    assert schedule.run(post.office.config, once=True) == EX_OK
    assert post.reasons() == ["unknown-sender"] * 4
    return post


def test_a_dry_run_says_what_it_would_come_to_and_changes_nothing(refused: Post) -> None:
    assert ask(refused, "alias", "add", "ann@acme.test", HOME)[0] == 0
    status, said = ask(refused, "retry", "--reason", "unknown-sender", "--dry-run")
    assert (status, said.splitlines()[-1]) == (0, "4 mails looked at: would log 3, would refuse 1.")
    assert refused.reasons() == ["unknown-sender"] * 4
    assert engagements(refused) == 0


@pytest.mark.parametrize(
    "which",
    [("--reason", "unknown-sender"), ("--since", "1h"), ("1", "2", "3", "4")],
    ids=["reason", "time", "receipt"],
)
def test_after_an_alias_was_added_it_just_works_and_never_doubles(
    refused: Post, which: tuple[str, ...]
) -> None:
    ask(refused, "alias", "add", "ann@acme.test", HOME)
    assert ask(refused, "retry", *which)[1].splitlines()[-1] == "4 mails taken in again: 3 logged, 1 refused."
    assert sorted(refused.reasons()) == ["logged"] * 3 + ["unknown-sender"]
    assert engagements(refused) == 3
    ask(refused, "retry", "1", "2", "3", "4")
    ask(refused, "retry", *which)
    assert sorted(refused.reasons()) == ["logged"] * 3 + ["unknown-sender"]
    assert engagements(refused) == 3
    with refused.office.store.reading():
        assert tables.Captured.select().count() == 3
        assert tables.Receipt.select().count() == 4


def test_mail_that_is_gone_is_counted_as_gone(refused: Post) -> None:
    refused.mailbox.remove(refused.mailbox.mails()[0].uid)
    _, said = ask(refused, "retry", "--since", "1h")
    assert said.splitlines()[-1] == "4 mails taken in again: 3 refused, 1 no longer in the mailbox."


def test_json_stays_a_list_of_receipts(refused: Post) -> None:
    _, said = ask(refused, "retry", "1", "--dry-run", "--json")
    assert json.loads(said) == [{"receipt": 1, "result": "would be unknown-sender"}]
