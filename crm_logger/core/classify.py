"""The whole policy, to be read from top to bottom: (Message, Directory) -> one decision per account."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from .address import domain_of, log_address_parts, token_hash
from .authentic import Verdict, authenticate, is_guarded, is_inside
from .automatic import automatic
from .delivery import arrival_time, find_delivery
from .entries import incoming, outgoing
from .fates import People, forbidden, is_log_address
from .forward import find_forward
from .identity import Actor, Nobody, delegate, find_actor
from .model import NO_RULING, Decision, Delivery, Entry, Flag, Kind, Log, Person, Reason, Refuse

if TYPE_CHECKING:
    from datetime import datetime

    from .authentic import Authenticity, Signature
    from .model import Directory, Forward, LogAddress, Message


def classify(
    message: Message,
    directory: Directory,
    received_at: datetime,
    signatures: tuple[Signature, ...] = (),
) -> tuple[Decision, ...]:
    """Decide about a mail: one decision for each account that has a log address on it (R26).

    `received_at` is when the shared mailbox got it (aware), `signatures` are its DKIM signatures where they were
    verified. Where no account is concerned, the one decision is a Refuse of account 0.
    """
    delivery = find_delivery(message, directory.policy)
    known = _known_log_addresses(delivery, directory)
    if known:
        cases = groupby(sorted(known, key=attrgetter("account", "id")), key=attrgetter("account"))
        return tuple(
            _Case(
                message,
                _ruled(directory, account),
                received_at,
                signatures,
                delivery,
                account,
                tuple(addresses),
            ).decide()
            for account, addresses in cases
        )
    return (_for_no_account(message, directory, delivery),)


def _ruled(directory: Directory, account: int) -> Directory:
    """A ruling counts in its own account alone."""
    if directory.policy.ruling.account in {0, account}:
        return directory
    return replace(directory, policy=replace(directory.policy, ruling=NO_RULING))


def _known_log_addresses(delivery: Delivery, directory: Directory) -> set[LogAddress]:
    parts = (log_address_parts(address, directory.policy.log_domains) for address in delivery.addresses)
    hashes = [(token_hash(token), kind) for kind, token in filter(None, parts)]
    found = ((directory.log_addresses_by_hash.get(digest), kind) for digest, kind in hashes)
    return {address for address, kind in found if address is not None and address.kind is kind}


def _for_no_account(message: Message, directory: Directory, delivery: Delivery) -> Refuse:
    """A mail to no known log address; whether it came in a user's name is worth knowing: somebody may be guessing."""
    if message.malformed:
        reason, detail = Reason.MALFORMED_HEADER, message.malformed
    elif delivery.addresses:
        reason, detail = Reason.UNKNOWN_LOG_ADDRESS, f"{delivery.header} names a log address that nobody has"
    else:
        reason, detail = Reason.NO_LOG_ADDRESS, "no header names a log address"
    sender = next((person.address for person in message.from_), "")
    named = directory.users_by_address.get(sender, ()) if reason is Reason.UNKNOWN_LOG_ADDRESS else ()
    user = next((user.id for user in named), None)
    matched = sender if named else ""
    return Refuse(
        0,
        reason,
        detail,
        user=user,
        matched_address=matched,
        delivery=delivery,
        subject=message.subject,
        sender=sender,
    )


@dataclass(frozen=True, slots=True)
class _Case:
    """One mail before one account."""

    message: Message
    directory: Directory
    received_at: datetime
    signatures: tuple[Signature, ...]
    delivery: Delivery
    account: int
    addresses: tuple[LogAddress, ...]

    def decide(self) -> Decision:
        """Take the guards in order; the first that objects decides."""
        if self.message.malformed:
            return self._refuse(Reason.MALFORMED_HEADER, self.message.malformed)
        valid = tuple(address for address in self.addresses if self._is_valid(address))
        if not valid:
            return self._refuse(Reason.REVOKED_LOG_ADDRESS, "the log address was revoked or replaced")
        at_forward = any(address.kind is Kind.FORWARD for address in valid)
        actor = find_actor(self.message, self.directory, self.account, resent_counts=at_forward)
        redirected = isinstance(actor, Actor) and actor.resent
        wanted = redirected or self.directory.policy.ruling.anyway
        if not wanted and (reason := automatic(self.message)):
            return self._refuse(reason, "judged by the outer mail's header", actor)
        if isinstance(actor, Nobody):
            return self._refuse(actor.reason, actor.detail, actor)
        own = tuple(address for address in valid if address.user in {None, actor.user.id})
        if not own:
            return self._refuse(Reason.WRONG_USER_TOKEN, "the log address belongs to another user", actor)
        return self._take(actor, own)

    def _take(self, actor: Actor, own: tuple[LogAddress, ...]) -> Decision:
        """Known address, known sender: is the sender believable, too?"""
        policy = self.directory.policy
        found = authenticate(self.message, domain_of(actor.address), policy, self.signatures)
        if policy.ruling.anyway:
            return self._taken(actor, own, found)
        proven = found.verdict is Verdict.PASS or is_inside(found, actor.address, policy)
        if is_guarded(policy) and not proven:
            return self._refuse_forged("nothing proves that the sender is who From says", actor, found)
        stranger = delegate(self.message, self.directory, actor)
        if stranger and found.verdict is not Verdict.PASS and policy.sender_auth != "off":
            detail = f"{stranger} sent it in the user's name, and nothing proves that the user's domain knows"
            return self._refuse_forged(detail, actor, found)
        return self._taken(actor, own, found)

    def _taken(self, actor: Actor, own: tuple[LogAddress, ...], found: Authenticity) -> Decision:
        people = People(self.directory, actor.user)
        return _Taken(self, actor, own, people, self._flags(found.verdict), found.evidence).decide()

    def _refuse_forged(self, detail: str, actor: Actor, found: Authenticity) -> Refuse:
        refusal = self._refuse(Reason.SENDER_NOT_AUTHENTICATED, detail, actor)
        return replace(refusal, evidence=found.evidence, hold=found.later)

    def _is_valid(self, address: LogAddress) -> bool:
        ended = address.valid_until is not None and address.valid_until < self.received_at
        return self.directory.policy.ruling.anyway or not (address.revoked or ended)

    def _flags(self, verdict: Verdict) -> frozenset[Flag]:
        flags = set(self.message.flags)
        if verdict is not Verdict.PASS:
            flags.add(Flag.UNVERIFIED)
        if self.delivery.below_border:
            flags.add(Flag.BELOW_BORDER)
        if self._is_exposed():
            flags.add(Flag.ADDRESS_EXPOSED)
        return frozenset(flags)

    def _is_exposed(self) -> bool:
        """A log address in To or Cc is seen by everybody else on the mail."""
        seen = [self._is_log_address(person) for person in self.message.to + self.message.cc]
        return any(seen) and not all(seen)

    def _is_log_address(self, person: Person) -> bool:
        return is_log_address(self.directory.policy, person.address)

    def _refuse(self, reason: Reason, detail: str, actor: Actor | Nobody | None = None) -> Refuse:
        """A mail of somebody on the never-log list leaves neither address nor subject in the ledger (R8)."""
        user = actor.user if actor else None
        senders = tuple(person.address for person in self.message.from_)
        hidden = user is None and any(forbidden(self.directory, self.account, None, s) for s in senders)
        return Refuse(
            self.account,
            reason,
            "" if hidden else detail,
            kind=self.addresses[0].kind,
            user=user.id if user else None,
            log_address=self.addresses[0].id,
            matched_address=actor.address if actor else "",
            delivery=self.delivery,
            subject="" if hidden else self.message.subject,
            sender="" if hidden or not senders else senders[0],
        )


@dataclass(frozen=True, slots=True)
class _Taken:
    """A mail that a user of the account sent in, all guards passed: what is it, and whom is it for?"""

    case: _Case
    actor: Actor
    addresses: tuple[LogAddress, ...]
    people: People
    flags: frozenset[Flag]
    evidence: str

    def decide(self) -> Decision:
        """A sent mail or a forward, by the address it came to and, where that is clearly wrong, by what it is (R16)."""
        kinds = {address.kind for address in self.addresses}
        at_forward = Kind.FORWARD in kinds
        forward = self._find_forward() if at_forward or not self._outer_recipients() else None
        if forward is not None:
            return self._forwarded(forward, self._flagged(wrong=not at_forward))
        if Kind.BCC in kinds:
            return self._sent(Kind.BCC, self.flags)
        if any(not self.people.is_internal(person.address) for person in self._outer_recipients()):
            return self._sent(Kind.FORWARD, self._flagged(wrong=True))
        return self._refusal(Kind.FORWARD, Reason.NO_FORWARD_FOUND, "the mail holds no forwarded mail")

    def _find_forward(self) -> Forward | None:
        forward = find_forward(self.case.message)
        redirected = forward is not None and forward.shape == "resent"
        return None if redirected and not self.actor.resent else forward

    def _outer_recipients(self) -> tuple[Person, ...]:
        people = self.case.message.to + self.case.message.cc + self.case.message.bcc
        return tuple(p for p in people if p.address and not self.case._is_log_address(p))  # noqa: SLF001 -- its other half

    def _flagged(self, *, wrong: bool) -> frozenset[Flag]:
        return self.flags | {Flag.WRONG_ADDRESS} if wrong else self.flags

    def _sent(self, kind: Kind, flags: frozenset[Flag]) -> Decision:
        result = outgoing(self.case.message, self.people, self.case.received_at, flags)
        return self._decision(kind, (result,), flags)

    def _forwarded(self, forward: Forward, flags: frozenset[Flag]) -> Decision:
        kind = Kind.BCC if Flag.WRONG_ADDRESS in flags else Kind.FORWARD
        results = incoming(self.case.message, forward, self.people, self.case.received_at, flags)
        return self._decision(kind, results, flags)

    def _decision(self, kind: Kind, results: tuple[Entry | Refuse, ...], flags: frozenset[Flag]) -> Decision:
        entries = tuple(self._completed(kind, r) for r in results if isinstance(r, Entry))
        refused = tuple(self._complete(kind, r) for r in results if isinstance(r, Refuse))
        if not entries:
            return refused[0]
        policy = self.case.directory.policy
        return Log(
            self.case.account,
            self.actor.user.id,
            kind,
            self._log_address(kind),
            self.actor.address,
            self.case.delivery,
            entries,
            refused,
            subject=self.case.message.subject,
            sender=self._sender(),
            detail="; ".join(self.case.message.defects),
            flags=flags.union(*(entry.flags for entry in entries)),
            evidence=self.evidence,
            arrived_at=arrival_time(self.case.message, policy) or self.case.received_at,
            limits=policy.limits,
        )

    def _refusal(self, kind: Kind, reason: Reason, detail: str) -> Refuse:
        return self._complete(kind, Refuse(0, reason, detail, subject=self.case.message.subject))

    def _completed(self, kind: Kind, entry: Entry) -> Entry:
        return replace(entry, otherwise=self._complete(kind, entry.otherwise)) if entry.otherwise else entry

    def _complete(self, kind: Kind, refuse: Refuse) -> Refuse:
        """Add what every refusal of this mail tells."""
        return replace(
            refuse,
            account=self.case.account,
            kind=kind,
            user=self.actor.user.id,
            log_address=self._log_address(kind),
            matched_address=self.actor.address,
            delivery=self.case.delivery,
            sender=self._sender(),
            flags=refuse.flags | self.flags,
            evidence=self.evidence,
        )

    def _log_address(self, kind: Kind) -> int:
        return next((a.id for a in self.addresses if a.kind is kind), self.addresses[0].id)

    def _sender(self) -> str:
        return self.actor.address if self.actor.resent else self.case.message.from_[0].address
