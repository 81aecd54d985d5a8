"""Several mailboxes in one worker: each is looked at in its own time, whatever becomes of the others."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import pytest

from crm_logger.config import load_mailboxes
from crm_logger.mailbox import connect
from crm_logger.retry import take_in_again
from crm_logger.schedule import EX_OK, EX_TEMPFAIL, StopBell, Worker
from crm_logger.store import receipts
from tests.cast import mail
from tests.office import open_office
from tests.ops.program import until
from tests.servers.embedded import embedded_mailbox

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from crm_logger.config import Config
    from tests.office import Office
    from tests.servers.served import ServedMailbox

pytestmark = pytest.mark.embedded


def both(office: Office, sales: dict[str, str], support: dict[str, str], **more: str) -> tuple[Config, ...]:
    """The settings of two mailboxes."""
    told = {
        "MAILBOXES": "sales,support",
        "LOG_DOMAIN": "log.example",
        "BORDER_HOST": "mx.log.example",
        "DATABASE_URL": office.config.database_url,
        "POLL_INTERVAL": "1",
    }
    for name, settings in (("SALES", sales), ("SUPPORT", support)):
        told |= {f"{name}_{key}": value for key, value in settings.items() if key.startswith("IMAP_")}
    told["SUPPORT_IMAP_HOST"] = (
        "localhost"  # else two servers on this machine would be one mailbox to the ledger
    )
    return load_mailboxes(told | more, {}, None, need=("imap", "log"))


@contextmanager
def working(office: Office, mailboxes: tuple[Config, ...]) -> Iterator[Worker]:
    bell, status = StopBell(), list[int]()
    worker = Worker(office.config, office.store, bell, mailboxes)
    thread = threading.Thread(target=lambda: status.append(worker.serve()))
    thread.start()
    try:
        yield worker
    finally:
        bell.stop()
        thread.join(20)
        bell.close()
    assert status == [EX_OK]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = open_office(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def servers() -> Iterator[tuple[ServedMailbox, ServedMailbox]]:
    with ExitStack() as stack:
        yield tuple(stack.enter_context(embedded_mailbox())[1] for _ in "ab")  # type: ignore[misc]  # two of them


def reasons(office: Office) -> list[str]:
    with office.store.reading():
        return [each.reason for each in receipts.decisions(receipts.Asked())]


def opened(office: Office) -> set[str]:
    return {each.kind for each in office.store.open_alarms()}


def test_mail_of_both_is_taken_in_and_waits_for_neither(
    office: Office, servers: tuple[ServedMailbox, ServedMailbox]
) -> None:
    sales, support = servers
    with working(office, both(office, sales.settings(), support.settings())):
        sales.append(mail(to_log=office.bcc, subject="Sales"))
        until(lambda: reasons(office) == ["logged"])
        support.append(mail(to_log=office.bcc, subject="Support"))
        until(lambda: reasons(office) == ["logged"] * 2)


def test_a_mailbox_that_refuses_the_login_holds_up_no_other(
    office: Office, servers: tuple[ServedMailbox, ServedMailbox]
) -> None:
    sales, support = servers
    locked = sales.settings() | {"IMAP_PASSWORD": "wrong"}
    with working(office, both(office, locked, support.settings())):
        for number in range(3):
            support.append(mail(to_log=office.bcc, subject=f"Mail {number}"))
            until(lambda seen=number: len(reasons(office)) == seen + 1)  # type: ignore[misc]  # mypy cannot infer it


def test_a_server_that_hangs_holds_up_no_other(
    office: Office, servers: tuple[ServedMailbox, ServedMailbox]
) -> None:
    _, support = servers
    with socket.create_server(("127.0.0.1", 0)) as silent_server:
        silent = support.settings() | {"IMAP_PORT": str(silent_server.getsockname()[1]), "IMAP_USER": "other"}
        with working(office, both(office, silent, support.settings(), SALES_IMAP_TIMEOUT="2")):
            support.append(mail(to_log=office.bcc))
            until(lambda: reasons(office) == ["logged"])


def test_alarms_name_the_mailbox_and_the_others_looks_do_not_clear_them(
    office: Office, servers: tuple[ServedMailbox, ServedMailbox]
) -> None:
    _, support = servers
    nowhere = support.settings() | {"IMAP_FOLDER": "Nowhere"}
    with working(office, both(office, nowhere, support.settings())) as worker:
        until(lambda: "misconfigured:sales" in opened(office))
        support.append(mail(to_log=office.bcc))
        until(lambda: reasons(office) == ["logged"])
        worker.loops[1].bell.ring()
        until(lambda: not worker.loops[1].signs.is_stale)
        assert opened(office) == {"misconfigured:sales"}


def test_one_look_tells_what_failed_and_looks_into_the_others(
    office: Office, servers: tuple[ServedMailbox, ServedMailbox]
) -> None:
    sales, support = servers
    support.append(mail(to_log=office.bcc))
    away = sales.settings() | {"IMAP_PORT": "1"}
    bell = StopBell()
    worker = Worker(office.config, office.store, bell, both(office, away, support.settings()))
    assert worker.look_once(dry_run=False) == EX_TEMPFAIL
    assert reasons(office) == ["logged"]
    bell.close()


def test_a_mail_is_retried_in_the_mailbox_that_it_came_to(
    office: Office, servers: tuple[ServedMailbox, ServedMailbox]
) -> None:
    sales, support = servers
    mailboxes = both(office, sales.settings(), support.settings())
    for box, subject in ((sales, "Sales"), (support, "Support")):
        box.append(mail(to_log=office.bcc, author="Eve <eve@nobody.example>", subject=subject))
    bell = StopBell()
    assert Worker(office.config, office.store, bell, mailboxes).look_once(dry_run=False) == EX_OK
    bell.close()
    assert reasons(office) == ["unknown-sender"] * 2
    told = take_in_again(mailboxes, office.store, [1, 2])
    assert [each.result for each in told] == ["unknown-sender"] * 2
    told = take_in_again(mailboxes[:1], office.store, [1])
    assert [each.result for each in told] == ["unknown-sender"]
    with connect(mailboxes[1]) as mailbox:
        assert mailbox.name == mailboxes[1].mailbox_name


def test_a_mailbox_that_works_ends_no_row_of_failures_of_another(
    office: Office, servers: tuple[ServedMailbox, ServedMailbox]
) -> None:
    sales, support = servers
    bell = StopBell()
    worker = Worker(office.config, office.store, bell, both(office, sales.settings(), support.settings()))
    assert [each._poll for each in worker.loops] == ["poll of sales", "poll of support"]
    bell.close()


def test_the_dead_mans_switch_hears_only_while_every_mailbox_is_looked_at(
    office: Office, servers: tuple[ServedMailbox, ServedMailbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    sales, support = servers
    bell, pings = StopBell(), list[int]()
    worker = Worker(office.config, office.store, bell, both(office, sales.settings(), support.settings()))
    monkeypatch.setattr(worker._timetable, "looked", lambda: pings.append(1))
    looked = worker.loops[0]._shared.looked
    looked()
    monkeypatch.setattr(worker.loops[1].signs, "_clock", lambda: time.monotonic() + 10_000)
    looked()
    assert pings == [1]
    bell.close()
