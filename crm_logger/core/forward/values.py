"""What the value of a header row is, told without knowing the words around it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import lru_cache
from typing import TYPE_CHECKING

from crm_logger.core.dates import looks_like_date, parse_written_date
from crm_logger.core.forward.names import read_people
from crm_logger.core.forward.subjects import same_subject, split_prefix
from crm_logger.core.forward.vocabulary import Field

if TYPE_CHECKING:
    from crm_logger.core.forward.rows import Row
    from crm_logger.core.model import Person


_LONGEST_NAME = 7
_LONGEST_DATE = 60
_KEPT = 64  # a value may be long
_BRACKETED = r"[<(\[＜（［][^<>()\[\]＜＞（）［］]*@[^<>()\[\]＜＞（）［］]*[>)\]＞）］]"
_MAILBOX = re.compile(
    rf"[^@]*{_BRACKETED}.*|['\"*]*[^\s@<>]+@[^\s@<>]+['\"*]*(?:\s*{_BRACKETED})?|.*mailto:.*"
)


@dataclass(slots=True)
class Value:
    """A row with what can be seen in its value; the text and the HTML of a mail hold the same rows, so it is kept."""

    row: Row
    outer_subject: str
    is_subject: bool = field(init=False)
    """Whether it is what the outer subject says; a line that repeats the outer subject, prefix and all, is a headline."""

    def __post_init__(self) -> None:
        """Compare with the outer subject, which is asked for a dozen times."""
        self.is_subject = same_subject(self.outer_subject, self.text) and not self._is_headline

    @property
    def text(self) -> str:
        """The value as written."""
        return self.row.value

    @property
    def is_date(self) -> bool:
        """Whether it looks like a date with a time, or is a date alone."""
        return _is_date(self.text)

    @property
    def _is_headline(self) -> bool:
        return not self.row.meanings and self.row.label == split_prefix(self.outer_subject)[0]

    @property
    def has_address(self) -> bool:
        """Whether it names people with an address, and is neither the subject nor a sentence that mentions one."""
        return "@" in self.text and not self.is_subject and not self.is_sentence

    @property
    def is_sentence(self) -> bool:
        """Whether it is longer than any name, so that it names nobody."""
        return _is_sentence(self.text)

    @property
    def is_no_name(self) -> bool:
        """Whether nobody can be named by it."""
        return not self.text or self.is_sentence

    @property
    def is_mailbox(self) -> bool:
        """Whether it is one mailbox and nothing else: what must stand where no word says that it is the sender."""
        return len(self.addresses) == 1 and len(self.people) == 1 and bool(_MAILBOX.fullmatch(self.text))

    @property
    def people(self) -> tuple[Person, ...]:
        """The people it names."""
        return _people(self.text)

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses it names."""
        return _addresses(self.text)

    @property
    def is_telling(self) -> bool:
        """Whether the label is known, or the value is one that header rows have."""
        return bool(self.row.meanings) or self.has_address or self.is_date or self.is_subject

    @property
    def may_stand_last(self) -> bool:
        """Whether a row of unknown meaning may end a block: empty only where the outer mail tells no subject either."""
        return bool(self.text) or not split_prefix(self.outer_subject)[1].strip()

    @property
    def kind(self) -> Kind:
        """What it is, as far as the value tells."""
        if not self.text:
            return Kind.EMPTY
        if self.is_subject:
            return Kind.SUBJECT
        if self.has_address:
            return Kind.PERSON if len(self.addresses) == 1 else Kind.PEOPLE
        return Kind.DATE if self.is_date else Kind.TEXT


@lru_cache(maxsize=_KEPT)
def _is_date(text: str) -> bool:
    if looks_like_date(text):
        return True
    short = len(text) <= _LONGEST_DATE and any(map(str.isdigit, text))
    return short and "@" not in text and parse_written_date(text).wall is not None


@lru_cache(maxsize=_KEPT)
def _people(text: str) -> tuple[Person, ...]:
    return read_people(text)


@lru_cache(maxsize=_KEPT)
def _addresses(text: str) -> tuple[str, ...]:
    return tuple(person.address for person in _people(text) if person.address)


@lru_cache(maxsize=_KEPT)
def _is_sentence(text: str) -> bool:
    many = len(text.split()) > _LONGEST_NAME
    return many and any(len(person.name.split()) > _LONGEST_NAME for person in _people(text))


class Kind(Enum):
    """What a value is seen to be."""

    EMPTY = auto()
    SUBJECT = auto()
    PERSON = auto()
    PEOPLE = auto()
    DATE = auto()
    TEXT = auto()


def fit(field: Field, kind: Kind) -> float:
    """How well a value of that kind suits a field: zero or below where it cannot be that."""
    if kind is Kind.EMPTY:
        return -1.0 if field in {Field.SENDER, Field.DATE} else 0.5
    return _FITS.get((field, kind), _FITS[_ANYBODY, kind] if field in _PEOPLE else -1.0)


_ANYBODY = Field.TO
_PEOPLE = frozenset({Field.SENDER, Field.TO, Field.CC, Field.BCC, Field.REPLY_TO})
_FITS = {
    (Field.DATE, Kind.DATE): 3.0,
    (Field.DATE, Kind.TEXT): 0.5,
    (Field.SUBJECT, Kind.SUBJECT): 3.0,
    (Field.SUBJECT, Kind.TEXT): 1.5,
    (Field.SUBJECT, Kind.DATE): 0.5,
    (Field.SUBJECT, Kind.PERSON): 0.5,
    (Field.SUBJECT, Kind.PEOPLE): 0.5,
    (Field.SENDER, Kind.PERSON): 3.0,
    (_ANYBODY, Kind.PERSON): 2.0,
    (_ANYBODY, Kind.PEOPLE): 2.0,
    (_ANYBODY, Kind.TEXT): 1.0,
    (_ANYBODY, Kind.SUBJECT): -1.0,
    (_ANYBODY, Kind.DATE): -3.0,
}
