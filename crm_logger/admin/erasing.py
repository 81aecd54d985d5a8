"""`erase`, `purge` and `prune`: what must not be kept is removed."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import click

from crm_logger.admin import show
from crm_logger.admin.options import Since, account_option, json_option
from crm_logger.store import erasure, people, retention

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from crm_logger.admin.setup import Setup
    from crm_logger.store.forgetting import Forgotten

dry_run_option = click.option("--dry-run", is_flag=True, help="Only count; nothing is changed.")
_SOME = 5


class _OnlyLooking(Exception):  # noqa: N818 -- no error: it takes the changes of a dry run back
    pass


@contextmanager
def _changing(setup: Setup, *, dry_run: bool) -> Iterator[None]:
    """A transaction; a dry run does everything and takes it back, so that it counts exactly."""
    with suppress(_OnlyLooking), setup.writing():
        yield
        if dry_run:
            raise _OnlyLooking


@click.command
@click.argument("address")
@account_option
@click.option("--lift", is_flag=True, help="Let mail make the address a contact again. Nothing comes back.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@dry_run_option
@json_option
@click.pass_obj
def erase(  # noqa: PLR0913 -- one argument per option
    setup: Setup,
    *,
    address: str,
    account: str | None,
    lift: bool,
    yes: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Erase the person with ADDRESS: contact, mails, attachments, and the name in the ledger.

    A keyed hash of each address stays, so that mail does not make it a contact again. Mails that others wrote, and that
    stand on other timelines, stay there without the person.
    """
    if lift:
        with setup.writing():
            lifted = erasure.lift(people.find_account(account).id, address)
        click.echo(f"Mail may make {show.clean(lifted)} a contact again.")
        return
    if not (yes or dry_run):
        told = _told(_erased(setup, account, address, dry_run=True))
        click.confirm(f"This would remove {told}. There is no way back. Go on?", abort=True, err=True)
    found = _erased(setup, account, address, dry_run=dry_run)
    _say(found, dry_run=dry_run, as_json=as_json)


def _erased(setup: Setup, account: str | None, address: str, *, dry_run: bool) -> Forgotten:
    with _changing(setup, dry_run=dry_run):
        tenant = people.find_account(account).id
        return erasure.erase(setup.directory(), tenant, address, setup.now)


@click.command
@click.option("--never-log", is_flag=True, required=True, help="What the never-log lists forbid by now.")
@account_option
@dry_run_option
@json_option
@click.pass_obj
def purge(setup: Setup, *, never_log: bool, account: str | None, dry_run: bool, as_json: bool) -> None:  # noqa: ARG001 -- it is required so that nobody purges by mistake
    """Apply the never-log lists to what was logged before their entries were made."""
    with _changing(setup, dry_run=dry_run):
        tenant = people.find_account(account).id
        found = erasure.purge_never_log(setup.directory(), tenant)
    _say(found, dry_run=dry_run, as_json=as_json)


def _say(found: Forgotten, *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        show.echo_json(show.facts(found) | {"dry_run": dry_run})
        return
    click.echo(f"{'Would remove' if dry_run else 'Removed'} {_told(found)}.")
    if found.lying:
        where = [f"{show.clean(each.folder)} UID {each.uid or 'unknown'}" for each in found.lying[:_SOME]]
        more = f" and {len(found.lying) - _SOME} more (--json lists them)" if len(found.lying) > _SOME else ""
        click.echo(
            f"The mails themselves lie in the mailbox until you remove them there: {', '.join(where)}{more}."
        )


def _told(found: Forgotten) -> str:
    shared = show.plural(found.shared, "mail of others", "mails of others")
    return (
        f"{show.plural(found.contacts, 'contact')} and {show.plural(found.mails, 'mail')}; "
        f"and the person from {shared} and {show.plural(found.decisions, 'decision')} of the ledger"
    )


@click.command
@click.option(
    "--older-than",
    "before",
    type=Since(),
    required=True,
    metavar="SPAN|DATE",
    help="By the mail's own time: 3y, 90d, 2026-05-03.",
)
@account_option
@dry_run_option
@json_option
@click.pass_obj
def prune(setup: Setup, *, before: datetime, account: str | None, dry_run: bool, as_json: bool) -> None:
    """Remove logged mail that is older, contacts that only such mail made, and names from the ledger.

    It goes on a little at a time, so that a running worker hardly waits. Receipts stay, without anything personal.
    """
    with setup.reading():
        tenant = people.find_account(account).id
        old = retention.count_old(tenant, before)
    if not dry_run:
        old = retention.Old(
            _all(setup, lambda: retention.remove_old_mails(tenant, before)),
            _all(setup, lambda: retention.remove_empty_contacts(tenant)),
            _all(setup, lambda: retention.forget_old_decisions(tenant, before)),
        )
    if as_json:
        told: dict[str, Any] = show.facts(old)
        show.echo_json(told | {"before": before, "dry_run": dry_run})
        return
    click.echo(
        f"{'Would remove' if dry_run else 'Removed'} {show.plural(old.mails, 'mail')} and "
        f"{show.plural(old.contacts, 'contact')}, and the names from {show.plural(old.decisions, 'decision')} of the ledger."
    )


def _all(setup: Setup, some: Callable[[], int]) -> int:
    """Do it until nothing is left, each time in a transaction of its own; return how much there was."""
    total = 0
    while True:
        with setup.writing():
            done = some()
        if not done:
            return total
        total += done
