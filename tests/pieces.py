"""Small mails in pieces, for the tests of what becomes of their bytes."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from crm_logger.core.message import parse_message

if TYPE_CHECKING:
    from crm_logger.core.model import Message, Policy


def read(mail: str | bytes, policy: Policy | None = None, *, partial: bool = False) -> Message:
    """The mail, its lines ended as on the wire."""
    raw = mail.encode() if isinstance(mail, str) else mail
    return parse_message(raw.replace(b"\n", b"\r\n"), policy, partial=partial)


def part(content_type: str, body: str = "", **fields: str) -> str:
    more = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in fields.items())
    return f"Content-Type: {content_type}\n{more}\n{body}"


def multipart(kind: str, *parts: str, boundary: str = "b", more: str = "") -> str:
    inside = "".join(f"--{boundary}\n{each}\n" for each in parts)
    return part(
        f'multipart/{kind}; boundary="{boundary}"{more}', f"preamble\n{inside}--{boundary}--\nepilogue"
    )


PLAIN = part("text/plain", "Hello")
HTML = part("text/html", "<p>Hello</p>")
PDF = part(
    "application/pdf; name=a.pdf", base64.b64encode(b"%PDF").decode(), Content_Transfer_Encoding="base64"
)
