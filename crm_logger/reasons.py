"""What each reason means to a user, and what to do about it (ID: the receipt's number); docs/reasons.md says the same at length."""

from __future__ import annotations

from crm_logger.core.model import Reason

_RETRY = "then `crm-logger retry ID` takes the mail in again"

ADVICE: dict[Reason, tuple[str, str]] = {
    Reason.LOGGED: (
        "The mail is on the timeline of its contacts.",
        "There is nothing to do.",
    ),
    Reason.DUPLICATE: (
        "The same mail was logged before; this copy is noted there as captured once more.",
        "There is nothing to do: it stands on the timeline once.",
    ),
    Reason.UNKNOWN_SENDER: (
        "The address in From belongs to no user of the account.",
        f"If a user wrote it, add the address with `crm-logger alias add USER ADDRESS` or `crm-logger connected add USER ADDRESS`; {_RETRY}.",
    ),
    Reason.NO_SALES_ACCESS: (
        "The sender is a user of the account, but has no sales access.",
        f"Give it with `crm-logger user change USER --sales-access`; {_RETRY}.",
    ),
    Reason.INACTIVE_USER: (
        "The sender is a user of the account who was set inactive.",
        f"If that is wrong, `crm-logger user change USER --active`; {_RETRY}.",
    ),
    Reason.AMBIGUOUS_SENDER: (
        "From names several people, so nobody can say which of them sent the mail.",
        "Send or forward it again with one address in From.",
    ),
    Reason.NO_SENDER: (
        "From is missing or holds no address.",
        "Send or forward it again from an ordinary mail client.",
    ),
    Reason.SENDER_NOT_AUTHENTICATED: (
        "The mail claims to come from a user, but nothing proves it: it may be forged.",
        "Send it through the mail server of the sender's own domain; ask whoever runs that domain about SPF, DKIM and DMARC.",
    ),
    Reason.NO_LOG_ADDRESS: (
        "No log address was found among the addresses the mail was delivered to.",
        "`crm-logger check` shows what the mail server writes and which ENVELOPE_HEADER and BORDER_HOST to set; mail that is meant for nobody here needs nothing.",
    ),
    Reason.UNKNOWN_LOG_ADDRESS: (
        "The mail went to an address that looks like a log address, but was never given out here.",
        "Copy the right one from `crm-logger addresses` and send the mail again.",
    ),
    Reason.REVOKED_LOG_ADDRESS: (
        "The log address was revoked, or rotated and its grace period is over.",
        "Copy the new one from `crm-logger addresses`, mend the address book or the rule that holds the old one, and send the mail again.",
    ),
    Reason.WRONG_USER_TOKEN: (
        "The log address was given to one user, and somebody else wrote to it.",
        "Use your own log address or the account's, both shown by `crm-logger addresses`.",
    ),
    Reason.NEVER_LOG: (
        "Everybody the mail could be logged for is on the never-log list.",
        f"If that is wrong, remove the entry with `crm-logger never-log remove PATTERN`; {_RETRY}.",
    ),
    Reason.INTERNAL_ONLY: (
        "Only colleagues are on the mail, and mail among colleagues is not logged.",
        f"If one of them is a client, look at `crm-logger internal list`; {_RETRY}.",
    ),
    Reason.NO_RECIPIENT: (
        "Nobody on the mail is or becomes a contact: there is no timeline to put it on.",
        f"Write the client's address in To or Cc, or add it with `crm-logger contact add ADDRESS`; {_RETRY}.",
    ),
    Reason.NO_FORWARD_FOUND: (
        "The mail went to the forwarding address, but no forwarded mail was found in it.",
        "Forward the mail itself (as an attachment is safest); for a mail you write, put the BCC address on Bcc.",
    ),
    Reason.UNCERTAIN: (
        "A forwarded mail was found, but not for certain who wrote it; nobody is guessed.",
        "Forward it again as an attachment: that keeps the sender as it was.",
    ),
    Reason.REPLY_THEN_FORWARD: (
        "The topmost mail in the forward is your own or a colleague's reply, not the client's mail.",
        "Open the client's own mail and forward that one; put the BCC address on Bcc when you reply.",
    ),
    Reason.AUTO_REPLY: (
        "It is an automatic answer, such as an out-of-office note.",
        "Nothing is to be done; to log one all the same, forward it by hand to the forwarding address.",
    ),
    Reason.BOUNCE: (
        "It is a report of a mail server about a mail that could not be delivered.",
        "Nothing is to be done; to log one all the same, forward it by hand to the forwarding address.",
    ),
    Reason.MAILING_LIST: (
        "It came through a mailing list.",
        "Nothing is to be done; to log one all the same, forward it by hand to the forwarding address.",
    ),
    Reason.CALENDAR: (
        "It is an invitation or an answer to one, written by a calendar.",
        "Nothing is to be done; to log one all the same, forward it by hand to the forwarding address.",
    ),
    Reason.MALFORMED_HEADER: (
        "The mail's header is broken in a way that lets two programs read two senders in it.",
        "Do not trust it; if it is wanted, ask for it to be sent again and forward that one.",
    ),
    Reason.PARSE_TIMEOUT: (
        "Reading the mail took longer than any sound mail needs, so it was set aside.",
        "Look at it in the mailbox; after an update of crm-logger, `crm-logger retry ID` takes it in again.",
    ),
    Reason.PARSE_CRASH: (
        "Reading the mail failed several times, so it was set aside unread.",
        "Please report it with the output of `crm-logger explain ID`; after an update, `crm-logger retry ID` takes it in again.",
    ),
    Reason.UNFETCHABLE: (
        "The mail server lists the mail, but does not give it out.",
        "Open it in the mailbox with a mail client; once it can be read there, `crm-logger retry ID` takes it in again.",
    ),
    Reason.ERROR: (
        "A fault inside crm-logger stopped this mail; the others were not held up.",
        "Please report it with the output of `crm-logger explain ID`; after an update, `crm-logger retry ID` takes it in again.",
    ),
}
