"""One connection to the IMAP server: verified TLS, timeouts, a deadline for every command, and the login."""

from __future__ import annotations

import imaplib
import socket
import ssl
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from imapclient import IMAPClient, SocketTimeout

from crm_logger.mailbox.deadline import Deadlines
from crm_logger.mailbox.errors import (
    FAULTS,
    MailboxError,
    MailboxMisconfigured,
    Why,
    as_mailbox_error,
    login_error,
    plain,
)
from crm_logger.mailbox.memory import Memory
from crm_logger.mailbox.token_login import TokenLogin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_logger.config import Config
    from crm_logger.oauth import AccessToken

BYTES_PER_SECOND = 50_000
"""The slowest line on which a large answer is waited for."""


_STIRRING = frozenset({"EXISTS", "EXPUNGE", "RECENT", "VANISHED"})


class _Protocol(imaplib.IMAP4):
    """imaplib over a socket that is connected already (so a deadline holds from the first byte), counting what is new.

    `news` becomes True when the server announces more mail than there was, during whatever command, and `stirred` when it
    tells of any change in what the folder holds. `literals` are
    those that came in the FETCH answers of a command; none may be `largest` or larger.
    """

    largest = 1 << 30

    def __init__(self, host: str, connected: socket.socket) -> None:
        self.news = self.stirred = False
        self.exists = 0
        self.literals: list[bytes] = []
        self._connected = connected
        super().__init__(host)

    def _create_socket(self, _timeout: float | None = None) -> socket.socket:
        return self._connected

    def _append_untagged(self, typ: str, dat: Any) -> None:
        super()._append_untagged(typ, dat)  # type: ignore[misc]  # private, and so not in the stubs
        self.stirred = self.stirred or typ in _STIRRING
        if typ == "EXISTS" and dat.isdigit():
            self.news = self.news or int(dat) > self.exists
            self.exists = int(dat)
        elif typ == "EXPUNGE":
            self.exists -= 1
        elif typ == "FETCH" and isinstance(dat, tuple):
            self.literals.append(dat[1])

    def read(self, size: int) -> bytes:
        if size >= self.largest:
            raise self.abort(f"a literal of {size} bytes was announced")
        return super().read(size)

    def readline(self) -> bytes:
        try:
            return super().readline()
        except self.abort:
            raise
        except self.error as error:  # too long: the rest of the line is still to come
            raise self.abort(str(error)) from error


class _Client(IMAPClient):  # type: ignore[misc]  # imapclient ships no types
    """IMAPClient over that connection."""

    def __init__(self, host: str, connected: socket.socket, timeout: float, *, encrypted: bool) -> None:
        self._connected = connected
        super().__init__(host, port=0, ssl=encrypted, timeout=SocketTimeout(timeout, timeout))
        # imapclient sets 5: every literal is then formatted twice for a log nobody reads, 2 to 6 times the time.
        self._imap.debug = 0
        self.normalise_times = False

    def _create_IMAP4(self) -> _Protocol:  # noqa: N802 -- imapclient's name
        return _Protocol(self.host, self._connected)


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
    def protocol(self) -> _Protocol:
        """The protocol's state below imapclient: what the server announced on its own."""
        protocol: _Protocol = self.client._imap  # noqa: SLF001 -- imapclient shows it nowhere else
        return protocol

    @contextmanager
    def command(self, doing: str, *, size: int = 0) -> Iterator[Any]:
        """Lend the client for one command; `doing` completes "while …", `size` is the number of bytes expected.

        Whatever it raises becomes a MailboxError. A deadline by the clock ends it even if a byte a second drips in,
        which no socket timeout notices.
        """
        self._forget_answers()
        with self._faults(doing), self._deadline(2 * self.timeout + size / BYTES_PER_SECOND):
            yield self.client

    def has(self, capability: str) -> bool:
        """Whether the server offers a capability."""
        return capability in self.capabilities

    @property
    def token_is_due(self) -> bool:
        """Whether the access token of this connection nears its end, so that a new connection should take its place."""
        return self._token is not None and self.memory.tokens(self._config).is_due(self._token)

    def cut(self) -> None:
        """Break the connection, from whatever thread: a command that waits for the server fails at once."""
        with suppress(OSError):
            # Past SSLSocket.shutdown, which would pull the TLS layer from under the thread that is reading.
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def close(self) -> None:
        """Log out where the connection still works, and close it; never raises."""
        client = getattr(self, "client", None)
        if client is not None and not self.broken:
            with suppress(*FAULTS), self._deadline(5.0):
                self._socket.settimeout(min(self.timeout, 5.0))
                client.logout()
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

    def _forget_answers(self) -> None:
        """Drop what earlier commands left, so that no answer is taken for another's and memory does not grow."""
        answers = self.protocol.untagged_responses
        for name in answers.keys() - {"BYE"}:
            del answers[name]
        self.protocol.literals.clear()

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

    def _greeted(self) -> _Client:
        encrypted = self._config.imap_security == "tls"
        with self._faults("greeting"), self._deadline(2 * self.timeout):
            return _Client(self._config.imap_host, self._socket, self.timeout, encrypted=encrypted)

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
