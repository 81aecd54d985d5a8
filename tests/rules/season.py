"""A season of mail in the catch-all, taken in by the worker as a process, read through the commands."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.rules import labels

if TYPE_CHECKING:
    from tests.servers.databases import Database
    from tests.servers.served import ServedMailbox

ROOT = Path(__file__).parent.parent.parent
ARRIVED = datetime(2026, 5, 4, 9, 0, 10, tzinfo=UTC)


@dataclass
class Season:
    """An installation with two accounts, Acme and Globex; Ann is a user of both, so that only the address decides."""

    server: ServedMailbox
    folder: Path
    database: Database
    log_addresses: dict[str, str] = field(default_factory=dict)
    uids: dict[str, int] = field(default_factory=dict)

    def run(self, *words: str, status: int | None = 0) -> str:
        """Run a command as a process; return what it printed."""
        command = [
            sys.executable,
            str(ROOT / "worker.py"),
            "--config",
            str(self.folder / "config.env"),
            *words,
        ]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=120, cwd=self.folder
        )
        assert "Traceback" not in done.stderr, done.stderr
        assert status is None or done.returncode == status, done.stderr + done.stdout
        return done.stdout

    def told(self, *words: str) -> Any:
        """Run a command with --json; return what it printed, read."""
        return json.loads(self.run(*words, "--json"))

    def set_up(self, **settings: str) -> None:
        """Write config.env, and make the accounts, their users and contacts with the commands."""
        told = {
            "LOG_DOMAIN": "log.example",
            "MAILBOX_ADDRESS": labels.MAILBOX,
            "BORDER_HOST": labels.BORDER,
            "DATABASE_URL": self.database.url,
            **self.server.settings(),
            **settings,
        }
        file = self.folder / "config.env"
        file.write_text("".join(f"{name}='{value}'\n" for name, value in told.items()))
        file.chmod(0o600)
        for account in ("Acme", "Globex"):
            self.run("account", "add", account)
            self.run("user", "add", "--account", account, "ann@acme.test", "--name", "Ann Archer")
        self.run("user", "add", "--account", "Acme", "bob@acme.test", "--no-sales-access")
        self.run("user", "add", "--account", "Acme", "cole@acme.test", "--name", "Cole Carter")
        self.run("alias", "add", "ann@acme.test", "a.archer@alias.test", "--account", "Acme")
        self.run("never-log", "add", "secret.example", "--account", "Acme")
        self.run("contact", "add", "known@client.example", "--name", "Known", "--account", "Acme")
        for each in self.told("addresses"):
            self.log_addresses[f"{each['account']}-{each['kind']}".lower()] = each["address"]

    @property
    def bcc(self) -> str:
        """Acme's BCC address."""
        return self.log_addresses["acme-bcc"]

    @property
    def forwarding(self) -> str:
        """Acme's forwarding address."""
        return self.log_addresses["acme-forward"]

    def deliver(self, name: str, raw: bytes, folder: str = "INBOX") -> None:
        """Put a mail into the catch-all, to be asked for by its name."""
        self.uids[f"{folder}/{name}"] = self.server.append(raw, folder, ARRIVED)

    def look(self, *settings: str) -> None:
        """Let the worker look once, as a process."""
        options = [word for setting in settings for word in ("--set", setting)]
        command = [
            sys.executable,
            str(ROOT / "worker.py"),
            "--config",
            str(self.folder / "config.env"),
            *options,
            "--once",
        ]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=300, cwd=self.folder
        )
        assert done.returncode == 0, done.stderr
