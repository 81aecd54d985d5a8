"""A forward that stands in the body: one view of it, text or HTML, read from the top down."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from crm_logger.core.dates import looks_like_date, parse_written_date
from crm_logger.core.forward.ending import find_end
from crm_logger.core.forward.intent import forwards
from crm_logger.core.forward.lines import Lines, trimmed
from crm_logger.core.forward.scan import Beginning, Scan
from crm_logger.core.forward.subjects import read_prefix, split_prefix
from crm_logger.core.forward.vocabulary import Field
from crm_logger.core.model import NO_DATE, Candidate, Forward, Original, Person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_logger.core.forward.reading import Reading
    from crm_logger.core.forward.vocabulary import Engines, Vocabulary
    from crm_logger.core.model import Message, WrittenDate

_MOST_BEGINNINGS = 6
_MOST_LANGUAGES = 8


@dataclass(slots=True)
class View:
    """A forward found in one view of the body, and which lines its original's body takes."""

    forward: Forward
    start: int
    end: int


def find_inline(message: Message, lines: Lines, engines: Engines) -> View | None:
    """Find the forwarded mail in a body; None where the body forwards nothing."""
    own = frozenset(person.address for person in message.from_)
    found = _chosen(message, Scan(lines, message.subject, own, engines), engines.words)
    if found is None or not forwards(message, found, engines.words):
        return None
    end, after = find_end(lines, found, engines.words)
    text = lines.text(found.body, end, found.quoted)
    above = lines.text(0, found.start)
    below = lines.text(after, len(lines))
    note = "\n\n".join(filter(None, (above, below)))
    original = _original(message, lines, found, trimmed(f"{found.rest}\n{text}") if found.rest else text)
    forward = Forward(
        (original,),
        note,
        _confidence(found, original),
        _candidates(found, original),
        _shape(found),
    )
    return View(forward, found.body, end)


def _chosen(message: Message, scan: Scan, words: Vocabulary) -> Beginning | None:
    """The topmost beginning; what the user quotes in the note above a forward is none."""
    beginnings = scan.beginnings()
    first = next(beginnings, None)
    if first is None or (first.block and first.marker) or (_tells_subject(first) and not first.depth):
        return first
    prefix = read_prefix(message.subject, words)
    for later in islice(beginnings, _MOST_BEGINNINGS):
        if _is_empty(first) and later.block and later.depth == first.depth:
            later.start, later.marker = first.start, first.marker
            return later
        if (prefix.forward or not prefix.reply) and _only_quoted_in_note(first, later):
            return later
    return first


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


def _original(message: Message, lines: Lines, found: Beginning, text: str) -> Original:
    attachments = message.attachments
    if found.attribution:
        who = found.attribution
        return Original(
            who.sender, subject=_bare_subject(message), date=who.date, text=text, attachments=attachments
        )
    block = found.block
    if block is None:
        return Original(None, subject=_bare_subject(message), text=text, attachments=attachments)
    return Original(
        _sender(block),
        _people(block, Field.TO),
        _people(block, Field.CC),
        _people(block, Field.BCC),
        _subject(block, lines, found),
        _date(block, lines, found),
        text,
        attachments=attachments,
    )


def _bare_subject(message: Message) -> str:
    return split_prefix(message.subject)[1].strip()


def _sender(block: Reading) -> Person | None:
    value = block.value(Field.SENDER)
    if value is None or block.unsure or not value.people:
        return None
    return value.people[0] if len(value.addresses) < 2 else None


def _people(block: Reading, role: Field) -> tuple[Person, ...]:
    value = block.value(role)
    return value.people if value else ()


def _subject(block: Reading, lines: Lines, found: Beginning) -> str:
    """The block's; a forwarded conversation tells it once, between its marker and the first block."""
    if Field.SUBJECT in block.roles or found.opening < 0:
        return block.text(Field.SUBJECT)
    above = (said.partition(":")[2].strip() for said in lines.said[found.opening + 1 : block.run.start])
    return next((said for said in above if said), "")


def _date(block: Reading, lines: Lines, found: Beginning) -> WrittenDate:
    """The date in the language of the block; where several languages may be meant, only what all of them read."""
    text = block.text(Field.DATE)
    if not text:
        return _date_above(lines.said[found.start : block.run.start])
    readings = [parse_written_date(text, language) for language in sorted(block.languages)[:_MOST_LANGUAGES]]
    walls = {written.wall for written in readings if written.wall is not None}
    if len(walls) == 1:
        return next(written for written in readings if written.wall is not None)
    return parse_written_date(text)


def _date_above(said: Sequence[str]) -> WrittenDate:
    """A date in the line that introduces a block without one, behind other words."""
    for line in said:
        words = line.split()
        for first in range(len(words) if looks_like_date(line) else 0):
            written = parse_written_date(" ".join(words[first:]))
            if written.wall is not None:
                return written
    return NO_DATE


def _confidence(found: Beginning, original: Original) -> float:
    if original.sender is None or not original.sender.address:
        return 0.3
    if found.block is None:
        return 0.9 if found.attribution and found.attribution.known else 0.7
    return 1.0 if found.block.known >= 4 else 0.9 if found.block.known >= 2 else 0.8


def _candidates(found: Beginning, original: Original) -> tuple[Candidate, ...]:
    if (original.sender and original.sender.address) or found.block is None:
        return ()
    rows = found.block.rivals or range(len(found.block.values))
    return tuple(
        Candidate(person.name, person.address, f"named in the line {value.row.label!r}")
        for index in rows
        if (value := found.block.values[index]).has_address
        for person in value.people
    )


def _shape(found: Beginning) -> str:
    if found.block is None:
        return "attribution" if found.attribution else "marker"
    return "block" if found.marker is None else "marked-block"


def with_html(forward: Forward, html: str) -> Forward:
    """The same forward with the original's HTML."""
    return replace(forward, originals=(replace(forward.originals[0], html=html),))
