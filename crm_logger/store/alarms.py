"""Alarms, and when the mailbox was last looked at. Each function runs in a transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from peewee import Case

from .statements import ask, tell
from .tables import Alarm, Event, FolderState, Mailbox, Receipt

if TYPE_CHECKING:
    from datetime import datetime

    from .values import Place


@dataclass(frozen=True, slots=True)
class Raised:
    """An alarm; `cleared` is None while it is open."""

    kind: str
    detail: str
    raised: datetime
    cleared: datetime | None = None


def raise_alarm(kind: str, detail: str, now: datetime) -> bool:
    """Raise an alarm; True where none of its kind was open. An open one learns the newest detail."""
    told = Alarm.detail.db_value(detail)
    for alarm, known in ask("SELECT id, detail FROM alarm WHERE kind = ? AND cleared IS NULL", str(kind)):
        if known != told:
            tell("UPDATE alarm SET detail = ? WHERE id = ?", told, alarm)
        return False
    # Where another program raises it in this very moment it is one alarm all the same.
    Alarm.insert(kind=kind, detail=detail, raised=now).on_conflict_ignore().execute()
    Event.create(at=now, kind="alarm-raised", detail=f"{kind}: {detail}")
    return True


def clear_alarm(kind: str, now: datetime) -> bool:
    """Clear an alarm; True where it was open."""
    cleared = Alarm.update(cleared=now).where(Alarm.kind == kind, Alarm.cleared.is_null()).execute()
    if cleared:
        Event.create(at=now, kind="alarm-cleared", detail=kind)
    return bool(cleared)


def alarms(*, open_only: bool = True) -> list[Raised]:
    """The alarms, the newest first."""
    found = Alarm.select().order_by(Alarm.raised.desc(), Alarm.id.desc())
    if open_only:
        found = found.where(Alarm.cleared.is_null())
    return [Raised(row.kind, row.detail, row.raised, row.cleared) for row in found]


def write_nothing() -> None:
    """Change no row. Where the database is read-only SQLite refuses that, but not the mere BEGIN IMMEDIATE."""
    Alarm.update(detail=Alarm.detail).where(Alarm.id < 0).execute()


def note_look(place: Place, up_to: int, now: datetime) -> None:
    """Remember that a look at the folder came to its end, and the highest UID that it saw."""
    known = FolderState.looked_up_to
    seen = Case(None, ((known < up_to, up_to),), known)
    FolderState.update(looked_at=now, looked_up_to=seen).where(
        FolderState.mailbox == place.mailbox,
        FolderState.folder == place.folder,
        FolderState.uidvalidity == place.uidvalidity,
    ).execute()


def looked_up_to(place: Place) -> int:
    """The highest UID that a look which came to its end saw; 0 where there was none."""
    state = FolderState.get_or_none(
        FolderState.mailbox == place.mailbox,
        FolderState.folder == place.folder,
        FolderState.uidvalidity == place.uidvalidity,
    )
    return state.looked_up_to if state else 0


def last_look(mailbox: str) -> datetime | None:
    """When a look at a folder of that mailbox last came to its end."""
    found = (
        FolderState.select()
        .join(Mailbox)
        .where(Mailbox.name == mailbox, FolderState.looked_at.is_null(False))
    )
    newest = found.order_by(FolderState.looked_at.desc()).first()
    return newest.looked_at if newest else None


def last_sign(mailbox: str) -> datetime | None:
    """When the worker last did something for that mailbox: ended a look, or took in a mail."""
    newest = (
        Receipt.select(Receipt.taken_at)
        .join(Mailbox)
        .where(Mailbox.name == mailbox)
        .order_by(Receipt.taken_at.desc())
        .first()
    )
    signs = (last_look(mailbox), newest.taken_at if newest else None)
    return max((sign for sign in signs if sign), default=None)
