"""What the faults share: an office, and a worker on duty at a peer."""

from __future__ import annotations

import logging
from contextlib import ExitStack
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING

import pytest

from crm_logger import attempts, intake, loop, patience
from tests.faults.duty import HereReader, assert_sound, office_at, on_duty

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.faults.duty import Duty
    from tests.office import Office
    from tests.servers.scripted import ScriptedPeer


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Short pauses, mails read in this process, every log line to be seen, and none that tells of a bug of ours."""
    caplog.set_level(logging.INFO, "crm_logger")
    monkeypatch.setattr(loop, "Reader", HereReader)
    monkeypatch.setattr(loop, "FIRST_PAUSE", 0.05)
    monkeypatch.setattr(patience, "FREE_EVERY", 0.0)
    monkeypatch.setattr(intake, "DEFERRAL", timedelta(seconds=0.2))
    monkeypatch.setattr(attempts, "PAUSE", timedelta(seconds=0.2))
    yield
    bugs = [record for record in caplog.get_records("call") if record.exc_info]
    assert bugs == [], "a fault of the server was taken for a bug"


@pytest.fixture
def office(tmp_path: Path) -> Callable[..., Office]:
    """Opens the office at a peer."""
    return lambda peer, **settings: office_at(tmp_path, peer.mailbox(), **settings)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Duty]]:
    """Puts a worker on duty at a peer; gives what can be seen of it. Whatever the peer did, the ledger is sound at the end."""
    folders = count(1)

    def new_folder() -> Path:
        folder = tmp_path / f"office{next(folders)}"
        folder.mkdir()
        return folder

    with ExitStack() as stack:

        def begin(peer: ScriptedPeer, office: Office | None = None, **settings: str) -> Duty:
            opened = office or office_at(new_folder(), peer.mailbox(), **settings)
            stack.callback(opened.store.close)
            stack.callback(assert_sound, opened)
            return stack.enter_context(on_duty(opened))

        yield begin
