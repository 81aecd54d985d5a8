"""What `check` finds out about the mail server: what it offers, what it writes into mails, and whether the clocks agree."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from crm_logger.admin.checks_sender import self_test_findings, sender_findings
from crm_logger.admin.errors import failed
from crm_logger.admin.findings import Finding, ok, warn
from crm_logger.core.delivery import find_delivery, proposals
from crm_logger.core.message import parse_message
from crm_logger.core.model import RawMail
from crm_logger.mailbox import MailboxError, connect

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from crm_logger.config import Config
    from crm_logger.core.model import Message, Policy
    from crm_logger.mailbox import Mailbox

_NEWEST = 50
_ENOUGH_MB = 0.25  # of a larger mail the header is fetched and what is worth it
_CLOCK_SLACK = timedelta(minutes=5)
_LOOPBACK = ("localhost", "::1")

_WITHOUT = {
    "IDLE": "new mail is noticed at the next poll and not at once (POLL_INTERVAL)",
    "MOVE": "mail is copied and then deleted, which FILING=move needs UIDPLUS for",
    "UIDPLUS": "nothing can be deleted safely: without MOVE, FILING=move leaves mail where it is",
}


def server_findings(config: Config, now: datetime, self_test: str | None = None) -> Iterator[Finding]:
    """Connect, log in and look around; the folder is opened read-only. `self_test` is the word of one that was sent."""
    quiet = replace(config, filing="leave", max_mail_mb=min(config.max_mail_mb, _ENOUGH_MB))
    try:
        with connect(quiet) as mailbox:
            yield from _connection(config)
            uids = mailbox.uids()
            yield ok("folder", f"{mailbox.folder} holds {len(uids)} mails")
            yield from _capabilities(mailbox.capabilities)
            yield from _targets(config, mailbox)
            mails = [mail for mail in mailbox.fetch(uids[-_NEWEST:]) if isinstance(mail, RawMail)]
    except MailboxError as trouble:
        yield failed("mailbox", trouble)
        return
    messages = [parse_message(mail.raw, config.policy, partial=mail.partial) for mail in mails]
    yield from mail_findings(mails, config.policy, now)
    yield from sender_findings(messages, config.policy)
    if self_test:
        yield from self_test_findings(messages, config.policy, self_test)


def _connection(config: Config) -> Iterator[Finding]:
    where = f"logged in to {config.imap_host}:{config.imap_port} as {config.imap_user}"
    loopback = config.imap_host in _LOOPBACK or config.imap_host.startswith("127.")
    if config.imap_security != "plain":
        yield ok("mailbox", f"{where}, over TLS with a certificate that is trusted")
    elif loopback:
        yield ok("mailbox", f"{where}, without TLS on this machine")
    else:
        yield warn(
            "mailbox", f"{where} without TLS: the password can be read on the way", "Set IMAP_SECURITY=tls."
        )


def _capabilities(offered: frozenset[str]) -> Iterator[Finding]:
    for name, consequence in _WITHOUT.items():
        if name in offered:
            yield ok("server", f"offers {name}")
        else:
            yield warn("server", f"does not offer {name}: {consequence}", "Nothing has to be done.")


def _targets(config: Config, mailbox: Mailbox) -> Iterator[Finding]:
    if config.filing == "leave":
        yield ok("filing", "mail stays where it is (FILING=leave)")
        return
    present = {name.casefold() for name in mailbox.folders()}
    for name in (config.folder_logged, config.folder_not_logged, config.folder_failed):
        there = name.casefold() in present
        yield ok("filing", f"folder {name} {'is there' if there else 'will be made when it is needed'}")


def mail_findings(mails: Sequence[RawMail], policy: Policy, now: datetime) -> Iterator[Finding]:
    """What the newest mails tell: which headers the server writes, and whether the clocks agree."""
    if not mails:
        yield warn(
            "delivery",
            "there is no mail yet, so nothing can be told of the headers this server writes",
            "Send a mail with a log address on Bcc, then check again.",
        )
        return
    messages = [parse_message(mail.raw, policy, partial=mail.partial) for mail in mails]
    yield _delivered(messages, policy)
    border, header = proposals(messages, policy)
    yield _border(border, policy)
    yield _header(header, border, policy)
    yield _clock(max(mail.received_at for mail in mails), now)


def _delivered(messages: Sequence[Message], policy: Policy) -> Finding:
    found = [find_delivery(message, policy) for message in messages]
    named = [delivery for delivery in found if delivery.addresses]
    said = f"of the newest {len(messages)} mails {len(named)} name a log address"
    if not named:
        return warn(
            "delivery",
            said,
            "See that mail to LOG_DOMAIN lies in this folder, with the headers of the mail server.",
        )
    headers = ", ".join(sorted({delivery.header for delivery in named}))
    if below := sum(delivery.below_border for delivery in named):
        return warn(
            "delivery",
            f"{said} ({headers}), {below} of them where a sender could have written it",
            "Set BORDER_HOST.",
        )
    return ok("delivery", f"{said} ({headers})")


def _border(proposed: str | None, policy: Policy) -> Finding:
    if not policy.border_host:
        to_do = f"Set BORDER_HOST={proposed} if that is the server that takes in mail for LOG_DOMAIN from outside."
        return warn(
            "border",
            "BORDER_HOST is not set: a sender could forge whom a mail was delivered to",
            to_do if proposed else "Set it to the server that takes in mail for LOG_DOMAIN from outside.",
        )
    if proposed and not _same_host(proposed, policy.border_host):
        return warn(
            "border",
            f"BORDER_HOST is {policy.border_host}, but the newest mails were taken in by {proposed}",
            f"If that is the server that takes in mail from outside, set BORDER_HOST={proposed}.",
        )
    return ok("border", f"BORDER_HOST is {policy.border_host}")


def _same_host(host: str, setting: str) -> bool:
    wanted = setting.strip().lower().rstrip(".").removeprefix("*")
    return host.endswith(wanted) if wanted.startswith(".") else host == wanted


def _header(proposed: str | None, border: str | None, policy: Policy) -> Finding:
    pinned = policy.envelope_header
    if pinned and proposed and pinned.lower() != proposed.lower():
        return warn(
            "envelope",
            f"ENVELOPE_HEADER is {pinned}, but this server writes {proposed}",
            f"Set ENVELOPE_HEADER={proposed}.",
        )
    if pinned:
        return ok("envelope", f"ENVELOPE_HEADER is {pinned}")
    if proposed:
        return ok(
            "envelope",
            f"{border} writes the recipient into {proposed}: ENVELOPE_HEADER={proposed} would let nothing else count",
        )
    return ok(
        "envelope", "no single header names the recipient of every mail; each of the known ones is looked for"
    )


def _clock(newest: datetime, now: datetime) -> Finding:
    ahead = newest - now
    if ahead > _CLOCK_SLACK:
        minutes = round(ahead.total_seconds() / 60)
        return warn(
            "clock",
            f"the newest mail came {minutes} minutes from now by this machine's clock",
            "Set the clock by NTP.",
        )
    return ok("clock", f"{now.astimezone().isoformat(' ', 'seconds')}; no mail comes from the future")
