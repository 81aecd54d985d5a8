"""Courier's IMAP server on loopback, out of Debian's package without installing it: the two real makes exclude each other.

Courier leaves the login to another program, which then runs `imapd` on the connection; here that program is this one.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

from tests.servers.served import ServedMailbox

if TYPE_CHECKING:
    from collections.abc import Collection

HOST = "127.0.0.1"
PASSWORD = "secret"
ROOT = Path(__file__).parents[2] / ".servers/courier"
CAPABILITIES = "IMAP4rev1 UIDPLUS CHILDREN NAMESPACE QUOTA IDLE"
LOGIN = re.compile(rb'(\S+) LOGIN "?([^" ]+)"? "?([^" \r\n]*)"?\r\n', re.IGNORECASE)


def find_courier() -> Path | None:
    """Courier's program; None where `make servers` has not put it there."""
    program = ROOT / "usr/bin/imapd"
    return program if program.exists() else None


class Courier:
    """`with Courier() as courier:` a running server. `without` are capabilities it does not offer; MOVE it never has."""

    def __init__(self, without: Collection[str] = ()) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="courier-", dir="/tmp"))
        self._capabilities = " ".join(name for name in CAPABILITIES.split() if name not in without)
        self._listening = socket.create_server((HOST, 0))
        self.port: int = self._listening.getsockname()[1]
        self._watch = _no_watch(self.folder.name)
        self._users = 0
        self._children: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        self._serve()
        threading.Thread(target=_refuse, args=(self._watch,), daemon=True).start()
        return self

    def __exit__(self, *_exception: object) -> None:
        _close(self._watch)
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def mailbox(self) -> ServedMailbox:
        """The mailbox of a user who never was here."""
        self._users += 1
        user = f"crm{self._users}"
        for name in ("cur", "new", "tmp"):
            (self.folder / user / name).mkdir(parents=True)
        return ServedMailbox(
            "courier", HOST, self.port, user, PASSWORD, self._recreate, "INBOX.", frozenset({"MOVE"})
        )

    def deliver(self, raw: bytes, user: str) -> None:
        """Put a mail into a Maildir, with the line ends of the file system: Courier makes them those of the network."""
        name = f"{time.time_ns()}.M{os.getpid()}.tests"
        (self.folder / user / "tmp" / name).write_bytes(raw.replace(b"\r\n", b"\n"))
        (self.folder / user / "tmp" / name).rename(self.folder / user / "new" / name)

    def start(self) -> None:
        """Come back, on the same port, after stop() or kill()."""
        self._listening = socket.create_server((HOST, self.port))
        self._serve()

    def stop(self) -> None:
        """Stop, as a shutdown of the machine would; what is in the mailboxes stays."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Take it away in the middle of whatever it does."""
        self._end(signal.SIGKILL)

    def break_connections(self) -> None:
        """Kill what serves the connections there are; new ones are taken."""
        for child in self._children:
            child.kill()
            child.wait(10)

    def _end(self, how: signal.Signals) -> None:
        _close(self._listening)
        for child in self._children:
            child.send_signal(how)
            child.wait(10)

    def _serve(self) -> None:
        threading.Thread(target=self._accept, args=(self._listening,), daemon=True).start()

    def _accept(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                threading.Thread(target=self._log_in, args=(connection,), daemon=True).start()

    def _log_in(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.sendall(b"* OK Courier ready\r\n")
            line = b""
            while data := connection.recv(1):
                line += data
                if line.endswith(b"\n"):
                    if self._answered(connection, line):
                        return
                    line = b""

    def _answered(self, connection: socket.socket, line: bytes) -> bool:
        """Answer one command; True where Courier has taken over, or nothing more is to be said."""
        tag, _, rest = line.partition(b" ")
        login = LOGIN.fullmatch(line)
        if login and login[3].decode() == PASSWORD:
            connection.sendall(tag + b" OK LOGIN Ok.\r\n")
            self._run(connection, login[2].decode())
            return True
        if login:
            connection.sendall(tag + b" NO [AUTHENTICATIONFAILED] Login failed.\r\n")
            return False
        if rest.upper().startswith(b"CAPABILITY"):
            connection.sendall(b"* CAPABILITY " + self._capabilities.encode() + b"\r\n")
        connection.sendall(tag + b" OK done\r\n")
        return rest.upper().startswith(b"LOGOUT")

    def _run(self, connection: socket.socket, user: str) -> None:
        libraries = [
            ROOT / "usr/lib",
            *(ROOT / "usr/lib").glob("*-linux-gnu*"),
            *ROOT.glob("lib/*-linux-gnu*"),
        ]
        environment = {
            "AUTHENTICATED": user,
            "HOME": str(self.folder),
            "GAM_CLIENT_ID": self.folder.name,
            "IMAP_CAPABILITY": self._capabilities,
            "IMAP_KEYWORDS": "1",
            "IMAP_IDLE_TIMEOUT": "1",
            "IMAP_USELOCKS": "1",
            "LD_LIBRARY_PATH": ":".join(map(str, libraries)),
            "PATH": os.environ.get("PATH", ""),
        }
        command = [str(find_courier()), f"./{user}"]
        self._children.append(
            subprocess.Popen(
                command,
                stdin=connection.fileno(),
                stdout=connection.fileno(),
                stderr=subprocess.DEVNULL,
                env=environment,
                cwd=self.folder,
            )
        )

    def _recreate(self, user: str, folder: str) -> None:
        """Forget the UIDs of a folder: Courier numbers it anew, by the clock's second since 2001."""
        place = self.folder / user / ("" if folder == "INBOX" else f".{folder.removeprefix('INBOX.')}")
        numbers = place / "courierimapuiddb"
        before = int(numbers.read_text().split()[1])
        numbers.unlink()
        while int(time.time()) % 10**9 <= before:
            time.sleep(0.05)


def _close(listening: socket.socket) -> None:
    """Listen no more, and wake whoever waits for a connection."""
    with suppress(OSError):
        listening.shutdown(socket.SHUT_RDWR)
    listening.close()


def _no_watch(client: str) -> socket.socket:
    """Where Courier's library looks for Gamin, which tells of changed files. Nobody there costs it 1.2 s a command: it tries 25 times."""
    name = f"\0/tmp/fam-{pwd.getpwuid(os.getuid()).pw_name}-{client}".encode()
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(name.ljust(108, b"\0"))
    listening.listen()
    return listening


def _refuse(listening: socket.socket) -> None:
    """Hang up on whoever comes."""
    with suppress(OSError):
        while True:
            listening.accept()[0].close()
