"""What systemd is told: ready, alive, stopping (sd_notify(3)). Outside systemd nothing happens."""

from __future__ import annotations

import os
import socket


def notify(state: str) -> None:
    """Send one datagram such as "READY=1" to the socket that systemd names, if it names one."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):  # the abstract namespace is written with an @ and begins with a NUL
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.connect(address)
        channel.send(state.encode())
