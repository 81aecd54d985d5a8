"""The rules on the whole path: a mail in the catch-all, the worker as a process, what the commands tell."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from crm_logger.core.model import Reason
from tests.cast import mail
from tests.rules.labels import HOSTED, SETUPS
from tests.rules.season import ROOT

if TYPE_CHECKING:
    from tests.rules import labels
    from tests.rules.season import Season

_told: dict[int, dict[str, list[dict[str, Any]]]] = {}


def decisions(season: Season, name: str, folder: str = "INBOX") -> list[dict[str, Any]]:
    """What was decided about a mail, by account."""
    if id(season) not in _told:
        by_mail: dict[str, list[dict[str, Any]]] = {}
        for each in season.told("receipts", "--limit", "1000"):
            by_mail.setdefault(f"{each['folder']}/{each['uid']}", []).append(each)
        _told[id(season)] = by_mail
    return sorted(
        _told[id(season)][f"{folder}/{season.uids[f'{folder}/{name}']}"],
        key=lambda each: each["account"] or "",
    )


def reason(season: Season, name: str) -> str:
    (decision,) = decisions(season, name)
    return str(decision["reason"])


def lines(season: Season, contact: str) -> Any:
    return season.told("timeline", contact, "--account", "Acme")["timeline"]


def contacts(season: Season) -> set[str]:
    return {address for each in season.told("contacts", "--account", "Acme") for address in each["addresses"]}


def test_r01_the_only_input_is_the_mailbox_and_no_user_has_credentials(season: Season) -> None:
    columns = [name for table in ("user", "user_address") for name in season.database.columns(table)]
    assert "account_id" in columns
    assert not {"password", "secret", "token"} & set(columns)
    assert "PASSWORD" not in season.run("user", "add", "--help").upper()


def test_r02_both_addresses_can_be_looked_up_and_copied(season: Season) -> None:
    shown = season.run("addresses", "--account", "Acme")
    assert season.bcc in shown
    assert season.forwarding in shown


def test_r03_a_phones_short_html_mail_is_logged_with_its_words(season: Season) -> None:
    (line,) = lines(season, "r03@client.example")
    assert "Sent from my iPhone" in line["html"]
    assert "On my way" in season.run("timeline", "r03@client.example", "--account", "Acme")


def test_r04_nothing_remote_is_ever_fetched(season: Season) -> None:
    """The worker and the commands open no connection but the one to the mailbox: others are refused here."""
    (line,) = lines(season, "r04@client.example")
    assert "192.0.2.1" in line["html"]
    guard = (
        "import socket, sys, runpy\n"
        "real = socket.socket.connect\n"
        "def connect(self, address):\n"
        f"    assert address[1] == {season.server.port}, address\n"
        "    return real(self, address)\n"
        "socket.socket.connect = connect\n"
        "sys.argv = ['worker.py', *sys.argv[1:]]\n"
        f"sys.path.insert(0, {str(ROOT)!r})\n"
        f"runpy.run_path({str(ROOT / 'worker.py')!r}, run_name='__main__')\n"
    )
    words = [
        "--config",
        str(season.folder / "config.env"),
        "timeline",
        "r04@client.example",
        "--account",
        "Acme",
    ]
    done = subprocess.run(
        [sys.executable, "-c", guard, *words], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr


def test_r05_attachments_and_body_are_kept_and_what_is_over_the_limit_is_told(season: Season) -> None:
    (line,) = lines(season, "r05@client.example")
    names = {each["name"]: each["size"] for each in line["attachments"]}
    assert names == {"small.txt": 5, "large.bin": 1_200_000}
    assert len(line["text"]) >= 300_000


def test_r05_over_the_limits_of_the_settings(season: Season) -> None:
    """The same mail with small limits: taken in from a folder of its own, for another recipient."""
    from tests.rules.mails import attached  # noqa: PLC0415 -- only here

    raw = attached(
        season.bcc,
        "r05b@client.example",
        {"small.txt": b"small", "large.bin": b"x" * 1_200_000},
        "y" * 300_000,
    )
    season.deliver("limits", raw, "Limits")
    season.look("IMAP_FOLDER=Limits", "MAX_ATTACHMENT_MB=1", "MAX_BODY_MB=0.1")
    (line,) = lines(season, "r05b@client.example")
    assert {"attachment-left-out", "body-cut"} <= set(line["flags"])
    assert len(line["text"]) <= 110_000
    assert "large.bin" in season.run("timeline", "r05b@client.example", "--account", "Acme")


def test_r06_who_may_not_is_told_why(season: Season) -> None:
    assert reason(season, "bob") == "no-sales-access"


def test_r08_never_log_holds_per_person(season: Season) -> None:
    (line,) = lines(season, "r08@client.example")
    assert [each["address"] for each in line["to"]] == ["r08@client.example"]
    assert "x@secret.example" not in contacts(season)
    (decision,) = decisions(season, "never-only")
    assert (decision["reason"], decision["subject"]) == ("never-log", "")
    assert reason(season, "never-author") == "never-log"
    stored = season.database.bytes()
    assert b"r08@client.example" in stored
    assert b"merger of the century" not in stored
    assert b"x@secret.example" not in stored


def test_r11_the_same_mail_is_one_engagement_and_another_with_its_id_is_not(season: Season) -> None:
    assert {reason(season, "twice-1"), reason(season, "twice-2")} == {"logged", "duplicate"}
    assert reason(season, "same-id-other-mail") == "logged"
    assert sorted(len(line["captured"]) for line in lines(season, "r11@client.example")) == [1, 2]


def test_r12_a_sent_mail_stands_on_every_recipients_timeline(season: Season) -> None:
    for contact in ("r12@client.example", "r12cc@client.example"):
        (line,) = lines(season, contact)
        assert (line["direction"], line["subject"], line["sent_at"]) == (
            "outgoing",
            "r12",
            "2026-05-04T09:00:00Z",
        )


def test_r13_and_r14_who_becomes_a_contact(season: Season) -> None:
    known = contacts(season)
    assert {"r12@client.example", "r12cc@client.example", "r14@client.example"} <= known
    assert "no@client.example" not in known
    assert any(
        line["to"][0]["address"] == "r14@client.example" for line in lines(season, "known@client.example")
    )


def test_r15_to_r16_a_forward_at_the_bcc_address_is_a_forward(season: Season) -> None:
    (line,) = lines(season, "r16@client.example")
    assert line["direction"] == "incoming"
    assert "wrong-address" in line["flags"]


def test_r17_to_r19_a_forward_stands_on_its_writers_timeline(season: Season) -> None:
    (line,) = lines(season, "r17@client.example")
    assert (line["direction"], line["subject"], line["sent_at"]) == (
        "incoming",
        "Your offer",
        "2026-05-04T07:12:00Z",
    )
    assert line["captured"][0]["note"] == "FYI"
    assert "other@client.example" not in contacts(season)
    assert "Your offer" in {each["subject"] for each in lines(season, "known@client.example")}
    assert "forwarded by Ann Archer" in season.run("timeline", "r17@client.example", "--account", "Acme")


def test_r21_a_reply_that_was_forwarded_is_refused_unless_it_is_logged(season: Season) -> None:
    assert reason(season, "own-reply") == "reply-then-forward"
    assert reason(season, "captured") == "logged"
    (line,) = lines(season, "r12@client.example")
    assert len(line["captured"]) == 2


def test_r24_nothing_found_and_unsure_have_reasons(season: Season) -> None:
    assert reason(season, "nothing") == "no-forward-found"
    assert reason(season, "unsure") == "uncertain"


@pytest.mark.parametrize("setup", [*SETUPS, *HOSTED], ids=lambda setup: setup.name)
def test_r25_the_servers_labels_name_the_account_and_forged_ones_never_do(
    season: Season, setup: labels.Setup
) -> None:
    folder = setup.name if setup in HOSTED else "INBOX"
    (decision,) = decisions(season, f"{setup.name}/one/0", folder)
    assert (decision["account"], decision["outcome"]) == ("Acme", "logged")


@pytest.mark.parametrize("setup", [*SETUPS, *HOSTED], ids=lambda setup: setup.name)
def test_r26_two_accounts_on_one_mail_decide_each_for_itself(season: Season, setup: labels.Setup) -> None:
    folder = setup.name if setup in HOSTED else "INBOX"
    copies = [name for name in season.uids if name.startswith(f"{folder}/{setup.name}/two/")]
    found = [each for name in copies for each in decisions(season, name.removeprefix(f"{folder}/"), folder)]
    expected = ["Acme", "Globex"] if setup.two_known else [None] * len(copies)
    assert sorted((each["account"] for each in found), key=str) == expected
    if not setup.two_known:
        assert {each["reason"] for each in found} == {"no-log-address"}


def test_r25_what_stands_below_the_border_alone_never_counts(season: Season) -> None:
    assert reason(season, "forged-only") == "no-log-address"
    for setup in HOSTED:
        (decision,) = decisions(season, f"{setup.name}/forged-only", setup.name)
        assert decision["reason"] == "no-log-address"


def test_r27_every_message_has_its_receipt(season: Season) -> None:
    for name in season.uids:
        folder, _, mail_name = name.partition("/")
        if folder in {"INBOX", *(setup.name for setup in HOSTED)}:
            assert {each["reason"] for each in decisions(season, mail_name, folder)} <= set(Reason)
    (decision,) = decisions(season, "sent")
    told = season.run("explain", str(decision["receipt"]))
    for words in ("Delivered-To", "ann@acme.test", "r12@client.example", "contact"):
        assert words in told


def test_r28_a_second_look_changes_nothing(season: Season) -> None:
    before = season.told("receipts", "--limit", "1000")
    season.look()
    assert season.told("receipts", "--limit", "1000") == before


def test_r28_retry_takes_a_mail_in_after_the_cause_was_mended(season: Season) -> None:
    season.deliver(
        "alias-missing", mail(to_log=season.bcc, author="ann@new.test", to="r28@client.example"), "Retry"
    )
    season.look("IMAP_FOLDER=Retry")
    (before,) = [each for each in season.told("receipts") if each["folder"] == "Retry"]
    assert before["reason"] == "unknown-sender"
    season.run("alias", "add", "ann@acme.test", "ann@new.test", "--account", "Acme")
    assert "would be logged" in season.run("retry", str(before["receipt"]), "--dry-run")
    assert "logged" in season.run("retry", str(before["receipt"]))
    season.run("retry", str(before["receipt"]))
    (line,) = lines(season, "r28@client.example")
    assert len(line["captured"]) == 1


def test_r29_raw_bytes_are_not_stored_and_a_mail_that_is_gone_is_told(season: Season) -> None:
    season.deliver(
        "to-go", mail(to_log=season.bcc, author="eve@nobody.example", subject="unique words of r29"), "Gone"
    )
    season.look("IMAP_FOLDER=Gone")
    (receipt,) = [each for each in season.told("receipts") if each["folder"] == "Gone"]
    season.server.remove(season.uids["Gone/to-go"], "Gone")
    assert "no longer in the mailbox" in season.run("retry", str(receipt["receipt"]))
    assert season.database.ask("SELECT count(*) FROM receipt WHERE raw_mail IS NOT NULL") == [(0,)]


def test_r30_a_mail_over_the_limit_is_taken_in_by_parts(season: Season) -> None:
    from tests.rules.mails import attached  # noqa: PLC0415 -- only here

    raw = attached(
        season.bcc, "r30@client.example", {"small.txt": b"small", "large.bin": b"x" * 1_200_000}, "hello"
    )
    season.deliver("partial", raw, "Partial")
    season.look("IMAP_FOLDER=Partial", "MAX_MAIL_MB=1", "MAX_ATTACHMENT_MB=1")
    (line,) = lines(season, "r30@client.example")
    assert "partial" in line["flags"]
    assert line["text"].strip() == "hello"
    assert {each["name"]: each["left_out"] for each in line["attachments"]} == {
        "small.txt": False,
        "large.bin": True,
    }


def test_broken_mails_have_their_receipts_too(season: Season) -> None:
    assert {reason(season, "garbage"), reason(season, "empty")} <= {"no-log-address", "malformed-header"}


def test_the_mailbox_is_left_as_it_was(season: Season) -> None:
    stored = {each.uid: each for each in season.server.mails()}
    assert set(stored) == {uid for name, uid in season.uids.items() if name.startswith("INBOX/")}
    assert not any("\\Seen" in each.flags for each in stored.values())
