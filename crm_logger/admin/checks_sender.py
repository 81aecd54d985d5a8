"""What `check` says about the proof of senders, and its self-test: does the mail server strip what a sender forges?"""

from __future__ import annotations

import secrets
from collections import Counter
from typing import TYPE_CHECKING

from crm_logger.admin.findings import Finding, fail, ok, warn
from crm_logger.core.address import domain_of
from crm_logger.core.authentic import (
    Verdict,
    authenticate,
    can_tell,
    propose_server,
    results_below,
    trusted_results,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crm_logger.core.model import Message, Policy

_CONTROL = "X-Self-Test"


def sender_findings(messages: Sequence[Message], policy: Policy) -> Iterator[Finding]:
    """Whether a forged sender would be noticed, and what the newest mails prove."""
    if policy.sender_auth == "off":
        yield warn(
            "sender",
            "SENDER_AUTH is off: whoever learns a log address can write in any user's name",
            "Set SENDER_AUTH=auto.",
        )
    elif not can_tell(policy):
        yield _untold(messages, policy)
    else:
        yield _proven(messages, policy)


def _untold(messages: Sequence[Message], policy: Policy) -> Finding:
    proposal = propose_server(messages, policy)
    settings = " and ".join(f"{name}={value}" for name, value in proposal.items())
    to_do = (
        f"If that is your own server, set {settings}; SECURITY.md says what that buys."
        if proposal
        else "Let your mail server write Authentication-Results, then set AUTHSERV_ID (SECURITY.md)."
    )
    if policy.sender_auth == "require":
        return fail("sender", "SENDER_AUTH=require without AUTHSERV_ID: every mail is refused", to_do)
    return warn("sender", "AUTHSERV_ID is not set: nothing proves who sent a mail", to_do)


def _proven(messages: Sequence[Message], policy: Policy) -> Finding:
    verdicts = Counter(
        authenticate(message, domain_of(message.from_[0].address), policy).verdict
        for message in messages
        if message.from_
    )
    told = ", ".join(f"{verdicts[verdict]} {verdict}" for verdict in Verdict)
    said = f"of the newest {len(messages)} mails the server's own word on the sender is: {told}"
    if messages and not verdicts[Verdict.PASS] and not policy.verify_dkim:
        to_do = (
            "See that AUTHSERV_ID, SENDER_AUTH_MODE and BORDER_HOST fit what the server writes (SECURITY.md)."
        )
        return warn("sender", said, to_do)
    return ok("sender", said)


# ---------------------------------------------------------------- the self-test


def self_test_mail(policy: Policy, recipient: str) -> tuple[str, str]:
    """Return a new word, and the mail that the operator sends from outside to try the server with."""
    word = secrets.token_hex(8)
    claim = f"dmarc=pass header.from={word}.invalid"
    server = "" if policy.sender_auth_mode == "m365" else f"{_server(policy)}; "
    lines = (
        f"To: {recipient}",
        f"Subject: crm-logger self-test {word}",
        f"{_CONTROL}: {word}",
        f"Authentication-Results: {server}{claim}",
        "",
        "This mail tries whether the mail server removes a forged header.",
    )
    return word, "\n".join(lines)


def _server(policy: Policy) -> str:
    return policy.authserv_id or (
        "mx.google.com" if policy.sender_auth_mode == "gmail" else "YOUR-AUTHSERV-ID"
    )


def self_test_findings(messages: Iterable[Message], policy: Policy, word: str) -> Iterator[Finding]:
    """Judge the mail of the self-test by what is left of it in the mailbox."""
    arrived = next((mail for mail in messages if word in mail.subject.split()), None)
    if arrived is None:
        yield warn(
            "self-test", f"no mail with {word} in its subject has come yet", "Send it, then ask again."
        )
    elif arrived.first(_CONTROL) != word:
        yield fail(
            "self-test",
            f"the mail came without its field {_CONTROL}: it was not sent as it was printed, and proves nothing",
            "Send it with a program that keeps header fields, such as swaks --data.",
        )
    else:
        yield from _judged(arrived, policy, word)


def _judged(mail: Message, policy: Policy, word: str) -> Iterator[Finding]:
    forged = any(f"{word}.invalid" in value for value in mail.all("Authentication-Results"))
    if any(
        f"{word}.invalid" in str(claim)
        for field in trusted_results(mail, policy).fields
        for claim in field.claims
    ):
        to_do = "Set SENDER_AUTH_MODE=standard at once, and let the server remove such fields (RFC 8601 §5)."
        yield fail("self-test", "a forged field would be believed", to_do)
    elif forged:
        to_do = "It does no harm where it stands; keep SENDER_AUTH_MODE=standard, and let the server remove it (RFC 8601 §5)."
        yield warn("self-test", "the server leaves a forged field with its own id in the mail", to_do)
    else:
        yield ok("self-test", "the server removes a forged field with its own id")
    yield _own_word(mail, policy, stripped=not forged)


def _own_word(mail: Message, policy: Policy, *, stripped: bool) -> Finding:
    """Where the server wrote its own results about the mail of the self-test."""
    if any(field.claims for field in trusted_results(mail, policy).fields):
        return ok("self-test", "the server's own word on the mail was found and counts")
    if stripped and results_below(mail, policy):
        to_do = "Since it removes forged ones, SENDER_AUTH_MODE=below may be set."
        return warn(
            "self-test", "the server writes its word directly below its Received, which does not count", to_do
        )
    to_do = "See that AUTHSERV_ID and BORDER_HOST are right, and that the server checks mail from outside."
    return fail("self-test", "the server's own word on the mail was not found", to_do)
