"""The state of a database and its mailbox, without what may differ between two runs: ids, times, attempts."""

# ruff: noqa: S608 -- the questions are put together from this file alone
from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Any

from tests.kill import maildirs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.servers.databases import Database

Line = tuple[Any, ...]

_ENGAGEMENT = "engagement.account_id, coalesce(engagement.key_id, engagement.key_content)"
_QUESTIONS = {
    "decision": """
        SELECT sha256, account, outcome, reason, CASE reason WHEN 'parse-crash' THEN '' ELSE detail END, kind, user_id, log_address_id, matched_address, header,
               below_border, flags, subject, sender, fates, candidates
        FROM decision JOIN receipt ON receipt.id = receipt_id""",
    "engagement": """
        SELECT account_id, direction, kind, subject, text, html, sent_at, received_at, date_text, message_id, in_reply_to,
               "references", author_name, author_address, note, forwarded_at, headers, key_id, key_content, flags
        FROM engagement""",
    "participant": f"""
        SELECT {_ENGAGEMENT}, role, name, address FROM participant JOIN engagement ON engagement.id = engagement_id""",
    "timeline": f"""
        SELECT {_ENGAGEMENT}, address, engagement_contact.sent_at, role, conversation IS NULL, folded IS NULL FROM engagement_contact
        JOIN engagement ON engagement.id = engagement_id
        JOIN contact_address ON contact_address.contact_id = engagement_contact.contact_id""",
    "captured": f"""
        SELECT {_ENGAGEMENT}, sha256, user_id, log_address_id, captured.kind, at, captured.forwarded_at, captured.note,
               captured.flags
        FROM captured JOIN engagement ON engagement.id = engagement_id JOIN receipt ON receipt.id = receipt_id""",
    "attachment": f"""
        SELECT {_ENGAGEMENT}, name, content_type, size, sha256, content_id, inline, left_out FROM attachment
        JOIN engagement ON engagement.id = engagement_id""",
    "contact": """
        SELECT contact.account_id, name, address, sha256 FROM contact
        LEFT JOIN contact_address ON contact_id = contact.id LEFT JOIN receipt ON receipt.id = contact.receipt_id""",
    "event": "SELECT kind FROM event",
    "deferral": "SELECT uid FROM deferral",
    "death": "SELECT uid FROM death",
    "in hand": "SELECT uids FROM in_hand",
}
_FOUND = {
    "sqlite": f"""
        SELECT {_ENGAGEMENT}, c0, c1, c2 FROM mail_search_content JOIN engagement ON engagement.id = mail_search_content.id""",
    "postgres": f"""
        SELECT {_ENGAGEMENT}, mail_search.subject, mail_search.body, CAST(mail_search.words AS text) FROM mail_search
        JOIN engagement ON engagement.id = mail_search.id""",
}
_UNFINISHED = frozenset({"deferral", "death", "in hand"})


def state(database: Database, homes: Sequence[Path]) -> Counter[Line]:
    """Everything that was decided, logged and filed, as lines that are the same whatever happened on the way."""
    questions = _QUESTIONS | {"found": _FOUND[database.kind]}
    lines: Counter[Line] = Counter(
        (name, *row) for name, question in questions.items() for row in database.ask(question)
    )
    lines.update(_receipts(database, homes))
    for sha256, data in database.ask("SELECT sha256, data FROM content"):
        lines["content", sha256, hashlib.sha256(data).hexdigest() == sha256] += 1
    for home in homes:
        for stored, number in maildirs.contents(home).items():
            lines["mail", stored] += number
    return lines


def _receipts(database: Database, homes: Sequence[Path]) -> list[Line]:
    """The receipts, each with whether its mail is where it says."""
    question = """SELECT sha256, size, folder, CASE size WHEN 0 THEN NULL ELSE received_at END, error <> '', raw_mail IS NOT NULL, filed_folder, filed_uid
                  FROM receipt"""
    return [
        (
            "receipt",
            *row[:-1],
            row[-2] is None or any(_is_there(home, row[0], row[1], row[-2], row[-1]) for home in homes),
        )
        for row in database.ask(question)
    ]


def _is_there(home: Path, sha256: str, size: int, folder: str, uid: int | None) -> bool:
    if uid is not None:
        found = maildirs.digest_at(home, folder, uid)
        return found == sha256 or (found is not None and _digest_unknown(sha256, size))
    return any(
        mail.folder == folder and (mail.sha256 == sha256 or _digest_unknown(sha256, size))
        for mail in maildirs.contents(home)
    )


def _digest_unknown(sha256: str, size: int) -> bool:
    """Of a mail that was never fetched, or in parts only, the whole's digest is not known."""
    return sha256 == hashlib.sha256(b"").hexdigest() or size > 1_000_000


def unfinished(lines: Counter[Line]) -> list[Line]:
    """What a worker at rest must not have: mails that it put off, and mails in hand."""
    return [line for line in lines if line[0] in _UNFINISHED]


def reasons(lines: Counter[Line]) -> list[str]:
    """The reasons of all decisions, sorted."""
    return sorted(str(line[4]) for line in lines.elements() if line[0] == "decision")
