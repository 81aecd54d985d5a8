"""The same mail read straightforwardly: the standard library alone splits headers and parts, line by line, without caches.

What the parser of the product must give, too; it cuts parts out by their boundaries and hands over as little as it can.
"""

from __future__ import annotations

import re
from email.message import Message as Tree
from email.parser import BytesHeaderParser, BytesParser
from email.policy import compat32
from typing import TYPE_CHECKING, cast

from crm_logger.core.address import read_mailboxes
from crm_logger.core.body import read_contents
from crm_logger.core.charset import decode_bytes
from crm_logger.core.headers import (
    MAX_SECTION,
    MAX_VALUE,
    Section,
    decode_words,
    parse_header_date,
    read_content_type,
    read_ids,
)
from crm_logger.core.mime import Budget, Part
from crm_logger.core.model import Flag, Message, Person, Policy

if TYPE_CHECKING:
    from email.policy import Compat32

WRITTEN_BY_SERVERS = ("received", "received-spf", "authentication-results")
POLICY = Policy()
Fields = tuple[tuple[str, str], ...]


class _Tree(Tree):
    """A part as the standard library finds it; its type is what we take it for, and a mail in a mail stays bytes."""

    _payload: str | list[_Tree] | None

    @property
    def as_it_came(self) -> str | list[_Tree]:
        """The payload, which get_payload() decodes where it is no ASCII."""
        return self._payload or ""

    def get_content_type(self) -> str:
        written = next(
            (_unfolded(value) for name, value in self.raw_items() if name.lower() == "content-type"), ""
        )
        found, _ = read_content_type(written, self.get_default_type())
        return "application/octet-stream" if found.startswith("message/") else found


_PARSER = BytesParser(_Tree, policy=cast("Compat32[_Tree]", compat32))


def plain_fields(data: bytes) -> Fields:
    """The fields of a header section, each unfolded and decoded for itself."""
    data = re.sub(rb"\A>?From (?![ \t]*:)[^\n]*\n", b"", data[:MAX_SECTION])
    data = re.sub(rb"^([!-9;-~]+)[ \t]+:", rb"\1:", data, flags=re.MULTILINE)
    parsed = BytesHeaderParser(policy=compat32).parsebytes(data)
    return tuple((name, _unfolded(value)) for name, value in parsed.raw_items())


def _unfolded(value: str) -> str:
    """The value without folds (RFC 5322 §2.2.3) and control characters."""
    text = decode_bytes(value.encode("ascii", "surrogateescape").replace(b"\r", b"\t"))
    return re.sub(r"\t?\n[ \t]*|\t", " ", text).strip()[:MAX_VALUE]


def plain_tree(raw: bytes) -> _Tree:
    """The parts as the standard library finds them."""
    return _PARSER.parsebytes(raw)


def is_sound(tree: Tree) -> bool:
    """Whether the standard library finds no fault with any part."""
    return not any(part.defects for part in tree.walk())


def plain_parse(raw: bytes) -> Message:
    """The mail, read plainly."""
    root = _part(plain_tree(raw), 0)
    contents = read_contents(root, POLICY, Budget())
    text, markup = contents.body()
    encrypted = {Flag.ENCRYPTED} if text.lstrip().startswith("-----BEGIN PGP MESSAGE-----") else set()
    fields = root.section.fields
    report = root.content_type == "multipart/report"
    return Message(
        headers=tuple((name, _decoded(name, value)) for name, value in fields),
        from_=tuple(person for value in _all(fields, "from") for person in _authors(value)),
        sender=_people(fields, "sender"),
        reply_to=_people(fields, "reply-to"),
        to=_people(fields, "to"),
        cc=_people(fields, "cc"),
        bcc=_people(fields, "bcc"),
        resent_from=tuple(person for value in _all(fields, "resent-from")[:1] for person in _authors(value)),
        resent_to=_people(fields, "resent-to"),
        subject=_first(fields, "subject"),
        message_id=_first_id(fields, "message-id"),
        in_reply_to=_first_id(fields, "in-reply-to"),
        references=read_ids(_told(fields, "references")),
        date=parse_header_date(_first(fields, "date")),
        content_type=root.content_type,
        report_type=root.parameters.get("report-type", "").lower() if report else "",
        calendar_method=contents.calendar_method,
        text=text,
        html=markup,
        attachments=tuple(contents.attachments),
        attached=tuple(plain_parse(mail.raw[mail.start : mail.end]) for mail in contents.mails),
        flags=frozenset(contents.flags | encrypted),
    )


def _part(tree: _Tree, depth: int, default: str = "text/plain") -> Part:
    fields = tuple((name, _unfolded(value)) for name, value in tree.raw_items())
    section = Section(fields, topmost={name.lower(): value for name, value in reversed(fields)})
    content_type, parameters = read_content_type(section.first("content-type"), default)
    payload = tree.as_it_came
    if isinstance(payload, list):
        inner = "message/rfc822" if content_type == "multipart/digest" else "text/plain"
        children = tuple(_part(child, depth + 1, inner) for child in payload)
        return Part(section, content_type, parameters, b"", 0, 0, depth, children)
    data = payload.encode("ascii", "surrogateescape")
    return Part(section, content_type, parameters, data, 0, len(data), depth)


def _decoded(name: str, value: str) -> str:
    return value if name.lower() in WRITTEN_BY_SERVERS else decode_words(value)


def _all(fields: Fields, wanted: str) -> list[str]:
    return [value for name, value in fields if name.lower() == wanted]


def _told(fields: Fields, wanted: str) -> list[str]:
    return [decode_words(value) for value in _all(fields, wanted)]


def _first(fields: Fields, wanted: str) -> str:
    return (_told(fields, wanted) or [""])[0]


def _first_id(fields: Fields, wanted: str) -> str:
    return (*read_ids(_told(fields, wanted)[:1]), "")[0]


def _people(fields: Fields, wanted: str) -> tuple[Person, ...]:
    read = [read_mailboxes(value).persons for value in _all(fields, wanted)]
    return tuple(person for persons in read for person in persons if person.address)


def _authors(value: str) -> tuple[Person, ...]:
    persons, strays, groups = read_mailboxes(value)[:3]
    return (*groups, *(person for person in persons if person.address), *strays)
