"""Deadlines: one thread keeps those of all commands."""

from __future__ import annotations

import threading
from contextlib import closing

from crm_logger.mailbox.deadline import Deadlines


def watching() -> list[threading.Thread]:
    return [each for each in threading.enumerate() if each.name == "deadlines"]


def test_what_is_not_done_in_time_is_cut_off_also_while_something_else_has_longer() -> None:
    cut = threading.Event()
    with closing(Deadlines(cut.set)) as deadlines, deadlines.within(3600) as long:
        with deadlines.within(0.01) as short:
            assert cut.wait(10)
        assert (short.late, long.late) == (True, False)
        assert deadlines.last() == long.until


def test_what_is_done_in_time_is_never_cut_off() -> None:
    cut = threading.Event()
    with closing(Deadlines(cut.set)) as deadlines:
        with deadlines.within(0.05) as done:
            pass
        with deadlines.within(0.1) as late:
            cut.wait(10)
        assert (done.late, late.late) == (False, True)
        assert deadlines.last() == 0


def test_many_commands_have_one_thread_and_closing_ends_it() -> None:
    before = set(watching())
    deadlines = Deadlines(lambda: None)
    for _ in range(20):
        with deadlines.within(60):
            assert len(set(watching()) - before) == 1
    (thread,) = set(watching()) - before
    deadlines.close()
    thread.join(10)
    assert not thread.is_alive()
