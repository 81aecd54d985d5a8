"""How much came of one user and through one log address, by the time of arrival, and what is over the limits.

A backlog that is taken in at once is no flood: what counts is when the border took each mail in. A mail that was held
back counts as come when it is let through, so that a flood drips at the rate of the limit. What is over a limit raises
an alarm in the transaction that meets it: no death of the worker can lose it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from peewee import SQL, fn

from crm_logger.core.model import Log, Refuse

from .alarms import raise_alarm
from .ledger import at_place
from .tables import Alarm, Decision, Deferral, Event, LogAddress, User, rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from crm_logger.core.model import Decision as Decided
    from crm_logger.core.model import Limits

    from .values import Place

MINUTE: Final = timedelta(minutes=1)
DAY: Final = timedelta(days=1)
PAUSE: Final = timedelta(minutes=15)
LONGEST_DOUBT: Final = timedelta(days=1)
ALARM: Final = "limit"
LEAST_ALARM: Final = timedelta(hours=1)
"""An alarm stays open so long at least: a flood of one minute must not escape who looks every few minutes."""
_CREATED: Final = SQL(
    "created > 0"
)  # as it stands in the partial index: with a parameter that would not be used
_OVER: Final = "over the limit: "


class _Who(NamedTuple):
    """A user or a log address (its id, or the column that holds it), and the column that names it."""

    column: Any
    id: Any

    def __str__(self) -> str:
        if self.column is Decision.log_address:
            return f"log address {self.id}"
        user = User.get_or_none(User.id == self.id)
        return f"user {user.name if user and user.name else self.id}"


def held_back(place: Place, uid: int, decisions: Sequence[Decided], now: datetime) -> str:
    """Put the mail off where it should wait, and return why; "" where it is to be taken in."""
    waiting = _waiting(place, uid)
    why = next(filter(None, (_reason(decision, waiting, now) for decision in decisions)), "")
    if why:
        row = waiting or Deferral(
            mailbox=place.mailbox, folder=place.folder, uidvalidity=place.uidvalidity, uid=uid, first_at=now
        )
        row.attempts, row.reason, row.not_before = 1, why, now + PAUSE
        row.save()
        if why.startswith(_OVER):
            raise_alarm(ALARM, f"Mails are held back, {why}.", now)
    return why


def counts_at(place: Place, uid: int, log: Log, now: datetime) -> datetime:
    """The time that a mail counts as: its arrival, or now if it was held back until now."""
    return _time_of(log, _waiting(place, uid), now)


def contacts_left(log: Log, at: datetime) -> int | None:
    """How many new contacts the mail may make by the limits of the day; None where there is none."""
    most = log.limits.contacts_a_day
    return None if most is None else max(0, most - max(_created(who, at) for who in _concerned(log)))


def note_mails(log: Log, at: datetime, now: datetime) -> None:
    """Tell the operator that a mail is over a limit: an alarm, and an event once a day for each limit."""
    for said in _over(log, at):
        _note(said, at, now)


def note_contacts(log: Log, at: datetime, now: datetime, *, of_the_day: bool) -> None:
    """Tell the operator that people did not become contacts: for the limit of the day, or that of one mail."""
    user, _ = _concerned(log)
    if of_the_day:
        said = f"more than {log.limits.contacts_a_day} new contacts a day of {user} or of its log address"
    else:
        said = f"too many new contacts in one mail of {user}"
    _note(said, at, now)


def is_calm(limits: Limits, now: datetime) -> bool:
    """Whether the alarm is an hour old, every rate is below its limit again, and nothing is held back any more."""
    alarm = Alarm.get_or_none(Alarm.kind == ALARM, Alarm.cleared.is_null())
    if alarm is None or now - alarm.raised < LEAST_ALARM:
        return False
    if Deferral.select().where(Deferral.reason.startswith(_OVER)).exists():
        return False
    return not any(query.exists() for query in _still_over(limits, now))


def _still_over(limits: Limits, now: datetime) -> Iterator[Any]:
    """Who is over a limit just now: by one seek in an index for each user and log address, however much mail there is."""
    mails, made = fn.COUNT(Decision.id), fn.COALESCE(fn.SUM(Decision.created), 0)
    for table, column in ((User, Decision.user), (LogAddress, Decision.log_address)):
        for most, window in ((limits.mails_a_minute, MINUTE), (limits.mails_a_day, DAY)):
            if most is not None:
                came = Decision.select(mails).where(_within(_Who(column, table.id), now, window))
                yield table.select().where(came > most)
        if limits.contacts_a_day is not None:
            came = Decision.select(made).where(_within(_Who(column, table.id), now, DAY), _CREATED)
            yield table.select().where(came >= limits.contacts_a_day)


def _note(said: str, at: datetime, now: datetime) -> None:
    """Raise the alarm; write down an event of the kind `limit`, once for each day of arrival."""
    detail = f"{at:%Y-%m-%d}: {said}"
    if not Event.select().where(Event.kind == "limit", Event.detail == detail).exists():
        Event.create(at=now, kind="limit", detail=detail)
    raise_alarm(ALARM, f"Over a limit on {detail}.", now)


def _reason(decision: Decided, waiting: Deferral | None, now: datetime) -> str:
    if isinstance(decision, Refuse):
        patient = waiting is None or now - waiting.first_at < LONGEST_DOUBT
        return decision.hold if patient else ""
    if not decision.limits.hold:
        return ""
    return next((_OVER + said for said in _over(decision, _time_of(decision, waiting, now))), "")


def _waiting(place: Place, uid: int) -> Deferral | None:
    return Deferral.get_or_none(at_place(Deferral, place), Deferral.uid == uid)


def _time_of(log: Log, waiting: Deferral | None, now: datetime) -> datetime:
    held = waiting is not None and waiting.reason.startswith(_OVER)
    return now if held or log.arrived_at is None else log.arrived_at


def _over(log: Log, at: datetime) -> Iterator[str]:
    """One sentence for each limit that one more mail would break."""
    told = ((log.limits.mails_a_minute, MINUTE, "a minute"), (log.limits.mails_a_day, DAY, "a day"))
    for who in _concerned(log):
        for most, window, name in told:
            if most is not None and _mails(who, at, window, most) >= most:
                yield f"more than {most} mails {name} of {who}"


def _concerned(log: Log) -> tuple[_Who, _Who]:
    return _Who(Decision.user, log.user), _Who(Decision.log_address, log.log_address)


def _within(who: _Who, at: datetime, window: timedelta) -> Any:
    return (who.column == who.id) & (Decision.counted_at > at - window) & (Decision.counted_at <= at)


def _mails(who: _Who, at: datetime, window: timedelta, most: int) -> int:
    return int(Decision.select(Decision.id).where(_within(who, at, window)).limit(most).count())


def _created(who: _Who, at: datetime) -> int:
    query = Decision.select(fn.SUM(Decision.created)).where(_within(who, at, DAY), _CREATED)
    return next((made or 0 for (made,) in rows(query)), 0)
