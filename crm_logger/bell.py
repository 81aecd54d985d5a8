"""A bell that a signal, a timer or another thread rings, and that wakes whoever waits on a socket."""

from __future__ import annotations

import contextlib
import select
import socket
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Bell:
    """Rings are remembered until they are silenced; waiting on `socket` beside other sockets loses none."""

    def __init__(self) -> None:
        self.socket, self._hammer = socket.socketpair()
        self.socket.setblocking(False)
        self._hammer.setblocking(False)

    def ring(self) -> None:
        """Wake the one who waits; safe in a signal's handler. A bell that rings already needs no second stroke."""
        with contextlib.suppress(BlockingIOError):
            self._hammer.send(b"!")

    @property
    def hammer(self) -> int:
        """The file descriptor that rings the bell when a byte is written to it (signal.set_wakeup_fd)."""
        return self._hammer.fileno()

    def silence(self) -> None:
        """Forget the rings so far."""
        with contextlib.suppress(BlockingIOError):
            while self.socket.recv(4096):
                pass

    def sleep(self, seconds: float, until: Callable[[], bool]) -> None:
        """Sleep so long by the monotonic clock; a ring ends it only where `until` holds."""
        end = time.monotonic() + seconds
        while not until() and (left := end - time.monotonic()) > 0:
            select.select([self.socket], [], [], left)
            self.silence()

    def close(self) -> None:
        """Give both sockets back."""
        self.socket.close()
        self._hammer.close()


class StopBell(Bell):
    """The bell of a loop, which also remembers that the loop is to stop; so do those that follow it."""

    def __init__(self) -> None:
        super().__init__()
        self.stopped = False
        self._followers: list[StopBell] = []

    def follower(self) -> StopBell:
        """Return a bell for another loop, which is stopped with this one and closed with it."""
        made = StopBell()
        self._followers.append(made)
        return made

    def stop(self) -> None:
        """Ask the loop to end after the mail in hand; safe in a signal's handler."""
        self.stopped = True
        self.ring()
        for each in self._followers:
            each.stop()

    def close(self) -> None:
        """Give the sockets back."""
        super().close()
        for each in self._followers:
            each.close()
