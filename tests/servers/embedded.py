"""The embedded IMAP server of the demo, as tests use it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo.imap_server import EmbeddedImapServer
from tests.servers.served import ServedMailbox

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
from contextlib import contextmanager


@contextmanager
def embedded_mailbox(without: Collection[str] = ()) -> Iterator[tuple[EmbeddedImapServer, ServedMailbox]]:
    """A server with one empty mailbox; `without` are capabilities it does not offer."""
    with EmbeddedImapServer({"crm": "secret"}, without) as server:

        def recreate(user: str, folder: str) -> None:
            server.new_uidvalidity(folder, user)

        yield server, ServedMailbox("embedded", server.host, server.port, "crm", "secret", recreate)
