"""What the ledger knows of imported mail; within a transaction of the Store."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm_logger.core.model import Outcome

from .ledger import at_place
from .tables import Decision, Receipt

if TYPE_CHECKING:
    from .values import Place


class Imported(NamedTuple):
    """The receipt of a mail, and whether it was logged for anybody."""

    receipt_id: int
    logged: bool


def imported(place: Place, uid: int) -> Imported | None:
    """Return what is known of an imported mail; None where it was never imported."""
    receipt = Receipt.get_or_none(at_place(Receipt, place), Receipt.uid == uid)
    if receipt is None:
        return None
    logged = (Decision.receipt == receipt.id) & (Decision.outcome == Outcome.LOGGED)
    return Imported(receipt.id, bool(Decision.select().where(logged).exists()))
