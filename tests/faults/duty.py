"""The worker at work in a thread, on whatever server, with pauses that are short; what it wanted to wait is written down."""

from __future__ import annotations

import math
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from crm_logger.patience import FIRST_PAUSE
from crm_logger.schedule import StopBell, Worker
from crm_logger.store import receipts
from crm_logger.store.tables import Decision, Engagement, Event, Receipt
from tests.cast import mail
from tests.fakes import FakeReader
from tests.office import open_office

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from crm_logger.store.receipts import Waiting
    from tests.office import Office
    from tests.servers.served import ServedMailbox

RECOVERY = 60.0
"""Seconds in which the ledger must be right again on the slowest machine; pauses are cut to PAUSE."""
PAUSE = 0.05
REST = 1.2 * FIRST_PAUSE
"""So long at most, by its own plan, the worker rests after a fault that is over at once, and that it met once or twice."""


class HereReader(FakeReader):
    """Reads in this process: here the server is what is tested."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


class HastyBell(StopBell):
    """Sleeps no longer than PAUSE, and remembers how long it should have."""

    def __init__(self) -> None:
        super().__init__()
        self.pauses: list[float] = []

    def sleep(self, seconds: float, until: Callable[[], bool]) -> None:
        self.pauses.append(seconds)
        super().sleep(min(seconds, PAUSE), until)


@dataclass
class Duty:
    """A worker on duty, and what can be seen of it."""

    office: Office
    bell: HastyBell
    worker: Worker
    ended: list[int]

    def reasons(self) -> dict[int, str]:
        """The reason of each mail that has a receipt, by UID."""
        with self.office.store.reading():
            return {each.uid: each.reason.value for each in receipts.decisions(receipts.Asked(limit=100_000))}

    def engagements(self) -> int:
        """How many mails are on timelines."""
        with self.office.store.reading():
            return int(Engagement.select().count())

    def receipts(self) -> int:
        with self.office.store.reading():
            return int(Receipt.select().count())

    def events(self) -> list[str]:
        """The kinds of what the operator is told in the database."""
        with self.office.store.reading():
            return [each.kind for each in Event.select().order_by(Event.id)]

    def alarms(self) -> list[str]:
        """The open alarms."""
        return [str(each.kind) for each in self.office.store.open_alarms()]

    def waiting(self) -> list[Waiting]:
        with self.office.store.reading():
            return receipts.waiting()

    def until(self, holds: Callable[[], bool], *, resting: float = math.inf) -> None:
        """Wait until something holds. Fails after RECOVERY, or when the worker ended.

        `resting` is how long the worker may rest meanwhile, by what it wants to wait and not by what this machine takes.
        """
        end, before = time.monotonic() + RECOVERY, len(self.bell.pauses)
        while not holds():
            assert not self.ended, "the worker ended"
            assert time.monotonic() < end, f"it never came true: {self.reasons()} {self.bell.pauses}"
            time.sleep(0.02)
        rests = self.bell.pauses[before:]
        assert sum(rests) <= resting, f"the worker rested too long: {rests}"

    def until_logged(self, *uids: int, resting: float = math.inf) -> None:
        """Wait until exactly these mails have a receipt, each of them logged."""
        wanted = dict.fromkeys(uids, "logged")
        self.until(lambda: self.receipts() == len(uids) and self.reasons() == wanted, resting=resting)

    def offer(self, number: int = 1) -> bytes:
        return offer(self.office, number)


def offer(office: Office, number: int = 1) -> bytes:
    """A mail of Ann's that is to be logged."""
    return mail(to_log=office.bcc, subject=f"Offer {number}", message_id=f"<{number}@acme.test>")


@contextmanager
def on_duty(office: Office) -> Iterator[Duty]:
    """A worker that serves until the end of the `with`, which it must survive."""
    bell, ended = HastyBell(), list[int]()
    worker = Worker(office.config, office.store, bell)
    thread = threading.Thread(target=lambda: ended.append(worker.serve()))
    thread.start()
    duty = Duty(office, bell, worker, ended)
    try:
        yield duty
        assert not ended, "the worker ended"
    finally:
        bell.stop()
        thread.join(20)
        bell.close()
    assert not thread.is_alive(), "the worker does not end"


def office_at(folder: Path, box: ServedMailbox, **settings: str) -> Office:
    """Acme's office with that mailbox, looking at it every half second."""
    return open_office(folder, **box.settings(POLL_INTERVAL="0.5", IMAP_TIMEOUT="1") | settings)


def assert_sound(office: Office) -> None:
    """Each mail has one receipt, each receipt one decision for each account, and each logged mail one engagement."""
    with office.store.reading():
        decided = [(each.receipt_id, each.account) for each in Decision.select()]
        known = [
            (each.folder, each.uidvalidity, each.uid) for each in Receipt.select().where(Receipt.size > 1)
        ]
        without = Receipt.select().where(
            Receipt.size > 1, Receipt.id.not_in(Decision.select(Decision.receipt))
        )
        keys = [(each.account_id, each.key_id, each.key_content) for each in Engagement.select()]
        assert list(without) == []
    for each in (decided, known, keys):
        assert len(each) == len(set(each))
