"""Removes logged mails with all that hangs on them; call it within a transaction of the Store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peewee import chunked

from .tables import Attachment, Captured, Content, Engagement, EngagementContact, rows

if TYPE_CHECKING:
    from collections.abc import Iterable

_AT_ONCE = 500


def remove_mails(engagements: Iterable[int]) -> int:
    """Remove these mails from all timelines; return how many there were.

    Participants, captures, attachments and the search index follow by themselves; contents that no other mail carries
    go as well. The receipts stay: what was taken in once is not taken in again.
    """
    return sum(_remove(list(some)) for some in chunked(engagements, _AT_ONCE))


def remove_off_timelines(engagements: Iterable[int]) -> int:
    """Remove those of the mails that stand on nobody's timeline any more; return their number."""
    wanted = list(engagements)
    stays = on_timelines(wanted)
    return remove_mails(each for each in wanted if each not in stays)


def on_timelines(engagements: Iterable[int]) -> set[int]:
    """Return those of the mails that stand on somebody's timeline."""
    line = EngagementContact
    return {
        engagement
        for some in chunked(engagements, _AT_ONCE)
        for (engagement,) in rows(
            line.select(line.engagement).where(line.engagement.in_(list(some))).distinct()
        )
    }


def _remove(engagements: list[int]) -> int:
    carried = Attachment.select(Attachment.content).where(
        Attachment.engagement.in_(engagements), Attachment.content.is_null(False)
    )
    contents = {content for (content,) in rows(carried)}
    EngagementContact.delete().where(EngagementContact.engagement.in_(engagements)).execute()
    Captured.delete().where(Captured.engagement.in_(engagements)).execute()
    gone = int(Engagement.delete().where(Engagement.id.in_(engagements)).execute())
    _remove_unused(contents)
    return gone


def _remove_unused(contents: Iterable[str]) -> None:
    for some in chunked(sorted(contents), _AT_ONCE):
        used = Attachment.select(Attachment.content).where(Attachment.content.in_(list(some)))
        Content.delete().where(Content.sha256.in_(list(some)), Content.sha256.not_in(used)).execute()
