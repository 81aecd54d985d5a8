"""Fixtures for everybody: the mail servers, each test with a mailbox of its own."""

from __future__ import annotations

import os
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn

import pytest
from hypothesis import settings

from crm_logger.store import Store
from tests.servers.courier import Courier, find_courier
from tests.servers.dovecot import Dovecot, find_dovecot
from tests.servers.embedded import embedded_mailbox
from tests.servers.postgres import Postgres, find_postgres

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from demo.imap_server import EmbeddedImapServer
    from tests.servers.served import ServedMailbox

    WithoutCapabilities = Callable[..., ServedMailbox]


NO_DOVECOT = "DOVECOT IS NOT INSTALLED: run `make servers` to have these tests too"
NO_COURIER = "COURIER IS NOT THERE: run `make servers` to have these tests too"
NO_POSTGRES = "POSTGRESQL IS NOT INSTALLED: run `make servers` to have these tests too"


# How long an example takes depends on what else the machine does.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a server; skip it where there is none: as a mark, so that it is said once a file, not once a test."""
    required = os.environ.get("REQUIRE_SERVERS") == "1"
    absent = {
        "dovecot": NO_DOVECOT if find_dovecot() is None and not required else "",
        "postgres": NO_POSTGRES if find_postgres() is None and not required else "",
    }
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if {"dovecot", "own_dovecot"} & fixtures:
            item.add_marker(pytest.mark.dovecot)
        if {"postgres", "own_postgres"} & fixtures:
            item.add_marker(pytest.mark.postgres)
        for name, sentence in absent.items():
            if sentence and item.get_closest_marker(name):
                item.add_marker(pytest.mark.skip(reason=sentence))


def missing(sentence: str) -> NoReturn:
    """Skip what needs a server that is not installed; with REQUIRE_SERVERS=1 fail instead."""
    if os.environ.get("REQUIRE_SERVERS") == "1":
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)


@pytest.fixture(scope="session")
def dovecots() -> Iterator[Callable[..., Dovecot]]:
    """Gives a running Dovecot without the capabilities that are named; each kind is started once."""
    running: dict[tuple[str, ...], Dovecot] = {}
    with ExitStack() as stack:

        def get(*without: str) -> Dovecot:
            if find_dovecot() is None:
                missing(NO_DOVECOT)
            key = tuple(sorted(without))
            if key not in running:
                running[key] = stack.enter_context(Dovecot(without))
            return running[key]

        yield get


@pytest.fixture
def dovecot(dovecots: Callable[..., Dovecot]) -> Dovecot:
    """A running Dovecot that others use too: `dovecot.mailbox()` is a mailbox of one's own. Not to be stopped."""
    return dovecots()


@pytest.fixture(scope="session")
def couriers() -> Iterator[Callable[..., Courier]]:
    """The same for Courier."""
    running: dict[tuple[str, ...], Courier] = {}
    with ExitStack() as stack:

        def get(*without: str) -> Courier:
            if find_courier() is None:
                missing(NO_COURIER)
            key = tuple(sorted(without))
            if key not in running:
                running[key] = stack.enter_context(Courier(without))
            return running[key]

        yield get


@pytest.fixture
def own_dovecot() -> Iterator[Dovecot]:
    """A Dovecot for one test alone, which may stop, kill and start it."""
    if find_dovecot() is None:
        missing(NO_DOVECOT)
    with Dovecot() as server:
        yield server


@pytest.fixture
def embedded_server() -> Iterator[tuple[EmbeddedImapServer, ServedMailbox]]:
    """The embedded server with its one mailbox."""
    with embedded_mailbox() as served:
        yield served


@pytest.fixture
def embedded_imap(embedded_server: tuple[EmbeddedImapServer, ServedMailbox]) -> ServedMailbox:
    """An empty mailbox on the embedded server."""
    return embedded_server[1]


@pytest.fixture(
    params=[
        pytest.param("embedded", marks=pytest.mark.embedded),
        pytest.param("dovecot", marks=pytest.mark.dovecot),
        "courier",
    ]
)
def imap_without(
    request: pytest.FixtureRequest,
    dovecots: Callable[..., Dovecot],
    couriers: Callable[..., Courier],
) -> Iterator[WithoutCapabilities]:
    """Gives an empty mailbox on a server without the capabilities that are named; on every server in turn."""
    with ExitStack() as stack:
        makes: dict[str, WithoutCapabilities] = {
            "embedded": lambda *without: stack.enter_context(embedded_mailbox(without))[1],
            "dovecot": lambda *without: dovecots(*without).mailbox(),
            "courier": lambda *without: couriers(*without).mailbox(),
        }
        yield makes[request.param]


@pytest.fixture
def imap_server(imap_without: WithoutCapabilities) -> ServedMailbox:
    """An empty mailbox; the test runs on every server in turn."""
    return imap_without()


@pytest.fixture
def dovecot_mailbox(dovecot: Dovecot) -> ServedMailbox:
    """An empty mailbox on Dovecot."""
    return dovecot.mailbox()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A running PostgreSQL that others use too: `database_url` is a database of one's own. Not to be stopped."""
    if find_postgres() is None:
        missing(NO_POSTGRES)
    with Postgres() as server:
        server.template = server.database()
        Store.open(server.url(server.template), datetime(2026, 5, 4, 10, 0, tzinfo=UTC)).close()
        yield server


@pytest.fixture
def own_postgres() -> Iterator[Postgres]:
    """A PostgreSQL for one test alone, which may stop and start it."""
    if find_postgres() is None:
        missing(NO_POSTGRES)
    with Postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with the newest schema and nothing in it; the test runs on every kind in turn."""
    if request.param == "postgres":
        server: Postgres = request.getfixturevalue("postgres")
        return server.url(server.database(server.template))
    return f"sqlite:///{tmp_path}/crm.sqlite3"
