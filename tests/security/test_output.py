"""Nothing from a mail reaches a terminal, a log or JSON uncleaned, and no token does at all."""

from __future__ import annotations

import base64
import json
import logging
import unicodedata
from typing import TYPE_CHECKING

import pytest

from crm_logger.logs import _Json, _Text
from tests.cast import CARL, bcc
from tests.security.forgeries import PASS, claims, post

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.security.conftest import Guard

EVIL = "\x1b]0;owned\x07\x1b[2J\r\n=cmd|'/c calc'!A1\u202egnp.exe\u2066\x9b31m\x00\x08"


def word(text: str) -> str:
    return f"=?utf-8?b?{base64.b64encode(text.encode()).decode()}?="


def nasty(guard: Guard, **parts: str) -> list[bytes]:
    """Mails whose every text that is shown anywhere holds what a terminal would obey."""
    sender = (f"X-Evil: {word(EVIL)}", f"Subject: {word('Offer ' + EVIL)} to {guard.office.bcc}")
    body = f"Hello {EVIL}\n{guard.office.bcc}\n".replace("\0", "")
    names = (f"{word('Carl ' + EVIL)} <carl@client.example>", f"{word(EVIL)} <x@client.example>")
    good = post(claims(PASS), author=f"{word('Ann ' + EVIL)} <ann@acme.test>", to=", ".join(names), sender=sender, body=body, **parts)  # fmt: skip
    forged = post(claims(f'mx.log.example; spf=fail smtp.mailfrom="{EVIL[:9]}"@acme.test'), sender=sender)
    stranger = post(claims(PASS), author=f'"{word(EVIL)}" <eve@evil.example>', sender=sender, to=CARL)
    return [good, forged, stranger]


@pytest.mark.parametrize(
    "words",
    [
        ("receipts",),
        ("explain", "1"),
        ("explain", "2"),
        ("explain", "3"),
        ("status",),
        ("contacts",),
        ("timeline", "carl@client.example"),
        ("receipts", "--json"),
        ("explain", "2", "--json"),
        ("timeline", "carl@client.example", "--json"),
        ("status", "--json"),
    ],
    ids=" ".join,
)
def test_what_commands_print_is_plain_text(guard: Callable[..., Guard], words: tuple[str, ...]) -> None:
    acme = guard()
    acme.deliver(*nasty(acme))
    printed = acme.desk.ok(*words)
    if "--json" in words:
        json.loads(printed)
    odd = {
        char for char in printed.replace("\n", "") if unicodedata.category(char) in {"Cc", "Cf", "Zl", "Zp"}
    }
    assert odd == set()
    assert acme.office.bcc.partition("@")[0] not in printed


@pytest.mark.row(69)
@pytest.mark.parametrize("formatter", [_Text(), _Json()], ids=["text", "json"])
def test_what_is_logged_is_one_plain_line(formatter: logging.Formatter) -> None:
    record = logging.makeLogRecord({"msg": "a mail waits", "levelname": "WARNING", "why": EVIL + bcc()})
    line = formatter.format(record)
    assert line.isprintable()
    assert "owned" in line


@pytest.mark.parametrize("formatter", [_Text(), _Json()], ids=["text", "json"])
def test_a_traceback_in_the_log_holds_nothing_that_a_terminal_obeys(formatter: logging.Formatter) -> None:
    bug = ValueError(EVIL)
    record = logging.makeLogRecord({"msg": "bug", "exc_info": (type(bug), bug, None)})
    assert formatter.format(record).replace("\n", "").isprintable()


def test_taking_in_logs_nothing_of_a_mail(
    guard: Callable[..., Guard], caplog: pytest.LogCaptureFixture
) -> None:
    acme = guard(LIMIT_MAILS_PER_MINUTE="1", LIMIT_ACTION="defer")
    with caplog.at_level(logging.DEBUG, "crm_logger"):
        acme.deliver(*nasty(acme), *nasty(acme))
    assert len(caplog.records) == 6
    lines = " ".join(_Text().format(record) for record in caplog.records)
    for secret in ("owned", "@acme.test", "client.example", acme.office.bcc.partition("@")[0], "Offer"):
        assert secret not in lines
