"""Each season is taken in once on each server; the tests read what came of it."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.rules.mails import deliver
from tests.rules.season import Season
from tests.servers.embedded import embedded_mailbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.servers.dovecot import Dovecot


@pytest.fixture(
    scope="package",
    params=[
        pytest.param("embedded", marks=pytest.mark.embedded),
        pytest.param("dovecot", marks=pytest.mark.dovecot),
    ],
)
def season(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, dovecots: Callable[..., Dovecot]
) -> Iterator[Season]:
    """Everything is delivered and the worker has looked."""
    with ExitStack() as stack:
        embedded = request.param == "embedded"
        server = stack.enter_context(embedded_mailbox())[1] if embedded else dovecots().mailbox()
        made = Season(server, tmp_path_factory.mktemp("season"))
        made.set_up()
        deliver(made)
        yield made
