"""Options and arguments that several commands share."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import click

from crm_logger.core.model import Reason

account_option = click.option(
    "--account", metavar="NAME", help="Which account; needed only where there are several."
)
mailbox_option = click.option(
    "--mailbox", metavar="NAME", help="Which of MAILBOXES; needed only where there are several."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON; times in UTC.")

NUMBER = click.IntRange(1, 2**63 - 1)
"""The number of a row; no database keeps a larger one."""

MOST = 10**9
"""So many rows are asked for at most; databases count no further than NUMBER."""

_SPANS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "y": timedelta(days=365),
}


class Since(click.ParamType[datetime]):
    """A day or a moment on the local clock (2026-05-03, 2026-05-03T10:00), or a span back from now (90m, 12h, 7d, 2w, 3y)."""

    name = "since"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read it; the outcome is aware."""
        try:
            return _moment(str(value).strip())
        except (ValueError, OverflowError):
            self.fail(
                f"{value!r} is neither a date (2026-05-03) nor a span (90m, 12h, 7d, 2w, 3y).", param, ctx
            )


def _moment(text: str) -> datetime:
    if span := re.fullmatch(r"([0-9]{1,6})([mhdwy])", text, re.ASCII):
        return datetime.now(UTC) - int(span[1]) * _SPANS[span[2]]
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        day = date.fromisoformat(text)
        return datetime(day.year, day.month, day.day).astimezone()
    return datetime.fromisoformat(text).astimezone()


reason_option = click.option(
    "--reason",
    type=click.Choice([reason.value for reason in Reason]),
    metavar="REASON",
    help="Only this reason.",
)
since_option = click.option(
    "--since", type=Since(), metavar="DATE|SPAN", help="Taken in since 2026-05-03, or 7d, 12h …"
)
