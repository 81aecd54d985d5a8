"""The floor of a wake-up: a bare client that fetches a mail, a disk that takes as much as a commit, memory that was left alone."""

from __future__ import annotations

import mmap
import os
import statistics
import time
from typing import TYPE_CHECKING

from benchmarks.bare import opened
from benchmarks.stamps import StampingLine
from tests.cast import mail

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.servers.dovecot import Dovecot
    from tests.servers.served import ServedMailbox

PATIENCE = 20.0
COMMIT_BYTES = 26 * 4120
"""What the commit of such a mail adds to SQLite's log: 24 to 30 pages, each with its head."""
COLD_BYTES, LEFT_ALONE, COLD_TIMES = 4 << 20, 0.5, 7


def mailbox(dovecot: Dovecot) -> ServedMailbox:
    """A mailbox with one mail that is nobody's."""
    box = dovecot.mailbox()
    box.append(b"Subject: makes the folder\r\n\r\n")
    return box


def deliver(dovecot: Dovecot, box: ServedMailbox, bcc: str, number: int) -> None:
    """Deliver one mail of Ann's."""
    raw = mail(to_log=bcc, subject=f"Offer {number}", message_id=f"<{number}@acme.test>")
    dovecot.deliver(raw, box.user)


def bare(dovecot: Dovecot, file: Path, times: int) -> tuple[list[float], list[float]]:
    """What a socket takes from EXISTS to the mail's last byte, and until as much as a commit writes is on the disk."""
    box = mailbox(dovecot)
    fetched: list[float] = []
    written: list[float] = []
    with (
        StampingLine(dovecot.port) as line,
        opened(box, line.port) as client,
        file.open("ab", buffering=0) as log,
    ):
        for number in range(2, times + 2):
            client.send("IDLE")
            client.await_line(rb"\+")
            deliver(dovecot, box, "bcc@log.example", number)
            client.await_line(rb"\* %d EXISTS" % number)
            client.say("DONE")
            client.await_answer()
            client.ask(f"UID FETCH {number}:* (BODY.PEEK[])")
            fetched.append(time.perf_counter())
            log.write(os.urandom(COMMIT_BYTES))
            os.fdatasync(log.fileno())
            written.append(time.perf_counter())
        told = [line.exists(number, PATIENCE) for number in range(2, times + 2)]
    return _since(told, fetched), _since(told, written)


def _since(told: Sequence[float], then: Sequence[float]) -> list[float]:
    return [1000 * (at - since) for at, since in zip(then, told, strict=True)]


def cold() -> float:
    """Milliseconds to read memory that nobody read for half a second: next to nothing, where no host takes it away meanwhile.

    A worker that waits for mail is such memory.
    """
    found = []
    with mmap.mmap(-1, COLD_BYTES) as memory:
        memory.write(bytes(COLD_BYTES))
        for _ in range(COLD_TIMES):
            time.sleep(LEFT_ALONE)
            began = time.perf_counter()
            sum(memory[:: mmap.PAGESIZE])
            found.append(1000 * (time.perf_counter() - began))
    return statistics.median(found)
