"""Which mails are in hand, and how often a process died of one. Each function runs in a transaction."""

from __future__ import annotations

from os import getpid
from secrets import token_hex
from typing import TYPE_CHECKING, Final

from crm_logger.core.model import Reason

from .ledger import at_place, without_receipt
from .tables import Death, InHand
from .values import Deaths

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from .values import Place


_STARTED: Final = token_hex(8)


def _worker() -> str:
    """Name this process: what it left in hand itself, it did not die of."""
    return f"{getpid()}-{_STARTED}"


def take_in_hand(place: Place, uids: Sequence[int]) -> None:
    """Write down the mails that are about to be read, instead of those before."""
    InHand.delete().where(InHand.mailbox == place.mailbox, InHand.folder == place.folder).execute()
    if uids:
        InHand.create(
            mailbox=place.mailbox,
            folder=place.folder,
            uidvalidity=place.uidvalidity,
            uids=list(uids),
            worker=_worker(),
        )


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
    rows = Death.select().where(at_place(Death, place))
    return {row.uid: Deaths(row.deaths, Reason(row.reason), row.how) for row in rows}


def forget_deaths(place: Place, uid: int) -> int:
    """Forget them, for there is a receipt now; return how many there were."""
    death = Death.get_or_none(at_place(Death, place), Death.uid == uid)
    if death is None:
        return 0
    death.delete_instance()
    return int(death.deaths)
