"""After an old backup was restored: walks the folders and takes in again what the database has forgotten."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from crm_logger.core.model import Outcome, RawMail
from crm_logger.intake import Intake
from crm_logger.isolation import Reader
from crm_logger.mailbox import MailboxMisconfigured, connect
from crm_logger.store import Place, accounting

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm_logger.config import Config
    from crm_logger.mailbox import Mailbox
    from crm_logger.store import Store

Lies = tuple[str, int, int]
"""Folder, UIDVALIDITY, UID."""


@dataclass(slots=True)
class Walked:
    """What became of the mails of one folder: known ones, ones whose receipt had lost them, and forgotten ones."""

    folder: str
    seen: int = 0
    found_again: int = 0
    forgotten: int = 0
    unread: int = 0
    outcomes: dict[Outcome, int] = field(default_factory=dict)


def reconcile(
    config: Config, store: Store, *, dry_run: bool, progress: Callable[[int], None] = lambda _: None
) -> list[Walked]:
    """Compare the SHA-256 of every mail without a receipt with all receipts, and take in what is missing.

    Mail is left where it lies. With `dry_run` nothing is changed. Repeating it finds nothing. `progress` is told of
    every mail that was fetched. Raises MailboxError, StoreError and ReaderError.
    """
    quiet = replace(config, filing="leave")
    wanted = (config.imap_folder, config.folder_logged, config.folder_not_logged, config.folder_failed)
    present: set[Lies] = set()
    places: dict[str, None] = {}
    for name in dict.fromkeys(wanted):
        try:
            with connect(replace(quiet, imap_folder=name)) as mailbox:
                present |= {(mailbox.folder, mailbox.uidvalidity, uid) for uid in mailbox.uids()}
                places[mailbox.folder] = None
        except MailboxMisconfigured:
            if name == config.imap_folder:
                raise
    found = []
    for name in places:
        with connect(replace(quiet, imap_folder=name)) as mailbox, Reader() as reader:
            intake = Intake(quiet, store, mailbox, reader, lambda: datetime.now(UTC))
            found.append(_Walk(store, mailbox, intake, present, progress, dry_run=dry_run).walk())
    return found


class _Walk:
    """One folder. A receipt whose own mail still lies where the receipt says is not free for another one."""

    def __init__(  # noqa: PLR0913 -- what a walk needs, once
        self,
        store: Store,
        mailbox: Mailbox,
        intake: Intake,
        present: set[Lies],
        progress: Callable[[int], None],
        *,
        dry_run: bool,
    ) -> None:
        self._store = store
        self._mailbox = mailbox
        self._intake = intake
        self._present = present
        self._progress = progress
        self._dry_run = dry_run
        self._bound: set[int] = set()

    def walk(self) -> Walked:
        """Walk it; return what was found."""
        place = self._intake.place()
        walked = Walked(self._mailbox.folder)
        unknown = self._unknown(place, walked)
        forgotten = []
        for mail in self._mailbox.fetch(unknown):
            self._progress(1)
            if not isinstance(mail, RawMail):
                walked.unread += 1
            elif self._bind(place, mail):
                walked.found_again += 1
            else:
                forgotten.append(mail.uid)
        walked.forgotten = len(forgotten)
        if forgotten and not self._dry_run:
            turn = self._intake.take_in(forgotten)
            walked.outcomes = dict(Counter(turn.outcomes))
        return walked

    def _unknown(self, place: Place, walked: Walked) -> list[int]:
        uids = self._mailbox.uids()
        walked.seen = len(uids)
        with self._store.reading():
            filed = accounting.outcomes_filed(place)
        return [uid for uid in self._store.without_receipt(place, uids) if uid not in filed]

    def _bind(self, place: Place, mail: RawMail) -> bool:
        """Tell the receipt that this mail left behind where it lies now; False where there is no such receipt."""
        sha256 = hashlib.sha256(mail.raw).hexdigest()
        with self._store.reading():
            receipts = accounting.receipts_of(place.mailbox, sha256)
        for number, lies in receipts:
            if number not in self._bound and lies not in self._present:
                self._bound.add(number)
                if not self._dry_run:
                    self._tell(number, place, mail.uid)
                return True
        return False

    def _tell(self, number: int, place: Place, uid: int) -> None:
        (taken,) = self._store.find_receipts(ids=[number])
        if taken.filed is None and taken.place.folder == place.folder:
            self._store.bind(place, number, uid)
        else:
            self._store.mark_filed(number, place.folder, place.uidvalidity, uid)
