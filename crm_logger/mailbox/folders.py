"""Folders: opening one, finding its real name, making it where it is missing."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crm_logger.mailbox.errors import UNREADABLE, MailboxAway, MailboxMisconfigured

if TYPE_CHECKING:
    from crm_logger.mailbox.link import Link

KEYWORD = b"$CrmLoggerFiled"
"""Set before a mail is copied: of a mail that carries it a copy may exist. It stays where mail cannot be moved."""


@dataclass(frozen=True, slots=True)
class Folder:
    """An open folder. UIDVALIDITY and UID together name a mail for good (RFC 3501 §2.3.1.1).

    Where the server gives no lasting numbers (`lasting` is False) they hold for this one connection: `uidvalidity` is
    then a random negative number, so that at the next one all mails are known by their SHA-256 alone.
    `uidnext_told` is False where the server did not say which UID comes next, and the last one had to do.
    """

    name: str
    uidvalidity: int
    uidnext: int
    lasting: bool
    uidnext_told: bool
    read_only: bool
    keeps_keywords: bool


def open_folder(link: Link, name: str, *, read_only: bool) -> Folder:
    """Select a folder, or EXAMINE it: then nothing in it can change. MailboxMisconfigured where it is of no use."""
    real = real_name(link, name)
    answer = _selected(link, real or name, read_only=read_only, listed=real is not None)
    told = answer.get(b"UIDVALIDITY") or _status(link, real or name, "UIDVALIDITY")
    lasting = bool(told) and b"UIDNOTSTICKY" not in answer
    if not lasting:
        link.memory.say_once(
            f"{link.server} gives the mails in {name} no lasting numbers (UIDVALIDITY): after every new connection the "
            "whole folder is fetched again and mails are told apart by their bytes alone. Set FILING=move to keep it small."
        )
    uidnext = answer.get(b"UIDNEXT") or _status(link, real or name, "UIDNEXT")
    permanent = answer.get(b"PERMANENTFLAGS", ())
    return Folder(
        name=real or name,
        uidvalidity=told if lasting else -1 - secrets.randbits(60),
        uidnext=uidnext or last_uid(link) + 1,
        lasting=lasting,
        uidnext_told=bool(uidnext),
        read_only=read_only or b"READ-ONLY" in answer,
        keeps_keywords=b"\\*" in permanent or KEYWORD in permanent,
    )


def _selected(link: Link, name: str, *, read_only: bool, listed: bool) -> dict[bytes, Any]:
    try:
        with link.command(f"opening the folder {name}") as client:
            answer: dict[bytes, Any] = client.select_folder(name, readonly=read_only)
            return dict(answer)
    except MailboxAway as error:
        if link.broken or listed or error.retry_after:
            raise
    raise MailboxMisconfigured(
        f"There is no folder {name} on {link.server}. It has: {', '.join(names(link)) or 'none'}. Set IMAP_FOLDER."
    )


def _status(link: Link, name: str, item: str) -> int:
    """What STATUS says where SELECT kept silent; 0 where it does so too."""
    with suppress(MailboxAway), link.command(f"asking for {item}") as client, suppress(*UNREADABLE):
        return int(client.folder_status(name, [item]).get(item.encode(), 0))
    return 0


def last_uid(link: Link) -> int:
    """The highest UID in the open folder; 0 where it is empty."""
    with link.command("looking for the last mail") as client:
        return max(client.search(["UID", "*"]), default=0)


def names(link: Link) -> list[str]:
    """The folders' names as the server gives them."""
    return [name for _separator, name in _listed(link)]


def real_name(link: Link, wanted: str) -> str | None:
    """The folder's name on this server: INBOX in any case, / for its separator, with its prefix; None: there is none."""
    listed = _listed(link)
    existing = {name for _separator, name in listed}
    if wanted.upper() == "INBOX":
        return "INBOX"
    return next((name for name in _spellings(wanted, listed) if name in existing), None)


def _spellings(wanted: str, listed: list[tuple[str, str]]) -> list[str]:
    """The wanted name as it may be called here; servers such as Courier keep all folders below INBOX."""
    separator = next((separator for separator, _name in listed if separator), "/")
    spelled = wanted.replace("/", separator)
    others = [name for _separator, name in listed if name.upper() != "INBOX"]
    below = f"INBOX{separator}{spelled}"
    all_below = bool(others) and all(name.startswith(f"INBOX{separator}") for name in others)
    return [wanted, below, spelled] if all_below else [wanted, spelled, below]


def _listed(link: Link) -> list[tuple[str, str]]:
    with link.command("listing the folders") as client:
        found = client.list_folders()
    return [(_text(separator), name) for flags, separator, name in found if rb"\Noselect" not in flags]


def _text(separator: bytes | None) -> str:
    return separator.decode("ascii", "replace") if separator else ""


def made(link: Link, wanted: str) -> str:
    """The real name of a folder, which is made where it is missing; MailboxMisconfigured where it cannot be."""
    if existing := real_name(link, wanted):
        return existing
    refusal = ""
    for name in dict.fromkeys(_spellings(wanted, _listed(link))):
        try:
            with link.command(f"making the folder {name}") as client:
                client.create_folder(name)
        except MailboxAway as error:
            if link.broken or error.retry_after:
                raise
            refusal = str(error)
        else:
            _subscribe(link, name)
            return name
    raise MailboxMisconfigured(
        f"The folder {wanted} cannot be made: make it by hand, or set FILING=leave. {refusal}"
    )


def _subscribe(link: Link, name: str) -> None:
    """Mail clients show subscribed folders only; that this may fail hurts nobody."""
    with suppress(MailboxAway), link.command(f"subscribing to {name}") as client:
        client.subscribe_folder(name)
