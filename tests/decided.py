"""What was decided about a mail, in the words in which tests ask for it."""

from __future__ import annotations

from typing import Any

from crm_logger.core.model import (
    Entry,
    Fate,
    Log,
    Reason,
    Refuse,
)
from crm_logger.core.settle import settle
from tests import cast
from tests.cast import (
    logged,
)

OUTER_DATE = ("Date", "Mon, 4 May 2026 11:00:00 +0200")


def entry_of(raw: bytes, **known: Any) -> Entry:
    (entry,) = logged(raw, cast.directory(**known) if known else None).entries
    return entry


def fates(raw: bytes, *contacts: str, **known: Any) -> dict[str, Fate | None]:
    """What becomes of each person, once it is known who is a contact; never-log people stand under their entry."""
    settled = settle(entry_of(raw, **known), contacts, logged=False)
    return {p.person.address or p.never_log: p.fate for p in settled.participants}


def reason(raw: bytes, **known: Any) -> Reason:
    """The reason, with nobody a contact yet and nothing logged."""
    (decision,) = cast.decide(raw, cast.directory(**known) if known else None)
    if isinstance(decision, Log):
        settled = settle(decision.entries[0], (), logged=False)
        return settled.reason if isinstance(settled, Refuse) else Reason.LOGGED
    return decision.reason
