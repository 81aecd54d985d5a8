"""The last part of a decision, which only the database's transaction can know: who is a contact, what is logged already."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .fates import nobody_left, with_fate
from .model import Fate, Reason, Refuse

if TYPE_CHECKING:
    from collections.abc import Container

    from .model import Entry, Participant

_STANDS = frozenset({Fate.CREATED, Fate.ASSOCIATED})


def settle(entry: Entry, contacts: Container[str], *, logged: bool) -> Entry | Refuse:
    """Return the entry with every participant's fate, or why it is not logged after all.

    `contacts` holds the addresses that are contacts of the account already; `logged` says whether an engagement with
    the entry's key exists. A Refuse made here names account 0: the caller knows which account it is.
    """
    if entry.only_captured and not logged and entry.otherwise is not None:
        return entry.otherwise
    settled = _with_fates(entry.participants, contacts, entry.contact_limit)
    if logged or any(participant.fate in _STANDS or _over_limit(participant) for participant in settled):
        return replace(entry, participants=settled)
    reason = nobody_left(settled)
    subject = "" if reason is Reason.NEVER_LOG else entry.subject
    return Refuse(account=0, reason=reason, participants=settled, subject=subject)


def _with_fates(
    participants: tuple[Participant, ...], contacts: Container[str], limit: int
) -> tuple[Participant, ...]:
    room = limit
    settled = []
    for participant in participants:
        known = participant.person.address in contacts
        decided = with_fate(participant, is_contact=known, room=room > 0)
        room -= decided.fate is Fate.CREATED and participant.fate is None
        settled.append(decided)
    return tuple(settled)


def _over_limit(participant: Participant) -> bool:
    """A mail to more people than may be created is logged all the same; nobody is lost silently."""
    return participant.fate is Fate.NOT_CREATED_LIMIT
