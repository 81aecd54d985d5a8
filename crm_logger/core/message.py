"""Bytes to a Message: its header fields, its body as text and HTML, its attachments, and the mails attached to it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from crm_logger.core.address import Mailboxes, read_mailboxes
from crm_logger.core.body import Source, read_contents
from crm_logger.core.headers import MAX_VALUE, decode_words, parse_header_date, read_ids
from crm_logger.core.mime import Budget, read_part
from crm_logger.core.model import Flag, Message, Person, Policy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["parse_header_date", "parse_message"]

_MAX_SENDERS: Final = 8 * 1024
_ADDRESS_FIELDS: Final = frozenset(
    {"from", "sender", "reply-to", "to", "cc", "bcc", "resent-from", "resent-to"}
)
_WRITTEN_BY_SERVERS: Final = frozenset({"received", "received-spf", "authentication-results"})
_NO_POLICY: Final = Policy()
_PGP: Final = "-----BEGIN PGP MESSAGE-----"


def parse_message(raw: bytes, policy: Policy | None = None, *, partial: bool = False) -> Message:
    """The mail that the bytes are. Never raises, takes time in proportion to the size; what is broken becomes `defects`.

    Sizes are bounded by the policy: what is over its limits is cut or left out, and flagged. `partial` says that the
    bytes are not the whole mail (R30).
    """
    budget = Budget(partial=partial)
    message = _parse(Source(raw, 0, len(raw), 0), policy or _NO_POLICY, budget)
    if not partial and not budget.defects:
        return message
    flags = message.flags | {Flag.PARTIAL} if partial else message.flags
    return replace(message, flags=flags, defects=message.defects + tuple(budget.defects))


def _parse(source: Source, policy: Policy, budget: Budget) -> Message:
    root = read_part(source.raw, source.start, source.end, budget, source.depth)
    contents = read_contents(root, policy, budget)
    text, markup = contents.body()
    if text.lstrip().startswith(_PGP):
        contents.flags.add(Flag.ENCRYPTED)
    fields = _Fields(root.section.fields, policy.max_recipients)
    return Message(
        headers=fields.decoded,
        from_=fields.senders(),
        sender=fields.people("sender"),
        reply_to=fields.people("reply-to"),
        to=fields.recipients("to"),
        cc=fields.recipients("cc"),
        bcc=fields.recipients("bcc"),
        resent_from=fields.redirecting(),
        resent_to=fields.recipients("resent-to"),
        subject=fields.first("subject"),
        message_id=next(iter(read_ids(fields.all("message-id")[:1])), ""),
        in_reply_to=next(iter(read_ids(fields.all("in-reply-to")[:1])), ""),
        references=read_ids(fields.all("references")),
        date=parse_header_date(fields.first("date")),
        content_type=root.content_type,
        report_type=root.parameters.get("report-type", "").lower()
        if root.content_type == "multipart/report"
        else "",
        calendar_method=contents.calendar_method,
        text=text,
        html=markup,
        attachments=tuple(contents.attachments),
        attached=tuple(_parse(mail, policy, budget) for mail in contents.mails),
        flags=frozenset(contents.flags),
        malformed=root.section.malformed,
        defects=tuple(fields.defects),
        source=memoryview(source.raw)[source.start : source.end],
    )


def _decoded(name: str, value: str) -> str:
    """What servers write holds no encoded words, only what a stranger told them (RFC 2047 §5)."""
    return decode_words(value) if "=?" in value and name not in _WRITTEN_BY_SERVERS else value


class _Fields:
    """The fields of one header section, read for what they say; `defects` grow while reading."""

    def __init__(self, fields: tuple[tuple[str, str], ...], max_recipients: int) -> None:
        decoded: list[tuple[str, str]] = []
        self.defects: list[str] = []
        self._room = max_recipients
        self._addresses: dict[str, list[str]] = {}
        self._texts: dict[str, list[str]] = {}
        for name, value in fields:
            key = name.lower()
            text = _decoded(key, value)
            decoded.append((name, text))
            if key in _ADDRESS_FIELDS:
                self._addresses.setdefault(key, []).append(value)
            else:
                self._texts.setdefault(key, []).append(text)
        self.decoded = tuple(decoded)

    def all(self, name: str) -> list[str]:
        """The decoded values of a field that holds no addresses."""
        return self._texts.get(name, [])

    def first(self, name: str) -> str:
        return (self.all(name) or [""])[0]

    def senders(self) -> tuple[Person, ...]:
        """Every mailbox of every From field, and whatever another reader could take for it (R7)."""
        if len(self._addresses.get("from", ())) > 1:
            self.defects.append("there are several From fields")
        return tuple(
            person for value in self._addresses.get("from", ()) for person in self._authors("From", value)
        )

    def redirecting(self) -> tuple[Person, ...]:
        """The same of the topmost Resent-From alone: the latest redirect (RFC 5322 §3.6.6)."""
        return tuple(
            person
            for value in self._addresses.get("resent-from", ())[:1]
            for person in self._authors("Resent-From", value)
        )

    def _authors(self, name: str, value: str) -> Iterator[Person]:
        """An overlong list names nobody: what is cut off might have made it ambiguous.

        A group's name stands as a Person without address: an author is never a group.
        """
        if len(value) > _MAX_SENDERS:
            self.defects.append(f"{name} is too long and names nobody")
            return
        persons, strays, groups = read_mailboxes(value)
        if strays:
            self.defects.append(f"{name} shows one address and names another")
        if groups:
            self.defects.append(f"{name} is a group")
        yield from (*groups, *(person for person in persons if person.address), *strays)

    def people(self, name: str) -> tuple[Person, ...]:
        """Those of a field who have an address."""
        return tuple(
            person for found in self._read(name, _MAX_SENDERS) for person in found.persons if person.address
        )

    def recipients(self, name: str) -> tuple[Person, ...]:
        """Those of a field who have an address, as many as there is still room for."""
        found = [person for each in self._read(name, MAX_VALUE) for person in each.persons if person.address]
        if len(found) > self._room:
            self.defects.append("there are more recipients than the limit; the rest was left out")
        kept = found[: self._room]
        self._room -= len(kept)
        return tuple(kept)

    def _read(self, name: str, limit: int) -> Iterable[Mailboxes]:
        return [read_mailboxes(self._bounded(name, value, limit)) for value in self._addresses.get(name, ())]

    def _bounded(self, name: str, value: str, limit: int) -> str:
        """A list cut at a comma, for half an address may be somebody else's."""
        if len(value) < limit:
            return value
        self.defects.append(f"{name} is too long; the rest was left out")
        return value[:limit].rpartition(",")[0]
