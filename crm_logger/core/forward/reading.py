"""What each row of a header block tells: by the words (knowledge), and without them (structure)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crm_logger.core.forward.values import Value
from crm_logger.core.forward.vocabulary import Field

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_logger.core.forward.rows import Run

Roles = dict[Field, int]
"""Which row tells a field, by its index."""


@dataclass(slots=True)
class Reading:
    """A header block understood: the run it stands in, which row is what, and in which language."""

    run: Run
    values: list[Value]
    roles: Roles
    language: str = ""
    known: int = 0
    unsure: str = ""
    rivals: list[int] = field(default_factory=list)

    def value(self, role: Field) -> Value | None:
        """The row of a field."""
        index = self.roles.get(role)
        return None if index is None else self.values[index]

    def text(self, role: Field) -> str:
        """The text of a field, "" where the block has none."""
        value = self.value(role)
        return value.text if value else ""


def read_block(run: Run, outer_subject: str, own: frozenset[str]) -> Reading | None:
    """Understand a run of rows by both engines; None where it is no header block of a mail.

    `own` are the outer mail's From addresses: what the user's own address says depends on where it stands.
    """
    values = [Value(row, outer_subject) for row in run.rows]
    by_words = _by_words(run, values)
    by_shape = _by_shape(run, values) if by_words is None or by_words.known < len(values) else None
    if by_words is None or by_shape is None:
        return by_words or by_shape
    return _settled(by_words, by_shape, own)


def _settled(by_words: Reading, by_shape: Reading, own: frozenset[str]) -> Reading:
    """Where the engines name different rows as the sender's, the evidence of the whole block decides."""
    known, shaped = by_words.roles[Field.SENDER], by_shape.roles.get(Field.SENDER)
    if shaped is None or shaped == known or by_words.known >= 4:
        return by_words
    if by_words.values[known].has_address and own.issuperset(by_words.values[known].addresses):
        return by_shape
    if by_words.values[shaped].row.meanings:
        return by_words
    by_words.unsure, by_words.rivals = "the words and the order of the block disagree", [known, shaped]
    return by_words


# ---------------------------------------------------------------- knowledge


def _by_words(run: Run, values: Sequence[Value]) -> Reading | None:
    scores: defaultdict[str, float] = defaultdict(float)
    for value in values:
        for tag in {meaning.tag for meaning in value.row.meanings}:
            scores[tag] += max(value.fit(meaning) for meaning in value.row.meanings if meaning.tag == tag)
    if not scores:
        return None
    best = max(scores.values())
    tags = [tag for tag, points in scores.items() if points == best]
    readings = [_in_language(run, values, tag) for tag in tags]
    candidates = [reading for reading in readings if _is_trusted(reading)]
    if not candidates:
        return None
    first = max(candidates, key=lambda reading: reading.known)
    senders = {reading.roles[Field.SENDER] for reading in candidates if reading.known == first.known}
    if len(senders) > 1:
        first.unsure, first.rivals = "the words mean different things in different languages", sorted(senders)
    if len(tags) > 1:
        first.language = "" if len({reading.language for reading in candidates}) > 1 else first.language
    return first


def _in_language(run: Run, values: Sequence[Value], tag: str) -> Reading:
    roles: Roles = {}
    for foreign in (False, True):
        for index, value in enumerate(values):
            if index in roles.values():
                continue
            fields = {
                meaning.field: value.fit(meaning)
                for meaning in value.row.meanings
                if (meaning.tag == tag) is not foreign
            }
            fitting = {name: fit for name, fit in fields.items() if name not in roles and fit > 0}
            if fitting and (not foreign or len(fields) == 1):
                roles[max(fitting, key=lambda name: fitting[name])] = index
    known = len(roles)
    if known < len(values):
        _fill(roles, values)
    return Reading(run, list(values), roles, tag, known)


def _is_trusted(reading: Reading) -> bool:
    """A language explains a block if it names the sender and one more thing that its value bears out."""
    if Field.SENDER not in reading.roles:
        return False
    date, sender = reading.value(Field.DATE), reading.values[reading.roles[Field.SENDER]]
    if reading.known >= 3:
        return bool(date and date.is_date) or sender.has_address or Field.SUBJECT in reading.roles
    return sender.has_address and reading.known == 2


def _fill(roles: Roles, values: Sequence[Value]) -> None:
    """Give the rows whose labels are unknown the meaning that their values leave."""
    free = [index for index in range(len(values)) if index not in roles.values()]
    for index in free:
        value = values[index]
        if Field.DATE not in roles and value.is_date:
            roles[Field.DATE] = index
        elif Field.SUBJECT not in roles and value.is_subject:
            roles[Field.SUBJECT] = index
        elif Field.SENDER in roles and value.has_address:
            _fill_people(roles, values, index)


def _fill_people(roles: Roles, values: Sequence[Value], index: int) -> None:
    if values[index].addresses == values[roles[Field.SENDER]].addresses and Field.REPLY_TO not in roles:
        roles[Field.REPLY_TO] = index
        return
    role = next((name for name in (Field.TO, Field.CC, Field.BCC) if name not in roles), None)
    if role is not None:
        roles[role] = index


# ---------------------------------------------------------------- structure


def _by_shape(run: Run, values: Sequence[Value]) -> Reading | None:
    """Nearly every client writes the sender before the recipients; a date and a subject stand among them."""
    roles: Roles = {}
    people = [index for index, value in enumerate(values) if value.has_address and value.addresses]
    dates = [index for index, value in enumerate(values) if value.is_date]
    if len(values) < 3 or not people or not dates:
        return None
    roles[Field.DATE] = dates[0]
    subject = _subject_row(values, people, dates[0])
    if subject is None and len(people) < 2:
        return None
    if subject is not None:
        roles[Field.SUBJECT] = subject
    first = people[0]
    nameless = [index for index in range(first) if index not in {*dates, subject} and values[index].text]
    if nameless:
        # A sender without an address may stand before the first recipient.
        roles[Field.SENDER] = nameless[0]
    elif len(values[first].addresses) == 1:
        roles[Field.SENDER] = first
    else:
        return Reading(run, list(values), roles, unsure="several people stand where the sender should")
    for index in people:
        if index != roles[Field.SENDER]:
            _fill_people(roles, values, index)
    _fill_names(roles, values, subject)
    return Reading(run, list(values), roles)


def _subject_row(values: Sequence[Value], people: Sequence[int], date: int) -> int | None:
    same = [index for index, value in enumerate(values) if value.is_subject]
    if same:
        return same[0]
    texts = [index for index in range(len(values)) if index not in people and index != date]
    if not texts:
        return None
    if texts[-1] == len(values) - 1 or date + 1 not in texts:
        return texts[-1]
    return date + 1


def _fill_names(roles: Roles, values: Sequence[Value], subject: int | None) -> None:
    """Recipients without addresses: what stands between the sender and a subject that comes last."""
    if subject is None or subject < roles[Field.SENDER]:
        return
    for index in range(roles[Field.SENDER] + 1, subject):
        role = next((name for name in (Field.TO, Field.CC) if name not in roles), None)
        if role and index not in roles.values() and values[index].text:
            roles[role] = index
