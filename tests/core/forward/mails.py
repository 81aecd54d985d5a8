"""Builds the mails of these tests: Ann of Acme forwards what Carl wrote."""

from __future__ import annotations

from crm_logger.core.forward import find_forward
from crm_logger.core.forward.vocabulary import BOTH, Engines
from crm_logger.core.model import Forward, Message, Original, Person

ANN = Person("Ann Seller", "ann@acme.test")
CARL = Person("Carl Client", "carl@client.example")
DORA = Person("Dora Client", "dora@client.example")
LOG = Person("", "forward-abc@log.acme.test")

BLOCK = """\
From: Carl Client <carl@client.example>
Sent: Monday, November 3, 2025 10:00 AM
To: Ann Seller <ann@acme.test>
Subject: Offer

Hello Ann,
yes, please.
"""
# The same in words that no language has.
FOREIGN = (
    BLOCK.replace("From:", "Vhu:").replace("Sent:", "Zyt:").replace("To:", "Nn:").replace("Subject:", "Qrs:")
)


def mail(
    text: str = "",
    *,
    html: str = "",
    subject: str = "Fwd: Offer",
    to: tuple[Person, ...] = (LOG,),
    attached: tuple[Message, ...] = (),
    headers: tuple[tuple[str, str], ...] = (),
    in_reply_to: str = "",
) -> Message:
    """A mail from Ann."""
    return Message(
        headers=headers,
        from_=(ANN,),
        to=to,
        subject=subject,
        text=text,
        html=html,
        attached=attached,
        in_reply_to=in_reply_to,
    )


def found(message: Message, engines: Engines = BOTH) -> Forward:
    """The forward in a mail that has one."""
    forward = find_forward(message, engines)
    assert forward is not None
    return forward


def original(text: str, subject: str = "Fwd: Offer") -> Original:
    """The first original in a text body."""
    return found(mail(text, subject=subject)).originals[0]


def sender(text: str, subject: str = "Fwd: Offer") -> Person | None:
    """Who wrote it."""
    return original(text, subject).sender
