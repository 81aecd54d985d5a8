"""`account`: the tenants."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crm_logger.admin import show
from crm_logger.admin.addresses import echo_addresses
from crm_logger.admin.options import json_option
from crm_logger.store import log_addresses, people

if TYPE_CHECKING:
    from crm_logger.admin.setup import Setup


@click.group
def account() -> None:
    """Add, list, rename and remove accounts."""


@account.command("add")
@click.argument("name")
@click.pass_obj
def add(setup: Setup, *, name: str) -> None:
    """Add an account and mint its two log addresses."""
    domain = setup.config("log").log_domain[0]
    with setup.writing():
        new = people.add_account(name)
        minted = log_addresses.mint(new.id, setup.now)
    click.echo(f"Account {show.clean(new.name)} was added. Its log addresses:\n")
    echo_addresses(minted, domain, setup.now)
    click.echo(f"\nNext: crm-logger user add ADDRESS --name NAME --account '{show.clean(new.name)}'")


@account.command("list")
@json_option
@click.pass_obj
def list_accounts(setup: Setup, *, as_json: bool) -> None:
    """List the accounts."""
    with setup.reading():
        known = people.accounts()
    if as_json:
        show.echo_json([show.facts(each) for each in known])
        return
    rows = [(str(each.id), show.clean(each.name), *_counts(each)) for each in known]
    show.echo_table(("ID", "NAME", "USERS", "CONTACTS", "LOGGED"), rows)


@account.command("rename")
@click.argument("name")
@click.argument("new_name")
@click.pass_obj
def rename(setup: Setup, *, name: str, new_name: str) -> None:
    """Give account NAME the name NEW_NAME; nothing else changes."""
    with setup.writing():
        renamed = people.rename_account(people.find_account(name).id, new_name)
    click.echo(f"Account {show.clean(name)} is called {show.clean(renamed.name)} now.")


@account.command("remove")
@click.argument("name")
@click.pass_obj
def remove(setup: Setup, *, name: str) -> None:
    """Remove an account that has no contacts and that no mail ever came for."""
    with setup.writing():
        known = people.find_account(name)
        people.remove_account(known.id)
    click.echo(f"Account {show.clean(known.name)} was removed, with its users and log addresses.")


def _counts(known: people.KnownAccount) -> tuple[str, str, str]:
    return str(known.users), str(known.contacts), str(known.engagements)
