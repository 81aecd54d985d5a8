"""The original put together from what was found in a body: its people, subject, date; how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_logger.core.dates import looks_like_date, parse_written_date
from crm_logger.core.forward.names import read_people, read_represented
from crm_logger.core.forward.subjects import read_prefix, split_prefix
from crm_logger.core.forward.vocabulary import Field
from crm_logger.core.model import NO_DATE, Candidate, Original, Person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_logger.core.forward.lines import Lines
    from crm_logger.core.forward.reading import Reading
    from crm_logger.core.forward.scan import Beginning
    from crm_logger.core.forward.vocabulary import Vocabulary
    from crm_logger.core.model import Message, WrittenDate

_MOST_LANGUAGES = 8
_LONGEST_PREFIX = 5


def make_original(message: Message, lines: Lines, found: Beginning, text: str, words: Vocabulary) -> Original:
    """Return the mail that begins there, with that text."""
    attachments = message.attachments
    if found.block is not None:
        block = found.block
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
    subject = _bare_subject(message.subject, words)
    if found.attribution is None:
        return Original(None, subject=subject, text=text, attachments=attachments)
    sender, heads = found.attribution.sender, found.heads
    return Original(
        sender if sender.name or sender.address else None,
        read_people(heads.get(Field.TO, "")),
        read_people(heads.get(Field.CC, "")),
        subject=heads.get(Field.SUBJECT, subject),
        date=found.attribution.date,
        text=text,
        attachments=attachments,
    )


def _bare_subject(subject: str, words: Vocabulary) -> str:
    """The outer subject without the prefix that the forwarding client put before it."""
    prefix = read_prefix(subject, words)
    if prefix.forward or (len(prefix.word) <= _LONGEST_PREFIX and not prefix.reply):
        return split_prefix(subject)[1].strip()
    return subject.strip()


def _sender(block: Reading) -> Person | None:
    value = block.value(Field.SENDER)
    if value is None or block.unsure:
        return None
    if represented := read_represented(value.text):
        return represented
    if len(value.addresses) > 1 or _speaks_for_another(value.people):
        return None
    known = (person for person in value.people if person.address)
    return next(known, None) or next(iter(value.people), None)


def _speaks_for_another(people: Sequence[Person]) -> bool:
    """`Office <office@client.example> on behalf of Dora Hill`: it is Dora's mail, and her address is not told."""
    return len(people) > 1 and len(people[-1].name.split()) > 1 and not people[-1].address


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
        return _date_above(lines.said[found.start : block.run.start], block.languages)
    return _date_in(text, block.languages)


def _date_in(text: str, languages: frozenset[str]) -> WrittenDate:
    readings = [parse_written_date(text, language) for language in sorted(languages)[:_MOST_LANGUAGES]]
    walls = {written.wall for written in readings if written.wall is not None}
    if len(walls) == 1:
        return next(written for written in readings if written.wall is not None)
    return parse_written_date(text)


def _date_above(said: Sequence[str], languages: frozenset[str]) -> WrittenDate:
    """A date in the line that introduces a block without one, behind other words."""
    for line in said:
        words = line.split()
        for first in range(len(words) if looks_like_date(line) else 0):
            written = _date_in(" ".join(words[first:]), languages)
            if written.wall is not None:
                return written
    return NO_DATE


def confidence(found: Beginning, original: Original) -> float:
    """How sure it is who wrote the original, 0 to 1: most where words and structure agree."""
    if original.sender is None or not original.sender.address:
        return 0.3
    if found.block is None:
        return 0.9 if found.attribution and found.attribution.known else 0.7
    known, rows = found.block.known, len(found.block.values)
    return 1.0 if known >= min(4, rows) else 0.9 if known >= 2 else 0.8


def candidates(found: Beginning, original: Original) -> tuple[Candidate, ...]:
    """Who was considered where the sender is unsure."""
    if (original.sender and original.sender.address) or found.block is None:
        return ()
    rows = found.block.rivals or range(len(found.block.values))
    return tuple(
        Candidate(person.name, person.address, f"named in the line {value.row.label!r}")
        for index in rows
        if (value := found.block.values[index]).has_address
        for person in value.people
    )
