"""Mail that is announced is asked for at once, and nothing is asked for twice, missed or taken for another because of it."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from crm_logger.core.model import RawMail
from crm_logger.mailbox import QUIET_LOOKS, MailboxAway, Memory, Unfetched, connect
from crm_logger.mailbox.foresight import FEW
from tests.mailbox.builders import mail, raws, soon
from tests.servers.scripted import Conversation, HangUp, ScriptedPeer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crm_logger.mailbox import Mailbox
    from tests.servers.served import ServedMailbox

LISTING = "(RFC822.SIZE INTERNALDATE)"


@contextmanager
def told_of(peer: ScriptedPeer, *subjects: str) -> Iterator[Mailbox]:
    """A mailbox that has seen what was there, and was told of these mails while it waited."""
    with peer, connect(peer.mailbox().config()) as mailbox:
        mailbox.uids()
        tell(peer, mailbox, *subjects)
        yield mailbox


def tell(peer: ScriptedPeer, mailbox: Mailbox, *subjects: str) -> None:
    def deliver() -> None:
        first = max(peer.mails, default=0) + 1
        peer.mails.update(enumerate(map(mail, subjects), first))
        for talk in peer.talks:
            talk.told()

    peer.commands.clear()
    soon(deliver, 0.05)
    assert mailbox.wait(20)


def asked(peer: ScriptedPeer) -> list[str]:
    return [each for each in peer.commands if each not in {"IDLE", "LOGOUT"}]


def test_mails_are_listed_before_anybody_asks_and_on_their_way_when_their_uids_are_told() -> None:
    peer = ScriptedPeer({1: mail("old")})
    with told_of(peer, "new", "newer") as mailbox:
        assert mailbox.stirred(1)
        assert mailbox.uids(above=1) == [2, 3]
        assert [sent.uids for sent in mailbox._link.protocol.under_way] == [[2, 3]]
        assert raws(mailbox, [2, 3]) == [mail("new"), mail("newer")]
        assert asked(peer) == [
            "UID SEARCH UID 2:*",
            f"UID FETCH 2:* {LISTING}",
            "UID FETCH 2,3 (BODY.PEEK[])",
        ]
        assert raws(mailbox, [2, 3]) == [mail("new"), mail("newer")]
        assert asked(peer)[3:] == [f"UID FETCH 2,3 {LISTING}", "UID FETCH 2,3 (BODY.PEEK[])"]
        assert not mailbox.wait(0.05)


def test_it_is_the_same_on_real_servers(imap_server: ServedMailbox) -> None:
    with connect(imap_server.config()) as mailbox:
        mailbox.uids()
        before = 0
        for subject in ("first", "second", "third"):
            soon(lambda subject=subject: imap_server.append(mail(subject)))  # type: ignore[misc]  # typed by its default
            assert mailbox.wait(20)
            (before,) = mailbox.uids(above=before)
            assert raws(mailbox, [before]) == [mail(subject)]


def test_many_at_once_are_looked_for_as_a_backlog_is() -> None:
    peer = ScriptedPeer()
    with told_of(peer, *map(str, range(FEW + 1))) as mailbox:
        assert mailbox.uids() == list(range(1, FEW + 2))
        assert len(raws(mailbox, list(range(1, FEW + 2)))) == FEW + 1
        assert asked(peer)[:2] == [
            "UID SEARCH UID 1:*",
            f"UID FETCH {','.join(map(str, range(1, FEW + 2)))} {LISTING}",
        ]


def test_whoever_wants_other_mails_is_given_those() -> None:
    peer = ScriptedPeer({1: mail("old")})
    with told_of(peer, "new", "newer") as mailbox:
        assert mailbox.uids(above=1) == [2, 3]
        assert raws(mailbox, [1, 2]) == [mail("old"), mail("new")]
        tell(peer, mailbox, "newest", "last")
        assert mailbox.uids(above=3) == [4, 5]
        assert raws(mailbox, [5]) == [mail("last")]
        assert asked(peer)[-1] == "UID FETCH 5 (BODY.PEEK[])"


def test_a_server_that_is_not_trusted_is_asked_by_a_search_of_the_look() -> None:
    peer = ScriptedPeer()
    with peer, connect(peer.mailbox().config()) as mailbox:
        mailbox.uids()
        for _ in range(QUIET_LOOKS):
            mailbox.stirred(0)
        tell(peer, mailbox, "new")
        assert mailbox.stirred(0)
        assert mailbox.uids() == [1]
        assert peer.count("UID SEARCH") == 2


def test_what_is_told_again_was_not_announced() -> None:
    def idle(talk: Conversation, tag: bytes, _arguments: bytes) -> None:
        talk.send(b"+ idling\r\n* 1 EXISTS\r\n")
        talk.done(tag)

    peer = ScriptedPeer({1: mail("old")}, answers={"IDLE": idle})
    with peer, connect(peer.mailbox().config()) as mailbox:
        mailbox.uids()
        assert not mailbox.wait(0.1)
        assert not mailbox.wait(0.1)


def test_before_the_first_look_nothing_is_known_to_ask_for() -> None:
    with ScriptedPeer() as peer, connect(peer.mailbox().config()) as mailbox:
        tell(peer, mailbox, "new")
        assert asked(peer) == []
        assert mailbox.uids() == [1]


def test_a_look_that_does_not_come_is_made_up_for_by_the_next() -> None:
    peer = ScriptedPeer()
    with told_of(peer, "new") as mailbox:
        mailbox.noop()
        assert mailbox.wait(20), "mail was announced, and nobody has looked yet"
        assert mailbox.stirred(0)
        assert mailbox.uids() == [1]
        assert raws(mailbox, [1]) == [mail("new")]


def test_mail_that_is_announced_after_the_question_is_news() -> None:
    def answer(talk: Conversation, tag: bytes, arguments: bytes) -> None:
        talk.default("UID FETCH", tag, arguments)
        if b"RFC822.SIZE" in arguments and 2 not in talk.mails:
            talk.mails[2] = mail("newer")
            talk.send(b"* 2 EXISTS\r\n")

    peer = ScriptedPeer(answers={"UID FETCH": answer})
    with told_of(peer, "new") as mailbox:
        assert mailbox.uids() == [1]
        assert raws(mailbox, [1]) == [mail("new")]
        mailbox.noop()
        assert mailbox.wait(20)
        assert mailbox.uids(above=1) == [2]


@pytest.mark.parametrize(
    ("above", "also", "found"),
    [(0, [], [1, 2]), (1, [1], [1, 2]), (2, [], [])],
    ids=["lower", "also", "higher"],
)
def test_a_look_that_wants_to_know_something_else_is_answered_that(
    above: int, also: list[int], found: list[int]
) -> None:
    with told_of(ScriptedPeer({1: mail("old")}), "new") as mailbox:
        assert mailbox.uids(above=above, also=also) == found
        assert raws(mailbox, found) == [mail("old"), mail("new")][: len(found)]


def test_a_mail_that_waits_is_looked_for_again_when_one_went_as_another_came() -> None:
    with (
        ScriptedPeer({1: mail("waits"), 5: mail("read")}) as peer,
        connect(peer.mailbox().config()) as mailbox,
    ):
        assert mailbox.uids(also=[1]) == [1, 5]
        assert mailbox.uids(above=5, also=[1]) == [1]

        def deliver() -> None:
            del peer.mails[1]
            for talk in peer.talks:
                talk.send(b"* 1 EXPUNGE\r\n")
            peer.deliver(mail("a"))
            peer.deliver(mail("b"))

        soon(deliver, 0.05)
        assert mailbox.wait(20)
        assert mailbox.uids(above=5, also=[1]) == [6, 7]


def test_what_is_large_is_listed_and_not_asked_for() -> None:
    body = "x" * 2_000_000
    with ScriptedPeer() as peer, connect(peer.mailbox().config(MAX_MAIL_MB="1")) as mailbox:
        mailbox.uids()
        soon(lambda: peer.deliver(mail("large", body)), 0.05)
        assert mailbox.wait(20)
        assert mailbox.uids() == [1]
        assert not mailbox._link.protocol.under_way


def test_a_mail_under_suspicion_is_asked_for_alone() -> None:
    memory = Memory()
    memory.suspects("INBOX").update([1])
    with ScriptedPeer() as peer, connect(peer.mailbox().config(), memory) as mailbox:
        mailbox.uids()
        tell(peer, mailbox, "odd", "new")
        assert mailbox.uids() == [1, 2]
        assert not mailbox._link.protocol.under_way
        assert raws(mailbox, [1, 2]) == [mail("odd"), mail("new")]
        assert [each for each in asked(peer) if "BODY" in each] == [
            "UID FETCH 1 (BODY.PEEK[])",
            "UID FETCH 2 (BODY.PEEK[])",
        ]


def test_a_mail_that_breaks_the_connection_is_blamed() -> None:
    def answer(talk: Conversation, tag: bytes, arguments: bytes) -> None:
        if b"BODY" in arguments:
            raise HangUp
        talk.default("UID FETCH", tag, arguments)

    memory = Memory()
    with (
        ScriptedPeer(answers={"UID FETCH": answer}) as peer,
        connect(peer.mailbox().config(), memory) as mailbox,
    ):
        mailbox.uids()
        tell(peer, mailbox, "odd")
        assert mailbox.uids() == [1]
        with pytest.raises(MailboxAway):
            list(mailbox.fetch([1]))
    assert +memory.suspects("INBOX") == {1: 1}


def _listed_and_not_given(talk: Conversation, tag: bytes, arguments: bytes) -> None:
    if not arguments.startswith(b"2"):
        talk.default("UID FETCH", tag, arguments)
    else:
        talk.ok(tag)


def _refused(talk: Conversation, tag: bytes, arguments: bytes) -> None:
    if b"BODY" in arguments:
        talk.send(tag + b" NO not this one\r\n")
    else:
        talk.default("UID FETCH", tag, arguments)


@pytest.mark.parametrize("answer", [_listed_and_not_given, _refused])
def test_a_mail_that_the_server_keeps_back_waits(
    answer: Callable[[Conversation, bytes, bytes], None],
) -> None:
    peer = ScriptedPeer({1: mail("old")}, answers={"UID FETCH": answer})
    with told_of(peer, "kept back") as mailbox:
        assert mailbox.uids(above=1) == [2]
        (found,) = mailbox.fetch([2])
        assert isinstance(found, Unfetched)


@pytest.mark.parametrize("answer", [b"NO not this set", b"BAD what set"])
def test_a_server_that_refuses_the_range_is_asked_as_usual(answer: bytes) -> None:
    def refusing(talk: Conversation, tag: bytes, arguments: bytes) -> None:
        if b"*" in arguments:
            talk.send(b"%s %s\r\n" % (tag, answer))
        else:
            talk.default("UID FETCH", tag, arguments)

    with told_of(ScriptedPeer(answers={"UID FETCH": refusing}), "new") as mailbox:
        assert mailbox.uids() == [1]
        assert raws(mailbox, [1]) == [mail("new")]


def test_a_mail_that_went_at_once_is_not_waited_for() -> None:
    with ScriptedPeer() as peer, connect(peer.mailbox().config()) as mailbox:
        mailbox.uids()
        soon(lambda: peer.talks[0].send(b"* 1 EXISTS\r\n* 1 EXPUNGE\r\n"), 0.05)
        assert mailbox.wait(20)
        assert mailbox.uids() == []
        assert not mailbox.wait(0.05)
        tell(peer, mailbox, "new", "newer")
        assert mailbox.uids() == [1, 2]


def test_what_nobody_wanted_before_the_next_wait_is_asked_for_again() -> None:
    with told_of(ScriptedPeer({1: mail("old")}), "new") as mailbox:
        assert mailbox.uids(above=1) == [2]
        for _ in range(2):
            assert not mailbox.wait(0.05)
        assert raws(mailbox, [2]) == [mail("new")]


def test_another_folder_is_not_given_what_was_foreseen_in_this_one() -> None:
    peer = ScriptedPeer({1: mail("old")})
    peer.folders["Logged"] = {2: mail("filed")}
    with told_of(peer, "new") as mailbox:
        assert mailbox.uids(above=1) == [2]
        digest = hashlib.sha256(mail("filed")).hexdigest()
        assert mailbox.find("Logged", digest, uidvalidity=mailbox.uidvalidity, uid=2)
        assert peer.count("UID SEARCH") == 1, "it was found at once, by its UID"
        assert mailbox.wait(20), "the folder was opened again"
        assert mailbox.uids(above=1) == [2]
        (found,) = mailbox.fetch([2])
        assert isinstance(found, RawMail)
        assert found.raw == mail("new")
