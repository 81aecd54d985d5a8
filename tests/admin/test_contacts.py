"""Contacts, through the commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cast import mail

if TYPE_CHECKING:
    from .conftest import Shop

CARL = "carl@client.example"


def test_a_contact_is_added_with_several_addresses_and_found_by_any(shop: Shop) -> None:
    desk = shop.desk
    desk.ok("contact", "add", "Carl@CLIENT.example", "carl@home.example", "--name", "Carl Client")
    for part in ("client", "CARL@home.example", "Client", "carl@home"):
        (found,) = desk.json("contacts", part)
        assert (found["name"], found["addresses"]) == ("Carl Client", [CARL, "carl@home.example"])
    assert desk.json("contacts", "dora") == []
    assert "Carl Client" in desk.ok("contact", "list")


@pytest.mark.parametrize(
    "address",
    [
        "nothing",
        CARL,
        "ann@acme.test",
        "who@acme.test",
        "eve@rival.example",
        "bcc-x@log.example",
        "catchall@log.example",
    ],
)
def test_whoever_may_not_be_a_contact_or_is_one_is_refused(shop: Shop, address: str) -> None:
    desk = shop.desk
    desk.ok("contact", "add", CARL)
    desk.ok("internal", "add", "acme.test")
    desk.ok("never-log", "add", "rival.example")
    assert desk.refused("contact", "add", "new@client.example", address)
    assert desk.refused("contact", "address", "add", CARL, address)
    assert [each["addresses"] for each in desk.json("contacts")] == [[CARL]]


def test_an_address_is_added_and_removed_but_never_the_last(shop: Shop) -> None:
    desk = shop.desk
    desk.ok("contact", "add", CARL)
    desk.ok("contact", "address", "add", CARL, "carl@home.example")
    desk.ok("contact", "address", "remove", "carl@home.example", CARL)
    assert "only address" in desk.refused(
        "contact", "address", "remove", "carl@home.example", "carl@home.example"
    )
    assert desk.refused("contact", "address", "remove", "carl@home.example", CARL)
    assert [each["addresses"] for each in desk.json("contacts")] == [["carl@home.example"]]


def test_merged_contacts_share_one_timeline(shop: Shop) -> None:
    shop.deliver(
        mail(to_log=shop.office.bcc, to="carl@home.example", subject="One"),
        mail(to_log=shop.office.bcc, to="Carl <carl@client.example>", subject="Two"),
        mail(to_log=shop.office.bcc, to="carl@home.example, carl@client.example", subject="Three"),
    )
    shop.desk.ok("contact", "merge", "carl@home.example", CARL)
    (known,) = shop.desk.json("contacts")
    assert (known["name"], set(known["addresses"]), known["engagements"]) == (
        "Carl",
        {CARL, "carl@home.example"},
        3,
    )
    lines = shop.desk.json("timeline", "carl@home.example")["timeline"]
    assert {line["subject"] for line in lines} == {"One", "Two", "Three"}
    assert shop.desk.refused("contact", "merge", CARL, "carl@home.example")


def test_a_contact_with_mail_is_removed_only_with_yes(shop: Shop) -> None:
    shop.deliver(
        mail(to_log=shop.office.bcc, subject="To Carl alone"),
        mail(to_log=shop.office.bcc, cc="dora@client.example", subject="To both"),
    )
    assert "--yes" in shop.desk.refused("contact", "remove", CARL)
    assert "with 1 mail." in shop.desk.ok("contact", "remove", CARL, "--yes")
    assert shop.desk.refused("timeline", CARL)
    lines = shop.desk.json("timeline", "dora@client.example")["timeline"]
    assert [line["subject"] for line in lines] == ["To both"]
    assert len(shop.desk.json("receipts")) == 2
    assert "it is mail" not in shop.desk.ok("explain", "1")


def test_contacts_of_two_accounts_are_told_apart(shop: Shop) -> None:
    desk = shop.desk
    desk.ok("account", "add", "Globex")
    for account in ("Acme", "Globex"):
        desk.ok("contact", "add", CARL, "--account", account)
    assert "--account" in desk.refused("timeline", CARL)
    assert desk.json("timeline", CARL, "--account", "Globex")["contact"]["account"] == "Globex"
    assert "two accounts" in desk.refused("contact", "merge", "1", "2")


# ---------------------------------------------------------------- import


def test_a_file_of_contacts_is_imported_and_bad_rows_are_reported_with_their_line(shop: Shop) -> None:
    shop.desk.folder.joinpath("people.csv").write_text(
        "Name,Address,Address2\n"
        "Carl Client,carl@client.example,carl@home.example\n"
        '"Client,\nDora",dora@client.example,\n'
        "\n"
        "Nobody,,\n"
        "Ann,ann@acme.test,\n"
        "Carl again,CARL@client.example,\n"
        "Gus,gus@globex.test\n"
    )
    said = shop.desk.type("contact", "import", "people.csv")
    assert said.status == 1
    assert said.out.endswith("3 contacts added, 3 rows left out.\n")
    assert [line.split(": ")[0] for line in said.err.splitlines()] == [f"people.csv:{n}" for n in (6, 7, 8)]
    names = [each["name"] for each in shop.desk.json("contacts")]
    assert names == ["Carl Client", "Client, Dora", "Gus"]


@pytest.mark.parametrize(
    "raw", [b"e-mail;name\nd\xc3\xb6ra@client.example;D\xc3\xb6ra\n", b"E-Mail\tName\nd@c.example\tD\xf6ra\n"]
)
def test_a_file_as_spreadsheets_write_it_is_read(shop: Shop, raw: bytes) -> None:
    shop.desk.folder.joinpath("people.csv").write_bytes(b"\xef\xbb\xbf" * (b"\xc3" in raw) + raw)
    shop.desk.ok("contact", "import", "people.csv")
    assert [each["name"] for each in shop.desk.json("contacts")] == ["Döra"]


@pytest.mark.parametrize("text", ["", "carl@client.example\n", 'name,address\n"never closed' + "x" * 200_000])
def test_a_file_without_columns_or_no_csv_is_refused(shop: Shop, text: str) -> None:
    shop.desk.folder.joinpath("people.csv").write_text(text)
    assert "people.csv:" in shop.desk.refused("contact", "import", "people.csv")
    assert shop.desk.json("contacts") == []
