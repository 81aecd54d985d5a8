"""`export`: JSON Lines and CSV."""

from __future__ import annotations

import base64
import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from crm_logger.admin.exporting import COLUMNS
from tests.cast import CARL, DORA, forward, mail

if TYPE_CHECKING:
    from .conftest import Shop

PAGE = (Path(__file__).parents[2] / "docs/export.md").read_text(encoding="utf-8")


def lines(shop: Shop, *words: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in shop.desk.ok("export", *words).splitlines()]


def table(shop: Shop, *words: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(shop.desk.ok("export", "--format", "csv", *words), newline="")))


@pytest.fixture
def stocked(shop: Shop) -> Shop:
    """A mail that Ann sent to Carl and Dora with a mail attached, and one of Carl's that she forwarded."""
    shop.deliver(
        mail(
            to_log=shop.office.bcc,
            cc=DORA,
            subject="=Offer",
            body=f"My log address is {shop.office.bcc}.",
            attached=(b"Subject: old\r\n\r\nold\r\n",),
        ),
        forward(to_log=shop.office.forwarding, to=shop.office.forwarding),
    )
    return shop


def test_every_mail_is_a_line_with_direction_and_source_as_crms_name_them(stocked: Shop) -> None:
    sent, received = lines(stocked)
    assert (sent["direction"], sent["source"]) == ("EMAIL", "BCC_TO_CRM")
    assert (received["direction"], received["source"]) == ("INCOMING_EMAIL", "FORWARD_TO_CRM")
    assert (sent["type"], sent["schema"], sent["account"]) == ("email", 1, "Acme")
    assert [each["addresses"] for each in sent["contacts"]] == [
        ["carl@client.example"],
        ["dora@client.example"],
    ]
    assert received["from"] == {"name": "Carl Client", "address": "carl@client.example"}
    assert received["note"] == "FYI"


def test_the_page_names_every_field(stocked: Shop) -> None:
    for mail_ in lines(stocked, "--attachments"):
        for name in [
            *mail_,
            *mail_["captured"][0],
            *(mail_["attachments"] or [{}])[0],
            *mail_["contacts"][0],
        ]:
            assert f"`{name}`" in PAGE, name


def test_attachments_come_with_their_bytes_where_asked_for(stocked: Shop) -> None:
    (attachment,) = lines(stocked)[0]["attachments"]
    assert "content" not in attachment
    (attachment,) = lines(stocked, "--attachments")[0]["attachments"]
    assert base64.b64decode(attachment["content"]).startswith(b"Subject: old")
    assert "jsonl" in stocked.desk.refused("export", "--attachments", "--format", "csv", status=2)


def test_a_contact_and_a_time_narrow_it(stocked: Shop) -> None:
    assert len(lines(stocked, "--contact", "dora@client.example")) == 1
    assert len(lines(stocked, "--contact", CARL.partition("<")[2].rstrip(">"))) == 2
    assert lines(stocked, "--since", "2026-05-06") == []
    assert len(lines(stocked, "--account", "acme")) == 2
    assert "no account" in stocked.desk.refused("export", "--account", "Globex")


def test_no_cell_is_a_formula_and_no_token_is_exported(stocked: Shop) -> None:
    first, second = table(stocked)
    assert list(first) == list(COLUMNS)
    assert first["subject"] == "'=Offer"
    assert first["to"] == "Carl Client <carl@client.example>"
    assert second["from_address"] == "carl@client.example"
    token = stocked.office.bcc.partition("@")[0]
    for form in ("csv", "jsonl"):
        assert token not in stocked.desk.ok("export", "--format", form)


def test_more_than_a_page_is_exported_whole_and_in_order(shop: Shop) -> None:
    shop.deliver(*(mail(to_log=shop.office.bcc, subject=f"Mail {number}") for number in range(230)))
    exported = lines(shop)
    assert [each["subject"] for each in exported] == [f"Mail {number}" for number in range(230)]


def test_it_is_written_to_a_file_where_one_is_named(stocked: Shop) -> None:
    assert stocked.desk.ok("export", "--output", "all.jsonl") == ""
    assert stocked.desk.folder.joinpath("all.jsonl").read_text("utf-8").count("\n") == 2
