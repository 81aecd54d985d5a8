"""Finds the original in a forward: attached, resent, or written into the body by any client in any language.

A client is a shape (marker and header block, block alone, attribution line), a language a set of words; structure
checks and replaces the words. `scan` finds where a mail begins, `rows` cuts its header block, `reading` says which row
is what, `intent` tells a forward from a reply, `inline` puts the original together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_logger.core.forward.inline import View, find_inline, with_html
from crm_logger.core.forward.lines import lines_of_html, lines_of_text
from crm_logger.core.forward.vocabulary import BOTH, Engines
from crm_logger.core.html import HtmlDocument
from crm_logger.core.model import Forward, Original

if TYPE_CHECKING:
    from crm_logger.core.model import Message

__all__ = ["find_forward"]


def find_forward(message: Message, engines: Engines = BOTH) -> Forward | None:
    """Return what the mail forwards; None where it forwards nothing. Never raises, in linear time."""
    if message.resent_from:
        return Forward((_original(message),), shape="resent")
    in_text = find_inline(message, lines_of_text(message.text), engines) if message.text.strip() else None
    document = HtmlDocument(message.html) if message.html and (in_text or not message.text.strip()) else None
    in_html = find_inline(message, lines_of_html(document.lines), engines) if document else None
    if in_html and document:
        in_html = View(
            with_html(in_html.forward, document.cut(in_html.start, in_html.end)), in_html.start, in_html.end
        )
    if in_text and in_html:
        return with_html(in_text.forward, in_html.forward.originals[0].html)
    found = in_text or in_html
    if found:
        return found.forward
    if message.attached:
        return Forward(
            tuple(_original(mail) for mail in message.attached), message.text.strip(), shape="attachment"
        )
    return None


def _original(message: Message) -> Original:
    """A mail that came whole: its own headers say everything."""
    return Original(
        message.from_[0] if len(message.from_) == 1 else None,
        message.to,
        message.cc,
        message.bcc,
        message.subject,
        message.date,
        message.text,
        message.html,
        message.message_id,
        message.in_reply_to,
        message.references,
        message.headers,
        message.attachments,
        message.flags,
    )
