"""Keeps the tokens of log addresses out of what is stored about a mail: whoever has a token can write to timelines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crm_logger.core.model import Fate, Person

if TYPE_CHECKING:
    from crm_logger.core.model import Participant

_TOKEN = re.compile(r"\b(bcc|forward)-[a-z0-9]{16,}(?:\+[^\s@<>\"]*)?@", re.IGNORECASE)
_LOCAL_PART = re.compile(r"^(bcc|forward)-.*@", re.IGNORECASE | re.DOTALL)


def masked(text: str) -> str:
    """Return the text with each token, and the tag behind it, as `…`."""
    if "@" not in text or "-" not in text:
        return text
    return _TOKEN.sub(r"\1-…@", text)


def shown(participant: Participant) -> Person:
    """Return the person as it may be stored: a log address without its token."""
    person = participant.person
    if participant.fate is not Fate.LOG_ADDRESS:
        return person
    return Person(_without_token(person.name), _without_token(person.address))


def _without_token(text: str) -> str:
    return masked(_LOCAL_PART.sub(r"\1-…@", text))
