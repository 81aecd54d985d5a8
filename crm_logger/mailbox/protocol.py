"""What lies below imapclient: imaplib over a socket of ours, which notices what is new and may have several commands under way."""

from __future__ import annotations

import imaplib
import math
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from imapclient import IMAPClient, SocketTimeout

from crm_logger.mailbox.answers import fetch_answers
from crm_logger.mailbox.errors import FAULTS

if TYPE_CHECKING:
    import socket
    from collections.abc import Sequence

_SHRINKING = frozenset({"EXPUNGE", "VANISHED"})
_STIRRING = _SHRINKING | {"EXISTS", "RECENT"}


@dataclass(slots=True, eq=False)
class Sent:
    """A command whose answer is read later: `uids` are the mails it is about, and all `above` a UID; `size` is the number of bytes expected.

    `told` is what FETCH answers said of those mails, and `literals` those that came in them. `trouble` is why one of them
    cannot be read. `numbers` are the lines that answered a SEARCH.
    """

    tag: bytes
    name: str
    doing: str
    uids: Sequence[int] = ()
    size: int = 0
    above: float = math.inf
    told: dict[int, dict[bytes, Any]] = field(default_factory=dict)
    literals: list[bytes] = field(default_factory=list)
    trouble: Exception | None = None
    numbers: list[bytes] = field(default_factory=list)

    def is_about(self, uid: int) -> bool:
        """Whether the mail is one of those that were asked about."""
        return uid > self.above or uid in self.uids

    @property
    def is_told(self) -> bool:
        """Whether something was said of each mail."""
        return all(uid in self.told for uid in self.uids)


class Protocol(imaplib.IMAP4):
    """imaplib over a socket that is connected already (so a deadline holds from the first byte), counting what is new.

    `news` becomes True when the server announces more mail than there was, during whatever command, and `stirred` when it
    tells of any change in what the folder holds, `shrank` when that is less than before; `arrived` counts the new ones. No literal may be `largest` or larger. `under_way` are the commands
    that were sent and not carried out yet, in their order, which is that of their answers (RFC 3501 §5.5).
    """

    largest = 1 << 30

    def __init__(self, host: str, connected: socket.socket) -> None:
        self.news = self.stirred = self.shrank = False
        self.exists = self.arrived = 0
        self.under_way: deque[Sent] = deque()
        self._parts: list[Any] = []
        self._connected = connected
        super().__init__(host)

    def begin(
        self, doing: str, *words: str, uids: Sequence[int] = (), size: int = 0, above: float = math.inf
    ) -> Sent:
        """Send a command, whose name is its first words in capitals, and do not wait for its answer."""
        self.forget_answers()
        tag: bytes = self._command(*words)
        self.under_way.append(Sent(tag, " ".join(words[:2]), doing, uids, size, above))
        return self.under_way[-1]

    def end(self, sent: Sent) -> tuple[str, list[Any]]:
        """Read on until a command was carried out; return how it ended, and what the server said to that."""
        how, said = self._command_complete(sent.name, sent.tag)
        return how, said

    def forget_answers(self) -> None:
        """Drop what earlier commands left, so that no answer is taken for another's and memory does not grow."""
        for name in self.untagged_responses.keys() - {"BYE"}:
            del self.untagged_responses[name]

    def forget_ended(self) -> None:
        """Drop the answers of ended commands that nobody waits for any more."""
        for tag in [tag for tag, answer in self.tagged_commands.items() if answer]:
            del self.tagged_commands[tag]

    def forget_news(self) -> None:
        """What the server announces from now on is news."""
        self.news = self.stirred = self.shrank = False
        self.arrived = 0

    def _create_socket(self, _timeout: float | None = None) -> socket.socket:
        return self._connected

    def _get_response(self) -> Any:
        response = super()._get_response()  # type: ignore[misc]  # private, and so not in the stubs
        while self.under_way and not self._goes_on(self.under_way[0]):
            self.under_way.popleft()
        return response

    def _goes_on(self, sent: Sent) -> bool:
        """Whether a command was not carried out yet: imaplib drops the tag of what has been waited for."""
        return sent.tag in self.tagged_commands and not self.tagged_commands[sent.tag]

    def _append_untagged(self, typ: str, dat: Any) -> None:
        self.stirred = self.stirred or typ in _STIRRING
        self.shrank = self.shrank or typ in _SHRINKING
        if typ == "EXISTS" and dat.isdigit():
            self.arrived += max(0, int(dat) - self.exists)
            self.news = self.news or int(dat) > self.exists
            self.shrank = self.shrank or int(dat) < self.exists
            self.exists = int(dat)
        elif typ == "EXPUNGE":
            self.exists -= 1
        elif typ == "SEARCH" and (asked := self._searching()):
            asked.numbers.append(dat)
            return
        elif typ == "FETCH" and self.under_way:
            self._parts.append(dat)
            if isinstance(dat, tuple):  # up to a literal: the answer goes on
                return
            parts, self._parts = self._parts, []
            if self._is_told(parts):
                return
            dat = parts.pop()
            for part in parts:
                super()._append_untagged(typ, part)  # type: ignore[misc]  # the same
        super()._append_untagged(typ, dat)  # type: ignore[misc]  # the same

    def _searching(self) -> Sent | None:
        """The first SEARCH that goes on: they are answered in their order. One may be carried out while a FETCH before it goes on."""
        searches = (sent for sent in self.under_way if sent.name == "UID SEARCH")
        return next(filter(self._goes_on, searches), None)

    def _is_told(self, parts: list[Any]) -> bool:
        """Give a FETCH answer to that one of the commands under way which asked for the mail; False where none did.

        Where several are under way Dovecot ends the first when the data of the others have been sent as well.
        """
        try:
            answers = fetch_answers(parts)
        except FAULTS as trouble:
            self.under_way[0].trouble = trouble
            return True
        asked = [(sent, uid) for uid in answers for sent in self.under_way if sent.is_about(uid)]
        for sent, uid in asked:
            sent.told.setdefault(uid, {}).update(answers[uid])
            sent.literals += [part[1] for part in parts if isinstance(part, tuple)]
        return bool(asked)

    def read(self, size: int) -> bytes:
        """Read so many bytes; a size that no mail has is not waited for."""
        if size >= self.largest:
            raise self.abort(f"a literal of {size} bytes was announced")
        return super().read(size)

    def readline(self) -> bytes:
        """Read a line; after one that is too long nothing can be understood any more."""
        try:
            return super().readline()
        except self.abort:
            raise
        except self.error as error:
            raise self.abort(str(error)) from error


class Client(IMAPClient):  # type: ignore[misc]  # imapclient ships no types
    """IMAPClient over that connection."""

    def __init__(self, host: str, connected: socket.socket, timeout: float, *, encrypted: bool) -> None:
        self._connected = connected
        super().__init__(host, port=0, ssl=encrypted, timeout=SocketTimeout(timeout, timeout))
        # imapclient sets 5: every literal is then formatted twice for a log nobody reads, 2 to 6 times the time.
        self._imap.debug = 0
        self.normalise_times = False

    @property
    def protocol(self) -> Protocol:
        """What it speaks through."""
        protocol: Protocol = self._imap
        return protocol

    def check(self, sent: Sent, how: str, said: list[Any]) -> None:
        """Raise imaplib's error where a command did not end with OK."""
        self._checkok(sent.name, how, said)

    def _create_IMAP4(self) -> Protocol:  # noqa: N802 -- imapclient's name
        return Protocol(self.host, self._connected)
