"""A mail over the size limit, in parts: its headers, its texts and the attachments that are small enough (R30).

What comes out is a mail of the same structure. A part that was left out keeps its headers, gets one more,
`X-CRM-Logger-Left-Out: SIZE` (the octets it has in the mailbox, still encoded), and an empty body.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from imapclient.response_types import BodyData

from crm_logger.mailbox.errors import FAULTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from crm_logger.mailbox.link import Link

LEFT_OUT = b"X-CRM-Logger-Left-Out"
MAX_PARTS = 1000
MAX_DEPTH = 50
_ITEMS = 50

# Base64 in lines of 76 letters takes 78 octets for 57 (RFC 2045 §6.8); quoted-printable at worst three for one.
_BASE64 = 78 / 57
_QUOTED = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """In bytes: a mail above `mail` is fetched in parts, together at most so much; the others are of decoded content."""

    mail: int
    attachment: int
    body: int


@dataclass(frozen=True, slots=True)
class Part:
    """A node of BODYSTRUCTURE (RFC 3501 §7.4.2); `header` and `body` are what BODY[…] calls its two halves.

    `children` are the parts of a multipart, or the one mail inside a message/rfc822.
    """

    header: str
    body: str
    type: str
    size: int = 0
    is_text: bool = False
    is_base64: bool = False
    boundary: bytes = b""
    children: tuple[Part, ...] = ()

    @property
    def is_message(self) -> bool:
        """Whether this is a mail within the mail."""
        return bool(self.children) and not self.boundary


def fetch_partial(link: Link, uid: int, size: int, limits: Limits) -> bytes:
    """The parts of a mail that are worth fetching, put together as a mail; `size` is the whole mail's."""
    answer = _ask(link, uid, ["BODYSTRUCTURE", "BODY.PEEK[HEADER]"])
    try:
        root = parts_of(answer.get(b"BODYSTRUCTURE"))
    except FAULTS:
        root = Part("HEADER", "1", "application/octet-stream", size)
    sections = [part.header for part in islice(_walk(root), MAX_PARTS)]
    headers: dict[str, bytes] = {"HEADER": answer.get(b"BODY[HEADER]") or b""}
    for start in range(1, len(sections), _ITEMS):
        headers |= _sections(link, uid, sections[start : start + _ITEMS])
    bodies = {section: _body(link, uid, section, octets) for section, octets in chosen(root, limits).items()}
    return assemble(root, headers, bodies)


def _body(link: Link, uid: int, section: str, octets: int) -> bytes:
    """The first `octets` of a section."""
    answer = _ask(link, uid, [f"BODY.PEEK[{section}]<0.{octets}>"], octets)
    return next((value for name, value in answer.items() if name.startswith(b"BODY[") and value), b"")


def _sections(link: Link, uid: int, sections: list[str]) -> dict[str, bytes]:
    answer = _ask(link, uid, [f"BODY.PEEK[{section}]" for section in sections])
    return {section: answer.get(f"BODY[{section}]".encode()) or b"" for section in sections}


def _ask(link: Link, uid: int, items: list[str], octets: int = 0) -> dict[bytes, Any]:
    with link.command("fetching a large mail in parts", size=octets) as client:
        return dict(client.fetch([uid], items).get(uid, {}))


# ---------------------------------------------------------------- what is there


def parts_of(structure: Any) -> Part:
    """The tree of a BODYSTRUCTURE answer. Raises one of FAULTS where it cannot be read."""
    return _part(structure, "HEADER", "1", "", 0)


def _part(node: Any, header: str, body: str, below: str, depth: int) -> Part:
    if depth > MAX_DEPTH:
        return Part(header, body, "application/octet-stream")
    if isinstance(node[0], (list, tuple)):
        return _multipart(node, header, body, below, depth)
    kind = f"{_word(node[0])}/{_word(node[1])}"
    children: tuple[Part, ...] = ()
    if kind == "message/rfc822":
        children = (_part(BodyData.create(node[8]), f"{body}.HEADER", f"{body}.1", f"{body}.", depth + 1),)
    attached = any(isinstance(item, tuple) and item and _word(item[0]) == "attachment" for item in node[8:])
    return Part(
        header,
        body,
        kind,
        int(node[6]),
        is_text=kind.startswith("text/") and not attached,
        is_base64=_word(node[5]) == "base64",
        children=children,
    )


def _multipart(node: Any, header: str, body: str, below: str, depth: int) -> Part:
    children = tuple(
        _part(child, f"{below}{number}.MIME", f"{below}{number}", f"{below}{number}.", depth + 1)
        for number, child in enumerate(node[0], 1)
    )
    parameters = node[2] or ()
    named = {_word(name): value for name, value in zip(parameters[::2], parameters[1::2], strict=False)}
    boundary = named.get("boundary", b"")
    size = sum(child.size for child in children)
    return Part(
        header, body, f"multipart/{_word(node[1])}", size, boundary=bytes(boundary), children=children
    )


def _word(value: Any) -> str:
    return value.decode("ascii", "replace").lower() if isinstance(value, bytes) else ""


def _walk(part: Part) -> Iterator[Part]:
    yield part
    for child in part.children:
        yield from _walk(child)


# ---------------------------------------------------------------- what is wanted


def chosen(root: Part, limits: Limits) -> dict[str, int]:
    """Which sections to fetch, and how many octets of each: texts first, then what is small enough, in order.

    A mail within the mail is taken whole where it fits, else looked into.
    """
    wanted: dict[str, int] = {}
    left = limits.mail
    queue = deque(_leaves(root))
    while queue and len(wanted) < MAX_PARTS:
        part = queue.popleft()
        octets = min(part.size, limits.body * _QUOTED) if part.is_text else part.size
        if 0 < octets <= min(left, _allowed(part, limits)):
            wanted[part.body] = octets
            left -= octets
        elif part.is_message:
            queue.extend(_leaves(part.children[0]))
    return wanted


def _leaves(entity: Part) -> list[Part]:
    """The parts of one mail that have content, without looking into mails within it; texts come first."""
    found = list(_content(entity))
    return [part for part in found if part.is_text] + [part for part in found if not part.is_text]


def _content(part: Part) -> Iterator[Part]:
    if part.boundary:
        for child in part.children:
            yield from _content(child)
    else:
        yield part


def _allowed(part: Part, limits: Limits) -> float:
    """The most octets that an attachment may take as it is sent, to be within the limit once decoded."""
    if part.is_text:
        return limits.mail
    return limits.attachment * _BASE64 if part.is_base64 else limits.attachment


# ---------------------------------------------------------------- what comes out


def assemble(part: Part, headers: Mapping[str, bytes], bodies: Mapping[str, bytes]) -> bytes:
    """The mail, or a part of it, put together from what was fetched."""
    header = headers.get(part.header) or f"Content-Type: {part.type}\r\n\r\n".encode()
    if part.boundary:
        parts = (
            b"--" + part.boundary + b"\r\n" + assemble(child, headers, bodies) for child in part.children
        )
        return header + b"\r\n".join([*parts, b"--" + part.boundary + b"--\r\n"])
    if body := bodies.get(part.body):
        return header + body
    if part.is_message:
        return header + assemble(part.children[0], headers, bodies)
    if not part.size:
        return header
    return header.rstrip(b"\r\n") + b"\r\n%s: %d\r\n\r\n" % (LEFT_OUT, part.size)
