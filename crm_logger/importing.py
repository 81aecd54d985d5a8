"""Takes in mail that lies outside the intake folder, by the same rules, with its own dates, and each only once.

What was not logged the last time is decided again, so that an import is simply repeated after the cause was mended.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from crm_logger.core.address import log_address_parts, token_hash
from crm_logger.core.model import NO_LIMITS, RawMail
from crm_logger.intake import decisions_of, expected_reason, guarded
from crm_logger.isolation import Read, Reader
from crm_logger.store import Place, imports
from crm_logger.store.people import RequestError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from crm_logger.config import Config
    from crm_logger.core.model import Decision, Directory, Outcome, Reason
    from crm_logger.store import Recorded, Store

MAILBOX: Final = "import"
"""The mailbox that receipts of imported mail name."""

FOLDER: Final = ""
"""The folder that they name: no folder of a mailbox is called that."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What is assumed of imported mail: the log address of mails that name none, and that the senders are proven."""

    log_address: str = ""
    trusted: bool = False


@dataclass(slots=True)
class Imported:
    """What became of the mails, or would become; `known` are logged already, `held` wait, `unread` cannot be read."""

    reasons: Counter[Reason] = field(default_factory=Counter)
    known: int = 0
    held: int = 0
    unread: int = 0

    def add(self, other: Imported) -> None:
        """Count what became of more mails."""
        self.reasons.update(other.reasons)
        self.known += other.known
        self.held += other.held
        self.unread += other.unread

    def outcomes(self) -> Counter[Outcome]:
        """Count by outcome; a mail that concerns several accounts counts for each."""
        return Counter(reason.outcome for reason in self.reasons.elements())


def import_mails(  # noqa: PLR0913 -- each is a matter of its own
    config: Config,
    store: Store,
    mails: Iterable[RawMail | None],
    terms: Terms,
    *,
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> Imported:
    """Take in the mails; return what became of them. `progress` gets 1 for each.

    Raises StoreError and ReaderError; RequestError where the log address of `terms` is none.
    """
    directory = _directory(store.load_directory(config.policy), terms)
    work = _Import(store, dry_run=dry_run)
    top = f"Delivered-To: {terms.log_address}\r\n".encode() if terms.log_address else b""
    with Reader() as reader:
        for read in reader.read(work.unknown(mails, top, progress), directory):
            if isinstance(read, Read):
                work.take(read)
    return work.imported


def _directory(directory: Directory, terms: Terms) -> Directory:
    """Limits count what arrives, and an import does not; what is assumed stands above all that the mail says."""
    policy = replace(directory.policy, limits=NO_LIMITS)
    if terms.trusted:
        policy = replace(policy, sender_auth="off", verify_dkim=False)
    if terms.log_address:
        parts = log_address_parts(terms.log_address, policy.log_domains)
        if parts is None or token_hash(parts[1]) not in directory.log_addresses_by_hash:
            raise RequestError("That is no log address: `crm-logger addresses` lists them.")
        policy = replace(policy, border_host="", envelope_header="Delivered-To")
    return replace(directory, policy=policy)


def numbered(mail: RawMail, top: bytes) -> RawMail:
    """Return the mail with `top` above it and a UID that follows from its bytes: imported again, it finds its receipt."""
    raw = top + mail.raw
    uid = int.from_bytes(hashlib.sha256(raw).digest()[:7], "big")
    return replace(mail, uid=uid, raw=raw)


class _Import:
    """Finds out which mails are new, and records those."""

    def __init__(self, store: Store, *, dry_run: bool) -> None:
        self.imported = Imported()
        self._store = store
        self._place = Place(store.mailbox_id(MAILBOX), FOLDER, 1)
        self._dry_run = dry_run
        self._again: dict[int, int] = {}

    def unknown(
        self, mails: Iterable[RawMail | None], top: bytes, progress: Callable[[int], None]
    ) -> Iterator[RawMail]:
        """Leave out what is logged already, and what comes twice."""
        seen: set[int] = set()
        for each in mails:
            progress(1)
            if each is None:
                self.imported.unread += 1
                continue
            mail = numbered(each, top)
            if mail.uid in seen or self._is_logged(mail.uid):
                self.imported.known += 1
            else:
                seen.add(mail.uid)
                yield mail

    def _is_logged(self, uid: int) -> bool:
        with self._store.reading():
            known = imports.imported(self._place, uid)
        if known is not None and not known.logged:
            self._again[uid] = known.receipt_id
        return known is not None and known.logged

    def take(self, read: Read) -> None:
        """Record one mail, or only count what would become of it."""
        if self._dry_run:
            self.imported.reasons.update(map(expected_reason, decisions_of(read.reading)[0]))
            return
        recorded = guarded(read.mail.uid, read.reading, partial(self._record, read.mail))
        self.imported.held += bool(recorded.held)
        self.imported.reasons.update(recorded.reasons)

    def _record(self, mail: RawMail, decisions: Sequence[Decision], error: str) -> Recorded:
        now, receipt = datetime.now(UTC), self._again.get(mail.uid)
        if receipt is None:
            return self._store.record(self._place, mail, decisions, now, error=error)
        return self._store.record_again(receipt, mail, decisions, now, error=error)
