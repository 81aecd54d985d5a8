"""The audit: every mail in the mailbox is accounted for. Seen = logged + refused + failed + deferred, or it is an alarm."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

from crm_logger.core.model import Outcome, RawMail
from crm_logger.mailbox import MailboxMisconfigured, connect
from crm_logger.store import Place, accounting, alarms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from crm_logger.config import Config
    from crm_logger.mailbox import Mailbox
    from crm_logger.store import Store


LOOKED_INTO = 100
"""So many mails of a folder are read where nothing tells of them; only those that are being moved at that moment are."""


@dataclass(frozen=True, slots=True)
class Account:
    """What a folder holds, and what the ledger says about it. `new` came since the last look; `missing` are UIDs."""

    folder: str
    seen: int
    logged: int = 0
    refused: int = 0
    failed: int = 0
    deferred: int = 0
    new: int = 0
    missing: tuple[int, ...] = ()
    not_told: str = ""


@dataclass(frozen=True, slots=True)
class Audit:
    """The accounts of one mailbox. `without_decision` receipts say nothing about their mail."""

    mailbox: str
    accounts: list[Account] = field(default_factory=list)
    without_decision: int = 0

    def difference(self) -> str:
        """Return a sentence where something is not accounted for, else ""."""
        said = [
            f"{each.folder}: {each.seen} mails seen, {len(each.missing)} of them have no receipt (UID {_some(each.missing)})"
            for each in self.accounts
            if each.missing
        ]
        if self.without_decision:
            said.append(f"{self.without_decision} receipts have no decision")
        return f"The audit of {self.mailbox} found a difference. {'; '.join(said)}." if said else ""


def audit(config: Config, store: Store, mailbox: Mailbox | None = None) -> Audit:
    """Compare the mailbox with the ledger. Changes nothing; raises MailboxError and StoreError.

    `mailbox` has the folder open that mail arrives in; without it a connection is made.
    """
    if mailbox is None:
        with connect(replace(config, filing="leave")) as own:
            return audit(config, store, own)
    number = store.mailbox_id(mailbox.name)
    place = Place(number, mailbox.folder, mailbox.uidvalidity)
    accounts = [_of_intake(store, place, mailbox.uids()), *_of_filing(config, store, number)]
    with store.reading():
        return Audit(mailbox.name, accounts, accounting.without_decision())


def _of_intake(store: Store, place: Place, uids: Sequence[int]) -> Account:
    """Mails above the last one that a finished look saw came since then: they are new, not forgotten."""
    with store.reading():
        up_to = alarms.looked_up_to(place)
        told = accounting.outcomes_here(place, uids)
        waiting = accounting.waiting_here(place)
    if place.uidvalidity < 0 and not up_to:
        why = "the server gives no lasting numbers: only the running service can compare"
        return Account(place.folder, len(uids), not_told=why)
    return _account(place.folder, uids, told, waiting, up_to)


def _of_filing(config: Config, store: Store, mailbox: int) -> Iterator[Account]:
    """The folders that mail was moved to: after a database was restored they hold what it does not know."""
    if config.filing != "move":
        return
    for wanted in dict.fromkeys((config.folder_logged, config.folder_not_logged, config.folder_failed)):
        try:
            with connect(replace(config, imap_folder=wanted, filing="leave")) as folder:
                uids, place = folder.uids(), Place(mailbox, folder.folder, folder.uidvalidity)
                with store.reading():
                    told = _told_of_filed(place, uids)
                if unknown := [uid for uid in uids if uid not in told]:
                    told = _with_what_is_moving(store, folder, place, uids, unknown[-LOOKED_INTO:])
        except MailboxMisconfigured:  # it is made when the first mail is moved there
            continue
        with store.reading():
            untold = accounting.filed_somewhere_in(place)
        found = _account(place.folder, uids, told, frozenset(), None)
        # Of so many of them the server did not tell the UID when they were moved there.
        known = len(found.missing) <= untold
        yield replace(found, missing=()) if known else found


def _told_of_filed(place: Place, uids: Sequence[int]) -> dict[int, Outcome | None]:
    return accounting.outcomes_filed(place) | accounting.outcomes_here(place, uids)


def _with_what_is_moving(
    store: Store, folder: Mailbox, place: Place, uids: Sequence[int], perhaps: Sequence[int]
) -> dict[int, Outcome | None]:
    """The outcomes of mails, those included whose receipt does not say yet that they lie here.

    A worker, one that took over from it, and a retry move mails while this one counts.
    """
    digests = {
        mail.uid: hashlib.sha256(mail.raw).hexdigest()
        for mail in folder.fetch(perhaps)
        if isinstance(mail, RawMail)
    }
    with store.reading():
        told = _told_of_filed(place, uids)  # some may have been written down meanwhile
        moving = accounting.outcomes_moving(place.mailbox, set(digests.values()))
    for uid, digest in digests.items():
        if uid not in told and moving.get(digest):
            told[uid] = moving[digest].pop()  # of two mails with the same bytes each has its own receipt
    return told


def _account(
    folder: str,
    uids: Sequence[int],
    told: Mapping[int, Outcome | None],
    waiting: frozenset[int] | set[int],
    up_to: int | None,
) -> Account:
    here = [uid for uid in uids if uid in told]
    count = Counter(told[uid] for uid in here)
    rest = [uid for uid in uids if uid not in told]
    deferred = [uid for uid in rest if uid in waiting]
    new = [uid for uid in rest if uid not in waiting and up_to is not None and uid > up_to]
    missing = set(rest) - set(deferred) - set(new)
    return Account(
        folder,
        len(uids),
        logged=count[Outcome.LOGGED],
        refused=count[Outcome.REFUSED],
        failed=count[Outcome.FAILED],
        deferred=len(deferred),
        new=len(new),
        missing=tuple(sorted(missing | {uid for uid in here if told[uid] is None})),
    )


def told_of(account: Account) -> dict[str, object]:
    """What a log line tells of a folder: the counts that must add up."""
    told = asdict(account)
    return told | {"missing": len(account.missing), "not_told": account.not_told or "-"}


def _some(uids: Sequence[int]) -> str:
    return ", ".join(map(str, uids[:10])) + (" …" if len(uids) > 10 else "")
