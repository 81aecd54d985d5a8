"""Which mails of a timeline are one conversation: found out after the commit, in order; call it within a transaction of the Store.

A line of a timeline learns its conversation and whether a newer mail of it stands above: then it is folded, and the
timeline's pages pass over it. A line that has not learnt that yet stands by itself.
"""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from peewee import EXCLUDED, fn

from crm_logger.core.keys import normal_subject

from .tables import ConversationName, Engagement, EngagementContact
from .tables import rows as tuples

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

# What clients put before a subject: one to five letters, perhaps counted, and a colon; in some languages fullwidth.
_PREFIX = re.compile(r"^(?:\[[^\]]{1,40}\]\s*)?\w{1,5}(?:\s?[\[(]\d+[\])])?\s?[:：]\s*")
SAME_SUBJECT: Final = timedelta(days=60)
"""So long the same subject is the same matter: a monthly "Invoice" shall not become one conversation of years."""

_MOST_REFERENCES: Final = 20
_COUNTED: Final = 1000


def is_behind() -> bool:
    """Whether a line of some timeline does not know its conversation yet."""
    return bool(EngagementContact.select().where(EngagementContact.conversation.is_null()).exists())


def join(limit: int) -> int:
    """Tell at most so many lines their conversation, in the order in which their mails were logged; gives their number."""
    line = EngagementContact
    loose = list(line.select().where(line.conversation.is_null()).order_by(line.engagement).limit(limit))
    mails = _mails(sorted({each.engagement_id for each in loose}))
    found = _conversations(mails)
    for each in loose:
        _place(each, found[each.engagement_id])
    return len(loose)


def earlier(contact: int, conversations: Sequence[int]) -> dict[int, int]:
    """How many mails of each conversation stand below its newest on the contact's timeline."""
    line = EngagementContact
    mine = (line.contact == contact) & line.conversation.in_(conversations)
    numbers = (
        line.select(line.conversation, fn.COUNT(line.engagement)).where(mine).group_by(line.conversation)
    )
    return {conversation: min(number - 1, _COUNTED) for conversation, number in tuples(numbers)}


def forget(contact: int) -> None:
    """Find the conversations of a timeline out anew, after it was put together from two."""
    line = EngagementContact
    line.update(conversation=None, folded=None).where(line.contact == contact).execute()


def bare_subject(subject: str) -> str:
    """The subject without what replies and forwards put before it, in a normal form."""
    bare = normal_subject(subject)
    while (shorter := _PREFIX.sub("", bare, count=1)) != bare:
        bare = shorter
    return bare


# ---------------------------------------------------------------- which conversation


def _mails(engagements: Sequence[int]) -> list[Engagement]:
    row = Engagement
    fields = (row.id, row.account, row.sent_at, row.subject, row.message_id, row.in_reply_to, row.references)
    return list(row.select(*fields).where(row.id.in_(engagements)).order_by(row.id))


def _conversations(mails: Sequence[Engagement]) -> dict[int, int]:
    """The conversation of each mail; a new one has the number of its first mail."""
    named = {(mail.account_id, name) for mail in mails for name in (*_ids(mail), *_subject(mail))}
    known = _known(named)
    found: dict[int, int] = {}
    for mail in mails:
        conversation = next(_answered(mail, known), mail.id)
        found[mail.id] = conversation
        for name in _ids(mail):
            known.setdefault((mail.account_id, name), (conversation, mail.sent_at))
        for name in _subject(mail):
            known[mail.account_id, name] = conversation, mail.sent_at
    _remember(named, known)
    return found


def _answered(mail: Engagement, known: dict[tuple[int, int], tuple[int, datetime]]) -> Iterator[int]:
    """The conversations that it may belong to: of what it refers to, else of what has its subject at that time."""
    for name in _ids(mail):
        if (mail.account_id, name) in known:
            yield known[mail.account_id, name][0]
    for name in _subject(mail):
        conversation, at = known.get((mail.account_id, name), (0, mail.sent_at))
        if conversation and abs(mail.sent_at - at) <= SAME_SUBJECT:
            yield conversation


def _ids(mail: Engagement) -> list[int]:
    """The names of a mail and of those that it refers to, the nearest first."""
    ids = (mail.message_id, mail.in_reply_to, *mail.references[-_MOST_REFERENCES:][::-1])
    return [_name(f"id {each}") for each in dict.fromkeys(ids) if each]


def _subject(mail: Engagement) -> list[int]:
    subject = bare_subject(mail.subject)
    return [_name(f"subject {subject}")] if subject else []


def _name(text: str) -> int:
    """A short name; two texts that had the same one would be folded together, no more."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


def _known(named: Iterable[tuple[int, int]]) -> dict[tuple[int, int], tuple[int, datetime]]:
    row = ConversationName
    names = sorted({name for _, name in named})
    query = row.select(row.account, row.name, row.conversation, row.seen).where(row.name.in_(names))
    return {(account, name): (conversation, seen) for account, name, conversation, seen in tuples(query)}


def _remember(named: Iterable[tuple[int, int]], known: dict[tuple[int, int], tuple[int, datetime]]) -> None:
    row = ConversationName
    lines = [(account, name, *known[account, name]) for account, name in sorted(named)]
    for some in (lines[start : start + 200] for start in range(0, len(lines), 200)):
        added = row.insert_many(some, fields=(row.account, row.name, row.conversation, row.seen))
        changed = {row.conversation: EXCLUDED.conversation, row.seen: EXCLUDED.seen}
        added.on_conflict(conflict_target=(row.account, row.name), update=changed).execute()


# ---------------------------------------------------------------- where it stands


def _place(each: EngagementContact, conversation: int) -> None:
    """Of all mails of a conversation on a timeline the newest stands open, the others are folded."""
    line = EngagementContact
    same = (line.contact == each.contact_id) & (line.conversation == conversation)
    # What the conversation's index holds and no more: for other columns SQLite would read the whole timeline.
    known = line.select(line.contact, line.sent_at, line.engagement).where(same)
    newest = known.order_by(line.sent_at.desc(), line.engagement.desc()).first()
    above = newest is not None and (newest.sent_at, newest.engagement_id) > (each.sent_at, each.engagement_id)
    if newest is not None and not above:
        line.update(folded=True).where(_is(newest)).execute()
    line.update(conversation=conversation, folded=True if above else None).where(_is(each)).execute()


def _is(each: EngagementContact) -> Any:
    line = EngagementContact
    return (
        (line.contact == each.contact_id)
        & (line.sent_at == each.sent_at)
        & (line.engagement == each.engagement_id)
    )
