"""`export`: what is logged, as JSON Lines or CSV; docs/export.md describes both."""

from __future__ import annotations

import base64
import json
import sys
from typing import TYPE_CHECKING, Any

import click

from crm_logger.admin import show
from crm_logger.admin.mail_record import record_of
from crm_logger.admin.options import Since, account_option
from crm_logger.cells import csv_line
from crm_logger.core.html import html_to_text
from crm_logger.core.model import Direction, Kind, Role
from crm_logger.store import contacts, exporting, people

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from typing import TextIO

    from crm_logger.admin.setup import Setup
    from crm_logger.store.exporting import Exported, Wanted

SCHEMA = 1
"""Grows when a field changes its meaning or goes; new fields alone do not change it."""

DIRECTIONS = {Direction.OUTGOING: "EMAIL", Direction.INCOMING: "INCOMING_EMAIL"}
SOURCES = {Kind.BCC: "BCC_TO_CRM", Kind.FORWARD: "FORWARD_TO_CRM"}
"""As CRMs name them on their import pages and in their interfaces."""

COLUMNS = (
    "id",
    "account",
    "direction",
    "source",
    "sent_at",
    "received_at",
    "subject",
    "from_name",
    "from_address",
    "to",
    "cc",
    "bcc",
    "contacts",
    "captured_by",
    "note",
    "text",
    "attachments",
    "message_id",
    "flags",
)
_PAGE = 200
_CELL = 32_000
"""No spreadsheet takes a longer cell."""


@click.command
@click.option("--format", "form", type=click.Choice(["jsonl", "csv"]), default="jsonl", show_default=True)
@click.option("--contact", metavar="CONTACT", help="Only this contact's timeline (an address or a number).")
@click.option("--since", type=Since(), metavar="SPAN|DATE", help="Only mail sent since then.")
@click.option("--attachments", is_flag=True, help="With the bytes of attachments, in base64 (jsonl only).")
@click.option(
    "--output",
    type=click.File("w", encoding="utf-8", lazy=False),
    default="-",
    help="A file instead of the screen.",
)
@account_option
@click.pass_obj
def export(  # noqa: PLR0913 -- one argument per option
    setup: Setup,
    *,
    form: str,
    contact: str | None,
    since: datetime | None,
    attachments: bool,
    output: TextIO,
    account: str | None,
) -> None:
    """Print what is logged, in the order in which it was: one JSON object or one row of CSV for each mail."""
    if attachments and form == "csv":
        raise click.UsageError("--attachments goes with --format jsonl.")
    with setup.reading():
        wanted = _wanted(account, contact, since)
        number = exporting.count(wanted)
    if form == "csv":
        output.write(csv_line(COLUMNS))
    hidden = output.isatty() or not sys.stderr.isatty()
    with click.progressbar(length=number, label="Exporting", file=sys.stderr, hidden=hidden) as bar:
        for mail in _mails(setup, wanted):
            output.write(_row(mail) if form == "csv" else _object(setup, mail, attachments=attachments))
            bar.update(1)


def _wanted(account: str | None, contact: str | None, since: datetime | None) -> Wanted:
    tenant = people.find_account(account).id if account else None
    known = contacts.find_contact(contact, tenant).id if contact else None
    return exporting.Wanted(tenant, known, since)


def _mails(setup: Setup, wanted: Wanted) -> Iterator[Exported]:
    """Page by page, so that however much there is takes no more memory and holds up no worker."""
    after = 0
    while True:
        with setup.reading():
            page = exporting.page(wanted, after, _PAGE)
        if not page:
            return
        yield from page
        after = page[-1].line.engagement


def _object(setup: Setup, mail: Exported, *, attachments: bool) -> str:
    told: dict[str, Any] = {"type": "email", "schema": SCHEMA} | _facts(mail)
    if attachments:
        with setup.reading():
            found = exporting.contents(mail.line.engagement)
        for each, content in zip(told["attachments"], found, strict=True):
            each["content"] = None if content is None else base64.b64encode(content).decode()
    return json.dumps(show.masked(told), ensure_ascii=False) + "\n"


def _facts(mail: Exported) -> dict[str, Any]:
    told = record_of(mail.line) | {
        "account": mail.account,
        "direction": DIRECTIONS[mail.line.direction],
        "source": SOURCES[mail.kind],
        "in_reply_to": mail.in_reply_to,
        "references": list(mail.references),
        "note": mail.note,
        "contacts": [
            {"id": each.id, "name": each.name, "addresses": list(each.addresses)} for each in mail.contacts
        ],
    }
    return {key: told[key] for key in ("id", "account", "direction", "source", *told)}


def _row(mail: Exported) -> str:
    line = mail.line
    roles = {
        role: ", ".join(
            show.person(each.name, each.address) for each in line.participants if each.role is role
        )
        for role in (Role.TO, Role.CC, Role.BCC)
    }
    cells = (
        str(line.engagement),
        mail.account,
        DIRECTIONS[line.direction],
        SOURCES[mail.kind],
        show.utc(line.sent_at) or "",
        show.utc(line.received_at) or "",
        line.subject,
        line.author_name,
        line.author_address,
        *roles.values(),
        ", ".join(show.person(each.name, each.addresses[0]) for each in mail.contacts),
        ", ".join(dict.fromkeys(each.user for each in line.captured)),
        mail.note,
        line.text or html_to_text(line.html),
        ", ".join(each.name for each in line.attachments),
        line.message_id,
        ", ".join(line.flags),
    )
    return csv_line(show.shorten(show.clean_lines(each), _CELL) for each in cells)
