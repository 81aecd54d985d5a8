"""`import`: from files of every kind, by the same rules, with the mails' own dates."""

from __future__ import annotations

import mailbox
from typing import TYPE_CHECKING

import pytest

from tests.cast import DATE, forward, mail
from tests.servers.embedded import embedded_mailbox

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Shop

UNSTAMPED = b"From: ann@acme.test\nTo: carl@client.example\nSubject: Bare\n\nNo date, no server.\n"


def eml(folder: Path, raws: list[bytes]) -> Path:
    (folder / "old" / "deeper").mkdir(parents=True)
    for number, raw in enumerate(raws):
        (folder / "old" / ("deeper" if number % 2 else ".") / f"{number}.EML").write_bytes(raw)
    (folder / "old" / "readme.txt").write_text("no mail")
    return folder / "old"


def mbox(folder: Path, raws: list[bytes]) -> Path:
    box = mailbox.mbox(folder / "old.mbox")
    for raw in raws:
        box.add(raw)
    box.close()
    return folder / "old.mbox"


def maildir(folder: Path, raws: list[bytes]) -> Path:
    box = mailbox.Maildir(folder / "Maildir")
    sub = box.add_folder("Sent")
    for number, raw in enumerate(raws):
        (sub if number % 2 else box).add(raw)
    return folder / "Maildir"


@pytest.mark.parametrize("make", [eml, mbox, maildir])
def test_mail_is_imported_by_the_same_rules_and_only_once(
    shop: Shop, make: Callable[[Path, list[bytes]], Path]
) -> None:
    raws = [
        mail(to_log=shop.office.bcc, subject="Sent"),
        forward(to_log=shop.office.forwarding, to=shop.office.forwarding, subject="Fwd: Your offer"),
        mail(to_log=shop.office.bcc, author="Eve <eve@nobody.example>", subject="Eve's"),
    ]
    path = str(make(shop.desk.folder, raws))
    would = shop.desk.json("import", path, "--dry-run")
    assert would["reasons"] == {"logged": 2, "unknown-sender": 1}
    assert shop.desk.json("receipts") == []
    assert shop.desk.json("import", path) == would | {"dry_run": False}
    again = shop.desk.json("import", path)
    assert (again["known"], again["reasons"]) == (2, {"unknown-sender": 1})
    timeline = shop.desk.json("timeline", "carl@client.example")["timeline"]
    assert {line["subject"] for line in timeline} == {"Sent", "Your offer"}
    assert len(shop.desk.json("receipts")) == 3


def test_times_are_those_of_the_mail_and_not_of_the_import(shop: Shop) -> None:
    path = eml(shop.desk.folder, [mail(to_log=shop.office.bcc)])
    shop.desk.ok("import", str(path))
    (line,) = shop.desk.json("timeline", "carl@client.example")["timeline"]
    assert (line["sent_at"], line["received_at"]) == ("2026-05-04T09:00:00Z", "2026-05-04T09:00:00Z")
    assert line["date"] == DATE


def test_what_was_not_logged_is_decided_again_after_the_cause_was_mended(shop: Shop) -> None:
    path = str(eml(shop.desk.folder, [mail(to_log=shop.office.bcc, author="Ann <ann@home.example>")]))
    assert shop.desk.json("import", path)["reasons"] == {"unknown-sender": 1}
    shop.desk.ok("alias", "add", "ann@acme.test", "ann@home.example")
    assert shop.desk.json("import", path)["reasons"] == {"logged": 1}
    assert len(shop.desk.json("receipts")) == 1


def test_retry_says_that_imported_mail_is_to_be_imported_again(shop: Shop) -> None:
    path = str(eml(shop.desk.folder, [mail(to_log=shop.office.bcc, author="Eve <eve@nobody.example>")]))
    shop.desk.ok("import", path)
    assert "import it again" in shop.desk.ok("retry", "--reason", "unknown-sender")


def test_mail_without_a_log_address_is_taken_as_if_it_had_been_sent_to_one(shop: Shop) -> None:
    path = str(eml(shop.desk.folder, [UNSTAMPED]))
    assert shop.desk.json("import", path)["reasons"] == {"no-log-address": 1}
    assert shop.desk.json("import", path, "--to", shop.office.bcc)["reasons"] == {"logged": 1}
    assert shop.desk.json("import", path, "--to", shop.office.bcc)["known"] == 1


@pytest.mark.parametrize("address", ["ann@acme.test", "bcc-aaaaaaaaaaaaaaaaaaaaaaaaaa@log.example"])
def test_only_a_log_address_can_be_assumed(shop: Shop, address: str) -> None:
    path = str(eml(shop.desk.folder, [UNSTAMPED]))
    assert "no log address" in shop.desk.refused("import", path, "--to", address)


def test_proof_of_the_senders_is_asked_for_unless_they_are_trusted(shop: Shop) -> None:
    path = str(eml(shop.desk.folder, [mail(to_log=shop.office.bcc)]))
    settings = {"AUTHSERV_ID": "mx.log.example", "SENDER_AUTH": "require"}
    told = shop.desk.json("import", path, **settings)
    assert told["reasons"] == {"sender-not-authenticated": 1}
    told = shop.desk.json("import", path, "--trust-senders", **settings)
    assert told["reasons"] == {"logged": 1}


def test_limits_do_not_count_imported_mail(shop: Shop) -> None:
    raws = [mail(to_log=shop.office.bcc, subject=f"Mail {number}") for number in range(6)]
    limits = {"LIMIT_MAILS_PER_MINUTE": "2", "LIMIT_ACTION": "defer"}
    told = shop.desk.json("import", str(mbox(shop.desk.folder, raws)), **limits)
    assert (told["reasons"], told["held"]) == ({"logged": 6}, 0)


@pytest.mark.parametrize("words", [(), ("x", "--imap-folder", "Old")])
def test_one_source_is_named(shop: Shop, words: tuple[str, ...]) -> None:
    shop.desk.folder.joinpath("x").touch()
    assert "PATH" in shop.desk.refused("import", *words, status=2)


def test_a_folder_without_mail_is_said_so(shop: Shop) -> None:
    shop.desk.folder.joinpath("empty").mkdir()
    assert "There is no mail" in shop.desk.refused("import", "empty")


@pytest.mark.embedded
def test_another_folder_of_the_mailbox_is_imported_and_left_as_it_was(shop: Shop) -> None:
    with embedded_mailbox() as (_, box):
        shop.desk.settings |= box.settings()
        with box.client() as client:
            client.create_folder("Archive")
        box.append(mail(to_log=shop.office.bcc), "Archive")
        box.append(mail(to_log=shop.office.bcc, author="Eve <eve@nobody.example>"), "Archive")
        before = box.mails("Archive")
        told = shop.desk.json("import", "--imap-folder", "Archive", FILING="move")
        assert told["reasons"] == {"logged": 1, "unknown-sender": 1}
        assert shop.desk.json("import", "--imap-folder", "Archive")["known"] == 1
        assert box.mails("Archive") == before
        assert shop.desk.refused("import", "--imap-folder", "Nowhere", status=78)
