"""Mail that lies outside the intake folder, to be imported: mbox files, Maildirs, .eml files, other IMAP folders."""

from __future__ import annotations

import mailbox
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from email.policy import compat32
from typing import TYPE_CHECKING, Final

from crm_logger.core.message import parse_header_date
from crm_logger.core.model import RawMail
from crm_logger.mailbox import connect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from crm_logger.config import Config

_HEAD: Final = 256 * 1024
_FROM_LINE: Final = b"From "


class ArchiveError(Exception):
    """There is no mail to be read; the text is a sentence."""


@dataclass(frozen=True, slots=True)
class Archive:
    """What is known before any of it is read: how many mails, and how to go through them once.

    A mail has no UID yet. In a file it was received at the time of the topmost Received, else of its Date, else of the
    file. None stands for a mail that could not be read.
    """

    number: int
    mails: Callable[[], Iterator[RawMail | None]]


def open_archive(path: Path) -> Archive:
    """Tell by what lies there which kind of archive it is; ArchiveError where it is none."""
    try:
        if path.is_dir():
            return _of_files(sorted(_files_below(path)))
        with path.open("rb") as file:
            return _mbox(path) if file.read(len(_FROM_LINE)) == _FROM_LINE else _of_files([path])
    except OSError as problem:
        raise ArchiveError(f"{path} cannot be read: {problem.strerror}.") from problem


def _files_below(folder: Path) -> Iterator[Path]:
    """A Maildir's mails, those of its subfolders too; elsewhere every .eml file."""
    for path in folder.rglob("*"):
        in_maildir = path.parent.name in {"cur", "new"} and (path.parent.parent / "tmp").is_dir()
        if (in_maildir or path.suffix.lower() == ".eml") and path.is_file():
            yield path


def _of_files(paths: list[Path]) -> Archive:
    def mails() -> Iterator[RawMail | None]:
        for path in paths:
            try:
                yield _mail(path.read_bytes(), path)
            except OSError:
                yield None

    if not paths:
        raise ArchiveError("There is no mail: neither a Maildir nor .eml files.")
    return Archive(len(paths), mails)


def _mbox(path: Path) -> Archive:
    def mails() -> Iterator[RawMail | None]:
        with closing(mailbox.mbox(path, create=False)) as box:
            for key in box.iterkeys():
                yield _mail(box.get_bytes(key), path)

    with closing(mailbox.mbox(path, create=False)) as box:
        return Archive(len(box), mails)


def archive_of_folder(config: Config, name: str) -> Archive:
    """Return the mails of another folder of the mailbox, which is only read; MailboxError where that cannot be."""
    config = replace(config, imap_folder=name, filing="leave")

    def mails() -> Iterator[RawMail | None]:
        with connect(config) as folder:
            for each in folder.fetch(folder.uids()):
                yield each if isinstance(each, RawMail) else None

    with connect(config) as folder:
        return Archive(len(folder.uids()), mails)


def _mail(raw: bytes, path: Path) -> RawMail:
    return RawMail(0, raw, received_at(raw) or datetime.fromtimestamp(path.stat().st_mtime, UTC))


def received_at(raw: bytes) -> datetime | None:
    """When the last server took the mail in (RFC 5321 §4.4), or else when it was written; None where neither is told."""
    head = BytesHeaderParser(policy=compat32).parsebytes(raw[:_HEAD])
    stamps = [str(value).rpartition(";")[2] for value in head.get_all("Received", [])[:1]]
    for written in [*stamps, str(head.get("Date", ""))]:
        wall = parse_header_date(written.strip()).wall
        if wall is not None:
            return wall if wall.tzinfo else wall.replace(tzinfo=UTC)
    return None
