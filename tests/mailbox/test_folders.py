"""Folders: their names, their numbers, and making them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_logger.mailbox import (
    Mailbox,
    MailboxMisconfigured,
    Memory,
    NotFiled,
    Quota,
    connect,
)
from tests.mailbox.builders import mail, raws
from tests.servers.scripted import Conversation, ScriptedPeer

if TYPE_CHECKING:
    from crm_logger.config import Config
    from tests.servers.served import ServedMailbox


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


def test_the_folders_and_capabilities_can_be_looked_at(imap_server: ServedMailbox) -> None:
    imap_server.append(mail(), folder="Sales")
    with connect(imap_server.config()) as mailbox:
        assert set(mailbox.folders()) == {"INBOX", imap_server.called("Sales")}
        assert {"IDLE", "MOVE", "UIDPLUS"} - imap_server.lacks <= mailbox.capabilities
        assert not imap_server.lacks & mailbox.capabilities


def test_with_filing_left_off_the_folder_is_opened_read_only() -> None:
    with ScriptedPeer({3: mail()}) as peer:
        with connect(peer.mailbox().config()) as mailbox:
            mailbox.uids()
        assert peer.count("EXAMINE") == 1
        assert peer.count("SELECT") == 0


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


@pytest.mark.parametrize(("name", "written"), [("Eingänge", b"Eing&AOQ-nge"), ("My mail", b"My mail")])
def test_the_quota_is_told_of_a_folder_whatever_its_name(name: str, written: bytes) -> None:
    def quota(talk: Conversation, tag: bytes, arguments: bytes) -> None:
        assert arguments == b'"' + written + b'"'
        talk.send(b'* QUOTAROOT %s ""\r\n* QUOTA "" (STORAGE 90 100)\r\n' % arguments)
        talk.ok(tag)

    peer = ScriptedPeer(answers={"GETQUOTAROOT": quota}, capabilities="IMAP4rev1 QUOTA")
    peer.folders[written.decode()] = {}
    with peer, connect(peer.mailbox().config(IMAP_FOLDER=name)) as mailbox:
        assert mailbox.quotas() == [Quota("STORAGE", 90, 100)]
        assert not mailbox._link.broken


@pytest.mark.parametrize(
    "answer", [b"", b"* QUOTAROOT INBOX\r\n* QUOTA\r\n", b'* QUOTAROOT "INBOX" ""\r\n* QUOTA x y\r\n']
)
def test_an_answer_that_says_nothing_leaves_the_connection_as_good_as_before(answer: bytes) -> None:
    answers = {"GETQUOTAROOT": answer + b"{tag} OK done\r\n", "STATUS": b"{tag} OK done\r\n"}
    codes = b"* OK [UIDVALIDITY 7] ok\r\n"
    with (
        ScriptedPeer(
            {3: mail()}, answers=answers, capabilities="IMAP4rev1 QUOTA", select_codes=codes
        ) as peer,
        connect(peer.mailbox().config()) as mailbox,
    ):
        assert mailbox.uidnext == 4
        assert mailbox.quotas() == []
        assert not mailbox._link.broken
