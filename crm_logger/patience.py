"""How long to wait after which trouble with the mailbox, and from when on it is an alarm. Decides; waits and tells nothing."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from crm_logger.mailbox import (
    MailboxAway,
    MailboxError,
    MailboxMisconfigured,
    MailboxRefused,
    ReauthRequired,
    Why,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

MINUTE: Final = 60.0
HOUR: Final = 60 * MINUTE
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 5 * MINUTE
REFUSED_PAUSE: Final = 30 * MINUTE
"""A server that counts failed logins locks the account."""
LOGINS: Final = 3
UNCERTAIN: Final = HOUR
LOGIN_PAUSES: Final = (MINUTE, 5 * MINUTE)
LONGEST_QUOTA_PAUSE: Final = 24 * HOUR
FREE_EVERY: Final = MINUTE


class State(StrEnum):
    """What the mailbox is, as the operator is told."""

    FINE = "fine"
    UNREACHABLE = "unreachable"
    GRAMMAR = "server-violates-grammar"
    THROTTLED = "throttled"
    OVER_QUOTA = "over-quota"
    PERMISSION = "permission?"
    LOGIN_REFUSED = "login-refused"
    AUTH_FAILED = "auth-failed"
    REAUTH_REQUIRED = "reauth-required"
    MISCONFIGURED = "misconfigured"


@dataclass(frozen=True, slots=True)
class Rest:
    """So many seconds until the next attempt, and the state meanwhile; `alarm` where an operator is to hear of it now."""

    seconds: float
    state: State
    since: datetime
    alarm: bool


class Patience:
    """Remembers what went wrong since the mailbox last worked. `jitter` spreads workers that come back together."""

    def __init__(self, jitter: Callable[[], float] = lambda: random.uniform(0.8, 1.2)) -> None:  # noqa: S311 -- no secret
        self.state = State.FINE
        self.since: datetime | None = None
        self._jitter = jitter
        self._seen: Counter[State] = Counter()
        self._uncertain_from: float | None = None
        self._told = State.FINE
        self._worked = False
        self._free_at = -FREE_EVERY

    def worked(self) -> State:
        """Note a look that came to its end; return the state that was told of and is over now, FINE where none was."""
        ended, self._told = self._told, State.FINE
        self.state, self.since, self._uncertain_from = State.FINE, None, None
        self._seen.clear()
        self._worked = True
        return ended

    def after(self, trouble: MailboxError, now: datetime, clock: float) -> Rest:
        """Return how to wait; `now` is the time (aware), `clock` monotonic seconds."""
        self.since = self.since or now
        kind = _kind(trouble)
        self._seen[kind] += 1
        seconds, self.state, is_alarm = self._judged(kind, trouble, clock)
        alarm = is_alarm and self._told is not self.state
        if alarm:
            self._told = self.state
        worked, self._worked = self._worked, False
        if worked and kind in _BREAKS and clock - self._free_at >= FREE_EVERY:
            self._free_at, seconds = clock, 0.0
        return Rest(seconds, self.state, self.since, alarm)

    def _judged(self, kind: State, trouble: MailboxError, clock: float) -> tuple[float, State, bool]:
        """Return seconds to wait, the state, and whether that is a matter for an operator."""
        times = self._seen[kind]
        told: float | None = getattr(trouble, "retry_after", None)
        if kind in _GIVEN_UP_AT:
            sure = times >= _GIVEN_UP_AT[kind]
            return told or self._back_off(times), kind if sure else State.UNREACHABLE, sure
        if kind is State.AUTH_FAILED:
            sure = times >= LOGINS
            state = State.AUTH_FAILED if sure else State.LOGIN_REFUSED
            return REFUSED_PAUSE if sure else LOGIN_PAUSES[times - 1], state, sure
        if kind is State.LOGIN_REFUSED:
            return self._unsure(times, clock)
        if kind is State.OVER_QUOTA:
            return doubled(told or REFUSED_PAUSE, times, LONGEST_QUOTA_PAUSE), kind, True
        return told or LONGEST_PAUSE, kind, kind in _AT_ONCE

    def _unsure(self, times: int, clock: float) -> tuple[float, State, bool]:
        """A server that does not say why it refuses a login may have a passing fault, for an hour."""
        self._uncertain_from = clock if self._uncertain_from is None else self._uncertain_from
        if clock - self._uncertain_from >= UNCERTAIN:
            return REFUSED_PAUSE, State.AUTH_FAILED, True
        return doubled(MINUTE, times, LONGEST_PAUSE), State.LOGIN_REFUSED, False

    def _back_off(self, times: int) -> float:
        return doubled(FIRST_PAUSE, times, LONGEST_PAUSE) * self._jitter()


_BREAKS: Final = frozenset({State.UNREACHABLE, State.GRAMMAR})
"""What a connection that worked ends with every now and then: the first new attempt needs no pause."""
_AT_ONCE: Final = frozenset({State.MISCONFIGURED, State.REAUTH_REQUIRED})
_GIVEN_UP_AT: Final = {State.UNREACHABLE: 3, State.GRAMMAR: 3, State.PERMISSION: 4}
"""So many times in a row may be chance."""
_KINDS: Final = {
    Why.UNREACHABLE: State.UNREACHABLE,
    Why.GRAMMAR: State.GRAMMAR,
    Why.THROTTLED: State.THROTTLED,
    Why.OVER_QUOTA: State.OVER_QUOTA,
    Why.PERMISSION: State.PERMISSION,
    Why.TOKEN_EXPIRED: State.UNREACHABLE,
}


def _kind(trouble: MailboxError) -> State:
    if isinstance(trouble, ReauthRequired):
        return State.REAUTH_REQUIRED
    if isinstance(trouble, MailboxRefused):
        return State.AUTH_FAILED if trouble.certain else State.LOGIN_REFUSED
    if isinstance(trouble, MailboxMisconfigured):
        return State.MISCONFIGURED
    return _KINDS[trouble.why] if isinstance(trouble, MailboxAway) else State.UNREACHABLE


def doubled(first: float, times: int, longest: float) -> float:
    """Return how long to wait before the next attempt: twice as long each time, up to the longest."""
    return min(first * 2.0 ** min(times - 1, 30), longest)
