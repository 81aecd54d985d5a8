"""Moves mails that have their receipts to the folder of their outcome: only after the commit, and harmless when repeated."""

from __future__ import annotations

import logging
from collections import deque
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from crm_logger.core.model import Outcome
from crm_logger.mailbox import NotFiled
from crm_logger.store import Filed

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from crm_logger.config import Config
    from crm_logger.core.model import Reason
    from crm_logger.mailbox import Filed as FiledThere
    from crm_logger.mailbox import Mailbox
    from crm_logger.store import Place, Store

log = logging.getLogger("crm_logger.filing")

AT_ONCE = 100


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
