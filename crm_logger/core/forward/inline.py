"""A forward that stands in the body: one view of it, text or HTML, read from the top down."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from crm_logger.core.forward.ending import find_end
from crm_logger.core.forward.intent import Intent, intent
from crm_logger.core.forward.lines import trimmed
from crm_logger.core.forward.original import candidates, confidence, make_original
from crm_logger.core.forward.scan import Beginning, Scan
from crm_logger.core.forward.skipped import hides_a_block
from crm_logger.core.forward.subjects import read_prefix
from crm_logger.core.forward.vocabulary import Field
from crm_logger.core.model import Candidate, Forward

if TYPE_CHECKING:
    from crm_logger.core.forward.lines import Lines
    from crm_logger.core.forward.vocabulary import Engines, Vocabulary
    from crm_logger.core.model import Message, Original

_MOST_BEGINNINGS = 6
_UNSURE = 0.3
_INDENT = "    "
_BELOW_UNREAD = "named below a block that could not be read"
_NOT_ANNOUNCED = "named in header lines that a person may have copied: nothing around them tells of a forward"


@dataclass(slots=True)
class View:
    """What one view of the body holds: the forward, or None where it quotes a mail in a reply.

    lines[start:end] are the original's body.
    """

    forward: Forward | None
    start: int = 0
    end: int = 0


def look(message: Message, lines: Lines, engines: Engines) -> View | None:
    """Find the forwarded or quoted mail in a body; None where it holds no other mail."""
    own = frozenset(person.address for person in message.from_)
    chosen = _chosen(message, Scan(lines, message.subject, own, engines), engines.words)
    if chosen is None:
        return None
    found, meant = chosen
    if meant is Intent.ANSWERS:
        return View(None)
    end, after = find_end(lines, found, engines.words)
    text = _dedented(lines.text(found.body, end, _quoted(lines, found, end)), found)
    note = "\n\n".join(filter(None, (lines.text(0, found.start), lines.text(after, len(lines)))))
    text = trimmed(f"{found.rest}\n{text}") if found.rest else text
    original = make_original(message, lines, found, text, engines.words)
    if hides_a_block(lines, found.start, sure=_tells_subject(found) or bool(found.block and found.marker)):
        return View(_unsure(original, note, _shape(found), _BELOW_UNREAD), found.body, end)
    if meant is Intent.MAY_FORWARD:
        return View(_unsure(original, note, _shape(found), _NOT_ANNOUNCED), found.body, end)
    sure, others = confidence(found, original), candidates(found, original)
    return View(Forward((original,), note, sure, others, _shape(found)), found.body, end)


def _unsure(original: Original, note: str, shape: str, why: str) -> Forward:
    """A mail that may not be the one that was forwarded."""
    who = original.sender
    considered = (Candidate(who.name, who.address, why),) if who else ()
    return Forward((replace(original, sender=None),), note, _UNSURE, considered, shape)


def _quoted(lines: Lines, found: Beginning, end: int) -> int:
    """How deep the body is quoted; Proton quotes it and not the block."""
    if found.opening < 0:
        return found.quoted
    depths = [
        depth
        for said, depth in zip(lines.said[found.body : end], lines.depth[found.body : end], strict=True)
        if said
    ]
    return max(found.quoted, min(depths, default=0))


def _dedented(text: str, found: Beginning) -> str:
    """Outlook for Mac indents the whole mail below an attribution line by four blanks; some draw a bar before each line."""
    rows = text.split("\n")
    if all(row.startswith("|") and (not row[1:] or row[-1] != "|") for row in rows if row):
        return "\n".join(row[1:].removeprefix(" ") for row in rows).strip("\n")
    if found.attribution is None or not all(row.startswith(_INDENT) for row in rows if row):
        return text
    return "\n".join(row[len(_INDENT) :] for row in rows)


def _shape(found: Beginning) -> str:
    if found.block is None:
        return "attribution" if found.attribution else "marker"
    return "block" if found.marker is None else "marked-block"


def _chosen(message: Message, scan: Scan, words: Vocabulary) -> tuple[Beginning, Intent] | None:
    """The topmost beginning and what is meant by it; what the user quotes in the note above a forward is none."""
    beginnings = (
        (found, meant)
        for found in scan.beginnings()
        if (meant := intent(message, found, words)) is not Intent.MENTIONS
    )
    chosen = next(beginnings, None)
    if chosen is None:
        return None
    first, _ = chosen
    if (first.block and first.marker) or (_tells_subject(first) and not first.depth):
        return chosen
    prefix = read_prefix(message.subject, words)
    for later, meant in islice(beginnings, _MOST_BEGINNINGS):
        if _is_empty(first) and later.block and later.depth == first.depth:
            later.start, later.marker = first.start, first.marker
            return later, intent(message, later, words)
        if (prefix.forward or not prefix.reply) and _only_quoted_in_note(first, later):
            return later, meant
    return chosen


def _is_empty(found: Beginning) -> bool:
    return found.block is None and found.attribution is None


def _only_quoted_in_note(first: Beginning, later: Beginning) -> bool:
    """Whether the first is quoted in the note, and the forward begins below, outside the quote."""
    if later.depth or first.marker or later.block is None:
        return False
    same, other = (_tells_subject(found) for found in (first, later))
    if first.quoted > 0:
        return bool(later.marker) or other
    return bool(later.marker) and other and first.block is not None and not same


def _tells_subject(found: Beginning) -> bool:
    value = found.block.value(Field.SUBJECT) if found.block else None
    return value is not None and value.is_subject
