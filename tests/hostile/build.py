"""How a hostile mail is written down: a name, its bytes, and what must become of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_logger.core.model import Reason

if TYPE_CHECKING:
    from tests.office import Office

KB = 1024
BCC, FORWARD = b"@@bcc@@", b"@@forwarding@@"
"""Stand for the office's log addresses until the mail is delivered."""
LOGGED = frozenset({Reason.LOGGED})
ANY = frozenset(reason for reason in Reason if reason.outcome != "failed")
"""The rules leave it open; only failing is wrong."""

Field = tuple[str, str | bytes]


@dataclass(frozen=True)
class Hostile:
    """A mail and the reasons that it may end with. `times`: delivered so often, and the last one counts."""

    name: str
    raw: bytes
    reasons: frozenset[Reason] = LOGGED
    times: int = 1

    def delivered(self, office: Office) -> bytes:
        """The mail with the log addresses of an office."""
        return self.raw.replace(BCC, office.bcc.encode()).replace(FORWARD, office.forwarding.encode())


def hostile(
    name: str,
    *fields: Field,
    body: bytes = b"Dear Carl,\r\n\r\nhere it is.\r\n",
    log: bytes = BCC,
    to: str | None = "carl@client.example",
    author: str | None = "Ann <ann@acme.test>",
    reasons: frozenset[Reason] | Reason = LOGGED,
    times: int = 1,
) -> Hostile:
    """Ann's mail to Carl, with fields that come on top or instead of the usual ones, and a body."""
    given = {field.lower() for field, _ in fields}
    usual: list[Field] = [
        ("From", author or ""),
        ("To", to or ""),
        ("Subject", f"On {name}"),
        ("Message-ID", f"<{name.replace(' ', '.')}@acme.test>"),
        ("Date", "Mon, 4 May 2026 11:00:00 +0200"),
    ]
    kept = [(field, value) for field, value in usual if value and field.lower() not in given]
    lines = [field.encode() + b": " + _bytes(value) for field, value in (*fields, *kept)]
    raw = (*envelope(log), *lines, b"", body)
    wanted = frozenset({reasons}) if isinstance(reasons, Reason) else reasons
    return Hostile(name, b"\r\n".join(raw), wanted, times)


def envelope(log: bytes = BCC) -> tuple[bytes, bytes]:
    """What our own server writes on top."""
    return (
        b"Delivered-To: " + log,
        b"Received: from out.acme.test by mx.log.example; Mon, 4 May 2026 11:00:01 +0200",
    )


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode()


def multipart(boundary: str, *parts: bytes, closed: bool = True) -> bytes:
    """The body of a multipart."""
    mark = b"--" + boundary.encode()
    return b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts) + (mark + b"--\r\n" if closed else b"")


def part(content_type: str, body: bytes, *fields: str) -> bytes:
    """One part of a multipart."""
    return (
        "".join(f"{line}\r\n" for line in (f"Content-Type: {content_type}", *fields)).encode()
        + b"\r\n"
        + body
    )
