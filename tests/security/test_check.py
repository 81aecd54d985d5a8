"""`check`: what it says of the proof of senders, and its self-test against servers that strip and that do not."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.conftest import missing
from tests.security.forgeries import FAIL, GENUINE, GOOGLE, HOP, ID, OUTLOOK, PASS, claims, post
from tests.servers.dovecot import LMTP

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.security.conftest import Guard
    from tests.servers.dovecot import Dovecot
    from tests.servers.served import ServedMailbox


def findings(
    guard: Guard, server: ServedMailbox, what: str, *words: str, **settings: str
) -> list[tuple[str, str]]:
    """State and sentence with what to do of each finding of a kind."""
    said = guard.desk.type("check", *words, "--json", **server.settings(), **settings)
    found = json.loads(said.out)
    return [(each["state"], f"{each['said']} {each['to_do']}") for each in found if each["what"] == what]


@pytest.mark.parametrize(
    ("raw", "settings", "proposed"),
    [
        (GENUINE, {}, f"set AUTHSERV_ID={ID};"),
        (post(sender=(claims(PASS),)), {}, f"set AUTHSERV_ID={ID};"),
        (post(border=GOOGLE, sender=(claims(PASS.replace(ID, "mx.google.com")),)), {"BORDER_HOST": "mx.google.com"}, "set SENDER_AUTH_MODE=gmail;"),
        (post(border=OUTLOOK, sender=(claims("dmarc=pass"),)), {"BORDER_HOST": ".outlook.com"}, "set SENDER_AUTH_MODE=m365;"),
        (post(), {}, "Let your mail server write Authentication-Results"),
    ],
)  # fmt: skip
def test_it_proposes_what_the_mails_show(
    guard: Callable[..., Guard],
    imap_server: ServedMailbox,
    raw: bytes,
    settings: dict[str, str],
    proposed: str,
) -> None:
    acme = guard()
    imap_server.append(raw)
    for auth, state in (("auto", "warn"), ("require", "fail")):
        ((found, said),) = findings(acme, imap_server, "sender", AUTHSERV_ID="", SENDER_AUTH=auth, **settings)
        assert (found, proposed in said) == (state, True), said


def test_it_counts_what_is_proven(guard: Callable[..., Guard], imap_server: ServedMailbox) -> None:
    acme = guard()
    imap_server.append(post(claims(FAIL)))
    assert findings(acme, imap_server, "sender")[0][0] == "warn"
    imap_server.append(GENUINE)
    ((state, said),) = findings(acme, imap_server, "sender")
    assert (state, "1 pass, 1 fail, 0 none" in said) == ("ok", True)
    assert findings(acme, imap_server, "sender", SENDER_AUTH="off")[0][0] == "warn"


# ---------------------------------------------------------------- the self-test


def ask(guard: Guard, **settings: str) -> tuple[str, tuple[str, ...]]:
    """The word and the header fields of a mail that the command prints."""
    printed = guard.desk.ok("check", "--self-test", **settings)
    word = re.search(r"crm-logger check --self-test (\w+)", printed)
    assert word
    fields = re.findall(r"(?m)^(?:Subject|X-Self-Test|Authentication-Results): .*$", printed)
    return word[1], tuple(fields)


def stripped(fields: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(field for field in fields if not field.startswith("Authentication-Results"))


SETTINGS = {"SENDER_AUTH_MODE": "standard"}
BELOW = {"SENDER_AUTH_MODE": "below"}
GMAIL = {"SENDER_AUTH_MODE": "gmail", "AUTHSERV_ID": "", "BORDER_HOST": "mx.google.com"}
OUTSIDE = f"{ID}; spf=pass smtp.mailfrom=me@outside.example"


@pytest.mark.parametrize(
    ("ours", "below", "strips", "settings", "expected"),
    [
        ((OUTSIDE,), (), True, SETTINGS, ["ok", "ok"]),
        ((OUTSIDE,), (), False, SETTINGS, ["warn", "ok"]),
        ((), (), True, SETTINGS, ["ok", "fail"]),
        ((), (OUTSIDE,), True, SETTINGS, ["ok", "warn"]),
        ((), (OUTSIDE,), True, BELOW, ["ok", "ok"]),
        ((), (OUTSIDE,), False, BELOW, ["fail", "ok"]),
        ((), (OUTSIDE.replace(ID, "mx.google.com"),), True, GMAIL, ["ok", "ok"]),
        ((), (), False, GMAIL, ["fail", "ok"]),
    ],
)
def test_it_tells_whether_the_server_strips_a_forged_header(  # noqa: PLR0917 -- columns of a table
    guard: Callable[..., Guard],
    imap_server: ServedMailbox,
    ours: tuple[str, ...],
    below: tuple[str, ...],
    strips: bool,  # noqa: FBT001 -- a table's column
    settings: dict[str, str],
    expected: list[str],
) -> None:
    acme = guard()
    word, fields = ask(acme, **settings)
    # Forged fields come first of the sender's, so that they stand in the worst place.
    forged = () if strips else tuple(field for field in fields if field.startswith("Auth"))
    sent = (*map(claims, below), *forged, *stripped(fields))
    border = GOOGLE if settings is GMAIL else HOP
    raw = post(*map(claims, ours), border=border, sender=sent, author="me@outside.example")
    imap_server.append(raw.replace(b"Subject: Offer 17\r\n", b""))
    assert [
        state for state, _ in findings(acme, imap_server, "self-test", "--self-test", word, **settings)
    ] == expected


@pytest.mark.parametrize(
    ("ours", "strips", "expected"),
    [
        ((claims(OUTSIDE), HOP), True, ["ok", "ok"]),
        ((claims(OUTSIDE), HOP), False, ["warn", "ok"]),
        ((HOP,), False, ["warn", "fail"]),
        ((), False, ["warn", "fail"]),
    ],
    ids=["strips and checks", "checks", "takes in", "Dovecot alone"],
)
def test_it_judges_the_printed_mail_after_a_real_delivery_by_lmtp(
    guard: Callable[..., Guard],
    dovecot: Dovecot,
    ours: tuple[str, ...],
    strips: bool,  # noqa: FBT001 -- a table's column
    expected: list[str],
) -> None:
    """What stands before Dovecot writes `ours` on top; Dovecot's LMTP adds its Received, Return-Path and Delivered-To."""
    if not LMTP.exists():
        missing("DOVECOT HAS NO LMTP: run `make servers` to have this test too")
    acme, box = guard(), dovecot.mailbox()
    printed = acme.desk.ok("check", "--self-test")
    _, mail, told = printed.split("\n\n", 2)[0:3]
    body = told.partition("\n\n")[0]
    word = printed.split()[-1]
    sent = [line for line in mail.splitlines() if not (strips and line.startswith("Authentication-Results"))]
    dovecot.deliver_by_lmtp("\r\n".join((*ours, *sent, "", body)).encode(), "me@outside.example", [box.user])
    (delivered,) = box.mails()
    written = re.findall(rb"by (\S+) with LMTP", delivered.raw)
    assert len(written) == 1
    border = {} if ours else {"BORDER_HOST": written[0].decode()}
    found = findings(acme, box, "self-test", "--self-test", word, **border)
    assert [state for state, _ in found] == expected


def test_it_waits_for_the_mail_and_doubts_one_that_was_not_sent_as_printed(
    guard: Callable[..., Guard], imap_server: ServedMailbox
) -> None:
    acme = guard()
    word, fields = ask(acme)
    assert findings(acme, imap_server, "self-test", "--self-test", word)[0][0] == "warn"
    imap_server.append(GENUINE)
    assert findings(acme, imap_server, "self-test", "--self-test", word)[0][0] == "warn"
    imap_server.append(post(sender=fields[:1]).replace(b"Subject: Offer 17\r\n", b""))
    assert findings(acme, imap_server, "self-test", "--self-test", word)[0][0] == "fail"


def test_the_mail_to_send_names_no_server_where_microsoft_names_none(guard: Callable[..., Guard]) -> None:
    acme = guard(SENDER_AUTH_MODE="m365", AUTHSERV_ID="")
    assert any(
        re.match(r"Authentication-Results: dmarc=pass header.from=\w+\.invalid$", field)
        for field in ask(acme)[1]
    )
