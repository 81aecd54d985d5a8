"""Leases: of all the workers on one PostgreSQL one leads a mailbox, for as long as it says so every few seconds.

A worker takes the leases of all its mailboxes, or none.

The row's token is the fence: whoever takes the lease raises it, and every change of the leader's is made only while its
token stands, in the same transaction. So a leader that was stopped and wakes up again writes nothing more.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from typing import TYPE_CHECKING, Final

from . import ledger
from .connection import Connection
from .errors import StoreError
from .tables import Lease, run_sql

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .engine import Engine

log = logging.getLogger("crm_logger.lease")

SECONDS: Final = 12
"""So long a lease holds after it was last renewed, by the server's clock."""
EVERY: Final = 3
MARGIN: Final = 2
"""So much earlier its holder believes itself that it is over: it begins nothing any more that the next one might do, too."""

_HELD: Final = "select 1 from lease where mailbox_id = ? and until >= clock_timestamp()"
"""Asked before it is taken, which waits for the holder's change: who stands still in one would hold up whoever stands by."""

_CUT_OFF: Final = """
select pg_terminate_backend(pid) from pg_stat_activity, lease
where lease.mailbox_id = ? and lease.until < clock_timestamp() and lease.worker <> ?
and application_name = left('crm-logger ' || lease.worker, 63) and usename = current_user
"""
"""A leader whose lease is over may stand still in the middle of a change: with its locks, or waiting for one in everybody's way."""

_TAKE: Final = """
insert into lease (mailbox_id, token, worker, until) values (?, 1, ?, clock_timestamp() + make_interval(secs => ?))
on conflict (mailbox_id) do update
set token = lease.token + 1, worker = excluded.worker, until = clock_timestamp() + make_interval(secs => ?)
where lease.until < clock_timestamp()
returning token
"""
_RENEW: Final = (
    "update lease set until = clock_timestamp() + make_interval(secs => ?) where mailbox_id = ? and token = ?"
)
_STANDS: Final = "select 1 from lease where mailbox_id = ? and token = ? for share"


class LeadLostError(StoreError):
    """Another worker leads the mailbox by now, or may: what this one was about to do was not done."""

    def __init__(self) -> None:
        super().__init__(
            "Another worker leads this mailbox by now: this one changes nothing more.", temporary=True
        )


class Lead:
    """Leases that were taken: the proof that this worker leads its mailboxes. `tokens` are by mailbox."""

    def __init__(self, tokens: dict[int, int], taken: float) -> None:
        self.tokens = tokens
        self._renewed = taken

    def renewed(self, at: float) -> None:
        """They were renewed by a question that was asked at that time."""
        self._renewed = at

    def require_time(self) -> None:
        """Raise LeadLostError where a lease may be over by the clock of this machine, sleep of it included."""
        if clock() - self._renewed > SECONDS - MARGIN:
            raise LeadLostError

    def require_tokens(self) -> None:
        """Raise LeadLostError where another has taken a lease; until the end of this transaction nobody can."""
        for mailbox, token in self.tokens.items():
            if run_sql(_STANDS, (mailbox, token)).fetchone() is None:
                raise LeadLostError


def clock() -> float:
    """Unlike the monotonic clock it goes on while the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class LeaseDuty:
    """Takes the leases of a worker's mailboxes, renews them in a thread of its own, and gives them up at the end."""

    def __init__(self, engine: Engine, mailboxes: Sequence[str]) -> None:
        self._connection = Connection(engine)
        with self._connection.writing():
            self._mailboxes = sorted({ledger.mailbox_id(name) for name in mailboxes})
        self._over = threading.Event()
        self._thread: threading.Thread | None = None
        self.lead: Lead | None = None
        self.lost: Callable[[str], None] = log.critical
        self.moves: Callable[[], bool] = lambda: True
        """Whether the work that the leases are for goes on; who only keeps them lets them go."""
        self._hung = False

    def take(self) -> bool:
        """Take the duty; False where another has one of the mailboxes."""
        at = clock()
        tokens = self._take_all()
        if tokens is None:
            return False
        self.lead = Lead(tokens, at)
        # Taking waits for the last change of the one before, who may stand still in the middle of it; renewing does not.
        self.renew()
        self._thread = threading.Thread(target=self._renew_always, name="lease", daemon=True)
        self._thread.start()
        return True

    def _take_all(self) -> dict[int, int] | None:
        tokens: dict[int, int] = {}
        with self._connection.writing_beside() as transaction:
            for mailbox in self._mailboxes:
                if run_sql(_HELD, (mailbox,)).fetchone():
                    transaction.rollback()
                    return None
                run_sql(_CUT_OFF, (mailbox, _worker()))
                taken = run_sql(_TAKE, (mailbox, _worker(), SECONDS, SECONDS)).fetchone()
                if taken is None:  # another was quicker
                    transaction.rollback()
                    return None
                tokens[mailbox] = taken[0]
        return tokens

    def holder(self) -> str:
        """The worker that leads one of the mailboxes."""
        with self._connection.reading():
            rows = Lease.select().where(Lease.mailbox.in_(self._mailboxes)).order_by(Lease.until.desc())
            return next((row.worker for row in rows), "unknown")

    def close(self) -> None:
        """Give the leases up, so that another worker takes over at once."""
        self._over.set()
        if self._thread is not None:
            self._thread.join()
        try:
            self._tell_all(0)
        except StoreError as trouble:
            log.warning("the lease was not given up, and ends by itself: %s", trouble)
        self._connection.close()

    def _renew_always(self) -> None:
        try:
            while not self._over.wait(EVERY):
                self.keep()
        except LeadLostError as lost:
            self.lost(str(lost))
        finally:
            self._connection.close()

    def keep(self) -> None:
        """Renew the leases where the work goes on; else they end by themselves, and another worker takes over."""
        moves = self.moves()
        if not moves and not self._hung:
            log.critical("the work hangs: its leases are not renewed, so that another worker takes over")
        self._hung = not moves
        if moves:
            self.renew()

    def renew(self) -> None:
        """Renew the leases; LeadLostError where another has taken one. A database that is away is asked again."""
        at = clock()
        try:
            stand = self._tell_all(SECONDS)
        except StoreError as trouble:
            log.warning("the lease could not be renewed: %s", trouble)
            return
        if not stand:
            raise LeadLostError
        if self.lead is not None:
            self.lead.renewed(at)

    def _tell_all(self, seconds: int) -> bool:
        """Have each lease that was taken end so many seconds from now; False where one is another's by now."""
        tokens = self.lead.tokens if self.lead is not None else {}
        with self._connection.writing_beside():
            changed = [run_sql(_RENEW, (seconds, *each)).rowcount for each in tokens.items()]
        return all(changed)


def _worker() -> str:
    return f"{os.uname().nodename}:{os.getpid()}"
