"""A private PostgreSQL in a temporary folder: a socket there and loopback, gone at the end. As root it runs as nobody."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from itertools import count
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote, urlsplit

import psycopg

HOST = "127.0.0.1"
USER = "crm"
PASSWORD = "p@ss:w/o%rd?#"
"""Over loopback it is asked for; by the socket it is not."""
# Nothing here has to outlive a power cut. The language is one that sorts unlike SQLite.
_INITDB = "--encoding=UTF8 --locale=C --locale-provider=icu --icu-locale=en --no-sync --auth-local=trust --auth-host=scram-sha-256"
_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "64MB",
    "deadlock_timeout": "200ms",
    "listen_addresses": HOST,
}


def find_postgres() -> Path | None:
    """The folder of the server's programs: in the PATH, else the newest where Debian puts them; None where there is none."""
    found = shutil.which("postgres")
    if found and (Path(found).resolve().parent / "initdb").exists():
        return Path(found).resolve().parent
    homes = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = sorted(homes, key=lambda path: int(path.parts[-3]))
    return newest[-1].parent if newest else None


class Postgres:
    """A cluster; `database()` is a database of one's own."""

    def __init__(self, **settings: str) -> None:
        programs = find_postgres()
        assert programs
        self._programs = programs
        self._settings = _SETTINGS | settings
        self._numbers = count(1)
        self._server: subprocess.Popen[bytes] | None = None
        self.port = _free_port()
        self.template = "template1"

    def __enter__(self) -> Self:
        self.folder = Path(tempfile.mkdtemp(prefix="postgres"))
        self._user: dict[str, Any] = {}
        if os.getuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
            self._user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        password = self.folder / "password"
        password.write_text(PASSWORD)
        password.chmod(0o644)
        words = [
            str(self._programs / "initdb"),
            *_INITDB.split(),
            f"--username={USER}",
            f"--pwfile={password}",
        ]
        subprocess.run(
            [*words, f"--pgdata={self.folder}/data"],
            stdout=subprocess.DEVNULL,
            check=True,
            cwd=self.folder,
            **self._user,
        )
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        """Start, and wait until it answers."""
        settings = self._settings | {"port": str(self.port), "unix_socket_directories": str(self.folder)}
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [self._programs / "postgres", "-D", self.folder / "data", *words],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,
                **self._user,
            )
        for _ in range(600):
            if self._answers():
                return
            time.sleep(0.02)
        raise TimeoutError((self.folder / "log").read_text(errors="replace"))

    @property
    def pid(self) -> int:
        """The server's first process, the parent of all others."""
        assert self._server
        return self._server.pid

    def _answers(self) -> bool:
        try:
            return bool(self.execute("select 1"))
        except psycopg.OperationalError:
            return False

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop: SIGINT takes open transactions back, SIGQUIT asks nobody, as a crash does."""
        if self._server is not None:
            self._server.send_signal(how)
            self._server.wait(30)
            self._server = None

    def url(self, database: str) -> str:
        """The URL of a database, by the socket."""
        return f"postgresql://{USER}@/{database}?host={quote(str(self.folder), safe='')}&port={self.port}"

    def loopback_url(self, database: str, password: str = PASSWORD) -> str:
        """The URL of a database over TCP, where the password counts."""
        return f"postgresql://{USER}:{quote(password, safe='')}@{HOST}:{self.port}/{database}"

    def database(self, template: str = "template1") -> str:
        """A new database; return its name."""
        name = f"test{next(self._numbers)}"
        self.execute(f"create database {name} template {template} strategy file_copy")
        return name

    def copy(self, url: str) -> str:
        """A copy of a database that nobody is connected to; return its URL."""
        return self.url(self.database(urlsplit(url).path[1:]))

    def execute(self, sql: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run a statement as somebody else would; return its rows."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
