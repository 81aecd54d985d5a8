"""The search index: filled after the commit, in order, and asked; call it within a transaction of the Store.

On SQLite it is FTS5; on PostgreSQL a tsvector with a GIN index, which is asked the same and answers alike
(search_words.py). The rows are copies of what can be found in a mail, cut to a length; a mail that is removed leaves
it in the same transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from peewee import SQL, fn
from playhouse.sqlite_ext import FTS5Model, RowIDField, SearchField

from crm_logger.core.html import html_to_text
from crm_logger.core.model import Direction

from . import search_words
from .tables import (
    Attachment,
    Captured,
    Engagement,
    EngagementContact,
    Participant,
    database,
    on_postgres,
    run_sql,
)
from .tables import rows as tuples

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

BODY_LENGTH = 20_000
MARK, UNMARK = "\x02", "\x03"
"""What stands around a hit in a text. No stored text holds them."""

_HTML_LENGTH = 200_000
_QUERY_LENGTH = 200
_OPENING_WORDS = 24


class MailSearch(FTS5Model):  # type: ignore[misc]  # playhouse has no types
    """What can be found in a mail; its rowid is the engagement's number."""

    rowid = RowIDField()
    subject = SearchField()
    body = SearchField()
    people = SearchField()

    class Meta:
        """The table is made by a migration."""

        database = database
        table_name = "mail_search"


@dataclass(frozen=True, slots=True)
class Hit:
    """A mail that was found; the hits in its texts stand between MARK and UNMARK. `contact` is on its timeline."""

    engagement: int
    contact: int
    direction: Direction
    sent_at: datetime
    subject: str
    opening: str
    author_name: str
    author_address: str


def is_behind() -> bool:
    """Whether there is logged mail that the index does not hold yet."""
    ((mark,),) = run_sql("select up_to from mail_search_mark").fetchall()
    return bool(Engagement.select().where(Engagement.id > mark).exists())


def index_mails(limit: int) -> int:
    """Take at most so many mails into the index, in the order in which they were logged; gives their number."""
    ((mark,),) = run_sql("select up_to from mail_search_mark").fetchall()
    fields = (Engagement.id, Engagement.subject, Engagement.note, Engagement.text, Engagement.html)
    query = Engagement.select(*fields).where(Engagement.id > mark).order_by(Engagement.id).limit(limit)
    found = list(query)
    if found:
        people = _people([row.id for row in found])
        _insert([_row(row, people[row.id]) for row in found])
        run_sql("update mail_search_mark set up_to = ?", (found[-1].id,))
    return len(found)


def index_again(engagements: Iterable[int]) -> None:
    """Take mails into the index anew after their texts or people changed; those that it does not hold yet wait."""
    ((mark,),) = run_sql("select up_to from mail_search_mark").fetchall()
    held = [each for each in engagements if each <= mark]
    people = _people(held)
    number = "id" if on_postgres() else "rowid"
    for each in held:
        run_sql(f"delete from mail_search where {number} = ?", (each,))  # noqa: S608 -- one of two names
    _insert([_row(row, people[row.id]) for row in Engagement.select().where(Engagement.id.in_(held))])


def _insert(found: list[dict[str, Any]]) -> None:
    if not found:
        return
    if not on_postgres():
        MailSearch.insert_many(found).execute()
        return
    for row in found:
        words = search_words.vector({part: row[part] for part in search_words.COLUMNS})
        run_sql(
            "insert into mail_search (id, subject, body, words) values (?, ?, ?, cast(? as tsvector))",
            (row["rowid"], row["subject"], row["body"], words),
        )


def _row(row: Engagement, people: Iterable[str]) -> dict[str, Any]:
    text = row.text or html_to_text(row.html[:_HTML_LENGTH])
    return {
        "rowid": row.id,
        "subject": row.subject,
        "body": f"{row.note}\n{text}".strip()[:BODY_LENGTH],
        "people": " ".join(people),
    }


def _people(engagements: Sequence[int]) -> dict[int, list[str]]:
    """Names and addresses, and the names of what was attached."""
    found: dict[int, list[str]] = {each: [] for each in engagements}
    asked = Participant.select(Participant.engagement, Participant.name, Participant.address)
    for engagement, name, address in tuples(asked.where(Participant.engagement.in_(engagements))):
        found[engagement] += [name, address]
    files = Attachment.select(Attachment.engagement, Attachment.name)
    for engagement, name in tuples(files.where(Attachment.engagement.in_(engagements))):
        found[engagement].append(name)
    notes = Captured.select(Captured.engagement, Captured.note).where(Captured.engagement.in_(engagements))
    for engagement, note in tuples(notes):
        found[engagement].append(note)
    return found


def find_mails(account: int, asked: str, limit: int) -> list[Hit]:
    """The account's mails that hold all the words, those that came last first; the last word may be a beginning."""
    if not (expression := _expression(asked)):
        return []
    newest, marked = (_by_words if on_postgres() else _by_fts5)(account, expression, limit)
    on = _timelines(newest)
    return sorted(
        (
            Hit(
                row.id,
                on[row.id],
                Direction(row.direction),
                row.sent_at,
                *marked[row.id],
                row.author_name,
                row.author_address,
            )
            for row in _found(newest)
            if row.id in on
        ),
        key=lambda hit: hit.sent_at,
        reverse=True,
    )


_Marked = dict[int, tuple[str, str]]
"""Subjects and openings by the number of the mail."""


def _by_fts5(account: int, expression: str, limit: int) -> tuple[list[int], _Marked]:
    """In two steps: the texts of the hits that are shown are marked, and of no others."""
    mine = MailSearch.match(expression) & (Engagement.account == account)
    numbers = MailSearch.select(MailSearch.rowid).join(Engagement, on=(Engagement.id == MailSearch.rowid))
    newest = [
        number for (number,) in tuples(numbers.where(mine).order_by(MailSearch.rowid.desc()).limit(limit))
    ]
    texts = MailSearch.select(
        MailSearch.rowid,
        fn.highlight(SQL("mail_search"), 0, MARK, UNMARK),
        fn.snippet(SQL("mail_search"), 1, MARK, UNMARK, "…", _OPENING_WORDS),
    ).where(MailSearch.match(expression) & MailSearch.rowid.in_(newest))
    return newest, {number: (subject, opening) for number, subject, opening in tuples(texts)}


_HITS = """
select s.id, s.subject, s.body from mail_search s join engagement e on e.id = s.id
where s.words @@ cast(? as tsquery) and e.account_id = ? order by s.id desc limit ?
"""


def _by_words(account: int, expression: str, limit: int) -> tuple[list[int], _Marked]:
    asked, phrases = search_words.question(expression)
    found = run_sql(_HITS, (asked, account, limit)).fetchall()
    marks = (MARK, UNMARK)
    return [number for number, _, _ in found], {
        number: (
            search_words.marked(subject, "subject", phrases, marks),
            search_words.opening(body, "body", phrases, marks, _OPENING_WORDS),
        )
        for number, subject, body in found
    }


def _found(numbers: list[int]) -> Any:
    row = Engagement
    query = row.select(row.id, row.direction, row.sent_at, row.author_name, row.author_address)
    return query.where(row.id.in_(numbers))


def _timelines(numbers: list[int]) -> dict[int, int]:
    """One contact that each of the mails belongs to."""
    line = EngagementContact
    query = line.select(line.engagement, fn.MIN(line.contact)).where(line.engagement.in_(numbers))
    return dict(tuples(query.group_by(line.engagement)))


def _expression(asked: str) -> str:
    """The words as a query of FTS5; "" where there are none that it could look for."""
    asked = asked.strip()[:_QUERY_LENGTH]
    if not any(letter.isalnum() for letter in asked):
        return ""
    if asked[-1].isalnum():
        asked += "*"
    return str(MailSearch.web_query(asked))
