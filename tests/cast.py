"""The same people in every test, and builders of their mail with a default for everything.

Ann sells at acme.test, Bob has no sales access, Carl is the client, Dora his colleague, Eve is nobody.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from itertools import count
from typing import Any

from crm_logger.core.address import token_hash
from crm_logger.core.classify import classify
from crm_logger.core.message import parse_message
from crm_logger.core.model import Decision, Directory, Kind, Log, LogAddress, NeverLog, Policy, Refuse, User

ACME, GLOBEX = 1, 2
ANN = User(1, ACME, "Ann Archer", ("ann@acme.test", "ann@connected.test", "a.archer@alias.test"))
BOB = User(2, ACME, "Bob Baker", ("bob@acme.test",), sales_access=False)
IDA = User(3, ACME, "Ida Ivory", ("ida@acme.test",), active=False)
COLE = User(4, ACME, "Cole Carter", ("cole@acme.test",))
GUS = User(5, GLOBEX, "Gus Gray", ("gus@globex.test",))
CARL, DORA, EVE = (
    "Carl Client <carl@client.example>",
    "Dora <dora@client.example>",
    "Eve <eve@nobody.example>",
)

BORDER = "mx.log.example"
MAILBOX = "catchall@log.example"
RECEIVED = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
DATE = "Mon, 4 May 2026 11:00:00 +0200"
_numbers = count(1)


def token(name: str, kind: Kind) -> str:
    """Return a token as crm-logger mints them, made of a name: "acme", "ann", "cole", "globex", "old", "ended"."""
    digest = hashlib.sha256(f"{kind}-{name}".encode()).digest()[:16]
    return base64.b32encode(digest).decode().rstrip("=").lower()


def bcc(name: str = "acme", tag: str = "") -> str:
    """Return the BCC address with that name's token."""
    return f"bcc-{token(name, Kind.BCC)}{tag}@log.example"


def forwarding(name: str = "acme", tag: str = "") -> str:
    """Return the forwarding address with that name's token."""
    return f"forward-{token(name, Kind.FORWARD)}{tag}@log.example"


POLICY = Policy(log_domains=("log.example",), mailbox_addresses=(MAILBOX,), border_host=BORDER)


def directory(
    *,
    never_log: tuple[NeverLog, ...] = (),
    internal: tuple[str, ...] = (),
    users: tuple[User, ...] = (ANN, BOB, IDA, COLE, GUS),
    policy: Policy = POLICY,
) -> Directory:
    """Return the snapshot of two accounts, Acme and Globex."""
    named: dict[str, tuple[User, ...]] = {}
    for user in users:
        for address in user.addresses:
            named[address] = (*named.get(address, ()), user)
    return Directory(
        policy=policy,
        users_by_address=named,
        log_addresses_by_hash={address.token_hash: address for address in log_addresses()},
        never_log={ACME: never_log},
        internal_domains={ACME: frozenset(internal)},
    )


def log_addresses() -> list[LogAddress]:
    """Both kinds for Acme, Ann, Cole and Globex; one revoked, one whose grace is over."""
    return [
        *_pair("acme", ACME, None),
        *_pair("ann", ACME, ANN.id),
        *_pair("cole", ACME, COLE.id),
        *_pair("globex", GLOBEX, None),
        *(replace(address, revoked=True) for address in _pair("old", ACME, None)),
        *(replace(a, valid_until=datetime(2026, 5, 1, tzinfo=UTC)) for a in _pair("ended", ACME, None)),
    ]


_NAMES = ("acme", "ann", "cole", "globex", "old", "ended")


def _pair(name: str, account: int, user: int | None) -> list[LogAddress]:
    first = 1 + 2 * _NAMES.index(name)
    return [
        LogAddress(number, account, kind, token_hash(token(name, kind)), user=user)
        for number, kind in enumerate(Kind, first)
    ]


def mail(
    *,
    to_log: str | tuple[str, ...] = "",
    author: str | None = "Ann Archer <ann@acme.test>",
    to: str = CARL,
    cc: str = "",
    subject: str = "Offer 17",
    date: str = DATE,
    body: str = "Dear Carl,\n\nhere is the offer.\n\nAnn\n",
    html: str = "",
    message_id: str | None = None,
    headers: tuple[tuple[str, str], ...] = (),
    attached: tuple[bytes, ...] = (),
) -> bytes:
    """Return a mail as it lies in the catch-all: what our servers wrote on top, then what the sender's client wrote.

    `to_log` are the log addresses it was delivered to; `message_id` None makes a new one, "" leaves it out.
    """
    made = EmailMessage()
    made.set_content(body)
    if html:
        made.add_alternative(html, subtype="html")
    for raw in attached:
        made.add_attachment(message_from_bytes(raw, policy=default))
    delivered = (to_log,) if isinstance(to_log, str) else to_log
    number = f"<{next(_numbers)}@acme.test>" if message_id is None else message_id
    fields = (
        *(("Delivered-To", a) for a in delivered),
        ("Received", f"from out.acme.test by {BORDER}; {DATE}"),
        *headers,
        *(
            ("From", author),
            ("To", to),
            ("Cc", cc),
            ("Subject", subject),
            ("Date", date),
            ("Message-ID", number),
        ),
    )
    top = "".join(f"{name}: {value}\r\n" for name, value in fields if value)
    return top.encode() + made.as_bytes(policy=SMTP)


def gmail_forward(
    *,
    author: str = CARL,
    date: str = "Mon, May 4, 2026 at 9:12 AM",
    subject: str = "Your offer",
    to: str = "Ann Archer <ann@acme.test>",
    cc: str = "",
    body: str = "Dear Ann,\n\nthe price is fine, let us sign.\n\nCarl\n",
    note: str = "FYI\n",
) -> str:
    """Return the body of a mail forwarded with Gmail in English."""
    lines = [f"From: {author}", f"Date: {date}", f"Subject: {subject}", f"To: {to}"]
    block = "\n".join([*lines, *([f"Cc: {cc}"] if cc else [])])
    return f"{note}\n---------- Forwarded message ---------\n{block}\n\n\n{body}"


def forward(**changes: Any) -> bytes:
    """Return Ann's forward of Carl's mail; changes are mail()'s, `body` is gmail_forward() unless told otherwise."""
    told = {"to_log": forwarding(), "to": forwarding(), "subject": "Fwd: Your offer", "body": gmail_forward()}
    return mail(**(told | changes))


def decide(
    raw: bytes, known: Directory | None = None, received_at: datetime = RECEIVED
) -> tuple[Decision, ...]:
    """Parse and classify, as the worker does."""
    known = known or directory()
    return classify(parse_message(raw, known.policy), known, received_at)


def only(decisions: tuple[Decision, ...]) -> Decision:
    """Return the one decision there is."""
    (decision,) = decisions
    return decision


def logged(raw: bytes, known: Directory | None = None) -> Log:
    """Return the one decision, which must be to log."""
    decision = only(decide(raw, known))
    assert isinstance(decision, Log), decision
    return decision


def refused(raw: bytes, known: Directory | None = None) -> Refuse:
    """Return the one decision, which must be to refuse."""
    decision = only(decide(raw, known))
    assert isinstance(decision, Refuse), decision
    return decision
