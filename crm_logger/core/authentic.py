"""Is the sender believable?

Only what the receiving server itself wrote can tell (RFC 8601 §5), and only where its authserv-id is known. No id is
pinned yet, so the secret log address and the known sender are the guard, and every verdict is "none": logged mail is
marked `unverified`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .model import Message


class Verdict(StrEnum):
    """What the receiving server found out about the sender's domain."""

    PASS = "pass"  # noqa: S105 -- RFC 8601's word
    FAIL = "fail"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Authenticity:
    """A verdict with the sentence that tells what it rests on."""

    verdict: Verdict
    evidence: str


def authenticate(message: Message, domain: str) -> Authenticity:
    """Return how far `domain`, that of the acting user's address, is proven to have sent the message."""
    claims = len(message.all("Authentication-Results"))
    return Authenticity(
        Verdict.NONE, f"{claims} claim(s) about {domain}, none by a server that is known by its id"
    )
