"""How things stand, for admins: mail by day, reasons, delays, the mailbox and the alarms."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, render_template

from crm_logger.reasons import ADVICE
from crm_logger.store import alarms, standing
from crm_logger.web.access import for_admins
from crm_logger.web.chart import columns
from crm_logger.web.site import site, visitor

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

pages = Blueprint("status", __name__, url_prefix="/status")

DAYS = 30
_LATELY = timedelta(days=7)


@pages.get("")
@for_admins
def page() -> ResponseReturnValue:
    """The last thirty days of the account, and the health of the mailbox."""
    me, now = visitor(), site().now()
    first = (now - timedelta(days=DAYS - 1)).replace(hour=0, minute=0, second=0, microsecond=0)
    with site().reading():
        counts = standing.by_day(me.accounts, first)
        reasons = standing.by_reason(me.accounts, now - _LATELY)
        delays = standing.delays(me.accounts, now - _LATELY)
        folders, waiting = standing.folders(), standing.waiting()
        raised = alarms.alarms()
    return render_template(
        "status.html",
        chart=columns(counts, first.date(), DAYS),
        reasons=reasons,
        advice=ADVICE,
        delays=_quantiles(delays),
        folders=folders,
        waiting=waiting,
        alarms=raised,
        now=now,
    )


def _quantiles(delays: list[float]) -> dict[str, float]:
    """The median, and what nineteen in twenty did not exceed; delays are sorted."""
    if not delays:
        return {}
    return {
        name: delays[min(len(delays) - 1, int(part * len(delays)))]
        for name, part in (("half", 0.5), ("most", 0.95))
    }
