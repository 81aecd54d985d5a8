"""People, subjects and words as header blocks write them."""

from __future__ import annotations

import pytest

from crm_logger.core.address import canonical
from crm_logger.core.forward.names import find_address, read_people, read_represented
from crm_logger.core.forward.subjects import read_prefix, same_subject, split_prefix
from crm_logger.core.forward.vocabulary import WORDS, Vocabulary, is_divider, is_rule
from crm_logger.core.model import Person

CARL = ("Carl Client", "carl@client.example")
DORA = ("Dora", "dora@client.example")


@pytest.mark.parametrize(
    ("value", "people"),
    [
        ("", []),
        ("Carl Client <carl@client.example>", [CARL]),
        ("carl@client.example (Carl Client), dora@client.example (Dora)", [CARL, DORA]),
        ('"Carl Client" <carl@client.example>', [CARL]),
        ("'Carl Client' <carl@client.example>", [CARL]),
        ("**Carl Client** <carl@client.example>", [CARL]),
        ("*Carl Client* [carl@client.example]", [CARL]),
        ("Carl Client (carl@client.example)", [CARL]),
        ("Carl Client＜carl@client.example＞", [CARL]),
        ("Carl Client <mailto:carl@client.example>", [CARL]),
        ("Carl Client [mailto:carl@client.example]", [CARL]),
        ("Carl Client<MAILTO:carl@client.example?subject=x>", [CARL]),
        ("Carl Client <carl@client.example<mailto:carl@client.example>>", [CARL]),
        ("carl@client.example<mailto:carl@client.example>", [("", CARL[1])]),
        ("carl@client.example <carl@client.example>", [("", CARL[1])]),
        ("<Carl@Client.example>", [("", CARL[1])]),
        ("\u200fCarl Client\u200f <carl@client.example>", [CARL]),
        ("Client, Carl <carl@client.example>", [("Client, Carl", CARL[1])]),
        (
            '"Client, Carl" <carl@client.example>, Dora <dora@client.example>',
            [("Client, Carl", CARL[1]), DORA],
        ),
        ("Carl Client <carl@client.example>; Dora <dora@client.example>;", [CARL, DORA]),
        ("Carl Client <carl@client.example>、Dora <dora@client.example>", [CARL, DORA]),
        ("Ann; Dora <dora@client.example>", [("Ann", ""), DORA]),
        ("Ann Seller/ACME@ACME, dora@client.example", [("Ann Seller/ACME@ACME", ""), ("", DORA[1])]),
        ("; Dora <dora@client.example>", [DORA]),
        ("Dora <dora@client.example>; Ann; Bob", [DORA, ("Ann", ""), ("Bob", "")]),
        ("Ann Seller; Bob", [("Ann Seller", ""), ("Bob", "")]),
        ("Ann Seller, Bob Stone", [("Ann Seller", ""), ("Bob Stone", "")]),
        ("Client, Carl", [("Client, Carl", "")]),
        ("鈴木, 佐藤 健一", [("鈴木", ""), ("佐藤 健一", "")]),
        ("Ann, Bob, Dora", [("Ann", ""), ("Bob", ""), ("Dora", "")]),
        ("Carl (Sales)", [("Carl (Sales)", "")]),
        ("Carl <>", [("Carl", "")]),
        ("Carl]", [("Carl", "")]),
        ("undisclosed-recipients:;", []),
        ("not an @ address", [("not an @ address", "")]),
        ("x@-", [("x@-", "")]),
        ('""" <carl@client.example>', [("", CARL[1])]),
    ],
)
def test_people_are_read_however_clients_write_them(value: str, people: list[tuple[str, str]]) -> None:
    assert [(person.name, person.address) for person in read_people(value)] == people


def test_the_first_address_of_a_text_is_found() -> None:
    assert find_address("ask x@- or Carl@Client.example.") == CARL[1]
    assert find_address("nobody") == ""


@pytest.mark.parametrize(
    ("subject", "prefix", "rest"),
    [
        ("Offer", "", "Offer"),
        ("Fwd: Offer", "fwd", "Offer"),
        ("[Fwd: Offer]", "fwd", "Offer"),
        ("[EXT] ***SPAM*** {x} FW: Offer", "fw", "Offer"),
        ("Re[2]: Offer", "re", "Offer"),
        ("AW(2): Offer", "aw", "Offer"),
        ("转发：Offer", "转发", "Offer"),
        ("Redir.: Offer", "redir", "Offer"),
        ("one two three four: Offer", "", "one two three four: Offer"),
        ("", "", ""),
    ],
)
def test_a_prefix_is_parted_from_its_subject(subject: str, prefix: str, rest: str) -> None:
    assert split_prefix(subject) == (prefix, rest)


def test_a_prefix_tells_what_it_stands_for() -> None:
    assert read_prefix("WG: Offer", WORDS).forward >= {"de"}
    assert read_prefix("AW: Offer", WORDS).reply >= {"de"}
    assert read_prefix("Re: Fwd: Offer", WORDS).inner_forward
    assert read_prefix("Offer (fwd)", WORDS).forward == {"en"}
    assert read_prefix("Qwx: Offer", WORDS)[1:] == (frozenset(), frozenset(), False)


@pytest.mark.parametrize(
    ("outer", "inner", "same"),
    [
        ("Fwd: Offer", "Offer", True),
        ("Offer", "Offer", True),
        ("Fwd: RE: Offer", "RE: Offer", True),
        ("Fwd: Offer", "RE: Offer", True),
        ("Fwd: offer  new", "Offer new", True),
        ("[Fwd: Offer]", "Offer", True),
        ("Fwd: An offer", "Offer", False),
        ("Fwd: Offer", "Another offer", False),
        ("Fwd: " + "x" * 40 + ": Offer", "Offer", False),
        ("Fwd:", "Fwd:", True),
        ("", "", False),
        ("Fwd: Offer", "", False),
    ],
)
def test_a_subject_is_the_same_behind_its_prefixes(outer: str, inner: str, same: bool) -> None:  # noqa: FBT001
    assert same_subject(outer, inner) is same


@pytest.mark.parametrize(
    ("said", "own"),
    [
        ("---------- Forwarded message ---------", True),
        ("Begin forwarded message:", True),
        ("-----Original Message-----", False),
        ("-----Ursprüngliche Nachricht-----", False),
        ("----- Forwarded message from Carl <carl@client.example> -----", True),
        ("Forwarded", None),
        ("-----", None),
        ("Hello", None),
        ("- see you", None),
    ],
)
def test_a_marker_is_a_forwards_own_or_one_of_replies_too(said: str, own: bool | None) -> None:  # noqa: FBT001
    assert WORDS.marker(said) is own


def test_an_end_marker_is_drawn() -> None:
    assert WORDS.is_end_marker("----- End of forwarded message -----")
    assert not WORDS.is_end_marker("End of forwarded message")
    assert not WORDS.is_end_marker("----- Forwarded message -----")
    assert not Vocabulary(()).is_end_marker("----- End of forwarded message -----")


@pytest.mark.parametrize(
    ("said", "divider"),
    [
        ("-----", True),
        ("- - - x - - -", True),
        ("=== Wqxz ===", True),
        ("***** Wqxz *****", True),
        ("**To:** **Ann**", False),
        ("-- Ann", False),
        ("...and so on...", False),
        ("a---a", False),
        ("--", False),
        ("-a-b-", False),
    ],
)
def test_a_divider_is_drawn_on_both_sides(said: str, divider: bool) -> None:  # noqa: FBT001 -- a table's column
    assert is_divider(said) is divider


def test_a_rule_says_nothing() -> None:
    assert is_rule("_____")
    assert not is_rule("__")
    assert not is_rule("-- x")


def test_words_right_behind_an_address_are_none_of_it_but_a_domain_of_one_script_is() -> None:
    assert find_address("m.rossi@posta.exampleのメール:") == "m.rossi@posta.example"
    assert read_people("Kim <kim@hanguk.example님이>")[0].address == "kim@hanguk.example"
    assert find_address("kim@한국.한국") == canonical("kim@한국.한국")


@pytest.mark.parametrize(
    ("value", "person"),
    [
        (
            "Office <office@a.example> on behalf of Dora Hill <dora@a.example>",
            Person("Dora Hill", "dora@a.example"),
        ),
        ("office@a.example im Auftrag von dora@a.example", Person("", "dora@a.example")),
        ("Office <office@a.example> on behalf of Dora Hill", None),
        ("Office on behalf of Dora <dora@a.example>", None),
        ("Office <o@a.example> on behalf of Dora <d@a.example>, Carl <c@a.example>", None),
        ("Carl <carl@a.example>", None),
    ],
)
def test_a_mail_is_whose_behalf_it_was_sent_on_where_both_addresses_are_told(
    value: str, person: Person | None
) -> None:
    assert read_represented(value) == person
