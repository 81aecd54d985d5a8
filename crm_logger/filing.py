"""Moves mails that have their receipts to the folder of their outcome: only after the commit, and harmless when repeated."""

from __future__ import annotations

import logging
from collections import deque
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from crm_logger.core.model import Outcome
from crm_logger.mailbox import MailboxError, NotFiled, connect
from crm_logger.store import Filed

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable
    from datetime import datetime

    from crm_logger.config import Config
    from crm_logger.core.model import Reason
    from crm_logger.mailbox import Filed as FiledThere
    from crm_logger.mailbox import Mailbox
    from crm_logger.store import Place, Store, Taken

log = logging.getLogger("crm_logger.filing")

AT_ONCE = 100
ABANDONED = timedelta(minutes=15)
"""A retry moves a mail in the moment after it has decided it again, or is dead."""


@dataclass(frozen=True, slots=True)
class Filer:
    """Files the mails of one place; nothing at all where mails are left where they lie."""

    config: Config
    store: Store
    mailbox: Mailbox
    place: Place

    def file(self, recorded: Iterable[tuple[int, int, Outcome]]) -> None:
        """File mails, given as (receipt, UID, outcome). What the server refuses stays for another time."""
        if self.config.filing == "move":
            deque(self._refused(recorded), maxlen=0)

    def file_what_is_left(self) -> None:
        """File what a worker that died, or a server that refused, left unfiled; until the server refuses again."""
        if self.config.filing == "move":
            with closing(self._refused(self.store.unfiled(self.place))) as refused:
                next(refused, None)

    def move_what_is_left(self, now: datetime) -> None:
        """Move what a retry that died left where it lay before it was decided again."""
        if self.config.filing == "move":
            for taken, outcome in self.store.left_unmoved(self.place, now - ABANDONED):
                self.store.require_lead()
                self._move_again(taken, folder_of(self.config, outcome), now)

    def _move_again(self, taken: Taken, folder: str, now: datetime) -> None:
        lies = taken.lies
        there = self._found(taken, folder, self._is_anothers)
        if there is None and (here := self._found(taken, lies.folder)) and here.uid:
            try:
                with connect(replace(self.config, imap_folder=lies.folder)) as mailbox:
                    there = mailbox.file(here.uid, folder, self._is_anothers)
            except MailboxError as trouble:
                log.warning("a mail was not filed", extra={"uid": taken.uid, "why": str(trouble)})
                self.store.will_move(taken.receipt_id, now)
                return
        at = there or lies  # a mail that is gone is not to be moved any more
        self.store.mark_filed(taken.receipt_id, at.folder, at.uidvalidity, at.uid)

    def _found(
        self, taken: Taken, folder: str, is_anothers: Callable[[FiledThere], bool] = lambda _there: False
    ) -> FiledThere | None:
        lies = taken.lies
        found = self.mailbox.find(
            folder, taken.sha256, uidvalidity=lies.uidvalidity, uid=lies.uid, is_anothers=is_anothers
        )
        return found[0] if found else None

    def _refused(self, recorded: Iterable[tuple[int, int, Outcome]]) -> Generator[int]:
        """File mails; yield the UIDs of those that the server just refused to move."""
        by_outcome = sorted(recorded, key=itemgetter(2))  # stable: the UIDs keep their order
        for outcome, group in groupby(by_outcome, key=itemgetter(2)):
            some = [(receipt, uid) for receipt, uid, _ in group]
            for start in range(0, len(some), AT_ONCE):
                receipts = {uid: receipt for receipt, uid in some[start : start + AT_ONCE]}
                yield from self._file_some(receipts, folder_of(self.config, outcome))

    def _file_some(self, receipts: dict[int, int], folder: str) -> Generator[int]:
        # A worker that another has replaced moves nothing more: what it would move may lie elsewhere by now.
        self.store.require_lead()
        together = self.mailbox.move_together(list(receipts), folder)
        self._note({receipts[uid]: there for uid, there in together.items()})
        for uid in (each for each in receipts if each not in together):
            # Noted each before the next is filed: of two with the same bytes the one must know the other's copy.
            self.store.require_lead()
            try:
                self._note({receipts[uid]: self.mailbox.file(uid, folder, self._is_anothers)})
            except NotFiled as trouble:
                if not trouble.given_up:
                    log.warning("a mail was not filed", extra={"uid": uid, "why": str(trouble)})
                    yield uid

    def _note(self, filed: dict[int, FiledThere]) -> None:
        self.store.mark_all_filed(
            [(receipt, Filed(at.folder, at.uidvalidity, at.uid)) for receipt, at in filed.items()]
        )

    def _is_anothers(self, there: FiledThere) -> bool:
        """A mail delivered twice has two receipts, and each its own copy."""
        return self.store.is_filed_at(self.place, there.folder, there.uidvalidity, there.uid)


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
