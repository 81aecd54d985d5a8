"""One mail through the five steps: fetch, parse, classify, record, file. The only place that catches everything."""

from __future__ import annotations

import logging
import traceback
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, TypeGuard

from crm_logger.attempts import Attempts
from crm_logger.core.model import RawMail, Reason, Refuse
from crm_logger.filing import Filer, outcome_of
from crm_logger.isolation import Death, Fault, Read, ReaderError
from crm_logger.mailbox import Envelope, MailboxError
from crm_logger.store import Place, StoreError, Taking

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence
    from datetime import datetime

    from crm_logger.config import Config
    from crm_logger.core.model import Decision, Directory, Outcome
    from crm_logger.isolation import Reader, Reading
    from crm_logger.mailbox import Mailbox, Unfetched
    from crm_logger.store import Recorded, Store

log = logging.getLogger("crm_logger.intake")

DEFERRAL = timedelta(minutes=15)
AT_ONCE, AT_ONCE_BYTES = 100, 4 * 1024 * 1024
"""So many mails, of so many bytes together, are recorded in one transaction."""
LAST_ATTEMPT = 5
"""A mail that the server lists and never gives is set aside at this attempt, an hour after the first."""
LAST_QUESTION = LAST_ATTEMPT + 2
"""Its sender and subject are asked for until then: the attempt before may have died of something else than that question."""


@dataclass(slots=True)
class Turn:
    """What one look at the mailbox came to; `up_to` is the highest UID that was there to be looked at."""

    outcomes: dict[Outcome, int] = field(default_factory=dict)
    deferred: int = 0
    finished: bool = True
    up_to: int = 0

    def count(self, reasons: Iterable[Reason]) -> None:
        """Count the outcomes of one mail."""
        for outcome in {reason.outcome for reason in reasons}:
            self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1


@dataclass(frozen=True, slots=True)
class Intake:
    """Takes in what lies in one mailbox; `reader` parses and decides. `stopping` is asked between two mails; `now` tells the time (aware).

    `show` gets the lines of a dry run. `recorded` is called after each batch, while the reader reads on.
    """

    config: Config
    store: Store
    mailbox: Mailbox
    reader: Reader
    now: Callable[[], datetime]
    stopping: Callable[[], bool] = lambda: False
    show: Callable[[str], None] = log.info
    recorded: Callable[[], None] = lambda: None
    _opened: list[Place] = field(default_factory=list, init=False, repr=False)
    """The place of the last look: on one connection its UIDs keep their meaning."""

    def turn(self, *, whole: bool = False, dry_run: bool = False) -> Turn:
        """Look at the mailbox once: work = messages in the folder without a receipt.

        `whole` looks at the entire folder instead of what lies above the low-water mark. Raises MailboxAway or
        StoreError where the world is away; the next turn goes on where this one ended.
        """
        place = self.place()
        if not dry_run:
            if whole or self._opened != [place]:
                self._see_whose_uids_these_are(place)
                Attempts(self.store, place).count_left_in_hand(self.now())
                self._opened[:] = [place]
            self._filer(place).file_what_is_left()
            self._filer(place).move_what_is_left(self.now())
        low_water, put_off = self.store.looked_from(place)
        low_water, now = 0 if whole else low_water, self.now()
        due = any(not_before <= now for not_before in put_off.values())
        if not (whole or due or self.mailbox.stirred(low_water)):
            return Turn(deferred=len(put_off), up_to=low_water)
        uids = self.mailbox.uids(above=low_water, also=sorted(put_off))
        if not dry_run and (whole or not put_off.keys() <= set(uids)):
            self.store.forget_gone(place, set(uids))
        waiting = {uid for uid in uids if uid in put_off and put_off[uid] > now}
        work = [uid for uid in self.store.without_receipt(place, uids) if uid not in waiting]
        turn = Turn(deferred=len(waiting), up_to=max([low_water, *uids]))
        if work:
            directory = self.store.load_directory(self.config.policy)
            take_all = self._show_all if dry_run else self._take_all
            turn.finished = take_all(place, work, directory, turn)
        if turn.finished and uids and not dry_run:
            self._move_low_water(place, uids)
        return turn

    def take_in(self, uids: list[int]) -> Turn:
        """Take in these mails, none of which has a receipt."""
        turn = Turn(up_to=max(uids, default=0))
        directory = self.store.load_directory(self.config.policy)
        turn.finished = self._take_all(self.place(), uids, directory, turn)
        return turn

    def place(self) -> Place:
        """Return where the mailbox's UIDs are valid (RFC 3501 §2.3.1.1)."""
        folder, uidvalidity = self.mailbox.folder, self.mailbox.uidvalidity
        for known in self._opened:
            if (known.folder, known.uidvalidity) == (folder, uidvalidity):
                return known
        return Place(self.store.mailbox_id(self.mailbox.name), folder, uidvalidity)

    def _see_whose_uids_these_are(self, place: Place) -> None:
        """Find out whether a UID still means the mail it meant before (RFC 3501 §2.3.1.1)."""
        self.store.open_folder(place, self.now())
        if self.mailbox.went_back(self.store.last_uid(place)):
            log.error(
                "the server gives UIDs again that it gave before: was the mailbox restored?",
                extra={"folder": place.folder},
            )
            self.store.retire(place, self.now())

    def _take_all(self, place: Place, work: list[int], directory: Directory, turn: Turn) -> bool:
        """Take in what can be; False where it was told to stop."""
        attempts = Attempts(self.store, place)
        sound, deadly = attempts.sorted(work)
        return self._take_some(attempts, sound, directory, turn) and all(
            self._take_some(attempts, [uid], directory, turn, spent) for uid, spent in deadly
        )

    def _take_some(
        self,
        attempts: Attempts,
        work: list[int],
        directory: Directory,
        turn: Turn,
        spent: Death | None = None,
    ) -> bool:
        try:
            with closing(self._read(attempts.in_hand(work), directory, spent)) as fetched:
                return self._take_what_comes(attempts, fetched, turn)
        finally:
            attempts.put_all_down()

    def _take_what_comes(self, attempts: Attempts, fetched: Iterable[Read | Unfetched], turn: Turn) -> bool:
        """Record what was read, some mails at a time; also what came before the world went away."""
        gathered = _Gathered()
        try:
            for each in fetched:
                if self.stopping():
                    self._record(attempts, gathered.all(), turn)
                    return False
                if self._is_to_be_recorded(each, attempts, turn):
                    gathered.add(each)
                del each  # a large mail must not outlive the fetching of the next
                if gathered.is_full:
                    self._record(attempts, gathered.all(), turn)
                    self.recorded()
        except (MailboxError, ReaderError):
            self._record(attempts, gathered.all(), turn)
            raise
        self._record(attempts, gathered.all(), turn)
        return True

    def _read(
        self, uids: Iterable[int], directory: Directory, spent: Death | None
    ) -> Generator[Read | Unfetched]:
        """Fetch and read; a mail whose attempts are spent is only fetched."""
        fetched = self.mailbox.fetch(uids)
        if spent is None:
            yield from self.reader.read(fetched, directory)
        else:
            yield from (Read(each, spent) if isinstance(each, RawMail) else each for each in fetched)

    def _is_to_be_recorded(
        self, fetched: Read | Unfetched, attempts: Attempts, turn: Turn
    ) -> TypeGuard[Read]:
        """A mail that did not come, or that was deadly, waits first."""
        if not isinstance(fetched, Read):
            if set_aside := self._defer(attempts.place, fetched):
                turn.count(set_aside)
            else:
                turn.deferred += 1
            return False
        death = fetched.reading
        if isinstance(death, Death) and attempts.may_try_again(fetched.mail.uid, death, self.now()):
            turn.deferred += 1
            return False
        return True

    def _record(self, attempts: Attempts, reads: Sequence[Read], turn: Turn) -> None:
        written = self._written(attempts.place, reads)
        new = []
        for read, recorded in zip(reads, written, strict=True):
            uid = read.mail.uid
            if recorded.held:
                turn.deferred += 1
                log.warning("a mail is held back", extra={"uid": uid, "why": recorded.held})
            elif not recorded.new:  # known from before a UIDVALIDITY change: bound to its receipt again
                log.info("known mail found again", extra={"uid": uid})
            else:
                turn.count(recorded.reasons)
                for decision, reason in zip(recorded.decisions, recorded.reasons, strict=True):
                    log.info("%s", reason.outcome, extra=_told(decision, reason, uid))
                new.append((recorded.receipt_id, uid, outcome_of(recorded.reasons)))
        if reads:
            attempts.put_down(reads[-1].mail.uid)
        self._filer(attempts.place).file(new)

    def _written(self, place: Place, reads: Sequence[Read]) -> list[Recorded]:
        """Have mails written down together; where one meets a bug, each alone, so that the bug costs no other its place."""
        if len(reads) > 1 and all(isinstance(read.reading, tuple) for read in reads):
            takings = [Taking(read.mail, *decisions_of(read.reading)) for read in reads]
            try:
                return self.store.record_many(place, takings, self.now())
            except (StoreError, MailboxError):
                raise
            except Exception as bug:  # noqa: BLE001 -- it is met again, and recorded with its mail
                log.warning("mails are recorded one by one", extra={"error": type(bug).__name__})
        return [self._written_alone(place, read) for read in reads]

    def _written_alone(self, place: Place, read: Read) -> Recorded:
        return guarded(
            read.mail.uid,
            read.reading,
            lambda decisions, error: self.store.record(place, read.mail, decisions, self.now(), error=error),
        )

    def _filer(self, place: Place) -> Filer:
        return Filer(self.config, self.store, self.mailbox, place)

    def _show_all(self, _place: Place, work: list[int], directory: Directory, turn: Turn) -> bool:
        """Decide, print, and change nothing; False where it was told to stop."""
        with closing(self.reader.read(self.mailbox.fetch(work), directory)) as fetched:
            for each in fetched:
                if self.stopping():
                    return False
                turn.count(self._show(each))
        return True

    def _show(self, fetched: Read | Unfetched) -> tuple[Reason, ...]:
        if not isinstance(fetched, Read):
            self.show(f"uid {fetched.uid}: would wait ({fetched.why})")
            return ()
        decisions, _ = decisions_of(fetched.reading)
        reasons = tuple(expected_reason(decision) for decision in decisions)
        for decision, reason in zip(decisions, reasons, strict=True):
            told = _told(decision, reason, fetched.mail.uid)
            self.show(
                f"would be {reason.outcome} {' '.join(f'{key}={value}' for key, value in told.items())}"
            )
        return reasons

    def _defer(self, place: Place, unfetched: Unfetched) -> tuple[Reason, ...]:
        """Leave the mail for later; the last attempt sets it aside (R28), for the reason returned."""
        now = self.now()
        attempts = self.store.defer(place, unfetched.uid, unfetched.why, now + DEFERRAL, now)
        told = {"uid": unfetched.uid, "why": unfetched.why, "attempt": attempts}
        if attempts < LAST_ATTEMPT:
            log.warning("a mail waits", extra=told)
            return ()
        seen = self.mailbox.envelope(unfetched.uid) if attempts <= LAST_QUESTION else Envelope()
        refused = Refuse(0, Reason.UNFETCHABLE, unfetched.why, subject=seen.subject, sender=seen.sender)
        self.store.record(place, RawMail(unfetched.uid, b"", seen.received_at or now), (refused,), now)
        log.error("a mail was set aside", extra=told)
        return (refused.reason,)

    def _move_low_water(self, place: Place, uids: list[int]) -> None:
        mark = self.store.mark_reached(place, uids)
        if mark is not None:
            self.store.set_low_water(place, mark)


@dataclass(slots=True)
class _Gathered:
    """Mails that were read and wait to be recorded together."""

    reads: list[Read] = field(default_factory=list)
    size: int = 0

    def add(self, read: Read) -> None:
        """One more."""
        self.reads.append(read)
        self.size += len(read.mail.raw)

    @property
    def is_full(self) -> bool:
        """Whether they are enough: more would take memory, and gain nothing."""
        return len(self.reads) >= AT_ONCE or self.size >= AT_ONCE_BYTES

    def all(self) -> list[Read]:
        """Return them, and forget them."""
        reads, self.reads, self.size = self.reads, [], 0
        return reads


def guarded(uid: int, reading: Reading, write: Callable[[tuple[Decision, ...], str], Recorded]) -> Recorded:
    """Have what came of reading a mail written down, with the traceback where that met a bug.

    A bug in our own code costs one mail its place on the timeline, never the worker its life.
    """
    if not isinstance(reading, tuple):
        how = reading.name if isinstance(reading, Fault) else reading.how
        log.error("a mail could not be read", extra={"uid": uid, "error": how})
    try:
        return write(*decisions_of(reading))
    except (StoreError, MailboxError):
        raise
    except Exception as bug:  # noqa: BLE001 -- the mail is recorded as failed, with its traceback
        fault = Fault(type(bug).__name__, traceback.format_exc())
        log.error("a mail could not be recorded", extra={"uid": uid, "error": fault.name})  # noqa: TRY400 -- the receipt keeps the traceback; a log line shows nothing of a mail
        return write(*decisions_of(fault))


def decisions_of(reading: Reading) -> tuple[tuple[Decision, ...], str]:
    """Return what is decided about a mail after reading it, and the traceback of the bug that it met."""
    match reading:
        case Fault(name, trace):
            return (Refuse(0, Reason.ERROR, f"an error in crm-logger: {name}"),), trace
        case Death(reason, how):
            return (Refuse(0, reason, f"set aside unread: {how}"),), ""
        case decisions:
            return decisions, ""


def expected_reason(decision: Decision) -> Reason:
    """Return the reason of a decision before the database has been asked who is a contact and what is logged."""
    if isinstance(decision, Refuse):
        return decision.reason
    first = decision.entries[0]
    return first.otherwise.reason if first.only_captured and first.otherwise else Reason.LOGGED


def _told(decision: Decision, reason: Reason, uid: int) -> dict[str, object]:
    """What a log line may tell: no subject, no body, nobody's address."""
    user = decision.user or "-"
    return {"reason": reason.value, "account": decision.account, "user": user, "uid": uid}
