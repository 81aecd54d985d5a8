"""Filing: once, only that mail, and never without a copy that the server confirmed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from crm_logger.mailbox import (
    Filed,
    NotFiled,
    connect,
)
from crm_logger.mailbox.filing import numbers
from tests.mailbox.builders import mail
from tests.servers.scripted import Conversation, ScriptedPeer

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.servers.served import ServedMailbox


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
    assert filed.folder == box.called("Not logged")
    assert filed.uid == there.uid
    assert filed.uidvalidity
    assert again == Filed(filed.folder, None, None)


def test_mails_are_moved_together_and_each_is_told_where_it_lies(dovecot_mailbox: ServedMailbox) -> None:
    wanted = [dovecot_mailbox.append(mail(f"number {number}")) for number in range(5)]
    gone = wanted.pop(2)
    with dovecot_mailbox.client() as client:
        client.select_folder("INBOX")
        client.delete_messages([gone])
        client.expunge()
    stays = dovecot_mailbox.append(mail("stays"))
    with connect(dovecot_mailbox.config(FILING="move")) as mailbox:
        filed = mailbox.move_together([*wanted, gone], "Logged")
        assert mailbox.uids() == [stays]
    lies = {each.uid: each.raw for each in dovecot_mailbox.mails("Logged")}
    assert {uid: lies[filed[uid].uid or 0] for uid in wanted} == {
        uid: mail(f"number {uid - wanted[0]}") for uid in wanted
    }
    assert filed[gone] == Filed("Logged", None, None)


def test_without_move_no_mails_are_moved_together(imap_without: Callable[..., ServedMailbox]) -> None:
    box = imap_without("MOVE")
    uids = [box.append(mail("one")), box.append(mail("two"))]
    with connect(box.config(FILING="move")) as mailbox:
        assert mailbox.move_together(uids, "Logged") == {}
        assert mailbox.uids() == uids


def test_mails_that_the_server_refuses_to_move_together_stay_to_be_moved_alone() -> None:
    def answer(talk: Conversation, tag: bytes, arguments: bytes) -> None:
        together = not arguments.split()[0].isdigit()
        talk.send(tag + (b" NO one is in the way" if together else b" OK [COPYUID 9 3 77] done") + b"\r\n")

    with (
        ScriptedPeer(
            {3: mail(), 4: mail()}, capabilities="IMAP4rev1 MOVE", answers={"UID MOVE": answer}
        ) as peer,
        connect(peer.mailbox().config(FILING="move")) as mailbox,
    ):
        assert mailbox.move_together([3, 4], "INBOX/Logged") == {}
        assert mailbox.file(3, "INBOX/Logged") == Filed("INBOX/Logged", 9, 77)


@pytest.mark.parametrize(
    ("uids", "expected"),
    [
        (b"7", [7]),
        (b"3,5:7", [3, 5, 6, 7]),
        (b"9:8", [8, 9]),
        (b"1:5", []),
        (b"1,2,3,4,5", []),
        (b"1:4294967295", []),
        (b"1:", []),
        (b",", []),
    ],
)
def test_a_set_of_uids_is_read_as_long_as_it_can_be_meant(uids: bytes, expected: list[int]) -> None:
    assert numbers(uids, 4) == expected


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
        client.create_folder(box.called("Logged"))
        client.select_folder("INBOX")
        client.add_flags([uid], [b"$CrmLoggerFiled"])
        client.copy([uid], box.called("Logged"))
    with connect(box.config(FILING="move")) as mailbox:
        filed = mailbox.file(uid, "Logged")
        assert mailbox.uids() == []
    (copy,) = box.mails("Logged")
    assert (filed.uid, filed.folder) == (copy.uid, box.called("Logged"))


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


def test_a_mail_that_is_to_stay_in_its_folder_stays(embedded_imap: ServedMailbox) -> None:
    uid = embedded_imap.append(mail())
    with connect(embedded_imap.config(FILING="leave")) as mailbox:
        assert mailbox.file(uid, "inbox") == Filed("INBOX", mailbox.uidvalidity, uid)
    assert [each.uid for each in embedded_imap.mails()] == [uid]
