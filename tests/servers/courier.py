"""Courier's IMAP server on loopback, out of Debian's package without installing it: the two real makes exclude each other.

Courier leaves the login to another program, which then runs `imapd` on the connection; here that program is this one.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
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
        threading.Thread(target=self._accept, daemon=True).start()
        threading.Thread(target=_refuse, args=(self._watch,), daemon=True).start()
        return self

    def __exit__(self, *_exception: object) -> None:
        for each in (self._listening, self._watch):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
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

    def kill(self) -> None:
        """Take the connections away in the middle of whatever they do."""
        for child in self._children:
            child.kill()
            child.wait(10)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
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
