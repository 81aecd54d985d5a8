"""How fast the original is found in a forward, beside what the standard library needs to split the same mails."""

from __future__ import annotations

import statistics
import time
from email.parser import BytesParser
from email.policy import compat32
from itertools import islice
from typing import TYPE_CHECKING

from crm_logger.core.forward import find_forward
from crm_logger.core.message import parse_message
from tests.forwards.render import samples

if TYPE_CHECKING:
    from collections.abc import Callable

MAILS, ROUNDS = 1500, 5
TARGET = 3000


def rate(work: Callable[[], object], number: int) -> float:
    """Return things done a second of CPU, the median of some rounds."""
    taken = []
    for _ in range(ROUNDS):
        started = time.process_time()
        work()
        taken.append(time.process_time() - started)
    return number / statistics.median(taken)


def measure() -> list[str]:
    """Return the lines to print."""
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
    found = rate(lambda: [find_forward(mail) for mail in mails], len(mails))
    found_long = rate(lambda: [find_forward(mail) for mail in long], len(long))
    parsed = rate(lambda: [parse_message(raw) for raw in raws], len(raws))
    bare = rate(lambda: [BytesParser(policy=compat32).parsebytes(raw) for raw in raws], len(raws))
    size = sum(map(len, raws)) // len(raws)
    return [
        f"forwards: {len(raws)} text mails of {size:,} bytes on average, one core",
        f"  find_forward             {found:8,.0f} a second   target {TARGET:,}: {'met' if found >= TARGET else 'NOT met'}",
        f"  the same, 2.5 KB longer  {found_long:8,.0f} a second   target {TARGET:,}: {'met' if found_long >= TARGET else 'NOT met'}",
        f"  parse_message            {parsed:8,.0f} a second   {parsed / bare:.2f} of a bare BytesParser(compat32)",
        f"  bare BytesParser         {bare:8,.0f} a second",
    ]
