"""The only user of peewee: the tables, the directory, the ledger, and the questions asked."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from . import alarms, attempts, ledger, unmoved
from .connection import Connection, engine_of
from .directory import Directories
from .engine import Scope
from .errors import StoreCorruptError, StoreError
from .migrations import migrate
from .record import record, record_again
from .tables import Event, Mailbox
from .values import Deaths, Filed, Place, Recorded, Taken, Taking

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from crm_logger.core.model import Decision, Directory, Outcome, Policy, RawMail, Reason

    from .lease import Lead

__all__ = [
    "Deaths",
    "Filed",
    "Place",
    "Recorded",
    "Store",
    "StoreCorruptError",
    "StoreError",
    "Taken",
    "Taking",
]


class Store:
    """One database. Every method is one transaction and raises StoreError where the database cannot be used.

    Any other exception from a method that writes is a bug; it has changed nothing.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._directories = Directories()

    @classmethod
    def open(cls, url: str, now: datetime) -> Store:
        """Open `sqlite:///FILE` or `postgresql://…`, migrating it; StoreError where it is unusable, foreign or newer than we are."""
        engine = engine_of(url)
        engine.prepare()
        applied = migrate(engine)
        store = cls(Connection(engine))
        if applied:
            store.note_event("migrated", ", ".join(applied), now)
        return store

    def led_by(self, lead: Lead | None) -> Store:
        """The same database, changed only while the lead stands; StoreError where another leads the mailbox by now."""
        return Store(Connection(self._connection.engine, lead))

    def require_lead(self) -> None:
        """Raise StoreError where another worker may lead the mailbox by now; asks no database."""
        if self._connection.lead is not None:
            self._connection.lead.require_time()

    def close(self) -> None:
        """Close this thread's connection."""
        self._connection.close()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """A transaction for questions: all of them see the same state."""
        with self._connection.reading():
            yield

    @contextmanager
    def writing(self, *, outlives_power_cut: bool = True) -> Iterator[None]:
        """A transaction for changes: all of them or none."""
        with self._connection.writing(outlives_power_cut=outlives_power_cut):
            yield

    def writers_ended(self, seconds: float) -> bool:
        """Whether all who write at this moment end within that time; nobody is held up meanwhile."""
        return self._connection.engine.writers_ended(seconds)

    @contextmanager
    def cataloguing(self) -> Iterator[bool]:
        """A transaction for what follows the commit, beside those that record mail; False where another is at it."""
        # What is lost is behind again, and gone through once more.
        with self._connection.writing(Scope(), outlives_power_cut=False):
            yield self._connection.engine.keeps_catalogue()

    def checkpoint(self) -> None:
        """Do now, between the mails, what commits would have to do at some time."""
        engine = self._connection.engine
        with engine.sentences():
            engine.checkpoint()

    def check(self) -> str:
        """Read the whole database; return "ok", or what is wrong with it."""
        engine = self._connection.engine
        with engine.sentences():
            return engine.check()

    def require_sound(self, seconds: float) -> bool:
        """Read the database for so long at most, and see that it can be written to; False where that was too short.

        Raises StoreError where it is damaged or read-only.
        """
        with self.writing():
            alarms.write_nothing()
        return self._connection.engine.looks_sound(seconds)

    @property
    def file(self) -> Path | None:
        """The database's file, None where it is on a server."""
        return self._connection.engine.file

    # ------------------------------------------------------------ alarms

    def raise_alarm(self, kind: str, detail: str, now: datetime) -> bool:
        """Raise an alarm; True where none of its kind was open."""
        with self.writing():
            return alarms.raise_alarm(kind, detail, now)

    def clear_alarm(self, kind: str, now: datetime) -> bool:
        """Clear an alarm; True where it was open."""
        with self.writing():
            return alarms.clear_alarm(kind, now)

    def open_alarms(self) -> list[alarms.Raised]:
        """The alarms that nobody and nothing has cleared, the newest first."""
        with self.reading():
            return alarms.alarms()

    def note_look(self, place: Place, up_to: int, now: datetime) -> None:
        """Remember that a look at the folder came to its end, and the highest UID that it saw."""
        with self._connection.writing(Scope(place.mailbox)):
            alarms.note_look(place, up_to, now)

    # ------------------------------------------------------------ the snapshot

    def load_directory(self, policy: Policy) -> Directory:
        """Return all accounts as one snapshot; the same object as before where nothing in it changed."""
        with self.reading():
            return self._directories.read(policy)

    # ------------------------------------------------------------ recording

    def record(
        self, place: Place, mail: RawMail, decisions: Sequence[Decision], now: datetime, *, error: str = ""
    ) -> Recorded:
        """Write a mail's receipt, its decisions and all they bring. A receipt that exists stays: `new` is False.

        `error` is the traceback of a mail that failed; only of such a mail the raw bytes are kept.
        """
        (recorded,) = self.record_many(place, [Taking(mail, decisions, error)], now)
        return recorded

    def record_many(self, place: Place, takings: Sequence[Taking], now: datetime) -> list[Recorded]:
        """Record several mails in one transaction: all or none. After an exception take them one at a time."""
        scope = _scope(place.mailbox, *(taking.decisions for taking in takings))
        with self._connection.writing(scope):
            return record(place, takings, now)

    def record_again(
        self,
        receipt_id: int,
        mail: RawMail,
        decisions: Sequence[Decision],
        now: datetime,
        *,
        error: str = "",
    ) -> Recorded:
        """Replace the decisions about a mail that has a receipt. An account that it was logged for keeps its own."""
        with self._connection.writing(_scope(None, decisions)):
            return record_again(receipt_id, Taking(mail, decisions, error), now)

    # ------------------------------------------------------------ the ledger's books

    def mailbox_id(self, name: str) -> int:
        """Return the id of the mailbox of that name, a new one where it is unknown."""
        with self.writing():
            return ledger.mailbox_id(name)

    def mailbox_names(self) -> list[str]:
        """Return the names of all mailboxes that mail was ever taken from."""
        with self.reading():
            return [row.name for row in Mailbox.select().order_by(Mailbox.id)]

    def without_receipt(self, place: Place, uids: Iterable[int]) -> list[int]:
        """Return those of the UIDs that have no receipt, in the order given."""
        with self.reading():
            return ledger.without_receipt(place, uids)

    def open_folder(self, place: Place, now: datetime) -> bool:
        """Note the folder's UIDVALIDITY. True where it changed: mails are then bound to their receipts by SHA-256."""
        with self._connection.writing(Scope(place.mailbox)):
            return ledger.open_folder(place, now)

    def last_uid(self, place: Place) -> int:
        """Return the highest UID that has a receipt; 0 where none has."""
        with self.reading():
            return ledger.last_uid(place)

    def retire(self, place: Place, now: datetime) -> None:
        """Give up UIDs that the server gives anew under the same UIDVALIDITY: mails are found by SHA-256 from now on."""
        with self._connection.writing(Scope(place.mailbox)):
            ledger.retire(place, now)

    def bind(self, place: Place, receipt_id: int, uid: int) -> None:
        """Say that the receipt is that of the mail which now lies here."""
        with self._connection.writing(Scope(place.mailbox)):
            ledger.bind(place, receipt_id, uid)

    def bind_by_sha256(self, place: Place, uid: int, sha256: str) -> bool:
        """Bind a mail to its receipt from before a UIDVALIDITY change. `record` does so by itself; this saves the work."""
        with self._connection.writing(Scope(place.mailbox)):
            return ledger.bind_by_sha256(place, uid, sha256) is not None

    def defer(self, place: Place, uid: int, reason: str, not_before: datetime, now: datetime) -> int:
        """Put a mail off until a time; return how often that was done to it."""
        with self._connection.writing(Scope(place.mailbox)):
            return ledger.defer(place, uid, reason, not_before, now)

    def forget_gone(self, place: Place, there: Collection[int]) -> None:
        """Forget that mails were put off which are not `there`, in the folder, any more: nobody waits for them."""
        with self.writing():
            ledger.forget_gone(place, there)

    def take_in_hand(self, place: Place, uids: Sequence[int]) -> None:
        """Write down the mails that are about to be read: should the worker die of one, the next worker knows."""
        with self._connection.writing(Scope(place.mailbox), outlives_power_cut=False):
            attempts.take_in_hand(place, uids)

    def left_in_hand(self, place: Place) -> list[int]:
        """Return the mails without a receipt that a worker had in hand when it died; from now on nothing is in hand."""
        with self._connection.writing(Scope(place.mailbox)):
            return attempts.left_in_hand(place)

    def count_death(self, place: Place, uid: int, death: Deaths, not_before: datetime) -> None:
        """Write down how often reading a mail ended uncleanly, how, and when it may be tried again."""
        with self._connection.writing(Scope(place.mailbox)):
            attempts.count_death(place, uid, death, not_before)

    def deaths(self, place: Place) -> dict[int, Deaths]:
        """Return the mails whose reading ended uncleanly and that have no receipt yet, by UID."""
        with self.reading():
            return attempts.deaths(place)

    def unfiled(self, place: Place, limit: int = 1000) -> list[tuple[int, int, Outcome]]:
        """Return (receipt, UID, outcome) of mails that were recorded and not moved yet, by UID."""
        with self.reading():
            return ledger.unfiled(place, limit)

    def mark_filed(
        self, receipt_id: int, folder: str, uidvalidity: int | None = None, uid: int | None = None
    ) -> None:
        """Remember where a mail was moved to; the numbers where the server told them."""
        with self._connection.writing(Scope()):
            ledger.mark_all_filed([(receipt_id, Filed(folder, uidvalidity, uid))])
            unmoved.forget(receipt_id)

    def left_unmoved(self, place: Place, before: datetime) -> list[tuple[Taken, Outcome]]:
        """Return the mails that should have been moved before that time, each with its outcome."""
        with self.reading():
            return unmoved.left(place.mailbox, before)

    def will_move(self, receipt_id: int, now: datetime) -> None:
        """Write down that a mail is to be moved, before it is decided again; mark_filed() says that it was."""
        with self._connection.writing(Scope()):
            unmoved.note(receipt_id, now)

    def mark_all_filed(self, filed: Sequence[tuple[int, Filed]]) -> None:
        """The same of several mails, each with its receipt."""
        if filed:
            with self._connection.writing(Scope()):
                ledger.mark_all_filed(filed)

    def is_filed_at(self, place: Place, folder: str, uidvalidity: int | None, uid: int | None) -> bool:
        """Whether a mail of that mailbox is known to have been moved exactly there."""
        with self.reading():
            return ledger.is_filed_at(place, Filed(folder, uidvalidity, uid))

    def looked_from(self, place: Place) -> tuple[int, dict[int, datetime]]:
        """Return the UID up to which everything has a receipt or is put off, 0 where nothing is known; and what is put off.

        That is by UID until when mails are put off that have no receipt: deferred ones, and those a process died of.
        """
        with self.reading():
            return ledger.low_water(place), ledger.put_off(place)

    def mark_reached(self, place: Place, uids: Sequence[int]) -> int | None:
        """Return what the low-water mark is to be by these UIDs, all that a look found; None where it is that already."""
        with self.reading():
            return ledger.mark_reached(place, uids)

    def set_low_water(self, place: Place, uid: int) -> None:
        """Remember the UID up to which everything has a receipt or is put off; losing it costs one longer search."""
        with self._connection.writing(Scope(place.mailbox), outlives_power_cut=False):
            ledger.set_low_water(place, uid)

    def find_receipts(self, *, ids: Iterable[int] | None = None, reason: Reason | None = None) -> list[Taken]:
        """Return receipts by id, by a reason that one of their decisions has, or both; the oldest first."""
        with self.reading():
            return ledger.find_receipts(ids, reason)

    def kept_raw(self, receipt_id: int) -> bytes | None:
        """Return the raw bytes of a mail that failed, else None: the mailbox has them."""
        with self.reading():
            return ledger.kept_raw(receipt_id)

    def note_event(self, kind: str, detail: str, now: datetime) -> None:
        """Write down something that the operator should know of."""
        with self.writing():
            Event.create(at=now, kind=kind, detail=detail)


def _scope(mailbox: int | None, *mails: Sequence[Decision]) -> Scope:
    """What records mails changes only what the accounts own that they concern."""
    return Scope(
        mailbox, frozenset(each.account for decisions in mails for each in decisions if each.account)
    )
