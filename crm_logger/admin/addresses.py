"""`addresses` and `address`: the log addresses, shown in full, rotated and revoked."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from crm_logger.admin import show
from crm_logger.admin.options import account_option, json_option
from crm_logger.core.model import Kind
from crm_logger.store import log_addresses, people

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from crm_logger.admin.setup import Setup
    from crm_logger.store.log_addresses import KnownLogAddress

_USE = {
    Kind.BCC: "put it on Bcc of mail you send",
    Kind.FORWARD: "forward to it the mail you received",
}

user_option = click.option(
    "--user", metavar="USER", help="Those of this user alone (an address or a number)."
)
kind_option = click.option(
    "--kind",
    type=click.Choice([kind.value for kind in Kind]),
    help="Only one of the two; both where not said.",
)


@click.command
@click.argument("user", metavar="[USER]", required=False)
@account_option
@click.option("--all", "ended", is_flag=True, help="Revoked and expired ones too.")
@json_option
@click.pass_obj
def addresses(setup: Setup, *, user: str | None, account: str | None, ended: bool, as_json: bool) -> None:
    """Show the log addresses ready to copy: all, an account's, or what USER may use."""
    domain = setup.config("log").log_domain[0]
    with setup.reading():
        known = _wanted(user, account)
    shown = [each for each in known if ended or each.valid(setup.now)]
    if as_json:
        show.echo_json([_plain(each, domain, setup.now) for each in shown], secret=True)
        return
    if not shown:
        raise people.RequestError(
            "There is no log address; `crm-logger account add NAME` makes an account with two."
        )
    echo_addresses(shown, domain, setup.now)


@click.group
def address() -> None:
    """Add, rotate and revoke log addresses."""


@address.command("add")
@click.option(
    "--user", metavar="USER", required=True, help="For this user alone: nobody else may write to it."
)
@account_option
@kind_option
@click.pass_obj
def add(setup: Setup, *, user: str, account: str | None, kind: str | None) -> None:
    """Mint a pair of log addresses for one user; the account's stay as they are."""
    domain = setup.config("log").log_domain[0]
    with setup.writing():
        known = _find_user(user, account)
        minted = log_addresses.mint(known.account, setup.now, user=known.id, kinds=_kinds(kind))
    echo_addresses(minted, domain, setup.now)


@address.command("rotate")
@account_option
@user_option
@kind_option
@click.option(
    "--grace-days",
    type=click.IntRange(0, 3650),
    help="How long the old ones stay valid; ROTATION_GRACE_DAYS where not said.",
)
@click.pass_obj
def rotate(
    setup: Setup, *, account: str | None, user: str | None, kind: str | None, grace_days: int | None
) -> None:
    """Mint new log addresses; the old ones end after the grace period."""
    config = setup.config("log")
    days = config.rotation_grace_days if grace_days is None else grace_days
    with setup.writing():
        tenant, person = _whose(user, account)
        minted = log_addresses.rotate(
            tenant, setup.now, timedelta(days=days), user=person, kinds=_kinds(kind)
        )
    echo_addresses(minted, config.log_domain[0], setup.now)
    click.echo(
        f"\nThe old ones stay valid for {show.plural(days, 'day')}." if days else "\nThe old ones have ended."
    )


@address.command("revoke")
@click.argument("wanted", metavar="ADDRESS")
@click.pass_obj
def revoke(setup: Setup, *, wanted: str) -> None:
    """End log address ADDRESS (in full, or its number) at once."""
    with setup.writing():
        known = log_addresses.revoke(wanted)
    click.echo(
        f"Log address {known.id} ({known.kind}) of {show.clean(known.account_name)} has ended: mail to it is refused."
    )


def echo_addresses(known: Sequence[KnownLogAddress], domain: str, now: datetime) -> None:
    """Print log addresses, each on a line of its own that can be copied whole."""
    for title, group in _grouped(known).items():
        click.echo(title)
        for each in group:
            click.echo(f"  {each.local_part}@{domain}\n    {each.id}: {_USE[each.kind]}{_state(each, now)}")


def _grouped(known: Iterable[KnownLogAddress]) -> dict[str, list[KnownLogAddress]]:
    groups: dict[str, list[KnownLogAddress]] = {}
    for each in known:
        title = show.clean(each.account_name) + (f", {show.clean(each.user)} only" if each.user_id else "")
        groups.setdefault(title, []).append(each)
    return groups


def _state(known: KnownLogAddress, now: datetime) -> str:
    if known.revoked:
        return " -- REVOKED"
    if known.valid_until is None:
        return ""
    return f" -- {'ended' if known.valid_until <= now else 'rotated, valid until'} {show.local(known.valid_until)}"


def _plain(known: KnownLogAddress, domain: str, now: datetime) -> dict[str, Any]:
    return {
        "id": known.id,
        "account": known.account_name,
        "user": known.user or None,
        "kind": known.kind,
        "address": f"{known.local_part}@{domain}",
        "valid": known.valid(now),
        "created": show.utc(known.created),
        "last_used": show.utc(known.last_used),
        "valid_until": show.utc(known.valid_until),
        "revoked": known.revoked,
    }


def _wanted(user: str | None, account: str | None) -> list[KnownLogAddress]:
    if user is None:
        return log_addresses.log_addresses(people.find_account(account).id if account else None)
    known = _find_user(user, account)
    return [each for each in log_addresses.log_addresses(known.account) if each.user_id in (None, known.id)]


def _whose(user: str | None, account: str | None) -> tuple[int, int | None]:
    if user is None:
        return people.find_account(account).id, None
    known = _find_user(user, account)
    return known.account, known.id


def _find_user(user: str, account: str | None) -> people.KnownUser:
    return people.find_user(user, people.find_account(account).id if account else None)


def _kinds(kind: str | None) -> tuple[Kind, ...]:
    return (Kind(kind),) if kind else tuple(Kind)
