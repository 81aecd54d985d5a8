"""`import`: mail from mbox files, Maildirs, .eml files or another IMAP folder, by the same rules."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crm_logger.admin import show
from crm_logger.admin.errors import Said
from crm_logger.admin.options import json_option, mailbox_option
from crm_logger.archives import Archive, ArchiveError, archive_of_folder, open_archive
from crm_logger.core.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_logger.admin.setup import Setup
    from crm_logger.importing import Imported


@click.command("import")
@click.argument("paths", nargs=-1, metavar="[PATH…]", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--imap-folder", metavar="NAME", help="A folder of the mailbox instead of files; it is only read."
)
@mailbox_option
@click.option(
    "--to",
    "log_address",
    metavar="LOG-ADDRESS",
    default="",
    help="Take all of it as if it had been delivered to this log address.",
)
@click.option(
    "--trust-senders", is_flag=True, help="Ask for no proof of the senders: for mail whose origin you know."
)
@click.option("--dry-run", is_flag=True, help="Only tell what would become of it.")
@json_option
@click.pass_obj
def import_mails(  # noqa: PLR0913 -- one argument per option
    setup: Setup,
    *,
    paths: tuple[Path, ...],
    imap_folder: str | None,
    mailbox: str | None,
    log_address: str,
    trust_senders: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Import mail by the same rules, with its own dates: from PATH… (mbox files, Maildirs, folders of .eml files, .eml).

    Repeating it logs nothing twice, and decides again what was not logged. Limits do not count imported mail.
    """
    if bool(paths) == bool(imap_folder):
        raise click.UsageError("Say which mail: PATH…, or --imap-folder NAME.")
    # Imported here: it brings the reader along.
    importing = importlib.import_module("crm_logger.importing")
    terms = importing.Terms(log_address, trust_senders)
    config = setup.config("log")
    found: Imported = importing.Imported()
    for archive in _archives(setup, paths, imap_folder, mailbox):
        with _bar(archive.number) as bar:
            found.add(
                importing.import_mails(
                    config, setup.store, archive.mails(), terms, dry_run=dry_run, progress=bar.update
                )
            )
    _say(found, dry_run=dry_run, as_json=as_json)


def _archives(
    setup: Setup, paths: Sequence[Path], imap_folder: str | None, mailbox: str | None
) -> list[Archive]:
    """All of them are looked at before the first mail is taken in."""
    if imap_folder is not None:
        return [archive_of_folder(setup.mailbox(mailbox, "imap", "log"), imap_folder)]
    try:
        return [open_archive(path) for path in paths]
    except ArchiveError as problem:
        raise Said(str(problem)) from problem


def _bar(number: int) -> Any:
    hidden = not sys.stderr.isatty()
    return click.progressbar(length=number, label="Importing", file=sys.stderr, hidden=hidden)


def _say(found: Imported, *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        reasons = {reason.value: number for reason, number in sorted(found.reasons.items())}
        told = {"reasons": reasons, "known": found.known, "held": found.held, "unread": found.unread}
        show.echo_json(told | {"dry_run": dry_run})
        return
    would = "would be " if dry_run else ""
    counts = found.outcomes()
    parts = [f"{would}{outcome.value} {counts[outcome]}" for outcome in Outcome if counts[outcome]]
    rest = {"logged before": found.known, "held back": found.held, "could not be read": found.unread}
    parts += [f"{told} {number}" for told, number in rest.items() if number]
    click.echo(f"Mails: {', '.join(parts) or 'none'}.")
    for reason, number in found.reasons.most_common():
        click.echo(f"  {number:>7,}  {reason.value}")
