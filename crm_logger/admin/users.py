"""`user`, `alias` and `connected`: who may log, and by which addresses they are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from crm_logger.admin import show
from crm_logger.admin.options import account_option, json_option
from crm_logger.store import people
from crm_logger.store.tables import AddressKind

if TYPE_CHECKING:
    from crm_logger.admin.setup import Setup


@click.group
def user() -> None:
    """Add, list, change and remove users."""


@user.command("add")
@click.argument("address")
@click.option("--name", default="", help="The user's name.")
@account_option
@click.option(
    "--sales-access/--no-sales-access",
    default=True,
    help="Whether the user may log mail; yes where not said.",
)
@click.pass_obj
def add(setup: Setup, *, address: str, name: str, account: str | None, sales_access: bool) -> None:
    """Add a user with the own ADDRESS."""
    policy = setup.config().policy
    with setup.writing():
        tenant = people.find_account(account)
        new = people.add_user(policy, tenant.id, address, name, sales_access=sales_access)
        contact = people.contact_at(tenant.id, new.address)
    click.echo(
        f"{_title(new)} was added to {show.clean(new.account_name)}{'' if sales_access else ', without sales access'}."
    )
    _echo_contact(contact)


@user.command("list")
@account_option
@json_option
@click.pass_obj
def list_users(setup: Setup, *, account: str | None, as_json: bool) -> None:
    """List the users, of all accounts or of one."""
    with setup.reading():
        known = people.users(people.find_account(account).id if account else None)
    if as_json:
        show.echo_json([show.facts(each) for each in known])
        return
    rows = [_row(each) for each in known]
    show.echo_table(("ID", "ACCOUNT", "NAME", "ADDRESS", "CONNECTED, ALIASES", "LOGS"), rows)


@user.command("change")
@click.argument("user", metavar="USER")
@click.option("--name", help="Another name.")
@click.option("--address", help="Another own address.")
@click.option("--sales-access/--no-sales-access", default=None, help="Whether the user may log mail.")
@click.option(
    "--active/--inactive", default=None, help="An inactive user logs nothing; what was logged stays."
)
@account_option
@click.pass_obj
def change(setup: Setup, /, *, user: str, account: str | None, **options: Any) -> None:
    """Change USER (an address or a number)."""
    changes = people.Changes(**options)
    if changes == people.Changes():
        raise click.UsageError(
            "Say what to change: --name, --address, --sales-access or --no-sales-access, --active or --inactive."
        )
    policy = setup.config().policy
    with setup.writing():
        known = _find(user, account)
        changed = people.change_user(policy, known.id, changes)
    click.echo(f"{_title(changed)}: {_logs(changed)}.")


@user.command("remove")
@click.argument("user", metavar="USER")
@account_option
@click.pass_obj
def remove(setup: Setup, *, user: str, account: str | None) -> None:
    """Remove USER, who must not have logged anything."""
    with setup.writing():
        known = _find(user, account)
        people.remove_user(known.id)
    click.echo(f"{_title(known)} was removed.")


def _address_group(name: str, kind: AddressKind, what: str) -> click.Group:
    """`alias` and `connected` are the same commands about two kinds of address."""

    @click.group(name, help=f"Add, list and remove {what}: addresses that name a user beside the own one.")
    def group() -> None:
        pass

    @group.command("add", help="Add ADDRESS to USER.")
    @click.argument("user", metavar="USER")
    @click.argument("address")
    @account_option
    @click.pass_obj
    def add(setup: Setup, *, user: str, address: str, account: str | None) -> None:
        policy = setup.config().policy
        with setup.writing():
            known = people.add_address(policy, _find(user, account).id, address, kind)
            contact = people.contact_at(known.account, address)
        click.echo(f"{show.clean(address)} names {_title(known)} now.")
        _echo_contact(contact)

    @group.command("list", help="List them, of all users or of USER.")
    @click.argument("user", metavar="[USER]", required=False)
    @account_option
    @json_option
    @click.pass_obj
    def list_them(setup: Setup, *, user: str | None, account: str | None, as_json: bool) -> None:
        with setup.reading():
            tenant = people.find_account(account).id if account else None
            known = [people.find_user(user, tenant)] if user else people.users(tenant)
        rows = [
            (each.account_name, each.address, address) for each in known for address in _of_kind(each, kind)
        ]
        if as_json:
            show.echo_json([dict(zip(("account", "user", "address"), row, strict=True)) for row in rows])
            return
        show.echo_table(("ACCOUNT", "USER", "ADDRESS"), [tuple(map(show.clean, row)) for row in rows])

    @group.command("remove", help="Take ADDRESS away from USER.")
    @click.argument("user", metavar="USER")
    @click.argument("address")
    @account_option
    @click.pass_obj
    def remove(setup: Setup, *, user: str, address: str, account: str | None) -> None:
        with setup.writing():
            known = people.remove_address(_find(user, account).id, address, kind)
        click.echo(f"{show.clean(address)} names {_title(known)} no longer.")

    return group


alias = _address_group("alias", AddressKind.ALIAS, "aliases")
connected = _address_group("connected", AddressKind.CONNECTED, "connected addresses")


def _find(user: str, account: str | None) -> people.KnownUser:
    return people.find_user(user, people.find_account(account).id if account else None)


def _of_kind(known: people.KnownUser, kind: AddressKind) -> tuple[str, ...]:
    return known.aliases if kind is AddressKind.ALIAS else known.connected


def _title(known: people.KnownUser) -> str:
    return show.person(known.name, known.address)


def _logs(known: people.KnownUser) -> str:
    if not known.active:
        return "inactive"
    return "logs mail" if known.sales_access else "no sales access"


def _row(known: people.KnownUser) -> tuple[str, ...]:
    others = ", ".join((*known.connected, *known.aliases))
    cells = (str(known.id), known.account_name, known.name, known.address, others, _logs(known))
    return tuple(map(show.clean, cells))


def _echo_contact(contact: str | None) -> None:
    if contact:
        click.echo(
            f"Note: this address is also that of the contact {show.clean(contact)}; from now on it counts as a colleague's."
        )
