"""`run`: the service itself."""

from __future__ import annotations

import gc
import importlib
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from types import ModuleType

    from crm_logger.admin.setup import Setup
    from crm_logger.config import Config
    from crm_logger.isolation import Reader


@click.command
@click.option("--once", is_flag=True, help="Look into the mailbox once, then end.")
@click.option("--dry-run", is_flag=True, help="Decide about every mail and print it; change nothing.")
@click.pass_obj
def run(setup: Setup, *, once: bool = False, dry_run: bool = False) -> None:
    """Take in the mail of the shared mailbox, or of several: now, and then at every interval."""
    mailboxes, config = setup.mailboxes("imap", "log"), setup.config()
    with _reader_begun() if once or dry_run else nullcontext() as reader:
        schedule = _schedule(config)
        gc.freeze()  # as the service does once it serves: what was loaded stays
        status = schedule.run(config, mailboxes, once=once, dry_run=dry_run, reader=reader)
    raise click.exceptions.Exit(status)


def _reader_begun() -> Reader:
    """Return a reader, to be entered at once: its process loads what it needs while this one does."""
    reader: Reader = importlib.import_module("crm_logger.isolation").Reader()
    return reader


def _schedule(config: Config) -> ModuleType:
    """Load the worker. peewee takes along each driver that is installed, and PostgreSQL's alone takes 0.1 s."""
    unwanted = config.database_url.startswith("sqlite:") and not sys.modules.keys() & {"peewee", "psycopg"}
    if unwanted:
        sys.modules["psycopg"] = None  # type: ignore[assignment]  # so that it is not found (import system, 5.3.1)
    try:
        return importlib.import_module("crm_logger.schedule")
    finally:
        if unwanted:
            del sys.modules["psycopg"]
