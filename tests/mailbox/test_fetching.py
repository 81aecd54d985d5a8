"""Fetching: what was delivered comes as it was, nothing changes, and what a server withholds is told."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from crm_logger.core.model import RawMail
from crm_logger.mailbox import (
    QUIET_LOOKS,
    MailboxAway,
    Unfetched,
    connect,
)
from crm_logger.mailbox.reading import FEW
from tests.mailbox.builders import mail, raws
from tests.servers.scripted import INTERNALDATE, Conversation, ScriptedPeer
from tests.servers.served import NOON, ServedMailbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm_logger.mailbox import Mailbox


def test_it_fetches_what_was_delivered_with_its_time_of_arrival(imap_server: ServedMailbox) -> None:
    uid = imap_server.append(mail(), received_at=NOON)
    with connect(imap_server.config()) as mailbox:
        assert mailbox.folder == "INBOX"
        assert mailbox.uidvalidity > 0
        assert mailbox.uids() == [uid]
        (found,) = mailbox.fetch([uid])
    assert found == RawMail(uid, mail(), NOON, len(mail()))
    assert isinstance(found, RawMail)
    assert found.received_at.tzinfo is not None


def test_fetching_changes_nothing_in_the_mailbox(imap_server: ServedMailbox) -> None:
    uid = imap_server.append(mail())
    before = imap_server.mails()
    with connect(imap_server.config(FILING="move")) as mailbox:
        list(mailbox.fetch([uid]))
    assert imap_server.mails() == before
    assert before[0].flags == frozenset()


def test_uids_above_the_last_one_are_none_although_the_server_names_the_last_mail(
    imap_server: ServedMailbox,
) -> None:
    first, second = imap_server.append(mail("one")), imap_server.append(mail("two"))
    with connect(imap_server.config()) as mailbox:
        assert mailbox.uids(first) == [second]
        assert mailbox.uids(second) == []
        assert mailbox.uids(second + 5) == []


def test_mail_that_came_after_connecting_is_found(imap_server: ServedMailbox) -> None:
    with connect(imap_server.config()) as mailbox:
        assert mailbox.uids() == []
        uid = imap_server.append(mail())
        assert mailbox.uids() == [uid]


def test_an_idle_look_is_one_command() -> None:
    with ScriptedPeer({1: mail()}) as peer, connect(peer.mailbox().config()) as mailbox:
        assert mailbox.stirred(0)
        assert mailbox.uids() == [1]
        before = len(peer.commands)
        assert not mailbox.stirred(1)
        assert not mailbox.stirred(2)
        assert peer.commands[before:] == ["NOOP", "NOOP"]
        assert mailbox.stirred(0)


@pytest.mark.parametrize("told", [b"* 1 EXISTS", b"* 1 RECENT", b"* 1 EXPUNGE"])
def test_whatever_the_server_tells_of_the_folder_is_a_stir(told: bytes) -> None:
    def answer(talk: Conversation, tag: bytes, _arguments: bytes) -> None:
        if talk.peer.count("NOOP") == 1:
            talk.send(told + b"\r\n")
        talk.ok(tag)

    with (
        ScriptedPeer({1: mail()}, answers={"NOOP": answer}) as peer,
        connect(peer.mailbox().config()) as mailbox,
    ):
        mailbox.uids()
        assert mailbox.stirred(1)
        mailbox.uids(1)
        assert not mailbox.stirred(1)


def test_a_server_that_tells_of_nothing_is_searched_now_and_then() -> None:
    silent = {"NOOP": b"{tag} OK nothing to tell\r\n"}
    with ScriptedPeer({1: mail()}, answers=silent) as peer, connect(peer.mailbox().config()) as mailbox:
        assert mailbox.uids() == [1]
        peer.deliver(mail())
        looks = [mailbox.stirred(1) for _ in range(QUIET_LOOKS)]
        assert looks == [False] * (QUIET_LOOKS - 1) + [True]
        assert mailbox.uids(1) == [2]
        assert not mailbox.stirred(2)


def test_mail_that_came_since_the_last_search_is_a_stir(imap_server: ServedMailbox) -> None:
    with connect(imap_server.config()) as mailbox:
        mailbox.uids()
        assert not mailbox.stirred(0)
        uid = imap_server.append(mail())
        assert mailbox.stirred(0)
        assert mailbox.uids() == [uid]
        assert not mailbox.stirred(uid)


def test_single_uids_below_are_looked_for_in_the_same_command(imap_server: ServedMailbox) -> None:
    first, gone, third, last = (imap_server.append(mail(str(number))) for number in range(4))
    imap_server.remove(gone)
    with connect(imap_server.config()) as mailbox:
        assert mailbox.uids(third, also=[first, gone]) == [first, last]
        assert mailbox.uids(last, also=[third, last]) == [third, last]
        assert mailbox.uids(last + FEW, also=range(gone, last + FEW)) == [third, last]


def _told_gone(peer: ScriptedPeer, mailbox: Mailbox) -> None:
    peer.answers["NOOP"] = b"* 1 EXPUNGE\r\n{tag} OK done\r\n"
    assert mailbox.stirred(3)


def _told_at_once(peer: ScriptedPeer, mailbox: Mailbox) -> None:
    """A server may tell of it with the answer to UID SEARCH (RFC 3501 §7.4.1): the look after that knows."""
    peer.answers["NOOP"] = b"{tag} OK nothing to tell\r\n"
    peer.answers["UID SEARCH"] = b"* SEARCH\r\n* VANISHED 1\r\n{tag} OK done\r\n"
    assert mailbox.uids(3, also=[1]) == [1]
    del peer.answers["UID SEARCH"]


def _told_fewer(_peer: ScriptedPeer, mailbox: Mailbox) -> None:
    assert mailbox.stirred(3)


def _told_nothing(peer: ScriptedPeer, mailbox: Mailbox) -> None:
    peer.answers["NOOP"] = b"{tag} OK nothing to tell\r\n"
    assert [mailbox.stirred(3) for _ in range(QUIET_LOOKS)].index(True) == QUIET_LOOKS - 1


def _told_nothing_while_away(peer: ScriptedPeer, mailbox: Mailbox) -> None:
    """As many mails there, and as many as before at the return: no number tells of it."""
    peer.folders["Refused"] = {1: mail(), 2: mail(), 3: mail()}
    peer.deliver(mail())
    assert mailbox.find("Refused", "no such mail") is None


@pytest.mark.parametrize(
    "learn", [_told_gone, _told_at_once, _told_fewer, _told_nothing, _told_nothing_while_away]
)
def test_a_mail_below_is_looked_for_once_and_again_when_one_may_have_gone(
    learn: Callable[[ScriptedPeer, Mailbox], None],
) -> None:
    with (
        ScriptedPeer({1: mail(), 2: mail()}) as peer,
        connect(peer.mailbox().config()) as mailbox,
    ):
        assert mailbox.uids(1, also=[1]) == [1, 2]
        peer.deliver(mail())
        assert mailbox.uids(2, also=[1]) == [1, 3]
        assert _searches(peer) == ["UID SEARCH UID 1,2:*", "UID SEARCH UID 3:*"]
        del peer.mails[1]
        learn(peer, mailbox)
        assert mailbox.uids(3, also=[1]) == [uid for uid in peer.mails if uid > 3]
        assert _searches(peer)[-1] == "UID SEARCH UID 1,4:*"


def _searches(peer: ScriptedPeer) -> list[str]:
    return [command for command in peer.commands if command.startswith("UID SEARCH UID")]


def test_a_mail_that_vanished_before_it_was_fetched_is_left_out(imap_server: ServedMailbox) -> None:
    first, second = imap_server.append(mail("one")), imap_server.append(mail("two"))
    with connect(imap_server.config()) as mailbox:
        uids = mailbox.uids()
        imap_server.remove(first)
        assert raws(mailbox, uids) == [mail("two")]
        assert mailbox.uids() == [second]


def test_mails_come_in_the_order_they_were_asked_for_over_many_chunks(dovecot_mailbox: ServedMailbox) -> None:
    wanted = [dovecot_mailbox.append(mail(str(number))) for number in range(5)]
    with connect(dovecot_mailbox.config()) as mailbox:
        assert raws(mailbox, wanted[::-1]) == [mail(str(number)) for number in range(4, -1, -1)]


def test_a_folder_with_high_and_sparse_uids_is_searched_in_ranges() -> None:
    with (
        ScriptedPeer(
            {5: mail(), 60_000: mail(), 150_000: mail()},
            select_codes=b"* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 150001] ok\r\n",
        ) as peer,
        connect(peer.mailbox().config()) as mailbox,
    ):
        assert mailbox.uids() == [5, 60_000, 150_000]
        searches = [command for command in peer.commands if command.startswith("UID SEARCH")]
        assert searches[0] == "UID SEARCH UID 1:10000"
        assert searches[-1].endswith(":*")
        assert 3 <= len(searches) <= 6


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b" BODY[] NIL", Unfetched), (b"", Unfetched), (b' BODY[] ""', RawMail)],
    ids=["NIL", "none", "empty"],
)
def test_a_mail_of_which_the_server_tells_no_size_is_empty_only_where_its_body_is(
    body: bytes, kind: type
) -> None:
    def answer(talk: Conversation, tag: bytes, arguments: bytes) -> None:
        told = body if b"BODY" in arguments else b" RFC822.SIZE 0 INTERNALDATE " + INTERNALDATE
        talk.send(b"* 1 FETCH (UID 3" + told + b")\r\n")
        talk.ok(tag)

    with (
        ScriptedPeer({3: mail()}, answers={"UID FETCH": answer}) as peer,
        connect(peer.mailbox().config()) as mailbox,
    ):
        (found,) = mailbox.fetch([3])
        assert type(found) is kind


@pytest.mark.parametrize("body", [b"NIL", b'""', b"{0}\r\n"])
def test_a_mail_without_its_body_is_unfetched(body: bytes) -> None:
    def answer(talk: Conversation, tag: bytes, arguments: bytes) -> None:
        if b"BODY" not in arguments:
            talk.default("UID FETCH", tag, arguments)
        else:
            talk.send(b"* 1 FETCH (UID 3 BODY[] " + body + b")\r\n")
            talk.ok(tag)

    with (
        ScriptedPeer({3: mail()}, answers={"UID FETCH": answer}) as peer,
        connect(peer.mailbox().config()) as mailbox,
    ):
        assert list(mailbox.fetch([3])) == [Unfetched(3, "the server lists the mail and does not give it")]


def test_a_mail_that_is_listed_and_never_given_is_unfetched_and_the_others_come() -> None:
    def answer(talk: Conversation, tag: bytes, arguments: bytes) -> None:
        hidden = talk.peer.mails.pop(2)
        talk.default("UID FETCH", tag, arguments)
        talk.peer.mails[2] = hidden

    with (
        ScriptedPeer({1: mail("1"), 2: mail("2"), 3: mail("3")}, answers={"UID FETCH": answer}) as peer,
        connect(peer.mailbox().config()) as mailbox,
    ):
        found = list(mailbox.fetch([1, 2, 3]))
    assert [each.uid for each in found if isinstance(each, RawMail)] == [1, 3]
    assert [each.uid for each in found if isinstance(each, Unfetched)] == [2]


def test_one_mail_that_the_server_chokes_on_does_not_take_the_chunk_along() -> None:
    def answer(talk: Conversation, tag: bytes, arguments: bytes) -> None:
        uids = arguments.split(b" ")[0].split(b",")
        if b"BODY" in arguments and b"2" in uids:
            talk.send(tag + b" NO cannot read message\r\n")
        else:
            talk.default("UID FETCH", tag, arguments)

    with (
        ScriptedPeer({1: mail("1"), 2: mail("2"), 3: mail("3")}, answers={"UID FETCH": answer}) as peer,
        connect(peer.mailbox().config()) as mailbox,
    ):
        found = list(mailbox.fetch([1, 2, 3]))
    assert [type(each) for each in found] == [RawMail, Unfetched, RawMail]
    assert "cannot read message" in found[1].why  # type: ignore[union-attr]  # the line above says which it is


def test_a_server_that_asks_to_wait_in_the_middle_is_not_asked_on() -> None:
    def answer(talk: Conversation, tag: bytes, arguments: bytes) -> None:
        if b"BODY" in arguments:
            talk.send(tag + b" BAD Request is throttled. Suggested Backoff Time: 5000 milliseconds\r\n")
        else:
            talk.default("UID FETCH", tag, arguments)

    with (
        ScriptedPeer({1: mail("1"), 2: mail("2")}, answers={"UID FETCH": answer}) as peer,
        connect(peer.mailbox().config()) as mailbox,
    ):
        with pytest.raises(MailboxAway) as caught:
            list(mailbox.fetch([1, 2]))
        assert caught.value.retry_after == 5
        assert peer.count("UID FETCH") == 2


def test_the_placeholder_of_exchange_is_no_mail(imap_server: ServedMailbox) -> None:
    text = "Retrieval using the IMAP4 protocol failed for the following message: 10"
    placeholder = imap_server.append(mail(text))
    quoting = imap_server.append(mail("What is this?", f"Subject: {text}\r\n"))
    with connect(imap_server.config()) as mailbox:
        first, second = mailbox.fetch([placeholder, quoting])
    assert isinstance(first, Unfetched)
    assert isinstance(second, RawMail)


def test_a_size_that_is_wrong_does_not_matter() -> None:
    def answer(talk: Conversation, tag: bytes, arguments: bytes) -> None:
        if b"BODY" in arguments:
            talk.default("UID FETCH", tag, arguments)
        else:
            talk.send(b'* 1 FETCH (UID 3 RFC822.SIZE 99999 INTERNALDATE "02-Mar-2026 12:00:00 +0000")\r\n')
            talk.ok(tag)

    with (
        ScriptedPeer({3: mail()}, answers={"UID FETCH": answer}) as peer,
        connect(peer.mailbox().config()) as mailbox,
    ):
        assert raws(mailbox, [3]) == [mail()]


@pytest.mark.parametrize("told", ["02-Mar-2026 12:00:00 +9999", "31-Dec-9999 23:59:59 -1200"])
def test_a_time_of_arrival_that_cannot_be_is_now(told: str) -> None:
    def answer(talk: Conversation, tag: bytes, arguments: bytes) -> None:
        if b"BODY" in arguments or b"ENVELOPE" in arguments:
            talk.default("UID FETCH", tag, arguments)
        else:
            talk.send(f'* 1 FETCH (UID 3 RFC822.SIZE 99 INTERNALDATE "{told}")\r\n'.encode())
            talk.ok(tag)

    before = datetime.now(UTC)
    with (
        ScriptedPeer({3: mail()}, answers={"UID FETCH": answer}) as peer,
        connect(peer.mailbox().config()) as mailbox,
    ):
        (found,) = mailbox.fetch([3])
        assert isinstance(found, RawMail)
        assert before <= found.received_at <= datetime.now(UTC)
        assert mailbox.envelope(3).received_at is None


def test_imapclient_does_not_format_every_literal_for_a_log(
    embedded_imap: ServedMailbox, caplog: pytest.LogCaptureFixture
) -> None:
    uid = embedded_imap.append(mail(body="so many literals"))
    with caplog.at_level(logging.DEBUG), connect(embedded_imap.config()) as mailbox:
        caplog.clear()
        assert mailbox._link.protocol.debug == 0
        assert raws(mailbox, [uid])
        assert "so many literals" not in caplog.text
        assert not [record for record in caplog.records if record.name == "imapclient.imaplib"]
