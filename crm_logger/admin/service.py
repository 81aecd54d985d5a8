"""`run`: the service itself."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from crm_logger.admin.setup import Setup


@click.command
@click.option("--once", is_flag=True, help="Look into the mailbox once, then end.")
@click.option("--dry-run", is_flag=True, help="Decide about every mail and print it; change nothing.")
@click.pass_obj
def run(setup: Setup, *, once: bool = False, dry_run: bool = False) -> None:
    """Take in the mail of the shared mailbox, or of several: now, and then at every interval."""
    mailboxes = setup.mailboxes("imap", "log")
    schedule = importlib.import_module("crm_logger.schedule")
    raise click.exceptions.Exit(schedule.run(setup.config(), mailboxes, once=once, dry_run=dry_run))
