"""Takes mails in again after the cause was mended: fetched from where they lie now, decided anew, never doubled (R28, R29)."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING

from crm_logger.core.model import RawMail
from crm_logger.filing import folder_of, outcome_of
from crm_logger.intake import decisions_of, expected_reason, guarded
from crm_logger.isolation import Reader
from crm_logger.mailbox import Filed, connect
from crm_logger.store import Store, receipts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from crm_logger.config import Config
    from crm_logger.core.model import Directory, Outcome, Reason, Ruling
    from crm_logger.mailbox import Mailbox
    from crm_logger.store import Taken

GONE = "no longer in the mailbox"
NOT_READ = "of a mailbox that MAILBOXES does not name"
IMPORTED = "imported: import it again to have it decided again"


@dataclass(frozen=True, slots=True)
class Again:
    """What came, or would come, of the mail of a receipt; `outcome` is None where the mail is gone."""

    receipt: int
    result: str
    outcome: Outcome | None


def retry(
    mailboxes: Sequence[Config], receipt_ids: Sequence[int], *, dry_run: bool, progress: Callable[[int], None]
) -> list[Again]:
    """Take in again the mails of these receipts; return what came of it, by receipt.

    `progress` is called with 1 after each mail. Raises MailboxError and StoreError.
    """
    with closing(Store.open(mailboxes[0].database_url, datetime.now(UTC))) as store:
        return take_in_again(mailboxes, store, receipt_ids, dry_run=dry_run, progress=progress)


def take_in_again(  # noqa: PLR0913 -- each is a matter of its own
    mailboxes: Sequence[Config],
    store: Store,
    receipt_ids: Sequence[int],
    *,
    dry_run: bool = False,
    rulings: Mapping[int, Ruling] | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> list[Again]:
    """The same on a store that is open. `rulings` are what people ruled, by receipt."""
    told: list[Again] = []
    with Reader() as reader:
        for config, folder, mails in _by_folder(mailboxes, store, receipt_ids):
            if config is None:
                why = NOT_READ if folder else IMPORTED
                told += [Again(taken.receipt_id, why, None) for taken in mails]
                continue
            directory = store.load_directory(config.policy)
            with connect(replace(config, imap_folder=folder)) as mailbox:
                again = _Again(config, store, mailbox, reader, directory, rulings or {})
                for taken in mails:
                    told.append(again.take(taken, dry_run=dry_run))
                    progress(1)
    return sorted(told, key=lambda each: each.receipt)


def _by_folder(
    mailboxes: Sequence[Config], store: Store, receipt_ids: Sequence[int]
) -> Iterator[tuple[Config | None, str, list[Taken]]]:
    """The mails of each folder, with the settings of the mailbox that they came from; the only one took them all."""
    configs = {store.mailbox_id(each.mailbox_name): each for each in mailboxes}
    only = mailboxes[0] if len(mailboxes) == 1 else None
    found = sorted(store.find_receipts(ids=receipt_ids), key=_lies)
    for (mailbox, folder), mails in groupby(found, key=_lies):
        yield (configs.get(mailbox, only) if folder else None), folder, list(mails)


def _lies(taken: Taken) -> tuple[int, str]:
    return taken.place.mailbox, taken.lies.folder


@dataclass(frozen=True, slots=True)
class _Again:
    """Takes in again the mails that lie in one folder."""

    config: Config
    store: Store
    mailbox: Mailbox
    reader: Reader
    directory: Directory
    rulings: Mapping[int, Ruling]

    def take(self, taken: Taken, *, dry_run: bool) -> Again:
        """Take in one mail; return what became, or would become, of it."""
        before = self._reasons(taken.receipt_id)
        mail, there = self._kept(taken) or self._found(taken, before)
        if mail is None:
            return Again(taken.receipt_id, GONE, None)
        reading = self.reader.read_one(mail, self._ruled(taken.receipt_id))
        if dry_run:
            expected = [expected_reason(decision) for decision in decisions_of(reading)[0]]
            return Again(taken.receipt_id, _told("would be", before, expected), outcome_of(expected))
        moves = there is not None and self.config.filing == "move"
        if moves:  # should we die of it, the worker does
            self.store.will_move(taken.receipt_id, datetime.now(UTC))
        recorded = guarded(
            taken.uid,
            reading,
            lambda decisions, error: self.store.record_again(
                taken.receipt_id, mail, decisions, datetime.now(UTC), error=error
            ),
        )
        after = recorded.reasons or before
        if moves and there is not None:
            self._file(taken, there, after)
        return Again(taken.receipt_id, _told("", before, after), outcome_of(after))

    def _ruled(self, receipt_id: int) -> Directory:
        """The directory under which this one mail is decided."""
        ruling = self.rulings.get(receipt_id)
        policy = self.directory.policy
        return replace(self.directory, policy=replace(policy, ruling=ruling)) if ruling else self.directory

    def _reasons(self, receipt_id: int) -> tuple[Reason, ...]:
        with self.store.reading():
            return tuple(each.reason for each in receipts.receipt(receipt_id).decisions)

    def _kept(self, taken: Taken) -> tuple[RawMail, Filed | None] | None:
        """A mail that failed is kept with its receipt, and needs the mailbox only to be moved there."""
        raw = self.store.kept_raw(taken.receipt_id)
        if raw is None:
            return None
        with self.store.reading():
            received_at = receipts.receipt(taken.receipt_id).received_at
        found = self._looked_for(taken, taken.lies.folder) if self.config.filing == "move" else None
        return RawMail(taken.uid, raw, received_at, taken.size), found[0] if found else None

    def _found(self, taken: Taken, before: Sequence[Reason]) -> tuple[RawMail | None, Filed | None]:
        lies = taken.lies
        if taken.size == 0 and lies.uid and lies.uidvalidity == self.mailbox.uidvalidity:
            mail = next(
                iter(self.mailbox.fetch([lies.uid])), None
            )  # it could not be fetched before: no digest is known
            there = Filed(self.mailbox.folder, lies.uidvalidity, lies.uid)
            return (mail, there) if isinstance(mail, RawMail) else (None, None)
        # A retry that died between the move and its note left the mail where the decision wants it.
        folders = {taken.lies.folder: None, folder_of(self.config, outcome_of(before)): None}
        found = next(filter(None, (self._looked_for(taken, folder) for folder in folders)), None)
        return (found[1], found[0]) if found else (None, None)

    def _looked_for(self, taken: Taken, folder: str) -> tuple[Filed, RawMail] | None:
        """By its digest in any case: a UID alone may name another mail by now."""
        lies = taken.lies
        return self.mailbox.find(folder, taken.sha256, uidvalidity=lies.uidvalidity, uid=lies.uid)

    def _file(self, taken: Taken, there: Filed, reasons: Sequence[Reason]) -> None:
        """Move the mail to the folder of its new outcome."""
        filed = there
        if there.folder == self.mailbox.folder and there.uid is not None:
            filed = self.mailbox.file(there.uid, folder_of(self.config, outcome_of(reasons)))
        self.store.mark_filed(taken.receipt_id, filed.folder, filed.uidvalidity, filed.uid)


def _told(verb: str, before: Sequence[Reason], after: Sequence[Reason]) -> str:
    now = f"{verb} {', '.join(after)}".strip()
    return now if list(before) == list(after) else f"{now} (was {', '.join(before)})"
