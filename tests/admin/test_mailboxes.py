"""The commands where there are two mailboxes: each is told of, and what is asked of one names it."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.cast import mail
from tests.office import NOW
from tests.servers.embedded import embedded_mailbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers.served import ServedMailbox

    from .conftest import Shop

pytestmark = pytest.mark.embedded


@pytest.fixture
def boxes(shop: Shop) -> Iterator[dict[str, ServedMailbox]]:
    """Two servers that the desk's settings name; to the ledger a mailbox is its user and its host."""
    with ExitStack() as stack:
        found = {name: stack.enter_context(embedded_mailbox())[1] for name in ("sales", "support")}
        shop.desk.settings = {k: v for k, v in shop.desk.settings.items() if not k.startswith("IMAP_")}
        shop.desk.settings["MAILBOXES"] = "sales,support"
        for name, box in found.items():
            own = {key: value for key, value in box.settings().items() if key.startswith("IMAP_")}
            shop.desk.settings |= {f"{name.upper()}_{key}": value for key, value in own.items()}
        shop.desk.settings["SUPPORT_IMAP_HOST"] = "localhost"
        yield found


def test_both_are_looked_at_checked_counted_and_audited(shop: Shop, boxes: dict[str, ServedMailbox]) -> None:
    for box in boxes.values():
        box.append(mail(to_log=shop.office.bcc))
    shop.desk.ok("run", "--once")
    assert [each["reason"] for each in shop.desk.json("receipts")] == ["logged"] * 2
    assert [each["mailbox"].partition(":")[0] for each in shop.desk.json("status")["mailboxes"]] == [
        "sales",
        "support",
    ]
    checked = {(each["what"], each["state"]) for each in shop.desk.json("check")}
    assert {("sales folder", "ok"), ("support folder", "ok")} <= checked
    audits = shop.desk.json("audit")
    assert [each["accounts"][0]["logged"] for each in audits] == [1, 1]
    assert shop.desk.ok("audit").count("Everything is accounted for.") == 2
    assert "the oldest last look at a mailbox was" in shop.desk.ok("health")


def test_health_and_alarms_name_the_mailbox(shop: Shop, boxes: dict[str, ServedMailbox]) -> None:
    boxes["sales"].append(mail(to_log=shop.office.bcc))
    both = dict(shop.desk.settings)
    shop.desk.settings = {k: v for k, v in both.items() if not k.startswith("SUPPORT_")}
    shop.desk.ok("run", "--once", MAILBOXES="sales")
    shop.desk.settings = both
    said = shop.desk.type("health")
    assert (said.status, "no look at the mailbox support" in said.out) == (1, True)
    shop.office.store.raise_alarm("unreachable:sales", "gone", NOW)
    assert "cleared" in shop.desk.ok("alarm", "clear", "unreachable:sales")
    for kind in ("nonsense", "disk:sales"):
        assert "is none of" in shop.desk.refused("alarm", "clear", kind, status=2)


def test_what_reads_one_mailbox_asks_which(shop: Shop, boxes: dict[str, ServedMailbox]) -> None:
    boxes["support"].append(mail(to_log=shop.office.bcc))
    assert "There are: sales, support" in shop.desk.refused("import", "--imap-folder", "INBOX")
    told = shop.desk.json("import", "--imap-folder", "INBOX", "--mailbox", "support")
    assert told["reasons"] == {"logged": 1}


def test_mail_is_retried_where_it_came_to(shop: Shop, boxes: dict[str, ServedMailbox]) -> None:
    for box in boxes.values():
        box.append(mail(to_log=shop.office.bcc, author="Ann <ann@home.example>"))
    shop.desk.ok("run", "--once")
    shop.desk.ok("alias", "add", "ann@acme.test", "ann@home.example")
    assert "2 logged" in shop.desk.ok("retry", "--reason", "unknown-sender")
