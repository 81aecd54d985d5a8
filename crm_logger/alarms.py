"""Alarms: what is wrong and needs a person, from the moment it is noticed until it is over."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from crm_logger.store import StoreError, limits

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from crm_logger.store import Store

log = logging.getLogger("crm_logger.alarms")


class AlarmKind(StrEnum):
    """What an alarm is about; docs/operating.md tells of each what it means and what to do."""

    AUDIT = "audit"
    SET_ASIDE = "set-aside"
    DISK = "disk"
    DATABASE = "database"
    BACKUP = "backup"
    JOB = "job"
    POLL_STALE = "poll-stale"
    AUTH_FAILED = "auth-failed"
    REAUTH_REQUIRED = "reauth-required"
    UNREACHABLE = "unreachable"
    MISCONFIGURED = "misconfigured"
    PERMISSION = "permission"
    OVER_QUOTA = "over-quota"
    MAILBOX_FULL = "mailbox-full"
    GRAMMAR = "server-violates-grammar"
    LIMIT = limits.ALARM


OF_THE_MAILBOX = frozenset(
    {
        AlarmKind.AUTH_FAILED,
        AlarmKind.REAUTH_REQUIRED,
        AlarmKind.UNREACHABLE,
        AlarmKind.MISCONFIGURED,
        AlarmKind.PERMISSION,
        AlarmKind.OVER_QUOTA,
        AlarmKind.GRAMMAR,
    }
)
"""Over as soon as a look at the mailbox comes to its end."""


OF_ONE_MAILBOX = OF_THE_MAILBOX | {AlarmKind.AUDIT, AlarmKind.POLL_STALE, AlarmKind.MAILBOX_FULL}
"""Where there are several mailboxes, each has these for itself: `unreachable:sales`."""


class Alarming(Protocol):
    """Where alarms are raised and cleared."""

    def sound(self, kind: str, detail: str) -> None:
        """Raise an alarm."""

    def clear(self, *kinds: str) -> None:
        """Clear those that are open."""

    def is_open(self, kind: str) -> bool:
        """Whether one of that kind is open."""

    def refresh(self) -> None:
        """Learn what the database says."""


class Alarms:
    """Raises and clears alarms, each with one log line. Safe in every thread; never raises.

    What the database cannot take just now (it may be what the alarm is about) is written down later.
    """

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._lock = threading.Lock()
        self._open: dict[str, str] = {each.kind: each.detail for each in store.open_alarms()}
        self._unwritten: set[str] = set()

    def sound(self, kind: str, detail: str) -> None:
        """Raise an alarm; where it is open already it learns the new detail."""
        with self._lock:
            new, known = kind not in self._open, self._open.get(kind) == detail
            self._open[kind] = detail
            if new:
                _tell(kind, detail)
            if not known:
                self._write(kind)

    def clear(self, *kinds: str) -> None:
        """Clear those of the alarms that are open."""
        with self._lock:
            for kind in sorted(self._open.keys() & set(kinds)):
                del self._open[kind]
                log.info("the alarm is over", extra={"alarm": str(kind)})
                self._write(kind)

    def clear_of_others(self, mailboxes: Collection[str]) -> None:
        """Clear what is about a mailbox that is none of these: the settings name it no longer, and nobody looks into it."""
        theirs = {alarm_of(kind, each) for kind in OF_ONE_MAILBOX for each in mailboxes}
        with self._lock:
            opened = {kind for kind in self._open if kind.partition(":")[0] in OF_ONE_MAILBOX}
        self.clear(*(opened - theirs))

    def is_open(self, kind: str) -> bool:
        """Whether an alarm of that kind is open."""
        with self._lock:
            return kind in self._open

    def of(self, mailbox: str) -> Alarming:
        """Return the alarms as one of several mailboxes raises them; "" is the only mailbox there is."""
        return _MailboxAlarms(self, mailbox) if mailbox else self

    def refresh(self) -> None:
        """Write down what the database could not take before; learn what was cleared by hand, or raised with a mail."""
        with self._lock:
            for kind in sorted(self._unwritten):
                self._write(kind)
            if not self._unwritten:
                with suppress(StoreError):
                    self._learn({each.kind: each.detail for each in self._store.open_alarms()})

    def _learn(self, opened: dict[str, str]) -> None:
        for kind in sorted(opened.keys() - self._open.keys()):
            _tell(kind, opened[kind])
        self._open = opened

    def _write(self, kind: str) -> None:
        self._unwritten.discard(kind)
        try:
            if kind in self._open:
                self._store.raise_alarm(kind, self._open[kind], self._now())
            else:
                self._store.clear_alarm(kind, self._now())
        except StoreError:
            self._unwritten.add(kind)


def _tell(kind: str, detail: str) -> None:
    log.error("alarm: %s", detail, extra={"alarm": str(kind)})


class _MailboxAlarms:
    """What is about one mailbox alone carries its name; the rest is raised by all of them as one."""

    def __init__(self, alarms: Alarms, mailbox: str) -> None:
        self._alarms = alarms
        self._mailbox = mailbox

    def sound(self, kind: str, detail: str) -> None:
        self._alarms.sound(self._named(kind), detail)

    def clear(self, *kinds: str) -> None:
        self._alarms.clear(*map(self._named, kinds))

    def is_open(self, kind: str) -> bool:
        return self._alarms.is_open(self._named(kind))

    def refresh(self) -> None:
        self._alarms.refresh()

    def _named(self, kind: str) -> str:
        return alarm_of(kind, self._mailbox)


def alarm_of(kind: str, mailbox: str) -> str:
    """Return what an alarm of that kind is called where it is about this mailbox, or about none in particular."""
    return f"{kind}:{mailbox}" if mailbox and kind in OF_ONE_MAILBOX else kind
