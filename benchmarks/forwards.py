"""How fast the original is found in a forward, beside what the standard library needs to split the same mails."""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import islice
from statistics import median
from typing import TYPE_CHECKING

from crm_logger.core.forward import find_forward
from crm_logger.core.message import parse_message
from tests.forwards.render import samples

if TYPE_CHECKING:
    from collections.abc import Callable

MAILS, ROUNDS = 1500, 5
TARGET = 3000


@dataclass(frozen=True, slots=True)
class Found:
    """Forwards found in a second of one core's time, in the clients' short texts and with a thread of 2.5 KB below."""

    short: float
    long: float


def measure() -> Found:
    """Every fifth text forward of all clients and languages."""
    texts = (
        s
        for s in samples()
        if s.truth.forwarded and s.group in {"client", "trap"} and b"text/html" not in s.raw
    )
    raws = [s.raw for s in islice((s for number, s in enumerate(texts) if number % 5 == 0), MAILS)]
    # A few KB each: the thread below a mail is what makes it long.
    thread = b"\r\n".join([b"> and this is what was said some weeks before, line by line"] * 40)
    mails = [parse_message(raw) for raw in raws]
    long = [parse_message(raw + b"\r\n" + thread) for raw in raws]
    return Found(
        rate(lambda: [find_forward(mail) for mail in mails], len(mails)),
        rate(lambda: [find_forward(mail) for mail in long], len(long)),
    )


def rate(work: Callable[[], object], number: int) -> float:
    """Return things done a second of CPU, the median of some rounds."""
    taken = []
    for _ in range(ROUNDS):
        started = time.process_time()
        work()
        taken.append(time.process_time() - started)
    return number / median(taken)
