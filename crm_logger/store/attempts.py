"""Which mails are in hand, and how often a process died of one. Each function runs in a transaction."""

from __future__ import annotations

from os import getpid
from secrets import token_hex
from typing import TYPE_CHECKING, Final

from crm_logger.core.model import Reason

from .ledger import at_place, named, without_receipt
from .statements import ask, tell
from .tables import Death, InHand
from .values import Deaths

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from .values import Place


_STARTED: Final = token_hex(8)
_TAKE: Final = (
    "INSERT INTO in_hand (mailbox_id, folder, uidvalidity, uids, worker) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT (mailbox_id, folder)"
    " DO UPDATE SET uidvalidity = EXCLUDED.uidvalidity, uids = EXCLUDED.uids, worker = EXCLUDED.worker"
)
_LET_GO: Final = "DELETE FROM in_hand WHERE mailbox_id = ? AND folder = ?"
_DEATHS: Final = (
    "SELECT uid, deaths, reason, how FROM death WHERE mailbox_id = ? AND folder = ? AND uidvalidity = ?"
)


def _worker() -> str:
    """Name this process: what it left in hand itself, it did not die of."""
    return f"{getpid()}-{_STARTED}"


def take_in_hand(place: Place, uids: Sequence[int]) -> None:
    """Write down the mails that are about to be read, instead of those before."""
    if uids:
        tell(_TAKE, *named(place), InHand.uids.db_value(list(uids)), _worker())
    else:
        mailbox, folder, _ = named(place)
        tell(_LET_GO, mailbox, folder)


def left_in_hand(place: Place) -> list[int]:
    """Return the mails without a receipt that another worker, now dead, had in hand; from now on nothing is."""
    left = InHand.get_or_none(InHand.mailbox == place.mailbox, InHand.folder == place.folder)
    if left is None:
        return []
    take_in_hand(place, ())
    if left.worker == _worker() or left.uidvalidity != place.uidvalidity:
        return []
    return without_receipt(place, left.uids)


def count_death(place: Place, uid: int, death: Deaths, not_before: datetime) -> None:
    """Write down how often reading a mail ended uncleanly, how, and when it may be tried again."""
    row = Death.get_or_none(at_place(Death, place), Death.uid == uid) or Death(
        mailbox=place.mailbox, folder=place.folder, uidvalidity=place.uidvalidity, uid=uid
    )
    row.deaths, row.reason, row.how, row.not_before = death.number, death.reason, death.how, not_before
    row.save()


def deaths(place: Place) -> dict[int, Deaths]:
    """Return the mails that processes died of, by UID."""
    return {
        uid: Deaths(number, Reason(reason), how) for uid, number, reason, how in ask(_DEATHS, *named(place))
    }


def forget_deaths(place: Place, uid: int) -> int:
    """Forget them, for there is a receipt now; return how many there were."""
    death = Death.get_or_none(at_place(Death, place), Death.uid == uid)
    if death is None:
        return 0
    death.delete_instance()
    return int(death.deaths)
