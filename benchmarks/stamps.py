"""A line that stamps: a TCP proxy in a process of its own, so that whoever measures does not hold up what is measured."""

from __future__ import annotations

import multiprocessing
import re
import selectors
import socket
import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from tests.servers.dovecot import HOST

if TYPE_CHECKING:
    from typing import Self

_EXISTS = re.compile(rb"(\d+) EXISTS\r\n")
_IDLE = b" IDLE\r\n"


class StampingLine:
    """`with StampingLine(port) as line:` notes when the server told of how many mails, and when the client said IDLE.

    Times are those of time.perf_counter(), which counts alike in all processes of a machine.
    """

    def __init__(self, port: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._line, theirs = context.Pipe()
        self._process = context.Process(target=_carry, args=(port, theirs), daemon=True)
        self._process.start()
        theirs.close()
        self.port: int = self._line.recv()
        self._exists: dict[int, float] = {}
        self._idle = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.join()

    def exists(self, number: int, seconds: float) -> float:
        """Wait until the server has told of so many mails; return when it first did."""
        end = time.perf_counter() + seconds
        while number not in self._exists:
            if not self._hear(end):
                raise TimeoutError(f"the server did not tell of mail {number} within {seconds:.0f} s")
        return self._exists[number]

    def idle_since(self, moment: float, seconds: float) -> bool:
        """Wait until the client has said IDLE after that moment."""
        end = time.perf_counter() + seconds
        while self._idle <= moment:
            if not self._hear(end):
                return False
        return True

    def hold(self) -> None:
        """From now on keep each IDLE back until `pass_on()`; idle_since() tells that one came."""
        self._line.send("hold")

    def pass_on(self) -> None:
        """Let the server hear of the IDLE that is kept back."""
        self._line.send("pass on")

    def let_go(self) -> None:
        """Keep no IDLE back any more."""
        self._line.send("let go")

    def _hear(self, end: float) -> bool:
        if not self._line.poll(max(0.0, end - time.perf_counter())):
            return False
        number, at = self._line.recv()
        if number:
            self._exists.setdefault(number, at)
        else:
            self._idle = at
        return True


def _carry(port: int, told: Any) -> None:
    """What the process does: one thread, which carries what comes to the other side."""
    with socket.create_server((HOST, 0)) as listening, selectors.DefaultSelector() as selector:
        told.send(listening.getsockname()[1])
        carrier = _Carrier(port, told, selector)
        selector.register(listening, selectors.EVENT_READ, lambda: carrier.join(listening.accept()[0]))
        selector.register(told, selectors.EVENT_READ, lambda: carrier.obey(told.recv()))
        with suppress(EOFError):
            while True:
                for key, _ in selector.select():
                    key.data()


class _Carrier:
    def __init__(self, port: int, told: Any, selector: selectors.BaseSelector) -> None:
        self._port, self._told, self._selector = port, told, selector
        self._holds = False
        self._held: tuple[socket.socket, bytes] | None = None

    def join(self, client: socket.socket) -> None:
        server = socket.create_connection((HOST, self._port))
        for source, pass_on in (
            (client, partial(self._up, client, server)),
            (server, partial(self._down, server, client)),
        ):
            source.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._selector.register(source, selectors.EVENT_READ, pass_on)

    def obey(self, word: str) -> None:
        self._holds = word == "hold" or (self._holds and word != "let go")
        if word != "hold" and self._held:
            (target, data), self._held = self._held, None
            target.sendall(data)

    def _up(self, client: socket.socket, server: socket.socket) -> None:
        data = self._received(client, server)
        idle = data.endswith(_IDLE)
        if idle and self._holds:
            self._held = (server, data)
        else:
            _send(server, data)
        if idle:
            self._told.send((0, time.perf_counter()))

    def _down(self, server: socket.socket, client: socket.socket) -> None:
        data = self._received(server, client)
        numbers = [int(number) for number in _EXISTS.findall(data)]
        at = (
            time.perf_counter()
        )  # the last thing before the client has it: what the line itself takes is no server's
        _send(client, data)
        for number in numbers:
            self._told.send((number, at))

    def _received(self, source: socket.socket, target: socket.socket) -> bytes:
        """What came; where that is the end, the other side hears of it."""
        data = b""
        with suppress(OSError):
            data = source.recv(1 << 20)
        if not data:
            self._selector.unregister(source)
            with suppress(OSError):
                target.shutdown(socket.SHUT_RDWR)
        return data


def _send(target: socket.socket, data: bytes) -> None:
    with suppress(OSError):
        target.sendall(data)
