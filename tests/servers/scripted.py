"""An IMAP peer that behaves, except where a script says otherwise: for faults that no real server shows on demand."""

from __future__ import annotations

import re
import ssl
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tests.servers.listening import HOST, Listening
from tests.servers.served import ServedMailbox

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Mapping

    Answer = bytes | Callable[["Conversation", bytes, bytes], None]

CAPABILITIES = "IMAP4rev1 IDLE MOVE UIDPLUS LITERAL+ AUTH=PLAIN"
INTERNALDATE = b'"02-Mar-2026 12:00:00 +0000"'


# A key and a certificate for the name localhost that nobody trusts, valid until 2126.
CERTIFICATE = Path(__file__).parent / "loopback.pem"


def tls_context() -> ssl.SSLContext:
    """What a server on loopback speaks TLS with."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


class HangUp(Exception):  # noqa: N818 -- a script raises it to end a connection
    """The script closes the connection here."""


class Conversation:
    """One connection. A script sends what it likes, and reads the client's lines."""

    def __init__(self, peer: ScriptedPeer, connection: socket.socket) -> None:
        self.peer = peer
        self.connection = connection
        self.idling = False
        self.ended = False
        self.folder = "INBOX"
        self._told = 0
        self._unread = b""

    @property
    def mails(self) -> dict[int, bytes]:
        """The mails of the open folder."""
        return self.peer.folders[self.folder]

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.connection.sendall(data)

    def drip(self, data: bytes, seconds: float) -> None:
        """Send one byte after the other, with a pause of `seconds` before each."""
        for number in range(len(data)):
            time.sleep(seconds)
            self.send(data[number : number + 1])

    def line(self) -> bytes:
        """The client's next line without its end; literals are read along (RFC 7888)."""
        line = self._read_line()
        while literal := re.search(rb"\{(\d+)(\+?)\}\r\n$", line):
            if not literal[2]:
                self.send(b"+ go on\r\n")
            line += self._read(int(literal[1])) + self._read_line()
        return line.rstrip(b"\r\n")

    def _read_line(self) -> bytes:
        while b"\n" not in self._unread:
            self._receive()
        return self._read(self._unread.index(b"\n") + 1)

    def _read(self, size: int) -> bytes:
        while len(self._unread) < size:
            self._receive()
        data, self._unread = self._unread[:size], self._unread[size:]
        return data

    def _receive(self) -> None:
        received = self.connection.recv(65536)
        if not received:
            raise HangUp
        self._unread += received

    def ok(self, tag: bytes, text: bytes = b"done") -> None:
        """The tagged OK."""
        self.send(tag + b" OK " + text + b"\r\n")

    def play(self) -> None:
        """Greet, then answer every command by the script or as a server would."""
        self.send(self.peer.greeting)
        while True:
            tag, _, rest = self.line().partition(b" ")
            name, arguments = _split(rest)
            self.peer.commands.append(f"{name} {arguments.decode('latin-1')}".strip())
            self._answer(name, tag, arguments)

    def default(self, name: str, tag: bytes, arguments: bytes) -> None:
        """Answer as a server would."""
        if name in {"SELECT", "EXAMINE"} and _name(arguments) not in self.peer.folders:
            self.send(tag + b" NO [NONEXISTENT] no such folder\r\n")
            return
        method = getattr(self, "_" + name.lower().replace(" ", "_"), None)
        if method:
            method(tag, arguments)
        if name not in {"IDLE", "UID COPY"}:  # which answer by themselves
            self.ok(tag)

    def _answer(self, name: str, tag: bytes, arguments: bytes) -> None:
        scripted = self.peer.answers.get(name)
        if scripted is None:
            self.default(name, tag, arguments)
        elif isinstance(scripted, bytes):
            self.send(scripted.replace(b"{tag}", tag))
        else:
            scripted(self, tag, arguments)

    def _capability(self, _tag: bytes, _arguments: bytes) -> None:
        self.send(b"* CAPABILITY " + self.peer.capabilities.encode() + b"\r\n")

    def _list(self, _tag: bytes, _arguments: bytes) -> None:
        for name in self.peer.folders:
            self.send(b'* LIST (\\HasNoChildren) "/" "%s"\r\n' % name.encode())

    def _noop(self, _tag: bytes, _arguments: bytes) -> None:
        if self._told != len(self.mails):
            self._told = len(self.mails)
            self.send(b"* %d EXISTS\r\n" % self._told)

    def _select(self, _tag: bytes, arguments: bytes) -> None:
        self.folder = _name(arguments)
        self._told = len(self.mails)
        self.send(b"* %d EXISTS\r\n* 0 RECENT\r\n* FLAGS (\\Deleted)\r\n" % len(self.mails))
        self.send(b"* OK [PERMANENTFLAGS (%s)] ok\r\n" % self.peer.permanent_flags + self.peer.select_codes)

    _examine = _select

    def _uid_search(self, _tag: bytes, arguments: bytes) -> None:
        wanted = arguments.partition(b"UID ")[2].decode()
        found = [uid for uid in sorted(self.mails) if _within(uid, wanted, max(self.mails))]
        self.send(b"* SEARCH " + " ".join(map(str, found)).encode() + b"\r\n")

    def _uid_fetch(self, _tag: bytes, arguments: bytes) -> None:
        wanted, _, items = arguments.partition(b" ")
        for number, uid in enumerate(sorted(self.mails), 1):
            if _within(uid, wanted.decode(), max(self.mails)):
                self.send(b"* %d FETCH (UID %d %s)\r\n" % (number, uid, self._items(uid, items)))

    def _items(self, uid: int, items: bytes) -> bytes:
        raw = self.mails[uid]
        if b"BODY.PEEK[]" in items:
            return b"BODY[] {%d}\r\n%s" % (len(raw), raw)
        flags = b" ".join(sorted(self.peer.flags.get(uid, ())))
        return b"RFC822.SIZE %d INTERNALDATE %s FLAGS (%s)" % (len(raw), INTERNALDATE, flags)

    def _create(self, _tag: bytes, arguments: bytes) -> None:
        self.peer.folders.setdefault(_name(arguments), {})

    def _uid_store(self, _tag: bytes, arguments: bytes) -> None:
        uid, _, rest = arguments.partition(b" ")
        flags = rest[rest.index(b"(") + 1 : -1].split()
        kept = [flag for flag in flags if flag == b"\\Deleted" or self.peer.keeps_keywords]
        self.peer.flags.setdefault(int(uid), set()).update(kept)

    def _uid_copy(self, tag: bytes, arguments: bytes) -> None:
        uid, _, target = arguments.partition(b" ")
        there = self.peer.folders[_name(target)]
        number = max(there, default=0) + 1
        there[number] = self.mails[int(uid)]
        self.ok(tag, b"[COPYUID 70 %s %d] done" % (uid, number))

    def _uid_move(self, _tag: bytes, arguments: bytes) -> None:
        wanted, _, target = arguments.partition(b" ")
        there = self.peer.folders[_name(target)]
        first = max(there, default=0) + 1
        moved = [uid for uid in sorted(self.mails) if _within(uid, wanted.decode(), max(self.mails))]
        if moved:
            numbers = range(first, first + len(moved))
            there.update(zip(numbers, (self.mails[uid] for uid in moved), strict=True))
            sets = (b",".join(b"%d" % each for each in some) for some in (moved, numbers))
            self.send(b"* OK [COPYUID 70 %s] done\r\n" % b" ".join(sets))
            for uid in moved:
                self._gone(uid)

    def _uid_expunge(self, _tag: bytes, arguments: bytes) -> None:
        uid = int(arguments)
        if b"\\Deleted" in self.peer.flags.get(uid, ()) and uid in self.mails:
            self._gone(uid)

    def _gone(self, uid: int) -> None:
        number = sorted(self.mails).index(uid) + 1
        del self.mails[uid]
        self.send(b"* %d EXPUNGE\r\n" % number)

    def _idle(self, tag: bytes, _arguments: bytes) -> None:
        self.send(b"+ idling\r\n")
        self.idling = True
        self.done(tag)

    def told(self) -> None:
        """Tell of the mails there are, where the client is waiting for that."""
        if self.idling:
            self.send(b"* %d EXISTS\r\n" % len(self.mails))

    def done(self, tag: bytes) -> None:
        """Wait for the client's DONE and end the IDLE."""
        assert self.line().upper() == b"DONE"
        self.idling = False
        self.ok(tag)

    def _logout(self, _tag: bytes, _arguments: bytes) -> None:
        self.send(b"* BYE bye\r\n")


def _name(quoted: bytes) -> str:
    return quoted.decode().strip('"')


def _split(rest: bytes) -> tuple[str, bytes]:
    name, _, arguments = rest.partition(b" ")
    if name.upper() == b"UID":
        second, _, arguments = arguments.partition(b" ")
        name += b" " + second
    return name.decode("latin-1").upper(), arguments


def _within(uid: int, wanted: str, last: int) -> bool:
    for item in wanted.split(","):
        low, _, high = item.partition(":")
        ends = [last if end == "*" else int(end) for end in (low, high or low)]
        if min(ends) <= uid <= max(ends):
            return True
    return False


class ScriptedPeer(Listening):
    r"""`with ScriptedPeer({1: raw}, answers={"LOGIN": b"{tag} NO sorry\r\n"}) as peer:` an IMAP server with a fault.

    An answer is what is sent instead of everything a server would send ({tag} is the command's), or a function of
    (conversation, tag, arguments). `commands` are the commands that came, in order.
    """

    def __init__(
        self,
        mails: Mapping[int, bytes] | None = None,
        *,
        answers: Mapping[str, Answer] | None = None,
        capabilities: str = CAPABILITIES,
        greeting: bytes = b"* OK ready\r\n",
        select_codes: bytes = b"* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 100] ok\r\n",
        permanent_flags: bytes = rb"\Deleted \*",
        tls: bool = False,
        port: int = 0,
    ) -> None:
        self._tls = tls_context() if tls else None
        self.mails = dict(mails or {})
        self.answers = dict(answers or {})
        self.capabilities = capabilities
        self.greeting = greeting
        self.select_codes = select_codes
        self.permanent_flags = permanent_flags
        self.keeps_keywords = True
        self.folders: dict[str, dict[int, bytes]] = {"INBOX": self.mails}
        self.flags: dict[int, set[bytes]] = {}
        self.talks: list[Conversation] = []
        self.commands: list[str] = []
        super().__init__(port)

    def mailbox(self) -> ServedMailbox:
        """How to reach it."""
        return ServedMailbox("scripted", HOST, self.port, "crm", "secret", lambda _user, _folder: None)

    def deliver(self, raw: bytes) -> int:
        """Put a mail into the mailbox, and tell whoever is idling; its UID."""
        uid = max(self.mails, default=0) + 1
        self.mails[uid] = raw
        for talk in self.talks:
            with suppress(OSError):
                talk.told()
        return uid

    def count(self, name: str) -> int:
        """How often a command came."""
        return sum(
            command.split(" ")[0] == name or command.startswith(name + " ") for command in self.commands
        )

    def _met(self, connection: socket.socket) -> None:
        self._connections.append(connection)
        self._begin(lambda: self._talk(connection))

    def _talk(self, connection: socket.socket) -> None:
        conversation = None
        with connection, suppress(HangUp, OSError, ValueError):
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            conversation = Conversation(self, connection)
            self.talks.append(conversation)
            conversation.play()
        if conversation:
            conversation.ended = True
            # Not always the one it began with: STARTTLS puts another in its place.
            conversation.connection.close()
