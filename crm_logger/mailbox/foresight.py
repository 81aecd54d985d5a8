"""Asked as soon as the server announces mail, before anybody wants to know: which mails are new, how large they are, and then the mails.

From the announcement to the mail it takes two round trips so, where one command after the other would take four; and what
the caller has to look up meanwhile costs no time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crm_logger.mailbox.errors import MailboxAway
from crm_logger.mailbox.fetching import LISTING, ask_for, cut, goes_alone, listed
from crm_logger.mailbox.reading import begin_search

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping, Sequence

    from crm_logger.mailbox.fetching import Listed
    from crm_logger.mailbox.link import Link
    from crm_logger.mailbox.partial import Limits
    from crm_logger.mailbox.protocol import Sent

FEW = 10
"""More mails than that are no single wake-up: they are looked for as a backlog is, in portions."""


@dataclass(frozen=True, slots=True)
class Announced:
    """The question which mails lie above a UID, and the one what they are like; both are under way."""

    above: int
    search: Sent
    listing: Sent


@dataclass(slots=True)
class Foreseen:
    """Mails that are listed, and on their way, each for whoever wants it first."""

    listed: Mapping[int, Listed] = field(default_factory=dict)
    bodies: Sent | None = None

    def listed_of(self, uids: Sequence[int]) -> Mapping[int, Listed] | None:
        """What is known of these mails; None where one of them is not known."""
        return self.listed if self.listed.keys() >= set(uids) else None

    def bodies_of(self, uids: Sequence[int]) -> Sent | None:
        """The command that asked for exactly these mails, once; else None."""
        if self.bodies is None or list(self.bodies.uids) != list(uids):
            return None
        bodies, self.bodies = self.bodies, None
        return bodies


def ask_above(link: Link, above: int) -> Announced:
    """Ask what lies above a UID, and wait for nothing. What the server announces from now on is news."""
    link.protocol.forget_news()
    search = begin_search(link, f"{above + 1}:*")
    listing = link.begin("fetching mail", "UID", "FETCH", f"{above + 1}:*", f"({LISTING})", above=above)
    return Announced(above, search, listing)


def foresee(
    link: Link, announced: Announced, uids: Sequence[int], limits: Limits, suspects: Counter[int]
) -> Foreseen:
    """Ask for the mails that were found, where they are small and above suspicion; `uids` are ascending.

    A server that refuses the range, as when the last mail of the folder has gone again, is asked as usual.
    """
    if not uids:
        return Foreseen()
    try:
        known = listed(link.fetched(announced.listing))
    except MailboxAway as error:
        link.raise_unless_refused(error)
        return Foreseen()
    if not known.keys() >= set(uids):
        return Foreseen()
    first = next(cut([known[uid] for uid in uids], limits.mail))
    if any(suspects[uid] for uid in uids) or goes_alone(first, limits.mail):
        return Foreseen(known)
    return Foreseen(known, ask_for(link, first))
