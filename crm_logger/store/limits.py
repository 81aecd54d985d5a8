"""How much came of one user and through one log address, by the time of arrival, and what is over the limits.

A backlog that is taken in at once is no flood: what counts is when the border took each mail in. A mail that was held
back counts as come when it is let through, so that a flood drips at the rate of the limit. What is over a limit raises
an alarm in the transaction that meets it: no death of the worker can lose it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from peewee import SQL, fn

from crm_logger.core.model import Log, Refuse

from .alarms import raise_alarm
from .counted import DAY, MINUTE, Counted, Who
from .tables import Alarm, Decision, Deferral, Event, LogAddress, User

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from crm_logger.core.model import Decision as Decided
    from crm_logger.core.model import Limits

    from .values import Place

PAUSE: Final = timedelta(minutes=15)
LONGEST_DOUBT: Final = timedelta(days=1)
ALARM: Final = "limit"
LEAST_ALARM: Final = timedelta(hours=1)
"""An alarm stays open so long at least: a flood of one minute must not escape who looks every few minutes."""
_CREATED: Final = SQL("created > 0")
"""As it stands in the partial index: with a parameter that would not be used."""
_OVER: Final = "over the limit: "


class LimitWatch:
    """Applies the limits to the mails of a place, one after the other; `counted` is what came before each."""

    def __init__(self, counted: Counted, now: datetime) -> None:
        self._counted = counted
        self._now = now
        self._noted: set[str] = set()
        self._alarmed = self._sounded = ""

    def held_back(
        self, place: Place, uid: int, decisions: Sequence[Decided], waiting: Deferral | None
    ) -> str:
        """Put the mail off where it should wait, and return why; "" where it is to be taken in."""
        why = next(filter(None, (self._reason(decision, waiting) for decision in decisions)), "")
        if why:
            row = waiting or Deferral(
                mailbox=place.mailbox,
                folder=place.folder,
                uidvalidity=place.uidvalidity,
                uid=uid,
                first_at=self._now,
            )
            row.attempts, row.reason, row.not_before = 1, why, self._now + PAUSE
            row.save()
            if why.startswith(_OVER):
                self._sound(f"Mails are held back, {why}.")
        return why

    def counts_at(self, log: Log, waiting: Deferral | None) -> datetime:
        """The time that a mail counts as: its arrival, or now if it was held back until now."""
        held = waiting is not None and waiting.reason.startswith(_OVER)
        return self._now if held or log.arrived_at is None else log.arrived_at

    def contacts_left(self, log: Log, at: datetime) -> int | None:
        """How many new contacts the mail may make by the limits of the day; None where there is none."""
        most = log.limits.contacts_a_day
        if most is None:
            return None
        return max(0, most - max(self._counted.created(who, at) for who in _concerned(log)))

    def note_mails(self, log: Log, at: datetime) -> None:
        """Tell the operator that a mail is over a limit: an alarm, and an event once a day for each limit."""
        for said in self._over(log, at):
            self._note(said, at)

    def note_contacts(self, log: Log, at: datetime, *, of_the_day: bool) -> None:
        """Tell the operator that people did not become contacts: for the limit of the day, or that of one mail."""
        user, _ = _concerned(log)
        if of_the_day:
            said = f"more than {log.limits.contacts_a_day} new contacts a day of {user} or of its log address"
        else:
            said = f"too many new contacts in one mail of {user}"
        self._note(said, at)

    def count(self, log: Log, at: datetime, created: int) -> None:
        """The mail is logged, and has made so many contacts."""
        for who in _concerned(log):
            self._counted.add(who, at, created)

    def finish(self) -> None:
        """Give the alarm, if it was raised, its last detail: in a flood each mail has one."""
        if self._alarmed != self._sounded:
            raise_alarm(ALARM, self._alarmed, self._now)

    def _note(self, said: str, at: datetime) -> None:
        """Raise the alarm; write down an event of the kind `limit`, once for each day of arrival."""
        detail = f"{at:%Y-%m-%d}: {said}"
        if detail not in self._noted:
            self._noted.add(detail)
            if not Event.select().where(Event.kind == "limit", Event.detail == detail).exists():
                Event.create(at=self._now, kind="limit", detail=detail)
        self._sound(f"Over a limit on {detail}.")

    def _sound(self, detail: str) -> None:
        if not self._alarmed:
            raise_alarm(ALARM, detail, self._now)
            self._sounded = detail
        self._alarmed = detail

    def _reason(self, decision: Decided, waiting: Deferral | None) -> str:
        if isinstance(decision, Refuse):
            patient = waiting is None or self._now - waiting.first_at < LONGEST_DOUBT
            return decision.hold if patient else ""
        if not decision.limits.hold:
            return ""
        return next((_OVER + said for said in self._over(decision, self.counts_at(decision, waiting))), "")

    def _over(self, log: Log, at: datetime) -> Iterator[str]:
        """One sentence for each limit that one more mail would break."""
        told = ((log.limits.mails_a_minute, MINUTE, "a minute"), (log.limits.mails_a_day, DAY, "a day"))
        for who in _concerned(log):
            for most, window, name in told:
                if most is not None and self._counted.reaches(who, at, window, most):
                    yield f"more than {most} mails {name} of {who}"


def _concerned(log: Log) -> tuple[Who, Who]:
    return Who("user_id", log.user), Who("log_address_id", log.log_address)


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
                came = Decision.select(mails).where(column == table.id, *_within(now, window))
                yield table.select().where(came > most)
        if limits.contacts_a_day is not None:
            came = Decision.select(made).where(column == table.id, *_within(now, DAY), _CREATED)
            yield table.select().where(came >= limits.contacts_a_day)


def _within(at: datetime, window: timedelta) -> tuple[Any, Any]:
    return Decision.counted_at > at - window, Decision.counted_at <= at
