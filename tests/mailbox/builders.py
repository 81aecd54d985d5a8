"""What the tests of the mailbox share: a mail, a wait in the background, an error that is expected."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from crm_logger.core.model import RawMail
from crm_logger.mailbox import (
    Mailbox,
    connect,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.servers.scripted import ScriptedPeer


def mail(subject: str = "Offer", body: str = "Dear Carl,\r\n") -> bytes:
    """A mail as bytes."""
    head = f"From: ann@acme.test\r\nTo: carl@client.example\r\nSubject: {subject}\r\nMessage-ID: <{subject}@acme.test>\r\n"
    return f"{head}\r\n{body}".encode()


def raws(mailbox: Mailbox, uids: list[int]) -> list[bytes]:
    return [found.raw for found in mailbox.fetch(uids) if isinstance(found, RawMail)]


def soon(step: Callable[[], object], seconds: float = 0.2) -> None:
    threading.Timer(seconds, step).start()


@contextmanager
def soon_over(mailbox: Mailbox, seconds: float = 60.0) -> Iterator[None]:
    """What waits for an hour must end because of what it is told; it is cut off before that only where it does not."""
    cut = threading.Event()

    def cut_off() -> None:
        cut.set()
        mailbox.cut()

    timer = threading.Timer(seconds, cut_off)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
    assert not cut.is_set(), "it went on waiting"


def expect(error: type[Exception], match: str, peer: ScriptedPeer, **settings: str) -> Exception:
    with (
        peer,
        pytest.raises(error, match=match) as caught,
        connect(peer.mailbox().config(**settings)) as mailbox,
    ):
        mailbox.uids()
    return caught.value
