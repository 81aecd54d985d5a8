"""What one mail holds, as plain data: the contract that `inspect --json` prints and the parser is judged by."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from crm_logger.core.delivery import find_delivery
from crm_logger.core.forward import find_forward
from crm_logger.core.html import html_to_text
from crm_logger.core.message import parse_message
from crm_logger.core.model import Forward, Kind, Message, Original, Person, Policy

if TYPE_CHECKING:
    from collections.abc import Iterable

# RFC 5321 §4.5.3.1: at most 64 octets before the @ and 255 after it. The bounds keep the search linear.
_LOG_ADDRESS = re.compile(r"\b(?:bcc|forward)-[^\s@<>\"(),:;]{1,64}@([^\s@<>\"(),:;]{1,255})", re.IGNORECASE)
_SIGNS = tuple(f"{kind}-" for kind in Kind)
_NOBODY = Person("", "")


def inspect_message(raw: bytes) -> dict[str, Any]:
    """Everything that a mail and the forward inside it tell, ready for JSON; no account and no setting is known.

    Never raises. Keys: kind, forwarded, from_name, from_address, to, cc, subject, date, date_iso, body, message,
    confidence, candidates; `originals` where several mails were forwarded; `error` where the bytes are no sound mail.
    """
    message = parse_message(raw)
    forward = find_forward(message)
    found = _plain(message) if forward is None else _forwarded(forward)
    error = _error(message)
    return {"kind": find_kind(message), **found, **({"error": error} if error else {})}


def find_kind(message: Message) -> Kind | None:
    """Which kind of log address got the mail, told from its local part in any domain; None where none did."""
    telling = (value for _, value in message.headers if any(sign in value.lower() for sign in _SIGNS))
    domains = {domain for value in telling for domain in _LOG_ADDRESS.findall(value)}
    delivery = find_delivery(message, Policy(log_domains=tuple(sorted(domains))))
    return next((Kind(address.partition("-")[0]) for address in delivery.addresses), None)


def _plain(message: Message) -> dict[str, Any]:
    itself = Original(
        next(iter(message.from_), _NOBODY),
        message.to,
        message.cc,
        subject=message.subject,
        date=message.date,
        text=message.text,
        html=message.html,
    )
    return {"forwarded": False, **_mail(itself), "message": "", "confidence": 1.0, "candidates": []}


def _forwarded(forward: Forward) -> dict[str, Any]:
    found = {
        "forwarded": True,
        **_mail(forward.originals[0]),
        "message": forward.note,
        "confidence": forward.confidence,
        "candidates": [
            {"name": who.name, "address": who.address, "why": who.why} for who in forward.candidates
        ],
    }
    if len(forward.originals) > 1:
        found["originals"] = [_mail(original) for original in forward.originals]
    return found


def _mail(original: Original) -> dict[str, Any]:
    sender = original.sender
    wall = original.date.wall
    return {
        "from_name": sender.name if sender else "",
        "from_address": _address(sender),
        "to": _people(original.to),
        "cc": _people(original.cc),
        "subject": original.subject,
        "date": original.date.text,
        "date_iso": wall.isoformat() if wall else None,
        "body": original.text or html_to_text(original.html),
    }


def _address(sender: Person | None) -> str | None:
    """None where it is unsure who wrote it, "" where a mail itself names no sender."""
    if sender is _NOBODY:
        return ""
    return (sender.address or None) if sender else None


def _people(people: Iterable[Person]) -> list[dict[str, str]]:
    return [{"name": person.name, "address": person.address} for person in people]


def _error(message: Message) -> str:
    return message.malformed or ("" if message.headers else "This is no mail: it has no header.")
