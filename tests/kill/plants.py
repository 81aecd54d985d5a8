"""Bugs to plant, so that the matrix shows that it sees them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from crm_logger.filing import Filer
from crm_logger.intake import Intake
from crm_logger.store import ledger
from crm_logger.store.known import KnownMails
from crm_logger.store.lease import Lead, LeaseDuty
from crm_logger.store.tables import Receipt
from tests.kill.points import swap

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crm_logger.attempts import Attempts
    from crm_logger.isolation import Read
    from crm_logger.store import Place


def _file_before_the_commit() -> None:
    recorded = Intake._record

    def filed_and_recorded(self: Intake, attempts: Attempts, reads: Sequence[Read], *more: Any) -> Any:
        for read in reads[:1]:
            self.mailbox.file(read.mail.uid, self.config.folder_logged)
        return recorded(self, attempts, reads, *more)

    swap(Intake, "_record", filed_and_recorded)


def _forget_what_is_not_filed() -> None:
    """Without the unique key nothing stops a worker that looks for the receipts of filed mails alone."""

    def unknown(place: Place, uids: list[int]) -> list[int]:
        query = Receipt.select(Receipt.uid).where(
            ledger.at_place(Receipt, place), Receipt.uid.in_(uids), Receipt.filed_folder.is_null(False)
        )
        filed = {row.uid for row in query}
        return [uid for uid in uids if uid not in filed]

    class Forgetful(KnownMails):
        def __init__(self, *told: Any) -> None:
            super().__init__(*told)
            self.receipts = {}

    swap(ledger, "_unknown", unknown)
    swap(import_module("crm_logger.store.record"), "KnownMails", Forgetful)
    swap(Filer, "file_what_is_left", lambda _self: None)


def _look_at_no_token() -> None:
    """A leader that was replaced goes on as if nothing had been."""
    for checked in ("require_tokens", "require_time"):
        swap(Lead, checked, lambda _self: None)
    swap(LeaseDuty, "renew", lambda _self: None)


PLANTS: dict[str, tuple[tuple[str, ...], Callable[[], None]]] = {
    "filing before the commit": ((), _file_before_the_commit),
    "a key that is not unique": (
        ("DROP INDEX receipt_mailbox_id_folder_uidvalidity_uid",),
        _forget_what_is_not_filed,
    ),
    "no token": ((), _look_at_no_token),
}
"""A name -> SQL for the database, and what is done to the worker."""
