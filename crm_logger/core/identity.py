"""Who acted: the user whose mail it is, from From alone (R6, R7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .fates import find_user
from .model import Reason

if TYPE_CHECKING:
    from .model import Directory, Message, Person, User


@dataclass(frozen=True, slots=True)
class Actor:
    """The user, the address of the mail that named the user, and whether it stood in Resent-From."""

    user: User
    address: str
    resent: bool = False


@dataclass(frozen=True, slots=True)
class Nobody:
    """No user acted, or none who may: then `user` and the matching `address` say who."""

    reason: Reason
    detail: str
    user: User | None = None
    address: str = ""


def find_actor(
    message: Message, directory: Directory, account: int, *, resent_counts: bool
) -> Actor | Nobody:
    """Return who acted for the account, or why nobody did.

    `resent_counts` says that the mail reached a forwarding address: only there may Resent-From name the user.
    """
    actor = (_redirecting_user(message, directory, account) if resent_counts else None) or _author(
        message, directory, account
    )
    if isinstance(actor, Nobody):
        return actor
    if not actor.user.active:
        return Nobody(Reason.INACTIVE_USER, f"{actor.user.name} is not active", actor.user, actor.address)
    if not actor.user.sales_access:
        return Nobody(
            Reason.NO_SALES_ACCESS, f"{actor.user.name} has no sales access", actor.user, actor.address
        )
    return actor


def _redirecting_user(message: Message, directory: Directory, account: int) -> Actor | None:
    """RFC 5322 §3.6.6: the topmost block of Resent fields is the latest."""
    people = message.resent_from
    match = find_user(directory, account, people[0].address) if len(people) == 1 else None
    return Actor(*match, resent=True) if match else None


def _author(message: Message, directory: Directory, account: int) -> Actor | Nobody:
    if not any(person.address for person in message.from_):
        return Nobody(Reason.NO_SENDER, "the mail names no sender")
    if len(message.from_) > 1:
        return Nobody(Reason.AMBIGUOUS_SENDER, f"From names {len(message.from_)} senders")
    match = find_user(directory, account, message.from_[0].address)
    return Actor(*match) if match else Nobody(Reason.UNKNOWN_SENDER, _unknown(message.from_[0]))


def _unknown(person: Person) -> str:
    return f"no user of the account has the address {person.address}"
