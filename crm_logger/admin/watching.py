"""`health`, `audit` and `alarm`: is it running, is everything accounted for, and what is wrong."""

from __future__ import annotations

import importlib
from datetime import timedelta
from typing import TYPE_CHECKING, NoReturn

import click

from crm_logger.admin import show
from crm_logger.admin.options import json_option
from crm_logger.alarms import AlarmKind, alarm_of
from crm_logger.space import shortage
from crm_logger.store import StoreError, alarms
from crm_logger.store.connection import database_folder

if TYPE_CHECKING:
    from datetime import datetime

    from crm_logger.admin.setup import Setup
    from crm_logger.audit import Account, Audit
    from crm_logger.config import Config

_POLLS = 3
"""So many intervals may pass from one finished look at the mailbox to the next."""
_SLACK = timedelta(seconds=10)


@click.command
@click.pass_obj
def health(setup: Setup) -> None:
    """Say in one line whether the service is well; the status is 1 where it is not. For monitoring."""
    mailboxes = setup.mailboxes()
    try:
        with setup.reading():
            signs = {each: alarms.last_sign(each.mailbox_name) for each in mailboxes}
            opened = [each.kind for each in alarms.alarms()]
    except StoreError as trouble:
        _unwell(str(trouble))
    config = mailboxes[0]
    wrong = [_stale(each, last, setup.now) for each, last in signs.items()]
    wrong.append(shortage(config, database_folder(config.database_url)))
    if opened:
        wrong.append(f"open alarms: {', '.join(sorted(opened))}")
    if any(wrong):
        _unwell("; ".join(filter(None, wrong)))
    oldest = min(filter(None, signs.values()))
    of_each = "the last look at the mailbox" if len(signs) == 1 else "the oldest last look at a mailbox"
    click.echo(f"ok: {of_each} was {_age(oldest, setup.now)} ago, no alarm is open")


def _unwell(why: str) -> NoReturn:
    click.echo(f"not well: {' '.join(show.clean(why).split())}")
    raise click.exceptions.Exit(1)


def _stale(config: Config, last: datetime | None, now: datetime) -> str:
    mailbox = f"the mailbox {config.label}" if config.label else "the mailbox"
    if last is None:
        return f"no look at {mailbox} has come to its end yet"
    if now - last > timedelta(seconds=_POLLS * config.poll_interval) + _SLACK:
        return f"the last look at {mailbox} was {_age(last, now)} ago"
    return ""


def _age(last: datetime | None, now: datetime) -> str:
    seconds = max(0, round((now - last).total_seconds())) if last else 0
    return f"{seconds} s" if seconds < 600 else f"{seconds // 60} min"


@click.command
@json_option
@click.pass_obj
def audit(setup: Setup, *, as_json: bool) -> None:
    """Compare the mailbox with the ledger: seen = logged + refused + failed + deferred, in every folder.

    A difference raises an alarm, and the status is 1. The service does the same every day.
    """
    mailboxes = setup.mailboxes("imap", "log")
    looking = importlib.import_module("crm_logger.audit")
    found: list[Audit] = [looking.audit(each, setup.store) for each in mailboxes]
    differences = [each.difference() for each in found]
    for config, difference in zip(mailboxes, differences, strict=True):
        kind = alarm_of(AlarmKind.AUDIT, config.label)
        if difference:
            setup.store.raise_alarm(kind, difference, setup.now)
        else:
            setup.store.clear_alarm(kind, setup.now)
    told = [show.facts(each) | {"difference": said} for each, said in zip(found, differences, strict=True)]
    if as_json:
        show.echo_json(told[0] if len(told) == 1 else told)
    for each, difference in zip(found, differences, strict=True) if not as_json else ():
        if len(found) > 1:
            click.echo(f"{show.clean(each.mailbox)}:")
        _echo(each)
        click.echo(difference or "Everything is accounted for.", err=bool(difference))
    if any(differences):
        raise click.exceptions.Exit(1)


def _echo(found: Audit) -> None:
    head = ("FOLDER", "SEEN", "LOGGED", "REFUSED", "FAILED", "DEFERRED", "NEW", "MISSING")
    show.echo_table(head, [_row(each) for each in found.accounts])


def _row(each: Account) -> tuple[str, ...]:
    if each.not_told:
        return (show.clean(each.folder), str(each.seen), each.not_told, *[""] * 5)
    counts = (each.seen, each.logged, each.refused, each.failed, each.deferred, each.new, len(each.missing))
    return (show.clean(each.folder), *map(str, counts))


@click.group
def alarm() -> None:
    """What is wrong and needs a person."""


@alarm.command("list")
@click.option("--all", "every", is_flag=True, help="Those that are over, too.")
@json_option
@click.pass_obj
def list_alarms(setup: Setup, *, every: bool, as_json: bool) -> None:
    """List the open alarms, the newest first."""
    with setup.reading():
        found = alarms.alarms(open_only=not every)
    if as_json:
        show.echo_json([show.facts(each) for each in found])
        return
    show.echo_table(
        ("KIND", "SINCE", "UNTIL", "WHAT"),
        [
            (each.kind, show.local(each.raised), show.local(each.cleared) or "open", show.clean(each.detail))
            for each in found
        ],
    )


def _kind(_ctx: click.Context, _argument: click.Parameter, value: str) -> str:
    """A kind, with the mailbox behind it where there are several: `unreachable:sales`."""
    kind, _, mailbox = value.partition(":")
    kinds = [each.value for each in AlarmKind]
    if kind not in kinds or (mailbox and alarm_of(kind, mailbox) != value):
        raise click.BadParameter(f"{value!r} is none of {', '.join(kinds)}.")
    return value


@alarm.command("clear")
@click.argument("kind", callback=_kind)
@click.pass_obj
def clear(setup: Setup, *, kind: str) -> None:
    """Clear an alarm that was seen to. Most clear themselves; what still holds is raised again."""
    cleared = setup.store.clear_alarm(kind, setup.now)
    click.echo(f"The alarm {kind} is cleared." if cleared else f"No alarm {kind} is open.")
