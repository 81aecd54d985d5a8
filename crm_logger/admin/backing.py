"""`backup` and `reconcile`: a copy of the database, and what to do after one was put back."""

from __future__ import annotations

import importlib
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crm_logger.admin import show
from crm_logger.admin.errors import WaitSaid
from crm_logger.admin.options import json_option
from crm_logger.store import StoreError
from crm_logger.store.backup import backup as write_backup
from crm_logger.store.connection import engine_of
from crm_logger.store.duty import duty_over_all

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_logger.admin.setup import Setup
    from crm_logger.reconcile import Walked


@click.command
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Put it in the place of a backup that has this name.")
@click.pass_obj
def backup(setup: Setup, *, file: Path, replace: bool) -> None:
    """Write a copy of the database to FILE, also while the service runs; it is looked through before it counts."""
    source = engine_of(setup.config().database_url)
    if source.file is None:
        raise StoreError(
            f"The database is on a server, and pg_dump makes its backups: pg_dump --format=custom --file {file} "
            f"{source.name} (docs/operating.md)."
        )
    size = write_backup(source.file, file, replace=replace)
    click.echo(f"{file}: {size / 1024 / 1024:.1f} MB, sound.")


@click.command
@click.option("--dry-run", is_flag=True, help="Only count what is missing.")
@json_option
@click.pass_obj
def reconcile(setup: Setup, *, dry_run: bool, as_json: bool) -> None:
    """After an old backup was restored: take in again the mail that the database has forgotten.

    Every mail in the mailbox's folders is compared with the receipts by its bytes. The service must not run meanwhile.
    """
    mailboxes = setup.mailboxes("imap", "log")
    with alone(setup.config().database_url):
        # Imported here: it brings the mailbox and the reader along.
        walk = importlib.import_module("crm_logger.reconcile").reconcile
        found: list[Walked] = []
        for config in mailboxes:
            found += walk(config, setup.store, dry_run=dry_run)
    if as_json:
        show.echo_json([show.facts(each) for each in found])
        return
    for each in found:
        click.echo(f"{show.clean(each.folder)}: {_told(each, dry_run=dry_run)}")


def _told(walked: Walked, *, dry_run: bool) -> str:
    if dry_run:
        became = f"{walked.forgotten} would be taken in"
    else:
        counts = ", ".join(f"{number} {outcome}" for outcome, number in sorted(walked.outcomes.items()))
        became = f"{walked.forgotten} taken in" + (f" ({counts})" if counts else "")
    unread = f", {walked.unread} could not be fetched" if walked.unread else ""
    return f"{show.plural(walked.seen, 'mail')}, {walked.found_again} found again, {became}{unread}."


@contextmanager
def alone(url: str) -> Iterator[None]:
    """See that no service runs on that database, and none starts meanwhile."""
    duty = duty_over_all(url, datetime.now(UTC))
    try:
        if not duty.take():
            raise WaitSaid(f"The service is running (process {duty.holder()}): stop it first.")
        yield
    finally:
        duty.close()
