"""What listens on loopback: a thread that accepts, others that talk, and an end of all of them."""

from __future__ import annotations

import socket
import threading
from abc import ABC, abstractmethod
from contextlib import suppress
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable

HOST = "127.0.0.1"


class Listening(ABC):
    """`with` it, it accepts; at the end its connections are ended and its threads waited for."""

    def __init__(self, port: int = 0) -> None:
        self._listening = socket.create_server((HOST, port))
        self.port: int = self._listening.getsockname()[1]
        self._connections: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        self._begin(self._accept)
        return self

    def __exit__(self, *_exception: object) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self.hang_up()
        for thread in self._threads:
            thread.join(10)

    def hang_up(self) -> None:
        """End every connection that there is now, without a word: who was cut off may be back while others still are."""
        for connection in list(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _begin(self, step: Callable[[], None]) -> None:
        thread = threading.Thread(target=step, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        """Take connections in until there is nothing to listen at."""
        with suppress(OSError):
            while True:
                connection, _address = self._listening.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._met(connection)

    @abstractmethod
    def _met(self, connection: socket.socket) -> None:
        """Have a connection that came talked with."""
