"""The shared IMAP mailbox: fetch, file, wait. The only package that knows imapclient; its errors are its own."""

from __future__ import annotations

import hashlib
import math
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crm_logger.core.model import RawMail
from crm_logger.mailbox.errors import (
    UNREADABLE,
    MailboxAway,
    MailboxError,
    MailboxMisconfigured,
    MailboxRefused,
    NotFiled,
    ReauthRequired,
    Why,
)
from crm_logger.mailbox.fetching import Unfetched, fetch_mails
from crm_logger.mailbox.filing import Filed, file_mail, move_all
from crm_logger.mailbox.folders import last_uid, made, names, open_folder, real_name
from crm_logger.mailbox.foresight import FEW, Announced, Foreseen, ask_above, foresee
from crm_logger.mailbox.idle import wait_for_mail
from crm_logger.mailbox.link import Link
from crm_logger.mailbox.memory import FILINGS, Memory
from crm_logger.mailbox.partial import Limits
from crm_logger.mailbox.reading import Envelope, fetch_envelope, uids_above

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from crm_logger.config import Config

__all__ = [
    "Envelope",
    "Filed",
    "Mailbox",
    "MailboxAway",
    "MailboxError",
    "MailboxMisconfigured",
    "MailboxRefused",
    "Memory",
    "NotFiled",
    "Quota",
    "ReauthRequired",
    "Unfetched",
    "Why",
    "connect",
]


NEWEST = 50
"""Among so many mails of a folder the copy is that a worker made before it died."""
QUIET_LOOKS = 10
"""After so many looks at which the server told of nothing, the next one searches all the same."""


@dataclass(frozen=True, slots=True)
class Quota:
    """How much of what the server allows is used, in its own units: kilobytes for STORAGE (RFC 2087)."""

    resource: str
    used: int
    limit: int


@contextmanager
def connect(config: Config, memory: Memory | None = None) -> Iterator[Mailbox]:
    """A mailbox for the length of a `with`; raises MailboxAway, MailboxRefused or MailboxMisconfigured.

    `memory` is what was learnt of the server at earlier connections.
    """
    mailbox = Mailbox(config, memory)
    try:
        yield mailbox
    finally:
        mailbox.close()


class Mailbox:
    """One connection with the folder of the settings open; of no use after a MailboxAway: connect again.

    With FILING=leave the folder is opened read-only (EXAMINE), so that nothing in it can change.
    """

    def __init__(self, config: Config, memory: Memory | None = None) -> None:
        self.name = config.mailbox_name
        self._config = config
        self._limits = Limits(
            config.max_mail_bytes, config.max_attachment_bytes, config.policy.max_body_bytes
        )
        self._targets: dict[str, str] = {}
        self._quiet = 0  # looks since the last search
        self._highest: float = math.inf  # above it there was nothing at the last search
        self._there: frozenset[int] = frozenset()  # single mails that a search found, and none has gone since
        self._announced: Announced | None = None
        self._foreseen = Foreseen()
        self._link = Link(config, memory)
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

    def went_back(self, last: int) -> bool:
        """Whether the server gives UIDs again that it gave before: the next one is not above the `last` that is known.

        Where it lists a mail with the UID that should come next, what it says of that one is worth nothing.
        """
        if not self._open.uidnext_told or self._open.uidnext > last:
            return False
        return last_uid(self._link) < self._open.uidnext

    @property
    def capabilities(self) -> frozenset[str]:
        """What the server offers, in capitals."""
        return self._link.capabilities

    def folders(self) -> list[str]:
        """The names of all folders."""
        return names(self._link)

    def noop(self) -> None:
        """See that the connection still works; MailboxAway where it does not."""
        self._link.noop("asking for a sign of life")

    def stirred(self, above: int) -> bool:
        """Whether the folder may have changed since the last search, or that found more than what lies up to `above`.

        This is what an idle look comes to: one NOOP (RFC 3501 §6.1.2). A server that does not tell what it must is not
        trusted for longer than QUIET_LOOKS of them.
        """
        self._quiet += 1
        if self._is_distrusted or self._announced:
            return True
        self._hear()
        return self._link.protocol.stirred or above < self._highest

    def uids(self, above: int = 0, also: Sequence[int] = ()) -> list[int]:
        """The UIDs greater than `above`, ascending, and those of `also` that the folder still has.

        Those that were there are looked for again once a mail may have gone: for a set that holds one mail far below
        the others Dovecot goes through all that lie between.
        """
        announced, self._announced = self._announced, None
        if self._is_distrusted:  # that look, too, is one command: what comes of this search alone is wanted
            announced, self._there = None, frozenset()
        elif not announced:
            self._hear()
        if self._link.protocol.shrank:
            self._there = frozenset()
        self._quiet = 0
        there = {uid for uid in also if uid <= above} & self._there
        asked = [uid for uid in also if uid not in there]
        if announced and announced.above <= above and not asked:
            new = self._uids_announced(announced, above)
        else:
            self._link.protocol.forget_news()
            new = uids_above(self._link, above, self._open.uidnext, asked)
        found = sorted({*new, *there})
        self._there = frozenset(also).intersection(found)
        self._highest = max([above, *found])
        if found and found[-1] >= self._open.uidnext:
            self._open = replace(self._open, uidnext=found[-1] + 1)
        return found

    def _uids_announced(self, announced: Announced, above: int) -> list[int]:
        new = sorted(uid for uid in self._link.found(announced.search) if uid > above)
        suspects = self._link.memory.suspects(self.folder)
        self._foreseen = foresee(self._link, announced, new, self._limits, suspects)
        return new

    @property
    def _is_distrusted(self) -> bool:
        return self._quiet >= QUIET_LOOKS

    def _hear(self) -> None:
        """Have the server tell what is new, which Courier does here alone; after an announcement it is there to be found."""
        if not self._link.protocol.news:
            self.noop()

    def fetch(self, uids: Iterable[int]) -> Iterator[RawMail | Unfetched]:
        """The mails in the order of their UIDs; a mail that is gone is left out, one that the server keeps back Unfetched.

        More are under way while one is worked on; other commands may be given meanwhile.
        A mail above MAX_MAIL_MB is put together from the parts that are worth fetching (`partial`).
        """
        foreseen, self._foreseen = self._foreseen, Foreseen()
        return fetch_mails(self._link, uids, self._limits, self._link.memory.suspects(self.folder), foreseen)

    def envelope(self, uid: int) -> Envelope:
        """What the server tells of a mail without giving it; whatever it does not tell is empty."""
        return fetch_envelope(self._link, uid)

    def quotas(self) -> list[Quota]:
        """What the server allows for the folder; nothing where it does not tell."""
        found: list[Quota] = []
        if self._link.has("QUOTA"):
            with (
                suppress(MailboxAway),
                self._link.command("asking for the quota") as client,
                suppress(*UNREADABLE),
            ):
                # imapclient takes this name, unlike others, as the server writes it.
                name = client._normalise_folder(self.folder)  # noqa: SLF001 -- as it does with the others
                _roots, told = client.get_quota_root(name)
                found = [Quota(str(each.resource), int(each.usage), int(each.limit)) for each in told]
        return [each for each in found if each.limit > 0]

    def file(self, uid: int, folder: str, is_anothers: Callable[[Filed], bool] | None = None) -> Filed:
        """Move a mail to a folder, which is made where it is missing; of a mail that is gone nothing is known.

        `is_anothers` tells of a place in that folder whether another mail is known to lie there: of two mails with the same
        bytes each keeps its copy. Without MOVE and UIDPLUS the mail stays, marked with a keyword, and Filed says so. Repeating it does no harm.
        Raises NotFiled where the server refuses it, and where it was tried often enough for an hour.
        """
        memory, key = self._link.memory, (self.uidvalidity, uid)
        if not memory.may_file(*key):
            raise NotFiled("It was tried often enough for now.", given_up=True)
        if self._open.read_only:
            self._open_again(read_only=False)
        try:
            return self._filed(uid, folder, is_anothers or (lambda _there: False))
        except (MailboxAway, MailboxMisconfigured) as trouble:
            if self._link.broken or getattr(trouble, "retry_after", None):
                raise
            last = memory.count_filing(*key) >= FILINGS
            raise NotFiled(f"{trouble}{' It is tried again in an hour.' if last else ''}") from trouble

    def move_together(self, uids: Sequence[int], folder: str) -> dict[int, Filed]:
        """What one MOVE made of several mails; nothing where the server has none or refused it: then each is filed alone."""
        memory = self._link.memory
        tried = len(uids) > 1 and self._link.has("MOVE")
        if not tried or not all(memory.may_file(self.uidvalidity, uid) for uid in uids):
            return {}
        if self._open.read_only:
            self._open_again(read_only=False)
        try:
            target = self._target(folder)
            return {} if target == self._open.name else move_all(self._link, uids, target)
        except (MailboxAway, MailboxMisconfigured) as trouble:
            if self._link.broken or getattr(trouble, "retry_after", None):
                raise
            return {}

    def _target(self, folder: str) -> str:
        if folder not in self._targets:
            self._targets[folder] = made(self._link, folder)
        return self._targets[folder]

    def _filed(self, uid: int, folder: str, is_anothers: Callable[[Filed], bool]) -> Filed:
        target = self._target(folder)
        if target == self._open.name:
            return Filed(target, self.uidvalidity, uid)
        return file_mail(self._link, self._open, uid, target, lambda: self._copy_of(uid, target, is_anothers))

    def find(  # noqa: PLR0913 -- each is another way to tell the mail, and has its name
        self,
        folder: str,
        sha256: str,
        *,
        uidvalidity: int | None = None,
        uid: int | None = None,
        message_id: str = "",
        is_anothers: Callable[[Filed], bool] = lambda _there: False,
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
                    if not isinstance(mail, RawMail) or hashlib.sha256(mail.raw).hexdigest() != sha256:
                        continue
                    if not is_anothers(found := Filed(name, there, mail.uid)):
                        return found, mail
        return None

    @property
    def login_is_due(self) -> bool:
        """Whether to connect anew before the server ends the session: its access token nears its end."""
        return self._link.token_is_due

    def wait(self, seconds: float, wake: socket.socket | None = None) -> bool:
        """Wait for mail: True where something may be new, False at the end of the time or when `wake` is readable.

        A few mails are asked for as soon as they are announced; `uids` and `fetch` then wait for what is under way.
        """
        if self._announced:
            return True
        self._foreseen = Foreseen()  # nobody wanted it, and its answer is not kept beyond here
        told = wait_for_mail(self._link, seconds, wake)
        if 0 < self._link.protocol.arrived <= FEW and not math.isinf(self._highest):
            self._announced = self._ask_at_once(int(self._highest))
        return told

    def _ask_at_once(self, above: int) -> Announced:
        if self._link.protocol.shrank:
            self._there = frozenset()
        return ask_above(self._link, above)

    @property
    def deadline(self) -> float:
        """Until when the command that is under way may take, by the monotonic clock; 0 where none is."""
        return self._link.deadline

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
        """A folder, opened read-only for a while where it is another one; gives its UIDVALIDITY."""
        if folder == self._open.name:
            yield self._open.uidvalidity
            return
        here = self._open
        self._announced, self._foreseen = None, Foreseen()  # what UIDs mean is another thing there
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
        self._there = frozenset()  # nobody told of what went meanwhile
        if before.lasting and self._open.uidvalidity != before.uidvalidity:
            raise MailboxAway(f"The folder {before.name} was made anew meanwhile: its mails have new UIDs.")

    def _copy_of(self, uid: int, target: str, is_anothers: Callable[[Filed], bool]) -> Filed | None:
        """Where a copy of a mail of the open folder lies in `target`, if there is one."""
        mail = next(iter(self.fetch([uid])), None)
        if not isinstance(mail, RawMail):
            return self._likeness_of(uid, target, is_anothers)
        found = self.find(target, hashlib.sha256(mail.raw).hexdigest(), is_anothers=is_anothers)
        return found[0] if found else None

    def _likeness_of(self, uid: int, target: str, is_anothers: Callable[[Filed], bool]) -> Filed | None:
        """The same for a mail that the server keeps back: by what it tells of it, among the newest of the target."""
        wanted = self.envelope(uid)
        if not (wanted.received_at and wanted.size):
            return None
        with self._looking_into(target) as there:
            for each in reversed(uids_above(self._link, 0, self._open.uidnext)[-NEWEST:]):
                found = Filed(target, there, each)
                if self.envelope(each) == wanted and not is_anothers(found):
                    return found
        return None
