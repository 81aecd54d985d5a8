"""The loop of one mailbox: looks when its bell rings, waits for the server between looks, and rests after trouble."""

from __future__ import annotations

import logging
import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from crm_logger.alarms import OF_THE_MAILBOX, AlarmKind
from crm_logger.audit import audit, told_of
from crm_logger.core.model import Outcome
from crm_logger.fullness import watch_fullness
from crm_logger.intake import Intake, Turn
from crm_logger.isolation import Reader, ReaderError
from crm_logger.mailbox import (
    MailboxAway,
    MailboxError,
    MailboxMisconfigured,
    MailboxRefused,
    Memory,
    Why,
    connect,
)
from crm_logger.patience import Patience, State, doubled
from crm_logger.signs import Signs
from crm_logger.space import shortage
from crm_logger.store import StoreCorruptError, StoreError, accounting, limits
from crm_logger.store.connection import database_folder
from crm_logger.store.lease import LeadLostError
from crm_logger.systemd import notify

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from threading import Event

    from crm_logger.alarms import Alarms
    from crm_logger.bell import StopBell
    from crm_logger.config import Config
    from crm_logger.mailbox import Mailbox
    from crm_logger.store import Store
    from crm_logger.timetable import Failures

log = logging.getLogger("crm_logger.loop")

EX_OK, EX_TEMPFAIL, EX_NOPERM, EX_CONFIG = 0, 75, 77, 78  # sysexits.h
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 300.0
LOOK_NOTED_SECONDS = 5.0
WAIT = 1.25  # intervals: should the scheduler not ring, a look is taken all the same
IN_VAIN = 5
LAST_AUDIT = 3
"""An audit that a folder cuts off is left for the next day at this attempt."""
CONNECTING = 12
"""Timeouts: so long at most takes a connection with its greeting, its login and the opening of the folder."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What the loops of one worker share. `idle` is set while mail is waited for; `looked` hears of finished looks.

    `keep_pace` is called between the batches of a single look. `give_up` ends the worker with a sentence and a status.
    """

    store: Store
    alarms: Alarms
    failures: Failures
    idle: Event
    keep_pace: Callable[[], None]
    looked: Callable[[], None]
    give_up: Callable[[str, int], None]
    now: Callable[[], datetime]


class Loop:
    """Looks into one mailbox, whenever its bell rings."""

    def __init__(self, config: Config, shared: Shared, bell: StopBell) -> None:
        self.config = config
        self.bell = bell
        self.alarms = shared.alarms.of(config.label)
        self.signs = Signs(config, self.alarms, self._stopping)
        self._shared = shared
        self._store = shared.store
        self._now = shared.now
        self._pause = FIRST_PAUSE
        self._folder = database_folder(config.database_url)
        # Each counts its own failures: those of one mailbox are not over when another one works.
        self._poll = f"poll of {config.label}" if config.label else "poll"
        self._patience = Patience()
        self._memory = Memory()
        self._in_vain = 0
        self._whole_due = self._audit_due = True
        self._audits_cut_off = 0
        self._looked = -LOOK_NOTED_SECONDS

    def look_once(self, reader: Reader, *, dry_run: bool) -> int:
        """Look once at the whole folder; return the exit status."""
        if not dry_run and (short := self._shortage()):
            return self._failed(short, EX_TEMPFAIL)
        try:
            with connect(self.config) as mailbox:
                intake = Intake(
                    self.config,
                    self._store,
                    mailbox,
                    reader,
                    self._now,
                    self._between_mails,
                    click.echo,
                    self._shared.keep_pace,
                )
                turn = intake.turn(whole=True, dry_run=dry_run)
                self._tell(turn)
                if turn.finished and not dry_run:
                    self._store.note_look(intake.place(), turn.up_to, self._now())
                    self._watch_limits()
        except MailboxRefused as trouble:
            return self._failed(trouble, EX_NOPERM)
        except MailboxMisconfigured as trouble:
            return self._failed(trouble, EX_CONFIG)
        except (MailboxAway, ReaderError, StoreError) as trouble:
            return self._failed(trouble, EX_TEMPFAIL)
        return EX_OK

    def serve(self) -> None:
        """Look now, at every ring and whenever the server tells of new mail, until the bell says stop."""
        log.info("started", extra=self._told(mailbox=self.config.imap_user, folder=self.config.imap_folder))
        while not self._stopping():
            self._session()

    def want_audit(self) -> None:
        """Have the next look see the whole folder, and compare it with the ledger."""
        self._whole_due = self._audit_due = True
        self.bell.ring()

    def _session(self) -> None:
        """One connection, until it breaks or the worker stops."""
        self.signs.waits(CONNECTING * self.config.imap_timeout)
        try:
            with connect(self.config, self._memory) as mailbox, Reader() as reader:
                self.signs.watchdog.cut = mailbox.cut
                self.signs.deadline = lambda: mailbox.deadline
                self.signs.waits(0)
                intake = Intake(self.config, self._store, mailbox, reader, self._now, self._between_mails)
                while not self._stopping():
                    self._look(intake, mailbox)
                    self._await_mail(mailbox, reader)
                    if mailbox.login_is_due:
                        break
        except MailboxError as trouble:
            self._wait_for_mailbox(trouble)
        except StoreCorruptError as trouble:
            self._shared.give_up(str(trouble), EX_CONFIG)
        except (ReaderError, StoreError) as trouble:
            if isinstance(trouble, StoreError) and self._still_leads(trouble):
                self.alarms.sound(AlarmKind.DATABASE, str(trouble))
            self._rest(trouble, self._next_pause())
        except Exception as bug:  # noqa: BLE001 -- it is told with its traceback; the next attempt may meet no bug
            self._shared.failures.failed(self._poll, bug)
            self._rest(bug, self._next_pause())

    def _still_leads(self, trouble: StoreError) -> bool:
        """Whether trouble with the database is its own: whoever takes over cuts off the worker that led before."""
        try:
            self._store.require_lead()
        except LeadLostError:
            return False
        return not isinstance(trouble, LeadLostError)

    def _await_mail(self, mailbox: Mailbox, reader: Reader) -> None:
        """Wait for the server or the scheduler. A server that tells of mail and has none is soon listened to less."""
        if self._in_vain > IN_VAIN:
            pause = doubled(1.0, self._in_vain - IN_VAIN, self.config.poll_interval)
            self.signs.waits(pause)
            self.bell.sleep(pause, self._stopping)
        self._shared.idle.set()
        self.signs.waits(WAIT * self.config.poll_interval)
        told = mailbox.wait(WAIT * self.config.poll_interval, self.bell.socket)
        self.signs.waits(0)
        self._shared.idle.clear()
        if told:
            reader.rouse()
        self._in_vain = self._in_vain + 1 if told else 0

    def _look(self, intake: Intake, mailbox: Mailbox) -> None:
        self.bell.silence()
        if short := self._shortage():
            self.alarms.sound(AlarmKind.DISK, short)
            mailbox.noop()
            self.signs.looked()
            return
        whole, self._whole_due = self._whole_due, False
        turn = intake.turn(whole=whole)
        self._whole_due = self._whole_due or (whole and not turn.finished)
        self._pause = FIRST_PAUSE
        self._in_vain = 0 if turn.outcomes else self._in_vain
        self._tell_what_is_over()
        if turn.finished:
            self._note_look(intake, turn, mailbox, whole=whole)
        if turn.outcomes or whole:
            self._tell(turn)

    def _note_look(self, intake: Intake, turn: Turn, mailbox: Mailbox, *, whole: bool) -> None:
        """A look came to its end. That is written down every few seconds, not for each mail of a burst."""
        now = time.monotonic()
        if whole or now - self._looked >= LOOK_NOTED_SECONDS:
            self._store.note_look(intake.place(), turn.up_to, self._now())
            self._looked = now
            self._watch_limits()
        self.alarms.clear(AlarmKind.DISK, AlarmKind.DATABASE)
        self._shared.failures.worked(self._poll)
        self._watch_failed(turn.outcomes, whole=whole)
        self.signs.looked()
        self._shared.looked()
        if whole and self._audit_due:
            self._audit(mailbox)
            watch_fullness(mailbox, self.alarms)
            self._audit_due = False

    def _watch_limits(self) -> None:
        """Tell of the alarm that came with a mail over a limit; it is over when every rate is below its limit again."""
        self.alarms.refresh()
        if self.alarms.is_open(AlarmKind.LIMIT):
            with self._store.reading():
                calm = limits.is_calm(self.config.policy.limits, self._now())
            if calm:
                self.alarms.clear(AlarmKind.LIMIT)

    def _audit(self, mailbox: Mailbox) -> None:
        # It has connections of its own, each command with a deadline; the watchdog holds all the same.
        self.signs.waits(self.signs.watchdog.seconds)
        try:
            found = audit(self.config, self._store, mailbox)
        except MailboxError as trouble:  # each look worked, so that nobody would ever hear of it
            self._audits_cut_off += 1
            if self._audits_cut_off < LAST_AUDIT:
                raise
            self.alarms.sound(AlarmKind.AUDIT, f"The audit could not be made. {trouble}")
            return
        self._audits_cut_off = 0
        if any(each.new for each in found.accounts):
            self.bell.ring()  # that they came was told to the audit, and is no news any more
        for each in found.accounts:
            log.info("audited", extra=self._told(**told_of(each)))
        if difference := found.difference():
            self.alarms.sound(AlarmKind.AUDIT, difference)
        else:
            self.alarms.clear(AlarmKind.AUDIT)

    def _watch_failed(self, outcomes: dict[Outcome, int], *, whole: bool) -> None:
        """A worker that died when it had set a mail aside raised no alarm; the next one does, in its first look."""
        if not (whole or Outcome.FAILED in outcomes or self.alarms.is_open(AlarmKind.SET_ASIDE)):
            return
        with self._store.reading():
            number = accounting.failed()
            unheard = accounting.failed_unheard(AlarmKind.SET_ASIDE)
        if Outcome.FAILED in outcomes or unheard:
            self.alarms.sound(
                AlarmKind.SET_ASIDE,
                f"{number} mails could not be taken in and are set aside: crm-logger receipts --not-logged lists them.",
            )
        elif not number:
            self.alarms.clear(AlarmKind.SET_ASIDE)

    def _shortage(self) -> str:
        return shortage(self.config, self._folder)

    def _between_mails(self) -> bool:
        """Asked by the intake whether to stop: where the worker is to end, and where the disk fills up."""
        self.signs.went_on()
        return self._stopping() or bool(self._shortage())

    def _wait_for_mailbox(self, trouble: MailboxError) -> None:
        rest = self._patience.after(trouble, self._now(), time.monotonic())
        told = {"state": rest.state.value, "since": rest.since.isoformat(timespec="seconds")}
        if rest.alarm:
            kind = rest.state.value.rstrip("?")
            self.alarms.clear(*OF_THE_MAILBOX - {kind})
            self.alarms.sound(kind, str(trouble))
        if getattr(trouble, "why", None) is Why.TOKEN_EXPIRED and not rest.seconds:
            log.info("%s", trouble)
            self._whole_due = True  # a whole look that this cut off is taken again
            return
        self._rest(trouble, rest.seconds, **told)

    def _tell_what_is_over(self) -> None:
        """After a look that came to its end."""
        if (state := self._patience.worked()) is not State.FINE:
            log.info("the mailbox is back", extra=self._told(it_was=state.value))
        self.alarms.clear(*OF_THE_MAILBOX)

    def _rest(self, trouble: Exception, seconds: float, **told: str) -> None:
        log.error("%s", trouble, extra=self._told(next_try_in=round(seconds), **told))
        self._whole_due = True
        self.signs.rests(seconds)
        notify(f"STATUS={told.get('state', 'resting')}: next try in {round(seconds)} s")
        self.bell.sleep(seconds, self._stopping)

    def _next_pause(self) -> float:
        """Twice as long each time, with jitter so that many workers do not come back at once."""
        pause, self._pause = self._pause, min(2 * self._pause, LONGEST_PAUSE)
        return pause * random.uniform(0.8, 1.2)  # noqa: S311 -- jitter is no secret

    def _stopping(self) -> bool:
        return self.bell.stopped

    def _tell(self, turn: Turn) -> None:
        counts = {outcome.value: number for outcome, number in sorted(turn.outcomes.items())}
        log.info("looked", extra=self._told(**counts, deferred=turn.deferred))

    def _told(self, **facts: object) -> dict[str, object]:
        """What a log line tells besides; where there are several mailboxes, of which it is."""
        return {"of": self.config.label, **facts} if self.config.label else facts

    def _failed(self, trouble: Exception | str, status: int) -> int:
        log.error("%s", trouble)
        return status
