"""What the commands tell of the mail that came: timeline, receipts, explain, status, retry."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from crm_logger.admin.explaining import _FATES, _FLAGS
from crm_logger.admin.ledger import SCREENFUL
from crm_logger.core.model import Candidate, Fate, Flag, RawMail, Reason, Refuse
from crm_logger.reasons import ADVICE
from crm_logger.store import Place
from tests.cast import EVE, forward, gmail_forward, mail
from tests.office import NOW

if TYPE_CHECKING:
    from .conftest import Shop

CARL = "carl@client.example"


def sent(shop: Shop, subject: str, hour: int) -> bytes:
    return mail(to_log=shop.office.bcc, subject=subject, date=f"Mon, 4 May 2026 0{hour}:00:00 +0000")


def forwarded(shop: Shop, **changes: str) -> bytes:
    return forward(to_log=shop.office.forwarding, to=shop.office.forwarding, **changes)


# ---------------------------------------------------------------- timeline


def test_a_timeline_is_ordered_by_the_originals_time_newest_first_and_paged(shop: Shop) -> None:
    shop.deliver(sent(shop, "Noon", 9), sent(shop, "Dawn", 5), sent(shop, "Day", 7))
    page = shop.desk.json("timeline", CARL, "--limit", "2")["timeline"]
    assert [line["subject"] for line in page] == ["Noon", "Day"]
    rest = shop.desk.json("timeline", CARL, "--before", str(page[-1]["id"]))["timeline"]
    assert [line["subject"] for line in rest] == ["Dawn"]
    assert "--before" not in shop.desk.ok("timeline", CARL, "--limit", "3")
    assert f"--before {page[-1]['id']}" in shop.desk.ok("timeline", CARL, "--limit", "2")
    assert shop.desk.refused("timeline", CARL, "--before", "99")


def test_a_forward_shows_who_forwarded_it_and_the_note(shop: Shop) -> None:
    shop.deliver(forwarded(shop, body=gmail_forward(note="For our files\n")))
    (line,) = shop.desk.json("timeline", CARL)["timeline"]
    assert (line["direction"], line["sent_at"]) == ("incoming", "2026-05-04T07:12:00Z")
    assert line["from"] == {"name": "Carl Client", "address": CARL}
    (capture,) = line["captured"]
    assert (capture["user"], capture["note"].strip()) == ("Ann Archer", "For our files")
    shown = shop.desk.ok("timeline", CARL)
    assert "forwarded by Ann Archer on 4 May 2026" in shown
    assert "note: For our files" in shown
    assert "received" in shown


def test_a_sent_mail_shows_recipients_and_its_first_lines_or_all_of_it(shop: Shop) -> None:
    shop.deliver(mail(to_log=shop.office.bcc, cc="Dora <dora@client.example>", body="1\n\n2\n3\n4\n"))
    shown = shop.desk.ok("timeline", CARL)
    assert (
        "from Ann Archer <ann@acme.test> to Carl Client <carl@client.example>, cc Dora <dora@client.example>"
        in shown
    )
    assert "| 3\n    | …\n" in shown
    assert "| 4" in shop.desk.ok("timeline", CARL, "--full")


def test_an_attachment_that_was_left_out_is_told(shop: Shop) -> None:
    raw = mail(to_log=shop.office.bcc).replace(
        b"Content-Type: text/plain", b"Content-Type: application/x-big; name=plan.bin"
    )
    shop.deliver(raw)
    (line,) = shop.desk.json("timeline", CARL)["timeline"]
    assert [each["name"] for each in line["attachments"]] == ["plan.bin"]
    assert "attachment plan.bin" in shop.desk.ok("timeline", CARL)


def test_what_a_mail_says_cannot_play_tricks_on_the_terminal(shop: Shop) -> None:
    evil = "=?utf-8?b?G1szMW1yZWQbWzBtIOKArmxpdmUgB2JlbGwNCkZyb206IHg=?="
    shop.deliver(mail(to_log=shop.office.bcc, subject=evil, body="\x1b]0;title\x07\x1b[2Jtext\u202e\n"))
    for shown in (shop.desk.ok("timeline", CARL), shop.desk.ok("receipts"), shop.desk.ok("explain", "1")):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e]", shown)
        assert "live" in shown


# ---------------------------------------------------------------- receipts


def test_receipts_are_listed_newest_first_and_filtered(shop: Shop) -> None:
    shop.deliver(
        sent(shop, "Offer", 9),
        mail(to_log=shop.office.bcc, author=EVE, subject="Hello"),
        mail(to_log=shop.office.bcc, author="bob@acme.test"),
        mail(),
    )
    desk = shop.desk

    def reasons(*words: str) -> list[str]:
        return [each["reason"] for each in desk.json("receipts", *words)]

    refused = ["no-log-address", "no-sales-access", "unknown-sender"]
    assert reasons() == [*refused, "logged"]
    assert reasons("--not-logged") == refused
    assert reasons("--reason", "unknown-sender") == ["unknown-sender"]
    assert reasons("--user", "bob@acme.test") == ["no-sales-access"]
    assert reasons("--account", "Acme") == [*refused[1:], "logged"]
    assert reasons("--limit", "1") == refused[:1]
    assert "newest 3" in desk.type("receipts", "--limit", "3").err
    assert desk.type("receipts", "--limit", "4").err == ""
    assert reasons("--since", "2026-05-05") == []
    assert reasons("--since", "2026-05-03") == reasons("--since", "5200w") == reasons()
    assert [each["user"] for each in desk.json("receipts")] == ["", "Bob Baker", "", "Ann Archer"]
    table = desk.ok("receipts")
    assert re.search(r"1 +2026-05-04 .* logged +logged +Acme +Ann Archer +Offer", table)


@pytest.mark.parametrize("since", ["yesterday", "7x", "2026-13-01", "999999999w", "-1d"])
def test_a_time_that_is_none_is_refused_in_one_sentence(shop: Shop, since: str) -> None:
    assert "neither a date" in shop.desk.refused("receipts", "--since", since, status=2)


def test_only_a_screen_gets_a_limit_that_nobody_asked_for(shop: Shop) -> None:
    shop.deliver(*[mail()] * (SCREENFUL + 1))
    assert len(shop.desk.json("receipts")) == SCREENFUL + 1
    assert f"newest {SCREENFUL}" in shop.desk.type("receipts").err


# ---------------------------------------------------------------- explain


def test_explain_tells_header_identity_and_everybodys_fate(shop: Shop) -> None:
    shop.desk.ok("never-log", "add", "rival.example")
    cc = "bob@acme.test, Eve <eve@rival.example>"
    shop.deliver(mail(to_log=shop.office.bcc, cc=cc, author="Ann <ann@acme.test>"))
    told = shop.desk.ok("explain", "1")
    assert "For Acme: It was logged (logged)." in told
    assert "as the header Delivered-To says" in told
    assert "The user is Ann Archer, by the address ann@acme.test." in told
    assert "To: Carl Client <carl@client.example> became a contact" in told
    assert "Cc: bob@acme.test is a colleague" in told
    assert "Cc: Somebody is on the never-log list (rival.example)." in told
    assert "eve@" not in told
    assert "On the timeline it is mail 1." in told


def test_explain_says_what_to_do(shop: Shop) -> None:
    shop.deliver(mail(to_log=shop.office.bcc, author=EVE))
    told = shop.desk.ok("explain", "1")
    assert "It was not logged (unknown-sender)." in told
    assert "What to do: If a user wrote it, add the address" in told
    assert "then `crm-logger retry 1` takes the mail in again." in told
    (decided,) = shop.desk.json("explain", "1")["decisions"]
    assert decided["advice"] == ADVICE[Reason.UNKNOWN_SENDER][1]


def test_explain_tells_a_fault_and_that_the_bytes_are_kept(shop: Shop) -> None:
    store = shop.office.store
    place = Place(store.mailbox_id("catchall"), "INBOX", 7)
    failed = Refuse(0, Reason.ERROR, "an error in crm-logger: KeyError")
    mail_in_hand = RawMail(5, b"raw", NOW)
    fault = "KeyError: 7\n  line\n"
    taken = store.record(place, mail_in_hand, (failed,), NOW, error=fault)
    store.record_again(taken.receipt_id, mail_in_hand, (failed,), NOW, error=fault)
    store.mark_filed(taken.receipt_id, "Failed", 8, 1)
    told = shop.desk.ok("explain", str(taken.receipt_id))
    assert "For no account: It could not be taken in (error)." in told
    assert "In detail: an error in crm-logger: KeyError." in told
    assert "in 2 attempts" in told
    assert "moved to folder Failed" in told
    assert "Its bytes are kept" in told
    assert told.endswith("The fault:\n  KeyError: 7\n    line\n")


def test_explain_tells_flags_and_whom_it_considered(shop: Shop) -> None:
    store = shop.office.store
    perhaps = (Candidate("Carl", CARL, "the signature"),)
    unsure = Refuse(
        1, Reason.UNCERTAIN, candidates=perhaps, flags=frozenset({Flag.BELOW_BORDER, Flag.PARTIAL})
    )
    place = Place(store.mailbox_id("catchall"), "INBOX", 7)
    told = shop.desk.ok(
        "explain", str(store.record(place, RawMail(5, b"raw", NOW), (unsure,), NOW).receipt_id)
    )
    assert "Considered: Carl <carl@client.example>: the signature." in told
    assert _FLAGS[Flag.BELOW_BORDER] in told
    assert _FLAGS[Flag.PARTIAL] in told
    assert "No header named a log address." in told
    assert "No user was recognised." in told


def test_explain_has_a_sentence_for_every_reason_flag_and_fate() -> None:
    assert set(ADVICE) == set(Reason)
    assert set(_FLAGS) == set(Flag)
    assert set(_FATES) == set(Fate)


def test_explain_tells_the_fates_of_a_reply_that_was_forwarded(shop: Shop) -> None:
    shop.deliver(forwarded(shop, body=gmail_forward(author="Ann <ann@acme.test>", to=CARL)))
    told = shop.desk.ok("explain", "1")
    assert "It was not logged (reply-then-forward)." in told
    assert f"To: {CARL} stands on no timeline for this mail." in told


@pytest.mark.parametrize("number", ["0", "-1", str(2**63), "9" * 5000])
@pytest.mark.parametrize("words", [("explain",), ("retry",), ("timeline",), ("timeline", CARL, "--before")])
def test_a_number_that_no_row_can_have_is_refused(shop: Shop, words: tuple[str, ...], number: str) -> None:
    shop.deliver(mail(to_log=shop.office.bcc))
    said = shop.desk.type(*words, number)
    assert said.status in {1, 2}
    assert "Error: " in said.err


@pytest.mark.parametrize("words", [("explain", "99"), ("retry", "99")])
def test_a_receipt_that_is_not_there_is_said_so(shop: Shop, words: tuple[str, ...]) -> None:
    assert shop.desk.refused(*words).startswith("There is no receipt 99")


def test_no_command_but_addresses_shows_a_token(shop: Shop) -> None:
    token = shop.office.bcc.partition("@")[0].partition("-")[2]
    shop.deliver(
        mail(
            to_log=shop.office.bcc, cc=f"{shop.office.bcc}, {shop.office.forwarding}", subject=shop.office.bcc
        )
    )
    asked = (
        ("timeline", CARL),
        ("timeline", CARL, "--json"),
        ("receipts",),
        ("receipts", "--json"),
        ("explain", "1"),
    )
    for words in (*asked, ("explain", "1", "--json"), ("contacts",), ("status",)):
        assert token not in shop.desk.ok(*words), words
    assert token in shop.desk.ok("addresses")


# ---------------------------------------------------------------- status


def test_status_counts_by_reason(shop: Shop) -> None:
    shop.deliver(sent(shop, "Offer", 9), sent(shop, "Again", 8), mail())
    told = shop.desk.json("status")
    assert told["total"] == {"logged": 2, "no-log-address": 1}
    assert told["today"] == {}
    assert told["last_taken"] == "2026-05-04T12:00:00Z"
    assert "catchall on 127.0.0.1, folder INBOX" in told["mailbox"]
    assert re.search(r"logged +logged +0 +2\n", shop.desk.ok("status"))
    assert re.search(r"all +0 +3\n", shop.desk.ok("status"))


def test_status_tells_what_waits(shop: Shop) -> None:
    shop.mailbox.folders["INBOX"][1] = None
    shop.deliver()
    assert re.search(r"INBOX, uid 1: the server gives nothing for it \(1 try since ", shop.desk.ok("status"))
    assert shop.desk.json("status")["waiting"][0]["uid"] == 1
