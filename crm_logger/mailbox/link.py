"""One connection to the IMAP server: verified TLS, timeouts, a deadline for every command, and the login."""

from __future__ import annotations

import imaplib
import math
import socket
import ssl
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from imapclient.response_parser import parse_message_list

from crm_logger.mailbox.deadline import Deadlines
from crm_logger.mailbox.errors import (
    FAULTS,
    MailboxAway,
    MailboxError,
    MailboxMisconfigured,
    Why,
    as_mailbox_error,
    login_error,
    plain,
)
from crm_logger.mailbox.memory import Memory
from crm_logger.mailbox.protocol import Client
from crm_logger.mailbox.token_login import TokenLogin

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crm_logger.config import Config
    from crm_logger.mailbox.protocol import Protocol, Sent
    from crm_logger.oauth import AccessToken

BYTES_PER_SECOND = 50_000
"""The slowest line on which a large answer is waited for."""


class Link:
    """A connection that is logged in. `client` is used inside `command()` only; after an error it is of no use."""

    def __init__(self, config: Config, memory: Memory | None = None) -> None:
        self.memory = memory or Memory()
        self.server = f"{config.imap_host}:{config.imap_port}"
        self.timeout = config.imap_timeout
        self.idle_refused = False
        self._config = config
        self.broken = False
        self._token: AccessToken | None = None
        self._deadlines = Deadlines(self.cut)
        try:
            with self._faults("connecting"):
                self._socket = self._connected()
        except BaseException:
            self._deadlines.close()
            raise
        try:
            self.client = self._greeted()
            # A server may tell a wrong size, but not one that is wrong by so much.
            self.protocol.largest = 2 * config.max_mail_bytes + (64 << 20)
            self._encrypt()
            self._log_in()
            self.capabilities = self._capabilities()
        except BaseException:
            self.close()
            raise

    @property
    def protocol(self) -> Protocol:
        """The protocol's state below imapclient: what the server announced on its own, and which commands are under way."""
        return self.client.protocol

    @contextmanager
    def command(self, doing: str, *, size: int = 0) -> Iterator[Any]:
        """Lend the client for one command; `doing` completes "while …", `size` is the number of bytes expected.

        Whatever it raises becomes a MailboxError. A deadline by the clock ends it even if a byte a second drips in,
        which no socket timeout notices. The answers of what is under way come before its own, and are kept.
        """
        self.protocol.forget_answers()
        with self._faults(doing), self._deadline(self._seconds(size)):
            yield self.client

    def begin(
        self, doing: str, *words: str, uids: Sequence[int] = (), size: int = 0, above: float = math.inf
    ) -> Sent:
        """Send a command and go on without its answer, which `end` waits for; `uids`, `size` and `above` as in `Sent`."""
        with self._faults(doing), self._deadline(self._seconds()):
            return self.protocol.begin(doing, *words, uids=uids, size=size, above=above)

    def end(self, sent: Sent) -> None:
        """Wait until a command is carried out; MailboxAway where the server refused it."""
        with self._faults(sent.doing), self._deadline(self._seconds()):
            self.client.check(sent, *self.protocol.end(sent))

    def ask(self, doing: str, uids: Sequence[int], items: str, *, size: int = 0) -> Sent:
        """Begin a FETCH of what `items` names."""
        words = ("UID", "FETCH", ",".join(map(str, uids)), f"({items})")
        return self.begin(doing, *words, uids=uids, size=size)

    def fetched(self, sent: Sent) -> dict[int, dict[bytes, Any]]:
        """Wait for the answer to `ask`, and return what it tells of each mail."""
        self.end(sent)
        with self._faults(sent.doing):
            if sent.trouble:
                raise sent.trouble
        told, sent.told = sent.told, {}
        return told

    def found(self, sent: Sent) -> list[int]:
        """Wait for the answer to a SEARCH, and return the numbers in it."""
        self.end(sent)
        with self._faults(sent.doing):
            return [uid for line in sent.numbers for uid in parse_message_list([line])]

    def noop(self, doing: str) -> None:
        """Have the server tell what it may tell at such a command alone (RFC 3501 §7.4.1)."""
        # Not by imapclient, which cannot read what belongs to a command that is under way.
        self.end(self.begin(doing, "NOOP"))

    def _seconds(self, size: int = 0) -> float:
        """How long a command may take whose answer has so many bytes; it comes after those of all that is under way."""
        before = sum(sent.size for sent in self.protocol.under_way)
        return 2 * self.timeout + (before + size) / BYTES_PER_SECOND

    def raise_unless_refused(self, error: MailboxAway) -> None:
        """Go on only where the server refused this one command, and neither went away nor asked us to wait."""
        if self.broken or error.retry_after is not None:
            raise error

    def has(self, capability: str) -> bool:
        """Whether the server offers a capability."""
        return capability in self.capabilities

    @property
    def token_is_due(self) -> bool:
        """Whether the access token of this connection nears its end, so that a new connection should take its place."""
        return self._token is not None and self.memory.tokens(self._config).is_due(self._token)

    @property
    def deadline(self) -> float:
        """Until when the command that is under way may take, by the monotonic clock; 0 where none is."""
        return self._deadlines.last()

    def cut(self) -> None:
        """Break the connection, from whatever thread: a command that waits for the server fails at once."""
        with suppress(OSError):
            # Past SSLSocket.shutdown, which would pull the TLS layer from under the thread that is reading.
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def close(self) -> None:
        """Say LOGOUT where the connection still works, and close it; never raises.

        The BYE is not waited for (RFC 3501 §3.4): it may come after all that is under way, or from far away.
        """
        client = getattr(self, "client", None)
        if client is not None and not self.broken:
            with suppress(*FAULTS), self._deadline(5.0):
                self._socket.settimeout(min(self.timeout, 5.0))
                self.protocol.begin("logging out", "LOGOUT")
        with suppress(*FAULTS):
            if client is not None:
                client.shutdown()
        self._deadlines.close()
        with suppress(OSError):
            self._socket.close()

    @contextmanager
    def _faults(self, doing: str) -> Iterator[None]:
        try:
            yield
        except FAULTS as error:
            # A command that was answered with NO or BAD leaves the connection as it was.
            answered = isinstance(error, imaplib.IMAP4.error) and not isinstance(error, imaplib.IMAP4.abort)
            self.broken = self.broken or not answered
            failure = as_mailbox_error(error, doing, self.server, self._bye())
            if getattr(failure, "why", None) is Why.TOKEN_EXPIRED:
                self.memory.tokens(self._config).expire()
            raise failure from error

    def _bye(self) -> str:
        """What the server said before it hung up."""
        said = self.protocol.untagged_responses.get("BYE", []) if hasattr(self, "client") else []
        last = said[-1] if said else b""
        return plain(Exception(last.decode("utf-8", "replace"))) if isinstance(last, bytes) and last else ""

    @contextmanager
    def _deadline(self, seconds: float) -> Iterator[None]:
        with self._deadlines.within(seconds) as span:
            try:
                yield
            except FAULTS as error:
                if span.late:
                    raise TimeoutError(f"not finished after {seconds:.0f} s") from error
                raise

    def _connected(self) -> socket.socket:
        raw = socket.create_connection((self._config.imap_host, self._config.imap_port), self.timeout)
        _tune(raw)
        self._socket = raw
        if self._config.imap_security != "tls":
            return raw
        try:
            with self._deadline(2 * self.timeout):
                return ssl.create_default_context().wrap_socket(raw, server_hostname=self._config.imap_host)
        except BaseException:
            raw.close()
            raise

    def _greeted(self) -> Client:
        encrypted = self._config.imap_security == "tls"
        with self._faults("greeting"), self._deadline(2 * self.timeout):
            return Client(self._config.imap_host, self._socket, self.timeout, encrypted=encrypted)

    def _encrypt(self) -> None:
        """STARTTLS where it is asked for; a server that does not offer it never sees the password."""
        if self._config.imap_security != "starttls":
            return
        with self.command("starting TLS") as client:
            if not client.has_capability("STARTTLS"):
                raise MailboxMisconfigured(
                    f"{self.server} offers no STARTTLS: check IMAP_PORT, or set IMAP_SECURITY=tls."
                )
            client.starttls(ssl.create_default_context())
            self._socket = client.socket()

    def _log_in(self) -> None:
        # Raised here, without cause or context: some servers quote the command, password and all, in their answer.
        if failure := self._login_failure():
            raise failure

    def _token_failure(self) -> MailboxError | None:
        login = TokenLogin(self._config, self.memory.tokens(self._config))
        failure = login.prepare()
        if failure is None:
            try:
                with self._deadline(2 * self.timeout):
                    failure = login.log_in(self.client, self.server)
            except FAULTS as error:
                failure = login_error(error, self._config.imap_user, self.server)
        self.broken = self.broken or failure is not None
        self._token = login.token
        return failure

    def _login_failure(self) -> MailboxError | None:
        if self._config.imap_auth != "password":
            return self._token_failure()
        user, password = self._config.imap_user, self._config.imap_password.reveal()
        try:
            with self._deadline(2 * self.timeout):
                if user.isascii() and password.isascii():
                    self.client.login(user, password)
                else:
                    # LOGIN carries ASCII only (RFC 3501 §9); AUTHENTICATE PLAIN carries UTF-8 (RFC 4616 §2).
                    self.client.plain_login(user, password)
        except FAULTS as error:
            self.broken = True
            failure = login_error(error, user, self.server)
            failure.args = (str(failure).replace(password, "***") if password else str(failure),)
            return failure
        return None

    def _capabilities(self) -> frozenset[str]:
        with self.command("asking for capabilities") as client:
            return frozenset(name.decode("ascii", "replace").upper() for name in client.capabilities())


def _tune(connected: socket.socket) -> None:
    """Send at once, and let the kernel notice within two minutes of silence that the peer is gone."""
    # imapclient sends a command and its line end apart: Nagle's algorithm would hold the second back for 40 ms.
    connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 15), ("TCP_KEEPCNT", 4)):
        if hasattr(socket, name):
            connected.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
