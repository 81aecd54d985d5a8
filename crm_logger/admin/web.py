"""`web` and `web-link`: the pages, and a way into them."""

from __future__ import annotations

import importlib
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from crm_logger.admin import show
from crm_logger.admin.options import account_option
from crm_logger.logs import start_logging
from crm_logger.store import people, sign_in

if TYPE_CHECKING:
    from crm_logger.admin.setup import Setup


@click.command
@click.pass_obj
def web(setup: Setup) -> None:
    """Serve the pages: timelines, settings, what was not logged. On loopback unless WEB_HOST says otherwise."""
    config = setup.config()
    start_logging(config)
    serve = importlib.import_module("crm_logger.web.serve").serve
    try:
        serve(
            config,
            setup.store,
            setup.mailboxes(),
            started=lambda address: click.echo(f"The pages are at {address}"),
        )
    except OSError as error:
        raise people.RequestError(
            f"Nothing can listen on {config.web_host}, port {config.web_port} ({error.strerror}): "
            "change WEB_HOST or WEB_PORT, or stop what listens there."
        ) from error


@click.command("web-link")
@click.argument("user")
@account_option
@click.option(
    "--admin/--no-admin", default=None, help="Make the user an admin of the pages first, or a plain user."
)
@click.option(
    "--minutes",
    type=click.IntRange(1, 7 * 24 * 60),
    default=30,
    show_default=True,
    help="How long the link is valid.",
)
@click.pass_obj
def web_link(setup: Setup, *, user: str, account: str | None, admin: bool | None, minutes: int) -> None:
    """Print a link that signs USER (an address or a number) in to the pages, once."""
    config = setup.config()
    with setup.writing():
        known = people.find_user(user, people.find_account(account).id if account else None)
        if not known.active:
            raise people.RequestError(
                f"{known.name} is inactive: `crm-logger user change {known.id} --active`."
            )
        if admin is not None:
            sign_in.set_role(known.id, sign_in.WebRole.ADMIN if admin else sign_in.WebRole.USER)
        role = sign_in.role_of(known.id)
        token = sign_in.mint_link(known.id, setup.now, timedelta(minutes=minutes))
    click.echo(link(config.web_url, config.web_host, config.web_port, token))
    click.echo(
        f"It signs {show.clean(known.name)} in once, as {'an admin' if role == 'admin' else 'a plain user'}, "
        f"within {show.plural(minutes, 'minute')}.",
        err=True,
    )


def link(url: str, host: str, port: int, token: str) -> str:
    """The address of a one-time link."""
    base = url.rstrip("/") or f"http://{f'[{host}]' if ':' in host else host}:{port}"
    return f"{base}/sign-in/{token}"
