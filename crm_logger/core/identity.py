"""Who acted: the user whose mail it is, from From alone (R6, R7)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from string import ascii_uppercase
from typing import TYPE_CHECKING

from .address import aligned, domain_of
from .addresslist import without_comments
from .fates import find_user
from .model import Reason

if TYPE_CHECKING:
    from .model import Directory, Message, Person, User

_SHORT = 200


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
    field = message.first("Resent-From")
    spelled = match and _stands_alone(field, people[0].address) and _is_spelled_out(field, people[0].address)
    return Actor(*match, resent=True) if match and spelled else None


def _author(message: Message, directory: Directory, account: int) -> Actor | Nobody:
    if not any(person.address for person in message.from_):
        return Nobody(Reason.NO_SENDER, "the mail names no sender")
    if len(message.from_) > 1:
        return Nobody(Reason.AMBIGUOUS_SENDER, f"From names {len(message.from_)} senders")
    author = message.from_[0]
    match = find_user(directory, account, author.address)
    if match is None:
        return Nobody(Reason.UNKNOWN_SENDER, _unknown(author))
    field = message.first("From")
    if not _is_spelled_out(field, author.address):
        return Nobody(
            Reason.UNKNOWN_SENDER, f"From spells {author.address} with letters that only look alike"
        )
    if not _stands_alone(field, author.address):
        return Nobody(Reason.AMBIGUOUS_SENDER, "From says more than an address and a name")
    return Actor(*match)


def _unknown(person: Person) -> str:
    return f"no user of the account has the address {person.address}"


def _stands_alone(field: str, address: str) -> bool:
    """Whether nothing that another reader might take for a part of the address stands before or behind it.

    Such as `<ann@acme.test>@evil.example`, `<@evil.example:ann@acme.test>` and a comment that never closes.
    """
    before, found, behind = _plain(field).rpartition(_unquoted(address))
    whole = "<" not in before or before.endswith("<")
    return not address.isascii() or (bool(found) and whole and not behind.strip(">,;"))


def _is_spelled_out(field: str, address: str) -> bool:
    """Whether an address of ASCII letters stands in the field in just these: others may be read as them, as the Kelvin sign as k.

    A domain's A-labels and U-labels are the same by the standard (RFC 5890 §2.3.2.1), so another address may differ.
    """
    return not address.isascii() or _unquoted(address) in _plain(field)


def _unquoted(address: str) -> str:
    return address.replace('"', "").replace("\\", "")


def _plain(field: str) -> str:
    return _short_plain(field) if len(field) <= _SHORT else _read_plain(field)


def _read_plain(field: str) -> str:
    return without_comments(field).translate(_PLAIN)


# An account has few users, and each writes From in the same way.
_short_plain = lru_cache(maxsize=1024)(_read_plain)


_PLAIN = {ord(upper): upper.lower() for upper in ascii_uppercase} | dict.fromkeys(map(ord, ' \t"\\'))


def delegate(message: Message, directory: Directory, actor: Actor) -> str:
    """Return who sent the mail in the user's name, "" where nobody did or it is a colleague (RFC 5322 §3.6.2).

    A colleague is another user of the account, or a sender in the domain of the user's address.
    """
    senders = () if actor.resent else tuple(person.address for person in message.sender)
    foreign = [each for each in senders if not _is_near(each, directory, actor)]
    return ", ".join(foreign)


def _is_near(sender: str, directory: Directory, actor: Actor) -> bool:
    if find_user(directory, actor.user.account, sender):
        return True
    return aligned(domain_of(sender), domain_of(actor.address))
