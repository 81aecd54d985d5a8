"""The demo's stage: a folder with settings and database, commands that run against it, and Acme's people."""

from __future__ import annotations

import io
import os
import secrets
from contextlib import redirect_stdout
from dataclasses import fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from crm_logger.admin import main
from crm_logger.config import Config
from crm_logger.core.address import mint_token
from crm_logger.core.model import Kind
from crm_logger.store import Store, log_addresses, receipts
from demo.cast import ANN, ANN_ALIAS, ANN_CONNECTED, BOB, CARL, DOCTOR, FAY, GUS
from demo.mails.border import BORDER_HOST, LOG_DOMAIN, MAILBOX_ADDRESS
from demo.scene import Addresses

if TYPE_CHECKING:
    from pathlib import Path

    from crm_logger.store.receipts import Decided

LOGIN = "catchall"
DATABASE = "crm-logger.sqlite3"
ZONE = "CET-1CEST,M3.5.0,M10.5.0/3"


class Failed(Exception):  # noqa: N818 -- the demo's own, told in one line
    """A command of the demo ended with another status than 0."""


class Stage:
    """The folder of one run. Whatever an earlier run left in it is taken away."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        for old in self.folder.glob(f"{DATABASE}*"):
            old.unlink()
        self.config_file = self.folder / "config.env"
        self.url = f"sqlite:///{self.folder / DATABASE}"

    def write_settings(self, port: int, password: str) -> None:
        """Write config.env, as one would for a real mailbox, but for the plain connection."""
        settings = {
            "IMAP_HOST": "127.0.0.1",
            "IMAP_PORT": str(port),
            "IMAP_SECURITY": "plain",
            "IMAP_USER": LOGIN,
            "IMAP_PASSWORD": password,
            "LOG_DOMAIN": LOG_DOMAIN,
            "MAILBOX_ADDRESS": MAILBOX_ADDRESS,
            "BORDER_HOST": BORDER_HOST,
            "DATABASE_URL": self.url,
            "LOG_LEVEL": "WARNING",
        }
        self.config_file.touch(mode=0o600)
        lines = (f"{name}='{value}'\n" for name, value in settings.items())
        self.config_file.write_text("".join(lines), encoding="utf-8")

    def run(self, *words: str) -> str:
        """Run a command of crm-logger in this process; gives what it prints."""
        printed = io.StringIO()
        try:
            with redirect_stdout(printed):
                main.main(["--config", str(self.config_file), *words], prog_name="crm-logger")
        except SystemExit as end:
            if end.code:
                raise Failed(f"crm-logger {' '.join(words)} ended with status {end.code}") from None
        return printed.getvalue()

    def add_people(self) -> Addresses:
        """Acme's account with its users, its contacts and its never-log list."""
        self.run("account", "add", "Acme")
        for user in (ANN, FAY, GUS):
            self.run("user", "add", user.address, "--name", user.name)
        self.run("user", "add", BOB.address, "--name", BOB.name, "--no-sales-access")
        self.run("user", "change", GUS.address, "--inactive")
        self.run("alias", "add", ANN.address, ANN_ALIAS.address)
        self.run("connected", "add", ANN.address, ANN_CONNECTED.address)
        self.run("internal", "add", "acme.test")
        self.run("never-log", "add", "counsel.example")
        self.run("never-log", "add", DOCTOR.address, "--user", ANN.address)
        self.run("contact", "add", CARL.address, "--name", CARL.name)
        return self._addresses()

    def _addresses(self) -> Addresses:
        """The two addresses of the account, after the first BCC address got into wrong hands and was revoked."""
        leaked = self._log_address(Kind.BCC)
        self.run("address", "rotate", "--kind", "bcc")
        self.run("address", "revoke", leaked)
        nobodys = f"bcc-{mint_token(secrets.token_bytes(16))}@{LOG_DOMAIN}"
        return Addresses(
            self._log_address(Kind.BCC),
            self._log_address(Kind.FORWARD),
            leaked,
            nobodys,
            f"info@{LOG_DOMAIN}",
        )

    def _log_address(self, kind: Kind) -> str:
        store = Store.open(self.url, datetime.now(UTC))
        with store.reading():
            known = next(each for each in log_addresses.log_addresses() if each.kind is kind)
        store.close()
        return f"{known.local_part}@{LOG_DOMAIN}"

    def decisions(self) -> dict[int, Decided]:
        """What became of each mail, by its UID; in the demo every mail concerns one account at most."""
        store = Store.open(self.url, datetime.now(UTC))
        with store.reading():
            decided = receipts.decisions(receipts.Asked())
            found = {receipts.receipt(each.receipt).uid: each for each in decided}
        store.close()
        return found


def forget_own_settings() -> None:
    """Settings in the environment come before config.env: the demo must not reach anybody's real mailbox."""
    for setting in fields(Config):
        os.environ.pop(setting.name.upper(), None)
        os.environ.pop(f"{setting.name.upper()}_FILE", None)
    os.environ.pop("CREDENTIALS_DIRECTORY", None)
