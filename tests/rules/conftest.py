"""Each season is taken in once on each server; the tests read what came of it."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.rules.mails import deliver
from tests.rules.season import Season
from tests.servers.databases import database_at
from tests.servers.embedded import embedded_mailbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.servers.dovecot import Dovecot
    from tests.servers.postgres import Postgres


@pytest.fixture(
    scope="package",
    params=[
        pytest.param(("embedded", "sqlite"), marks=pytest.mark.embedded),
        pytest.param(("embedded", "postgres"), marks=[pytest.mark.embedded, pytest.mark.postgres]),
        pytest.param(("dovecot", "sqlite"), marks=pytest.mark.dovecot),
    ],
    ids="-".join,
)
def season(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, dovecots: Callable[..., Dovecot]
) -> Iterator[Season]:
    """Everything is delivered and the worker has looked."""
    mail_server, database = request.param
    with ExitStack() as stack:
        embedded = mail_server == "embedded"
        server = stack.enter_context(embedded_mailbox())[1] if embedded else dovecots().mailbox()
        folder = tmp_path_factory.mktemp("season")
        url = f"sqlite:///{folder}/crm.sqlite3"
        if database == "postgres":
            postgres: Postgres = request.getfixturevalue("postgres")
            url = postgres.url(postgres.database(postgres.template))
        made = Season(server, folder, database_at(url))
        made.set_up()
        deliver(made)
        yield made
