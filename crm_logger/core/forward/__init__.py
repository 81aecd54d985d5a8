"""Finds the original in a forward: attached, resent, or written into the body by any client in any language.

How a forward is found, from the outside in:

1. `find_forward` (here) looks for what came whole: Resent-* fields, message/rfc822 parts. Then at the body.
2. `scan` goes through the lines from the top down, to the places where another mail begins. A client is a shape: a
   marker line with a header block below it, a block alone, all fields in one line, an attribution line.
3. `rows` and `together` cut a block into `label: value` rows, as wrapped, spaced or run together as clients write them.
4. `reading` says which row is what, twice: by the words (`vocabulary`, over all locales) and by structure (what the
   values are, and their order). Where the two disagree, the whole block decides, or the sender is unsure.
5. `intent` tells a forward from a reply, which quotes just the same.
6. `original` and `ending` put the mail together: people, date, text, and the user's note around it.

A language is one entry of `crm_logger.core.locales`; a client is a shape in `scan`, often none is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_logger.core.forward.inline import View, look
from crm_logger.core.forward.lines import lines_of_html, lines_of_text
from crm_logger.core.forward.views import combined, with_html
from crm_logger.core.forward.vocabulary import BOTH, Engines
from crm_logger.core.forward.whole import attached, resent
from crm_logger.core.html import HtmlDocument

if TYPE_CHECKING:
    from crm_logger.core.model import Forward, Message

__all__ = ["find_forward"]


def find_forward(message: Message, engines: Engines = BOTH) -> Forward | None:
    """Return what the mail forwards; None where it forwards nothing. Never raises, in time linear in its size."""
    if message.resent_from:
        return resent(message)
    view = _look_at_body(message, engines)
    if view is None or view.forward is None:
        return attached(message, engines.words, is_reply=view is not None)
    return view.forward


def _look_at_body(message: Message, engines: Engines) -> View | None:
    """Text and HTML say the same; what one of them lacks, the other may tell."""
    in_text = look(message, lines_of_text(message.text), engines) if message.text else None
    if not message.html or (in_text and in_text.forward is None):
        return in_text
    document = HtmlDocument(message.html)
    in_html = look(message, lines_of_html(document.lines), engines)
    if in_html is None or in_html.forward is None:
        return in_text or in_html
    in_html.forward = with_html(in_html.forward, document.cut(in_html.start, in_html.end))
    if in_text is None or in_text.forward is None:
        return in_html
    return View(combined(in_text.forward, in_html.forward))
