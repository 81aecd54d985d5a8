"""Rows 1 to 12: numbers that do not last, mails that are listed and not given, answers that nobody asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_logger import intake
from crm_logger.mailbox import connect
from crm_logger.store import receipts
from tests.faults.duty import REST, offer, on_duty
from tests.servers.scripted import INTERNALDATE, ScriptedPeer

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.faults.duty import Duty
    from tests.office import Office
    from tests.servers.scripted import Conversation


def told(uidvalidity: int, uidnext: int) -> bytes:
    return b"* OK [UIDVALIDITY %d] ok\r\n* OK [UIDNEXT %d] ok\r\n" % (uidvalidity, uidnext)


def filled(peer: ScriptedPeer, office: Office, *uids: int) -> None:
    for uid in uids:
        peer.mails[uid] = offer(office, uid)


def test_row_01_after_a_new_uidvalidity_mails_are_known_by_their_bytes(
    serve: Callable[..., Duty], office: Callable[..., Office]
) -> None:
    with ScriptedPeer() as peer:
        acme = office(peer)
        filled(peer, acme, 1, 2)
        with on_duty(acme) as duty:
            duty.until_logged(1, 2)
        peer.mails.clear()
        peer.select_codes = told(8, 100)
        for uid, number in ((5, 2), (6, 1), (7, 3)):
            peer.mails[uid] = offer(acme, number)
        duty = serve(peer, acme)
        duty.until_logged(5, 6, 7, resting=REST)
        assert duty.engagements() == duty.receipts() == 3
        assert duty.events().count("uidvalidity-changed") == 1


def test_row_02_the_last_mail_named_for_a_range_above_it_is_not_taken_again(
    serve: Callable[..., Duty], caplog: pytest.LogCaptureFixture
) -> None:
    with ScriptedPeer() as peer:
        duty = serve(peer)
        peer.deliver(duty.offer())
        duty.until_logged(1)
        before = peer.count("UID SEARCH")
        duty.until(lambda: peer.count("UID SEARCH") >= before + 2)
        assert "UID SEARCH UID 2:*" in peer.commands
        assert duty.receipts() == duty.engagements() == 1
        assert sum("BODY.PEEK[]" in command for command in peer.commands) == 1
        with connect(peer.mailbox().config()) as mailbox:
            assert mailbox.uids(above=1) == []
    assert "found again" not in caplog.text


def test_row_03_uids_that_are_given_again_are_no_receipts(
    serve: Callable[..., Duty], office: Callable[..., Office], caplog: pytest.LogCaptureFixture
) -> None:
    with ScriptedPeer(select_codes=told(7, 4)) as peer:
        acme = office(peer)
        filled(peer, acme, 1, 2, 3)
        with on_duty(acme) as duty:
            duty.until_logged(1, 2, 3)
        peer.select_codes = told(7, 3)  # restored from before mail 2: another one has its number now
        del peer.mails[3]
        peer.mails[2] = offer(acme, 22)
        duty = serve(peer, acme)
        duty.until(lambda: duty.engagements() == 4, resting=REST)
        assert duty.receipts() == 4
        assert duty.events().count("uids-went-back") == 1
    assert "was the mailbox restored?" in caplog.text


@pytest.mark.parametrize("row", [4, 5])
def test_row_04_05_without_lasting_uids_the_bytes_alone_count(
    row: int, serve: Callable[..., Duty], caplog: pytest.LogCaptureFixture
) -> None:
    codes = b"* OK [UIDNEXT 9] ok\r\n" if row == 4 else told(7, 9) + b"* NO [UIDNOTSTICKY] no\r\n"
    with ScriptedPeer(select_codes=codes) as peer:
        duty = serve(peer)
        peer.deliver(duty.offer(1))
        peer.deliver(duty.offer(2))
        duty.until_logged(1, 2)
        peer.mails.clear()
        peer.mails.update({1: duty.offer(2), 2: duty.offer(3), 3: duty.offer(1)})
        peer.hang_up()
        duty.until_logged(1, 2, 3)
        assert duty.receipts() == duty.engagements() == 3
    assert caplog.text.count("told apart by their bytes alone") == 1


def test_row_06_a_modseq_that_lies_is_not_asked_for(serve: Callable[..., Duty]) -> None:
    peer = ScriptedPeer(
        capabilities="IMAP4rev1 IDLE CONDSTORE QRESYNC",
        select_codes=told(7, 9) + b"* OK [HIGHESTMODSEQ 1] never changes\r\n",
    )
    with peer:
        duty = serve(peer)
        peer.deliver(duty.offer())
        duty.until_logged(1, resting=REST)
        assert not any("MODSEQ" in command or "CHANGEDSINCE" in command for command in peer.commands)


@pytest.mark.parametrize(
    "answer",
    [
        b"{tag} OK done\r\n",
        b"{tag} NO no such message\r\n",
        b"* 1 FETCH (FLAGS (\\Deleted) UID 1)\r\n{tag} OK done\r\n",
    ],
    ids=["ok", "no", "flags alone"],
)
def test_row_07_a_mail_expunged_between_search_and_fetch_is_no_error(
    answer: bytes, serve: Callable[..., Duty]
) -> None:
    def fetch(talk: Conversation, tag: bytes, arguments: bytes) -> None:
        if talk.mails.pop(1, None) is None:
            talk.default("UID FETCH", tag, arguments)
        else:
            talk.send(answer.replace(b"{tag}", tag))

    with ScriptedPeer() as peer:
        duty = serve(peer)
        peer.answers["UID FETCH"] = fetch
        peer.mails.update({1: duty.offer(1), 2: duty.offer(2)})
        duty.until_logged(2, resting=REST)
        assert duty.waiting() == []


def test_row_08_a_mail_that_is_never_given_waits_an_hour_and_is_then_set_aside(
    serve: Callable[..., Duty], caplog: pytest.LogCaptureFixture
) -> None:
    def fetch(talk: Conversation, tag: bytes, arguments: bytes) -> None:
        if b"ENVELOPE" in arguments:
            talk.send(
                b'* 1 FETCH (UID 1 ENVELOPE (NIL "Hidden" ((NIL NIL "carl" "client.example"))'
                b" NIL NIL NIL NIL NIL NIL NIL))\r\n"
            )
            talk.ok(tag)
        elif b"BODY" in arguments and arguments.startswith(b"1 "):
            talk.ok(tag)
        elif b"BODY" in arguments:
            talk.default("UID FETCH", tag, arguments.replace(b"1,", b""))
        else:
            talk.default("UID FETCH", tag, arguments)

    with ScriptedPeer(answers={"UID FETCH": fetch}) as peer:
        duty = serve(peer)
        peer.deliver(duty.offer(1))
        peer.deliver(duty.offer(2))
        duty.until(lambda: duty.reasons().get(2) == "logged")
        duty.until(lambda: duty.reasons().get(1) == "unfetchable", resting=REST)
        with duty.office.store.reading():
            (decision,) = [each for each in receipts.decisions(receipts.Asked()) if each.uid == 1]
        assert (decision.subject, decision.sender) == ("Hidden", "carl@client.example")
        duty.until(lambda: "set-aside" in duty.alarms())
    assert caplog.text.count("a mail waits") == intake.LAST_ATTEMPT - 1
    assert "a mail was set aside" in caplog.text


def test_row_08_the_tries_take_an_hour(request: pytest.FixtureRequest) -> None:
    request.getfixturevalue("monkeypatch").undo()
    assert intake.LAST_ATTEMPT == 5
    assert (intake.LAST_ATTEMPT - 1) * intake.DEFERRAL.total_seconds() >= 3600


def test_row_09_the_placeholder_of_exchange_is_never_logged(serve: Callable[..., Duty]) -> None:
    text = b"Subject: Retrieval using the IMAP4 protocol failed for the following message: 10\r\n"
    with ScriptedPeer() as peer:
        duty = serve(peer)
        peer.deliver(duty.offer().replace(b"Subject: Offer 1\r\n", text))
        duty.until(lambda: duty.reasons() == {1: "unfetchable"})
        assert duty.engagements() == 0


@pytest.mark.parametrize("body", [b"NIL", b'""', b"{0}\r\n"])
def test_row_10_an_empty_body_of_a_mail_with_a_size_waits(body: bytes, serve: Callable[..., Duty]) -> None:
    def fetch(talk: Conversation, tag: bytes, arguments: bytes) -> None:
        if b"BODY" in arguments and talk.peer.count("CAPABILITY") < 99 and not given:
            talk.send(b"* 1 FETCH (UID 1 BODY[] " + body + b")\r\n")
            talk.ok(tag)
        else:
            talk.default("UID FETCH", tag, arguments)

    given: list[bool] = []
    with ScriptedPeer(answers={"UID FETCH": fetch}) as peer:
        duty = serve(peer)
        peer.deliver(duty.offer())
        duty.until(lambda: len(duty.waiting()) == 1)
        given.append(True)
        duty.until_logged(1, resting=REST)
        assert duty.waiting() == []


@pytest.mark.parametrize("asked", [b"1,2 ", b"1 "], ids=["with others", "alone too"])
def test_row_10_a_mail_with_two_bodies_is_asked_for_alone(asked: bytes, serve: Callable[..., Duty]) -> None:
    def fetch(talk: Conversation, tag: bytes, arguments: bytes) -> None:
        if b"BODY" in arguments and arguments.startswith(asked):
            other = mails[1]
            talk.send(b"* 1 FETCH (UID 1 BODY[] {%d}\r\n%s)\r\n" % (len(mails[2]), mails[2]))
            talk.send(b"* 1 FETCH (UID 1 BODY[] {%d}\r\n%s)\r\n" % (len(other), other))
            talk.ok(tag)
        else:
            talk.default("UID FETCH", tag, arguments)

    mails: dict[int, bytes] = {}
    with ScriptedPeer(answers={"UID FETCH": fetch}) as peer:
        duty = serve(peer)
        mails |= {1: duty.offer(1), 2: duty.offer(2)}
        peer.mails.update(mails)
        if asked == b"1 ":
            del peer.mails[2]
            duty.until(lambda: duty.reasons() == {1: "unfetchable"}, resting=REST)
        else:
            duty.until_logged(1, 2, resting=REST)


def test_row_11_a_size_that_is_wrong_does_not_matter(serve: Callable[..., Duty]) -> None:
    def fetch(talk: Conversation, tag: bytes, arguments: bytes) -> None:
        if b"BODY" in arguments:
            talk.default("UID FETCH", tag, arguments)
        else:
            talk.send(b"* 1 FETCH (UID 1 RFC822.SIZE 99999 INTERNALDATE %s)\r\n" % INTERNALDATE)
            talk.ok(tag)

    with ScriptedPeer(answers={"UID FETCH": fetch}) as peer:
        duty = serve(peer)
        peer.deliver(duty.offer())
        duty.until_logged(1, resting=REST)


def test_row_12_what_comes_in_between_confuses_nothing(serve: Callable[..., Duty]) -> None:
    def fetch(talk: Conversation, tag: bytes, arguments: bytes) -> None:
        noise = (
            b"* 1 FETCH (FLAGS (\\Seen))\r\n* 2 FETCH (FLAGS (\\Seen) UID 2)\r\n* 9 EXPUNGE\r\n* OK hello\r\n"
        )
        noise += b"* 4 FETCH (FLAGS (\\Seen) UID 4)\r\n"  # of a mail that was not asked for
        talk.send(noise)
        talk.default("UID FETCH", noise + tag, arguments)

    with ScriptedPeer(answers={"UID FETCH": fetch}) as peer:
        duty = serve(peer)
        peer.mails.update({1: duty.offer(1), 2: duty.offer(2), 3: duty.offer(3)})
        duty.until_logged(1, 2, 3, resting=REST)
        assert {command.split()[0] for command in peer.commands} <= {
            "UID",
            "NOOP",
            "IDLE",
            "EXAMINE",
            "LIST",
            "LOGIN",
            "CAPABILITY",
        }
