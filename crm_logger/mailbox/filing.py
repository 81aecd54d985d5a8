"""Filing: a mail that has its receipt goes to a folder. Doing it twice does no harm, and nothing else is ever expunged."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_logger.mailbox.errors import MailboxAway
from crm_logger.mailbox.folders import KEYWORD, Folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from crm_logger.mailbox.link import Link


@dataclass(frozen=True, slots=True)
class Filed:
    """Where a mail lies now; UIDVALIDITY and UID are None where the server did not tell, or the mail was gone already."""

    folder: str
    uidvalidity: int | None
    uid: int | None


def file_mail(link: Link, here: Folder, uid: int, target: str, copied: Callable[[], Filed | None]) -> Filed:
    """Bring a mail to the folder `target`: MOVE (RFC 6851), else COPY and UID EXPUNGE (RFC 4315), else it stays.

    `copied` looks for a copy in the target; it is asked where an earlier attempt may have died after its COPY.
    """
    if link.has("MOVE"):
        return _moved(link, uid, target)
    if link.has("UIDPLUS") and here.lasting:
        return _copied_and_expunged(link, here, uid, target, copied)
    # Looking for a copy ends what UIDs that do not last are good for.
    # Without UIDPLUS only EXPUNGE is left, which would take along whatever else is marked as deleted.
    _marked(link, here, uid)
    return Filed(here.name, here.uidvalidity, uid)


def _moved(link: Link, uid: int, target: str) -> Filed:
    with link.command(f"moving a mail to {target}") as client:
        client.move([uid], target)
        return _told(link, target)


def move_all(link: Link, uids: Sequence[int], target: str) -> dict[int, Filed]:
    """Move several mails by one MOVE; of a mail that is gone, or that the server tells nothing of, nothing is known."""
    with link.command(f"moving mails to {target}") as client:
        client.move(list(uids), target)
        told = dict(_pairs(link, len(uids)))
    return {uid: Filed(target, *told[uid]) if uid in told else Filed(target, None, None) for uid in uids}


def _pairs(link: Link, most: int) -> Iterator[tuple[int, tuple[int, int]]]:
    """For each mail that an answer names: its old UID, and the UIDVALIDITY and UID that it has now (RFC 4315 §3)."""
    for line in link.protocol.untagged_responses.get("COPYUID", []):
        if isinstance(line, bytes) and (match := re.fullmatch(rb"(\d+) ([\d,:]+) ([\d,:]+) ?", line)):
            here, there = (numbers(match[group], most) for group in (2, 3))
            if len(here) == len(there):
                yield from zip(here, ((int(match[1]), uid) for uid in there), strict=True)


def numbers(uids: bytes, most: int) -> list[int]:
    """The UIDs of a set such as `3,5:7`; nothing where it is none, or names more than there can be."""
    found: list[int] = []
    for part in uids.split(b","):
        first, _, last = part.partition(b":")
        if not first or (not last and b":" in part):
            return []
        low, high = sorted((int(first), int(last or first)))
        if high - low >= most:
            return []
        found += range(low, high + 1)
    return found if len(found) <= most else []


def _copied_and_expunged(
    link: Link, here: Folder, uid: int, target: str, copied: Callable[[], Filed | None]
) -> Filed:
    flags = _flags(link, uid)
    if flags is None:
        return Filed(target, None, None)
    # A server may take a keyword and forget it: only one that is there to be read counts.
    perhaps_copied = KEYWORD in flags or not _marked(link, here, uid)
    filed = (copied() if perhaps_copied else None) or _copy(link, uid, target)
    with link.command("marking a filed mail as deleted") as client:
        client.add_flags([uid], [rb"\Deleted"], silent=True)
    with link.command("removing a filed mail") as client:
        client.uid_expunge([uid])
    return filed


def _flags(link: Link, uid: int) -> tuple[bytes, ...] | None:
    """The flags of a mail; None where it is gone."""
    with link.command("reading a mail's flags") as client:
        answer = client.fetch([uid], ["FLAGS"]).get(uid)
        return None if answer is None else tuple(answer.get(b"FLAGS", ()))


def _marked(link: Link, here: Folder, uid: int) -> bool:
    """Mark a mail; tell whether the mark is there."""
    if not here.keeps_keywords:
        return False
    with link.command("marking a mail") as client:
        client.add_flags([uid], [KEYWORD], silent=True)
    return KEYWORD in (_flags(link, uid) or ())


def _copy(link: Link, uid: int, target: str) -> Filed:
    """Copy, and see that it was: only a copy that the server names (COPYUID) lets the original go."""
    with link.command(f"copying a mail to {target}") as client:
        client.copy([uid], target)
        filed = _told(link, target)
    if filed.uid is None:
        raise MailboxAway(
            f"{link.server} did not say where it copied a mail to: the original stays in the folder."
        )
    return filed


def _told(link: Link, target: str) -> Filed:
    """Where the answer to MOVE or COPY says that the mail is now (RFC 4315 §3)."""
    for line in link.protocol.untagged_responses.get("COPYUID", []):
        if isinstance(line, bytes) and (match := re.fullmatch(rb"(\d+) \d+ (\d+) ?", line)):
            return Filed(target, int(match[1]), int(match[2]))
    return Filed(target, None, None)
