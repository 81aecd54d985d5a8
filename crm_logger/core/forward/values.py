"""What the value of a header row is, told without knowing the words around it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from crm_logger.core.dates import looks_like_date
from crm_logger.core.forward.names import read_people
from crm_logger.core.forward.subjects import same_subject
from crm_logger.core.forward.vocabulary import Field

if TYPE_CHECKING:
    from crm_logger.core.forward.rows import Row
    from crm_logger.core.forward.vocabulary import Meaning
    from crm_logger.core.model import Person


@dataclass
class Value:
    """A row with what can be seen in its value."""

    row: Row
    outer_subject: str

    @property
    def text(self) -> str:
        """The value as written."""
        return self.row.value

    @cached_property
    def is_date(self) -> bool:
        """Whether it looks like a date with a time."""
        return looks_like_date(self.text)

    @cached_property
    def is_subject(self) -> bool:
        """Whether it is what the outer subject says."""
        return same_subject(self.outer_subject, self.text)

    @property
    def has_address(self) -> bool:
        """Whether an address stands in it, and it is not the subject."""
        return "@" in self.text and not self.is_subject

    @cached_property
    def people(self) -> tuple[Person, ...]:
        """The people it names."""
        return read_people(self.text)

    @cached_property
    def addresses(self) -> tuple[str, ...]:
        """The addresses it names."""
        return tuple(person.address for person in self.people if person.address)

    def fit(self, meaning: Meaning) -> float:
        """How well the value suits a meaning of its label: below zero where it cannot be that."""
        field = meaning.field
        if not self.text:
            return -1.0 if field in {Field.SENDER, Field.DATE} else 0.5
        if field is Field.DATE:
            return 3.0 if self.is_date else -3.0 if self.has_address else 0.5
        if field is Field.SUBJECT:
            return 3.0 if self.is_subject else 0.5 if self.has_address or self.is_date else 1.5
        if self.has_address:
            return 3.0 if field is Field.SENDER and len(self.addresses) == 1 else 2.0
        return -3.0 if self.is_date else -1.0 if self.is_subject else 1.0
