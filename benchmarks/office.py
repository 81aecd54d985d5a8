"""The account whose mail is measured, and the mailboxes on the benchmark's own Dovecot, written as its delivery would write them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING

from benchmarks.mails import BORDER, USERS, Addresses, arrived, mail, user
from crm_logger.config import load_config
from crm_logger.core.model import Kind
from crm_logger.store import Store
from crm_logger.store.log_addresses import mint
from crm_logger.store.people import add_account, add_user

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from benchmarks.mails import Shape
    from crm_logger.config import Config
    from tests.servers.dovecot import Dovecot
    from tests.servers.served import ServedMailbox

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
UIDVALIDITY = 1_700_000_000
_NOBODY = 65534


@dataclass(frozen=True, slots=True)
class Office:
    """A new database with the account, and the settings of a worker that works on it."""

    settings: dict[str, str]
    addresses: Addresses
    database: Path

    @property
    def config(self) -> Config:
        """The settings, read."""
        return load_config(self.settings, {}, None)


def open_office(database: Path, box: ServedMailbox, **more: str) -> Office:
    """An office for that mailbox; the log addresses are the same in each."""
    settings = box.settings(
        DATABASE_URL=f"sqlite:///{database}",
        LOG_DOMAIN="log.example",
        BORDER_HOST=BORDER,
        AUTHSERV_ID=BORDER,
        IMAP_TIMEOUT="60",
        **more,
    )
    store = Store.open(settings["DATABASE_URL"], NOW)
    try:
        return Office(settings, furnish(store, load_config(settings, {}, None)), database)
    finally:
        store.close()


def furnish(store: Store, config: Config, account: int | None = None) -> Addresses:
    """Make the account, unless there is one, with its users and log addresses; the tokens are those of any run."""
    with store.writing():
        account = account or add_account("Acme").id
        for number in range(USERS):
            add_user(config.policy, account, user(number).address, user(number).name)
        known = mint(account, NOW, random_bytes=Random(7).randbytes)
    made = {each.kind: f"{each.local_part}@log.example" for each in known}
    return Addresses(made[Kind.BCC], made[Kind.FORWARD])


def mails(shape: Shape, number: int, to: Addresses, after: int = 0) -> Iterator[bytes]:
    """So many mails of a shape, those that come after so many."""
    return (mail(shape, each, to) for each in range(after, after + number))


def fill(dovecot: Dovecot, name: str, raws: Iterable[bytes]) -> ServedMailbox:
    """Make a mailbox of these mails; their UIDs count from 1."""
    home = _home(dovecot, name)
    lines = []
    for uid, raw in enumerate(raws, 1):
        # LF alone on the disk and both sizes in the name: so does Dovecot's own delivery write them.
        data = raw.replace(b"\r\n", b"\n")
        file = home / "cur" / f"{_name(uid, len(data), len(raw))}:2,"
        file.write_bytes(data)
        _give_away(file, uid)
        lines.append(f"{uid} :{file.name.removesuffix(':2,')}\n")
    _list(home, lines)
    return dovecot.mailbox(name)


def fill_with_one(dovecot: Dovecot, name: str, raw: bytes, number: int) -> ServedMailbox:
    """Make a mailbox in which the same mail lies so many times: for what looks at it and fetches nothing."""
    home = _home(dovecot, name)
    data = raw.replace(b"\r\n", b"\n")
    first = home / "tmp" / "first"
    links = 50_000  # a file has no more than 65,000 names
    lines = []
    for uid in range(1, number + 1):
        if uid % links == 1:
            first.unlink(missing_ok=True)
            first.write_bytes(data)
            _give_away(first, 1)
        file = _name(uid, len(data), len(raw))
        os.link(first, home / "cur" / f"{file}:2,")
        lines.append(f"{uid} :{file}\n")
    _list(home, lines)
    return dovecot.mailbox(name)


def _home(dovecot: Dovecot, name: str) -> Path:
    home = dovecot.folder / "mail" / name
    for each in (home, *(home / part for part in ("cur", "new", "tmp"))):
        each.mkdir()
        _give_away(each, 0)
    return home


def _name(uid: int, size: int, on_the_wire: int) -> str:
    return f"{int(arrived(uid).timestamp())}.M{uid}.bench,S={size},W={on_the_wire}"


def _list(home: Path, lines: list[str]) -> None:
    path = home / "dovecot-uidlist"
    path.write_text(f"3 V{UIDVALIDITY} N{len(lines) + 1} G{'5' * 32}\n{''.join(lines)}")
    _give_away(path, 0)


def _give_away(path: Path, number: int) -> None:
    """Dovecot serves as nobody where it was started by root; a mail's time is that of its arrival."""
    at = arrived(number).timestamp()
    if path.is_file():
        os.utime(path, (at, at))
    if os.getuid() == 0:
        os.chown(path, _NOBODY, _NOBODY)
