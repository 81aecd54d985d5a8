"""Originals that came whole: attached as message/rfc822, or redirected with Resent-* fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_logger.core.forward.lines import trimmed
from crm_logger.core.forward.subjects import read_prefix
from crm_logger.core.html import html_to_text
from crm_logger.core.model import Candidate, Forward, Original

if TYPE_CHECKING:
    from crm_logger.core.forward.vocabulary import Vocabulary
    from crm_logger.core.model import Message

_UNSURE = 0.3


def resent(message: Message) -> Forward:
    """The mail itself is the original; who redirected it stands in Resent-From (RFC 5322 §3.6.6)."""
    return _forward((message,), "", "resent")


def attached(message: Message, words: Vocabulary, *, is_reply: bool) -> Forward | None:
    """The attached mails, unless a bounce or a reply carries them; None where there are none."""
    if not message.attached or message.content_type.startswith("multipart/report") or is_reply:
        return None
    subject, prefix = message.subject, read_prefix(message.subject, words)
    if prefix.reply and not prefix.forward and all(mail.subject != subject for mail in message.attached):
        return None
    note = message.text if message.text.strip() else html_to_text(message.html)
    return _forward(message.attached, trimmed(note), "attachment")


def _forward(mails: tuple[Message, ...], note: str, shape: str) -> Forward:
    first = mails[0].from_
    considered = (
        ()
        if len(first) == 1
        else tuple(Candidate(person.name, person.address, "named in From") for person in first)
    )
    sure = 1.0 if len(first) == 1 else _UNSURE
    return Forward(tuple(_original(mail) for mail in mails), note, sure, considered, shape)


def _original(mail: Message) -> Original:
    """A mail that came whole: its own headers say everything. Several authors are no sender (R7)."""
    return Original(
        mail.from_[0] if len(mail.from_) == 1 else None,
        mail.to,
        mail.cc,
        mail.bcc,
        mail.subject,
        mail.date,
        mail.text if mail.text.strip() else html_to_text(mail.html),
        mail.html,
        mail.message_id,
        mail.in_reply_to,
        mail.references,
        mail.headers,
        mail.attachments,
        mail.flags,
    )
