"""One mail through the five steps: fetch, parse, classify, record, file. The only place that catches everything."""

from __future__ import annotations

import logging
import traceback
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from crm_logger.core.classify import classify
from crm_logger.core.message import parse_message
from crm_logger.core.model import Outcome, RawMail, Reason, Refuse
from crm_logger.mailbox import MailboxError
from crm_logger.store import Place, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from crm_logger.config import Config
    from crm_logger.core.model import Decision, Directory
    from crm_logger.mailbox import Mailbox, Unfetched
    from crm_logger.store import Recorded, Store

log = logging.getLogger("crm_logger.intake")

DEFERRAL = timedelta(minutes=15)
LAST_ATTEMPT = 5
"""A mail that the server lists and never gives is set aside at this attempt, an hour after the first."""


@dataclass(slots=True)
class Turn:
    """What one look at the mailbox came to."""

    outcomes: dict[Outcome, int] = field(default_factory=dict)
    deferred: int = 0
    finished: bool = True

    def count(self, reasons: Iterable[Reason]) -> None:
        """Count the outcomes of one mail."""
        for outcome in {reason.outcome for reason in reasons}:
            self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1


@dataclass(frozen=True, slots=True)
class Intake:
    """Takes in what lies in one mailbox. `stopping` is asked between two mails; `now` tells the time (aware).

    `show` gets the lines of a dry run.
    """

    config: Config
    store: Store
    mailbox: Mailbox
    now: Callable[[], datetime]
    stopping: Callable[[], bool] = lambda: False
    show: Callable[[str], None] = log.info

    def turn(self, *, whole: bool = False, dry_run: bool = False) -> Turn:
        """Look at the mailbox once: work = messages in the folder without a receipt.

        `whole` looks at the entire folder instead of what lies above the low-water mark. Raises MailboxAway or
        StoreError where the world is away; the next turn goes on where this one ended.
        """
        place = self.place()
        if not dry_run:
            self.store.open_folder(place, self.now())
            self._file_what_is_left(place)
        low_water = 0 if whole else self.store.low_water(place)
        uids = self.mailbox.uids(above=low_water)
        waiting = self.store.deferred(place, self.now())
        work = [uid for uid in self.store.without_receipt(place, uids) if uid not in waiting]
        turn = Turn(deferred=len(waiting))
        if work:
            self._take_all(place, work, turn, dry_run=dry_run)
        if turn.finished and uids and not dry_run:
            self._raise_low_water(place, uids)
        return turn

    def place(self) -> Place:
        """Return where the mailbox's UIDs are valid (RFC 3501 §2.3.1.1)."""
        return Place(self.store.mailbox_id(self.mailbox.name), self.mailbox.folder, self.mailbox.uidvalidity)

    def _take_all(self, place: Place, work: list[int], turn: Turn, *, dry_run: bool) -> None:
        directory = self.store.load_directory(self.config.policy)
        for fetched in self.mailbox.fetch(work):
            if self.stopping():
                turn.finished = False
                return
            if dry_run:
                turn.count(self._decide_only(fetched, directory))
            elif isinstance(fetched, RawMail):
                turn.count(self._take_in(place, fetched, directory))
            else:
                turn.deferred += 1
                self._defer(place, fetched)

    def _take_in(self, place: Place, mail: RawMail, directory: Directory) -> tuple[Reason, ...]:
        recorded = guarded(
            mail,
            directory,
            lambda decisions, error: self.store.record(place, mail, decisions, self.now(), error=error),
        )
        if not recorded.new:  # known from before a UIDVALIDITY change: bound to its receipt again
            log.info("known mail found again", extra={"uid": mail.uid})
            return ()
        for decision, reason in zip(recorded.decisions, recorded.reasons, strict=True):
            log.info("%s", reason.outcome, extra=_told(decision, reason, mail.uid))
        self._file(recorded.receipt_id, mail.uid, outcome_of(recorded.reasons))
        return recorded.reasons

    def _decide_only(self, fetched: RawMail | Unfetched, directory: Directory) -> tuple[Reason, ...]:
        if not isinstance(fetched, RawMail):
            self.show(f"uid {fetched.uid}: would wait ({fetched.why})")
            return ()
        decisions = decide(fetched, directory)
        reasons = tuple(expected_reason(decision) for decision in decisions)
        for decision, reason in zip(decisions, reasons, strict=True):
            told = " ".join(f"{key}={value}" for key, value in _told(decision, reason, fetched.uid).items())
            self.show(f"would be {reason.outcome} {told}")
        return reasons

    def _defer(self, place: Place, unfetched: Unfetched) -> None:
        """Leave the mail for later; the last attempt sets it aside (R28)."""
        now = self.now()
        attempts = self.store.defer(place, unfetched.uid, unfetched.why, now + DEFERRAL, now)
        told = {"uid": unfetched.uid, "why": unfetched.why, "attempt": attempts}
        if attempts < LAST_ATTEMPT:
            log.warning("a mail waits", extra=told)
            return
        refused = Refuse(0, Reason.UNFETCHABLE, unfetched.why)
        self.store.record(place, RawMail(unfetched.uid, b"", now), (refused,), now)
        log.error("a mail was set aside", extra=told)

    def _raise_low_water(self, place: Place, uids: list[int]) -> None:
        """Everything up to the mark has a receipt; a deferred mail holds the mark below itself."""
        pending = self.store.without_receipt(place, uids)
        self.store.set_low_water(place, pending[0] - 1 if pending else uids[-1])

    def _file_what_is_left(self, place: Place) -> None:
        if self.config.filing == "move":
            for receipt_id, uid, outcome in self.store.unfiled(place):
                self._file(receipt_id, uid, outcome)

    def _file(self, receipt_id: int, uid: int, outcome: Outcome) -> None:
        """Only after the commit, and harmless when repeated."""
        if self.config.filing != "move":
            return
        filed = self.mailbox.file(uid, folder_of(self.config, outcome))
        self.store.mark_filed(receipt_id, filed.folder, filed.uidvalidity, filed.uid)


def guarded(
    mail: RawMail, directory: Directory, write: Callable[[tuple[Decision, ...], str], Recorded]
) -> Recorded:
    """Decide about a mail and `write` it down, with a traceback where that failed.

    A bug in our own code costs one mail its place on the timeline, never the worker its life.
    """
    try:
        return write(decide(mail, directory), "")
    except (StoreError, MailboxError):
        raise
    except Exception as bug:  # noqa: BLE001 -- the mail is recorded as failed, with its traceback
        name = type(bug).__name__
        log.error("a mail could not be taken in", extra={"uid": mail.uid, "error": name})  # noqa: TRY400 -- the receipt keeps the traceback; a log line shows nothing of a mail
        return write((Refuse(0, Reason.ERROR, f"an error in crm-logger: {name}"),), traceback.format_exc())


def decide(mail: RawMail, directory: Directory) -> tuple[Decision, ...]:
    """Parse and classify: plain functions, the same for every way a mail comes in."""
    message = parse_message(mail.raw, directory.policy, partial=mail.partial)
    return classify(message, directory, mail.received_at)


def expected_reason(decision: Decision) -> Reason:
    """Return the reason of a decision before the database has been asked who is a contact and what is logged."""
    if isinstance(decision, Refuse):
        return decision.reason
    first = decision.entries[0]
    return first.otherwise.reason if first.only_captured and first.otherwise else Reason.LOGGED


def folder_of(config: Config, outcome: Outcome) -> str:
    """Return the folder that mails of that outcome are moved to."""
    folders = {
        Outcome.LOGGED: config.folder_logged,
        Outcome.REFUSED: config.folder_not_logged,
        Outcome.FAILED: config.folder_failed,
    }
    return folders[outcome]


def outcome_of(reasons: Iterable[Reason]) -> Outcome:
    """The folder of a mail that concerns several accounts: what was logged for one is no refused mail."""
    outcomes = {reason.outcome for reason in reasons}
    return next((o for o in (Outcome.FAILED, Outcome.LOGGED) if o in outcomes), Outcome.REFUSED)


def _told(decision: Decision, reason: Reason, uid: int) -> dict[str, object]:
    """What a log line may tell: no subject, no body, nobody's address."""
    user = decision.user or "-"
    return {"reason": reason.value, "account": decision.account, "user": user, "uid": uid}
