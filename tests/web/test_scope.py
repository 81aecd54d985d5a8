"""Nobody sees another account's things, and a plain user no admin's: each address is tried."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from crm_logger.web import create_app
from tests.cast import CARL, mail
from tests.web.conftest import open_house

if TYPE_CHECKING:
    from pathlib import Path

    from tests.web.conftest import House

# Each address of the pages with a thing of Acme's in it, and how it must answer Globex's admin.
ACMES = {
    "/contacts/1": 404,
    "/contacts/1?before=2": 404,
    "/contacts/1.vcf": 404,
    "/mails/1": 404,
    "/mails/1/body": 404,
    "/mails/1/attachments/1": 404,
    "/contacts": 200,
    "/contacts?after=1": 404,
    "/contacts?q=offer": 200,
    "/contacts.csv": 200,
    "/settings": 200,
    "/settings/log-addresses.vcf": 200,
    "/not-logged": 200,
    "/not-logged?user=1": 200,
    "/status": 200,
}
OURS = re.compile(r"carl|offer 17|acme\.test|Ann Archer|let me in|for nobody", re.IGNORECASE)
FORMS = {
    "/settings/addresses/add": {"address": "x@alias.test"},
    "/settings/addresses/remove": {"address": "x@alias.test"},
    "/settings/never-log/add": {"pattern": "rival.example"},
    "/settings/never-log/remove": {"pattern": "rival.example"},
    "/settings/log-addresses/rotate": {"kind": "both"},
    "/settings/log-addresses/mint": {},
    "/settings/team/role": {"user": "1", "role": "admin"},
    "/settings/team/link": {"user": "1"},
    "/not-logged/mend": {"receipt": "4", "mend": "again"},
    "/password": {"password": "a long enough one"},
    "/sign-out": {},
}


def test_every_address_of_the_pages_is_tried(house: House) -> None:
    rules = create_app(house.config, house.store).url_map.iter_rules()
    shapes = {re.sub(r"<[^>]+>", "1", rule.rule).rstrip("/") or "/contacts" for rule in rules}
    tried = {address.partition("?")[0] for address in (*ACMES, *FORMS)}
    open_to_all = {"/static/1", "/sign-in", "/sign-in/1", "/healthz", "/metrics"}
    assert shapes - tried - open_to_all == set()


@pytest.mark.parametrize(("address", "status"), ACMES.items())
def test_another_accounts_admin_sees_nothing_of_ours(week: House, address: str, status: int) -> None:
    answer = week.browser("gus").get(address)
    assert answer.status_code == status
    found = OURS.search(answer.text)
    assert found is None, found


def test_what_another_account_may_not_see_is_there_for_our_own_people(week: House) -> None:
    ann = week.browser("ann")
    for address in ACMES:
        if "attachments" not in address:
            assert ann.get(address).status_code == 200, address
    assert "Offer 17" in ann.text("/contacts/1")
    assert "Let me in" in ann.text("/not-logged")


@pytest.mark.parametrize("address", [*ACMES, *FORMS])
def test_nobody_gets_in_without_signing_in(week: House, address: str) -> None:
    nobody = week.browser("")
    if address in ACMES:
        answer = nobody.get(address)
        assert answer.status_code == 302
        assert answer.location.startswith("/sign-in?next=")
    else:
        answer = nobody.client.post(address, data={"form_token": nobody.token("/sign-in"), **FORMS[address]})
        assert answer.status_code == 401


@pytest.mark.parametrize("address", FORMS)
def test_a_form_that_is_not_ours_changes_nothing(week: House, address: str) -> None:
    ann = week.browser("ann")
    token = ann.token()
    foreign = [
        ({}, {}),
        ({"form_token": "x"}, {}),
        ({"form_token": token}, {"Origin": "https://evil.example"}),
        ({"form_token": token}, {"Sec-Fetch-Site": "cross-site"}),
        ({"form_token": week.browser("bob").token()}, {}),
    ]
    for values, headers in foreign:
        assert ann.client.post(address, data={**FORMS[address], **values}, headers=headers).status_code == 403


@pytest.mark.parametrize(
    ("address", "values", "status"),
    [
        ("/settings/never-log/add", {"pattern": "rival.example", "list": "account"}, 404),
        ("/settings/log-addresses/rotate", {"kind": "both", "whose": "account"}, 404),
        ("/settings/team/role", {"user": "2", "role": "admin"}, 404),
        ("/settings/team/link", {"user": "1"}, 404),
        ("/not-logged/mend", {"receipt": "4", "mend": "again"}, 404),
    ],
)
def test_a_plain_user_does_nothing_that_is_an_admins(
    week: House, address: str, values: dict[str, str], status: int
) -> None:
    assert week.browser("bob").post(address, **values).status_code == status


def test_a_plain_user_sees_own_refused_mail_alone_and_no_status(week: House) -> None:
    bob = week.browser("bob")
    page = bob.text("/not-logged")
    assert "Bob&#39;s offer" in page
    assert "Let me in" not in page
    assert bob.get("/status").status_code == 404
    assert "Team" not in bob.text("/settings")


def test_an_admin_does_nothing_to_another_accounts_people_and_mails(week: House) -> None:
    gus = week.browser("gus")
    for address, values in (
        ("/settings/team/role", {"user": "1", "role": "user"}),
        ("/settings/team/link", {"user": "1"}),
    ):
        assert gus.post(address, **values).status_code == 303
        assert "No user has the address" in gus.told()
    assert gus.post("/not-logged/mend", receipt="4", mend="again").status_code == 404


def test_mail_that_concerned_no_account_is_an_admins_only_where_there_is_one_account(week: House) -> None:
    assert "For nobody" not in week.browser("ann").text("/not-logged")


def test_where_there_is_one_account_its_admin_sees_mail_that_concerned_none(tmp_path: Path) -> None:
    alone = open_house(tmp_path, accounts=("acme",))
    alone.take(mail(author=CARL, to="info@log.example", subject="For nobody"))
    assert "For nobody" in alone.browser("ann").text("/not-logged")
    assert "For nobody" not in alone.browser("bob").text("/not-logged")
    alone.store.close()
