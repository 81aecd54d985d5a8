"""Acme and Globex with their people and some mail, and browsers that are signed in as one of them."""

from __future__ import annotations

import os
import re
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
import waitress
from waitress import wasyncore
from waitress.task import ThreadedTaskDispatcher

from crm_logger import catalogue
from crm_logger.config import Config, load_config
from crm_logger.core.classify import classify
from crm_logger.core.message import parse_message
from crm_logger.core.model import Kind, RawMail, Reason
from crm_logger.store import Place, Store, people, receipts, sign_in
from crm_logger.store.log_addresses import mint
from crm_logger.store.sign_in import WebRole
from crm_logger.web import create_app
from tests.cast import CARL, forward, gmail_forward, mail
from tests.office import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import playwright.sync_api as playwright
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.servers.postgres import Postgres
    from tests.servers.served import ServedMailbox

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
_TEAM = {"ann": "acme", "bob": "acme", "cole": "acme", "gus": "globex"}
_NAMES = {"ann": "Ann Archer", "bob": "Bob Baker", "cole": "Cole Carter", "gus": "Gus Gray"}
_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')


@dataclass
class House:
    """Two accounts in one database. Ann is Acme's admin, Bob and Cole are plain users; Gus is Globex's admin."""

    store: Store
    config: Config
    users: dict[str, int]
    accounts: dict[str, int]
    log: dict[tuple[str, Kind], str]
    now: datetime = NOW
    last: int = 1
    _uids: Iterator[int] = field(default_factory=lambda: count(1))

    def take(self, raw: bytes) -> int:
        """Take a mail in as the worker does, catalogue and all; return its receipt."""
        receipt = self.take_uncatalogued(raw)
        catalogue.step(self.store)
        return receipt

    def take_uncatalogued(self, raw: bytes) -> int:
        """Take a mail in and get no further."""
        directory = self.store.load_directory(self.config.policy)
        decisions = classify(parse_message(raw, self.config.policy), directory, NOW)
        place = Place(self.store.mailbox_id("catchall@log.example"), "INBOX", 7)
        self.last = next(self._uids) + 1
        return self.store.record(place, RawMail(self.last, raw, NOW), decisions, NOW).receipt_id

    def send(self, account: str = "acme", **changes: Any) -> int:
        """A mail that Ann, or Gus for Globex, sent with the BCC address."""
        author = "Gus Gray <gus@globex.test>" if account == "globex" else "Ann Archer <ann@acme.test>"
        told: dict[str, Any] = {"to_log": self.log[account, Kind.BCC], "author": author} | changes
        return self.take(mail(**told))

    def forward(self, **changes: Any) -> int:
        """A mail of Carl's that Ann forwarded."""
        address = self.log["acme", Kind.FORWARD]
        return self.take(forward(to_log=address, to=address, **changes))

    def app(self) -> Flask:
        """The pages."""
        app = create_app(self.config, self.store, now=lambda: self.now)
        app.testing = True
        return app

    def browser(self, name: str = "ann", app: Flask | None = None) -> Browser:
        """A browser that is signed in; as nobody where the name is ""."""
        client = (app or self.app()).test_client()
        browser = Browser(client)
        if name:
            with self.store.writing():
                token = sign_in.mint_link(self.users[name], self.now)
            assert browser.post(f"/sign-in/{token}", f"/sign-in/{token}").status_code == 303
        return browser


@dataclass
class Browser:
    """Asks for pages, and sends forms with the token that the page holds."""

    client: FlaskClient

    def get(self, address: str, **headers: str) -> TestResponse:
        return self.client.get(address, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def text(self, address: str) -> str:
        answer = self.get(address)
        assert answer.status_code == 200, (address, answer.status)
        return answer.text

    def token(self, page: str = "/settings") -> str:
        found = _TOKEN.search(self.get(page).text)
        return found[1] if found else ""

    def post(self, address: str, page: str = "/settings", /, **values: str | list[str]) -> TestResponse:
        return self.client.post(address, data={"form_token": self.token(page), **values})

    def told(self, address: str = "/settings") -> str:
        """The sentences that the last form led to."""
        return " ".join(re.findall(r'<p class="told[^>]*>([^<]*)</p>', self.get(address).text))


def open_house(folder: Path, *, accounts: tuple[str, ...] = ("acme", "globex"), **settings: str) -> House:
    """Make a new database: in the folder, where no DATABASE_URL is given."""
    config = load_config(SETTINGS | {"DATABASE_URL": f"sqlite:///{folder}/crm.sqlite3"} | settings, {}, None)
    store = Store.open(config.database_url, NOW)
    house = House(store, config, {}, {}, {})
    with store.writing():
        for name in accounts:
            house.accounts[name] = people.add_account(name.capitalize()).id
            for each in mint(house.accounts[name], NOW):
                house.log[name, each.kind] = f"{each.local_part}@log.example"
        for name, account in _TEAM.items():
            if account not in accounts:
                continue
            added = people.add_user(
                config.policy,
                house.accounts[account],
                f"{name}@{account}.test",
                _NAMES[name],
                sales_access=name != "bob",
            )
            house.users[name] = added.id
        for name in {"ann", "gus"} & set(house.users):
            sign_in.set_role(house.users[name], WebRole.ADMIN)
    return house


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def server(request: pytest.FixtureRequest) -> Postgres | None:
    """The server with the databases; None for files. The tests run on every kind in turn."""
    return request.getfixturevalue("postgres") if request.param == "postgres" else None


class Houses:
    """Houses on files and on a server: each kind is made once, and copied for each test."""

    def __init__(self, folders: pytest.TempPathFactory) -> None:
        self._folders = folders
        self._made: dict[tuple[str, bool], House] = {}

    def empty(self, server: Postgres | None) -> House:
        """Two accounts without mail."""
        key = ("empty", server is not None)
        if key not in self._made:
            folder = self._folders.mktemp("house")
            url = (
                server.url(server.database(server.template)) if server else f"sqlite:///{folder}/crm.sqlite3"
            )
            self._made[key] = open_house(folder, DATABASE_URL=url)
            self._made[key].store.close()
        return self._made[key]

    def full(self, server: Postgres | None) -> House:
        """The same with mail of both accounts: sent, received, refused.

        Carl is contact 1, and mails 1 and 2 are his; mail 3 is Globex's.
        """
        key = ("full", server is not None)
        if key not in self._made:
            self._made[key] = _filled(copy(self.empty(server), server, self._folders.mktemp("week")))
        return self._made[key]


@pytest.fixture(scope="session")
def houses(tmp_path_factory: pytest.TempPathFactory) -> Houses:
    """The houses that tests copy."""
    return Houses(tmp_path_factory)


def _filled(house: House) -> House:
    house.send(subject="Offer 17", html="<p>Dear <b>Carl</b></p>")
    house.forward(body=gmail_forward(subject="Re: Offer 17", note="He takes both!\n"))
    house.send("globex", subject="Globex secret", to="Dora <dora@client.example>", body="Hello, an offer\n")
    house.take(
        mail(to_log=house.log["acme", Kind.BCC], author="Eve <eve@nobody.example>", subject="Let me in")
    )
    house.take(mail(to_log=house.log["acme", Kind.BCC], author="Bob <bob@acme.test>", subject="Bob's offer"))
    house.take(
        mail(to_log=house.log["globex", Kind.BCC], author="Eve <eve@nobody.example>", subject="Globex too")
    )
    house.take(mail(author=CARL, to="info@log.example", subject="For nobody"))
    house.store.close()
    return house


def copy(house: House, server: Postgres | None, folder: Path, **settings: str) -> House:
    """A house of the same kind on a database of its own; the one that is copied must be closed."""
    if server:
        url = server.copy(house.config.database_url)
    else:
        assert house.store.file
        url = f"sqlite:///{shutil.copy(house.store.file, folder / 'crm.sqlite3')}"
    config = load_config(SETTINGS | {"DATABASE_URL": url} | settings, {}, None)
    return replace(
        house, store=Store.open(config.database_url, NOW), config=config, now=NOW, _uids=count(house.last)
    )


@pytest.fixture
def house(houses: Houses, server: Postgres | None, tmp_path: Path) -> Iterator[House]:
    """Two accounts without mail."""
    made = copy(houses.empty(server), server, tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def week(houses: Houses, server: Postgres | None, tmp_path: Path) -> Iterator[House]:
    """Two accounts with mail."""
    made = copy(houses.full(server), server, tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def served(house: House, embedded_imap: ServedMailbox) -> Callable[..., int]:
    """Deliver a mail to the mailbox and take it in; gives its receipt."""
    house.config = replace(house.config, **_settings(embedded_imap))

    def deliver(**changes: object) -> int:
        build = forward if changes.pop("forwarded", False) else mail
        kind = Kind.FORWARD if build is forward else Kind.BCC
        raw = build(**({"to_log": house.log["acme", kind]} | changes))  # type: ignore[arg-type]
        with embedded_imap.client() as client:
            client.append("INBOX", raw)
        return house.take(raw)

    return deliver


def _settings(mailbox: ServedMailbox) -> dict[str, Any]:
    told = mailbox.config()
    return {
        name: getattr(told, name)
        for name in ("imap_host", "imap_port", "imap_security", "imap_user", "imap_password")
    }


def reason_of(house: House, receipt: int) -> Reason:
    with house.store.reading():
        (decided,) = receipts.receipt(receipt).decisions
    return decided.reason


# ---------------------------------------------------------------- a real browser

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
NO_CHROMIUM = "CHROMIUM IS NOT INSTALLED: run `make servers` to have the browser tests too"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a browser; skip it where there is none: as a mark, so that it is said once."""
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None and os.environ.get("REQUIRE_SERVERS") != "1":
                item.add_marker(pytest.mark.skip(reason=NO_CHROMIUM))


@pytest.fixture(scope="session")
def chromium() -> Iterator[playwright.Browser]:
    """A headless Chromium."""
    if CHROMIUM is None:
        pytest.fail(NO_CHROMIUM, pytrace=False)
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 -- only where there is a browser

    with sync_playwright() as started:
        # In a container there are no user namespaces for Chromium's own sandbox.
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Window:
    """A window on the pages of a house; `asked` are the addresses that it asked for anywhere."""

    page: playwright.Page
    url: str
    asked: list[str]
    errors: list[str]

    def open(self, address: str) -> playwright.Page:
        self.page.goto(self.url + address)
        return self.page


@pytest.fixture
def window(week: House, chromium: playwright.Browser) -> Iterator[Window]:
    """A window that is signed in as Ann."""
    with served_pages(week) as url, signed_in(week, chromium, url) as made:
        yield made


class _Threads(ThreadedTaskDispatcher):  # type: ignore[misc]  # waitress ships no types
    """Threads that answer requests, and close their connections to the database at their end."""

    def __init__(self, store: Store, number: int) -> None:
        super().__init__()
        self._store = store
        self.set_thread_count(number)

    def handler_thread(self, number: int) -> None:
        """One thread, until it is told to end."""
        try:
            super().handler_thread(number)
        finally:
            self._store.close()


@contextmanager
def served_pages(house: House) -> Iterator[str]:
    """The pages on a port of their own."""
    sockets: dict[int, Any] = {}
    threads = _Threads(house.store, 4)
    server = waitress.create_server(house.app(), map=sockets, _dispatcher=threads, host="127.0.0.1", port=0)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        threads.shutdown()
        # Its own thread closes the sockets: closed under its select(), they would be a bad file descriptor to it.
        server.trigger.pull_trigger(lambda: wasyncore.close_all(sockets))
        thread.join(5)


@contextmanager
def signed_in(house: House, chromium: playwright.Browser, url: str, **look: Any) -> Iterator[Window]:
    """A window with a look (viewport, color_scheme) that is signed in as Ann."""
    context = chromium.new_context(**look)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=url)
    page = context.new_page()
    made = Window(page, url, [], [])
    context.on("request", lambda request: made.asked.append(request.url))
    context.on("weberror", lambda error: made.errors.append(str(error.error)))
    context.on("console", lambda said: made.errors.append(said.text) if said.type == "error" else None)
    with house.store.writing():
        token = sign_in.mint_link(house.users["ann"], house.now)
    page.goto(f"{url}/sign-in/{token}")
    page.get_by_role("button", name="Sign in").click()
    try:
        yield made
    finally:
        context.close()


def days(number: int) -> timedelta:
    return timedelta(days=number)
