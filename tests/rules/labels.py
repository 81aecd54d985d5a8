"""How mail servers label what lies in the catch-all: every set-up of the survey, with one log address and with two."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

BORDER = "mx.log.example"
MAILBOX = "catchall@log.example"
STAMP = "Mon, 4 May 2026 09:00:05 +0000"
RETURN = "Return-Path: <ann@acme.test>"


def border(recipient: str = "") -> str:
    """Postfix' Received at the border; `for` only where the mail has a single recipient."""
    told = f"\r\n\tfor <{recipient}>" if recipient else ""
    return f"Received: from out.acme.test (out.acme.test [192.0.2.7])\r\n\tby {BORDER} (Postfix) with ESMTPS id 4F2A1{told}; {STAMP}"


def exim_border(recipient: str = "") -> str:
    """Exim's, which writes the recipient without angle brackets."""
    told = f"\r\n\tfor {recipient}" if recipient else ""
    return f"Received: from out.acme.test ([192.0.2.7])\r\n\tby {BORDER} with esmtps (Exim 4.96)\r\n\tid 1tK0-0007{told};\r\n\t{STAMP}"


def store(recipient: str) -> str:
    """Dovecot's Received of an LMTP delivery."""
    return f"Received: from {BORDER} ([127.0.0.1])\r\n\tby imap.log.example with LMTP\r\n\tid aBcD\r\n\tfor <{recipient}>; {STAMP}"


def lines(*fields: str) -> str:
    return "".join(field + "\r\n" for field in fields)


@dataclass(frozen=True)
class Setup:
    """A set-up: the copies in the catch-all for one log address (A) and for two (A, B) in one transaction.

    `two_known` says whether both can be told from the copies; a Bcc that stands nowhere cannot.
    """

    name: str
    one: Callable[[str], str]
    two: Callable[[str, str], tuple[str, ...]]
    two_known: bool = True
    border: str = BORDER
    settings: dict[str, str] = field(default_factory=dict)


SETUPS = (
    Setup(
        "postfix-lmtp-aliased",
        lambda a: lines(RETURN, f"Delivered-To: {MAILBOX}", store(MAILBOX), border(a)),
        lambda _a, _b: (lines(RETURN, f"Delivered-To: {MAILBOX}", store(MAILBOX), border()),),
        two_known=False,
    ),
    Setup(
        "postfix-lmtp",
        lambda a: lines(RETURN, f"Delivered-To: {a}", store(a), border(a)),
        lambda _a, _b: (lines(RETURN, border()),) * 2,
        two_known=False,
    ),
    Setup(
        "postfix-lmtp-limit-1",
        lambda a: lines(RETURN, f"Delivered-To: {a}", store(a), border(a)),
        lambda a, b: tuple(lines(RETURN, f"Delivered-To: {x}", store(x), border()) for x in (a, b)),
    ),
    Setup(
        "postfix-lmtp-flags-or",
        lambda a: lines(f"Delivered-To: {MAILBOX}", RETURN, f"X-Original-To: {a}", store(MAILBOX), border(a)),
        lambda a, b: tuple(
            lines(f"Delivered-To: {MAILBOX}", RETURN, f"X-Original-To: {x}", store(MAILBOX), border())
            for x in (a, b)
        ),
    ),
    Setup(
        "postfix-virtual-maildir",
        lambda a: lines(RETURN, f"X-Original-To: {a}", f"Delivered-To: {MAILBOX}", border(a)),
        lambda a, b: tuple(
            lines(RETURN, f"X-Original-To: {x}", f"Delivered-To: {x}", border()) for x in (a, b)
        ),
    ),
    Setup(
        "exim-lmtp-aliased",
        lambda a: lines(RETURN, f"Delivered-To: {MAILBOX}", store(MAILBOX), exim_border(a)),
        lambda _a, _b: (lines(RETURN, f"Delivered-To: {MAILBOX}", store(MAILBOX), exim_border()),),
        two_known=False,
    ),
    Setup(
        "exim-lmtp-envelope-to",
        lambda a: lines(f"Delivered-To: {MAILBOX}", store(MAILBOX), f"Envelope-to: {a}", exim_border(a)),
        lambda a, b: (
            lines(f"Delivered-To: {MAILBOX}", store(MAILBOX), f"Envelope-to: {b}, {a}", exim_border()),
        ),
    ),
    Setup(
        "exim-lmtp",
        lambda a: lines(f"Delivered-To: {a}", store(a), exim_border(a)),
        lambda _a, _b: (lines(exim_border()),) * 2,
        two_known=False,
    ),
    Setup(
        "exim-lmtp-max-rcpt-1",
        lambda a: lines(f"Delivered-To: {a}", store(a), exim_border(a)),
        lambda a, b: tuple(lines(f"Delivered-To: {x}", store(x), exim_border()) for x in (a, b)),
    ),
    Setup(
        "exim-maildir",
        lambda a: lines(
            "Return-path: <ann@acme.test>", f"Envelope-to: {a}", f"Delivery-date: {STAMP}", exim_border(a)
        ),
        lambda a, b: (lines(f"Envelope-to: {b}, {a}", f"Delivery-date: {STAMP}", exim_border()),),
    ),
)

_GOOGLE = f"Received: from out.acme.test by mx.google.com with ESMTPS id q1si; {STAMP}"
_GOOGLE_INNER = f"Received: by 2002:a05:6a20:b0a with SMTP id k10csp; {STAMP}"
GMAIL = Setup(
    "gmail-routed",
    lambda a: lines(f"Delivered-To: {MAILBOX}", _GOOGLE_INNER, f"X-Gm-Original-To: {a}", RETURN, _GOOGLE),
    lambda a, b: tuple(
        lines(f"Delivered-To: {MAILBOX}", _GOOGLE_INNER, f"X-Gm-Original-To: {x}", RETURN, _GOOGLE)
        for x in (a, b)
    ),
    border="mx.google.com",
)

_M365_INNER = f"Received: from AM0.eurprd.prod.example by AM1.eurprd.prod.example with HTTPS; {STAMP}"
_M365 = (
    f"Received: from out.acme.test by AM0PEPF.mail.protection.outlook.com with Microsoft SMTP Server; {STAMP}"
)
EXCHANGE = Setup(
    "exchange-transport-rule",
    lambda a: lines(_M365_INNER, f"X-Envelope-To: {a}", _M365),
    lambda a, b: (lines(_M365_INNER, f"X-Envelope-To: {a}", f"X-Envelope-To: {b}", _M365),),
    border="AM0PEPF.mail.protection.outlook.com",
)

HOSTED = (GMAIL, EXCHANGE)


def forged(other: str) -> str:
    """What a sender may write below the border to reach another account's log address."""
    return lines(
        f"X-Original-To: {other}",
        f"Envelope-To: {other}",
        f"Delivered-To: {other}",
        f"X-Envelope-To: {other}",
        f"X-Forwarded-To: {other}",
        f"X-Gm-Original-To: {other}",
        f"Received: from evil.example by {BORDER} (Postfix) with ESMTP id 666\r\n\tfor <{other}>; {STAMP}",
    )
