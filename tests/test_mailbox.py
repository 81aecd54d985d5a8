"""The shared mailbox on the embedded server and on Dovecot, and against a peer that misbehaves."""

from __future__ import annotations

import hashlib
import logging
import re
import socket
import threading
import time
from typing import TYPE_CHECKING

import pytest

from crm_logger.core.model import RawMail
from crm_logger.mailbox import (
    Filed,
    Mailbox,
    MailboxAway,
    MailboxMisconfigured,
    MailboxRefused,
    Memory,
    NotFiled,
    Unfetched,
    connect,
)
from tests.servers.scripted import CERTIFICATE, Conversation, HangUp, ScriptedPeer, tls_context
from tests.servers.served import NOON, ServedMailbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm_logger.config import Config
    from demo.imap_server import EmbeddedImapServer


def mail(subject: str = "Offer", body: str = "Dear Carl,\r\n") -> bytes:
    """A mail as bytes."""
    head = f"From: ann@acme.test\r\nTo: carl@client.example\r\nSubject: {subject}\r\nMessage-ID: <{subject}@acme.test>\r\n"
    return f"{head}\r\n{body}".encode()


def raws(mailbox: Mailbox, uids: list[int]) -> list[bytes]:
    return [found.raw for found in mailbox.fetch(uids) if isinstance(found, RawMail)]


# ---------------------------------------------------------------- fetching


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


# ---------------------------------------------------------------- large mails


def large_mail() -> bytes:
    """A mail of 300 KB: text, HTML, a small attachment, a large one, and a forwarded mail with a large one."""
    line = b"QUJD" * 19 + b"\r\n"
    large = line * 1500
    inner = (
        b"From: carl@client.example\r\nSubject: The original\r\nContent-Type: multipart/mixed; boundary=in\r\n\r\n"
        b"--in\r\nContent-Type: text/plain\r\n\r\nCarl wrote this.\r\n"
        b"--in\r\nContent-Type: image/png; name=inner.png\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + large
        + b"\r\n--in--\r\n"
    )
    return (
        b'From: ann@acme.test\r\nSubject: Plans\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="out"\r\n\r\n'
        b"--out\r\nContent-Type: multipart/alternative; boundary=alt\r\n\r\n"
        b"--alt\r\nContent-Type: text/plain\r\n\r\nThe plans.\r\n"
        b"--alt\r\nContent-Type: text/html\r\n\r\n<p>The plans.</p>\r\n--alt--\r\n"
        b"--out\r\nContent-Type: application/pdf; name=small.pdf\r\nContent-Disposition: attachment; filename=small.pdf\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\nQUJD\r\n"
        b"--out\r\nContent-Type: video/mp4; name=large.mp4\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + large
        + b"\r\n--out\r\nContent-Type: message/rfc822\r\n\r\n"
        + inner
        + b"\r\n--out--\r\n"
    )


def test_a_mail_over_the_limit_comes_with_its_texts_and_small_attachments(
    dovecot_mailbox: ServedMailbox,
) -> None:
    uid = dovecot_mailbox.append(large_mail())
    with connect(dovecot_mailbox.config(MAX_MAIL_MB="0.2", MAX_ATTACHMENT_MB="0.05")) as mailbox:
        (found,) = mailbox.fetch([uid])
    assert isinstance(found, RawMail)
    assert found.partial
    assert found.size > 200_000
    assert len(found.raw) < 5_000
    for kept in (
        b"The plans.",
        b"<p>The plans.</p>",
        b"QUJD\r\n--out",
        b"Carl wrote this.",
        b"Subject: The original",
    ):
        assert kept in found.raw
    assert found.raw.count(b"X-CRM-Logger-Left-Out: 117") == 2
    assert found.raw.index(b"large.mp4") < found.raw.index(b"X-CRM-Logger-Left-Out")


def test_a_large_mail_of_one_part_is_cut_or_left_out(imap_server: ServedMailbox) -> None:
    text = imap_server.append(mail(body="All work.\r\n" * 50_000))
    head = b"Subject: Film\r\nMIME-Version: 1.0\r\nContent-Type: video/mp4\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    film = imap_server.append(head + b"QUJD\r\n" * 50_000)
    with connect(
        imap_server.config(MAX_MAIL_MB="0.1", MAX_ATTACHMENT_MB="0.05", MAX_BODY_MB="0.01")
    ) as mailbox:
        first, second = mailbox.fetch([text, film])
    assert isinstance(first, RawMail)
    assert isinstance(second, RawMail)
    assert first.raw.startswith(mail(body="All work.\r\n"))
    assert 20_000 < len(first.raw) < 40_000
    assert re.fullmatch(re.escape(head[:-2]) + rb"X-CRM-Logger-Left-Out: 300\d{3}\r\n\r\n", second.raw)


def test_a_small_mail_next_to_a_large_one_comes_whole(imap_server: ServedMailbox) -> None:
    small, large, other = (
        imap_server.append(raw) for raw in (mail("a"), mail(body="x\r\n" * 50_000), mail("b"))
    )
    with connect(imap_server.config(MAX_MAIL_MB="0.1")) as mailbox:
        found = list(mailbox.fetch([small, large, other]))
    assert [each.partial for each in found if isinstance(each, RawMail)] == [False, True, False]


def test_a_large_mail_whose_structure_cannot_be_read_comes_with_its_header() -> None:
    def answer(talk: Conversation, tag: bytes, arguments: bytes) -> None:
        if b"BODYSTRUCTURE" in arguments:
            talk.send(b"* 1 FETCH (UID 3 BODYSTRUCTURE (NIL 5) BODY[HEADER] {15}\r\nSubject: Hm\r\n\r\n)\r\n")
            talk.ok(tag)
        elif b"BODY" in arguments:
            talk.ok(tag)
        else:
            talk.send(b"* 1 FETCH (UID 3 RFC822.SIZE 999999999)\r\n")
            talk.ok(tag)

    with (
        ScriptedPeer({3: mail()}, answers={"UID FETCH": answer}) as peer,
        connect(peer.mailbox().config()) as mailbox,
    ):
        (found,) = mailbox.fetch([3])
    assert isinstance(found, RawMail)
    assert found.partial
    assert found.raw.startswith(b"Subject: Hm\r\n")


# ---------------------------------------------------------------- filing


@pytest.mark.parametrize("without", [(), ("MOVE",)], ids=["move", "uidplus"])
def test_a_mail_is_filed_once_and_only_that_mail(
    imap_without: Callable[..., ServedMailbox], without: tuple[str, ...]
) -> None:
    box = imap_without(*without)
    wanted, other = box.append(mail("wanted")), box.append(mail("other"))
    with box.client() as client:
        client.select_folder("INBOX")
        client.add_flags([other], [rb"\Deleted"])
    with connect(box.config(FILING="move")) as mailbox:
        filed = mailbox.file(wanted, "Not logged")
        again = mailbox.file(wanted, "Not logged")
        assert mailbox.uids() == [other]
    (there,) = box.mails("Not logged")
    assert there.raw == mail("wanted")
    assert filed.folder == "Not logged"
    assert filed.uid == there.uid
    assert filed.uidvalidity
    assert again == Filed("Not logged", None, None)


def test_without_move_and_uidplus_the_mail_stays_and_nothing_is_expunged(
    imap_without: Callable[..., ServedMailbox],
) -> None:
    box = imap_without("MOVE", "UIDPLUS")
    uid = box.append(mail())
    with connect(box.config(FILING="move")) as mailbox:
        filed = mailbox.file(uid, "Logged")
        assert filed == mailbox.file(uid, "Logged") == Filed("INBOX", mailbox.uidvalidity, uid)
    assert [each.raw for each in box.mails()] == [mail()]
    assert box.mails("Logged") == []


def test_a_copy_left_by_a_death_between_copy_and_expunge_is_not_made_again(
    imap_without: Callable[..., ServedMailbox],
) -> None:
    box = imap_without("MOVE")
    uid = box.append(mail())
    with box.client() as client:
        client.create_folder("Logged")
        client.select_folder("INBOX")
        client.add_flags([uid], [b"$CrmLoggerFiled"])
        client.copy([uid], "Logged")
    with connect(box.config(FILING="move")) as mailbox:
        filed = mailbox.file(uid, "Logged")
        assert mailbox.uids() == []
    (copy,) = box.mails("Logged")
    assert (filed.uid, filed.folder) == (copy.uid, "Logged")


def test_nothing_is_deleted_where_the_copy_is_not_confirmed() -> None:
    with (
        ScriptedPeer(
            {3: mail()}, capabilities="IMAP4rev1 UIDPLUS", answers={"UID COPY": b"{tag} OK done\r\n"}
        ) as peer,
        connect(peer.mailbox().config(FILING="move")) as mailbox,
    ):
        with pytest.raises(NotFiled, match="did not say where"):
            mailbox.file(3, "INBOX/Logged")
        assert peer.count("UID EXPUNGE") == peer.count("EXPUNGE") == 0
        assert not any("Deleted" in command for command in peer.commands)


def test_a_folder_that_is_missing_is_made_with_the_servers_separator(dovecot_mailbox: ServedMailbox) -> None:
    uid = dovecot_mailbox.append(mail())
    with connect(dovecot_mailbox.config(FILING="move")) as mailbox:
        assert mailbox.file(uid, "Café/Übrige").folder == "Café.Übrige"
    assert "Café.Übrige" in dovecot_mailbox.folders()


def test_a_folder_that_cannot_be_made_is_a_matter_for_a_human() -> None:
    with (
        ScriptedPeer({3: mail()}, answers={"CREATE": b"{tag} NO [NOPERM] no\r\n"}) as peer,
        connect(peer.mailbox().config(FILING="move")) as mailbox,
        pytest.raises(NotFiled, match="Logged cannot be made"),
    ):
        mailbox.file(3, "Logged")


def test_a_filed_mail_is_found_again_by_its_uid_its_message_id_or_its_bytes(
    imap_server: ServedMailbox,
) -> None:
    imap_server.append(mail("other"), folder="Logged")
    uid = imap_server.append(mail("wanted"), folder="Logged")
    sha256 = hashlib.sha256(mail("wanted")).hexdigest()
    with connect(imap_server.config()) as mailbox:
        by_bytes = mailbox.find("Logged", sha256)
        assert by_bytes
        place, found = by_bytes
        assert (place.uid, found.raw) == (uid, mail("wanted"))
        assert mailbox.find("Logged", sha256, uidvalidity=place.uidvalidity, uid=uid) == by_bytes
        assert mailbox.find("Logged", sha256, uidvalidity=1, uid=1, message_id="wanted@acme.test") == by_bytes
        assert mailbox.find("Logged", "0" * 64) is None
        assert mailbox.find("Nowhere", sha256) is None
        assert mailbox.folder == "INBOX"
        assert mailbox.uids() == []


def test_the_folders_and_capabilities_can_be_looked_at(imap_server: ServedMailbox) -> None:
    imap_server.append(mail(), folder="Sales")
    with connect(imap_server.config()) as mailbox:
        assert set(mailbox.folders()) == {"INBOX", "Sales"}
        assert {"IDLE", "MOVE", "UIDPLUS"} <= mailbox.capabilities


def test_a_mail_that_is_to_stay_in_its_folder_stays(embedded_imap: ServedMailbox) -> None:
    uid = embedded_imap.append(mail())
    with connect(embedded_imap.config(FILING="leave")) as mailbox:
        assert mailbox.file(uid, "inbox") == Filed("INBOX", mailbox.uidvalidity, uid)
    assert [each.uid for each in embedded_imap.mails()] == [uid]


def test_with_filing_left_off_the_folder_is_opened_read_only() -> None:
    with ScriptedPeer({3: mail()}) as peer:
        with connect(peer.mailbox().config()) as mailbox:
            mailbox.uids()
        assert peer.count("EXAMINE") == 1
        assert peer.count("SELECT") == 0


# ---------------------------------------------------------------- waiting


def soon(step: Callable[[], object], seconds: float = 0.2) -> None:
    threading.Timer(seconds, step).start()


def test_waiting_ends_when_mail_comes(imap_server: ServedMailbox) -> None:
    with connect(imap_server.config()) as mailbox:
        mailbox.uids()
        soon(lambda: imap_server.append(mail()))
        began = time.monotonic()
        assert mailbox.wait(20)
        assert time.monotonic() - began < 10
        assert len(mailbox.uids()) == 1
        assert not mailbox.wait(0.05)


def test_waiting_ends_when_its_time_is_up(imap_server: ServedMailbox) -> None:
    with connect(imap_server.config()) as mailbox:
        mailbox.uids()
        began = time.monotonic()
        assert not mailbox.wait(0.2)
        assert 0.2 <= time.monotonic() - began < 5


def test_waiting_ends_when_it_is_woken_and_the_mailbox_goes_on(imap_server: ServedMailbox) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, connect(imap_server.config()) as mailbox:
        mailbox.uids()
        soon(lambda: theirs.send(b"x"))
        began = time.monotonic()
        assert not mailbox.wait(20, ours)
        assert time.monotonic() - began < 10
        assert not mailbox.wait(20, ours), "the wake-up was not taken from the socket"
        assert mailbox.uids() == []


def test_without_idle_the_time_is_slept_and_something_may_be_new(
    imap_without: Callable[..., ServedMailbox],
) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, connect(imap_without("IDLE").config()) as mailbox:
        mailbox.uids()
        assert mailbox.wait(0.1)
        assert mailbox.wait(0.1, ours)
        theirs.send(b"x")
        assert not mailbox.wait(20, ours)


def test_mail_that_is_announced_during_another_command_is_not_waited_for(
    embedded_imap: ServedMailbox,
) -> None:
    with connect(embedded_imap.config()) as mailbox:
        mailbox.uids()
        embedded_imap.append(mail())
        mailbox.noop()
        began = time.monotonic()
        assert mailbox.wait(20)
        assert time.monotonic() - began < 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", b"* 1 EXISTS\r\n"),
        (b"* 1 EXISTS\r\n", b""),
        (b"", b"* 0 RECENT\r\n* 1 EXISTS\r\n* OK hello\r\n"),
    ],
    ids=["in the same segment", "before the plus", "among others"],
)
def test_an_announcement_as_idle_starts_is_not_missed(before: bytes, after: bytes) -> None:
    def idle(talk: Conversation, tag: bytes, _arguments: bytes) -> None:
        talk.send(before + b"+ idling\r\n" + after)
        talk.done(tag)

    with ScriptedPeer(answers={"IDLE": idle}) as peer, connect(peer.mailbox().config()) as mailbox:
        mailbox.uids()
        began = time.monotonic()
        assert mailbox.wait(20)
        assert time.monotonic() - began < 1


def test_an_announcement_split_over_two_segments_is_read_whole() -> None:
    def idle(talk: Conversation, tag: bytes, _arguments: bytes) -> None:
        talk.send(b"+ idling\r\n")
        talk.drip(b"* 1 EXISTS\r\n", 0.02)
        talk.done(tag)

    with ScriptedPeer(answers={"IDLE": idle}) as peer, connect(peer.mailbox().config()) as mailbox:
        mailbox.uids()
        assert mailbox.wait(20)


def test_a_connection_that_ends_during_idle_is_away_at_once(
    embedded_server: tuple[EmbeddedImapServer, ServedMailbox],
) -> None:
    server, box = embedded_server
    with connect(box.config()) as mailbox:
        mailbox.uids()
        soon(server.drop_connections)
        began = time.monotonic()
        with pytest.raises(MailboxAway):
            mailbox.wait(20)
        assert time.monotonic() - began < 5


def test_an_idle_that_the_server_refuses_or_ends_is_not_begun_over_and_over() -> None:
    for answer in (b"{tag} NO not now\r\n", b"+ idling\r\n{tag} OK enough\r\n"):
        with ScriptedPeer(answers={"IDLE": answer}) as peer, connect(peer.mailbox().config()) as mailbox:
            mailbox.uids()
            assert mailbox.wait(0.2), "nobody knows, so look"
            assert mailbox.wait(0.1)
            assert peer.count("IDLE") == 1


def test_a_server_that_talks_on_and_on_does_not_keep_us_waiting() -> None:
    def idle(talk: Conversation, tag: bytes, _arguments: bytes) -> None:
        talk.send(b"+ idling\r\n")
        stop = threading.Event()

        def talk_on() -> None:
            while not stop.wait(0.0005):
                talk.send(b"* OK Still here\r\n" * 20)

        talking = threading.Thread(target=talk_on)
        talking.start()
        assert talk.line() == b"DONE"
        stop.set()
        talking.join()
        talk.ok(tag)

    with ScriptedPeer(answers={"IDLE": idle}) as peer, connect(peer.mailbox().config()) as mailbox:
        mailbox.uids()
        began = time.monotonic()
        assert not mailbox.wait(0.2)
        assert time.monotonic() - began < 5


def test_a_mail_that_was_removed_elsewhere_is_no_news_and_the_next_one_is() -> None:
    def idle(talk: Conversation, tag: bytes, _arguments: bytes) -> None:
        talk.send(
            b"+ idling\r\n* 1 EXPUNGE\r\n* 1 EXISTS\r\n"
            if talk.peer.count("IDLE") == 1
            else b"+ idling\r\n* 2 EXISTS\r\n"
        )
        talk.done(tag)

    with (
        ScriptedPeer({1: mail(), 2: mail()}, answers={"IDLE": idle}) as peer,
        connect(peer.mailbox().config()) as mailbox,
    ):
        mailbox.uids()
        assert not mailbox.wait(0.2)
        assert mailbox.wait(20)


# ---------------------------------------------------------------- faults


def expect(error: type[Exception], match: str, peer: ScriptedPeer, **settings: str) -> Exception:
    with (
        peer,
        pytest.raises(error, match=match) as caught,
        connect(peer.mailbox().config(**settings)) as mailbox,
    ):
        mailbox.uids()
    return caught.value


def test_a_wrong_password_is_refused_for_certain(imap_server: ServedMailbox) -> None:
    with pytest.raises(MailboxRefused, match="check IMAP_USER and IMAP_PASSWORD") as caught:
        Mailbox(imap_server.config(IMAP_PASSWORD="hunter2-is-wrong"))
    assert caught.value.certain
    assert "hunter2" not in str(caught.value)
    assert caught.value.__context__ is None


def test_a_refusal_that_says_not_why_is_not_certain() -> None:
    error = expect(
        MailboxRefused, "refuses the login", ScriptedPeer(answers={"LOGIN": b"{tag} NO LOGIN failed.\r\n"})
    )
    assert isinstance(error, MailboxRefused)
    assert not error.certain


@pytest.mark.parametrize("code", ["UNAVAILABLE", "INUSE", "LIMIT"])
def test_a_login_that_is_impossible_just_now_is_no_wrong_password(code: str) -> None:
    expect(
        MailboxAway, "just now", ScriptedPeer(answers={"LOGIN": f"{{tag}} NO [{code}] later\r\n".encode()})
    )


def test_a_connection_that_ends_during_login_is_no_wrong_password() -> None:
    def hang_up(_talk: Conversation, _tag: bytes, _arguments: bytes) -> None:
        raise HangUp

    expect(MailboxAway, "broke while logging in", ScriptedPeer(answers={"LOGIN": hang_up}))


def test_a_password_that_the_server_repeats_is_not_told_on() -> None:
    echo = b'{tag} BAD cannot parse LOGIN "crm" "hunter2"\r\n'
    error = expect(MailboxRefused, r"\*\*\*", ScriptedPeer(answers={"LOGIN": echo}), IMAP_PASSWORD="hunter2")
    assert "hunter2" not in str(error)


def test_a_password_beyond_ascii_is_sent_by_authenticate() -> None:
    peer = ScriptedPeer()
    given: list[bytes] = []

    def authenticate(talk: Conversation, tag: bytes, _arguments: bytes) -> None:
        talk.send(b"+ \r\n")
        given.append(talk.line())
        talk.ok(tag)

    peer.answers["AUTHENTICATE"] = authenticate
    with peer, connect(peer.mailbox().config(IMAP_PASSWORD="pässwörd")):
        assert peer.count("LOGIN") == 0
    assert given == [b"AGNybQBww6Rzc3fDtnJk"]


def test_throttling_tells_how_long_to_wait() -> None:
    text = b"{tag} BAD Request is throttled. Suggested Backoff Time: 299961 milliseconds\r\n"
    error = expect(MailboxAway, "asks to wait", ScriptedPeer(answers={"UID SEARCH": text}))
    assert isinstance(error, MailboxAway)
    assert error.retry_after == pytest.approx(299.961)


def test_a_mailbox_that_is_not_connected_waits_and_gives_a_hint() -> None:
    text = b"{tag} BAD User is authenticated but not connected.\r\n"
    error = expect(MailboxAway, "may lack the right", ScriptedPeer(answers={"LIST": text}))
    assert isinstance(error, MailboxAway)
    assert error.retry_after == 900


def test_gmails_limit_waits_half_an_hour() -> None:
    text = b"{tag} NO [OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)\r\n"
    error = expect(MailboxAway, "asks to wait", ScriptedPeer(answers={"UID SEARCH": text}))
    assert isinstance(error, MailboxAway)
    assert error.retry_after == 1800


@pytest.mark.parametrize(
    ("greeting", "error", "match"),
    [
        (b"* BYE Too many connections\r\n", MailboxAway, "Too many connections"),
        (b"HTTP/1.1 400 Bad Request\r\n", MailboxMisconfigured, "is no IMAP server"),
        (b"220 mail.example.com ESMTP\r\n", MailboxMisconfigured, "is no IMAP server"),
        (b"", MailboxAway, "in time"),
    ],
)
def test_a_greeting_that_is_none(greeting: bytes, error: type[Exception], match: str) -> None:
    expect(error, match, ScriptedPeer(greeting=greeting), IMAP_TIMEOUT="0.3")


@pytest.mark.parametrize(
    "codes", [b"* OK [UIDNEXT 5] ok\r\n", b"* OK [UIDVALIDITY 7] ok\r\n* NO [UIDNOTSTICKY] no\r\n"]
)
def test_a_folder_without_lasting_uids_has_another_number_at_every_connection(
    codes: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    memory, numbers = Memory(), []
    with ScriptedPeer({4: mail()}, select_codes=codes) as peer:
        for _ in range(3):
            with connect(peer.mailbox().config(), memory) as mailbox:
                numbers.append(mailbox.uidvalidity)
                assert raws(mailbox, mailbox.uids()) == [mail()]
    assert len(set(numbers)) == 3
    assert all(number < 0 for number in numbers), "no server's number is below zero"
    assert caplog.text.count("told apart by their bytes alone") == 1


def test_a_folder_without_uidnext_is_searched_all_the_same() -> None:
    with (
        ScriptedPeer({4: mail()}, select_codes=b"* OK [UIDVALIDITY 7] ok\r\n") as peer,
        connect(peer.mailbox().config()) as mailbox,
    ):
        assert mailbox.uidnext == 5
        assert mailbox.uids() == [4]


def test_a_folder_that_is_not_there_is_named_with_those_that_are(imap_server: ServedMailbox) -> None:
    imap_server.append(mail(), folder="Sales")
    with pytest.raises(MailboxMisconfigured, match=r"no folder Slaes .*Sales"):
        Mailbox(imap_server.config(IMAP_FOLDER="Slaes"))


def test_nobody_listening_is_away() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with ScriptedPeer() as peer:
        config = peer.mailbox().config(IMAP_PORT=str(port))
    with pytest.raises(MailboxAway, match="failed while connecting"):
        Mailbox(config)


def test_a_name_that_does_not_exist_is_away() -> None:
    with ScriptedPeer() as peer, pytest.raises(MailboxAway, match="cannot be found by its name"):
        Mailbox(peer.mailbox().config(IMAP_HOST="mail.invalid", IMAP_SECURITY="tls"))


def test_tls_to_a_plain_port_says_what_to_change(embedded_imap: ServedMailbox) -> None:
    with pytest.raises(MailboxMisconfigured, match="does not speak TLS"):
        Mailbox(embedded_imap.config(IMAP_SECURITY="tls"))


def test_a_certificate_that_nobody_vouches_for_is_not_taken() -> None:
    peer = ScriptedPeer(tls=True)
    expect(MailboxMisconfigured, "cannot be trusted", peer, IMAP_SECURITY="tls")
    assert peer.commands == []


def test_a_certificate_for_another_name_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with ScriptedPeer(tls=True) as peer, pytest.raises(MailboxMisconfigured, match="must be the name in the"):
        Mailbox(peer.mailbox().config(IMAP_SECURITY="tls"))


def test_over_tls_mail_is_fetched_and_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def idle(talk: Conversation, tag: bytes, _arguments: bytes) -> None:
        talk.send(b"+ idling\r\n" + b"* 2 EXISTS\r\n" * (talk.peer.count("IDLE") == 2))
        if talk.peer.count("IDLE") == 3:
            time.sleep(0.1)
            talk.send(b"* 3 EXISTS\r\n")
        talk.done(tag)

    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with (
        ScriptedPeer({1: mail()}, answers={"IDLE": idle}, tls=True) as peer,
        connect(peer.mailbox().config(IMAP_SECURITY="tls", IMAP_HOST="localhost")) as mailbox,
    ):
        assert raws(mailbox, mailbox.uids()) == [mail()]
        assert not mailbox.wait(0.1)
        assert mailbox.wait(20), "announced in the same segment"
        mailbox.uids()
        assert mailbox.wait(20), "announced later"


def test_starttls_encrypts_before_the_login(monkeypatch: pytest.MonkeyPatch) -> None:
    def starttls(talk: Conversation, tag: bytes, _arguments: bytes) -> None:
        talk.ok(tag)
        talk.connection = tls_context().wrap_socket(talk.connection, server_side=True)

    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    peer = ScriptedPeer({1: mail()}, answers={"STARTTLS": starttls}, capabilities="IMAP4rev1 STARTTLS IDLE")
    with peer, connect(peer.mailbox().config(IMAP_SECURITY="starttls", IMAP_HOST="localhost")) as mailbox:
        assert raws(mailbox, mailbox.uids()) == [mail()]
        assert not mailbox.wait(0.1)
    names = [command.split()[0] for command in peer.commands]
    assert names.index("STARTTLS") < names.index("LOGIN")


def test_a_server_without_starttls_gets_no_password() -> None:
    peer = ScriptedPeer()
    expect(MailboxMisconfigured, "offers no STARTTLS", peer, IMAP_SECURITY="starttls")
    assert peer.count("LOGIN") == 0


def test_one_byte_a_second_is_ended_by_the_clock() -> None:
    def drip(talk: Conversation, _tag: bytes, _arguments: bytes) -> None:
        talk.drip(b"* SEARCH " + b"1 " * 200, 0.05)

    began = time.monotonic()
    expect(
        MailboxAway, "did not answer in time", ScriptedPeer(answers={"UID SEARCH": drip}), IMAP_TIMEOUT="0.3"
    )
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "answer",
    [
        b"* BYE Session invalidated - AccessTokenExpired\r\n",
        b"{tag} OK\r\n",
        b"* SEARCH one two\r\n{tag} OK done\r\n",
        b"\x00\xff garbage\r\n",
        b"* SEARCH 1 2",
    ],
)
def test_an_answer_against_the_rules_is_away(answer: bytes) -> None:
    def once(talk: Conversation, tag: bytes, _arguments: bytes) -> None:
        talk.send(answer.replace(b"{tag}", tag))
        if not answer.endswith(b"done\r\n"):
            raise HangUp

    expect(MailboxAway, "while looking for mail", ScriptedPeer(answers={"UID SEARCH": once}))


def test_closing_never_raises(embedded_server: tuple[EmbeddedImapServer, ServedMailbox]) -> None:
    server, box = embedded_server
    mailbox = Mailbox(box.config())
    server.drop_connections()
    mailbox.close()
    mailbox.close()


def test_a_new_uidvalidity_shows_after_connecting_anew(imap_server: ServedMailbox) -> None:
    uid = imap_server.append(mail())

    def seen(config: Config) -> tuple[int, list[bytes]]:
        with connect(config) as mailbox:
            return mailbox.uidvalidity, raws(mailbox, mailbox.uids())

    before = seen(imap_server.config())
    imap_server.recreate()
    after = seen(imap_server.config())
    assert before[0] != after[0]
    assert before[1] == after[1] == [mail()]
    assert uid
