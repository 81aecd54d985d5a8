"""Takes mails in again that people asked for: now, and where the mailbox is away, later."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TYPE_CHECKING

from crm_logger.core.model import Ruling
from crm_logger.isolation import ReaderError
from crm_logger.mailbox import MailboxError
from crm_logger.retry import Again, take_in_again
from crm_logger.store import sign_in, wishes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crm_logger.store.wishes import Wanted
    from crm_logger.web.site import Site

log = logging.getLogger("crm_logger.web.taking")

AT_ONCE = 20
"""So many are taken in while somebody waits for the page; the keeper takes the others."""

_PATIENCE = 10.0


class MailboxIsAway(Exception):  # noqa: N818 -- what happened, in words for whoever waits
    """The mails wait. The text is a sentence of the mailbox's own."""


@dataclass(frozen=True, slots=True)
class Taker:
    """Fulfils wishes, one party at a time."""

    site: Site
    _lock: Lock = field(default_factory=Lock)

    def take(self, receipts: Iterable[int] | None = None) -> list[Again]:
        """Take in again the mails that are wanted, or those among them; at most AT_ONCE. Raises MailboxIsAway."""
        with self._lock:
            with self.site.reading():
                waiting = wishes.wanted(AT_ONCE, receipts)
                rulings = {each.receipt: _ruling(each) for each in waiting}
            return self._take(waiting, rulings) if waiting else []

    def _take(self, waiting: Sequence[Wanted], rulings: dict[int, Ruling]) -> list[Again]:
        mailboxes = [
            replace(each, imap_timeout=min(each.imap_timeout, _PATIENCE)) for each in self.site.mailboxes
        ]
        try:
            done = take_in_again(
                mailboxes, self.site.store, [each.receipt for each in waiting], rulings=rulings
            )
        except (MailboxError, ReaderError) as trouble:
            log.warning("mails wait to be taken in again: %s", trouble)
            raise MailboxIsAway(str(trouble)) from trouble
        with self.site.writing():
            for each in done:
                wishes.fulfil(each.receipt, each.result, self.site.now())
        return done


def _ruling(wanted: Wanted) -> Ruling:
    """What was ruled counts in the account of whoever ruled; of somebody who is gone nothing counts."""
    asker = sign_in.visitor(wanted.user) if wanted.user else None
    return Ruling(asker.account, anyway=wanted.anyway, author=wanted.author) if asker else Ruling()
