"""Rows 37 to 46: filing without loss, folders, long lines, long work, and mailboxes that do not wait for one another."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from crm_logger import loop, patience
from crm_logger.config import ConfigProblems
from crm_logger.isolation import Reader
from crm_logger.mailbox import connect, memory
from crm_logger.mailbox.folders import KEYWORD
from crm_logger.mailbox.memory import FILINGS
from crm_logger.store import Place
from crm_logger.store.tables import Receipt
from tests.faults.duty import REST, HereReader, offer
from tests.office import NOW
from tests.servers.scripted import HangUp, ScriptedPeer

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from typing import Any

    from tests.faults.duty import Duty
    from tests.office import Office
    from tests.servers.scripted import Conversation

MOVING = {"FILING": "move"}
UIDPLUS = "IMAP4rev1 IDLE UIDPLUS"
DELETED = rb"\Deleted"


def filed(peer: ScriptedPeer) -> list[bytes]:
    return list(peer.folders.get("Logged", {}).values())


def test_row_37_without_move_a_mail_is_copied_confirmed_marked_and_expunged(
    serve: Callable[..., Duty],
) -> None:
    with ScriptedPeer(capabilities=UIDPLUS) as peer:
        duty = serve(peer, **MOVING)
        peer.deliver(duty.offer())
        raw = peer.mails[1]
        duty.until(lambda: peer.mails == {} and filed(peer) == [raw])
        steps = [c for c in peer.commands if re.match(r"UID (COPY|STORE 1 \+FLAGS.*Deleted|EXPUNGE)", c)]
        assert [step.split()[1] for step in steps] == ["COPY", "STORE", "EXPUNGE"]
        assert duty.reasons() == {1: "logged"}


def test_row_37_without_uidplus_nothing_is_ever_expunged(serve: Callable[..., Duty]) -> None:
    with ScriptedPeer(capabilities="IMAP4rev1 IDLE") as peer:
        duty = serve(peer, **MOVING)
        peer.deliver(duty.offer())
        duty.until(lambda: KEYWORD in peer.flags.get(1, ()))
        duty.until_logged(1)
        assert not any("EXPUNGE" in command or "Deleted" in command for command in peer.commands)
        assert list(peer.mails) == [1]


@pytest.mark.parametrize("answer", [b"{tag} NO [OVERQUOTA] full\r\n", b"{tag} OK without a COPYUID\r\n"])
def test_row_38_a_mail_that_was_not_copied_is_not_deleted_and_the_next_one_is_logged(
    answer: bytes, serve: Callable[..., Duty], caplog: pytest.LogCaptureFixture
) -> None:
    with ScriptedPeer(capabilities=UIDPLUS, answers={"UID COPY": answer}) as peer:
        duty = serve(peer, **MOVING)
        peer.deliver(duty.offer(1))
        duty.until_logged(1)
        peer.deliver(duty.offer(2))
        duty.until_logged(1, 2, resting=REST)
        assert list(peer.mails) == [1, 2]
        assert not any("Deleted" in command for command in peer.commands)
        del peer.answers["UID COPY"]
        duty.until(lambda: peer.mails == {} and len(filed(peer)) == 2)
    assert "a mail was not filed" in caplog.text


def test_row_38_filing_has_a_limit_of_attempts_of_its_own_and_is_tried_again_an_hour_later(
    serve: Callable[..., Duty], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert memory.AGAIN == 3600
    with ScriptedPeer(answers={"UID MOVE": b"{tag} NO never\r\n"}) as peer:
        duty = serve(peer, POLL_INTERVAL="0.1", **MOVING)
        peer.deliver(duty.offer(1))
        duty.until(lambda: peer.count("UID MOVE") == FILINGS)
        before = peer.count("NOOP")
        duty.until(lambda: peer.count("NOOP") >= before + 3)
        assert peer.count("UID MOVE") == FILINGS
        peer.deliver(duty.offer(2))
        duty.until_logged(1, 2, resting=REST)
        monkeypatch.setattr(memory, "AGAIN", 0.1)
        del peer.answers["UID MOVE"]
        duty.until(lambda: peer.mails == {} and len(filed(peer)) == 2, resting=REST)


@pytest.mark.parametrize("keywords", [True, False], ids=["keywords", "no keywords"])
def test_row_39_a_death_between_copy_and_delete_leaves_one_copy(
    *, keywords: bool, serve: Callable[..., Duty]
) -> None:
    def die(_talk: Conversation, _tag: bytes, arguments: bytes) -> None:
        if DELETED in arguments and peer.count("UID STORE") < 8:
            raise HangUp
        _talk.default("UID STORE", _tag, arguments)

    flags = rb"\Deleted \*" if keywords else rb"\Deleted"
    peer = ScriptedPeer(capabilities=UIDPLUS, answers={"UID STORE": die}, permanent_flags=flags)
    with peer:
        duty = serve(peer, **MOVING)
        peer.mails[1] = duty.offer()
        duty.until(lambda: peer.mails == {})
        assert len(filed(peer)) == 1
        assert duty.reasons() == {1: "logged"}


def test_row_40_a_folder_that_is_read_only_is_a_matter_for_a_human(
    serve: Callable[..., Duty], caplog: pytest.LogCaptureFixture
) -> None:
    def select(talk: Conversation, tag: bytes, arguments: bytes) -> None:
        talk._select(tag, arguments)
        talk.ok(tag, b"[READ-ONLY] done")

    with ScriptedPeer(answers={"SELECT": select}) as peer:
        duty = serve(peer, **MOVING)
        duty.until(lambda: duty.alarms() == ["misconfigured"])
        assert set(duty.bell.pauses) == {300}
    assert "set FILING=leave" in caplog.text


@pytest.mark.parametrize(
    ("permanent", "answer"),
    [
        (rb"\Deleted $MDNSent", b"{tag} BAD Command Argument Error. 11\r\n"),
        (rb"\Deleted \*", b"{tag} OK ignored\r\n"),
    ],
    ids=["exchange", "ignored"],
)
def test_row_41_filing_does_not_depend_on_keywords(
    permanent: bytes, answer: bytes, serve: Callable[..., Duty]
) -> None:
    def store(talk: Conversation, tag: bytes, arguments: bytes) -> None:
        if KEYWORD in arguments:
            talk.send(answer.replace(b"{tag}", tag))
        elif DELETED in arguments and talk.peer.count("UID EXPUNGE") == 0 and not died:
            died.append(True)
            raise HangUp
        else:
            talk.default("UID STORE", tag, arguments)

    died: list[bool] = []
    peer = ScriptedPeer(capabilities=UIDPLUS, answers={"UID STORE": store}, permanent_flags=permanent)
    with peer:
        duty = serve(peer, **MOVING)
        peer.mails[1] = duty.offer()
        duty.until(lambda: peer.mails == {})
        assert len(filed(peer)) == 1, "the copy of before the hang-up was found by its bytes"
        assert duty.reasons() == {1: "logged"}


def test_row_42_a_target_that_is_missing_is_made(serve: Callable[..., Duty]) -> None:
    with ScriptedPeer() as peer:
        duty = serve(peer, FOLDER_LOGGED="Sales/Café", **MOVING)
        peer.deliver(duty.offer())
        duty.until(lambda: peer.mails == {})
        assert len(peer.folders["Sales/Caf&AOk-"]) == 1


def test_row_42_a_target_that_cannot_be_made_stops_no_mail(
    serve: Callable[..., Duty], caplog: pytest.LogCaptureFixture
) -> None:
    with ScriptedPeer(answers={"CREATE": b"{tag} NO [NOPERM] no\r\n"}) as peer:
        duty = serve(peer, **MOVING)
        peer.deliver(duty.offer(1))
        duty.until_logged(1)
        peer.deliver(duty.offer(2))
        duty.until_logged(1, 2, resting=REST)
        assert list(peer.mails) == [1, 2]
    assert "cannot be made" in str([getattr(record, "why", "") for record in caplog.records])


def test_row_42_a_target_that_cannot_be_looked_into_is_an_alarm_of_the_audit_and_stops_no_mail(
    serve: Callable[..., Duty],
) -> None:
    def examine(talk: Conversation, tag: bytes, arguments: bytes) -> None:
        if b"Logged" in arguments:
            raise HangUp
        talk.default("EXAMINE", tag, arguments)

    with ScriptedPeer(answers={"EXAMINE": examine}) as peer:
        peer.folders["Logged"] = {}
        duty = serve(peer, POLL_INTERVAL="3600", **MOVING)
        duty.until(lambda: duty.alarms() == ["audit"])
        duty.until(lambda: peer.count("IDLE") == 1)
        peer.deliver(duty.offer())
        duty.until_logged(1, resting=0)
        assert duty.alarms() == ["audit"]
        del peer.answers["EXAMINE"]
        duty.worker._want_audit()
        duty.until(lambda: duty.alarms() == [])


def test_row_43_a_name_with_a_line_end_injects_no_command(
    office: Callable[..., Office], serve: Callable[..., Duty]
) -> None:
    name = 'Log\r\nA1 DELETE "INBOX"'
    with ScriptedPeer() as peer:
        with pytest.raises(ConfigProblems, match="line break"):
            office(peer, FOLDER_LOGGED=name)
        acme = office(peer, **MOVING)
        acme.config = replace(acme.config, folder_logged=name)
        duty = serve(peer, acme)
        peer.deliver(duty.offer())
        duty.until_logged(1)
        assert peer.count("DELETE") == 0
        assert not any("\n" in command for command in peer.commands)


def test_row_43_names_are_taken_from_the_server(serve: Callable[..., Duty]) -> None:
    def listed(talk: Conversation, tag: bytes, _arguments: bytes) -> None:
        for name in (b"INBOX", b"INBOX.Logged"):
            talk.send(b'* LIST () "." "%s"\r\n' % name)
        talk.ok(tag)

    with ScriptedPeer(answers={"LIST": listed}) as peer:
        peer.folders["INBOX.Logged"] = {}
        duty = serve(peer, **MOVING)
        peer.deliver(duty.offer())
        duty.until(lambda: len(peer.folders["INBOX.Logged"]) == 1)


def test_row_44_a_folder_of_150000_mails_is_read_in_ranges_and_chunks(
    serve: Callable[..., Duty], office: Callable[..., Office]
) -> None:
    longest = [0]

    def search(talk: Conversation, tag: bytes, arguments: bytes) -> None:
        low, _, high = arguments.partition(b"UID ")[2].partition(b":")
        end = last + 1 if high == b"*" else min(int(high), last) + 1
        uids = range(max(int(low), first), end) or range(last, last + 1)
        line = b"* SEARCH " + b" ".join(b"%d" % uid for uid in uids) + b"\r\n"
        longest[0] = max(longest[0], len(line))
        talk.send(line)
        talk.ok(tag)

    count, new, first = 150_000, 150, 1_000_001
    last = first + count - 1
    codes = b"* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT %d] ok\r\n" % (last + 1)
    with ScriptedPeer(answers={"UID SEARCH": search}, select_codes=codes) as peer:
        acme = office(peer, POLL_INTERVAL="30")
        peer.mails.update({uid: offer(acme, uid) for uid in range(last - new + 1, last + 1)})
        with_receipts(acme, peer, first, last - new)
        duty = serve(peer, acme)
        duty.until(lambda: duty.receipts() == count)
        assert duty.engagements() == new
        assert longest[0] < 1_000_000, "more than that imaplib refuses to read"
        asked = [command.split()[2].count(",") + 1 for command in peer.commands if "BODY.PEEK" in command]
        assert max(asked) <= 100


def with_receipts(acme: Office, peer: ScriptedPeer, first: int, last: int) -> None:
    """Give mails `first` to `last` a receipt, as if they had been taken in long ago."""
    place = Place(acme.store.mailbox_id(f"crm@{peer.mailbox().host}"), "INBOX", 7)
    with acme.store.writing():
        known = {"mailbox": place.mailbox, "folder": place.folder, "uidvalidity": 7, "attempts": 1, "size": 1}
        known |= {"received_at": NOW, "taken_at": NOW, "sha256": "0" * 64, "error": ""}
        for low in range(first, last + 1, 1000):
            rows = [known | {"uid": uid} for uid in range(low, min(low + 1000, last + 1))]
            Receipt.insert_many(rows).execute()


def test_row_45_a_server_that_hangs_up_on_long_work_costs_nothing(
    serve: Callable[..., Duty], monkeypatch: pytest.MonkeyPatch
) -> None:
    class SlowReader(HereReader):
        def read(self, items: Any, directory: Any) -> Generator[Any, None, None]:
            for each in super().read(items, directory):
                time.sleep(0.01)
                yield each

    def impatient(talk: Conversation, tag: bytes, arguments: bytes) -> None:
        talk.connection.settimeout(0.5)
        talk.default("UID FETCH", tag, arguments)

    monkeypatch.setattr(loop, "Reader", SlowReader)
    with ScriptedPeer(answers={"UID FETCH": impatient}) as peer:
        duty = serve(peer, IMAP_TIMEOUT="5")
        # Two chunks of a hundred are asked for at once, the third when the first was read: a second later.
        peer.mails.update({uid: duty.offer(uid) for uid in range(1, 301)})
        duty.until_logged(*range(1, 301), resting=patience.LONGEST_PAUSE)
        assert duty.engagements() == 300
        assert peer.count("LOGIN") > 1, "it did hang up"


def test_row_45_the_real_reader_reads_while_the_next_mails_are_fetched(
    serve: Callable[..., Duty], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "Reader", Reader)
    with ScriptedPeer() as peer:
        duty = serve(peer)
        peer.mails.update({uid: duty.offer(uid) for uid in range(1, 41)})
        duty.until_logged(*range(1, 41))


def test_row_46_a_mailbox_that_is_away_does_not_keep_another_one_waiting(serve: Callable[..., Duty]) -> None:
    def stall(talk: Conversation, _tag: bytes, _arguments: bytes) -> None:
        talk.line()

    with ScriptedPeer(answers={"LOGIN": stall}) as away, ScriptedPeer() as peer:
        waiting, duty = serve(away), serve(peer)
        peer.deliver(duty.offer())
        duty.until_logged(1, resting=REST)
        assert waiting.reasons() == {}


def test_row_43_a_folder_of_the_settings_is_found_by_its_name_in_unicode() -> None:
    with ScriptedPeer() as peer:
        peer.folders["Caf&AOk-"] = {4: b"From: ann@acme.test\r\n\r\n"}
        with connect(peer.mailbox().config(IMAP_FOLDER="Café")) as mailbox:
            assert mailbox.uids() == [4]
