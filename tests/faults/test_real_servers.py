"""Real servers restarted, killed, made anew, and behind a line that drops, stalls, forgets, drips, hangs up, refuses and crawls."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from crm_logger.mailbox import memory
from crm_logger.patience import LONGEST_PAUSE
from tests.conftest import NO_COURIER, NO_DOVECOT, missing
from tests.faults.duty import offer, office_at, on_duty
from tests.servers.chaos import MODES, ChaosProxy
from tests.servers.courier import Courier, find_courier
from tests.servers.dovecot import Dovecot, find_dovecot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.servers.served import ServedMailbox

SETTINGS = {"IMAP_TIMEOUT": "0.5", "POLL_INTERVAL": "1"}


@pytest.fixture(params=[pytest.param("dovecot", marks=pytest.mark.dovecot), "courier"])
def server(request: pytest.FixtureRequest) -> Iterator[Dovecot | Courier]:
    """A server of each make for one test alone, which may stop, kill and start it."""
    found, make, otherwise = {
        "dovecot": (find_dovecot(), Dovecot, NO_DOVECOT),
        "courier": (find_courier(), Courier, NO_COURIER),
    }[request.param]
    if found is None:
        missing(otherwise)
    with make() as running:
        yield running


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_a_server_is_away_for_a_while_and_nothing_is_lost_or_double(
    how: str, server: Dovecot | Courier, tmp_path: Path
) -> None:
    box = server.mailbox()
    box.append(b"Subject: makes the folder\r\n\r\n")
    acme = office_at(tmp_path, box, FILING="move", **SETTINGS)
    with on_duty(acme) as duty:
        for number in range(1, 10):
            if number == 4:
                getattr(server, how)()
            if number == 7:
                server.start()
            server.deliver(offer(acme, number), box.user)
            time.sleep(0.05)
        duty.until(lambda: duty.engagements() == 9)
        assert duty.receipts() == 10
        duty.until(lambda: mails_in(box, "Logged") == 9 and mails_in(box, "INBOX") == 0)
    acme.store.close()


def mails_in(box: ServedMailbox, folder: str) -> int | None:
    """How many mails lie there; None where the server, which was just killed, does not answer in time."""
    try:
        return len(box.mails(folder))
    except TimeoutError:
        return None


def test_a_folder_that_is_made_anew_under_the_worker_is_read_again_and_nothing_logged_twice(
    server: Dovecot | Courier, tmp_path: Path
) -> None:
    box = server.mailbox()
    acme = office_at(tmp_path, box, **SETTINGS)
    for number in (1, 2, 3):
        box.append(offer(acme, number))
    with on_duty(acme) as duty:
        duty.until(lambda: duty.engagements() == 3)
        server.stop()
        box.recreate()
        server.start()
        server.deliver(offer(acme, 4), box.user)
        duty.until(lambda: duty.engagements() == 4)
        duty.until(lambda: "uidvalidity-changed" in duty.events())
        duty.until(lambda: duty.waiting() == [])
        assert duty.receipts() == 4
    acme.store.close()


@pytest.mark.parametrize("mode", MODES)
def test_after_whatever_the_line_does_each_mail_is_logged_once(
    mode: str, server: Dovecot | Courier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "AGAIN", 0.5)
    box = server.mailbox()
    with ChaosProxy(server.port) as proxy:
        acme = office_at(tmp_path, box, IMAP_PORT=str(proxy.port), FILING="move", **SETTINGS)
        box.append(offer(acme, 1))
        with on_duty(acme) as duty:
            duty.until(lambda: duty.engagements() == 1)
            proxy.mode = mode
            for number in range(2, 22):
                server.deliver(offer(acme, number), box.user)
                time.sleep(0.05)
            time.sleep(1)
            proxy.mode = ""
            duty.until(lambda: duty.engagements() == 21, resting=LONGEST_PAUSE)
            assert duty.receipts() == 21
            duty.until(lambda: len(box.mails("Logged")) == 21 and box.mails() == [])
        acme.store.close()
