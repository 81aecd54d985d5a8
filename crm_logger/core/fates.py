"""Who on a mail may stand on a timeline, and what becomes of the others (R8, R9, R13, R14, R18, R19)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from .address import canonical, domain_of, log_address_parts, never_log_match, parse_addresses, strip_plus_tag
from .erasure import ERASED, is_erased
from .model import Fate, Participant, Person, Reason, Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .model import Directory, Policy, User

Recipients = tuple[tuple[Role, tuple[Person, ...]], ...]
Headers = tuple[tuple[str, str], ...]

_BETWEEN_WORDS = re.compile(r"[\s<>(),:;\"']")


def find_user(directory: Directory, account: int, address: str) -> tuple[User, str] | None:
    """Return the account's user with that address and the address that matched; `+tag` only where a setting says so (R7)."""
    tries = [address]
    if domain_of(address) in directory.policy.plus_tag_domains:
        tries.append(strip_plus_tag(address))
    for known in tries:
        for user in directory.users_by_address.get(known, ()):
            if user.account == account:
                return user, known
    return None


def is_internal(directory: Directory, account: int, address: str) -> bool:
    """Tell whether the address is a colleague's: a user's, or in an internal domain or below one."""
    if find_user(directory, account, address):
        return True
    domain = domain_of(address)
    internal = directory.internal_domains.get(account, frozenset())
    return any(domain == own or domain.endswith("." + own) for own in internal)


def is_log_address(policy: Policy, address: str) -> bool:
    """Tell whether the address is a log address of whatever account, plain or tagged, or the mailbox's own (R9)."""
    return address in policy.mailbox_addresses or log_address_parts(address, policy.log_domains) is not None


@dataclass(frozen=True, slots=True)
class People:
    """Decides about people for one account and the user whose mail it is."""

    directory: Directory
    user: User

    def never_log(self, address: str) -> str:
        """Return the never-log entry that forbids the address, "" where none does; the user is never forbidden (R8)."""
        if not address or self._is_user(address):
            return ""
        return forbidden(self.directory, self.user.account, self.user.id, address)

    def allowed(self, headers: Headers) -> Headers:
        """Return the header fields that name nobody on the never-log list (R8)."""
        account, directory = self.user.account, self.directory
        if not directory.never_log.get(account) and not directory.tombstones.get(account):
            return headers
        return tuple(field for field in headers if not self._names_forbidden(field[1]))

    def _names_forbidden(self, value: str) -> bool:
        words = (canonical(word) for word in _BETWEEN_WORDS.split(value) if "@" in word)
        people = (person.address for person in parse_addresses(value) if "@" in value)
        return any(self.never_log(address) for address in chain(words, people))

    def is_internal(self, address: str) -> bool:
        """Tell whether the address is a colleague's or the user's own."""
        return is_internal(self.directory, self.user.account, address)

    def participants(self, recipients: Recipients, creating: frozenset[Role]) -> tuple[Participant, ...]:
        """Return everybody once, in order, with each fate that does not depend on who is a contact.

        People in the roles `creating` become contacts where they are none yet.
        """
        seen: set[str] = set()
        found = []
        for role, people in recipients:
            for person in people:
                if person.address and person.address not in seen:
                    seen.add(person.address)
                    found.append(self._participant(person, role, create=role in creating))
        return tuple(found)

    def _participant(self, person: Person, role: Role, *, create: bool) -> Participant:
        if is_log_address(self.directory.policy, person.address):
            return Participant(person, role, fate=Fate.LOG_ADDRESS)
        if entry := self.never_log(person.address):
            return Participant(Person("", ""), role, fate=Fate.NEVER_LOG, never_log=entry)
        if self.is_internal(person.address):
            return Participant(person, role, fate=Fate.INTERNAL)
        return Participant(person, role, create=create)

    def _is_user(self, address: str) -> bool:
        match = find_user(self.directory, self.user.account, address)
        return match is not None and match[0].id == self.user.id


def forbidden(directory: Directory, account: int, user: int | None, address: str) -> str:
    """Return the entry of the account's list, or of that user's own, which matches the address; else "".

    An erased address is forbidden as if it stood on the list.
    """
    if is_erased(directory, account, address):
        return ERASED
    entries = directory.never_log.get(account, ())
    patterns = (entry.pattern for entry in entries if entry.user is None or entry.user == user)
    return never_log_match(patterns, address) or ""


def open_to_fate(participants: Iterable[Participant]) -> bool:
    """Tell whether anybody is left who is or may become a contact."""
    return any(participant.fate is None for participant in participants)


def nobody_left(participants: Iterable[Participant]) -> Reason:
    """Return why a mail has nobody to be logged for."""
    fates = {participant.fate for participant in participants}
    if Fate.NEVER_LOG in fates:
        return Reason.NEVER_LOG
    return Reason.INTERNAL_ONLY if Fate.INTERNAL in fates else Reason.NO_RECIPIENT


def refused(participant: Participant) -> Participant:
    """Return the participant as somebody on a mail that is not logged."""
    return participant if participant.fate else replace(participant, fate=Fate.NOT_LOGGED)


def with_fate(participant: Participant, *, is_contact: bool, room: bool) -> Participant:
    """Return the participant with its fate decided; `room` is False where the mail may create nobody more."""
    if participant.fate is not None:
        return participant
    if is_contact:
        return replace(participant, fate=Fate.ASSOCIATED)
    if not participant.create:
        return replace(participant, fate=_NOT_CREATED[participant.role])
    return replace(participant, fate=Fate.CREATED if room else Fate.NOT_CREATED_LIMIT)


_NOT_CREATED = {
    Role.BCC: Fate.NOT_CREATED_BCC,
    Role.CC: Fate.NOT_CREATED_CC,
    Role.TO: Fate.NOT_CREATED_CC,
    Role.FROM: Fate.NOT_CREATED_CC,
}
