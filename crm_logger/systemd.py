"""What systemd is told: ready, alive, stopping (sd_notify(3)). Outside systemd nothing happens."""

from __future__ import annotations

import contextlib
import os
import socket


def notify(state: str) -> None:
    """Send one datagram such as "READY=1" to the socket that systemd names, if it names one."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):  # the abstract namespace is written with an @ and begins with a NUL
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel, contextlib.suppress(OSError):
        channel.connect(address)
        channel.send(state.encode())


class SystemdWatchdog:
    """systemd ends a service that it does not hear of (WatchdogSec). How long that may last is told to it here.

    A long POLL_INTERVAL, or half an hour's rest after a refused login, is no hang: what is planned is announced.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._watched = bool(os.environ.get("WATCHDOG_USEC"))
        self._told = 0.0

    def feed(self, rest: float = 0.0) -> None:
        """A sign of life; `rest` seconds without another are planned."""
        if not self._watched:
            return
        if self._told != rest + self._seconds:
            self._told = rest + self._seconds
            notify(f"WATCHDOG_USEC={round(self._told * 1_000_000)}")
        notify("WATCHDOG=1")
