"""Every reason of the closed list is given by the whole intake for a mail that deserves it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest

from crm_logger.core.model import Kind, Reason
from crm_logger.intake import Intake
from crm_logger.isolation import Death, Fault
from crm_logger.store import receipts
from crm_logger.store.lists import add_never_log
from crm_logger.store.log_addresses import mint, revoke
from crm_logger.store.people import Changes, add_user, change_user
from tests.cast import BORDER, DATE, EVE, gmail_forward, mail
from tests.fakes import FakeMailbox, FakeReader
from tests.office import NOW, Office, open_office

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from crm_logger.isolation import Reader
    from crm_logger.mailbox import Mailbox


@dataclass
class Case:
    """The mails of a case, the last of which gets the reason; what the reader says instead; looks; settings."""

    mails: Callable[[Office], tuple[bytes | None, ...]]
    planted: dict[int, Any] = field(default_factory=dict)
    looks: int = 1
    settings: dict[str, str] = field(default_factory=dict)


def one(**changes: Any) -> Case:
    """A mail to the BCC address."""
    return Case(lambda office: (mail(to_log=office.bcc, **changes),))


def forwarded(**block: Any) -> Case:
    """A mail to the forwarding address."""
    return Case(
        lambda office: (
            mail(
                to_log=office.forwarding, to=office.forwarding, subject="Fwd: x", body=gmail_forward(**block)
            ),
        )
    )


def calendar(office: Office) -> tuple[bytes]:
    top = f"Delivered-To: {office.bcc}\r\nReceived: by {BORDER}; {DATE}\r\nFrom: ann@acme.test\r\nTo: carl@client.example\r\n"
    return (f"{top}Content-Type: text/calendar; method=REPLY\r\n\r\nBEGIN:VCALENDAR\r\n".encode(),)


def malformed(office: Office) -> tuple[bytes]:
    return (mail(to_log=office.bcc).replace(b"Subject: Offer 17", b"Subject: Offer\rBcc: 17"),)


def twice(office: Office) -> tuple[bytes, bytes]:
    raw = mail(to_log=office.bcc)
    return raw, raw


def minted(office: Office, *, of_bob: bool = False, revoked: bool = False) -> str:
    """Another BCC address of the account, perhaps for Bob alone, perhaps revoked."""
    with office.store.writing():
        (known,) = mint(1, NOW, user=2 if of_bob else None, kinds=(Kind.BCC,))
        if revoked:
            revoke(str(known.id))
    return f"{known.local_part}@log.example"


CASES = {
    Reason.LOGGED: one(),
    Reason.DUPLICATE: Case(twice),
    Reason.UNKNOWN_SENDER: one(author=EVE),
    Reason.NO_SALES_ACCESS: one(author="bob@acme.test"),
    Reason.INACTIVE_USER: one(author="ida@acme.test"),
    Reason.AMBIGUOUS_SENDER: one(author="ann@acme.test, eve@nobody.example"),
    Reason.NO_SENDER: one(author=None),
    Reason.SENDER_NOT_AUTHENTICATED: replace(one(), settings={"AUTHSERV_ID": "mx.log.example"}),
    Reason.NO_LOG_ADDRESS: Case(lambda _office: (mail(),)),
    Reason.UNKNOWN_LOG_ADDRESS: Case(lambda _office: (mail(to_log=f"bcc-{'a' * 26}@log.example"),)),
    Reason.REVOKED_LOG_ADDRESS: Case(lambda office: (mail(to_log=minted(office, revoked=True)),)),
    Reason.WRONG_USER_TOKEN: Case(lambda office: (mail(to_log=minted(office, of_bob=True)),)),
    Reason.NEVER_LOG: one(to="x@secret.example"),
    Reason.INTERNAL_ONLY: one(to="bob@acme.test"),
    Reason.NO_RECIPIENT: one(to=""),
    Reason.NO_FORWARD_FOUND: Case(lambda office: (mail(to_log=office.forwarding, to=office.forwarding),)),
    Reason.UNCERTAIN: forwarded(author="Carl Client"),
    Reason.REPLY_THEN_FORWARD: forwarded(author="Ann <ann@acme.test>", to="carl@client.example"),
    Reason.AUTO_REPLY: one(headers=(("Auto-Submitted", "auto-replied"),)),
    Reason.BOUNCE: one(headers=(("X-Failed-Recipients", "x@y.example"),)),
    Reason.MAILING_LIST: one(headers=(("List-Id", "<news.acme.test>"),)),
    Reason.CALENDAR: Case(calendar),
    Reason.MALFORMED_HEADER: Case(malformed),
    Reason.PARSE_TIMEOUT: replace(
        one(), planted={1: Death(Reason.PARSE_TIMEOUT, "it took too long")}, looks=3
    ),
    Reason.PARSE_CRASH: replace(one(), planted={1: Death(Reason.PARSE_CRASH, "it was killed")}, looks=3),
    Reason.UNFETCHABLE: Case(lambda _office: (None,), looks=5),
    Reason.ERROR: replace(one(), planted={1: Fault("KeyError", "Traceback: KeyError")}),
}


@pytest.fixture
def office(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Office]:
    made = open_office(tmp_path, **request.param)
    with made.store.writing():
        add_never_log(1, "secret.example")
        ida = add_user(made.config.policy, 1, "ida@acme.test", "Ida Ivory")
        change_user(made.config.policy, ida.id, Changes(active=False))
    yield made
    made.store.close()


def test_every_reason_has_its_case() -> None:
    assert set(CASES) == set(Reason)


@pytest.mark.parametrize(
    ("reason", "office"),
    [(reason, case.settings) for reason, case in CASES.items()],
    indirect=["office"],
    ids=[*CASES],
)
def test_it_gives_the_reason(reason: Reason, office: Office) -> None:
    case = CASES[reason]
    mailbox, reader, now = FakeMailbox(), FakeReader(case.planted), NOW
    mailbox.put(*case.mails(office))
    for _ in range(case.looks):
        box, reads = cast("Mailbox", mailbox), cast("Reader", reader)
        Intake(office.config, office.store, box, reads, lambda: now).turn()  # noqa: B023 -- called within the same round
        now += timedelta(minutes=16)
    with office.store.reading():
        found = receipts.decisions(receipts.Asked())
    assert found[0].reason is reason
    assert found[0].outcome is reason.outcome
