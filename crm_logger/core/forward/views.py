"""One forward seen twice, in the text and in the HTML of a mail."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from crm_logger.core.model import Candidate, Forward

if TYPE_CHECKING:
    from crm_logger.core.model import Original, Person

_UNSURE = 0.3


def with_html(forward: Forward, html: str) -> Forward:
    """The same forward with the original's HTML."""
    return replace(forward, originals=(replace(forward.originals[0], html=html),))


def combined(in_text: Forward, in_html: Forward) -> Forward:
    """The text's words with the HTML's markup, and the addresses that only links tell; unsure where senders differ."""
    text, html = in_text.originals[0], in_html.originals[0]
    if _address(text) and _address(html) and _address(text) != _address(html):
        return _disputed(in_text, text, html)
    if _address(text) or not _address(html):
        return with_html(replace(in_text, originals=(_completed(text, html),)), html.html)
    told = replace(html, text=text.text)
    return replace(in_html, originals=(told,), note=in_text.note)


def _completed(text: Original, html: Original) -> Original:
    return replace(text, to=_richer(text.to, html.to), cc=_richer(text.cc, html.cc))


def _richer(text: tuple[Person, ...], html: tuple[Person, ...]) -> tuple[Person, ...]:
    """The same people, with the addresses that one of the two leaves out."""
    return html if len(text) == len(html) and _known(html) > _known(text) else text


def _known(people: tuple[Person, ...]) -> int:
    return sum(bool(person.address) for person in people)


def _address(original: Original) -> str:
    return original.sender.address if original.sender else ""


def _disputed(in_text: Forward, text: Original, html: Original) -> Forward:
    unsure = replace(text, sender=None, html=html.html)
    considered = tuple(
        Candidate(original.sender.name, original.sender.address, why)
        for original, why in ((text, "named in the text"), (html, "named in the HTML"))
        if original.sender
    )
    return replace(in_text, originals=(unsure,), confidence=_UNSURE, candidates=considered)
