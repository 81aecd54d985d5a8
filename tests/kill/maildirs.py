"""Maildirs as Dovecot keeps them: made by hand, copied within a millisecond, and read without asking the server."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

UIDVALIDITY = 1_700_000_000
ARRIVED = 1_777_887_000
KEPT = frozenset(
    {"dovecot-uidlist", "dovecot-keywords", "dovecot-uidvalidity", "subscriptions", "maildirfolder"}
)
_NOBODY = 65534


@dataclass(frozen=True)
class Stored:
    """A mail as it lies in a folder. Of its flags only two matter: being deleted, and being marked as filed."""

    folder: str
    sha256: str
    deleted: bool
    marked: bool


def name_of(number: int) -> str:
    """The name of a file that a mail is delivered to; no two mails share a number."""
    return f"{ARRIVED + number}.M{number}.kill"


def write_mail(path: Path, raw: bytes, number: int) -> None:
    """Write a mail as if it had come at a time of its own."""
    path.write_bytes(raw)
    os.utime(path, (ARRIVED + number, ARRIVED + number))
    give_away(path)


def make(home: Path, mails: Iterable[bytes]) -> None:
    """Make an INBOX with these mails; their UIDs count from 1."""
    for name in ("cur", "new", "tmp"):
        (home / name).mkdir(parents=True)
    lines = []
    for uid, raw in enumerate(mails, 1):
        write_mail(home / "cur" / f"{name_of(uid)}:2,", raw, uid)
        lines.append(f"{uid} :{name_of(uid)}\n")
    head = f"3 V{UIDVALIDITY} N{len(lines) + 1} G{'5' * 32}\n"
    (home / "dovecot-uidlist").write_text(head + "".join(lines))
    for path in (home, *home.rglob("*")):
        give_away(path)


def renumber(home: Path) -> None:
    """Give the INBOX another UIDVALIDITY and its mails other UIDs, as a restored mailbox has them."""
    head, *lines = (home / "dovecot-uidlist").read_text().splitlines()
    moved = [re.sub(r"^\d+", lambda uid: str(int(uid[0]) + 100), line) for line in lines]
    head = re.sub(r"V\d+ N\d+", f"V{UIDVALIDITY + 7} N999", head)
    (home / "dovecot-uidlist").write_text("\n".join([head, *moved, ""]))


def move_back(home: Path, folder: str) -> None:
    """Put what lies in a folder back into the INBOX, as a person would with a mail client."""
    for number, path in enumerate(sorted(_mails(_place(home, folder))), 500):
        path.rename(home / "new" / name_of(number))


def clone(source: Path, target: Path) -> None:
    """Copy a mailbox; mails are linked, and what Dovecot can make anew is left out."""
    target.mkdir()
    give_away(target)
    for entry in os.scandir(source):
        if entry.is_dir():
            clone(Path(entry), target / entry.name)
        elif source.name in {"cur", "new"}:
            os.link(entry, target / entry.name)
        elif entry.name in KEPT:
            shutil.copy2(entry, target / entry.name)
            give_away(target / entry.name)


def give_away(path: Path) -> None:
    """Dovecot serves as nobody where it was started by root."""
    if os.getuid() == 0:
        os.chown(path, _NOBODY, _NOBODY)


def contents(home: Path) -> Counter[Stored]:
    """What lies in all folders."""
    return Counter(
        Stored(folder, digest(path), "T" in flags, any(flag.islower() for flag in flags))
        for folder in _folders(home)
        for path in _mails(_place(home, folder))
        for flags in [path.name.partition(":2,")[2]]
    )


def digest_at(home: Path, folder: str, uid: int) -> str | None:
    """The SHA-256 of the mail that has this UID now; None where none has."""
    try:
        lines = (_place(home, folder) / "dovecot-uidlist").read_text().splitlines()[1:]
    except FileNotFoundError:
        return None
    names = {int(line.split(" ", 1)[0]): line.rpartition(":")[2] for line in lines}
    wanted = names.get(uid)
    found = (path for path in _mails(_place(home, folder)) if path.name.partition(":")[0] == wanted)
    return next(map(digest, found), None)


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    status = path.stat()
    return _digest(path, status.st_ino, status.st_mtime_ns)


@lru_cache(maxsize=256)
def _digest(path: Path, _inode: int, _written: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _folders(home: Path) -> list[str]:
    return ["INBOX", *(path.name[1:] for path in home.glob(".*") if path.is_dir())]


def _place(home: Path, folder: str) -> Path:
    return home if folder == "INBOX" else home / f".{folder}"


def _mails(place: Path) -> Iterator[Path]:
    for name in ("cur", "new"):
        if (place / name).is_dir():
            yield from (place / name).iterdir()
