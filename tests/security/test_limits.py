"""Limits count by the time of arrival: a backlog is no flood, and what is over them is told or waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING

import pytest

from crm_logger.alarms import AlarmKind
from crm_logger.core.model import Flag, Limits, Reason
from crm_logger.store import limits, tables
from tests.cast import BORDER
from tests.office import NOW
from tests.security.forgeries import PASS, claims, post

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.security.conftest import Guard


def arrived(seconds: float = 0, to: str = "carl@client.example") -> bytes:
    """A proven mail of Ann's that the border took in that long after nine o'clock."""
    at = (NOW.replace(hour=9) + timedelta(seconds=seconds)).strftime("%a, %d %b %Y %H:%M:%S +0000")
    return post(claims(PASS), border=f"Received: from out.acme.test by {BORDER}; {at}", to=to)


def fates(guard: Guard) -> list[list[str]]:
    return [[str(fate["fate"]) for fate in each.fates] for each in guard.decisions()]


def test_a_flood_is_logged_and_told_once(guard: Callable[..., Guard]) -> None:
    acme = guard(LIMIT_MAILS_PER_MINUTE="2")
    acme.deliver(*(arrived(second) for second in range(5)), now=datetime.now(UTC))
    assert acme.reasons() == [Reason.LOGGED] * 5
    assert acme.limits_met() == [
        "2026-05-04: more than 2 mails a minute of log address 1",
        "2026-05-04: more than 2 mails a minute of user Ann Archer",
    ]
    assert "more than 2 mails a minute of user Ann Archer" in acme.desk.ok("status")


def test_a_backlog_that_is_taken_in_at_once_is_no_flood(guard: Callable[..., Guard]) -> None:
    acme = guard(LIMIT_MAILS_PER_MINUTE="2", LIMIT_MAILS_PER_DAY="3", LIMIT_ACTION="defer")
    acme.deliver(*(arrived(36 * 3600 * day) for day in range(6)), arrived(29), arrived(-31))
    assert acme.reasons() == [Reason.LOGGED] * 8
    assert acme.limits_met() == []


def test_a_day_has_its_limit_too(guard: Callable[..., Guard]) -> None:
    acme = guard(LIMIT_MAILS_PER_DAY="2")
    acme.deliver(*(arrived(3600 * hour) for hour in (0, 1, 2)))
    assert "2026-05-04: more than 2 mails a day of user Ann Archer" in acme.limits_met()


def test_nought_is_no_limit(guard: Callable[..., Guard]) -> None:
    acme = guard(LIMIT_MAILS_PER_MINUTE="0", LIMIT_MAILS_PER_DAY="0", LIMIT_NEW_CONTACTS_PER_DAY="0")
    acme.deliver(*(arrived() for _ in range(70)))
    assert acme.limits_met() == []


def test_defer_holds_mails_back_and_lets_them_through_at_the_rate_of_the_limit(
    guard: Callable[..., Guard],
) -> None:
    acme = guard(LIMIT_MAILS_PER_MINUTE="2", LIMIT_ACTION="defer")
    turn = acme.deliver(*(arrived(second) for second in range(5)))
    assert (turn.deferred, acme.reasons()) == (3, [Reason.LOGGED] * 2)
    assert "over the limit: more than 2 mails a minute of user Ann Archer" in acme.desk.ok("status")
    assert acme.deliver(now=NOW + timedelta(minutes=14)).deferred == 3
    assert len(acme.reasons()) == 2
    acme.deliver(now=NOW + timedelta(minutes=16))
    assert len(acme.reasons()) == 4
    acme.deliver(now=NOW + timedelta(minutes=32))
    assert acme.reasons() == [Reason.LOGGED] * 5
    assert acme.deliver(now=NOW + timedelta(minutes=50)).deferred == 0


def test_only_so_many_contacts_come_of_a_day_and_the_mail_is_logged_all_the_same(
    guard: Callable[..., Guard],
) -> None:
    acme = guard(LIMIT_NEW_CONTACTS_PER_DAY="2")
    acme.deliver(
        arrived(0, "a@client.example, b@client.example, c@client.example"),
        arrived(3600, "d@client.example, a@client.example"),
        arrived(86401, "e@client.example"),
    )
    assert acme.reasons() == [Reason.LOGGED] * 3
    assert fates(acme) == [
        ["created", "created", "not-created-limit"],
        ["not-created-limit", "associated"],
        ["created"],
    ]
    assert acme.limits_met() == [
        "2026-05-04: more than 2 new contacts a day of user Ann Archer or of its log address"
    ]


def test_all_originals_of_a_mail_share_its_limit_of_contacts(guard: Callable[..., Guard]) -> None:
    acme = guard(MAX_NEW_CONTACTS="2", SENDER_AUTH="off")
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "ann@acme.test", acme.office.forwarding, "Fwd: three"
    made.set_content("three\n")
    for name in "abc":
        original = EmailMessage()
        original["From"], original["To"] = f"{name}@client.example", "ann@acme.test"
        original["Subject"], original["Message-ID"] = name, f"<{name}@client.example>"
        original.set_content(f"I am {name}\n")
        made.add_attachment(original)
    top = f"Delivered-To: {acme.office.forwarding}\r\nReceived: from x by {BORDER}; Mon, 4 May 2026 09:00:00 +0000\r\n"
    acme.deliver(top.encode() + made.as_bytes(policy=SMTP))
    created = [fate["fate"] for fate in acme.decisions()[0].fates if fate["role"] == "from"]
    assert created == ["created", "created", "not-created-limit"]
    assert Flag.UNVERIFIED in acme.decisions()[0].flags


# ---------------------------------------------------------------- the alarm

FLOODS: dict[str, tuple[Mapping[str, str], tuple[bytes, ...]]] = {
    "more than 1 mails a minute of user Ann Archer": (
        {"LIMIT_MAILS_PER_MINUTE": "1"},
        (arrived(0), arrived(1)),
    ),
    "more than 1 mails a day of user Ann Archer": (
        {"LIMIT_MAILS_PER_DAY": "1"},
        (arrived(0), arrived(7200)),
    ),
    "more than 1 new contacts a day of user Ann Archer": (
        {"LIMIT_NEW_CONTACTS_PER_DAY": "1"},
        (arrived(0, "a@client.example, b@client.example"),),
    ),
    "too many new contacts in one mail of user Ann Archer": (
        {"MAX_NEW_CONTACTS": "1"},
        (arrived(0, "a@client.example, b@client.example"),),
    ),
    "over the limit: more than 1 mails a minute of user Ann Archer": (
        {"LIMIT_MAILS_PER_MINUTE": "1", "LIMIT_ACTION": "defer"},
        (arrived(0), arrived(1)),
    ),
}


@pytest.mark.parametrize(("said", "flood"), FLOODS.items())
def test_whoever_passes_a_limit_raises_the_alarm(
    guard: Callable[..., Guard], said: str, flood: tuple[Mapping[str, str], tuple[bytes, ...]]
) -> None:
    settings, mails = flood
    acme = guard(**settings)
    acme.deliver(mails[0] if len(mails) > 1 else arrived(0, "a@client.example"))
    assert acme.office.store.open_alarms() == []
    acme.deliver(*mails[-1:], arrived(2, "x@client.example, y@client.example"))
    (alarm,) = acme.office.store.open_alarms()
    assert alarm.kind == AlarmKind.LIMIT
    assert any(word in alarm.detail for word in (said, said.replace("user Ann Archer", "log address 1")))
    assert "limit" in acme.desk.ok("alarm", "list")
    health = acme.desk.type("health")
    assert (health.status, "open alarms: limit" in health.out) == (1, True)


@pytest.mark.parametrize(
    ("allowed", "hours", "calm"),
    [
        (Limits(mails_a_minute=2, mails_a_day=3, contacts_a_day=3), 1, True),
        (Limits(mails_a_minute=2, mails_a_day=3, contacts_a_day=3), 0.9, False),
        (Limits(mails_a_day=2), 1, False),
        (Limits(mails_a_day=2), 25, True),
        (Limits(contacts_a_day=1), 1, False),
        (Limits(contacts_a_day=1), 25, True),
        (Limits(), 1, True),
    ],
)
def test_the_alarm_is_over_when_it_is_an_hour_old_and_every_rate_is_below_its_limit(
    guard: Callable[..., Guard],
    allowed: Limits,
    hours: float,
    calm: bool,  # noqa: FBT001 -- a table's column
) -> None:
    acme = guard(MAX_NEW_CONTACTS="1")
    nine = NOW.replace(hour=9)
    acme.deliver(arrived(0), arrived(1), arrived(2, "a@client.example, b@client.example"), now=nine)
    with acme.office.store.reading():
        assert limits.is_calm(allowed, nine + timedelta(hours=hours, seconds=2)) is calm


def test_a_minute_over_its_limit_keeps_the_alarm(guard: Callable[..., Guard]) -> None:
    acme = guard(LIMIT_MAILS_PER_MINUTE="1")
    acme.deliver(arrived(0), arrived(1), arrived(3600), arrived(3601), now=NOW.replace(hour=9))
    ten = NOW.replace(hour=10)
    with acme.office.store.reading():
        calm = [limits.is_calm(Limits(mails_a_minute=1), ten + timedelta(seconds=s)) for s in (1, 61)]
    assert calm == [False, True]


def test_what_is_held_back_keeps_the_alarm(guard: Callable[..., Guard]) -> None:
    acme = guard(LIMIT_MAILS_PER_MINUTE="1", LIMIT_ACTION="defer")
    acme.deliver(arrived(0), arrived(1), now=NOW.replace(hour=9))
    with acme.office.store.writing():
        assert not limits.is_calm(Limits(), NOW)
        tables.Deferral.delete().execute()
        assert limits.is_calm(Limits(), NOW)
