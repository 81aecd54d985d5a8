"""What each row of a header block tells: by the words (knowledge), and without them (structure)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from crm_logger.core.forward.values import Kind, Value, fit
from crm_logger.core.forward.vocabulary import Field

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_logger.core.forward.rows import Run
    from crm_logger.core.forward.vocabulary import Engines, Meaning

_ENGLISH = "en"
_OWN = 0.01
_FEWEST_ROWS = 3
_LEAST_EVIDENCE = 2
_WHOLE = 4
_ALL = frozenset({Field.SENDER, Field.TO, Field.DATE, Field.SUBJECT})
Roles = dict[Field, int]
"""Which row tells a field, by its index."""


@dataclass(slots=True)
class Reading:
    """A header block understood: the run it stands in, which row is what, and in which language."""

    run: Run
    values: list[Value]
    roles: Roles
    languages: frozenset[str] = frozenset()
    known: int = 0
    unsure: str = ""
    rivals: list[int] = field(default_factory=list)

    def value(self, role: Field) -> Value | None:
        """The row of a field."""
        index = self.roles.get(role)
        return None if index is None else self.values[index]

    @property
    def is_foreign(self) -> bool:
        """Whether labels that matter are in no language that is known."""
        return any(value.is_telling and not value.row.meanings for value in self.values)

    def text(self, role: Field) -> str:
        """The text of a field, "" where the block has none."""
        value = self.value(role)
        return value.text if value else ""


def read_block(run: Run, outer_subject: str, own: frozenset[str], engines: Engines) -> Reading | None:
    """Understand a run of rows by both engines; None where it is no header block of a mail.

    `own` are the outer mail's From addresses: what the user's own address says depends on where it stands.
    """
    values = _without_strangers(run, [Value(row, outer_subject) for row in run.rows])
    values = _without_note(run, values)
    if not values:
        return None
    by_words = _by_words(run, values, fill=engines.by_shape)
    if not engines.by_shape or (by_words and by_words.known == len(values)):
        return by_words
    by_shape = _by_shape(run, values)
    if by_words is None or by_shape is None:
        return by_words or by_shape
    return _settled(by_words, by_shape, own)


def _without_strangers(run: Run, values: list[Value]) -> list[Value]:
    """Leave rows at the end to the body whose labels are unknown and whose values say nothing that a header says."""
    while len(values) > 1 and not (
        values[-1].is_telling or (run.ends_with_gap and values[-1].may_stand_last)
    ):
        values.pop()
    run.end = values[-1].row.end
    return values


def _without_note(run: Run, values: list[Value]) -> list[Value]:
    """Leave rows to the note that say nothing of a header, where the labels below name a sender."""
    sender = next((index for index, value in enumerate(values) if _may_be_sender(value)), 0)
    drop = sender if sender and _is_whole_from(sender, values) else 0
    while drop < len(values) and not values[drop].is_telling and (drop < sender or values[drop].is_no_name):
        drop += 1
    if drop and drop < len(values):
        run.start = values[drop].row.start
    return values[drop:]


def _is_whole_from(sender: int, values: list[Value]) -> bool:
    """Whether the block needs nothing of what stands above its sender: the last lines of a signature, with labels of their own."""
    above, below = values[:sender], values[sender:]
    known = all(value.row.meanings for value in below) and _share_a_language(below)
    people = any(value.is_mailbox and value.people[0].name for value in above)
    dated = any(value.is_date for value in below) or not any(value.is_date for value in above)
    return (
        len(below) >= _WHOLE
        and known
        and dated
        and not people
        and not any(value.row.meanings for value in above)
    )


def _share_a_language(values: Sequence[Value]) -> bool:
    """Whether the labels may all be of one language; clients leave some in English."""
    tags = [{meaning.tag for meaning in value.row.meanings} for value in values]
    own = [some for some in tags if _ENGLISH not in some]
    return not own or bool(set.intersection(*own))


def _may_be_sender(value: Value) -> bool:
    return any(meaning.field is Field.SENDER for meaning in value.row.meanings)


def _settled(by_words: Reading, by_shape: Reading, own: frozenset[str]) -> Reading:
    """Where the engines name different rows as the sender's, the evidence of the whole block decides."""
    known, shaped = by_words.roles[Field.SENDER], by_shape.roles[Field.SENDER]
    if shaped == known or by_shape.unsure:
        return by_words
    if by_words.known >= len(_ALL) and not by_shape.values[shaped].has_address:
        return by_words  # a row such as `Organization: Client Ltd`, which that language does not know
    if own.issuperset(by_words.values[known].addresses) and by_words.values[known].has_address:
        return by_shape
    by_words.unsure, by_words.rivals = "the words and the order of the block disagree", [known, shaped]
    return by_words


# ---------------------------------------------------------------- knowledge


def _by_words(run: Run, values: Sequence[Value], *, fill: bool) -> Reading | None:
    meant = _meant(tuple((value.row.meanings, value.kind) for value in values))
    if meant is None:
        return None
    reading = Reading(run, list(values), dict(meant.roles), meant.languages, meant.known)
    if len(meant.senders) > 1:
        reading.unsure, reading.rivals = (
            "the words mean different things in different languages",
            list(meant.senders),
        )
    if fill and len(reading.roles) < len(values):
        _fill(reading.roles, values)
    return reading


class _Meant(NamedTuple):
    """What the labels mean: the roles, in the languages that explain most; `senders` are the rows that may be the sender's."""

    roles: tuple[tuple[Field, int], ...]
    languages: frozenset[str]
    known: int
    senders: tuple[int, ...]


@lru_cache(maxsize=4096)
def _meant(rows: tuple[tuple[tuple[Meaning, ...], Kind], ...]) -> _Meant | None:
    """Weigh all languages. A mailbox sees few kinds of blocks, so the answers are kept."""
    scores: dict[str, float] = {}
    fits: list[dict[str, float]] = []
    for meanings, kind in rows:
        best: dict[str, float] = {}
        for tag, name in meanings:
            best[tag] = max(best.get(tag, -9.0), fit(name, kind))
        fits.append(best)
    for tag in {tag for best in fits for tag in best}:
        # Gmail writes the sender's label in the user's language, the others in English.
        scores[tag] = sum(best[tag] + _OWN if tag in best else best.get(_ENGLISH, 0.0) for best in fits)
    top = max(scores.values(), default=0.0)
    found = [_in_language(rows, tag) for tag, points in scores.items() if points == top]
    found = [meant for meant in found if _is_trusted(meant, rows)]
    if not found:
        return None
    first = max(found, key=lambda meant: meant.known)
    equal = [meant for meant in found if meant.known == first.known]
    senders = sorted({sender for meant in equal for sender in meant.senders})
    languages = frozenset(tag for meant in equal for tag in meant.languages)
    return first._replace(languages=languages, senders=tuple(senders))


def _in_language(rows: Sequence[tuple[tuple[Meaning, ...], Kind]], tag: str) -> _Meant:
    """What the labels mean in one language; then those that mean one thing only, in whatever language."""
    roles: Roles = {}
    for index, (meanings, kind) in enumerate(rows):
        own = {name: fit(name, kind) for language, name in meanings if language == tag}
        _assign(
            roles,
            index,
            own or {name: fit(name, kind) for language, name in meanings if language == _ENGLISH},
        )
    known = len(roles)
    for index, (meanings, kind) in enumerate(rows):
        fields = {name: fit(name, kind) for _, name in meanings}
        if index not in roles.values() and len(fields) == 1:
            _assign(roles, index, fields)
    sender = roles.get(Field.SENDER)
    return _Meant(tuple(roles.items()), frozenset((tag,)), known, () if sender is None else (sender,))


def _assign(roles: Roles, index: int, fits: dict[Field, float]) -> None:
    fitting = {name: fit for name, fit in fits.items() if name not in roles and fit > 0}
    if fitting:
        roles[max(fitting, key=lambda name: fitting[name])] = index


def _is_trusted(meant: _Meant, rows: Sequence[tuple[tuple[Meaning, ...], Kind]]) -> bool:
    """A language explains a block if it names the sender and one more thing that its value bears out."""
    kinds = {name: rows[index][1] for name, index in meant.roles}
    if Field.SENDER not in kinds or meant.known < 2:
        return False
    if meant.known == 2 or (kinds.get(Field.DATE) is not Kind.DATE and Field.SUBJECT not in kinds):
        return kinds[Field.SENDER] is Kind.PERSON
    return True


def _fill(roles: Roles, values: Sequence[Value]) -> None:
    """Give the rows whose labels are unknown the meaning that their values and their places leave."""
    whole = roles.keys() >= _ALL
    free = [index for index in range(len(values)) if index not in roles.values()]
    date = _date_row([values[index] for index in free])
    date = None if date is None else free[date]
    for index in free:
        if Field.DATE not in roles and index == date:
            roles[Field.DATE] = index
        elif Field.SUBJECT not in roles and values[index].is_subject:
            roles[Field.SUBJECT] = index
    _fill_people(roles, values, [index for index in free if index not in roles.values()], by_name=not whole)


def _fill_people(roles: Roles, values: Sequence[Value], free: Sequence[int], *, by_name: bool = True) -> None:
    """To stands before Cc; where the subject stands last, names without addresses are recipients too.

    Not `by_name` in a block whose words are known: Cc is known there too, so `Priorität: Hoch` is nobody's name.
    """
    sender, subject = roles[Field.SENDER], roles.get(Field.SUBJECT, 0)
    for index in free:
        value = values[index]
        if value.has_address and value.addresses == values[sender].addresses and Field.REPLY_TO not in roles:
            roles[Field.REPLY_TO] = index
        elif value.has_address or (by_name and sender < index < subject and value.text and not value.is_date):
            role = next((name for name in (Field.TO, Field.CC) if name not in roles), Field.BCC)
            roles.setdefault(role, index)


# ---------------------------------------------------------------- structure


def _by_shape(run: Run, values: Sequence[Value]) -> Reading | None:
    """Nearly every client writes the sender before the recipients; a date and a subject stand among them."""
    roles = _plain_roles(values)
    people = [
        index
        for index, value in enumerate(values)
        if value.has_address and value.addresses and index not in roles.values()
    ]
    date = _date_row(values)
    if date is not None:
        roles[Field.DATE] = date
    subject = _subject_row(values, {*people, *roles.values()}, -1 if date is None else date)
    if subject is not None:
        roles[Field.SUBJECT] = subject
    first = people[0] if people else len(values)
    names = [index for index in range(first) if index not in roles.values() and values[index].text]
    evidence = (date is not None, subject is not None and values[subject].is_subject, len(people) > 1)
    if len(values) < _FEWEST_ROWS or not (people or names) or sum(evidence) < _LEAST_EVIDENCE:
        return None
    # A sender without an address may stand before the first recipient.
    roles[Field.SENDER] = names[0] if names else first
    _fill_people(roles, values, [index for index in range(len(values)) if index not in roles.values()])
    return Reading(run, list(values), roles, unsure="" if names else _doubt(values[first]))


def _doubt(value: Value) -> str:
    """Why the first people in a block may not be its sender, "" where they may."""
    fields = {meaning.field for meaning in value.row.meanings}
    if fields and Field.SENDER not in fields:
        return "the first people in the block are its recipients"
    return "" if value.is_mailbox else "it is no single mailbox that stands where the sender should"


def _plain_roles(values: Sequence[Value]) -> Roles:
    """Cc and the like, which clients leave in English in every language."""
    roles: Roles = {}
    for index, value in enumerate(values):
        fields = {meaning.field for meaning in value.row.meanings}
        if len(fields) == 1 and (name := next(iter(fields))) in {Field.CC, Field.BCC, Field.REPLY_TO}:
            roles.setdefault(name, index)
    return roles


def _date_row(values: Sequence[Value]) -> int | None:
    """A subject may tell a date too."""
    dates = [index for index, value in enumerate(values) if value.is_date]
    return next((index for index in dates if not values[index].is_subject), next(iter(dates), None))


def _subject_row(values: Sequence[Value], taken: set[int], date: int) -> int | None:
    same = [index for index, value in enumerate(values) if value.is_subject]
    if same:
        return same[0]
    texts = [index for index in range(len(values)) if index not in taken]
    if not texts:
        return None
    if texts[-1] == len(values) - 1 or date + 1 not in texts:
        return texts[-1]
    return date + 1
