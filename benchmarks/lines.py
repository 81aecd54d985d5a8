"""A line between client and server: it counts what goes over it, delays it, or lets only so much of it through."""

from __future__ import annotations

import queue
import socket
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from tests.servers.dovecot import HOST

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

_CHUNK = 65536
_UNDER_WAY = 8
"""Chunks of a narrow line that are under way: what a router would hold."""


class Line:
    """`with Line(port) as line:` a TCP proxy on `line.port`. `delay` is one way, in seconds; `rate` in bytes a second, down.

    `turns` counts how often the client spoke after the server had: the round trips.
    """

    def __init__(self, port: int, *, delay: float = 0.0, rate: float = 0.0) -> None:
        self._server = (HOST, port)
        self._delay, self._rate = delay, rate
        self._listening = socket.create_server((HOST, 0))
        self.port: int = self._listening.getsockname()[1]
        self.up = self.down = self.turns = 0
        self._server_spoke = False
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for each in (self._listening, *self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)  # whoever waits for it in another thread wakes up
            each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                server = socket.create_connection(self._server)
                self._open += [client, server]
                for each in (client, server):
                    each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._join(client, server, self._count_up, 0.0)
                self._join(server, client, self._count_down, self._rate)

    def _join(
        self, source: socket.socket, target: socket.socket, count: Callable[[int], None], rate: float
    ) -> None:
        if not (self._delay or rate):
            threading.Thread(target=_pass, args=(source, target, count), daemon=True).start()
            return
        under_way: queue.Queue[tuple[float, bytes]] = queue.Queue(_UNDER_WAY if rate else 0)
        threading.Thread(target=self._take, args=(source, under_way, count), daemon=True).start()
        threading.Thread(target=_give, args=(target, under_way, rate), daemon=True).start()

    def _take(
        self, source: socket.socket, under_way: queue.Queue[tuple[float, bytes]], count: Callable[[int], None]
    ) -> None:
        data = b"-"
        while data:
            try:
                data = source.recv(_CHUNK)
            except OSError:
                data = b""
            count(len(data))
            under_way.put((time.perf_counter() + self._delay, data))

    def _count_up(self, size: int) -> None:
        self.up += size
        self.turns += self._server_spoke and size > 0
        self._server_spoke = False

    def _count_down(self, size: int) -> None:
        self.down += size
        self._server_spoke = True


def _pass(source: socket.socket, target: socket.socket, count: Callable[[int], None]) -> None:
    with suppress(OSError):
        while data := source.recv(_CHUNK):
            count(len(data))
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


def _give(target: socket.socket, under_way: queue.Queue[tuple[float, bytes]], rate: float) -> None:
    """Send what is due; on a narrow line the next chunk is due when this one is through."""
    free = 0.0
    with suppress(OSError):
        while True:
            due, data = under_way.get()
            if not data:
                target.shutdown(socket.SHUT_WR)
                return
            free = max(free, due) + (len(data) / rate if rate else 0.0)
            time.sleep(max(0.0, free - time.perf_counter()))
            target.sendall(data)
