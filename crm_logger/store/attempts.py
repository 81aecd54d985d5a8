"""Which mails are in hand, and how often a process died of one. Each function runs in a transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_logger.core.model import Reason

from .ledger import at_place, without_receipt
from .tables import Death, InHand
from .values import Deaths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .values import Place


def take_in_hand(place: Place, uids: Sequence[int]) -> None:
    """Write down the mails that are about to be read, instead of those before."""
    put_down(place)
    if uids:
        InHand.create(
            mailbox=place.mailbox, folder=place.folder, uidvalidity=place.uidvalidity, uids=list(uids)
        )


def put_down(place: Place) -> None:
    """Say that no mail is in hand any more."""
    InHand.delete().where(InHand.mailbox == place.mailbox, InHand.folder == place.folder).execute()


def count_left_in_hand(place: Place, how: str) -> list[int]:
    """Count a death for each mail that a dead worker left in hand and has no receipt; return their UIDs."""
    left = InHand.get_or_none(InHand.mailbox == place.mailbox, InHand.folder == place.folder)
    if left is None:
        return []
    put_down(place)
    if left.uidvalidity != place.uidvalidity:
        return []
    uids = without_receipt(place, left.uids)
    for uid in uids:
        count_death(place, uid, Reason.PARSE_CRASH, how)
    return uids


def count_death(place: Place, uid: int, reason: Reason, how: str) -> int:
    """Count one more unclean end of reading a mail; return how many there were."""
    death = Death.get_or_none(at_place(Death, place), Death.uid == uid) or Death(
        mailbox=place.mailbox, folder=place.folder, uidvalidity=place.uidvalidity, uid=uid
    )
    death.deaths += 1
    death.reason, death.how = reason, how
    death.save()
    return int(death.deaths)


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
