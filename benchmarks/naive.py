"""The naive worker: plain library calls, the same rows. `python -m benchmarks.naive DATABASE HOST PORT USER PASSWORD MAILS`."""

from __future__ import annotations

import hashlib
import re
import sys
from datetime import UTC, datetime
from email import policy
from email.parser import BytesParser
from email.utils import getaddresses
from typing import Any

from imapclient import IMAPClient
from peewee import SqliteDatabase

from crm_logger.store import tables

t: Any = tables

WRITTEN_BY = re.compile(r"^From: (.*?) <(.*?)>\s*$", re.MULTILINE)
PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def main(*told: str) -> None:
    """Take in the first so many mails of the folder."""
    path, host, port, user, password, mails = told
    database = SqliteDatabase(path, pragmas=PRAGMAS)
    t.database.initialize(database)
    place = {"mailbox": t.Mailbox.create(name=user), "folder": "INBOX", "uidvalidity": 1}
    with IMAPClient(host, port=int(port), ssl=False) as client:
        client.login(user, password)
        client.normalise_times = False
        client.select_folder("INBOX", readonly=True)
        uids = client.search()[: int(mails)]
        for start in range(0, len(uids), 100):
            answers = client.fetch(uids[start : start + 100], ["BODY.PEEK[]", "INTERNALDATE"])
            for uid, answer in answers.items():
                with database.atomic():
                    store(place | {"uid": uid}, answer[b"BODY[]"], answer[b"INTERNALDATE"].astimezone(UTC))


def store(place: dict[str, Any], raw: bytes, at: datetime) -> None:
    """One mail and everything it brings."""
    mail: Any = BytesParser(policy=policy.default).parsebytes(raw)
    now, digest = datetime.now(UTC), hashlib.sha256(raw).hexdigest()
    receipt = t.Receipt.create(sha256=digest, size=len(raw), received_at=at, taken_at=now, **place)
    to = t.LogAddress.get(token=re.split("[-@]", str(mail["Delivered-To"]))[1])
    name, sender = getaddresses([str(mail["From"])])[0]
    user = t.UserAddress.get_or_none(address=sender)
    logged = user and not (mail["Auto-Submitted"] or mail["List-Id"])
    outcome = "logged" if logged else "refused"
    told = {"account": to.account, "kind": to.kind, "log_address": to, "user": user and user.user}
    told |= {"sender": sender, "subject": mail["Subject"], "decided_at": now}
    t.Decision.create(receipt=receipt, outcome=outcome, reason=outcome, **told)
    t.LogAddress.update(last_used=now).where(t.LogAddress.id == to).execute()
    if not logged:
        return
    author: tuple[str, ...]
    note, author, inner, text = "", (name, sender), mail, body(mail, "plain")
    if to.kind == "forward":
        inner = next((p for p in mail.iter_parts() if p.get_content_type() == "message/rfc822"), mail)
        inner = inner.get_content() if inner is not mail else mail
        found = WRITTEN_BY.search(text.replace("\r", ""))
        author = found.groups() if found else getaddresses([str(inner["From"])])[0]
        note, text = text, body(inner, "plain")
    sent = inner["Date"].datetime if inner["Date"] else at
    key = hashlib.sha256(f"{author}{sent}{inner['Subject']}{text[:500]}".encode()).hexdigest()
    columns = {"subject": inner["Subject"], "text": text, "html": body(inner, "html"), "note": note}
    columns |= {"author_name": author[0], "author_address": author[1], "kind": to.kind, "key_id": key}
    columns |= {"direction": "", "sent_at": sent, "received_at": at, "date_text": str(inner["Date"] or "")}
    columns |= {"message_id": inner["Message-ID"] or "", "headers": [(k, str(v)) for k, v in inner.items()]}
    engagement, new = t.Engagement.get_or_create(account=to.account, key_content=key, defaults=columns)
    t.Captured.create(engagement=engagement, receipt=receipt, user=user.user, log_address=to, kind="", at=at)
    if not new:
        return
    people = [(kind, *who) for kind in ("to", "cc") for who in getaddresses([str(inner[kind] or "")])]
    people = people if inner is mail and to.kind == "bcc" else [("to", name, sender)]
    for role, called, address in [("from", *author), *filter(lambda who: who[2], people)]:
        t.Participant.create(engagement=engagement, role=role, name=called, address=address)
        mine = {"account": to.account, "address": address}
        if t.UserAddress.get_or_none(**mine):
            continue
        known = t.ContactAddress.get_or_none(**mine)
        if not known:
            contact = t.Contact.create(account=to.account, name=called, created=now, receipt=receipt)
            known = t.ContactAddress.create(contact=contact, **mine)
        line = {"contact": known.contact, "sent_at": sent, "engagement": engagement}
        t.EngagementContact.get_or_create(**line, defaults={"role": role})
    for part in (part for part in mail.walk() if part.get_filename()):
        data = part.get_content()
        content = {"sha256": hashlib.sha256(data).hexdigest()}
        t.Content.get_or_create(**content, defaults={"data": data})
        named = {"name": part.get_filename(), "content_type": part.get_content_type(), "size": len(data)}
        t.Attachment.create(engagement=engagement, content=content["sha256"], **named)


def body(mail: Any, kind: str) -> str:
    """The text of that kind."""
    part = mail.get_body((kind,))
    return part.get_payload(decode=True).decode("utf-8", "replace") if part else ""


if __name__ == "__main__":
    main(*sys.argv[1:])
