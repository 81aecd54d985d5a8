"""`retry`: takes mail in again after the cause was mended."""

from __future__ import annotations

import importlib
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from crm_logger.admin import show
from crm_logger.admin.options import NUMBER, account_option, json_option, reason_option, since_option
from crm_logger.core.model import Outcome, Reason
from crm_logger.store import people, receipts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from crm_logger.admin.setup import Setup
    from crm_logger.retry import Again


@click.command
@click.argument("numbers", metavar="[ID…]", type=NUMBER, nargs=-1)
@reason_option
@since_option
@account_option
@click.option("--dry-run", is_flag=True, help="Only tell what would become of each mail.")
@json_option
@click.pass_obj
def retry(setup: Setup, /, *, numbers: tuple[int, ...], dry_run: bool, as_json: bool, **which: Any) -> None:
    """Take in again the mails of receipts ID…, or all that were not logged for a reason or since a time."""
    if not numbers and which["reason"] is None and which["since"] is None:
        raise click.UsageError("Say which: receipt numbers, --reason, --since, or several of them.")
    mailboxes = setup.mailboxes("imap", "log")
    with setup.reading():
        chosen = _chosen(numbers, **which)
    again = importlib.import_module("crm_logger.retry")
    hidden = as_json or not sys.stderr.isatty()
    with click.progressbar(
        length=len(chosen), label="Taking in again", file=sys.stderr, hidden=hidden
    ) as bar:
        told: list[Again] = (
            again.retry(mailboxes, chosen, dry_run=dry_run, progress=bar.update) if chosen else []
        )
    if as_json:
        show.echo_json([{"receipt": each.receipt, "result": each.result} for each in told])
        return
    for each in told:
        click.echo(f"{each.receipt}: {show.clean(each.result)}")
    click.echo(_summary(told, dry_run=dry_run))


_VERBS = {
    Outcome.LOGGED: ("log", "logged"),
    Outcome.REFUSED: ("refuse", "refused"),
    Outcome.FAILED: ("fail", "failed"),
}


def _summary(told: Sequence[Again], *, dry_run: bool) -> str:
    """`would log 7, would refuse 2`; mails that are gone are counted, too."""
    counts = Counter(each.outcome for each in told)
    parts = [
        f"would {would} {counts[outcome]}" if dry_run else f"{counts[outcome]} {did}"
        for outcome, (would, did) in _VERBS.items()
        if counts[outcome]
    ]
    if counts[None]:
        parts.append(f"{counts[None]} no longer in the mailbox")
    done = f"{show.plural(len(told), 'mail')} {'looked at' if dry_run else 'taken in again'}"
    return f"{done}: {', '.join(parts)}." if parts else f"{done}."


def _chosen(
    numbers: tuple[int, ...], account: str | None, reason: str | None, since: datetime | None
) -> list[int]:
    """The receipts, the oldest first; with numbers, those among them that fit the rest."""
    for number in numbers:
        receipts.receipt(number)
    tenant = people.find_account(account).id if account else None
    if numbers and reason is None and since is None and tenant is None:
        return sorted(set(numbers))
    asked = receipts.Asked(
        not_logged=True, reason=Reason(reason) if reason else None, since=since, account=tenant
    )
    found = {each.receipt for each in receipts.decisions(asked)}
    return sorted(found & set(numbers) if numbers else found)
