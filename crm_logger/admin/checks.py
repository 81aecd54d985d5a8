"""`check`: looks at everything the service needs, changes no mail, and says what to do."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import click

from crm_logger.admin import show
from crm_logger.admin.checks_sender import self_test_mail
from crm_logger.admin.checks_server import server_findings
from crm_logger.admin.errors import failed
from crm_logger.admin.findings import Finding, State, fail, ok, warn
from crm_logger.admin.options import json_option
from crm_logger.config import Config, ConfigProblems
from crm_logger.store import StoreError, log_addresses, people

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_logger.admin.setup import Setup

_COLOURS = {State.OK: "green", State.WARN: "yellow", State.FAIL: "red"}


@click.command
@click.option(
    "--self-test",
    "word",
    metavar="[WORD]",
    is_flag=False,
    flag_value="",
    default=None,
    help="Try whether the mail server strips forged headers: prints a mail to send; with its WORD judges it.",
)
@json_option
@click.pass_obj
def check(setup: Setup, *, word: str | None, as_json: bool) -> None:
    """Check settings, database, mailbox and what the mail server writes; each line is ok, warn or fail.

    Nothing in the mailbox is changed. The status is not 0 where a line is fail: 75, 77 or 78 as with `run --once` where
    all of them ask for the same, else 1.
    """
    if word == "":
        _echo_self_test(setup)
        return
    found = []
    for finding in _findings(setup, word):
        found.append(finding)
        if not as_json:
            _echo(finding)
    if as_json:
        show.echo_json([finding._asdict() for finding in found])
    statuses = {finding.status for finding in found if finding.state is State.FAIL}
    if statuses:
        raise click.exceptions.Exit(statuses.pop() if len(statuses) == 1 else 1)


def _echo_self_test(setup: Setup) -> None:
    config = setup.config("log")
    recipient = next(iter(config.mailbox_address), "(a log address)")
    word, mail = self_test_mail(config.policy, recipient)
    click.echo(
        f"Send this mail, as it stands, from a mailbox outside (swaks --data FILE keeps header fields):\n\n{mail}\n"
    )
    click.echo(f"Once it has come:\n\n    crm-logger check --self-test {word}")


def _echo(finding: Finding) -> None:
    state = click.style(f"{finding.state:<4}", fg=_COLOURS[finding.state])
    click.echo(f"{state}  {finding.what}: {show.clean(finding.said)}")
    if finding.to_do:
        click.echo(f"      → {show.clean(finding.to_do)}")


def _findings(setup: Setup, word: str | None) -> Iterator[Finding]:
    try:
        mailboxes = setup.mailboxes("imap", "log")
    except ConfigProblems as problems:
        yield from (fail("settings", problem, status=os.EX_CONFIG) for problem in problems.problems)
        return
    yield from _settings(setup, mailboxes[0])
    yield from _database(setup)
    for config in mailboxes:
        of = f"{config.label} " if config.label else ""
        for finding in server_findings(config, setup.now, word):
            yield finding._replace(what=of + finding.what)


def _settings(setup: Setup, config: Config) -> Iterator[Finding]:
    where = setup.file or "the environment"
    yield ok("settings", f"read from {where}; log addresses are in {', '.join(config.log_domain)}")
    if setup.file and setup.file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield warn("settings", f"others on this machine can read {setup.file}", f"chmod 600 {setup.file}")


def _database(setup: Setup) -> Iterator[Finding]:
    try:
        state = setup.store.check()
        with setup.writing():
            found = list(_people(setup))
    except StoreError as trouble:
        yield failed("database", trouble)
        return
    if state == "ok":
        yield ok("database", "can be written to and is sound")
    else:
        yield fail("database", f"is damaged: {state}", "Stop the service and restore a backup.")
    yield from found


def _people(setup: Setup) -> Iterator[Finding]:
    accounts = people.accounts()
    if not accounts:
        yield warn("accounts", "there is none: every mail is refused", "crm-logger account add NAME")
    for account in accounts:
        valid = [each for each in log_addresses.log_addresses(account.id) if each.valid(setup.now)]
        if not account.users:
            yield warn(
                "accounts",
                f"{account.name} has no user: all its mail is refused",
                "crm-logger user add ADDRESS",
            )
        elif not valid:
            yield warn("accounts", f"{account.name} has no valid log address", "crm-logger address rotate")
        else:
            counts = (
                show.plural(account.users, "user"),
                show.plural(len(valid), "log address", "log addresses"),
            )
            yield ok("accounts", f"{account.name} has {' and '.join(counts)}")
