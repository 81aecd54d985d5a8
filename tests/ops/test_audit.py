"""Seen = logged + refused + failed + deferred; what is missing is an alarm, seen by the command, by status and by health."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from crm_logger import schedule
from crm_logger.admin import main
from crm_logger.alarms import AlarmKind
from crm_logger.audit import audit
from crm_logger.core.model import RawMail, Reason, Refuse
from crm_logger.schedule import EX_OK, StopBell, Worker
from crm_logger.store import Place, receipts, tables
from tests.cast import mail
from tests.office import NOW

from .program import until
from .test_storage import serving

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Post

pytestmark = pytest.mark.embedded


@pytest.fixture
def post(post_with: Callable[..., Post], database_url: str) -> Post:
    """On each kind of database in turn."""
    return post_with(DATABASE_URL=database_url, POLL_INTERVAL="1")


def ask(post: Post, *words: str) -> tuple[int, str]:
    """Type a command at the post's settings; return its status and all it said."""
    config = post.office.config
    told = post.mailbox.settings(
        DATABASE_URL=config.database_url,
        LOG_DOMAIN="log.example",
        FILING=config.filing,
        POLL_INTERVAL=str(config.poll_interval),
        BORDER_HOST="mx.log.example",
    )
    sets = [word for name, value in told.items() for word in ("--set", f"{name}={value}")]
    result = CliRunner().invoke(main, [*sets, *words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result.exit_code, result.output


def counted(post: Post) -> dict[str, dict[str, Any]]:
    _, said = ask(post, "audit", "--json")
    return {each["folder"]: each for each in json.loads(said)["accounts"]}


def place_of(post: Post) -> Place:
    with post.mailbox.client() as client:
        uidvalidity = client.select_folder("INBOX", readonly=True)[b"UIDVALIDITY"]
    with post.office.store.reading():
        number = tables.Mailbox.get().id
    return Place(number, "INBOX", uidvalidity)


def forget(post: Post, number: int) -> int:
    """What must never happen: a receipt is gone. Return the UID of its mail."""
    with post.office.store.writing():
        uid = receipts.receipt(number).uid
        tables.Receipt.delete().where(tables.Receipt.id == number).execute()
    return uid


@pytest.fixture
def settled(post: Post) -> Post:
    """One mail logged, two refused; one that failed and one that is put off; and a mail that has just come."""
    post.mailbox.append(mail(to_log=post.office.bcc))
    post.mailbox.append(mail())
    post.mailbox.append(mail(to_log=post.office.bcc, author="eve@nobody.example"))
    assert schedule.run(post.office.config, once=True) == EX_OK
    place, store = place_of(post), post.office.store
    failed, deferred = post.mailbox.append(mail()), post.mailbox.append(mail())
    store.record(place, RawMail(failed, b"x", NOW), (Refuse(0, Reason.ERROR, "a bug"),), NOW)
    store.defer(place, deferred, "the server gives nothing for it", NOW, NOW)
    post.mailbox.append(mail())
    return post


@pytest.mark.row(87)
def test_every_mail_is_counted_once(settled: Post) -> None:
    status, said = ask(settled, "audit")
    assert status == 0, said
    assert said.splitlines()[1].split() == ["INBOX", "6", "1", "2", "1", "1", "1", "0"]
    assert said.endswith("Everything is accounted for.\n")


@pytest.mark.row(87)
def test_a_mail_without_receipt_is_an_alarm_and_not_only_a_line(settled: Post) -> None:
    uid = forget(settled, 2)
    status, said = ask(settled, "audit")
    assert status == 1
    assert f"INBOX: 6 mails seen, 1 of them have no receipt (UID {uid})" in said
    assert settled.alarms() == [AlarmKind.AUDIT]
    assert "ALARM       audit, since" in ask(settled, "status")[1]
    status, said = ask(settled, "health")
    assert (status, said.count("\n")) == (1, 1)
    assert "open alarms: audit" in said
    with settled.office.store.reading():
        assert "alarm-raised" in [each.kind for each in receipts.events(NOW)]
    assert counted(settled)["INBOX"]["missing"] == [uid]

    assert schedule.run(settled.office.config, once=True) == EX_OK
    assert ask(settled, "audit")[0] == 0
    assert settled.alarms() == []
    assert "audit" in ask(settled, "alarm", "list", "--all")[1]


def test_a_receipt_that_decides_nothing_is_an_alarm(settled: Post) -> None:
    with settled.office.store.writing():
        tables.Decision.delete().where(tables.Decision.receipt == 2).execute()
    status, said = ask(settled, "audit")
    assert status == 1
    assert "1 receipts have no decision" in said
    with settled.office.store.reading():
        uid = receipts.receipt(2).uid
    assert counted(settled)["INBOX"]["missing"] == [uid]


def test_the_folders_that_mail_was_moved_to_are_counted_too(post_with: Callable[..., Post]) -> None:
    post = post_with(FILING="move")
    for raw in (mail(to_log=post.office.bcc), mail(), mail()):
        post.mailbox.append(raw)
    assert schedule.run(post.office.config, once=True) == EX_OK
    found = counted(post)
    assert {name: (each["seen"], each["logged"], each["refused"]) for name, each in found.items()} == {
        "INBOX": (0, 0, 0),
        "Logged": (1, 1, 0),
        "Not logged": (2, 0, 2),
    }
    strange = post.mailbox.append(mail(subject="of another time"), folder="Logged")
    assert ask(post, "audit")[0] == 1
    assert counted(post)["Logged"]["missing"] == [strange]
    assert "1 taken in" in ask(post, "reconcile")[1]
    assert ask(post, "audit")[0] == 0


def test_a_mail_that_is_being_moved_is_counted_and_its_double_is_not(post_with: Callable[..., Post]) -> None:
    """Another worker, or one that took over from it, has moved it and not yet written down where it lies."""
    post = post_with(FILING="move")
    raw = mail(to_log=post.office.bcc)
    post.mailbox.append(raw)
    assert schedule.run(post.office.config, once=True) == EX_OK
    with post.office.store.writing():
        tables.Receipt.update(filed_folder=None, filed_uid=None, filed_uidvalidity=None).execute()
    status, said = ask(post, "audit")
    assert status == 0, said
    assert (counted(post)["Logged"]["seen"], counted(post)["Logged"]["logged"]) == (1, 1)
    assert post.alarms() == []

    double = post.mailbox.append(raw, folder="Logged")
    assert ask(post, "audit")[0] == 1
    assert counted(post)["Logged"]["missing"] == [double]


def test_a_mail_that_a_retry_is_moving_is_counted(post_with: Callable[..., Post]) -> None:
    post = post_with(FILING="move")
    raw = mail()
    post.mailbox.append(raw)
    assert schedule.run(post.office.config, once=True) == EX_OK
    post.mailbox.append(raw, folder="Logged")
    assert ask(post, "audit")[0] == 1
    post.office.store.will_move(1, NOW)
    assert ask(post, "audit")[0] == 0


def test_without_uids_of_moved_mails_their_number_must_do(post_with: Callable[..., Post]) -> None:
    post = post_with(FILING="move")
    post.mailbox.append(mail(to_log=post.office.bcc))
    assert schedule.run(post.office.config, once=True) == EX_OK
    with post.office.store.writing():
        tables.Receipt.update(filed_uid=None, filed_uidvalidity=None).execute()
    assert ask(post, "audit")[0] == 0
    post.mailbox.append(mail(), folder="Logged")
    assert ask(post, "audit")[0] == 1


def test_a_folder_without_lasting_numbers_is_counted_by_the_service_alone(post: Post) -> None:
    class Fleeting:
        name, folder, uidvalidity = "crm@127.0.0.1", "INBOX", -17

        def uids(self) -> list[int]:
            return [1, 2]

    found = audit(post.office.config, post.office.store, Fleeting())  # type: ignore[arg-type]  # a fake
    assert found.accounts[0].not_told
    assert found.difference() == ""


@pytest.mark.row(87)
def test_the_service_audits_at_its_start_and_once_a_day(
    post_with: Callable[..., Post], caplog: pytest.LogCaptureFixture
) -> None:
    """Each time it prints what adds up; test_jobs.py sees that the timetable wants it every day."""
    caplog.set_level("INFO", "crm_logger")
    post = post_with(POLL_INTERVAL="0.2")
    post.mailbox.append(mail())
    bell = StopBell()
    worker = Worker(post.office.config, post.office.store, bell)
    with serving(worker, bell):
        until(lambda: post.reasons() == ["no-log-address"])
        until(lambda: "audited" in caplog.messages)
        with post.office.store.writing():
            tables.Decision.delete().execute()
        worker._want_audit()
        until(lambda: post.alarms() == [AlarmKind.AUDIT])
    assert "alarm: The audit of " in caplog.text
    counts = [
        (told["seen"], told["logged"], told["refused"], told["failed"], told["deferred"], told["missing"])
        for told in (record.__dict__ for record in caplog.records if record.message == "audited")
    ]
    assert counts == [(1, 0, 1, 0, 0, 0), (1, 0, 0, 0, 0, 1)]
