"""Is the sender believable? What our own servers found out (RFC 8601), or a DKIM signature that we verified ourselves.

A sender can write any header. Authentication-Results counts only where our own servers write: above the border's
Received, and, in the modes whose servers are known to strip forged ones, directly below it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from .address import aligned, domain_of, never_log_match
from .authresults import Results, read_results
from .delivery import zones

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .authresults import Claim
    from .model import Message, Policy

_FIELD: Final = "authentication-results"
_BLOCK: Final = frozenset({_FIELD, "received-spf"})
_GMAIL: Final = "mx.google.com"
_MAX_EVIDENCE: Final = 400
_FROM_OUTSIDE: Final = frozenset({"dmarc", "dkim", "spf", "iprev", "compauth"})
# What a decision is made of; each that is there must be signed, as often as it is there.
_USED_FIELDS: Final = frozenset({"from", "to", "cc", "subject", "date", "message-id"})


class Verdict(StrEnum):
    """What is known about the sender's domain."""

    PASS = "pass"  # noqa: S105 -- RFC 8601's word
    FAIL = "fail"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Authenticity:
    """A verdict with the sentence that tells what it rests on.

    `judged`: our own servers judged the mail as one from outside. `later` says why another verdict may come later.
    """

    verdict: Verdict
    evidence: str
    judged: bool = False
    later: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """A DKIM signature that was verified here (RFC 6376): the signing domain, the signed fields in lower case, and its flaw.

    `flaw` is "" where the signature holds; `later` says that the keys could not be asked for now.
    """

    domain: str
    signed: tuple[str, ...] = ()
    flaw: str = ""
    later: bool = False


def authenticate(
    message: Message, domain: str, policy: Policy, signatures: Sequence[Signature] = ()
) -> Authenticity:
    """Return how far `domain`, that of the acting user's address, is proven to have sent the message."""
    if policy.sender_auth == "off":
        return Authenticity(Verdict.NONE, "SENDER_AUTH is off: nothing was looked at")
    fields, unreadable = trusted_results(message, policy)
    if unreadable:
        return Authenticity(
            Verdict.NONE, "what our own server wrote about the sender cannot be read", judged=True
        )
    found = _by_server(fields, domain, message)
    if found.verdict is not Verdict.NONE or not signatures:
        return found
    return _by_signature(signatures, domain, message, found)


def is_guarded(policy: Policy) -> bool:
    """Whether mail that proves nothing is refused: told so, or able to tell (SENDER_AUTH=auto)."""
    return policy.sender_auth == "require" or (policy.sender_auth == "auto" and can_tell(policy))


def can_tell(policy: Policy) -> bool:
    """Whether anything could prove a sender: a known server's word, or signatures verified here."""
    return bool(policy.authserv_id) or policy.sender_auth_mode in ("gmail", "m365") or policy.verify_dkim


def is_inside(authenticity: Authenticity, address: str, policy: Policy) -> bool:
    """Whether the mail never left our own server: a sender of INTERNAL_SENDERS whom no check for outside mail has met."""
    inside = never_log_match(policy.internal_senders, address) is not None
    return inside and authenticity.verdict is Verdict.NONE and not authenticity.judged


# ---------------------------------------------------------------- the fields that our own servers wrote


class _Trusted(NamedTuple):
    fields: list[Results]
    unreadable: bool


def trusted_results(message: Message, policy: Policy) -> _Trusted:
    """What our own servers say, from the top down; a field of theirs that cannot be read makes all of it doubtful.

    Without a border nobody can tell where the sender's own header fields begin: nothing counts.
    """
    own = policy.authserv_id.lower() or (_GMAIL if policy.sender_auth_mode == "gmail" else "")
    zone, below = zones(message.headers, policy.border_host)
    if not zone or not policy.border_host:
        return _Trusted([], unreadable=False)
    above = [value for name, value in zone if name.lower() == _FIELD]
    beneath = _directly_below(below, policy.sender_auth_mode)
    nameless = beneath if policy.sender_auth_mode == "m365" else []
    kept: list[Results] = []
    doubtful = False
    for value in (*above, *beneath):
        found = read_results(value)
        if found is None:
            doubtful = doubtful or value in nameless or _starts(value, own)
        elif (own and found.server == own) or (value in nameless and not found.server):
            kept.append(found)
    return _Trusted(kept, doubtful)


def _directly_below(below: Iterable[tuple[str, str]], mode: str) -> list[str]:
    """The fields between the border's Received and the sender's first own field.

    Gmail and Microsoft 365 write exactly one, before all the sender wrote, and strip forged ones.
    """
    if mode == "standard":
        return []
    values = []
    for name, value in below:
        if name.lower() not in _BLOCK:
            break
        if name.lower() == _FIELD:
            values.append(value)
    return values if mode == "below" else values[:1]


def _starts(value: str, own: str) -> bool:
    return bool(own) and value.lstrip(' "').lower().startswith(own)


# ---------------------------------------------------------------- what they say


def _by_server(fields: Sequence[Results], domain: str, message: Message) -> Authenticity:
    """DMARC first (RFC 7489), else an aligned signature or envelope sender; of several verdicts the worst wins."""
    said = _topmost(fields)
    judged = bool(_FROM_OUTSIDE & set(said))
    evidence = _told(fields, domain)
    authors = {domain_of(person.address) for person in message.from_}
    dmarc = {
        claim.result
        for claim in said.get("dmarc", ())
        if aligned(claim.domain("header.from"), domain)
        or ("header.from" not in claim.properties and authors == {domain})
    }
    if "fail" in dmarc:
        return Authenticity(Verdict.FAIL, evidence, judged)
    if dmarc == {"pass"}:
        return Authenticity(Verdict.PASS, evidence, judged)
    verdicts = {_worst(said.get(method, ()), names, domain) for method, names in _ALIGNED}
    for verdict in (Verdict.PASS, Verdict.FAIL):
        if verdict in verdicts:
            return Authenticity(verdict, evidence, judged)
    return Authenticity(Verdict.NONE, evidence, judged)


_ALIGNED: Final = (
    ("dkim", ("header.d", "header.i")),
    ("spf", ("smtp.mailfrom", "smtp.mail", "smtp.helo")),
    ("auth", ("smtp.auth", "smtp.mailfrom")),
)


def _topmost(fields: Sequence[Results]) -> dict[str, list[Claim]]:
    """By method the claims of the topmost field that holds any: servers write on top, so that is the last word."""
    said: dict[str, list[Claim]] = {}
    for field in reversed(fields):
        said |= {method: [c for c in field.claims if c.method == method] for method in _methods(field)}
    return said


def _methods(field: Results) -> set[str]:
    return {claim.method for claim in field.claims}


def _worst(claims: Iterable[Claim], properties: tuple[str, ...], domain: str) -> Verdict:
    results = {claim.result for claim in claims if aligned(claim.domain(*properties), domain)}
    if "fail" in results:
        return Verdict.FAIL
    return Verdict.PASS if "pass" in results else Verdict.NONE


def _told(fields: Sequence[Results], domain: str) -> str:
    if not fields:
        return f"no server that is known by its id says anything about {domain}"
    said = "; ".join(
        f"{field.server or 'the border'}: " + (", ".join(map(str, field.claims)) or "nothing was checked")
        for field in fields
    )
    return said if len(said) <= _MAX_EVIDENCE else said[: _MAX_EVIDENCE - 1] + "…"


# ---------------------------------------------------------------- signatures verified here


def _by_signature(
    signatures: Sequence[Signature], domain: str, message: Message, found: Authenticity
) -> Authenticity:
    own = [each for each in signatures if aligned(each.domain, domain)]
    flaws = [(each, each.flaw or _unsigned(each, message)) for each in own]
    told = "; ".join(f"DKIM of {each.domain}: {flaw or 'verified here'}" for each, flaw in flaws)
    evidence = f"{found.evidence}; {told or f'no DKIM signature of {domain}'}"
    if any(not flaw for _, flaw in flaws):
        return Authenticity(Verdict.PASS, evidence, found.judged)
    later = "the keys of a DKIM signature cannot be asked for now" if any(each.later for each in own) else ""
    return Authenticity(Verdict.NONE, evidence, found.judged, later)


def _unsigned(signature: Signature, message: Message) -> str:
    """The used fields that are not signed: somebody on the way may have added them (RFC 6376 §5.4.2, §8.15)."""
    there = Counter(name.lower() for name, _ in message.headers)
    signed = Counter(signature.signed)
    missing = sorted(name for name in _USED_FIELDS if there[name] > signed[name])
    return f"does not sign {', '.join(missing)}" if missing else ""


# ---------------------------------------------------------------- what `check` proposes


def results_below(message: Message, policy: Policy) -> list[Results]:
    """What stands directly below the border under our own server's id; a sender could have written it."""
    _, below = zones(message.headers, policy.border_host)
    read = filter(None, map(read_results, _directly_below(below, "below")))
    return [found for found in read if found.server == policy.authserv_id.lower()]


def propose_server(messages: Iterable[Message], policy: Policy) -> dict[str, str]:
    """The settings that fit what a server writes into most of the mails; empty where no mail tells."""
    votes = Counter(found for message in messages if (found := _seen(message, policy)))
    return dict(votes.most_common(1)[0][0]) if votes else {}


def _seen(message: Message, policy: Policy) -> tuple[tuple[str, str], ...]:
    zone, below = zones(message.headers, policy.border_host)
    above = [read_results(value) for name, value in zone if name.lower() == _FIELD]
    beneath = [read_results(value) for value in _directly_below(below, "below")[:1]]
    if (found := next(filter(None, above), None)) and found.server:
        return (("AUTHSERV_ID", found.server),)
    found = next(filter(None, beneath), None)
    if found is None:
        return ()
    if found.server == _GMAIL:
        return (("SENDER_AUTH_MODE", "gmail"),)
    # Anybody could have written the rest: only the self-test tells whether forged ones are removed.
    return (("AUTHSERV_ID", found.server),) if found.server else (("SENDER_AUTH_MODE", "m365"),)
