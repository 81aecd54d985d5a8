"""`receipts` and `status`: what became of the mail that came."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from crm_logger.admin import show
from crm_logger.admin.options import MOST, account_option, json_option, reason_option, since_option
from crm_logger.core.model import Reason
from crm_logger.store import alarms, people
from crm_logger.store import receipts as store

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm_logger.admin.setup import Setup
    from crm_logger.config import Config
    from crm_logger.store.receipts import Counts, Decided, Impersonated, Waiting

_RECENT = timedelta(days=7)


SCREENFUL = 200


@click.command("receipts")
@click.option("--not-logged", is_flag=True, help="Only what stands on no timeline.")
@reason_option
@since_option
@account_option
@click.option("--user", metavar="USER", help="Only mail of this user (an address or a number).")
@click.option(
    "--limit",
    type=click.IntRange(1, MOST),
    help=f"How many at most; {SCREENFUL} where none is said and --json is not.",
)
@json_option
@click.pass_obj
def receipts(  # noqa: PLR0913 -- one argument per option
    setup: Setup,
    /,
    *,
    account: str | None,
    user: str | None,
    reason: str | None,
    limit: int | None,
    as_json: bool,
    **asked: Any,
) -> None:
    """List what was decided about each mail, the newest first; `explain ID` tells why."""
    most = limit or (None if as_json else SCREENFUL)
    with setup.reading():
        tenant = people.find_account(account).id if account else None
        person = people.find_user(user, tenant).id if user else None
        why = Reason(reason) if reason else None
        found = store.decisions(
            store.Asked(account=tenant, user=person, reason=why, limit=most and most + 1, **asked)
        )
    shown = found[:most]
    if as_json:
        show.echo_json([show.facts(each) for each in shown])
        return
    show.echo_table(("ID", "TAKEN IN", "OUTCOME", "REASON", "ACCOUNT", "USER", "SUBJECT"), map(_row, shown))
    if len(found) > len(shown):
        click.echo(f"Only the newest {most} are shown; --limit shows more.", err=True)


@click.command("status")
@json_option
@click.pass_obj
def status(setup: Setup, *, as_json: bool) -> None:
    """Count what was logged and what was not, today and in all, and show what waits."""
    mailboxes = setup.mailboxes()
    midnight = setup.now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    with setup.reading():
        today, total = store.counts(midnight), store.counts()
        last, waiting = store.last_taken(), store.waiting()
        events = store.events(setup.now - _RECENT)
        looks = [alarms.last_look(each.mailbox_name) for each in mailboxes]
        opened = alarms.alarms()
        forged = store.impersonations(setup.now - _RECENT)
    named = [_mailbox(each) for each in mailboxes]
    if as_json:
        lists = {
            "alarms": [show.facts(each) for each in opened],
            "waiting": [show.facts(each) for each in waiting],
            "events": [show.facts(each) for each in events],
            "impersonations": [show.facts(each) for each in forged],
        }
        counts = {"today": _counted(today), "total": _counted(total)}
        of_first = {"mailbox": named[0], "last_look": looks[0]}
        of_each = [{"mailbox": name, "last_look": look} for name, look in zip(named, looks, strict=True)]
        several = {"mailboxes": of_each} if len(named) > 1 else of_first
        show.echo_json(several | {"last_taken": last, **lists, **counts})
        return
    for mailbox, looked in zip(named, looks, strict=True):
        click.echo(f"Mailbox     {show.clean(mailbox)}")
        click.echo(f"Last look   {show.local(looked) or 'none yet'}")
    click.echo(f"Last mail   {show.local(last) or 'none yet'}")
    for alarm in opened:
        click.secho(
            f"ALARM       {alarm.kind}, since {show.local(alarm.raised)}: {show.clean(alarm.detail)}",
            fg="red",
        )
    click.echo(f"Waiting     {show.plural(len(waiting), 'mail')}")
    for each in waiting:
        click.echo(f"  {_waits(each)}")
    for event in events:
        click.echo(
            f"Event       {show.local(event.at)}  {show.clean(event.kind)}: {show.clean(event.detail)}"
        )
    for attempt in forged:
        click.echo(f"Impersonated {_attempted(attempt)}")
    click.echo()
    _echo_counts(today, total)


def _mailbox(config: Config) -> str:
    host, user = config.imap_host or "(none set)", config.imap_user or "(none set)"
    label = f"{config.label}: " if config.label else ""
    return f"{label}{user} on {host}, folder {config.imap_folder}"


def _row(decided: Decided) -> tuple[str, ...]:
    subject = show.shorten(show.clean(decided.subject)) if decided.subject else "(not kept)"
    names = (show.clean(decided.account_name) or "-", show.clean(decided.user) or "-")
    return (
        str(decided.receipt),
        show.local(decided.taken_at),
        decided.outcome,
        decided.reason,
        *names,
        subject,
    )


def _counted(counts: Iterable[Counts]) -> dict[str, int]:
    return {each.reason.value: each.count for each in counts}


def _echo_counts(today: list[Counts], total: list[Counts]) -> None:
    of_today = _counted(today)
    rows = [(each.outcome, each.reason, str(of_today.get(each.reason, 0)), str(each.count)) for each in total]
    sums = (sum(of_today.values()), sum(each.count for each in total))
    show.echo_table(("OUTCOME", "REASON", "TODAY", "TOTAL"), [*rows, ("all", "", *map(str, sums))])


def _attempted(attempt: Impersonated) -> str:
    who = show.person(attempt.user, attempt.address)
    mails = show.plural(attempt.count, "mail")
    return f"{who}: {mails} in a week that nothing proves, or to a log address nobody has; the last {show.local(attempt.last)}"


def _waits(waiting: Waiting) -> str:
    where = f"{show.clean(waiting.folder)}, uid {waiting.uid}"
    tries = show.plural(waiting.attempts, "try", "tries")
    since = f"since {show.local(waiting.first_at)}"
    return f"{where}: {show.clean(waiting.reason)} ({tries} {since}, next {show.local(waiting.not_before)})"
