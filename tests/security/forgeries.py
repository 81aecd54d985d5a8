"""Forged mails, each with its genuine twin: what is forged, and why it is refused with and without proof of senders."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from crm_logger.core.address import token_hash
from crm_logger.core.model import Kind, Policy, Reason, User
from tests import cast
from tests.cast import ACME, BORDER, POLICY, bcc, forwarding, gmail_forward

ID = "mx.log.example"
PASS = f"{ID}; dmarc=pass (p=reject) header.from=acme.test"
FAIL = f"{ID}; dmarc=fail (p=reject) header.from=acme.test"
HOP = f"Received: from out.acme.test by {BORDER} with ESMTPS; {cast.DATE}"
GOOGLE = f"Received: from out.acme.test by mx.google.com with ESMTPS; {cast.DATE}"
OUTLOOK = f"Received: from out.acme.test by AM0.mail.protection.outlook.com with SMTP; {cast.DATE}"
ANN = "Ann Archer <ann@acme.test>"
EVE = "eve@evil.example"
KIM = User(9, ACME, "Kim", ("kim@acme.test", "annarcher@gmail.com"))

PROVEN = replace(POLICY, authserv_id=ID)
GMAIL = replace(POLICY, border_host="mx.google.com", sender_auth_mode="gmail")
M365 = replace(POLICY, border_host=".mail.protection.outlook.com", sender_auth_mode="m365")
BELOW = replace(PROVEN, sender_auth_mode="below")

_numbers = count(1)


def claims(value: str) -> str:
    return f"Authentication-Results: {value}"


def post(
    *ours: str,
    to_log: str = "",
    border: str = HOP,
    sender: tuple[str, ...] = (),
    author: str | None = ANN,
    to: str = cast.CARL,
    body: str = "Dear Carl,\n\nhere is the offer.\n",
    envelope: str = "Delivered-To",
) -> bytes:
    """Return a mail: what our servers wrote above the border (`ours`), the border's Received, what the sender wrote.

    The sender's fields stand as they are given; `author` None leaves From out.
    """
    fields = (
        *([f"{envelope}: {to_log or bcc()}"] if envelope else []),
        *ours,
        *([border] if border else []),
        *sender,
        *([f"From: {author}"] if author is not None else []),
        f"To: {to}",
        "Subject: Offer 17",
        f"Date: {cast.DATE}",
        f"Message-ID: <forged-{next(_numbers)}@acme.test>",
        "Content-Type: text/plain; charset=utf-8",
    )
    head = "".join(f"{line}\r\n" for line in fields)
    return (head + "\r\n" + body.replace("\n", "\r\n")).encode("utf-8", "surrogateescape")


GENUINE = post(claims(PASS))
"""Ann's mail, as the server that checked it wrote that down."""

NOT_PROVEN, UNKNOWN, AMBIGUOUS = (
    Reason.SENDER_NOT_AUTHENTICATED,
    Reason.UNKNOWN_SENDER,
    Reason.AMBIGUOUS_SENDER,
)


@dataclass(frozen=True)
class Forgery:
    """What is forged, the mail, why it is refused, why where nothing is proven (LOGGED: then only the secrets guard), its twin."""

    name: str
    raw: bytes
    reason: Reason
    unproven: Reason
    twin: bytes = GENUINE
    policy: Policy = PROVEN
    users: tuple[User, ...] = field(default=(cast.ANN, cast.BOB, cast.IDA, cast.COLE, cast.GUS, KIM))

    def directory(self, policy: Policy) -> Any:
        return cast.directory(policy=policy, users=self.users)


def said(name: str, *values: str, twin: str = PASS, sender: tuple[str, ...] = ()) -> Forgery:
    """Forged or failing proof: our server wrote `values` above the border, the sender `sender` below it."""
    raw = post(*map(claims, values), sender=sender)
    return Forgery(name, raw, NOT_PROVEN, Reason.LOGGED, post(claims(twin)))


PROOFS = (
    said("no server says anything"),
    said("the sender writes our id below the border", sender=(claims(PASS),)),
    said("the sender writes it many times", sender=(claims(PASS),) * 30),
    said("our server says fail, the sender pass", FAIL, sender=(claims(PASS),)),
    said("another server's id", PASS.replace(ID, "mx.evil.example")),
    said("an id that starts as ours", PASS.replace(ID, f"{ID}.evil.example")),
    said("an id that ends as ours", PASS.replace(ID, f"evil-{ID}")),
    said("an id in a comment", f"({ID}) evil.example; dmarc=pass header.from=acme.test"),
    said("an id among properties", f"evil.example; dmarc=pass header.from=acme.test policy.id={ID}"),
    said("a pass in a quoted string", f'{ID}; spf=none smtp.mailfrom="; dmarc=pass header.from=acme.test"@evil.example'),
    said("a pass in a quoted reason", f'{ID}; dmarc=fail reason="x; dmarc=pass" header.from=acme.test'),
    said("a pass behind an escaped quote", f'{ID}; dkim=fail reason="a\\"; dkim=pass header.d=acme.test; x=\\"" header.d=acme.test'),
    said("a pass in a comment", f"{ID}; dmarc=none (x; dmarc=pass header.from=acme.test) header.from=acme.test"),
    said("a pass in a nested comment", f"{ID}; dmarc=none (a (b) ; dmarc=pass header.from=acme.test; (c)) header.from=acme.test"),
    said("a pass behind an escaped parenthesis", f"{ID}; dmarc=none (a\\) ; dmarc=pass header.from=acme.test;) header.from=acme.test"),
    said("a pass in an encoded word", f"{ID}; spf=fail smtp.mailfrom==?utf-8?q?x=3B_dmarc=3Dpass_header=2Efrom=3Dacme=2Etest?=@evil.example"),
    said("a quoted string that never ends", f'{ID}; dmarc=pass header.from=acme.test; spf=fail smtp.mailfrom="'),
    said("a comment that never ends", f"{ID}; dmarc=pass header.from=acme.test; spf=fail (smtp.mailfrom=x"),
    said("a field without end", f"{ID}; dmarc=pass header.from=acme.test{' ' * 20000}; x=y"),
    said("a pass for another From", f"{ID}; dmarc=pass header.from=evil.example"),
    said("a pass for a suffix of From", f"{ID}; dmarc=pass header.from=test"),
    said("a pass for no From at all", f"{ID}; dmarc=pass header.from="),
    said("two different header.from", f"{ID}; dmarc=pass header.from=evil.example header.from=acme.test"),
    said("pass and fail in one field", f"{ID}; dmarc=pass header.from=acme.test; dmarc=fail header.from=acme.test"),
    said("our last word is fail", FAIL, PASS, twin=PASS),
    said("no policy, and nothing else", f"{ID}; dmarc=none header.from=acme.test"),
    said("only a guess", f"{ID}; dmarc=bestguesspass header.from=acme.test"),
    said("an error in DNS", f"{ID}; dmarc=temperror header.from=acme.test"),
    said("DKIM of another domain", f"{ID}; dkim=pass header.d=evil.example", twin=f"{ID}; dkim=pass header.d=acme.test"),
    said("DKIM of a longer domain", f"{ID}; dkim=pass header.d=acme.test.evil.example", twin=f"{ID}; dkim=pass header.d=mail.acme.test"),
    said("DKIM of a domain that ends alike", f"{ID}; dkim=pass header.d=notacme.test"),
    said("DKIM of a public suffix", f"{ID}; dkim=pass header.d=test"),
    said("DKIM that fails", f"{ID}; dkim=fail header.d=acme.test"),
    said("DKIM once good, once bad", f"{ID}; dkim=pass header.d=acme.test header.s=a; dkim=fail header.d=acme.test header.s=b"),
    said("DKIM with an identity elsewhere", f"{ID}; dkim=pass header.i=@evil.example", twin=f"{ID}; dkim=pass header.i=@acme.test"),
    said("DKIM of two domains in one result", f"{ID}; dkim=pass header.d=evil.example header.d=acme.test"),
    said("another version of DKIM's result", f"{ID}; dkim/2=pass header.d=acme.test", twin=f"{ID}; dkim/1=pass header.d=acme.test"),
    said("another version of the field", f"{ID} 2; dmarc=pass header.from=acme.test", twin=f"{ID} 1; dmarc=pass header.from=acme.test"),
    said("SPF of another domain", f"{ID}; spf=pass smtp.mailfrom=ann@evil.example", twin=f"{ID}; spf=pass smtp.mailfrom=bounce@acme.test"),
    said("SPF of a quoted local part", f'{ID}; spf=pass smtp.mailfrom="ann@acme.test"@evil.example'),
    said("SPF of HELO beside an envelope sender", f"{ID}; spf=pass smtp.mailfrom=eve@evil.example smtp.helo=mail.acme.test"),
    said("SPF that is not sure", f"{ID}; spf=softfail smtp.mailfrom=ann@acme.test"),
    said("SPF that fails", f"{ID}; spf=fail smtp.mailfrom=ann@acme.test"),
    said("a login of another domain", f"{ID}; auth=pass smtp.auth=eve@globex.test", twin=f"{ID}; auth=pass smtp.auth=ann@acme.test"),
    said("nothing was checked", f"{ID}; none"),
    said("no server named, as Microsoft writes", "spf=pass smtp.mailfrom=acme.test; dmarc=pass header.from=acme.test"),
    said("a chain of somebody's (ARC)", sender=(f"ARC-Authentication-Results: i=1; {PASS}",)),
    said("other fields that say so", sender=("Received-SPF: pass", f"X-Authentication-Results: {PASS}", f"Authentication-Results-Original: {PASS}")),
    said("a second border forged below", sender=(claims(PASS), HOP)),
    said("a name in capitals", f"{ID.upper()}; dmarc=fail header.from=acme.test", sender=(claims(PASS),), twin=PASS.upper()),
    Forgery("no server of ours took it in", post(claims(PASS), border="", to=f"{bcc()}, {cast.CARL}"), NOT_PROVEN, Reason.LOGGED),
    Forgery("directly below, where ours do not write", post(sender=(claims(PASS),)), NOT_PROVEN, Reason.LOGGED),
    Forgery(
        "below the server's own, where it strips", post(sender=(claims(FAIL), claims(PASS))), NOT_PROVEN, Reason.LOGGED,
        post(sender=("Received-SPF: pass", claims(PASS))), BELOW,
    ),
    Forgery(
        "behind the sender's first field", post(sender=("X-Mailer: x", claims(PASS))), NOT_PROVEN, Reason.LOGGED,
        post(sender=(claims(PASS), "X-Mailer: x")), BELOW,
    ),
    Forgery(
        "below Gmail's", post(border=GOOGLE, sender=(claims(FAIL.replace(ID, "mx.google.com")), claims(PASS.replace(ID, "mx.google.com")))),
        NOT_PROVEN, Reason.LOGGED,
        post(border=GOOGLE, sender=("Received-SPF: pass", claims(PASS.replace(ID, "mx.google.com")))), GMAIL,
    ),
    Forgery(
        "what Gmail did not say, below Gmail's", post(border=GOOGLE, sender=(claims("mx.google.com; spf=softfail smtp.mailfrom=ann@acme.test"), claims("mx.google.com; dmarc=pass header.from=acme.test"))),
        NOT_PROVEN, Reason.LOGGED,
        post(border=GOOGLE, sender=(claims("mx.google.com; spf=pass smtp.mailfrom=ann@acme.test"),)), GMAIL,
    ),
    Forgery(
        "another's in Gmail's place", post(border=GOOGLE, sender=(claims(PASS),)), NOT_PROVEN, Reason.LOGGED,
        post(border=GOOGLE, sender=(claims(PASS.replace(ID, "mx.google.com")),)), GMAIL,
    ),
    Forgery(
        "below Microsoft's", post(border=OUTLOOK, sender=(claims("spf=fail smtp.mailfrom=acme.test;dmarc=fail action=none header.from=acme.test;compauth=fail reason=001"), claims("dmarc=pass header.from=acme.test"))),
        NOT_PROVEN, Reason.LOGGED,
        post(border=OUTLOOK, sender=(claims("spf=pass (sender IP is 192.0.2.7) smtp.mailfrom=acme.test; dkim=pass (signature was verified) header.d=acme.test;dmarc=pass action=none header.from=acme.test;compauth=pass reason=100"),)), M365,
    ),
    Forgery(
        "above Microsoft's border", post(claims("dmarc=pass header.from=acme.test"), border=OUTLOOK), NOT_PROVEN, Reason.LOGGED,
        post(border=OUTLOOK, sender=(claims("dmarc=pass header.from=acme.test"),)), M365,
    ),
    Forgery(
        "unreadable in Microsoft's place", post(border=OUTLOOK, sender=(claims('dmarc=pass header.from=acme.test; spf=fail smtp.mailfrom="'),)), NOT_PROVEN, Reason.LOGGED,
        post(border=OUTLOOK, sender=(claims("dmarc=pass header.from=acme.test"),)), M365,
    ),
    Forgery(
        "a stranger sends in Ann's name", post(claims(f"{ID}; spf=pass smtp.mailfrom={EVE}"), sender=(f"Sender: {EVE}",)), NOT_PROVEN, NOT_PROVEN,
        post(claims(PASS), sender=(f"Sender: {EVE}",)),
    ),
)  # fmt: skip


def named(name: str, author: str | None, reason: Reason, *sender: str, twin: str = ANN) -> Forgery:
    """A From that is not a user's: refused with the best proof there can be, and without."""
    return Forgery(
        name,
        post(claims(PASS), author=author, sender=sender),
        reason,
        reason,
        post(claims(PASS), author=twin),
    )


SENDERS = (
    named("somebody else", EVE, UNKNOWN),
    named("Ann as a display name", f'"ann@acme.test" <{EVE}>', UNKNOWN, twin='"Archer, Ann" <ann@acme.test>'),
    named("Ann as a comment", f"{EVE} (ann@acme.test)", UNKNOWN, twin="ann@acme.test (Ann Archer)"),
    named("Ann as an encoded name", f"=?utf-8?q?ann=40acme=2Etest?= <{EVE}>", UNKNOWN, twin="=?utf-8?q?Ann_=C3=84rcher?= <ann@acme.test>"),
    named("two addresses, the first shown", f"{EVE} <ann@acme.test>", AMBIGUOUS),
    named("two addresses, the second shown", f"ann@acme.test <{EVE}>", AMBIGUOUS),
    named("two in angle brackets", f"<ann@acme.test> <{EVE}>", AMBIGUOUS, twin="<ann@acme.test>"),
    named("two mailboxes", f"ann@acme.test, {EVE}", AMBIGUOUS),
    named("a second From", ANN, AMBIGUOUS, f"From: {EVE}"),
    named("a second From, first", EVE, AMBIGUOUS, f"From: {ANN}"),
    named("a second From with a blank before the colon", EVE, AMBIGUOUS, f"From : {ANN}"),
    named("the same From twice", ANN, AMBIGUOUS, f"From: {ANN}"),
    named("a group", "Sales: ann@acme.test;", AMBIGUOUS),
    named("a group of nobody beside Ann", "Sales:;, ann@acme.test", AMBIGUOUS),
    named("an overlong From", f"{'x' * 9000} <ann@acme.test>", Reason.NO_SENDER),
    named("an address of two at signs", "ann@acme.test@evil.example", Reason.NO_SENDER),
    named("a bracket within", "<ann@acme.test>@evil.example", AMBIGUOUS),
    named("a longer domain", "ann@acme.test.evil.example", UNKNOWN),
    named("a subdomain", "ann@mail.acme.test", UNKNOWN),
    named("a shorter local part", "nn@acme.test", UNKNOWN),
    named("a Cyrillic letter in the local part", "аnn@acme.test", UNKNOWN),
    named("a Cyrillic letter in the domain", "ann@аcme.test", UNKNOWN),
    named("the same as an A-label", "ann@xn--cme-5cd.test", UNKNOWN),
    named("wide letters in the domain", "ann@ａcme.test", UNKNOWN),
    named("a long s in the domain", "ann@acme.teſt", UNKNOWN),
    named("an ideographic full stop", "ann@acme。test", UNKNOWN),
    named("the Kelvin sign for a k", "\u212aim@acme.test", UNKNOWN, twin="kim@acme.test"),
    named("a soft hyphen in the domain", "ann@ac\u00adme.test", UNKNOWN),
    named("a sub-address", "ann+crm@acme.test", UNKNOWN),
    named("dots that Gmail ignores", "ann.archer@gmail.com", UNKNOWN, twin="Kim <kim@acme.test>"),
    named("no From, but Sender", None, Reason.NO_SENDER, f"Sender: {ANN}"),
    named("Reply-To, Sender and Return-Path are Ann's", EVE, UNKNOWN, f"Reply-To: {ANN}", f"Sender: {ANN}", "Return-Path: <ann@acme.test>"),
    named("redirected by Ann to the BCC address", EVE, UNKNOWN, f"Resent-From: {ANN}"),
    named("a bare carriage return", f"{EVE}\rFrom: {ANN}", Reason.MALFORMED_HEADER),
    named("a NUL", "ann@acme.test\0@evil.example", Reason.MALFORMED_HEADER),
    named("a colleague without sales access", "bob@acme.test", Reason.NO_SALES_ACCESS),
    named("a colleague who left", "ida@acme.test", Reason.INACTIVE_USER),
    named("a user of another account", "gus@globex.test", UNKNOWN),
)  # fmt: skip


def reached(name: str, reason: Reason, to_log: str = "nobody@log.example", **parts: Any) -> Forgery:
    """A wrong log address: refused with the best proof there can be, and without."""
    return Forgery(name, post(claims(PASS), to_log=to_log, **parts), reason, reason)


ADDRESSES = (
    reached("a token that nobody has", Reason.UNKNOWN_LOG_ADDRESS, f"bcc-{'a' * 26}@log.example"),
    reached("the hash of a token", Reason.UNKNOWN_LOG_ADDRESS, f"bcc-{token_hash(cast.token('acme', Kind.BCC))[:60]}@log.example"),
    reached("a token cut short", Reason.UNKNOWN_LOG_ADDRESS, bcc().replace(bcc()[4:10], "")),
    reached("the token of the other kind", Reason.UNKNOWN_LOG_ADDRESS, f"forward-{cast.token('acme', Kind.BCC)}@log.example"),
    reached("a revoked address", Reason.REVOKED_LOG_ADDRESS, bcc("old")),
    reached("an address whose grace is over", Reason.REVOKED_LOG_ADDRESS, bcc("ended")),
    reached("the address of another user", Reason.WRONG_USER_TOKEN, bcc("cole")),
    reached("the address of another account", UNKNOWN, bcc("globex")),
    reached("the right token in another domain", Reason.NO_LOG_ADDRESS, bcc().replace("log.example", "evil.example")),
    reached("X-Original-To below the border", Reason.NO_LOG_ADDRESS, sender=(f"X-Original-To: {bcc()}",)),
    reached("Delivered-To below the border", Reason.NO_LOG_ADDRESS, sender=(f"Delivered-To: {bcc()}",)),
    reached("Envelope-To below the border", Reason.NO_LOG_ADDRESS, sender=(f"Envelope-To: {bcc()}",)),
    reached("a Received of ours below the border", Reason.NO_LOG_ADDRESS, sender=(HOP.replace(";", f" for <{bcc()}>;"),)),
    reached(
        "a HELO that decodes to clauses", Reason.NO_LOG_ADDRESS,
        border=HOP.replace("out.acme.test", f"=?utf-8?q?x_by_{BORDER}_for_{bcc()}?="),
    ),
    reached("a comment that names an address", Reason.NO_LOG_ADDRESS, border=HOP.replace(";", f" (for <{bcc()}>);")),
    reached("Resent-From of two at a forwarding address", UNKNOWN, forwarding(), author=EVE, sender=(f"Resent-From: ann@acme.test, {EVE}",), body=gmail_forward()),
    reached("an older Resent-From of Ann's", UNKNOWN, forwarding(), author=EVE, sender=(f"Resent-From: {EVE}", f"Resent-From: {ANN}")),
)  # fmt: skip

FORGERIES = (*PROOFS, *SENDERS, *ADDRESSES)
