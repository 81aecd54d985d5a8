"""An IMAP server inside this process, on loopback: pymap in a thread of its own. For the demo and quick tests only."""

from __future__ import annotations

import asyncio
import threading
from argparse import Namespace
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self, TypeVar

from proxyprotocol.sock import SocketInfoLocal
from pymap.backend.dict import Config, Identity, Login
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials import FetchRequirement
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

if TYPE_CHECKING:
    from collections.abc import Collection, Coroutine, Mapping, Sequence

    from pymap.backend.dict.mailbox import MailboxData, Message

HOST = "127.0.0.1"
_PATIENCE = 30.0
_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class StoredMail:
    """A mail as it lies in a folder."""

    uid: int
    raw: bytes
    received_at: datetime
    flags: frozenset[str]


class _Config(Config):
    """Pymap's settings: no TLS, no hashing of example passwords, some capabilities hidden on demand."""

    def __init__(self, hidden: Collection[str]) -> None:
        super().__init__(
            Namespace(passlib_cfg=None, proxy_protocol=None),
            host=HOST,
            port=0,
            demo_data=False,
            demo_user="",
            demo_password="",
            tls_enabled=False,
            hash_context=Cleartext(),
            invalid_user_sleep=0.0,
        )
        self._hidden = {name.encode() for name in hidden}

    @property
    def login_capability(self) -> Sequence[bytes]:
        return [name for name in super().login_capability if name not in self._hidden]

    @property
    def greeting(self) -> bytes:
        """Pymap asks DNS for this host's name; a demo on loopback does not."""
        return b"Embedded IMAP server ready"


class EmbeddedImapServer:
    """`with EmbeddedImapServer({"crm": "secret"}) as server:` listens on 127.0.0.1:`server.port` until the end.

    `users` are logins with their passwords; each has an INBOX and any folder that is appended to or created.
    `hidden_capabilities` are not offered (MOVE, UIDPLUS, IDLE), to see how a client does without.
    """

    def __init__(self, users: Mapping[str, str], hidden_capabilities: Collection[str] = ()) -> None:
        self.host = HOST
        self.port = 0
        self.users = dict(users)
        self._hidden = hidden_capabilities
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="imap-server", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._call(self._start())
        return self

    def __exit__(self, *_exception: object) -> None:
        self._call(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_PATIENCE)
        self._loop.close()

    def append(
        self, raw: bytes, *, folder: str = "INBOX", user: str = "", received_at: datetime | None = None
    ) -> int:
        """Put a mail into a folder, which is made where it is missing; gives its UID. The first user is the default."""
        return self._call(self._append(raw, folder, user, received_at or datetime.now(UTC)))

    def mails(self, folder: str = "INBOX", user: str = "") -> list[StoredMail]:
        """What lies in a folder, in the order of the UIDs; nothing where there is no such folder."""
        return self._call(self._mails(folder, user))

    def folders(self, user: str = "") -> list[str]:
        """The names of a user's folders."""
        return self._call(self._folders(user))

    def remove(self, uid: int, *, folder: str = "INBOX", user: str = "") -> None:
        """Take a mail out of a folder, as another client would."""
        self._call(self._remove(uid, folder, user))

    def new_uidvalidity(self, folder: str = "INBOX", user: str = "") -> int:
        """Give a folder another UIDVALIDITY, as a restored mailbox has it (RFC 3501 §2.3.1.1)."""
        return self._call(self._new_uidvalidity(folder, user))

    def drop_connections(self) -> None:
        """Close every client's connection at once."""
        self._loop.call_soon_threadsafe(self._abort_all)

    def _call(self, step: Coroutine[Any, Any, _Answer]) -> _Answer:
        return asyncio.run_coroutine_threadsafe(step, self._loop).result(_PATIENCE)

    async def _start(self) -> None:
        self._config = _Config(self._hidden)
        self._config.apply_context()
        self._login = Login(self._config)
        for name, password in self.users.items():
            await self._identity(name).set(UserMetadata(self._config, name, password=password))
        self._imap = IMAPServer(self._login, self._config)
        self._connections: set[asyncio.StreamWriter] = set()
        self._server = await asyncio.start_server(self._serve, HOST, 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Given to asyncio directly: pymap's proxy-protocol wrapper loses idle connections on Python 3.13.
        self._connections.add(writer)
        try:
            await self._imap(reader, writer, SocketInfoLocal(writer))
        except (ConnectionError, EOFError):
            return
        finally:
            self._connections.discard(writer)

    async def _stop(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        self._abort_all()
        await asyncio.sleep(0)

    def _abort_all(self) -> None:
        for writer in list(self._connections):
            writer.transport.abort()

    def _identity(self, user: str) -> Identity:
        return Identity(user or next(iter(self.users)), self._login, None, frozenset())

    async def _folder(self, name: str, user: str) -> MailboxData:
        async with self._identity(user).new_session() as session:
            folders = session.mailbox_set
            if name not in await self._names(user):
                await folders.add_mailbox(name)
            return await folders.get_mailbox(name)

    async def _names(self, user: str) -> list[str]:
        async with self._identity(user).new_session() as session:
            tree = await session.mailbox_set.list_mailboxes()
            return [entry.name for entry in tree.list()]

    async def _append(self, raw: bytes, folder: str, user: str, received_at: datetime) -> int:
        mailbox = await self._folder(folder, user)
        return (await mailbox.append(AppendMessage(raw, received_at, frozenset()))).uid

    async def _mails(self, folder: str, user: str) -> list[StoredMail]:
        if folder not in await self._names(user):
            return []
        mailbox = await self._folder(folder, user)
        return [await _stored(message) async for message in mailbox.messages()]

    async def _remove(self, uid: int, folder: str, user: str) -> None:
        await (await self._folder(folder, user)).delete([uid])

    async def _new_uidvalidity(self, folder: str, user: str) -> int:
        mailbox = await self._folder(folder, user)
        mailbox._uid_validity += 1  # noqa: SLF001 -- pymap has no other way to play a restored mailbox
        return mailbox.uid_validity

    async def _folders(self, user: str) -> list[str]:
        return await self._names(user)


async def _stored(message: Message) -> StoredMail:
    content = await message.load_content(FetchRequirement.CONTENT)
    flags = frozenset(str(flag) for flag in message.permanent_flags)
    return StoredMail(message.uid, bytes(content), message.internal_date, flags)
