"""`retry`: takes mail in again after the cause was mended."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

import click

from crm_logger.admin import show
from crm_logger.admin.options import account_option, json_option, reason_option, since_option
from crm_logger.core.model import Reason
from crm_logger.store import people, receipts

if TYPE_CHECKING:
    from datetime import datetime

    from crm_logger.admin.setup import Setup


@click.command
@click.argument("numbers", metavar="[ID…]", type=int, nargs=-1)
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
    config = setup.config("imap", "log")
    with setup.reading():
        chosen = _chosen(numbers, **which)
    again = importlib.import_module("crm_logger.retry")
    hidden = as_json or not sys.stderr.isatty()
    with click.progressbar(
        length=len(chosen), label="Taking in again", file=sys.stderr, hidden=hidden
    ) as bar:
        told: list[tuple[int, str]] = (
            again.retry(config, chosen, dry_run=dry_run, progress=bar.update) if chosen else []
        )
    if as_json:
        show.echo_json([{"receipt": number, "result": sentence} for number, sentence in told])
        return
    for number, sentence in told:
        click.echo(f"{number}: {show.clean(sentence)}")
    click.echo(f"{show.plural(len(told), 'mail')} {'looked at' if dry_run else 'taken in again'}.")


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
