"""Fetching ahead: several commands under way, and whatever happens between the first and the last of them."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

import pytest

from crm_logger.core.model import RawMail
from crm_logger.mailbox import Filed, MailboxAway, Memory, Unfetched, connect, fetching
from crm_logger.mailbox.reading import begin_search
from tests.mailbox.builders import mail
from tests.servers.scripted import Conversation, HangUp, ScriptedPeer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from crm_logger.mailbox import Mailbox
    from tests.servers.served import ServedMailbox

MAILS = {uid: mail(str(uid)) for uid in range(1, 8)}


@pytest.fixture(autouse=True)
def chunks_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few mails make many chunks, and two lists."""
    monkeypatch.setattr(fetching, "CHUNK", 2)
    monkeypatch.setattr(fetching, "SUSPECTED", (4, 2, 1))


def bodies_asked(peer: ScriptedPeer) -> list[list[int]]:
    asked = (re.fullmatch(r"UID FETCH ([\d,]+) \(BODY.PEEK\[\]\)", each) for each in peer.commands)
    return [[int(uid) for uid in match[1].split(",")] for match in asked if match]


def uids_of(found: Sequence[RawMail | Unfetched]) -> list[int]:
    return [each.uid for each in found if isinstance(each, RawMail)]


def fetched_until_away(mailbox: Mailbox, uids: Sequence[int]) -> list[RawMail | Unfetched]:
    found: list[RawMail | Unfetched] = []
    with pytest.raises(MailboxAway):
        found.extend(mailbox.fetch(uids))
    return found


def where(
    uid: int, then: Callable[[Conversation, bytes], None]
) -> Callable[[Conversation, bytes, bytes], None]:
    """Answer as a server would, but for the command that asks for the body of that mail."""

    def answer(talk: Conversation, tag: bytes, arguments: bytes) -> None:
        if b"BODY" in arguments and str(uid).encode() in arguments.split(b" ")[0].split(b","):
            then(talk, tag)
        else:
            talk.default("UID FETCH", tag, arguments)

    return answer


def hang_up(_talk: Conversation, _tag: bytes) -> None:
    raise HangUp


def say_bye(talk: Conversation, _tag: bytes) -> None:
    talk.send(b"* BYE so long\r\n")
    raise HangUp


def refuse(talk: Conversation, tag: bytes) -> None:
    talk.send(tag + b" NO not these\r\n")


def test_the_next_chunk_is_asked_for_before_the_first_mail_is_given_out(imap_server: ServedMailbox) -> None:
    with ScriptedPeer(MAILS) as peer, connect(peer.mailbox().config()) as mailbox:
        fetched = mailbox.fetch(sorted(MAILS))
        assert uids_of([next(fetched)]) == [1]
        assert bodies_asked(peer)[0] == [1, 2]
        assert [sent.uids for sent in mailbox._link.protocol.under_way][-1] == [3, 4]
        assert uids_of(list(fetched)) == [2, 3, 4, 5, 6, 7]
        assert bodies_asked(peer) == [[1, 2], [3, 4], [5, 6], [7]]
    many = [imap_server.append(raw) for raw in MAILS.values()]
    with connect(imap_server.config()) as mailbox:
        assert [each.raw for each in mailbox.fetch(many) if isinstance(each, RawMail)] == list(MAILS.values())


@pytest.mark.parametrize("order", [[7, 1, 5, 2, 6, 3, 4], [4, 3, 2, 1], [2]])
def test_uids_in_any_order_come_in_that_order(order: list[int]) -> None:
    with ScriptedPeer(MAILS) as peer, connect(peer.mailbox().config()) as mailbox:
        assert uids_of(list(mailbox.fetch(order))) == order


def test_uids_are_taken_a_list_at_a_time(imap_server: ServedMailbox) -> None:
    taken: list[int] = []

    def uids() -> Iterator[int]:
        for uid in many:
            taken.append(uid)
            yield uid

    many = [imap_server.append(mail(str(number))) for number in range(12)]
    with connect(imap_server.config()) as mailbox:
        fetched = mailbox.fetch(uids())
        next(fetched)
        assert taken == many[:8]
        assert len(list(fetched)) == 11


def test_mails_are_moved_while_others_are_under_way(dovecot_mailbox: ServedMailbox) -> None:
    raws = list(MAILS.values())[:6]
    uids = [dovecot_mailbox.append(raw) for raw in raws]
    found: list[int] = []
    with connect(dovecot_mailbox.config(FILING="move")) as mailbox:
        fetched = mailbox.fetch(uids)
        while some := list(islice(fetched, 2)):
            moved = uids_of(some)
            found += moved
            assert all(filed.uid for filed in mailbox.move_together(moved, "Logged").values())
            assert mailbox.uids(above=uids[-1]) == []
    assert found == uids
    assert [each.raw for each in dovecot_mailbox.mails("Logged")] == raws


def test_data_that_come_before_the_end_of_an_earlier_command_belong_to_the_one_that_asked() -> None:
    """As Dovecot has it: the first ends when the data of all have been sent."""
    ends: list[bytes] = []

    def late(talk: Conversation, tag: bytes, arguments: bytes) -> None:
        if b"BODY" not in arguments:
            talk.default("UID FETCH", tag, arguments)
            return
        talk._uid_fetch(tag, arguments)
        ends.append(tag)
        if len(ends) == 2 or b"7" in arguments.split(b" ")[0]:
            for each in ends:
                talk.ok(each)
            ends.clear()

    with (
        ScriptedPeer(MAILS, answers={"UID FETCH": late}) as peer,
        connect(peer.mailbox().config(IMAP_TIMEOUT="5")) as mailbox,
    ):
        assert uids_of(list(mailbox.fetch(sorted(MAILS)))) == sorted(MAILS)
        assert bodies_asked(peer) == [[1, 2], [3, 4], [5, 6], [7]]


@pytest.mark.parametrize("then", [hang_up, say_bye])
def test_a_connection_that_breaks_ahead_gives_what_came_and_blames_what_was_due(
    then: Callable[[Conversation, bytes], None],
) -> None:
    memory = Memory()
    with ScriptedPeer(MAILS, answers={"UID FETCH": where(3, then)}) as peer:
        with connect(peer.mailbox().config(), memory) as mailbox:
            assert uids_of(fetched_until_away(mailbox, sorted(MAILS))) == [1, 2]
        assert +memory.suspects("INBOX") == {3: 1, 4: 1}
        peer.answers = {}
        peer.commands.clear()
        with connect(peer.mailbox().config(), memory) as mailbox:
            assert uids_of(list(mailbox.fetch([3, 4, 5, 6, 7]))) == [3, 4, 5, 6, 7]
        assert bodies_asked(peer) == [[3, 4], [5, 6], [7]]
        assert +memory.suspects("INBOX") == {}


def test_while_a_mail_is_suspected_nothing_else_is_under_way() -> None:
    memory = Memory()
    memory.suspects("INBOX").update([3, 4])
    with ScriptedPeer(MAILS) as peer, connect(peer.mailbox().config(), memory) as mailbox:
        for each in mailbox.fetch(sorted(MAILS)):
            if each.uid in {3, 4}:
                assert not mailbox._link.protocol.under_way
        assert bodies_asked(peer) == [[1, 2], [3, 4], [5, 6], [7]]


def test_a_move_that_meets_the_break_blames_what_was_due() -> None:
    memory = Memory()
    with (
        ScriptedPeer(MAILS, answers={"UID FETCH": where(3, hang_up)}) as peer,
        connect(peer.mailbox().config(FILING="move"), memory) as mailbox,
    ):
        fetched = mailbox.fetch(sorted(MAILS))
        assert uids_of(list(islice(fetched, 2))) == [1, 2]
        with pytest.raises(MailboxAway):
            mailbox.move_together([1, 2], "Logged")
        fetched.close()  # type: ignore[attr-defined]  # a generator
    assert +memory.suspects("INBOX") == {3: 1, 4: 1}


def test_a_chunk_that_is_refused_is_asked_for_mail_by_mail_behind_the_next_one() -> None:
    with (
        ScriptedPeer(MAILS, answers={"UID FETCH": where(2, refuse)}) as peer,
        connect(peer.mailbox().config()) as mailbox,
    ):
        found = list(mailbox.fetch(sorted(MAILS)))
    assert uids_of(found) == [1, 3, 4, 5, 6, 7]
    assert [each.uid for each in found if isinstance(each, Unfetched)] == [2]
    assert bodies_asked(peer) == [[1, 2], [3, 4], [1], [2], [5, 6], [7]]


def test_a_mail_that_another_client_removes_meanwhile_is_left_out(imap_server: ServedMailbox) -> None:
    uids = [imap_server.append(raw) for raw in MAILS.values()]
    with connect(imap_server.config()) as mailbox:
        fetched = mailbox.fetch(uids)
        first = next(fetched)
        imap_server.remove(uids[-1])
        rest = list(fetched)
    assert first.uid == uids[0]
    assert [each.uid for each in rest if isinstance(each, Unfetched)] == []
    assert uids_of(rest) == uids[1:-1]


def test_what_is_told_of_another_mail_meanwhile_is_nobodys_body() -> None:
    def with_flags(talk: Conversation, tag: bytes, arguments: bytes) -> None:
        talk.send(b"* 7 FETCH (UID 7 FLAGS (\\Seen))\r\n* 3 FETCH (FLAGS (\\Seen))\r\n* 99 EXISTS\r\n")
        talk.default("UID FETCH", tag, arguments)

    with (
        ScriptedPeer(MAILS, answers={"UID FETCH": with_flags}) as peer,
        connect(peer.mailbox().config()) as mailbox,
    ):
        found = list(mailbox.fetch(sorted(MAILS)))
    assert [each.raw for each in found if isinstance(each, RawMail)] == list(MAILS.values())


def test_who_stops_in_the_middle_can_go_on_with_something_else(imap_server: ServedMailbox) -> None:
    uids = [imap_server.append(raw) for raw in MAILS.values()]
    with connect(imap_server.config()) as mailbox:
        next(mailbox.fetch(uids))
        assert mailbox.uids() == uids
        assert uids_of(list(mailbox.fetch(uids[2:4]))) == uids[2:4]


def test_two_large_mails_are_never_under_way_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "CHUNK_BYTES", 500)
    large = mail("large", "x" * 600)
    with (
        ScriptedPeer({1: mail("1"), 2: large, 3: large, 4: mail("4")}) as peer,
        connect(peer.mailbox().config()) as mailbox,
    ):
        for each in mailbox.fetch([1, 2, 3, 4]):
            if each.uid in {2, 3}:
                assert not mailbox._link.protocol.under_way
    assert bodies_asked(peer) == [[1], [2], [3], [4]]


def test_filed_is_told_although_a_fetch_is_under_way() -> None:
    with ScriptedPeer(MAILS) as peer:
        peer.folders["Logged"] = {}
        with connect(peer.mailbox().config(FILING="move")) as mailbox:
            fetched = mailbox.fetch(sorted(MAILS))
            list(islice(fetched, 2))
            assert mailbox.move_together([1, 2], "Logged") == {
                1: Filed("Logged", 70, 1),
                2: Filed("Logged", 70, 2),
            }
            assert uids_of(list(fetched)) == [3, 4, 5, 6, 7]


def test_a_search_that_is_carried_out_before_an_earlier_fetch_confuses_nothing() -> None:
    held: list[tuple[bytes, bytes]] = []

    def fetch(talk: Conversation, tag: bytes, arguments: bytes) -> None:
        if not held:
            held.append((tag, arguments))
        else:
            talk.default("UID FETCH", tag, arguments)

    def search(talk: Conversation, tag: bytes, arguments: bytes) -> None:
        talk.default("UID SEARCH", tag, arguments)
        talk.default("UID FETCH", *held[0])

    with (
        ScriptedPeer(MAILS, answers={"UID FETCH": fetch, "UID SEARCH": search}) as peer,
        connect(peer.mailbox().config()) as mailbox,
    ):
        mailbox._link.protocol.news = True  # else a NOOP goes before the search
        sent = mailbox._link.ask("fetching mail", [1], "RFC822.SIZE")
        assert mailbox.uids() == sorted(MAILS)
        assert mailbox._link.fetched(sent).keys() == {1}
        assert uids_of(list(mailbox.fetch([2, 3]))) == [2, 3]
        assert not mailbox._link.protocol.under_way


def test_two_searches_that_are_carried_out_before_an_earlier_fetch_are_each_answered() -> None:
    held: list[tuple[bytes, bytes]] = []

    def let_go(talk: Conversation, tag: bytes, _arguments: bytes) -> None:
        talk.default("UID FETCH", *held.pop())
        talk.ok(tag)

    answers = {"UID FETCH": lambda _talk, *asked: held.append(asked), "NOOP": let_go}
    with ScriptedPeer(MAILS, answers=answers) as peer, connect(peer.mailbox().config()) as mailbox:
        link = mailbox._link
        sent = link.ask("fetching mail", [1], "RFC822.SIZE")
        assert link.found(begin_search(link, "1:3")) == [1, 2, 3]
        assert link.found(begin_search(link, "4:*")) == [4, 5, 6, 7]
        link.noop("asking for a sign of life")
        assert link.fetched(sent).keys() == {1}
        assert not link.protocol.under_way
