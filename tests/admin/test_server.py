"""`check`, `run` and `retry` against the embedded IMAP server."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.cast import mail
from tests.servers.embedded import embedded_mailbox
from tests.servers.scripted import ScriptedPeer

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from tests.servers.served import ServedMailbox

    from .conftest import Desk, Shop

pytestmark = pytest.mark.embedded

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@contextmanager
def serving(desk: Desk, without: Collection[str] = ()) -> Iterator[ServedMailbox]:
    """A server that the desk's settings name."""
    with embedded_mailbox(without) as (_, mailbox):
        desk.settings |= mailbox.settings()
        yield mailbox


def lines(found: list[dict[str, Any]], what: str) -> list[tuple[str, str]]:
    return [(each["state"], each["said"]) for each in found if each["what"] == what]


# ---------------------------------------------------------------- check


def test_check_is_content_with_a_mailbox_that_works(shop: Shop) -> None:
    with serving(shop.desk) as mailbox:
        mailbox.append(mail(to_log=shop.office.bcc))
        found = shop.desk.json("check")
        shown = shop.desk.ok("check")
    assert {each["state"] for each in found if each["what"] != "sender"} == {"ok"}
    assert lines(found, "sender") == [("warn", "AUTHSERV_ID is not set: nothing proves who sent a mail")]
    assert lines(found, "folder") == [("ok", "INBOX holds 1 mails")]
    assert lines(found, "delivery") == [("ok", "of the newest 1 mails 1 name a log address (Delivered-To)")]
    assert lines(found, "border") == [("ok", "BORDER_HOST is mx.log.example")]
    assert "ENVELOPE_HEADER=Delivered-To" in lines(found, "envelope")[0][1]
    assert lines(found, "accounts") == [("ok", "Acme has 2 users and 2 log addresses")]
    assert len(shown.splitlines()) == len(found) + 1
    assert "secret" not in shown


def test_check_changes_nothing_in_the_mailbox(shop: Shop) -> None:
    with serving(shop.desk) as mailbox:
        mailbox.append(mail(to_log=shop.office.bcc))
        before = mailbox.mails(), mailbox.folders()
        shop.desk.ok("check", FILING="move")
        assert (mailbox.mails(), mailbox.folders()) == before


def test_check_asks_for_a_folder_that_cannot_be_changed(shop: Shop) -> None:
    with ScriptedPeer() as peer:
        shop.desk.settings |= peer.mailbox().settings()
        shop.desk.ok("check", FILING="move")
        assert (peer.count("EXAMINE"), peer.count("SELECT")) == (1, 0)


def test_check_proposes_the_border_host(shop: Shop) -> None:
    del shop.desk.settings["BORDER_HOST"]
    with serving(shop.desk) as mailbox:
        mailbox.append(mail(to_log=shop.office.bcc))
        assert "→ Set BORDER_HOST=mx.log.example if" in shop.desk.ok("check")
        assert "taken in by mx.log.example" in shop.desk.ok("check", BORDER_HOST="mx.old.example")
        assert "taken in by" not in shop.desk.ok("check", BORDER_HOST=".log.example")


def test_check_doubts_a_pinned_header_that_the_server_does_not_write(shop: Shop) -> None:
    with serving(shop.desk) as mailbox:
        mailbox.append(mail(to_log=shop.office.bcc))
        assert "→ Set ENVELOPE_HEADER=Delivered-To" in shop.desk.ok("check", ENVELOPE_HEADER="X-Original-To")
        assert "ok    envelope: ENVELOPE_HEADER is delivered-to" in shop.desk.ok(
            "check", ENVELOPE_HEADER="delivered-to"
        )


def test_check_says_what_an_empty_mailbox_needs(shop: Shop) -> None:
    with serving(shop.desk) as mailbox:
        assert "→ Send a mail with a log address on Bcc" in shop.desk.ok("check")
        mailbox.append(mail())
        assert "of the newest 1 mails 0 name a log address" in shop.desk.ok("check")


def test_check_doubts_an_address_that_a_sender_could_have_written(shop: Shop) -> None:
    with serving(shop.desk) as mailbox:
        mailbox.append(
            b"Received: from a by mx.log.example; Mon, 4 May 2026 11:00:00 +0200\r\n"
            + mail(to_log=shop.office.bcc)
        )
        shown = shop.desk.ok("check", BORDER_HOST="")
    assert "1 of them where a sender could have written it" in shown


def test_check_tells_what_is_lost_without_a_capability(shop: Shop) -> None:
    with serving(shop.desk, without=["MOVE", "IDLE"]):
        found = lines(shop.desk.json("check"), "server")
    assert [state for state, _ in found] == ["warn", "warn", "ok"]


def test_check_names_the_folders_that_mail_is_moved_to(shop: Shop) -> None:
    with serving(shop.desk) as mailbox:
        mailbox.append(mail(), folder="Logged")
        found = lines(shop.desk.json("check", FILING="move"), "filing")
    assert [said for _, said in found] == [
        "folder Logged is there",
        "folder Not logged will be made when it is needed",
        "folder Failed will be made when it is needed",
    ]


def test_check_doubts_the_clock_where_mail_comes_from_the_future(shop: Shop) -> None:
    with serving(shop.desk) as mailbox:
        mailbox.append(mail(to_log=shop.office.bcc), received_at=datetime.now(UTC) + timedelta(hours=2))
        (line,) = lines(shop.desk.json("check"), "clock")
    assert line[0] == "warn"
    assert re.search(r"came 1[12]\d minutes from now", line[1])


def test_check_tells_which_account_lacks_what(shop: Shop) -> None:
    desk = shop.desk
    desk.ok("account", "add", "Globex")
    desk.ok("address", "rotate", "--account", "Acme", "--grace-days", "0")
    for each in desk.json("addresses", "--account", "Acme"):
        desk.ok("address", "revoke", str(each["id"]))
    with serving(desk):
        found = lines(desk.json("check"), "accounts")
    assert found == [
        ("warn", "Acme has no valid log address"),
        ("warn", "Globex has no user: all its mail is refused"),
    ]


@pytest.mark.parametrize(
    ("settings", "what", "said", "status"),
    [
        ({"IMAP_PASSWORD": "wrong"}, "mailbox", "refuses the login", 77),
        ({"IMAP_FOLDER": "Nowhere"}, "mailbox", "There is no folder Nowhere", 78),
        ({"IMAP_SECURITY": "starttls"}, "mailbox", "STARTTLS", 78),
        ({"IMAP_PORT": "1"}, "mailbox", "connecting", 75),
        ({"LOG_DOMAIN": ""}, "settings", "LOG_DOMAIN is missing", 78),
        ({"DATABASE_URL": "sqlite:////nowhere/at/all.sqlite3"}, "database", "cannot be opened", 78),
        (
            {"DATABASE_URL": "sqlite:////nowhere/at/all.sqlite3", "IMAP_PASSWORD": "wrong"},
            "mailbox",
            "refuses the login",
            1,
        ),
    ],
)
def test_check_fails_with_a_sentence(
    shop: Shop, settings: dict[str, str], what: str, said: str, status: int
) -> None:
    with serving(shop.desk):
        answer = shop.desk.type("check", **settings)
    assert answer.status == status
    assert re.search(rf"^fail  {what}: .*{said}", answer.out, re.MULTILINE)
    assert "secret" not in answer.out + answer.err


def test_check_warns_of_a_settings_file_that_others_can_read(shop: Shop) -> None:
    file = shop.desk.folder / "config.env"
    file.write_text("POLL_INTERVAL=30\n")
    with serving(shop.desk):
        file.chmod(0o644)
        assert "→ chmod 600 config.env" in shop.desk.ok("check")
        file.chmod(0o600)
        assert "chmod" not in shop.desk.ok("check")


@on_sqlite
def test_check_tells_a_damaged_database(shop: Shop) -> None:
    shop.office.store.close()
    path = shop.desk.folder / "crm.sqlite3"
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2 :] = b"\xff" * (len(raw) - len(raw) // 2)
    path.write_bytes(raw)
    answer = shop.desk.type("check", IMAP_PORT="1")
    assert answer.status == 1
    assert re.search("^fail  database: ", answer.out, re.MULTILINE)


# ---------------------------------------------------------------- run and retry


def test_run_once_takes_in_what_lies_there_and_a_dry_run_changes_nothing(shop: Shop) -> None:
    with serving(shop.desk) as mailbox:
        mailbox.append(mail(to_log=shop.office.bcc))
        assert "would be logged" in shop.desk.ok("run", "--dry-run")
        assert shop.desk.json("receipts") == []
        shop.desk.ok("run", "--once")
        assert [each["reason"] for each in shop.desk.json("receipts")] == ["logged"]


@on_sqlite
def test_a_single_look_on_sqlite_loads_neither_the_scheduler_nor_another_databases_driver(shop: Shop) -> None:
    code = (
        "import sys; from crm_logger.admin import main; status = main(['run', '--once'], standalone_mode=False);"
        "print(status, *{'apscheduler', 'psycopg', 'authlib'} & set(sys.modules)); import psycopg"
    )
    with serving(shop.desk) as mailbox:
        mailbox.append(mail(to_log=shop.office.bcc))
        told = {"DATABASE_URL": f"sqlite:///{shop.desk.folder}/crm.sqlite3"} | shop.desk.settings
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=True, text=True, env=os.environ | told
        )
    assert done.stdout.strip() == "0", done.stderr
    assert [each["reason"] for each in shop.desk.json("receipts")] == ["logged"]


def test_retry_takes_in_what_was_refused_once_the_cause_is_mended(shop: Shop) -> None:
    desk = shop.desk
    with serving(desk) as mailbox:
        mailbox.append(mail(to_log=shop.office.bcc, author="ann@home.example"))
        uid = mailbox.append(mail(to_log=shop.office.bcc, author="bob@acme.test"))
        desk.ok("run", "--once")
        desk.ok("alias", "add", "ann@acme.test", "ann@home.example")
        assert "would be logged (was unknown-sender)" in desk.ok(
            "retry", "--reason", "unknown-sender", "--dry-run"
        )
        assert desk.json("contacts") == []
        told = desk.json("retry", "--since", "1h")
        assert told == [
            {"receipt": 1, "result": "logged (was unknown-sender)"},
            {"receipt": 2, "result": "no-sales-access"},
        ]
        assert [each["reason"] for each in desk.json("receipts")] == ["no-sales-access", "logged"]
        assert [each["receipt"] for each in desk.json("retry", "--since", "1h")] == [2]
        assert [each["receipt"] for each in desk.json("retry", "1", "2", "--account", "Acme")] == [2]
        mailbox.remove(uid)
        assert desk.ok("retry", "2").startswith("2: no longer in the mailbox")


def test_retry_of_nothing_and_of_no_choice(shop: Shop) -> None:
    assert shop.desk.ok("retry", "--reason", "bounce") == "0 mails taken in again.\n"
    assert "Say which" in shop.desk.refused("retry", status=2)


@pytest.mark.parametrize(
    ("answers", "status"),
    [
        ({"LOGIN": b"{tag} NO [AUTHENTICATIONFAILED] no\r\n"}, 77),
        ({"LOGIN": b"{tag} NO [UNAVAILABLE] later\r\n"}, 75),
        ({"LOGIN": b"{tag} NO [PRIVACYREQUIRED] tls\r\n"}, 78),
    ],
)
def test_trouble_with_the_mailbox_has_a_status_of_its_own(
    shop: Shop, answers: dict[str, bytes], status: int
) -> None:
    shop.deliver(mail())
    with ScriptedPeer(answers=answers) as peer:
        shop.desk.settings |= peer.mailbox().settings()
        assert shop.desk.refused("retry", "1", status=status)
