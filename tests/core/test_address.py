"""Addresses: one normal form, lists of them, never-log patterns, log addresses, domains."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_logger.core import address as addresses
from crm_logger.core.address import (
    canonical,
    canonical_domain,
    domain_of,
    is_free_mail,
    is_public_suffix,
    log_address_parts,
    mint_token,
    never_log_match,
    parse_addresses,
    read_any_list,
    read_mailboxes,
    read_pattern,
    read_plain_list,
    strip_plus_tag,
    token_hash,
)
from crm_logger.core.model import Kind, Person

ANN = Person("Ann", "ann@acme.test")
LOG_DOMAINS = ("log.example",)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("ann@acme.test", "ann@acme.test"),
        (" <Ann@ACME.Test.> ", "ann@acme.test"),
        ("\u200bann@acme.test\ufeff", "ann@acme.test"),
        ('"ann"@acme.test', "ann@acme.test"),
        ('"a\\nn"@acme.test', "ann@acme.test"),
        ('"ann smith"@acme.test', '"ann smith"@acme.test'),
        ('"a\\"b"@acme.test', '"a\\"b"@acme.test'),
        ('"a@b"@acme.test', '"a@b"@acme.test'),
        ("ann..b.@docomo.example", "ann..b.@docomo.example"),
        ("JÜRGEN@acme.test", "jürgen@acme.test"),
        ("ju\u0308rgen@acme.test", "jürgen@acme.test"),
        ("info@Straße.example", "info@straße.example"),
        ("info@xn--strae-oqa.example", "info@straße.example"),
        ("info@STRASSE.example", "info@strasse.example"),
        ("info@MÜNCHEN.example", "info@münchen.example"),
        ("info@xn--mnchen-3ya.example", "info@münchen.example"),
        ("info@\uff41cme\u3002test", "info@acme.test"),
        ("a@i❤.example", "a@i❤.example"),
        ("a@xn--zz--.example", "a@xn--zz--.example"),
        ("a@under_score.example", "a@under_score.example"),
        ("root@localhost", "root@localhost"),
        ("root@[192.0.2.1]", "root@[192.0.2.1]"),
        ("root@[IPv6:2001:db8::1]", "root@[ipv6:2001:db8::1]"),
    ],
)
def test_an_address_has_one_normal_form(written: str, normal: str) -> None:
    assert canonical(written) == normal
    assert canonical(normal) == normal


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ann",
        "@acme.test",
        "ann@",
        "ann@acme..test",
        "ann@-acme.test",
        "ann@acme-.test",
        "ann smith@acme.test",
        "a@b@acme.test",
        "alice@example.org)bob@example.com",
        "alice(@acme.test",
        '"ann@acme.test',
        '""@acme.test',
        '"a"b"@acme.test',
        "a\u200bnn@acme.test",
        "a\udc80nn@acme.test",
        "ann@acme\u00a0.test",
        "ann@ü..test",
        "ann@ü@.test",
        "ann@a\u2028ü.test",
        "ann@[acme]]",
        "ann@" + "ü" * 64 + ".test",
        "ann@" + "a" * 64 + ".test",
        "ann@" + "a." * 126 + "test",
        "a" * 250 + "@acme.test",
        "a" * 600 + "@acme.test",
        "ann@xn--" + "a" * 300,
        "ann@" + "\ufdfa" * 60 + ".test",
    ],
)
def test_what_is_no_address_has_none(text: str) -> None:
    assert canonical(text) == ""


def test_a_domain_has_a_normal_form_of_its_own() -> None:
    assert canonical_domain(" ACME.test. ") == "acme.test"
    assert canonical_domain("no domain") == canonical_domain("a" * 1000) == ""
    assert domain_of("Ann@ACME.test") == "acme.test"
    assert domain_of("nobody") == ""


@pytest.mark.parametrize(
    ("written", "bare"),
    [
        ("Ann+crm@acme.test", "ann@acme.test"),
        ("ann@acme.test", "ann@acme.test"),
        ("+x@acme.test", "+x@acme.test"),
        ("x", ""),
    ],
)
def test_a_plus_tag_is_stripped_on_request(written: str, bare: str) -> None:
    assert strip_plus_tag(written) == bare


# ---------------------------------------------------------------- lists


def people(*pairs: tuple[str, str]) -> tuple[Person, ...]:
    return tuple(Person(name, address) for name, address in pairs)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", people()),
        (" , ;, ", people()),
        ("Ann <ann@acme.test>", people(("Ann", "ann@acme.test"))),
        ("ann@acme.test", people(("", "ann@acme.test"))),
        ("ann@acme.test (Ann Smith)", people(("Ann Smith", "ann@acme.test"))),
        ("(Ann (really)) ann@acme.test", people(("Ann (really)", "ann@acme.test"))),
        ("<ann@acme.test> (Ann)", people(("Ann", "ann@acme.test"))),
        (
            '"Smith, Ann" <ann@acme.test>, bob@acme.test',
            people(("Smith, Ann", "ann@acme.test"), ("", "bob@acme.test")),
        ),
        (
            "Smith, Ann <ann@acme.test>, bob@acme.test",
            people(("Smith, Ann", "ann@acme.test"), ("", "bob@acme.test")),
        ),
        ("Smith; Ann <ann@acme.test>", people(("Ann", "ann@acme.test"))),
        ("ann@acme.test; bob@acme.test;", people(("", "ann@acme.test"), ("", "bob@acme.test"))),
        ("ann@acme.test <ann@acme.test>", people(("", "ann@acme.test"))),
        ("'ann@acme.test' <Ann@acme.test>", people(("", "ann@acme.test"))),
        ("=?utf-8?q?M=C3=BCller=2C_Ann?= <ann@acme.test>", people(("Müller, Ann", "ann@acme.test"))),
        ('"=?utf-8?q?M=C3=BCller?=" <ann@acme.test>', people(("Müller", "ann@acme.test"))),
        ('"A \\"Ann\\" S" <ann@acme.test>', people(('A "Ann" S', "ann@acme.test"))),
        ("Ann\u202e <ann@acme.test>", people(("Ann", "ann@acme.test"))),
        (
            "Team: ann@acme.test, Bob <bob@acme.test>; carl@client.example",
            people(("", "ann@acme.test"), ("Bob", "bob@acme.test"), ("", "carl@client.example")),
        ),
        ("undisclosed-recipients:;", people()),
        ("Re: Ann <ann@acme.test>", people(("Re: Ann", "ann@acme.test"))),
        ("<<ann@acme.test>>", people(("", "ann@acme.test"))),
        ("Ann <ann@acme.test", people(("Ann", "ann@acme.test"))),
        ('"Ann <ann@acme.test>', people(("Ann", "ann@acme.test"))),
        ("Ann (unclosed <ann@acme.test>", people(("Ann (unclosed", "ann@acme.test"))),
        ("Ann ann@acme.test", people(("Ann", "ann@acme.test"))),
        ("ann@acme.test bob@acme.test", people(("", "ann@acme.test"), ("", "bob@acme.test"))),
        ("ann @ acme.test", people(("", "ann@acme.test"))),
        ('"ann smith"@acme.test', people(("", '"ann smith"@acme.test'))),
        ('"ann smith"@acme.test (Ann)', people(("Ann", '"ann smith"@acme.test'))),
        ("<@relay.example,@b.example:ann@acme.test>", people(("", "ann@acme.test"))),
        ("Ann <mailto:ann@acme.test>", people(("Ann", "ann@acme.test"))),
        ("Ann <>", people()),
        ("ann@acme.test <>", people(("", "ann@acme.test"))),
        ("<not an address>", people()),
        ("alice@example.org)bob@example.com", people()),
        ("alice@example.org(bob@example.com", people()),
        ("eve@evil.example <ann@acme.test>", people(("eve@evil.example", "ann@acme.test"))),
        ('"ceo@corp.example" <eve@evil.example>', people(("ceo@corp.example", "eve@evil.example"))),
        ("root@[IPv6:2001:db8::1]", people(("", "root@[ipv6:2001:db8::1]"))),
        ("Ann (a \\) b) <ann@acme.test>", people(("Ann", "ann@acme.test"))),
    ],
)
def test_an_address_list_names_people(value: str, expected: object) -> None:
    assert parse_addresses(value) == expected


def test_bare_names_are_given_on_request() -> None:
    assert parse_addresses("Ann <ann@acme.test>; Bob; Carl", bare_names=True) == (
        ANN,
        Person("Bob", ""),
        Person("Carl", ""),
    )
    assert parse_addresses('"Bob" (x)', bare_names=True) == people(("Bob", ""))


PIECES = [
    "Ann", "Smith", "ann@acme.test", "<ann@acme.test>", "<carl@client.example>", "<Ann@ACME.test.>", "<ann>", "@", "<", ">", ",", ";", ":", "'", '"', "(", ")", "\\",
    " ", "\t", "\u00a0", "\0", "\u202e", "\x1f", ".", "ü", "=?utf-8?q?Z=C3=BC?=", "=?utf-8?q?ann=40acme.test?=", "=?utf-8?q?a,b?=", "mailto:", "[", "]", "Ann <ann@acme.test>", ", ", '"Smith Ann" <ann@acme.test>', "\"'Ann'\"",
]  # fmt: skip


@settings(max_examples=1000)
@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_a_list_that_is_written_plainly_is_read_as_any_list_is(value: str) -> None:
    assert read_plain_list(value) in (None, read_any_list(value))


def test_nearly_every_list_is_written_plainly() -> None:
    value = 'ann@acme.test, Carl Client <carl@client.example>,=?utf-8?q?Z=C3=BC?= <zue@client.example>, "Dora" <d@x.example>'
    assert read_plain_list(value) == read_any_list(value) == read_mailboxes(value)
    assert read_plain_list('"Smith, Ann" <ann@acme.test>') is None


def test_an_address_shown_before_another_is_a_stray() -> None:
    assert read_mailboxes("eve@evil.example <ann@acme.test>").strays == people(("", "eve@evil.example"))
    assert read_mailboxes("<ann@acme.test> eve@evil.example").strays == people(("", "eve@evil.example"))
    assert read_mailboxes("'ann@acme.test' <ann@acme.test>").strays == ()
    assert read_mailboxes('"eve@evil.example" <ann@acme.test>').strays == ()
    assert read_mailboxes("=?utf-8?q?eve@evil.example?= <ann@acme.test>").strays == ()


def test_two_brackets_are_two_people_and_a_group_tells_its_name() -> None:
    assert read_mailboxes("<ann@acme.test> <eve@evil.example>").persons == people(
        ("", "ann@acme.test"), ("", "eve@evil.example")
    )
    assert read_mailboxes("Team: ann@acme.test;").groups == people(("Team", ""))


@pytest.mark.parametrize(
    "unit",
    [
        '"',
        "(",
        "(a)",
        ".",
        ",",
        "<",
        "<a",
        '<"\\"',
        '\\"',
        "@",
        ":",
        ";",
        "a:;",
        " ",
        "=?utf-8?q?a?= ",
        "=?a?q?",
        "a@b,",
    ],
)
def test_hostile_lists_take_linear_time(unit: str) -> None:
    started = time.process_time()
    parse_addresses(unit * (64 * 1024 // len(unit)))
    assert time.process_time() - started < 2


# ---------------------------------------------------------------- never-log


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("Carl@Client.Example", "carl@client.example"),
        ("client.example", "client.example"),
        ("*@client.example", "client.example"),
        ("@client.example", "client.example"),
        ("*.client.example", "client.example"),
        ("=Client.example", "=client.example"),
        ("*@xn--mnchen-3ya.example", "münchen.example"),
        ("*@localhost", "localhost"),
        ("=localhost", "=localhost"),
        ("client", None),
        ("", None),
        ("=", None),
        ("*@", None),
        ("a b@client.example", None),
    ],
)
def test_a_pattern_has_a_normal_form_or_is_refused(typed: str, normal: str | None) -> None:
    assert read_pattern(typed) == normal


@pytest.mark.parametrize(
    ("pattern", "address", "matched"),
    [
        ("carl@client.example", "Carl@CLIENT.example", "carl@client.example"),
        ("carl@client.example", "karl@client.example", None),
        ("client.example", "carl@client.example", "client.example"),
        ("client.example", "carl@mail.client.example", "client.example"),
        ("client.example", "carl@notclient.example", None),
        ("*@client.example", "carl@a.b.client.example", "*@client.example"),
        ("=client.example", "carl@client.example", "=client.example"),
        ("=client.example", "carl@mail.client.example", None),
        ("MÜNCHEN.example", "info@xn--mnchen-3ya.example", "MÜNCHEN.example"),
        ("nonsense", "carl@client.example", None),
        ("client.example", "nobody", None),
    ],
)
def test_r8_a_pattern_names_an_address_a_domain_or_exactly_one(
    pattern: str, address: str, matched: str | None
) -> None:
    assert never_log_match(["other.example", pattern], address) == matched


# ---------------------------------------------------------------- log addresses


TOKEN = "mfqwcylbmfqwcylbmfqwcylbme"


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        (f"bcc-{TOKEN}@log.example", (Kind.BCC, TOKEN)),
        (f"BCC-{TOKEN.upper()}@Log.Example", (Kind.BCC, TOKEN)),
        (f"forward-{TOKEN}+deal-7@log.example", (Kind.FORWARD, TOKEN)),
        ("bcc-broken@log.example", (Kind.BCC, "broken")),
        ("bcc-@log.example", (Kind.BCC, "")),
        ("bcc@log.example", None),
        ("other-x@log.example", None),
        (f"bcc-{TOKEN}@mail.log.example", None),
        (f"bcc-{TOKEN}@client.example", None),
        (f"x{TOKEN}", None),
        ("catch-all@log.example", None),
    ],
)
def test_a_log_address_is_read_by_kind_and_token(address: str, parts: object) -> None:
    assert log_address_parts(address, LOG_DOMAINS) == parts


def test_a_token_spells_128_random_bits_and_is_known_by_its_hash() -> None:
    assert mint_token(b"a" * 16) == TOKEN
    assert token_hash(TOKEN.upper()) == token_hash(TOKEN) != token_hash("other")
    assert len(token_hash(TOKEN)) == 64
    with pytest.raises(ValueError, match="16 bytes, not 15"):
        mint_token(b"a" * 15)


# ---------------------------------------------------------------- domains


def test_free_mail_and_public_suffixes_are_known() -> None:
    assert is_free_mail("GMAIL.com")
    assert not is_free_mail("acme.test")
    assert is_public_suffix("co.uk")
    assert not is_public_suffix("acme.co.uk")
    assert not is_public_suffix("")


def test_the_lists_are_loaded_once() -> None:
    assert addresses._public_suffixes() is addresses._public_suffixes()
