"""A TCP proxy before a real server that does to the connection what networks and tired servers do."""

from __future__ import annotations

import random
import re
import socket
import threading
import time
from contextlib import suppress

from tests.servers.listening import HOST, Listening

MODES = ("drop", "stall", "half-open", "drip", "bye", "no", "throttle")
THROTTLED = 20_000
"""Bytes a second that come through where the line is throttled."""


class ChaosProxy(Listening):
    """`with ChaosProxy(port) as proxy: proxy.mode = "drop"`. Without a mode all goes through unchanged.

    A connection keeps the mode it met until it ends; `hang_up()` ends all of them.
    """

    def __init__(self, port: int, seed: int = 1) -> None:
        self.mode = ""
        self._server = (HOST, port)
        self._chance = random.Random(seed)
        self._over = threading.Event()
        super().__init__()

    def __exit__(self, *exception: object) -> None:
        self._over.set()
        super().__exit__(*exception)

    def _met(self, connection: socket.socket) -> None:
        try:
            server = socket.create_connection(self._server, 5)
        except OSError:
            connection.close()
            return
        server.settimeout(None)
        server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connections += [connection, server]
        self._begin(lambda: self._up(connection, server))
        self._begin(lambda: self._down(server, connection))

    def _up(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := client.recv(65536):
                fetch = re.match(rb"(\S+) UID FETCH", data)
                if self.mode == "no" and fetch and self._chance.random() < 0.7:
                    client.sendall(fetch[1] + b" NO [SERVERBUG] not now\r\n")
                elif self.mode != "half-open":
                    server.sendall(data)
            server.shutdown(socket.SHUT_RDWR)  # which wakes the other thread, and close() would not

    def _down(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError), client, server:
            while data := server.recv(65536):
                if not self._through(data, client):
                    break
            for each in (client, server):
                each.shutdown(socket.SHUT_RDWR)

    def _through(self, data: bytes, client: socket.socket) -> bool:
        """Let data through as the mode wants it; False where the connection ends."""
        mode, unlucky = self.mode, self._chance.random() < 0.3
        if mode == "half-open":
            return True
        if mode == "stall" and unlucky:
            self._over.wait(3)
        if mode in {"drop", "bye"} and unlucky:
            client.sendall(data[: len(data) // 2] if mode == "drop" else b"* BYE chaos\r\n")
            return False
        if mode == "drip":
            for number in range(len(data)):
                if self._over.wait(1) or self.mode != "drip":
                    return False
                client.sendall(data[number : number + 1])
            return True
        if mode == "throttle":
            time.sleep(min(len(data) / THROTTLED, 3))
        client.sendall(data)
        return True
