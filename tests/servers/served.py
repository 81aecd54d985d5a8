"""A mailbox on some IMAP server, as tests see it: filled and looked at over IMAP, the way any other client would."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from imapclient import IMAPClient

from crm_logger.config import Config, load_config

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOON = datetime(2026, 3, 2, 12, 0, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class StoredMail:
    """A mail as it lies in a folder."""

    uid: int
    raw: bytes
    received_at: datetime
    flags: frozenset[str]


@dataclass(frozen=True, slots=True)
class ServedMailbox:
    """One user's mailbox. `_recreate` gives a folder another UIDVALIDITY, each server in its way.

    `prefix` is what the server puts before the name of every folder but INBOX; `lacks` are capabilities it never has.
    """

    server: str
    host: str
    port: int
    user: str
    password: str
    _recreate: Callable[[str, str], None]
    prefix: str = ""
    lacks: frozenset[str] = frozenset()

    def called(self, folder: str) -> str:
        """What this server calls a folder."""
        return folder if folder == "INBOX" else f"{self.prefix}{folder}"

    def settings(self, **more: str) -> dict[str, str]:
        """What to give as --set so that the program uses this mailbox."""
        return {
            "IMAP_HOST": self.host,
            "IMAP_PORT": str(self.port),
            "IMAP_SECURITY": "plain",
            "IMAP_USER": self.user,
            "IMAP_PASSWORD": self.password,
            "IMAP_TIMEOUT": "10",
        } | more

    def config(self, **more: str) -> Config:
        """The settings, read."""
        return load_config(self.settings(**more), {}, None, need={"imap"})

    @contextmanager
    def client(self) -> Iterator[Any]:
        """Another client of the same mailbox."""
        with IMAPClient(self.host, self.port, ssl=False, timeout=10) as client:
            client.login(self.user, self.password)
            client.normalise_times = False
            yield client

    def append(self, raw: bytes, folder: str = "INBOX", received_at: datetime = NOON) -> int:
        """Put a mail into a folder, which is made where it is missing; gives its UID."""
        folder = self.called(folder)
        with self.client() as client:
            if not client.folder_exists(folder):
                client.create_folder(folder)
            client.append(folder, raw, msg_time=received_at)
            return int(client.folder_status(folder, ["UIDNEXT"])[b"UIDNEXT"]) - 1

    def mails(self, folder: str = "INBOX") -> list[StoredMail]:
        """What lies in a folder, in the order of the UIDs; nothing where there is no such folder."""
        folder = self.called(folder)
        with self.client() as client:
            if not client.folder_exists(folder):
                return []
            client.select_folder(folder, readonly=True)
            answers = client.fetch(client.search(), ["BODY.PEEK[]", "INTERNALDATE", "FLAGS"])
        return [
            StoredMail(
                uid,
                answer[b"BODY[]"],
                answer[b"INTERNALDATE"],
                frozenset(flag.decode() for flag in answer[b"FLAGS"]) - {r"\Recent"},
            )
            for uid, answer in sorted(answers.items())
        ]

    def folders(self) -> set[str]:
        """The names of the folders."""
        with self.client() as client:
            return {name for _flags, _separator, name in client.list_folders()}

    def remove(self, uid: int, folder: str = "INBOX") -> None:
        """Take a mail out of a folder for good."""
        with self.client() as client:
            client.select_folder(self.called(folder))
            client.delete_messages([uid])
            client.expunge([uid])

    def recreate(self, folder: str = "INBOX") -> None:
        """Give a folder another UIDVALIDITY, as a restored mailbox has it."""
        self._recreate(self.user, self.called(folder))
