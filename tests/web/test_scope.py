"""Nobody sees another account's things, and a plain user no admin's: each address is tried."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from crm_logger.store import tables
from crm_logger.web import create_app
from crm_logger.web.access import OPEN
from crm_logger.web.mends import Mend
from tests.cast import CARL, mail
from tests.web.conftest import copy, open_house

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.servers.postgres import Postgres
    from tests.web.conftest import House, Houses

# Each address of the pages with a thing of Acme's in it, and how it must answer Globex's admin.
ACMES = {
    "/contacts/1": 404,
    "/contacts/1?before=2": 404,
    "/contacts/1.vcf": 404,
    "/contacts/1/conversations/1": 404,
    "/contacts/1/conversations/1?before=1": 404,
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


THINGS = {"number": 1, "conversation": 1, "attachment": 1}
"""A thing of Acme's for whatever an address may name; the contact, the mail, its conversation and its file are all its first."""

EVERYTHING = {name: value for values in FORMS.values() for name, value in values.items()} | {
    "whose": "account",
    "list": "account",
    "target": "nobody.example",
    "author": "carl@client.example",
}


@pytest.fixture(scope="module")
def acme(
    houses: Houses, server: Postgres | None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """The week, and a file attached to its first mail."""
    made = copy(houses.full(server), server, tmp_path_factory.mktemp("scope"))
    with made.store.writing():
        tables.Content.create(sha256="x", data=b"secret file")
        tables.Attachment.create(engagement=1, name="carl.pdf", size=11, content="x")
    yield made
    made.store.close()


def addresses(house: House, method: str) -> dict[str, bool]:
    """Each address of the pages that is not open to all, with a thing of Acme's where it names one; whether it does.

    They come from the pages themselves: an address that is new is here by itself, or names what THINGS does not know.
    """
    rules = [
        rule
        for rule in create_app(house.config, house.store).url_map.iter_rules()
        if rule.endpoint not in OPEN and method in (rule.methods or ())
    ]
    return {
        re.sub(r"<(?:\w+:)?(\w+)>", lambda named: str(THINGS[named[1]]), rule.rule): bool(rule.arguments)
        for rule in rules
    }


def of_acme(house: House) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the database that is not Globex's or Gus's."""
    told = {}
    with house.store.reading():
        for table in tables.ALL:
            if "last_used" in table._meta.fields:
                continue
            rows: Any = table.select().dicts()
            told[table.__name__] = [
                tuple(row.values())
                for row in rows
                if row.get("account") != house.accounts["globex"] and row.get("user") != house.users["gus"]
            ]
    return told


def test_every_page_there_is_shows_another_accounts_admin_nothing_of_ours(acme: House) -> None:
    gus, ann = acme.browser("gus"), acme.browser("ann")
    tried = addresses(acme, "GET")
    assert len(tried) > 10
    for address, names_ours in tried.items():
        assert ann.get(address).status_code == 200, address
        answer = gus.get(address)
        assert answer.status_code == (404 if names_ours else 200), address
        assert OURS.search(answer.text) is None, address


def test_every_form_there_is_changes_nothing_of_ours_for_another_accounts_admin(acme: House) -> None:
    before = of_acme(acme)
    gus = acme.browser("gus")
    tried = addresses(acme, "POST")
    assert set(tried) == set(FORMS)
    for address in sorted(tried, key="/sign-out".__eq__):
        for mend in Mend if address.endswith("/mend") else ("again",):
            answer = gus.post(address, **EVERYTHING | {"mend": mend, "receipt": "4"})
            assert answer.status_code in {200, 302, 303, 400, 404}, (address, mend)
            assert of_acme(acme) == before, (address, mend)


def test_every_form_there_is_wants_a_form_of_ours_and_somebody_who_is_signed_in(acme: House) -> None:
    ann, nobody = acme.browser("ann"), acme.browser("")
    for address in addresses(acme, "POST"):
        assert ann.client.post(address, data=EVERYTHING).status_code == 403, address
        told = EVERYTHING | {"form_token": nobody.token("/sign-in")}
        assert nobody.client.post(address, data=told).status_code == 401, address


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
