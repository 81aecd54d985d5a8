"""`timeline`: a contact's logged mail, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from crm_logger.admin import show
from crm_logger.admin.mail_record import record_of
from crm_logger.admin.options import NUMBER, account_option, json_option
from crm_logger.core.html import html_to_text
from crm_logger.core.model import Direction, Role
from crm_logger.store import contacts, people
from crm_logger.store.timeline import timeline as read_timeline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_logger.admin.setup import Setup
    from crm_logger.store.contacts import KnownContact
    from crm_logger.store.timeline import Capture, KeptAttachment, Line, Somebody

_ARROWS = {Direction.OUTGOING: "→ sent", Direction.INCOMING: "← received"}
_PREVIEW = 3


@click.command
@click.argument("contact")
@account_option
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="How many mails at most."
)
@click.option("--before", type=NUMBER, metavar="ID", help="The page after the one that ended with mail ID.")
@click.option("--full", is_flag=True, help="Whole bodies instead of their first lines.")
@json_option
@click.pass_obj
def timeline(  # noqa: PLR0913 -- one argument per option
    setup: Setup,
    *,
    contact: str,
    account: str | None,
    limit: int,
    before: int | None,
    full: bool,
    as_json: bool,
) -> None:
    """Show the timeline of CONTACT (an address or a number)."""
    with setup.reading():
        known = contacts.find_contact(contact, people.find_account(account).id if account else None)
        lines = read_timeline(known.id, limit=limit + 1, before=before)
    page = lines[:limit]
    if as_json:
        show.echo_json({"contact": _contact(known), "timeline": [record_of(line) for line in page]})
        return
    click.echo(f"{_title(known)}: {show.plural(known.engagements, 'mail')}\n")
    for line in page:
        click.echo("\n".join(_told(line, full=full)) + "\n")
    if len(lines) > limit:
        click.echo(f"Older ones: crm-logger timeline {known.id} --before {page[-1].engagement}")


def _title(known: KnownContact) -> str:
    return f"{show.clean(known.name)} <{', '.join(map(show.clean, known.addresses))}>".strip()


def _told(line: Line, *, full: bool) -> Iterator[str]:
    yield f"{show.local(line.sent_at)}  {_ARROWS[line.direction]}  {show.clean(line.subject) or '(no subject)'}  [{line.engagement}]"
    yield f"    from {show.person(line.author_name, line.author_address)}{_recipients(line.participants)}"
    for capture in line.captured:
        yield f"    {_captured(capture)}"
        yield from (f"      note: {text}" for text in show.clean_lines(capture.note).splitlines())
    for attachment in line.attachments:
        yield f"    {_attachment(attachment)}"
    if line.flags:
        yield f"    {', '.join(line.flags)}"
    yield from (f"    | {text}" for text in _body(line, full=full))


def _recipients(participants: tuple[Somebody, ...]) -> str:
    parts = []
    for role in (Role.TO, Role.CC, Role.BCC):
        people_there = [show.person(each.name, each.address) for each in participants if each.role is role]
        parts += [f" {role} {', '.join(people_there)}"] if people_there else []
    return ",".join(parts)


def _captured(capture: Capture) -> str:
    user = show.clean(capture.user)
    if capture.forwarded_at:
        return f"forwarded by {user} on {_day(capture)} (receipt {capture.receipt})"
    return f"captured by {user} through the {capture.kind} address on {show.local(capture.at)} (receipt {capture.receipt})"


def _day(capture: Capture) -> str:
    moment = (capture.forwarded_at or capture.at).astimezone()
    return f"{moment.day} {moment:%B %Y, %H:%M}"


def _attachment(attachment: KeptAttachment) -> str:
    name = show.clean(attachment.name) or f"({show.clean(attachment.content_type)})"
    size = f"{attachment.size / 1024:.0f} KB"
    return f"attachment {name}, {size}" + (
        " -- left out: over the limit, or not fetched" if attachment.left_out else ""
    )


def _body(line: Line, *, full: bool) -> list[str]:
    text = show.clean_lines(line.text or html_to_text(line.html))
    lines = [each.rstrip() for each in text.splitlines()]
    if full:
        return lines
    filled = [show.shorten(each, 100) for each in lines if each]
    return filled[:_PREVIEW] + (["…"] if len(filled) > _PREVIEW else [])


def _contact(known: KnownContact) -> dict[str, Any]:
    return {
        "id": known.id,
        "account": known.account_name,
        "name": known.name,
        "addresses": list(known.addresses),
    }
