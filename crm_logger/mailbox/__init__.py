"""The shared IMAP mailbox: fetch, file, wait. The only package that knows imapclient; its errors are its own."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crm_logger.core.model import RawMail
from crm_logger.mailbox.errors import (
    MailboxAway,
    MailboxError,
    MailboxMisconfigured,
    MailboxRefused,
)
from crm_logger.mailbox.filing import Filed, file_mail
from crm_logger.mailbox.folders import made, names, open_folder, real_name
from crm_logger.mailbox.idle import wait_for_mail
from crm_logger.mailbox.link import Link
from crm_logger.mailbox.partial import Limits
from crm_logger.mailbox.reading import Unfetched, fetch_mails, uids_above

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator, Sequence

    from crm_logger.config import Config

__all__ = [
    "Filed",
    "Mailbox",
    "MailboxAway",
    "MailboxError",
    "MailboxMisconfigured",
    "MailboxRefused",
    "Unfetched",
    "connect",
]


@contextmanager
def connect(config: Config) -> Iterator[Mailbox]:
    """A mailbox for the length of a `with`; raises MailboxAway, MailboxRefused or MailboxMisconfigured."""
    mailbox = Mailbox(config)
    try:
        yield mailbox
    finally:
        mailbox.close()


class Mailbox:
    """One connection with the folder of the settings open; of no use after a MailboxAway: connect again.

    With FILING=leave the folder is opened read-only (EXAMINE), so that nothing in it can change.
    """

    def __init__(self, config: Config) -> None:
        self.name = f"{config.imap_user}@{config.imap_host.lower()}"
        self._config = config
        self._limits = Limits(
            config.max_mail_bytes, config.max_attachment_bytes, config.policy.max_body_bytes
        )
        self._targets: dict[str, str] = {}
        self._link = Link(config)
        try:
            self._open = open_folder(self._link, config.imap_folder, read_only=config.filing == "leave")
        except BaseException:
            self._link.close()
            raise

    @property
    def folder(self) -> str:
        """The open folder, as the server calls it."""
        return self._open.name

    @property
    def uidvalidity(self) -> int:
        """What the UIDs are valid for (RFC 3501 §2.3.1.1)."""
        return self._open.uidvalidity

    @property
    def uidnext(self) -> int:
        """The UID that the next mail was to get when the folder was opened."""
        return self._open.uidnext

    @property
    def capabilities(self) -> frozenset[str]:
        """What the server offers, in capitals."""
        return self._link.capabilities

    def folders(self) -> list[str]:
        """The names of all folders."""
        return names(self._link)

    def noop(self) -> None:
        """See that the connection still works; MailboxAway where it does not."""
        with self._link.command("asking for a sign of life") as client:
            client.noop()

    def uids(self, above: int = 0) -> list[int]:
        """The UIDs greater than `above`, ascending."""
        self.noop()
        self._link.protocol.news = False
        return uids_above(self._link, above, self._open.uidnext)

    def fetch(self, uids: Sequence[int]) -> Iterator[RawMail | Unfetched]:
        """The mails in the order of their UIDs; a mail that is gone is left out, one that the server keeps back Unfetched.

        A mail above MAX_MAIL_MB is put together from the parts that are worth fetching (`partial`).
        """
        return fetch_mails(self._link, uids, self._limits)

    def file(self, uid: int, folder: str) -> Filed:
        """Move a mail to a folder, which is made where it is missing; of a mail that is gone nothing is known.

        Without MOVE and UIDPLUS the mail stays, marked with a keyword, and Filed says so. Repeating it does no harm.
        """
        if self._open.read_only:
            self._open_again(read_only=False)
        if folder not in self._targets:
            self._targets[folder] = made(self._link, folder)
        target = self._targets[folder]
        if target == self._open.name:
            return Filed(target, self.uidvalidity, uid)
        return file_mail(self._link, self._open, uid, target, lambda: self._copy_of(uid, target))

    def find(
        self,
        folder: str,
        sha256: str,
        *,
        uidvalidity: int | None = None,
        uid: int | None = None,
        message_id: str = "",
    ) -> tuple[Filed, RawMail] | None:
        """The mail with these bytes (SHA-256, hex), and where it is; None where the folder does not hold it.

        It is looked for by its UID, then by its Message-ID, then in the whole folder, the newest first.
        """
        name = real_name(self._link, folder)
        if name is None:
            return None
        with self._looking_into(name) as there:
            for uids in self._places(there, uidvalidity, uid, message_id):
                for mail in self.fetch(uids):
                    if isinstance(mail, RawMail) and hashlib.sha256(mail.raw).hexdigest() == sha256:
                        return Filed(name, there, mail.uid), mail
        return None

    def wait(self, seconds: float, wake: socket.socket | None = None) -> bool:
        """Wait for mail: True where something may be new, False at the end of the time or when `wake` is readable."""
        return wait_for_mail(self._link, seconds, wake)

    def cut(self) -> None:
        """Break the connection, from whatever thread: a command that waits for the server fails at once."""
        self._link.cut()

    def close(self) -> None:
        """Log out and close the connection; never raises."""
        self._link.close()

    def _places(
        self, there: int, uidvalidity: int | None, uid: int | None, message_id: str
    ) -> Iterator[list[int]]:
        if uid and uidvalidity == there:
            yield [uid]
        if message_id and message_id.isascii() and message_id.isprintable():
            with self._link.command("looking for a mail by its Message-ID") as client:
                found = list(client.search(["HEADER", "Message-ID", message_id]))
            yield found
        yield sorted(uids_above(self._link, 0, self._open.uidnext), reverse=True)

    @contextmanager
    def _looking_into(self, folder: str) -> Iterator[int]:
        """Another folder, opened read-only for a while; gives its UIDVALIDITY."""
        here = self._open
        self._open = open_folder(self._link, folder, read_only=True)
        try:
            yield self._open.uidvalidity
        finally:
            self._open = here
            if not self._link.broken:
                self._open_again(read_only=here.read_only)

    def _open_again(self, *, read_only: bool) -> None:
        before = self._open
        self._open = open_folder(self._link, before.name, read_only=read_only)
        self._link.protocol.news = True
        if self._open.uidvalidity != before.uidvalidity:
            raise MailboxAway(f"The folder {before.name} was made anew meanwhile: its mails have new UIDs.")

    def _copy_of(self, uid: int, target: str) -> Filed | None:
        """Where a copy of a mail of the open folder lies in `target`, if there is one."""
        mail = next(iter(self.fetch([uid])), None)
        if not isinstance(mail, RawMail):
            return None
        found = self.find(target, hashlib.sha256(mail.raw).hexdigest())
        return found[0] if found else None
