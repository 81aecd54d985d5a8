"""The mailbox and the worker on Courier: no MOVE, all folders below INBOX, IDLE that is polled."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from crm_logger.core.model import RawMail
from crm_logger.mailbox import connect
from tests.conftest import NO_COURIER, missing
from tests.faults.duty import offer, office_at, on_duty
from tests.servers.courier import Courier, find_courier

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def courier() -> Iterator[Courier]:
    if find_courier() is None:
        missing(NO_COURIER)
    with Courier() as server:
        yield server


def test_courier_gives_mail_tells_of_new_mail_and_changes_nothing(courier: Courier) -> None:
    box = courier.mailbox()
    first = box.append(b"Subject: one\r\n\r\nHello\r\n")
    with connect(box.config()) as mailbox:
        assert mailbox.capabilities >= {"IDLE", "UIDPLUS"}
        assert "MOVE" not in mailbox.capabilities
        assert mailbox.uids() == [first]
        courier.deliver(b"Subject: two\n\nHello\n", box.user)
        assert mailbox.wait(20)
        found = [each.raw for each in mailbox.fetch(mailbox.uids()) if isinstance(each, RawMail)]
        assert found == [b"Subject: one\r\n\r\nHello\r\n", b"Subject: two\r\n\r\nHello\r\n"]
        assert not mailbox.wait(0.05)
    assert all(r"\Seen" not in each.flags for each in box.mails())


def test_on_courier_mail_is_logged_and_filed_below_inbox_by_copy_and_expunge(
    courier: Courier, tmp_path: Path
) -> None:
    box = courier.mailbox()
    acme = office_at(tmp_path, box, FILING="move")
    with on_duty(acme) as duty:
        for number in range(1, 11):
            courier.deliver(offer(acme, number), box.user)
            if number == 5:
                time.sleep(0.5)
                courier.break_connections()
        duty.until(lambda: duty.engagements() == duty.receipts() == 10)
        duty.until(lambda: len(box.mails("Logged")) == 10 and box.mails() == [])
    acme.store.close()


def test_on_courier_a_folder_made_anew_is_bound_again_by_its_bytes(courier: Courier, tmp_path: Path) -> None:
    box = courier.mailbox()
    acme = office_at(tmp_path, box)
    for number in (1, 2, 3):
        box.append(offer(acme, number))
    with on_duty(acme) as duty:
        duty.until(lambda: duty.engagements() == 3)
    courier.break_connections()
    box.recreate()
    courier.deliver(offer(acme, 4), box.user)
    with on_duty(acme) as duty:
        duty.until(lambda: duty.engagements() == 4)
        duty.until(lambda: duty.events().count("uidvalidity-changed") == 1)
        assert duty.receipts() == 4
    acme.store.close()
