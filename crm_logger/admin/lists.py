"""`never-log` and `internal`: who must not appear in the CRM, and who is a colleague."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crm_logger.admin import show
from crm_logger.admin.options import account_option, json_option
from crm_logger.store import lists, people

if TYPE_CHECKING:
    from crm_logger.admin.setup import Setup

user_option = click.option(
    "--user", metavar="USER", help="On the list of this user alone (an address or a number)."
)


@click.group("never-log")
def never_log() -> None:
    """Add, list and remove entries of the never-log list."""


@never_log.command("add")
@click.argument("pattern")
@account_option
@user_option
@click.pass_obj
def add(setup: Setup, *, pattern: str, account: str | None, user: str | None) -> None:
    """Add PATTERN: x@y is that address, y or *@y the domain with its subdomains, =y that domain alone."""
    with setup.writing():
        entry = lists.add_never_log(*_owner(account, user, pattern))
    click.echo(f"{_reach(entry.pattern)} will not be logged{_whose(entry)}. What was logged before stays.")


@never_log.command("list")
@account_option
@user_option
@json_option
@click.pass_obj
def list_entries(setup: Setup, *, account: str | None, user: str | None, as_json: bool) -> None:
    """List the entries."""
    with setup.reading():
        tenant = people.find_account(account).id if account else None
        entries = lists.never_log(tenant, people.find_user(user, tenant).id if user else None)
    if as_json:
        show.echo_json([show.facts(entry) for entry in entries])
        return
    rows = [
        (entry.account_name, entry.user or "everybody", entry.pattern, _reach(entry.pattern))
        for entry in entries
    ]
    show.echo_table(("ACCOUNT", "FOR", "ENTRY", "MATCHES"), [tuple(map(show.clean, row)) for row in rows])


@never_log.command("remove")
@click.argument("pattern")
@account_option
@user_option
@click.pass_obj
def remove(setup: Setup, *, pattern: str, account: str | None, user: str | None) -> None:
    """Remove PATTERN; mail that was refused because of it can be taken in again (retry --reason never-log)."""
    with setup.writing():
        normal = lists.remove_never_log(*_owner(account, user, pattern))
    click.echo(
        f"{show.clean(normal)} is off the never-log list. To take in what it refused: crm-logger retry --reason never-log"
    )


@click.group
def internal() -> None:
    """Add, list and remove internal domains: everybody there is a colleague and never a contact."""


@internal.command("add")
@click.argument("domain")
@account_option
@click.pass_obj
def add_domain(setup: Setup, *, domain: str, account: str | None) -> None:
    """Add DOMAIN, with its subdomains."""
    with setup.writing():
        known = lists.add_internal_domain(people.find_account(account).id, domain)
    click.echo(
        f"Everybody at {show.clean(known.domain)} and its subdomains is a colleague of {show.clean(known.account_name)} now."
    )


@internal.command("list")
@account_option
@json_option
@click.pass_obj
def list_domains(setup: Setup, *, account: str | None, as_json: bool) -> None:
    """List the internal domains."""
    with setup.reading():
        known = lists.internal_domains(people.find_account(account).id if account else None)
    if as_json:
        show.echo_json([show.facts(each) for each in known])
        return
    show.echo_table(
        ("ACCOUNT", "DOMAIN"), [(show.clean(each.account_name), show.clean(each.domain)) for each in known]
    )


@internal.command("remove")
@click.argument("domain")
@account_option
@click.pass_obj
def remove_domain(setup: Setup, *, domain: str, account: str | None) -> None:
    """Remove DOMAIN."""
    with setup.writing():
        normal = lists.remove_internal_domain(people.find_account(account).id, domain)
    click.echo(f"{show.clean(normal)} is no internal domain any more.")


def _owner(account: str | None, user: str | None, pattern: str) -> tuple[int, str, int | None]:
    if user is None:
        return people.find_account(account).id, pattern, None
    known = people.find_user(user, people.find_account(account).id if account else None)
    return known.account, pattern, known.id


def _reach(pattern: str) -> str:
    if pattern.startswith("="):
        return f"Everybody at {show.clean(pattern[1:])} (not its subdomains)"
    return show.clean(pattern) if "@" in pattern else f"Everybody at {show.clean(pattern)} and its subdomains"


def _whose(entry: lists.KnownEntry) -> str:
    return f" for {show.clean(entry.user)}" if entry.user_id else f" in {show.clean(entry.account_name)}"
