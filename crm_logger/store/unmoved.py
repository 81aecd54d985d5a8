"""Mails that were decided again and are not in the folder of their outcome yet. Each function runs in a transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .fields import aware
from .ledger import find_receipts, outcomes_of
from .statements import ask, tell
from .tables import Unmoved

if TYPE_CHECKING:
    from datetime import datetime

    from crm_logger.core.model import Outcome

    from .values import Taken

_NOTE = (
    "INSERT INTO unmoved (receipt_id, since) VALUES (?, ?)"
    " ON CONFLICT (receipt_id) DO UPDATE SET since = EXCLUDED.since"
)
_LEFT = (
    "SELECT unmoved.receipt_id, unmoved.since FROM unmoved JOIN receipt ON receipt.id = unmoved.receipt_id"
    " WHERE receipt.mailbox_id = ?"
)


def note(receipt_id: int, now: datetime) -> None:
    """Write down that the mail is to be moved, by whoever lives."""
    tell(_NOTE, receipt_id, Unmoved.since.db_value(now))


def forget(receipt_id: int) -> None:
    """Forget it: the mail is where it belongs."""
    tell("DELETE FROM unmoved WHERE receipt_id = ?", receipt_id)


def left(mailbox: int, before: datetime) -> list[tuple[Taken, Outcome]]:
    """Return the mails of a mailbox that were to be moved before that time, each with its outcome."""
    late = [receipt for receipt, since in ask(_LEFT, mailbox) if aware(since) < before]
    outcomes = outcomes_of(late)
    return [(taken, outcomes[taken.receipt_id]) for taken in find_receipts(late, None)] if late else []
