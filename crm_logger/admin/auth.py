"""`auth`: consent for the login by OAuth, and what became of it."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crm_logger.admin import show
from crm_logger.admin.errors import Said
from crm_logger.admin.options import json_option, mailbox_option
from crm_logger.oauth import Tokens, device
from crm_logger.oauth.consent import BrowserConsent
from crm_logger.oauth.provider import provider_of
from crm_logger.oauth.tokens import first_of_consent, keep, short_life

if TYPE_CHECKING:
    from crm_logger.admin.setup import Setup
    from crm_logger.config import Config
    from crm_logger.oauth.grants import Granted


@click.group
def auth() -> None:
    """Sign in for the shared mailbox by OAuth (Gmail, Microsoft 365)."""


@auth.command
@click.option(
    "--flow",
    type=click.Choice(["device", "loopback"]),
    help="device: type a code on any device; loopback: a browser on this machine. The provider decides where none is named.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    help="loopback: the port that the browser comes back to; for ssh -L.",
)
@mailbox_option
@click.pass_obj
def login(setup: Setup, *, flow: str | None, port: int, mailbox: str | None) -> None:
    """Ask for consent and keep the refresh token in OAUTH_TOKEN_FILE. Sign in as the shared mailbox.

    The service takes the new token by itself.
    """
    config = _config(setup, mailbox)
    if config.oauth_grant != "refresh":
        raise Said(
            f"OAUTH_GRANT={config.oauth_grant} needs nobody to sign in: crm-logger auth status tries it."
        )
    path = Path(config.oauth_token_file).absolute()
    if not os.access(path.parent, os.W_OK):
        raise Said(f"{path.parent} cannot be written to: set OAUTH_TOKEN_FILE, or be the service's user.")
    granted = _by_device(config) if (flow or _usual(config)) == "device" else _by_browser(config, port)
    kept = first_of_consent(config, granted)
    keep(config, kept)
    click.echo(f"Consent is given: the refresh token is in {path}.")
    if sentence := short_life(config, kept, datetime.now(UTC)):
        click.echo(sentence, err=True)


def _config(setup: Setup, mailbox: str | None) -> Config:
    config = setup.mailbox(mailbox, "imap")
    if config.imap_auth == "password":
        raise Said("The login is by password: set IMAP_AUTH=xoauth2 or oauthbearer, and OAUTH_PROVIDER.")
    return config


def _usual(config: Config) -> str:
    return "device" if provider_of(config).device_url else "loopback"


def _by_device(config: Config) -> Granted:
    invitation = device.invite(config)
    click.echo(f"Open  {show.clean(invitation.link)}")
    click.echo(f"and type the code  {show.clean(invitation.code)}")
    click.echo(f"as {config.imap_user}, within {round(invitation.life / 60)} minutes.")
    return device.await_consent(config, invitation)


def _by_browser(config: Config, port: int) -> Granted:
    with BrowserConsent(config, port) as consent:
        click.echo(f"Open in a browser on this machine, as {config.imap_user}, within 10 minutes:")
        click.echo(consent.link)
        click.echo(
            f"A browser elsewhere needs a tunnel first: ssh -L {consent.port}:127.0.0.1:{consent.port} this-machine",
            err=True,
        )
        return consent.wait()


@auth.command
@mailbox_option
@json_option
@click.pass_obj
def status(setup: Setup, *, mailbox: str | None, as_json: bool) -> None:
    """Ask for an access token as the service does; show until when it is valid and what it allows. No secret is shown."""
    config = _config(setup, mailbox)
    told = _status(config)
    if as_json:
        show.echo_json(
            {name: show.utc(value) if isinstance(value, datetime) else value for name, value in told.items()}
        )
        return
    for name, value in told.items():
        if value:
            click.echo(
                f"{name.replace('_', ' '):<16}{show.clean(show.local(value) if isinstance(value, datetime) else value)}"
            )


def _status(config: Config) -> dict[str, Any]:
    tokens = Tokens(config)
    token = tokens.access()
    kept = tokens.kept
    return {
        "login": f"{config.imap_user} by {config.imap_auth}",
        "provider": config.oauth_provider,
        "grant": config.oauth_grant,
        "client": config.oauth_client_id,
        "scope": token.scope,
        "access_token": "given",
        "valid_until": token.expires,
        "consent_of": kept.since if kept else None,
        "renewed": kept.renewed if kept else None,
        "consent_ends": kept.ends if kept else None,
        "warning": short_life(config, kept, datetime.now(UTC)) if kept else "",
    }
