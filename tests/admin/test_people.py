"""Accounts, users and their addresses, through the commands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.cast import mail

if TYPE_CHECKING:
    from .conftest import Desk, Shop

LOG_ADDRESS = re.compile(r"^  ((?:bcc|forward)-[a-z2-7]{26}@log\.example)$", re.MULTILINE)


def acme(desk: Desk) -> list[str]:
    """Make Acme with Ann; return its two log addresses."""
    minted = LOG_ADDRESS.findall(desk.ok("account", "add", "Acme"))
    desk.ok("user", "add", "Ann@ACME.test", "--name", "Ann Archer")
    return minted


# ---------------------------------------------------------------- accounts


def test_a_new_account_comes_with_its_two_log_addresses(desk: Desk) -> None:
    bcc, forwarding = acme(desk)
    assert bcc.startswith("bcc-")
    assert forwarding.startswith("forward-")
    assert LOG_ADDRESS.findall(desk.ok("addresses")) == [bcc, forwarding]


def test_an_account_can_be_renamed_and_removed_while_no_mail_came(desk: Desk) -> None:
    acme(desk)
    desk.ok("account", "rename", "acme", "Acme Ltd")
    assert [each["name"] for each in desk.json("account", "list")] == ["Acme Ltd"]
    desk.ok("account", "remove", "Acme Ltd")
    assert desk.json("account", "list") == desk.json("user", "list") == []


@pytest.mark.parametrize(
    ("author", "has"), [("ann@acme.test", "1 contacts"), ("bob@acme.test", "0 contacts")]
)
def test_an_account_that_mail_came_for_stays(shop: Shop, author: str, has: str) -> None:
    shop.deliver(mail(to_log=shop.office.bcc, author=author))
    assert f"1 receipts and {has}" in shop.desk.refused("account", "remove", "Acme")
    assert "Acme" in shop.desk.ok("account", "list")


def test_an_account_with_contacts_stays(shop: Shop) -> None:
    shop.desk.ok("contact", "add", "carl@client.example")
    assert "0 receipts and 1 contacts" in shop.desk.refused("account", "remove", "Acme")


@pytest.mark.parametrize("name", ["Acme", "ACME", "  acme ", "", "17"])
def test_an_account_needs_a_name_of_its_own(desk: Desk, name: str) -> None:
    acme(desk)
    assert desk.refused("account", "add", name)


def test_the_account_is_asked_for_only_where_there_are_several(desk: Desk) -> None:
    assert "crm-logger account add" in desk.refused("user", "add", "ann@acme.test")
    acme(desk)
    desk.ok("user", "add", "bob@acme.test")
    desk.ok("account", "add", "Globex")
    assert "--account" in desk.refused("user", "add", "gus@globex.test")
    desk.ok("user", "add", "gus@globex.test", "--account", "globex")
    assert "There are: Acme, Globex." in desk.refused("user", "list", "--account", "Initech")
    assert [each["address"] for each in desk.json("user", "list", "--account", "Globex")] == [
        "gus@globex.test"
    ]


# ---------------------------------------------------------------- users


def test_a_user_is_added_listed_and_changed(desk: Desk) -> None:
    acme(desk)
    desk.ok("user", "add", "bob@acme.test", "--name", "Bob", "--no-sales-access")
    assert "no sales access" in desk.ok("user", "list")
    desk.ok(
        "user",
        "change",
        "BOB@acme.test",
        "--sales-access",
        "--name",
        "Bob Baker",
        "--address",
        "robert@acme.test",
    )
    desk.ok("user", "change", "ann@acme.test", "--inactive")
    ann, bob = desk.json("user", "list")
    assert (ann["active"], ann["sales_access"]) == (False, True)
    assert (bob["name"], bob["address"], bob["sales_access"]) == ("Bob Baker", "robert@acme.test", True)


def test_a_change_of_nothing_says_what_can_be_changed(desk: Desk) -> None:
    acme(desk)
    assert "--no-sales-access" in desk.refused("user", "change", "ann@acme.test", status=2)


@pytest.mark.parametrize(
    "address", ["ann@acme.test", "a.archer@alias.test", "not an address", "bcc-x@log.example"]
)
def test_an_address_that_is_anothers_or_none_names_no_user(desk: Desk, address: str) -> None:
    acme(desk)
    desk.ok("alias", "add", "ann@acme.test", "a.archer@alias.test")
    assert desk.refused("user", "add", address)
    desk.ok("user", "add", "bob@acme.test")
    for words in (("alias", "add", "bob@acme.test"), ("connected", "add", "bob@acme.test")):
        assert desk.refused(*words, address)
    assert desk.refused("user", "change", "bob@acme.test", "--address", address)


def test_the_same_address_may_be_a_user_of_two_accounts(desk: Desk) -> None:
    acme(desk)
    desk.ok("account", "add", "Globex")
    desk.ok("user", "add", "ann@acme.test", "--account", "Globex")
    assert "Acme, Globex" in desk.refused("user", "change", "ann@acme.test", "--inactive")
    desk.ok("user", "change", "ann@acme.test", "--inactive", "--account", "Globex")
    assert [each["active"] for each in desk.json("user", "list")] == [True, False]


def test_a_user_who_logged_something_stays(shop: Shop) -> None:
    shop.deliver(mail(to_log=shop.office.bcc))
    assert "--inactive" in shop.desk.refused("user", "remove", "ann@acme.test")
    shop.desk.ok("user", "remove", "bob@acme.test")
    assert [each["address"] for each in shop.desk.json("user", "list")] == ["ann@acme.test"]


def test_a_user_who_was_refused_can_be_removed_and_the_receipt_stays(shop: Shop) -> None:
    shop.deliver(mail(to_log=shop.office.bcc, author="bob@acme.test"))
    shop.desk.ok("user", "remove", "bob@acme.test")
    (receipt,) = shop.desk.json("receipts")
    assert (receipt["reason"], receipt["user"]) == ("no-sales-access", "")


@pytest.mark.parametrize("group", ["alias", "connected"])
def test_further_addresses_are_added_listed_and_removed(desk: Desk, group: str) -> None:
    acme(desk)
    desk.ok(group, "add", "ann@acme.test", "Ann@STRASSE.example")
    assert desk.json(group, "list") == [
        {"account": "Acme", "user": "ann@acme.test", "address": "ann@strasse.example"}
    ]
    assert desk.json(group, "list", "ann@strasse.example") == desk.json(group, "list")
    assert "ann@strasse.example" in desk.ok(group, "list")
    desk.ok(group, "remove", "ann@acme.test", "ann@strasse.example")
    assert desk.json(group, "list") == []
    assert desk.refused(group, "remove", "ann@acme.test", "ann@strasse.example")
    assert desk.refused(group, "remove", "ann@acme.test", "ann@acme.test"), "the own address is neither"


def test_an_alias_that_is_a_contact_is_noted(desk: Desk) -> None:
    acme(desk)
    desk.ok("contact", "add", "ann@home.example", "--name", "Ann at home")
    assert "contact Ann at home" in desk.ok("alias", "add", "ann@acme.test", "ann@home.example")


# ---------------------------------------------------------------- log addresses


def test_rotated_addresses_stay_valid_for_the_grace_period_and_are_shown(desk: Desk) -> None:
    old = acme(desk)
    new = LOG_ADDRESS.findall(desk.ok("address", "rotate"))
    assert not set(old) & set(new)
    shown = desk.json("addresses")
    assert {each["address"] for each in shown if each["valid_until"]} == set(old)
    assert {each["address"] for each in shown if not each["valid_until"]} == set(new)


def test_a_grace_of_no_days_ends_the_old_addresses_now(desk: Desk) -> None:
    old = acme(desk)
    desk.ok("address", "rotate", "--grace-days", "0", "--kind", "bcc")
    assert old[0] not in desk.ok("addresses")
    assert old[1] in desk.ok("addresses")
    assert "ended" in desk.ok("addresses", "--all")


def test_the_setting_tells_the_grace_period(desk: Desk) -> None:
    acme(desk)
    assert "valid for 7 days" in desk.ok("address", "rotate", ROTATION_GRACE_DAYS="7")


def test_a_revoked_address_is_shown_only_when_asked_for(desk: Desk) -> None:
    bcc, forwarding = acme(desk)
    desk.ok("address", "revoke", bcc.upper())
    assert LOG_ADDRESS.findall(desk.ok("addresses")) == [forwarding]
    assert "REVOKED" in desk.ok("addresses", "--all")
    assert desk.refused("address", "revoke", "bcc-nobody@log.example")


def test_a_user_has_log_addresses_of_the_own(desk: Desk) -> None:
    shared = acme(desk)
    desk.ok("user", "add", "cole@acme.test", "--name", "Cole")
    own = LOG_ADDRESS.findall(desk.ok("address", "add", "--user", "ann@acme.test"))
    assert LOG_ADDRESS.findall(desk.ok("addresses", "ann@acme.test")) == [*shared, *own]
    assert LOG_ADDRESS.findall(desk.ok("addresses", "cole@acme.test")) == shared
    new = LOG_ADDRESS.findall(desk.ok("address", "rotate", "--user", "ann@acme.test", "--grace-days", "0"))
    assert LOG_ADDRESS.findall(desk.ok("addresses", "ann@acme.test")) == [*shared, *new]


def test_addresses_need_the_log_domain(desk: Desk) -> None:
    del desk.settings["LOG_DOMAIN"]
    assert "LOG_DOMAIN is missing" in desk.refused("addresses", status=78)


# ---------------------------------------------------------------- lists


@pytest.mark.parametrize(
    ("typed", "entry", "matches"),
    [
        ("Eve@Nobody.example", "eve@nobody.example", "eve@nobody.example"),
        ("nobody.example", "nobody.example", "Everybody at nobody.example and its subdomains"),
        ("*@nobody.example", "nobody.example", "Everybody at nobody.example and its subdomains"),
        ("=nobody.example", "=nobody.example", "Everybody at nobody.example (not its subdomains)"),
    ],
)
def test_a_never_log_entry_says_what_it_matches(desk: Desk, typed: str, entry: str, matches: str) -> None:
    acme(desk)
    assert matches in desk.ok("never-log", "add", typed)
    assert [each["pattern"] for each in desk.json("never-log", "list")] == [entry]
    assert matches in desk.ok("never-log", "list")
    assert desk.refused("never-log", "add", typed)
    desk.ok("never-log", "remove", typed)
    assert desk.json("never-log", "list") == []
    assert desk.refused("never-log", "remove", typed)


@pytest.mark.parametrize("pattern", ["nobody", "", "a b@c", "*", "=", "com", "co.uk", "=co.uk"])
def test_a_pattern_that_is_none_or_matches_half_the_world_is_refused(desk: Desk, pattern: str) -> None:
    acme(desk)
    assert desk.refused("never-log", "add", pattern)


def test_a_user_has_a_never_log_list_of_the_own(desk: Desk) -> None:
    acme(desk)
    desk.ok("never-log", "add", "nobody.example")
    desk.ok("never-log", "add", "nobody.example", "--user", "ann@acme.test")
    assert [each["user"] for each in desk.json("never-log", "list")] == ["", "Ann Archer"]
    assert len(desk.json("never-log", "list", "--user", "ann@acme.test")) == 1
    desk.ok("never-log", "remove", "nobody.example", "--user", "ann@acme.test")
    assert [each["user"] for each in desk.json("never-log", "list", "--account", "Acme")] == [""]


def test_an_internal_domain_is_added_listed_and_removed(desk: Desk) -> None:
    acme(desk)
    desk.ok("internal", "add", "@ACME.test")
    assert [each["domain"] for each in desk.json("internal", "list")] == ["acme.test"]
    assert "acme.test" in desk.ok("internal", "list", "--account", "Acme")
    assert desk.refused("internal", "add", "acme.test")
    desk.ok("internal", "remove", "acme.test")
    assert desk.refused("internal", "remove", "acme.test")


@pytest.mark.parametrize("domain", ["gmail.com", "co.uk", "acme", "ann@acme.test", ""])
def test_a_domain_where_clients_are_is_never_internal(desk: Desk, domain: str) -> None:
    acme(desk)
    assert desk.refused("internal", "add", domain)
