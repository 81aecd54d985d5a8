"""Links that work once, passwords, the proxy, sessions, and how often one may try."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from flask import request
from werkzeug.security import generate_password_hash

from crm_logger.store import people, sign_in
from crm_logger.store.people import Changes
from tests.web.conftest import Browser, days, open_house

if TYPE_CHECKING:
    from pathlib import Path

    from werkzeug.test import TestResponse

    from tests.web.conftest import House


@pytest.fixture(scope="session")
def server() -> None:
    """Databases in files alone: to these tests their kind makes no difference."""


PASSWORD = "correct horse battery"


def link(house: House, name: str = "ann") -> str:
    with house.store.writing():
        return f"/sign-in/{sign_in.mint_link(house.users[name], house.now)}"


def with_password(house: House, name: str = "ann") -> None:
    with house.store.writing():
        sign_in.set_password(house.users[name], generate_password_hash(PASSWORD))


def enter(
    browser: Browser, address: str = "ann@acme.test", password: str = PASSWORD, **more: str
) -> TestResponse:
    return browser.post("/sign-in", "/sign-in", address=address, password=password, **more)


def test_a_link_signs_in_once_and_looking_at_it_uses_nothing_up(house: House) -> None:
    address = link(house)
    app = house.app()
    first, second = house.browser("", app), house.browser("", app)
    assert "Hello, Ann Archer" in first.text(address)
    assert "Hello, Ann Archer" in second.text(address)
    assert first.post(address, address).status_code == 303
    assert first.get("/contacts").status_code == 200
    assert second.get(address).status_code == 404
    assert second.get("/contacts").status_code == 302


def test_a_link_ends_after_half_an_hour(house: House) -> None:
    address = link(house)
    house.now += timedelta(minutes=31)
    assert house.browser("").get(address).status_code == 404


def test_a_password_signs_in_and_goes_on_where_one_wanted_to(house: House) -> None:
    with_password(house)
    answer = enter(house.browser(""), next="/not-logged?reason=uncertain")
    assert (answer.status_code, answer.location) == (303, "/not-logged?reason=uncertain")


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", ""]
)
def test_signing_in_leads_to_no_foreign_page(house: House, wanted: str) -> None:
    with_password(house)
    assert enter(house.browser(""), next=wanted).location == "/contacts"


@pytest.mark.parametrize(
    ("address", "password"),
    [
        ("ann@acme.test", "wrong"),
        ("ann@acme.test", ""),
        ("nobody@acme.test", PASSWORD),
        ("bob@acme.test", ""),
        ("", ""),
    ],
)
def test_who_does_not_know_the_password_stays_outside_and_learns_nothing(
    house: House, address: str, password: str
) -> None:
    with_password(house)
    browser = house.browser("")
    answer = enter(browser, address, password)
    assert answer.location.startswith("/sign-in")
    assert browser.told("/sign-in") == "Address and password do not go together."


def test_after_five_failures_even_the_right_password_waits_a_quarter_of_an_hour(house: House) -> None:
    with_password(house)
    browser = house.browser("")
    for _ in range(5):
        assert enter(browser, password="wrong").status_code == 303
    assert enter(browser).status_code == 429
    assert enter(browser, "Ann@ACME.test").status_code == 429
    house.now += timedelta(minutes=15)
    assert enter(browser).location == "/contacts"


def test_whoever_tries_many_addresses_from_one_place_waits_too(house: House) -> None:
    with_password(house)
    browser = house.browser("")
    for number in range(20):
        enter(browser, f"user{number}@acme.test")
    assert enter(browser).status_code == 429


def test_a_session_ends_by_signing_out_by_idling_and_when_the_user_is_set_inactive(house: House) -> None:
    app = house.app()
    one, other, third = (house.browser("ann", app) for _ in range(3))
    one.post("/sign-out")
    assert one.get("/contacts").status_code == 302
    house.now += days(6)
    assert other.get("/contacts").status_code == 200
    house.now += days(2)
    assert other.get("/contacts").status_code == 200
    assert third.get("/contacts").status_code == 302
    with house.store.writing():
        people.change_user(house.config.policy, house.users["ann"], Changes(active=False))
    assert other.get("/contacts").status_code == 302


def test_who_is_inactive_is_made_no_admin_and_can_be_made_a_plain_user(house: House) -> None:
    ann, bob = house.browser("ann"), str(house.users["bob"])

    def offered() -> list[str]:
        return re.findall(r'aria-label="(Make [^"]+) Bob Baker"', ann.text("/settings"))

    assert offered() == ["Make an admin of"]
    ann.post("/settings/team/role", user=bob, role="admin")
    assert ann.told() == "Bob Baker is an admin now."
    with house.store.writing():
        people.change_user(house.config.policy, house.users["bob"], Changes(active=False))
    assert offered() == ["Make a plain user of"]
    ann.post("/settings/team/role", user=bob, role="user")
    assert ann.told() == "Bob Baker is a plain user now."
    assert offered() == []
    ann.post("/settings/team/role", user=bob, role="admin")
    assert "Bob Baker is inactive and cannot be an admin." in ann.told()
    assert offered() == []


def test_a_new_password_signs_other_browsers_out(house: House) -> None:
    app = house.app()
    one, other = house.browser("ann", app), house.browser("ann", app)
    assert one.post("/password", password="short").status_code == 303
    assert "nothing was changed" in one.told()
    one.post("/password", password=PASSWORD)
    assert one.get("/contacts").status_code == 200
    assert other.get("/contacts").status_code == 302
    assert enter(other).location == "/contacts"


def test_neither_links_nor_sessions_nor_passwords_lie_in_the_database(house: House) -> None:
    address = link(house)
    with_password(house)
    browser = house.browser("ann")
    cookie = browser.client.get_cookie("crm-logger")
    assert cookie is not None
    assert house.store.file
    data = b"".join(path.read_bytes() for path in house.store.file.parent.iterdir())
    for secret in (address.removeprefix("/sign-in/"), cookie.value, PASSWORD):
        assert secret.encode() not in data


def test_behind_tls_cookies_are_secure_and_bound_to_the_host(tmp_path: Path) -> None:
    house = open_house(tmp_path, WEB_URL="https://crm.acme.test")
    address = link(house)
    client = house.app().test_client()
    base = {"base_url": "https://crm.acme.test"}
    page = client.get(address, **base)
    token = page.text.partition('name="form_token" value="')[2].partition('"')[0]
    answer = client.post(address, data={"form_token": token}, **base)
    cookies = answer.headers.getlist("Set-Cookie")
    assert any(cookie.startswith("__Host-crm-logger=") for cookie in cookies)
    assert all(
        "; Secure" in cookie and "; HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in cookies
    )
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    house.store.close()


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("https://crm.acme.test", 303),
        ("https://CRM.Acme.test/", 303),
        ("https://crm.acme.test:443", 303),
        ("https://crm.acme.test:8443", 403),
        ("https://crm.globex.test", 403),
    ],
)
def test_a_form_is_our_own_however_the_setting_writes_the_host(tmp_path: Path, url: str, status: int) -> None:
    house = open_house(tmp_path, WEB_URL=url)
    browser = Browser(house.app().test_client())
    base = {"base_url": "https://crm.acme.test"}
    page = browser.client.get("/sign-in", **base)
    token = page.text.partition('name="form_token" value="')[2].partition('"')[0]
    answer = browser.client.post(
        "/sign-in", data={"form_token": token}, headers={"Origin": "https://crm.acme.test"}, **base
    )
    assert answer.status_code == status
    house.store.close()


# ---------------------------------------------------------------- the proxy


@pytest.mark.parametrize(
    ("place", "named", "status"),
    [
        ("10.0.0.1", ["ann@acme.test"], 200),
        ("10.0.0.1", ["Ann@ACME.test"], 200),
        ("10.0.0.2", ["ann@acme.test"], 302),
        ("10.0.0.1", ["nobody@acme.test"], 302),
        ("10.0.0.1", ["ann@acme.test", "gus@globex.test"], 302),
        ("10.0.0.1", [""], 302),
        ("10.0.0.1", [], 302),
    ],
)
def test_a_header_is_believed_from_the_trusted_proxy_alone(
    tmp_path: Path, place: str, named: list[str], status: int
) -> None:
    house = open_house(tmp_path, WEB_USER_HEADER="X-Remote-User", WEB_PROXY="10.0.0.1")
    headers = [("X-Remote-User", each) for each in named] + [("X-Forwarded-For", "192.0.2.7")]
    answer = house.app().test_client().get("/contacts", headers=headers, environ_base={"REMOTE_ADDR": place})
    assert answer.status_code == status
    house.store.close()


@pytest.mark.parametrize(("peer", "place"), [("10.0.0.1", "192.0.2.7"), ("10.0.0.2", "10.0.0.2")])
def test_the_place_that_the_trusted_proxy_tells_is_the_one_that_waits(
    tmp_path: Path, peer: str, place: str
) -> None:
    house = open_house(tmp_path, WEB_PROXY="10.0.0.1")
    app = house.app()
    seen: list[str | None] = []
    app.before_request_funcs.setdefault(None, []).append(lambda: seen.append(request.remote_addr))
    app.test_client().get(
        "/sign-in", headers={"X-Forwarded-For": "192.0.2.7"}, environ_base={"REMOTE_ADDR": peer}
    )
    assert seen == [place]
    house.store.close()


def test_without_the_setting_no_header_is_believed(house: House) -> None:
    assert house.browser("").get("/contacts", X_Remote_User="ann@acme.test").status_code == 302
