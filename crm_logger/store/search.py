"""The search index: filled after the commit, in order, and asked; call it within a transaction of the Store.

On SQLite it is FTS5; on PostgreSQL a tsvector with a GIN index, which is asked the same and answers alike
(search_words.py). The rows are copies of what can be found in a mail, cut to a length; a mail that is removed leaves
it in the same transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from peewee import SQL, fn
from playhouse.sqlite_ext import FTS5Model, RowIDField, SearchField

from crm_logger.core.html import html_to_text
from crm_logger.core.model import Direction

from . import search_words
from .statements import HIGHEST, Row, ask, ask_among, tell, write_rows
from .tables import Engagement, EngagementContact, database, on_postgres, run_sql
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

_TEXTS: Final = "SELECT id, subject, note, text, html FROM engagement"
_SAID: Final = (
    "SELECT engagement_id, name, address FROM participant WHERE engagement_id IN",
    "SELECT engagement_id, name FROM attachment WHERE engagement_id IN",
    "SELECT engagement_id, note FROM captured WHERE engagement_id IN",
)
"""What is found in a mail besides its texts."""

_INSERT: Final = "INSERT INTO mail_search (rowid, subject, body, people) VALUES (?, ?, ?, ?)"
_INSERT_WORDS: Final = (
    "INSERT INTO mail_search (id, subject, body, words) VALUES (?, ?, ?, CAST(? AS tsvector))"
)
_DELETE: Final = "DELETE FROM mail_search WHERE rowid = ?"
_DELETE_WORDS: Final = "DELETE FROM mail_search WHERE id = ?"


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
    return bool(ask("SELECT 1 FROM engagement WHERE id > (SELECT up_to FROM mail_search_mark) LIMIT 1"))


def index_mails(limit: int, up_to: int = HIGHEST) -> int:
    """Take at most so many mails into the index, in the order in which they were logged; gives their number.

    Where others record mail meanwhile, `up_to` is a number below which none of theirs will be: it would be passed over.
    """
    found = ask(f"{_TEXTS} WHERE id > ? AND id <= ? ORDER BY id LIMIT ?", _mark(), up_to, limit)
    if found:
        _insert(found)
        tell("UPDATE mail_search_mark SET up_to = ?", found[-1][0])
    return len(found)


def index_again(engagements: Iterable[int]) -> None:
    """Take mails into the index anew after their texts or people changed; those that it does not hold yet wait."""
    mark = _mark()
    held = [each for each in engagements if each <= mark]
    write_rows(_DELETE_WORDS if on_postgres() else _DELETE, [(each,) for each in held])
    _insert(list(ask_among(f"{_TEXTS} WHERE id IN", held)))


def newest() -> int:
    """The number of the mail that was logged last; 0 where there is none."""
    ((number,),) = ask("SELECT COALESCE(MAX(id), 0) FROM engagement")
    return int(number)


def _mark() -> int:
    ((mark,),) = ask("SELECT up_to FROM mail_search_mark")
    return int(mark)


def _insert(mails: Sequence[Row]) -> None:
    people = _people([number for number, *_ in mails])
    found = [
        (number, subject, _body(note, text, html), " ".join(people[number]))
        for number, subject, note, text, html in mails
    ]
    if on_postgres():
        found = [
            (*row[:3], search_words.vector(dict(zip(search_words.COLUMNS, row[1:], strict=True))))
            for row in found
        ]
    write_rows(_INSERT_WORDS if on_postgres() else _INSERT, found)


def _body(note: str, text: str, html: str) -> str:
    text = text or html_to_text(html[:_HTML_LENGTH])
    return f"{note}\n{text}".strip()[:BODY_LENGTH]


def _people(engagements: Sequence[int]) -> dict[int, list[str]]:
    """Names and addresses, the names of what was attached, and what users noted."""
    found: dict[int, list[str]] = {each: [] for each in engagements}
    for query in _SAID:
        for engagement, *said in ask_among(query, engagements):
            found[engagement] += said
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
