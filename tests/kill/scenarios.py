"""What lies in the mailbox when the worker is killed, and what must have become of it in the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING, Any

from crm_logger.core.model import Kind
from crm_logger.store.lists import add_never_log
from crm_logger.store.log_addresses import mint
from crm_logger.store.people import add_account, add_address, add_user
from crm_logger.store.tables import AddressKind
from tests.cast import DORA, EVE, forward, gmail_forward, mail
from tests.kill import maildirs
from tests.office import NOW, Office, open_office

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BODY = "Dear Carl,\n\nhere is the offer.\n\nAnn\n"


@dataclass(frozen=True)
class Scenario:
    """`mails` are there at the start, `later` arrive meanwhile; `reasons` is what must be decided about them, in any order.

    `before`: the worker has worked (undisturbed, with these settings) on what was there, and then this was done to the
    mailbox and the database. `where_kept` are the reasons where the server cannot move mail. `retried` are receipts that the command takes in again.
    `real_reader`: the reading process is started as always, not forked. `support` lies in a second mailbox of the same worker.
    """

    name: str
    mails: tuple[bytes, ...]
    reasons: tuple[str, ...]
    where_kept: tuple[str, ...] = ()
    later: tuple[bytes, ...] = ()
    settings: dict[str, str] = field(default_factory=dict)
    before: Callable[[Path, Office], None] | None = None
    settings_before: dict[str, str] = field(default_factory=dict)
    retried: tuple[int, ...] = ()
    real_reader: bool = False
    support: tuple[bytes, ...] = ()


def furnished(folder: Path, database_url: str) -> tuple[Office, str]:
    """Acme with Ann, Bob and a never-log list; Globex, where Ann is a user too. Also gives Globex' BCC address."""
    office = open_office(folder, DATABASE_URL=database_url)
    with office.store.writing():
        add_never_log(1, "secret.example")
        globex = add_account("Globex").id
        add_user(office.config.policy, globex, "ann@acme.test", "Ann Archer")
        minted = {each.kind: f"{each.local_part}@log.example" for each in mint(globex, NOW)}
    return office, minted[Kind.BCC]


def scenarios(office: Office, globex: str) -> list[Scenario]:
    """All of them. Most bring one mail more while the worker is at work."""
    bcc, forwarding = office.bcc, office.forwarding
    one = mail(to_log=bcc)
    late = mail(to_log=bcc, to="Frank <frank@client.example>", subject="One more")
    ahead: dict[str, Any] = {"to_log": forwarding, "to": forwarding}
    return [
        Scenario("plain", (one, mail(to_log=bcc, to=DORA)), ("logged",) * 3, later=(late,)),
        Scenario("real reader", (one,), ("logged",), real_reader=True),
        Scenario("forward", (forward(**ahead),), ("logged",)),
        Scenario(
            "originals",
            (forward(**ahead, body="FYI\n", attached=(_original("A"), _original("B"), _original("C"))),),
            ("logged",),
        ),
        Scenario("duplicates", (one, one, one), ("logged", "duplicate", "duplicate")),
        Scenario(
            "bcc and forward",
            (mail(to_log=bcc, body=BODY), _ahead_of_own(ahead)),
            ("logged", "logged"),
        ),
        Scenario(
            "two accounts", (mail(to_log=(bcc, globex)),), ("logged", "logged", "logged"), later=(late,)
        ),
        Scenario(
            "never-log",
            (
                mail(to_log=bcc, to="x@secret.example, carl@client.example"),
                mail(to_log=bcc, to="x@secret.example", subject="Merger"),
            ),
            ("logged", "never-log"),
        ),
        Scenario(
            "refused",
            (mail(to_log=bcc, author=EVE), mail(), mail(to_log=bcc, author="bob@acme.test")),
            ("unknown-sender", "no-log-address", "no-sales-access", "logged"),
            later=(late,),
        ),
        Scenario("deadly", (_headed("deadly", bcc), one), ("parse-crash", "logged")),
        Scenario("bug", (_headed("bug", bcc), one), ("error", "logged")),
        Scenario("unfetchable", (_headed("withheld", bcc), one), ("unfetchable", "logged")),
        Scenario("deferred", (_headed("late", bcc), one), ("logged", "logged")),
        Scenario(
            "large",
            (_large(bcc),),
            ("logged",),
            settings={"MAX_MAIL_MB": "1", "MAX_ATTACHMENT_MB": "1"},
        ),
        Scenario(
            "left in the folder",
            (one, mail()),
            ("logged", "no-log-address", "logged"),
            later=(late,),
            settings={"FILING": "leave"},
        ),
        Scenario(
            "other UIDVALIDITY",
            (one, mail(to_log=bcc, author=EVE)),
            ("logged", "unknown-sender", "logged"),
            later=(late,),
            before=lambda home, _office: maildirs.renumber(home),
            settings_before={"FILING": "leave"},
        ),
        Scenario(
            "moved back",
            (one,),
            ("logged", "duplicate"),
            where_kept=("logged",),
            before=lambda home, _office: maildirs.move_back(home, "Logged"),
        ),
        Scenario(
            "retried",
            (mail(to_log=bcc, author="ann@new.test"), mail(to_log=bcc, author=EVE)),
            ("logged", "unknown-sender"),
            before=_add_alias,
            retried=(1, 2),
        ),
        Scenario(
            "retried after a bug",
            (_headed("bug", bcc),),
            ("error",),
            before=lambda _home, _office: None,
            retried=(1,),
        ),
        Scenario(
            "two mailboxes",
            (one, mail(to_log=bcc, author=EVE)),
            ("logged", "unknown-sender", "logged", "parse-crash"),
            support=(mail(to_log=bcc, to=DORA, subject="Support"), _headed("deadly", bcc)),
        ),
    ]


def _add_alias(_home: Path, office: Office) -> None:
    with office.store.writing():
        add_address(office.config.policy, 1, "ann@new.test", AddressKind.ALIAS)


def _original(letter: str) -> bytes:
    return mail(
        author=f"Carl {letter} <carl{letter.lower()}@client.example>",
        to="ann@acme.test",
        subject=f"Question {letter}",
        message_id=f"<{letter}@client.example>",
    )


def _ahead_of_own(ahead: dict[str, Any]) -> bytes:
    block = gmail_forward(
        author="Ann <ann@acme.test>",
        to="carl@client.example",
        subject="Offer 17",
        body=BODY,
        date="Mon, May 4, 2026 at 11:00 AM",
    )
    return mail(**ahead, subject="Fwd: Offer 17", body=block)


def _headed(kind: str, to_log: str) -> bytes:
    """To somebody of its own: which of two mails makes a contact depends on which is taken in first."""
    return mail(to_log=to_log, to=f"Gina <{kind}@client.example>", subject=kind, headers=(("X-Test", kind),))


def _large(to_log: str) -> bytes:
    made = EmailMessage()
    made.set_content("Dear Carl,\n\nthe plans.\n")
    made.add_attachment(b"s" * 40_000, "application", "octet-stream", filename="small.bin")
    made.add_attachment(b"l" * 1_300_000, "application", "octet-stream", filename="large.bin")
    head, _, _ = mail(to_log=to_log, subject="Plans").partition(b"MIME-Version")
    head = b"".join(
        line for line in head.splitlines(keepends=True) if not line.lower().startswith(b"content-")
    )
    return head + made.as_bytes(policy=SMTP)
