"""Records mails: their receipts, the decisions and all they bring, within the transaction of the caller."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from crm_logger.core.model import Fate, Log, Outcome, Reason, Refuse

from .attempts import forget_deaths
from .counted import Counted
from .draft import Draft
from .engagements import Capture, log_entry, made_by
from .erasure import erased_among, names_any
from .known import Known, KnownMails
from .ledger import bind, end_deferral, waiting_at
from .limits import LimitWatch
from .masking import masked, shown
from .tables import Captured, Decision, Engagement, Receipt, rows
from .values import Recorded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from crm_logger.core.model import Decision as Decided
    from crm_logger.core.model import Entry, Participant, RawMail

    from .values import Place, Taking

_ERASED = "somebody on it was erased meanwhile: it is decided again"
_FEW = 8
_AHEAD = 3000
"""More rows than the usual limit of a day; for few mails, counting for each by itself costs less."""


def record(place: Place, takings: Sequence[Taking], now: datetime) -> list[Recorded]:
    """Write everything about mails that have no receipt yet; where one has it, change nothing about it.

    What comes out is what recording them one after the other would have made: only the reading and the writing are
    done for all of them at once.
    """
    recording = _Recording(
        [d for each in takings for d in each.decisions], now, ahead=_AHEAD if len(takings) >= _FEW else 0
    )
    digests = [hashlib.sha256(taking.mail.raw).hexdigest() for taking in takings]
    mails = KnownMails(place, [taking.mail.uid for taking in takings], digests)
    recorded = [
        recording.take(place, taking, sha256, mails) for taking, sha256 in zip(takings, digests, strict=True)
    ]
    recording.finish()
    return recorded


def record_again(receipt_id: int, taking: Taking, now: datetime) -> Recorded:
    """Replace what was decided about a mail. What it logged stays logged, and is found by its key, not doubled."""
    mail, decisions = taking.mail, taking.decisions
    erased = erased_among(decisions)
    if any(names_any(decision, erased) for decision in decisions):
        return Recorded(receipt_id, new=False, held=_ERASED)
    kept = _logged_accounts(receipt_id) - {d.account for d in decisions if isinstance(d, Log)}
    concerned = [d for d in decisions if not kept or d.account not in kept | {0}]
    somebodys = any(d.account for d in decisions)
    if concerned or somebodys:  # else nobody knows by now whom it concerns: all of them stay
        Decision.delete().where(Decision.receipt == receipt_id, Decision.account.not_in(kept)).execute()
    decisions = concerned
    change = {
        "attempts": Receipt.attempts + 1,
        "sha256": hashlib.sha256(mail.raw).hexdigest(),
        "size": mail.size or len(mail.raw),
        **_kept(mail, decisions, taking.error),
    }
    Receipt.update(change).where(Receipt.id == receipt_id).execute()
    recording = _Recording(decisions, now)
    recorded = recording.decide(receipt_id, decisions, None)
    recording.finish()
    return recorded


def _kept(mail: RawMail, decisions: Iterable[Decided], error: str) -> dict[str, Any]:
    """The raw mail is kept only where it failed (R29)."""
    failed = any(isinstance(d, Refuse) and d.reason.outcome is Outcome.FAILED for d in decisions)
    return {"error": error, "raw_mail": (mail.raw or None) if failed else None}


def _logged_accounts(receipt_id: int) -> set[int]:
    query = Captured.select(Engagement.account).join(Engagement).where(Captured.receipt == receipt_id)
    return {account for (account,) in rows(query)}


class _Recording:
    """The mails of one transaction, one after the other: each sees what those before it brought."""

    def __init__(self, decisions: Sequence[Decided], now: datetime, ahead: int = 0) -> None:
        self._draft = Draft()
        self._known = Known(decisions)
        self._erased = erased_among(decisions)
        self._limits = LimitWatch(Counted(ahead), now)
        self._now = now

    def take(self, place: Place, taking: Taking, sha256: str, mails: KnownMails) -> Recorded:
        """Take in one mail."""
        mail, decisions = taking.mail, taking.decisions
        if not decisions:
            raise ValueError("a mail without a decision would be dropped silently")
        known = mails.receipts.get(mail.uid) or _bound(place, mail.uid, mails.left_behind[sha256])
        if known is None and any(names_any(decision, self._erased) for decision in decisions):
            return Recorded(0, new=False, held=_ERASED)
        waiting = waiting_at(place, mail.uid) if mail.uid in mails.put_off else None
        if known is None and (held := self._limits.held_back(place, mail.uid, decisions, waiting)):
            mails.put_off.add(mail.uid)
            return Recorded(0, new=False, held=held)
        counted = {d.account: self._limits.counts_at(d, waiting) for d in decisions if isinstance(d, Log)}
        attempts = 1
        if mail.uid in mails.put_off:
            mails.put_off.remove(mail.uid)
            attempts += end_deferral(place, mail.uid) + forget_deaths(place, mail.uid)
        if known is not None:
            mails.receipts[mail.uid] = known
            return Recorded(known, new=False)
        receipt = self._draft.receipts.add(
            mailbox=place.mailbox,
            folder=place.folder,
            uidvalidity=place.uidvalidity,
            uid=mail.uid,
            sha256=sha256,
            size=mail.size or len(mail.raw),
            received_at=mail.received_at,
            taken_at=self._now,
            attempts=attempts,
            **_kept(mail, decisions, taking.error),
        )
        mails.receipts[mail.uid] = receipt
        return self.decide(receipt, decisions, counted)

    def decide(
        self, receipt: int, decisions: Sequence[Decided], counted: Mapping[int, datetime] | None
    ) -> Recorded:
        """`counted` are the times that limits count the mail at, by account; a retry (None) is never over a limit."""
        at = counted or {}
        settled = [
            self._settle(receipt, decision, at.get(decision.account), again=counted is None)
            for decision in decisions
        ]
        for decision, reason in settled:
            self._write(receipt, decision, reason, at.get(decision.account))
        new = counted is not None
        return Recorded(receipt, new, tuple(d for d, _ in settled), tuple(r for _, r in settled))

    def finish(self) -> None:
        """Write what the mails brought."""
        self._limits.finish()
        self._draft.write()

    def _settle(
        self, receipt: int, decision: Decided, at: datetime | None, *, again: bool
    ) -> tuple[Decided, Reason]:
        if isinstance(decision, Refuse):
            return decision, decision.reason
        if at is not None:
            self._limits.note_mails(decision, at)
        made = made_by(decision.account, receipt) if again else set()
        capture = Capture(decision, receipt, self._now, self._known, self._draft, made)
        results = self._log_entries(capture, at)
        refused = (*decision.refused, *(result for result in results if isinstance(result, Refuse)))
        logged = [result for result in results if not isinstance(result, Refuse)]
        if not logged:
            refusal = _refusal(decision, refused)
            return refusal, refusal.reason
        entries = tuple(entry for entry, _ in logged)
        duplicate = all(reason is Reason.DUPLICATE for _, reason in logged)
        log = replace(decision, entries=entries, refused=refused)
        return log, Reason.DUPLICATE if duplicate else Reason.LOGGED

    def _log_entries(self, capture: Capture, at: datetime | None) -> list[tuple[Entry, Reason] | Refuse]:
        """All entries of a mail share its limit of new contacts, and what the limits of the day leave."""
        today = self._limits.contacts_left(capture.log, at) if at is not None else None
        made = 0
        results = []
        for entry in capture.log.entries:
            most = entry.contact_limit if today is None else min(entry.contact_limit, today)
            left = max(0, most - made)
            limited = entry if left == entry.contact_limit else replace(entry, contact_limit=left)
            result = log_entry(capture, limited)
            made += 0 if isinstance(result, Refuse) else _made(result[0])
            results.append(result)
        if at is not None and any(map(_was_limited, results)):
            of_the_day = today is not None and made >= today
            self._limits.note_contacts(capture.log, at, of_the_day=of_the_day)
        return results

    def _write(self, receipt: int, decision: Decided, reason: Reason, at: datetime | None) -> None:
        log = decision if isinstance(decision, Log) else None
        counted_at = (at or log.arrived_at) if log else None
        created = sum(map(_made, log.entries)) if log else 0
        self._draft.decisions.add(
            receipt=receipt,
            decided_at=self._now,
            counted_at=counted_at,
            created=created,
            **_told(decision, reason),
        )
        if log and counted_at is not None:
            self._limits.count(log, counted_at, created)
        if decision.log_address is not None:
            self._draft.note_use(decision.log_address, self._now)


def _bound(place: Place, uid: int, left_behind: list[int]) -> int | None:
    """Bind a mail to its receipt from before a UIDVALIDITY change; each receipt is bound to one mail only."""
    if not left_behind:
        return None
    receipt = left_behind.pop(0)
    bind(place, receipt, uid)
    return receipt


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


def _told(decision: Decided, reason: Reason) -> dict[str, Any]:
    delivery = decision.delivery
    # Of a mail that is refused for the never-log list neither subject nor body is stored (R8).
    subject = "" if reason is Reason.NEVER_LOG else decision.subject
    return {
        "account": decision.account,
        "outcome": reason.outcome,
        "reason": reason,
        "detail": masked(_detail(decision)),
        "kind": decision.kind,
        "user": decision.user,
        "log_address": decision.log_address,
        "matched_address": decision.matched_address,
        "header": delivery.header if delivery else "",
        "below_border": bool(delivery and delivery.below_border),
        "flags": sorted(_flags(decision)),
        "subject": masked(subject),
        "sender": decision.sender,
        "fates": [_fate(participant) for participant in _participants(decision)],
        "candidates": [{"name": c.name, "address": c.address, "why": c.why} for c in _candidates(decision)],
        "evidence": masked(decision.evidence),
    }


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
