"""What was not logged: each mail with its reason in a sentence, what to do about it, and what one click can mend."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for

from crm_logger.core.model import Reason
from crm_logger.reasons import ADVICE
from crm_logger.store import people, receipts, wishes
from crm_logger.store.people import RequestError
from crm_logger.web.mends import TO_DO, offers
from crm_logger.web.site import site, visitor

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

pages = Blueprint("not_logged", __name__, url_prefix="/not-logged")

PAGE = 50


@pages.get("")
def listing() -> ResponseReturnValue:
    """The refused and failed mails that the visitor may see, newest first."""
    asked = _asked()
    with site().reading():
        found = receipts.decisions(asked)
        team = people.users(visitor().account)
        waiting = wishes.waiting_among({each.receipt for each in found})
    page = found[:PAGE]
    directory = site().directory()
    return render_template(
        "not_logged.html",
        decided=[(each, offers(each, visitor(), directory)) for each in page],
        advice=ADVICE,
        to_do=TO_DO,
        reasons=[each for each in Reason if each.outcome is not Reason.LOGGED.outcome],
        team=team,
        asked=request.args,
        waiting=waiting,
        older=_older(page[-1].receipt) if len(found) > PAGE else "",
    )


def _older(last: int) -> str:
    """The next page of what the filter lets through."""
    kept = {name: value for name, value in request.args.items() if name != "before" and value}
    return f"{url_for('not_logged.listing')}?{urlencode({**kept, 'before': last})}"


def _asked() -> receipts.Asked:
    me = visitor()
    start, end = _day(request.args.get("day", ""))
    user = request.args.get("user", type=int) if me.admin else None
    return receipts.Asked(
        not_logged=True,
        reason=_reason(request.args.get("reason", "")),
        since=start,
        until=end,
        accounts=me.accounts,
        user=user,
        mine=None if me.admin else me.user,
        before=request.args.get("before", type=int),
        limit=PAGE + 1,
    )


def _reason(written: str) -> Reason | None:
    return Reason(written) if written in set(Reason) else None


def _day(written: str) -> tuple[datetime | None, datetime | None]:
    """The start and the end of a day on the server's clock."""
    if not written:
        return None, None
    try:
        start = datetime.combine(date.fromisoformat(written), datetime.min.time()).astimezone(UTC)
        return start, start + timedelta(days=1)
    except (ValueError, OverflowError):
        raise RequestError("That is no day.") from None
