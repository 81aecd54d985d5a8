"""What one click can mend of a mail that was not logged, and what is left for a person to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING

from crm_logger.core.address import domain_of, is_free_mail
from crm_logger.core.fates import is_internal
from crm_logger.core.model import Outcome, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crm_logger.core.model import Directory
    from crm_logger.store.receipts import Decided
    from crm_logger.store.sign_in import Visitor


class Mend(StrEnum):
    """What can be done about a mail; each takes it in again afterwards."""

    AGAIN = "again"
    ANYWAY = "anyway"
    ALIAS = "alias"
    AUTHOR = "author"
    NEVER_LOG = "never-log"
    ALLOW_AGAIN = "never-log-remove"
    SALES_ACCESS = "sales-access"
    ACTIVE = "active"


@dataclass(frozen=True, slots=True)
class Offer:
    """A mend that fits a mail. `target` is the address or pattern that it is about, `text` what the button says."""

    mend: Mend
    text: str
    target: str = ""


ANYWAY = frozenset(
    {
        Reason.AUTO_REPLY,
        Reason.BOUNCE,
        Reason.MAILING_LIST,
        Reason.CALENDAR,
        Reason.REPLY_THEN_FORWARD,
        Reason.REVOKED_LOG_ADDRESS,
    }
)
"""What anybody may want logged anyway; a sender whom nothing proves only an admin may believe."""

_SENDER_IS_A_STRANGER = frozenset({Reason.UNKNOWN_SENDER, *ANYWAY} - {Reason.REPLY_THEN_FORWARD})

TO_DO: dict[Reason, str] = {
    Reason.UNKNOWN_SENDER: "If one of you wrote it, say whose address it is.",
    Reason.NO_SALES_ACCESS: "An admin can give the sender sales access.",
    Reason.INACTIVE_USER: "If that is wrong, an admin can make the user active again.",
    Reason.AMBIGUOUS_SENDER: "Send or forward it again with one address in From.",
    Reason.NO_SENDER: "Send or forward it again from an ordinary mail client.",
    Reason.SENDER_NOT_AUTHENTICATED: "Send it through your own mail server. An admin who knows that it is genuine can log it anyway.",
    Reason.NO_LOG_ADDRESS: "Mail that is meant for nobody here needs nothing. If it was meant to be logged, send it again to your log address.",
    Reason.UNKNOWN_LOG_ADDRESS: "Copy the right address from Settings, and send the mail again.",
    Reason.REVOKED_LOG_ADDRESS: "Copy the new address from Settings, and mend the address book that holds the old one.",
    Reason.WRONG_USER_TOKEN: "Use your own log address or the account's; both stand under Settings.",
    Reason.NEVER_LOG: "If that is wrong, take the entry off the list.",
    Reason.INTERNAL_ONLY: "If one of them is a client, look at the internal domains with whoever runs crm-logger.",
    Reason.NO_RECIPIENT: "Write the client's address in To or Cc, and send it again.",
    Reason.NO_FORWARD_FOUND: "Forward the mail itself, as an attachment if you can; for a mail you write, use the BCC address.",
    Reason.UNCERTAIN: "Say who wrote it, or forward it again as an attachment.",
    Reason.REPLY_THEN_FORWARD: "Forward the client's own mail. If your reply is what you want to keep, log it anyway.",
    Reason.AUTO_REPLY: "Nothing is to be done, unless you want it on the timeline.",
    Reason.BOUNCE: "Nothing is to be done, unless you want it on the timeline.",
    Reason.MAILING_LIST: "Nothing is to be done, unless you want it on the timeline.",
    Reason.CALENDAR: "Nothing is to be done, unless you want it on the timeline.",
    Reason.MALFORMED_HEADER: "Do not trust it; if you want it, ask for it to be sent again.",
    Reason.PARSE_TIMEOUT: "Look at it in the mailbox; after an update of crm-logger, take it in again.",
    Reason.PARSE_CRASH: "Report it to whoever runs crm-logger; after an update, take it in again.",
    Reason.UNFETCHABLE: "Once it can be opened in the mailbox, take it in again.",
    Reason.ERROR: "Report it to whoever runs crm-logger; after an update, take it in again.",
}
"""What to do about each reason, in the words of these pages."""


def offers(decided: Decided, visitor: Visitor, directory: Directory) -> list[Offer]:
    """What the visitor may do about the mail, the likeliest first."""
    foreign = [each for each in strangers(decided) if not is_internal(directory, visitor.account, each)]
    return [*_mending(decided, visitor, directory), *_hiding(foreign), Offer(Mend.AGAIN, "Take in again")]


def _mending(decided: Decided, visitor: Visitor, directory: Directory) -> Iterator[Offer]:
    reason = decided.reason
    if reason is Reason.UNKNOWN_SENDER and decided.sender:
        text = "Add the alias" if visitor.admin else "This is my alias"
        yield Offer(Mend.ALIAS, text, decided.sender)
    if reason is Reason.UNCERTAIN:
        yield from (
            Offer(Mend.AUTHOR, f"{each['name'] or each['address']} wrote it", each["address"])
            for each in decided.candidates
            if each.get("address")
        )
        yield Offer(Mend.AUTHOR, "This is the sender")
    if reason in ANYWAY or (reason is Reason.SENDER_NOT_AUTHENTICATED and visitor.admin):
        yield Offer(Mend.ANYWAY, "Log it anyway")
    if visitor.admin and reason is Reason.NO_SALES_ACCESS and decided.user:
        yield Offer(Mend.SALES_ACCESS, f"Give {decided.user} sales access")
    if visitor.admin and reason is Reason.INACTIVE_USER and decided.user:
        yield Offer(Mend.ACTIVE, f"Make {decided.user} active again")
    if visitor.admin and reason is Reason.NEVER_LOG:
        # What stands on a colleague's own list is the colleague's to take off; who was erased stands on none.
        listed = {
            each.pattern
            for each in directory.never_log.get(visitor.account, ())
            if each.user in {None, visitor.user}
        }
        for pattern in sorted(listed & {each.get("never_log") for each in decided.fates}):
            yield Offer(Mend.ALLOW_AGAIN, f"Take {pattern} off the list", pattern)


def _hiding(foreign: Iterable[str]) -> Iterator[Offer]:
    """Of a stranger, who is no colleague, the domain; at a provider where anybody has an address, that address alone."""
    for address in islice(foreign, 2):
        domain = domain_of(address)
        pattern = address if is_free_mail(domain) else domain
        yield Offer(Mend.NEVER_LOG, f"Never log {pattern}", pattern)


def strangers(decided: Decided) -> list[str]:
    """The addresses on the mail that may be a client's: of the sender, of candidates and of people who were not logged."""
    found: list[str] = []
    if decided.outcome is Outcome.FAILED or decided.reason is Reason.NEVER_LOG:
        return found
    if decided.reason in _SENDER_IS_A_STRANGER and decided.sender and not decided.matched_address:
        found.append(decided.sender)
    if decided.reason is Reason.UNCERTAIN:
        found += [each["address"] for each in decided.candidates if each.get("address")]
    domains: dict[str, str] = {}
    for address in found:
        domains.setdefault(domain_of(address), address)
    return [address for domain, address in domains.items() if domain]
