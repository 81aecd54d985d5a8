"""Waiting for mail: IDLE (RFC 2177), read from the socket by hand so that no announcement and no hang-up is missed."""

from __future__ import annotations

import select
import ssl
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import socket

    from crm_logger.mailbox.link import Link

SLICE = 300.0
"""Seconds in one IDLE at most: a connection that a router forgot is noticed by the DONE at its end."""


def wait_for_mail(link: Link, seconds: float, wake: socket.socket | None) -> bool:
    """Wait until the server announces mail, `wake` becomes readable or the time is up.

    True where something may be new: an announcement, also one that came during an earlier command, or, without
    IDLE, the end of the time. `wake` is not read from.
    """
    until = time.monotonic() + seconds
    while not link.protocol.news:
        left = until - time.monotonic()
        if not link.has("IDLE") or link.idle_refused:
            link.memory.say_once(
                f"{link.server} does not tell of new mail (IDLE): it is noticed at the next poll."
            )
            return not _readable(wake, left)
        if left <= 0 or (wake and _readable(wake, 0)):
            return False
        _idle(link, min(left, SLICE), wake)
    return True


def _readable(wake: socket.socket | None, seconds: float) -> bool:
    if wake is None:
        time.sleep(max(seconds, 0))
        return False
    return bool(_poll([wake], seconds))


def _poll(sockets: list[socket.socket], seconds: float) -> list[int]:
    poller = select.poll()
    for each in sockets:
        poller.register(each.fileno(), select.POLLIN)
    return [number for number, _events in poller.poll(max(seconds, 0) * 1000)]


def _idle(link: Link, seconds: float, wake: socket.socket | None) -> None:
    """One IDLE from its start to its DONE; what the server announces sets `link.protocol.news`."""
    tag = _start(link)
    until = time.monotonic() + seconds
    while not (link.idle_refused or link.protocol.news):
        left = until - time.monotonic()
        if left <= 0 or not _line_came(link, left, wake):
            break
        with link.command("waiting for mail"):
            _read(link, tag)
    if not link.idle_refused:
        _stop(link, tag)


def _start(link: Link) -> bytes:
    """Send IDLE and read up to its "+"; announcements may come before it, which imapclient takes for an error."""
    with link.command("starting to wait for mail"):
        link.protocol.forget_ended()  # the last DONE, whose answer was read by whatever was asked since
        tag: bytes = link.protocol._command("IDLE")  # noqa: SLF001 -- as imapclient does; imaplib has no IDLE before 3.14
        while not link.idle_refused and _read(link, tag):
            pass
    return tag


def _read(link: Link, tag: bytes) -> bool:
    """Read one answer; False where it is the "+". An IDLE that the server ends by itself is not begun again."""
    protocol = link.protocol
    answer = protocol._get_response()  # noqa: SLF001 -- one line, which no public method reads
    if protocol.tagged_commands.get(tag):
        del protocol.tagged_commands[tag]
        link.idle_refused = True
    return answer is not None


def _line_came(link: Link, seconds: float, wake: socket.socket | None) -> bool:
    """Whether the server said something before the time was up or `wake` became readable."""
    if _buffered(link):
        return True
    own = link.protocol.sock
    ready = _poll([own] if wake is None else [own, wake], seconds)
    return own.fileno() in ready


def _buffered(link: Link) -> bool:
    """Whether something lies between the socket and us, where select() does not see it: an EXISTS right after "+"."""
    protocol = link.protocol
    if isinstance(protocol.sock, ssl.SSLSocket) and protocol.sock.pending():
        return True
    if hasattr(protocol, "_readbuf"):  # Python 3.14 reads by itself
        return bool(protocol._readbuf)  # noqa: SLF001 -- imaplib shows its buffer nowhere
    protocol.sock.setblocking(False)
    try:
        buffer: Any = protocol.file
        return bool(buffer.peek(1))
    except (ssl.SSLWantReadError, BlockingIOError):
        return False
    finally:
        protocol.sock.settimeout(link.timeout)


def _stop(link: Link, tag: bytes) -> None:
    """Send DONE. Its answer is waited for where it must show that the server is still there, not where mail is waiting.

    Then whatever is asked next reads it on the way to its own answer.
    """
    protocol = link.protocol
    with link.command("ending the wait for mail"):
        protocol.send(b"DONE\r\n")
        while not (protocol.news or protocol.tagged_commands.get(tag)):
            protocol._get_response()  # noqa: SLF001 -- announcements may still come before the tagged answer
