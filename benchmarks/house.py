"""A large house: several mailboxes on one Dovecot, one PostgreSQL for all, and the workers that lead them, each a process as an operator starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

import psycopg

from benchmarks.mails import BORDER, USERS, Addresses, user
from benchmarks.office import NOW
from crm_logger.config import load_config
from crm_logger.core.model import Kind
from crm_logger.store import Store
from crm_logger.store.log_addresses import mint
from crm_logger.store.people import add_account, add_user

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.servers.dovecot import Dovecot
    from tests.servers.postgres import Postgres
    from tests.servers.served import ServedMailbox

ROOT: Final = Path(__file__).parents[1]
# As PostgreSQL comes, but for its memory: every commit is on the disk before it is true.
DURABLE: Final = {"fsync": "on", "full_page_writes": "on", "autovacuum": "on", "shared_buffers": "256MB", "wal_level": "replica"}  # fmt: skip
_RECORDED: Final = "select count(*) from receipt join mailbox on mailbox.id = mailbox_id where name like %s"


@dataclass(frozen=True, slots=True)
class House:
    """The database's URL and the servers."""

    dovecot: Dovecot
    url: str
    folder: Path

    def account(self, name: str) -> Addresses:
        """Make an account with its users; return its log addresses."""
        policy = load_config({"DATABASE_URL": self.url, "LOG_DOMAIN": "log.example"}, {}, None).policy
        store = Store.open(self.url, NOW)
        try:
            with store.writing():
                account = add_account(name).id
                for number in range(USERS):
                    add_user(policy, account, user(number).address, user(number).name)
                known = mint(account, NOW, random_bytes=Random(name).randbytes)
        finally:
            store.close()
        made = {each.kind: f"{each.local_part}@log.example" for each in known}
        return Addresses(made[Kind.BCC], made[Kind.FORWARD])

    def worker(self, name: str, boxes: Sequence[ServedMailbox], **settings: str) -> Worker:
        """Start a worker for these mailboxes."""
        told = {
            "DATABASE_URL": self.url,
            "LOG_DOMAIN": "log.example",
            "BORDER_HOST": BORDER,
            "AUTHSERV_ID": BORDER,
            "LIMIT_MAILS_PER_MINUTE": "0",
            "MAILBOXES": ",".join(box.user for box in boxes),
        }
        for box in boxes:
            told |= {f"{box.user.upper()}_{key}": value for key, value in box.settings().items() if key.startswith("IMAP_")}  # fmt: skip
        return Worker(told | settings, self.folder / name)

    def ask(self, question: str) -> int:
        """A number that the database tells."""
        with psycopg.connect(self.url) as connection:
            ((number,),) = connection.execute(question.encode()).fetchall()
            return int(number)

    def recorded(self, box: str = "%") -> int:
        """How many mails have a receipt, of one mailbox or of all."""
        with psycopg.connect(self.url) as connection:
            ((number,),) = connection.execute(_RECORDED, (f"{box}@%",)).fetchall()
            return int(number)


def house(dovecot: Dovecot, postgres: Postgres, folder: Path) -> House:
    """A house with an empty database."""
    return House(dovecot, postgres.url(postgres.database()), folder)


class Worker:
    """A worker that runs; its log is a file."""

    def __init__(self, settings: dict[str, str], folder: Path) -> None:
        folder.mkdir()
        self._log = folder / "log"
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(  # noqa: S603 -- our own program
                [sys.executable, str(ROOT / "worker.py")], env=os.environ | settings, cwd=folder, stderr=log
            )

    def said(self) -> str:
        """What it wrote."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def end(self) -> int:
        """Have it end; return its status."""
        self.process.terminate()
        return self.process.wait(30)
