"""Which mails of a timeline are one conversation: found out after the commit, in order; call it within a transaction of the Store.

A line of a timeline learns its conversation and whether a newer mail of it stands above: then it is folded, and the
timeline's pages pass over it. A line that has not learnt that yet stands by itself.

Many lines are told at once, in plain SQL. Times are compared as the database gives them: texts on SQLite, which have
the same order.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from peewee import chunked, fn

from crm_logger.core.keys import normal_subject

from .fields import aware
from .statements import HIGHEST, ask, ask_among, write_rows
from .tables import EngagementContact
from .tables import rows as tuples

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

# What clients put before a subject: one to five letters, perhaps counted, and a colon; in some languages fullwidth.
_PREFIX = re.compile(r"^(?:\[[^\]]{1,40}\]\s*)?\w{1,5}(?:\s?[\[(]\d+[\])])?\s?[:：]\s*")
SAME_SUBJECT: Final = timedelta(days=60)
"""So long the same subject is the same matter: a monthly "Invoice" shall not become one conversation of years."""

_MOST_REFERENCES: Final = 20
_COUNTED: Final = 1000
_AT_ONCE: Final = 200

_IS_BEHIND: Final = "SELECT 1 FROM engagement_contact WHERE conversation IS NULL LIMIT 1"
_LOOSE: Final = """
    SELECT engagement_id, contact_id, sent_at FROM engagement_contact
    WHERE conversation IS NULL AND engagement_id <= ? ORDER BY engagement_id, contact_id LIMIT ?
"""
_MAILS: Final = """
    SELECT id, account_id, sent_at, subject, message_id, in_reply_to, "references" FROM engagement WHERE id IN
"""
# By account and name, which is the key: without the account SQLite would read the names of all mail.
_KNOWN: Final = "SELECT name, conversation, seen FROM conversation_name WHERE account_id = ? AND name IN"
_REMEMBER: Final = """
    INSERT INTO conversation_name (account_id, name, conversation, seen) VALUES (?, ?, ?, ?)
    ON CONFLICT (account_id, name) DO UPDATE SET conversation = EXCLUDED.conversation, seen = EXCLUDED.seen
"""
# What the conversation's index holds and no more: for other columns SQLite would read the whole timeline.
_NEWEST: Final = """
    (SELECT {} FROM engagement_contact WHERE contact_id = asked.contact AND conversation = asked.conversation
    ORDER BY sent_at DESC, engagement_id DESC LIMIT 1)
"""
_NEWEST_OF: Final = f"""
    WITH asked (contact, conversation) AS (VALUES {{}})
    SELECT contact, conversation, {_NEWEST.format("sent_at")}, {_NEWEST.format("engagement_id")} FROM asked
"""  # noqa: S608 -- words of ours
_THIS: Final = "WHERE contact_id = ? AND sent_at = ? AND engagement_id = ?"
_OPEN: Final = f"UPDATE engagement_contact SET conversation = ? {_THIS}"  # noqa: S608 -- words of ours
_FOLD: Final = f"UPDATE engagement_contact SET conversation = ?, folded = ? {_THIS}"  # noqa: S608 -- words of ours


def is_behind() -> bool:
    """Whether a line of some timeline does not know its conversation yet."""
    return bool(ask(_IS_BEHIND))


def join(limit: int, up_to: int = HIGHEST) -> int:
    """Tell at most so many lines their conversation, in the order in which their mails were logged; gives their number.

    Where others record mail meanwhile, `up_to` is a number below which none of theirs will be.
    """
    loose = ask(_LOOSE, up_to, limit)
    found = _conversations(_mails({engagement for engagement, _, _ in loose}))
    _place([_Line(contact, found[mail], (sent_at, mail)) for mail, contact, sent_at in loose])
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


class _Mail(NamedTuple):
    """A mail, the names of it and of those that it refers to, the nearest first, and that of its subject, if any."""

    id: int
    account: int
    sent_at: Any
    ids: list[int]
    subject: list[int]


def _mails(engagements: Collection[int]) -> list[_Mail]:
    """The mails of these numbers, in order."""
    return [
        _Mail(number, account, sent_at, _ids(message_id, in_reply_to, references), _subject(subject))
        for number, account, sent_at, subject, message_id, in_reply_to, references in sorted(
            ask_among(_MAILS, sorted(engagements))
        )
    ]


def _ids(message_id: str, in_reply_to: str, references: str) -> list[int]:
    ids = (message_id, in_reply_to, *json.loads(references)[-_MOST_REFERENCES:][::-1])
    return [_name(f"id {each}") for each in dict.fromkeys(ids) if each]


def _subject(subject: str) -> list[int]:
    bare = bare_subject(subject)
    return [_name(f"subject {bare}")] if bare else []


def _name(text: str) -> int:
    """A short name; two texts that had the same one would be folded together, no more."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


_Known = dict[tuple[int, int], tuple[int, Any]]
"""By account and name: the conversation, and when the name was last met."""


def _conversations(mails: Sequence[_Mail]) -> dict[int, int]:
    """The conversation of each mail; a new one has the number of its first mail."""
    before = _known(mails)
    known = dict(before)
    found: dict[int, int] = {}
    for mail in mails:
        conversation = next(_answered(mail, known), mail.id)
        found[mail.id] = conversation
        for name in mail.ids:
            known.setdefault((mail.account, name), (conversation, mail.sent_at))
        for name in mail.subject:
            known[mail.account, name] = conversation, mail.sent_at
    write_rows(
        _REMEMBER, [(*name, *told) for name, told in sorted(known.items()) if before.get(name) != told]
    )
    return found


def _known(mails: Iterable[_Mail]) -> _Known:
    wanted: defaultdict[int, set[int]] = defaultdict(set)
    for mail in mails:
        wanted[mail.account].update(mail.ids, mail.subject)
    return {
        (account, name): (conversation, seen)
        for account, names in wanted.items()
        for name, conversation, seen in ask_among(_KNOWN, sorted(names), account)
    }


def _answered(mail: _Mail, known: _Known) -> Iterator[int]:
    """The conversations that it may belong to: of what it refers to, else of what has its subject at that time."""
    for name in mail.ids:
        if (mail.account, name) in known:
            yield known[mail.account, name][0]
    for name in mail.subject:
        conversation, at = known.get((mail.account, name), (0, mail.sent_at))
        if conversation and abs(aware(mail.sent_at) - aware(at)) <= SAME_SUBJECT:
            yield conversation


# ---------------------------------------------------------------- where it stands


_Place = tuple[Any, int]
"""A place in the order of a timeline: the time of the mail and its number."""


class _Line(NamedTuple):
    contact: int
    conversation: int
    place: _Place


def _place(lines: Sequence[_Line]) -> None:
    """Of all mails of a conversation on a timeline the newest stands open, the others are folded."""
    before = _newest({(line.contact, line.conversation) for line in lines})
    newest = dict(before)
    for contact, conversation, place in lines:
        newest[contact, conversation] = max(newest.get((contact, conversation), place), place)
    told = {*lines, *(_Line(*which, place) for which, place in before.items() if newest[which] != place)}
    opened = {line for line in lines if newest[line.contact, line.conversation] == line.place}
    write_rows(_OPEN, [(conversation, contact, *place) for contact, conversation, place in sorted(opened)])
    folded = sorted(told - opened)
    write_rows(_FOLD, [(conversation, True, contact, *place) for contact, conversation, place in folded])


def _newest(wanted: Collection[tuple[int, int]]) -> dict[tuple[int, int], _Place]:
    """The mail that stands open of each (contact, conversation), where one stands there."""
    found: dict[tuple[int, int], _Place] = {}
    for some in chunked(sorted(wanted), _AT_ONCE):
        query = _NEWEST_OF.format(", ".join(["(?, ?)"] * len(some)))
        for contact, conversation, sent_at, engagement in ask(query, *chain.from_iterable(some)):
            if engagement is not None:
                found[contact, conversation] = sent_at, engagement
    return found
