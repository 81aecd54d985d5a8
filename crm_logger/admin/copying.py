"""`db copy`: from one database to another, SQLite to PostgreSQL for instance."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from crm_logger.admin import show
from crm_logger.admin.backing import alone
from crm_logger.admin.options import json_option
from crm_logger.store.copying import both

if TYPE_CHECKING:
    from crm_logger.admin.setup import Setup


@click.group
def db() -> None:
    """Look after the database as a whole."""


@db.command
@click.option(
    "--to",
    "target",
    metavar="URL",
    required=True,
    envvar="COPY_TO",
    help="An empty database; the variable COPY_TO keeps its password out of the list of processes.",
)
@json_option
@click.pass_obj
def copy(setup: Setup, *, target: str, as_json: bool) -> None:
    """Copy the database of DATABASE_URL into another one, and compare the two.

    The service must not run. A copy that broke off goes on where it was. Afterwards set DATABASE_URL and start the
    service; the worker makes the search index anew by itself.
    """
    source = setup.config().database_url
    with alone(source), both(source, target) as pair:
        with _bar("Copying", pair.count()) as bar:
            pair.copy(bar.update)
        with _bar("Comparing", None) as bar:
            copied = pair.verify(bar.update)
        name = pair.target.engine.name
    if as_json:
        show.echo_json([show.facts(each) for each in copied])
        return
    show.echo_table(
        ("TABLE", "ROWS", "SHA-256"),
        [(each.table, f"{each.number:,}", each.digest[:16]) for each in copied],
    )
    click.echo(f"\n{name} holds the same. Set DATABASE_URL to it and start the service.")


def _bar(label: str, length: int | None) -> Any:
    hidden = not sys.stderr.isatty()
    return click.progressbar(length=length or 0, label=label, file=sys.stderr, hidden=hidden)
