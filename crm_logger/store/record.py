"""Records a mail: its receipt, the decisions and all they bring, within the transaction of the caller."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from crm_logger.core.model import Fate, Log, Outcome, Reason, Refuse

from .attempts import forget_deaths
from .engagements import Capture, log_entry, made_by
from .ledger import at_place, bind_by_sha256, end_deferral
from .limits import contacts_left, counts_at, held_back, note_contacts, note_mails
from .masking import masked, shown
from .tables import Captured, Decision, Engagement, LogAddress, Receipt, rows
from .values import Recorded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from crm_logger.core.model import Decision as Decided
    from crm_logger.core.model import Entry, Participant, RawMail

    from .values import Place


def record(
    place: Place, mail: RawMail, decisions: Sequence[Decided], now: datetime, error: str = ""
) -> Recorded:
    """Write everything about a mail that has no receipt yet; where it has one, change nothing."""
    if not decisions:
        raise ValueError("a mail without a decision would be dropped silently")
    sha256 = hashlib.sha256(mail.raw).hexdigest()
    known = _known(place, mail.uid) or bind_by_sha256(place, mail.uid, sha256)
    if known is None and (held := held_back(place, mail.uid, decisions, now)):
        return Recorded(0, new=False, held=held)
    counted = {d.account: counts_at(place, mail.uid, d, now) for d in decisions if isinstance(d, Log)}
    attempts = 1 + end_deferral(place, mail.uid) + forget_deaths(place, mail.uid)
    if known is not None:
        return Recorded(known, new=False)
    receipt = Receipt.create(
        mailbox=place.mailbox,
        folder=place.folder,
        uidvalidity=place.uidvalidity,
        uid=mail.uid,
        sha256=sha256,
        size=mail.size or len(mail.raw),
        received_at=mail.received_at,
        taken_at=now,
        attempts=attempts,
        **_kept(mail, decisions, error),
    )
    return _decide(receipt.id, decisions, now, counted)


def record_again(
    receipt_id: int, mail: RawMail, decisions: Sequence[Decided], now: datetime, error: str = ""
) -> Recorded:
    """Replace what was decided about a mail. What it logged stays logged, and is found by its key, not doubled."""
    kept = _logged_accounts(receipt_id) - {d.account for d in decisions if isinstance(d, Log)}
    decisions = [d for d in decisions if not kept or d.account not in kept | {0}]
    Decision.delete().where(Decision.receipt == receipt_id, Decision.account.not_in(kept)).execute()
    sha256 = hashlib.sha256(mail.raw).hexdigest()
    change = {
        "attempts": Receipt.attempts + 1,
        "sha256": sha256,
        "size": mail.size or len(mail.raw),
        **_kept(mail, decisions, error),
    }
    Receipt.update(change).where(Receipt.id == receipt_id).execute()
    return _decide(receipt_id, decisions, now, None)


def _known(place: Place, uid: int) -> int | None:
    receipt = Receipt.get_or_none(at_place(Receipt, place), Receipt.uid == uid)
    return receipt.id if receipt else None


def _kept(mail: RawMail, decisions: Iterable[Decided], error: str) -> dict[str, Any]:
    """The raw mail is kept only where it failed (R29)."""
    failed = any(isinstance(d, Refuse) and d.reason.outcome is Outcome.FAILED for d in decisions)
    return {"error": error, "raw_mail": (mail.raw or None) if failed else None}


def _logged_accounts(receipt_id: int) -> set[int]:
    query = Captured.select(Engagement.account).join(Engagement).where(Captured.receipt == receipt_id)
    return {account for (account,) in rows(query)}


# ---------------------------------------------------------------- decisions


def _decide(
    receipt_id: int, decisions: Sequence[Decided], now: datetime, counted: Mapping[int, datetime] | None
) -> Recorded:
    """`counted` are the times that limits count the mail at, by account; a retry (None) is never over a limit."""
    at = counted or {}
    settled = [
        _settle(receipt_id, decision, now, at.get(decision.account), again=counted is None)
        for decision in decisions
    ]
    for decision, reason in settled:
        _write(receipt_id, decision, reason, now, at.get(decision.account))
    new = counted is not None
    return Recorded(receipt_id, new, tuple(d for d, _ in settled), tuple(r for _, r in settled))


def _settle(
    receipt_id: int, decision: Decided, now: datetime, at: datetime | None, *, again: bool
) -> tuple[Decided, Reason]:
    if isinstance(decision, Refuse):
        return decision, decision.reason
    if at is not None:
        note_mails(decision, at, now)
    made = made_by(decision.account, receipt_id) if again else set()
    results = _log_entries(Capture(decision, receipt_id, now, made), at)
    refused = (*decision.refused, *(result for result in results if isinstance(result, Refuse)))
    logged = [result for result in results if not isinstance(result, Refuse)]
    if not logged:
        refusal = _refusal(decision, refused)
        return refusal, refusal.reason
    entries = tuple(entry for entry, _ in logged)
    duplicate = all(reason is Reason.DUPLICATE for _, reason in logged)
    log = replace(decision, entries=entries, refused=refused)
    return log, Reason.DUPLICATE if duplicate else Reason.LOGGED


def _log_entries(capture: Capture, at: datetime | None) -> list[tuple[Entry, Reason] | Refuse]:
    """All entries of a mail share its limit of new contacts, and what the limits of the day leave."""
    today = contacts_left(capture.log, at) if at is not None else None
    made = 0
    results = []
    for entry in capture.log.entries:
        most = entry.contact_limit if today is None else min(entry.contact_limit, today)
        result = log_entry(capture, replace(entry, contact_limit=max(0, most - made)))
        made += 0 if isinstance(result, Refuse) else _made(result[0])
        results.append(result)
    if at is not None and any(map(_was_limited, results)):
        note_contacts(capture.log, at, capture.now, of_the_day=today is not None and made >= today)
    return results


def _was_limited(result: tuple[Entry, Reason] | Refuse) -> bool:
    participants = result.participants if isinstance(result, Refuse) else result[0].participants
    return any(participant.fate is Fate.NOT_CREATED_LIMIT for participant in participants)


def _made(entry: Entry) -> int:
    return sum(participant.fate is Fate.CREATED for participant in entry.participants)


def _refusal(log: Log, refused: Sequence[Refuse]) -> Refuse:
    """Every original was refused: the first says why, and the mail's own circumstances are kept."""
    return replace(
        refused[len(log.refused) if log.entries else 0],
        account=log.account,
        kind=log.kind,
        user=log.user,
        log_address=log.log_address,
        matched_address=log.matched_address,
        delivery=log.delivery,
        participants=tuple(p for each in refused for p in each.participants),
        candidates=tuple(c for each in refused for c in each.candidates),
        sender=log.sender,
        flags=log.flags.union(*(each.flags for each in refused)),
    )


def _write(receipt_id: int, decision: Decided, reason: Reason, now: datetime, at: datetime | None) -> None:
    delivery = decision.delivery
    log = decision if isinstance(decision, Log) else None
    # Of a mail that is refused for the never-log list neither subject nor body is stored (R8).
    subject = "" if reason is Reason.NEVER_LOG else decision.subject
    Decision.create(
        receipt=receipt_id,
        account=decision.account,
        outcome=reason.outcome,
        reason=reason,
        detail=masked(_detail(decision)),
        kind=decision.kind,
        user=decision.user,
        log_address=decision.log_address,
        matched_address=decision.matched_address,
        header=delivery.header if delivery else "",
        below_border=bool(delivery and delivery.below_border),
        flags=sorted(_flags(decision)),
        subject=masked(subject),
        sender=decision.sender,
        fates=[_fate(participant) for participant in _participants(decision)],
        candidates=[{"name": c.name, "address": c.address, "why": c.why} for c in _candidates(decision)],
        decided_at=now,
        evidence=masked(decision.evidence),
        counted_at=(at or log.arrived_at) if log else None,
        created=sum(map(_made, log.entries)) if log else 0,
    )
    if decision.log_address is not None:
        LogAddress.update(last_used=now).where(LogAddress.id == decision.log_address).execute()


def _detail(decision: Decided) -> str:
    if isinstance(decision, Refuse) or not decision.refused:
        return decision.detail
    reasons = ", ".join(each.reason for each in decision.refused)
    return "; ".join(filter(None, (decision.detail, f"originals not logged: {reasons}")))


def _flags(decision: Decided) -> frozenset[str]:
    if isinstance(decision, Refuse):
        return decision.flags
    parts: tuple[Entry | Refuse, ...] = (*decision.entries, *decision.refused)
    return decision.flags.union(*(part.flags for part in parts))


def _participants(decision: Decided) -> list[Participant]:
    if isinstance(decision, Refuse):
        return list(decision.participants)
    parts: tuple[Entry | Refuse, ...] = (*decision.entries, *decision.refused)
    return [participant for part in parts for participant in part.participants]


def _candidates(decision: Decided) -> list[Any]:
    refused = [decision] if isinstance(decision, Refuse) else decision.refused
    return [candidate for each in refused for candidate in each.candidates]


def _fate(participant: Participant) -> dict[str, str | None]:
    """Of a never-log person only the entry is kept (R8)."""
    told: dict[str, str | None] = {"role": participant.role, "fate": participant.fate}
    if participant.fate is Fate.NEVER_LOG:
        return told | {"never_log": participant.never_log}
    person = shown(participant)
    return told | {"name": person.name, "address": person.address}
