"""`contacts` and `contact`: whom the account does business with."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crm_logger.admin import contact_file, show
from crm_logger.admin.options import MOST, account_option, json_option
from crm_logger.store import contacts as store
from crm_logger.store import people

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crm_logger.admin.contact_file import Row
    from crm_logger.admin.setup import Setup
    from crm_logger.store.contacts import KnownContact


@click.command("contacts")
@click.argument("search", required=False, default="", metavar="[PART]")
@account_option
@click.option("--limit", type=click.IntRange(1, MOST), help="How many at most.")
@json_option
@click.pass_obj
def contacts(setup: Setup, *, search: str, account: str | None, limit: int | None, as_json: bool) -> None:
    """List the contacts, or those with PART in their name or in an address."""
    with setup.reading():
        known = store.contacts(people.find_account(account).id if account else None, search, limit)
    if as_json:
        show.echo_json([show.facts(each) for each in known])
        return
    show.echo_table(("ID", "ACCOUNT", "NAME", "ADDRESSES", "MAILS", "LAST"), [_row(each) for each in known])


@click.group
def contact() -> None:
    """Add, import, merge, list and remove contacts and their addresses."""


@contact.command("add")
@click.argument("addresses", nargs=-1, required=True, metavar="ADDRESS…")
@click.option("--name", default="", help="The contact's name.")
@account_option
@click.pass_obj
def add(setup: Setup, *, addresses: tuple[str, ...], name: str, account: str | None) -> None:
    """Add a contact with one ADDRESS or several."""
    with setup.writing():
        tenant = people.find_account(account)
        known = store.add_contact(setup.directory(), tenant.id, name, addresses, setup.now)
    click.echo(f"{_title(known)} is contact {known.id} of {show.clean(known.account_name)} now.")


@contact.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@account_option
@click.pass_obj
def import_file(setup: Setup, *, file: Path, account: str | None) -> None:
    """Add the contacts of a CSV FILE whose first line names the columns: name, address, address2, …

    A row that cannot be added is reported with its line, the others are added; the status is 1 then.
    """
    rows = contact_file.read_rows(file)
    with setup.writing():
        tenant = people.find_account(account).id
        hidden = not sys.stderr.isatty()
        with click.progressbar(rows, label="Adding contacts", file=sys.stderr, hidden=hidden) as bar:
            problems = list(_left_out(setup, tenant, bar))
    for line, problem in problems:
        click.echo(show.clean(f"{file}:{line}: {problem}"), err=True)
    click.echo(
        f"{show.plural(len(rows) - len(problems), 'contact')} added, {show.plural(len(problems), 'row')} left out."
    )
    if problems:
        raise click.exceptions.Exit(1)


def _left_out(setup: Setup, account: int, rows: Iterable[Row]) -> Iterator[tuple[int, str]]:
    directory = setup.directory()
    for row in rows:
        try:
            store.add_contact(directory, account, row.name, row.addresses, setup.now)
        except people.RequestError as problem:
            yield row.line, str(problem)


@contact.group("address")
def contact_address() -> None:
    """Add and remove further addresses of a contact."""


@contact_address.command("add")
@click.argument("contact", metavar="CONTACT")
@click.argument("address")
@account_option
@click.pass_obj
def add_address(setup: Setup, *, contact: str, address: str, account: str | None) -> None:
    """Add ADDRESS to CONTACT."""
    with setup.writing():
        known = store.add_contact_address(setup.directory(), _find(contact, account).id, address)
    click.echo(f"{_title(known)}: {show.plural(len(known.addresses), 'address', 'addresses')}.")


@contact_address.command("remove")
@click.argument("contact", metavar="CONTACT")
@click.argument("address")
@account_option
@click.pass_obj
def remove_address(setup: Setup, *, contact: str, address: str, account: str | None) -> None:
    """Take ADDRESS away from CONTACT; what was logged stays on the timeline."""
    with setup.writing():
        known = store.remove_contact_address(_find(contact, account).id, address)
    click.echo(f"{_title(known)}: {show.plural(len(known.addresses), 'address', 'addresses')}.")


@contact.command("merge")
@click.argument("contact", metavar="CONTACT")
@click.argument("into", metavar="INTO")
@account_option
@click.pass_obj
def merge(setup: Setup, *, contact: str, into: str, account: str | None) -> None:
    """Move addresses and timeline of CONTACT to contact INTO, and end CONTACT."""
    with setup.writing():
        known = store.merge_contacts(_find(contact, account).id, _find(into, account).id)
    click.echo(f"{_title(known)}: {show.plural(known.engagements, 'mail')} on the timeline.")


@contact.command("remove")
@click.argument("contact", metavar="CONTACT")
@account_option
@click.option("--yes", is_flag=True, help="Also where there is logged mail.")
@click.pass_obj
def remove(setup: Setup, *, contact: str, account: str | None, yes: bool) -> None:
    """Remove CONTACT, and the mail that stands on no other timeline."""
    with setup.writing():
        known = _find(contact, account)
        if known.engagements and not yes:
            mails = show.plural(known.engagements, "mail")
            raise people.RequestError(f"{_title(known)} has {mails} on the timeline: --yes removes them too.")
        gone = store.remove_contact(known.id)
    click.echo(f"{_title(known)} was removed, with {show.plural(gone, 'mail')}.")


contact.add_command(contacts, "list")


def _find(contact: str, account: str | None) -> KnownContact:
    return store.find_contact(contact, people.find_account(account).id if account else None)


def _title(known: KnownContact) -> str:
    return show.person(known.name, known.addresses[0])


def _row(known: KnownContact) -> tuple[str, ...]:
    addresses = ", ".join(map(show.clean, known.addresses))
    account, name = show.clean(known.account_name), show.clean(known.name)
    return str(known.id), account, name, addresses, str(known.engagements), show.local(known.last)
