"""More forged mails with their genuine twins, invented without a look at the others: readers that differ, edges that cut."""

from __future__ import annotations

from crm_logger.core.model import Reason
from tests.cast import BORDER, DATE, bcc, forwarding
from tests.security.forgeries import (
    AMBIGUOUS,
    ANN,
    BELOW,
    EVE,
    FAIL,
    GENUINE,
    GMAIL,
    GOOGLE,
    M365,
    NOT_PROVEN,
    OUTLOOK,
    PASS,
    UNKNOWN,
    Forgery,
    claims,
    post,
)

EVIL = "mx.log.example; dmarc=pass (p=reject) header.from=evil.example"
MALFORMED, NO_SENDER = Reason.MALFORMED_HEADER, Reason.NO_SENDER


def by_eve(name: str, author: str, reason: Reason, *, result: str = EVIL, twin: str = ANN) -> Forgery:
    """Eve's own server proves Eve's own domain, and From is to be read as Ann."""
    return Forgery(name, post(claims(result), author=author), reason, reason, post(claims(PASS), author=twin))


def raw_head(name: str, reason: Reason, old: str, new: str, twin: bytes = GENUINE) -> Forgery:
    """A genuine-looking mail with a piece of its header put another way."""
    raw = post(claims(PASS))
    assert old.encode() in raw, name
    return Forgery(name, raw.replace(old.encode(), new.encode("latin-1"), 1), reason, reason, twin)


def result(name: str, forged: str, twin: str = PASS, *, sender: tuple[str, ...] = ()) -> Forgery:
    """Our own server found nothing that proves acme.test, however it has to write that down."""
    return Forgery(name, post(claims(forged), sender=sender), NOT_PROVEN, Reason.LOGGED, post(claims(twin)))


FROM = f"From: {ANN}"
LONG = "x" * 9000

READERS = (
    by_eve(
        "Ann's address as encoded word before Eve's",
        "=?utf-8?q?ann=40acme.test?= <eve@evil.example>",
        UNKNOWN,
    ),
    by_eve(
        "nothing but an encoded word that spells a bracketed address",
        "=?utf-8?q?=3Cann=40acme.test=3E?=",
        NO_SENDER,
    ),
    by_eve("Ann in a comment before the address", "(ann@acme.test) eve@evil.example", UNKNOWN),
    by_eve("Ann in a bracket within a comment behind it", "eve@evil.example (<ann@acme.test>)", UNKNOWN),
    by_eve("Ann in a nested, escaped comment", r"Eve (a \) (b) <ann@acme.test>) <eve@evil.example>", UNKNOWN),
    by_eve("a comment that never closes hides Eve", "ann@acme.test (eve@evil.example", AMBIGUOUS),
    by_eve("a comment in the middle of the domain", "ann@acme.test(.)evil.example", AMBIGUOUS),
    by_eve("blanks around a dot lengthen the domain", "Ann <ann@acme.test .evil.example>", NO_SENDER),
    by_eve("a percent hack", "<ann%acme.test@evil.example>", UNKNOWN),
    by_eve("a quoted local part with an at sign", '"ann@acme.test"@evil.example', UNKNOWN),
    by_eve("two at signs", "<ann@acme.test@evil.example>", NO_SENDER),
    by_eve("two brackets, Eve's first", "<eve@evil.example> <ann@acme.test>", AMBIGUOUS),
    by_eve("two brackets, Ann's first", "<ann@acme.test> <eve@evil.example>", AMBIGUOUS),
    by_eve("a bracket within a bracket", "<eve@evil.example<ann@acme.test>>", AMBIGUOUS),
    by_eve("addresses apart by a semicolon", "ann@acme.test; eve@evil.example", AMBIGUOUS),
    by_eve("a group of one", "sales: ann@acme.test;", AMBIGUOUS),
    by_eve("an empty group, then Ann", "x:; ann@acme.test", AMBIGUOUS),
    by_eve("an ideographic full stop in the domain", "<ann@acme\u3002test>", UNKNOWN),
    by_eve("a soft hyphen within the domain", "<ann@ac\u00adme.test>", UNKNOWN),
    by_eve("a zero-width joiner in the local part", "<a\u200dnn@acme.test>", NO_SENDER),
    by_eve("a Cyrillic a in the local part", "<\u0430nn@acme.test>", UNKNOWN),
    by_eve("wide letters", "<ann@\uff41\uff43\uff4d\uff45.test>", UNKNOWN),
    by_eve("a domain literal", "<ann@[acme.test]>", UNKNOWN),
    by_eve("an empty label", "<ann@acme..test>", NO_SENDER),
    by_eve("a parent of the domain", "<ann@test>", UNKNOWN),
    by_eve("a tag where no domain has tags", "<ann+x@acme.test>", UNKNOWN),
    by_eve("a route through Eve", "<@evil.example:ann@acme.test>", AMBIGUOUS),
    by_eve(
        "the second author behind eight kilobytes", f"ann@acme.test ({LONG}), eve@evil.example", NO_SENDER
    ),
    by_eve(
        "the second author behind eight kilobytes of a name",
        f"ann@acme.test, {LONG} <eve@evil.example>",
        NO_SENDER,
    ),
)

FOLDS = (
    raw_head("a blank before the colon of a second From", AMBIGUOUS, FROM, f"From : {EVE}\r\n{FROM}"),
    raw_head("a second From in small letters", AMBIGUOUS, FROM, f"{FROM}\r\nfrom: {EVE}"),
    raw_head(
        "a continuation line of blanks between two authors", AMBIGUOUS, FROM, f"{FROM}\r\n \r\n , {EVE}"
    ),
    raw_head("Eve in the fold before Ann", AMBIGUOUS, FROM, f"From: {EVE},\r\n\t{ANN}"),
    raw_head("a NUL in the address", MALFORMED, FROM, "From: Ann <ann@acme.test\0>"),
    raw_head("a NUL in another field", MALFORMED, "Subject: Offer", "Subject: \0Offer"),
    raw_head("a bare CR that starts a second From", MALFORMED, FROM, f"X-Note: x\rFrom: {EVE}\r\n{FROM}"),
    raw_head("a bare CR within From", MALFORMED, FROM, f"From: {EVE}\r, {ANN}"),
    raw_head(
        "a section beyond all limits",
        MALFORMED,
        FROM,
        f"{FROM}\r\n" + f"X-Pad: {LONG}\r\n" * 40 + f"From: {EVE}",
    ),
)

PROOFS = (
    result("the pass stands in a comment of the fail", f"{FAIL} (dmarc=pass header.from=acme.test)"),
    result(
        "the pass stands in a quoted sender",
        'mx.log.example; spf=pass smtp.mailfrom="a;dmarc=pass header.from=acme.test"@evil.example',
    ),
    result(
        "acme.test is but the local part", "mx.log.example; spf=pass smtp.mailfrom=acme.test@evil.example"
    ),
    result("acme.test is but the beginning", "mx.log.example; dkim=pass header.d=acme.test.evil.example"),
    result("acme.test is but the end of a label", "mx.log.example; dkim=pass header.d=notacme.test"),
    result("the public suffix itself signed", "mx.log.example; dkim=pass header.d=test"),
    result("a sender leaves a comment open", "mx.log.example; spf=pass smtp.mailfrom=a(b@acme.test"),
    result(
        "a sender leaves a quote open",
        'mx.log.example; spf=none smtp.mailfrom="x; dmarc=pass header.from=acme.test',
    ),
    result("the pass of a version nobody knows", "mx.log.example 2; dmarc=pass header.from=acme.test"),
    result("the pass of another version of the method", "mx.log.example; dmarc/2=pass header.from=acme.test"),
    result("a pass that is longer than the word", "mx.log.example; dmarc=passed header.from=acme.test"),
    result(
        "two domains for one property",
        "mx.log.example; dmarc=pass header.from=evil.example header.from=acme.test",
    ),
    result(
        "pass and fail by DMARC at once",
        "mx.log.example; dmarc=pass header.from=acme.test; dmarc=fail header.from=acme.test",
    ),
    result(
        "a signature that holds and one that does not",
        "mx.log.example; dkim=pass header.d=acme.test; dkim=fail header.d=acme.test",
    ),
    result(
        "only the sender's greeting is Ann's",
        "mx.log.example; spf=pass smtp.mailfrom=evil.example smtp.helo=acme.test",
    ),
    result(
        "our server checked nothing, the sender says it did", "mx.log.example; none", sender=(claims(PASS),)
    ),
    result("our id with an end of Eve's", "mx.log.example.evil.example; dmarc=pass header.from=acme.test"),
    result("our id in a comment of Eve's", "evil.example (mx.log.example); dmarc=pass header.from=acme.test"),
    result("our id as a property", "evil.example; x=mx.log.example; dmarc=pass header.from=acme.test"),
    result(
        "a method without a property of its domain", "mx.log.example; dkim=pass reason=acme.test; spf=pass"
    ),
)


def beneath(name: str, *sender: str, twin: tuple[str, ...] = ()) -> Forgery:
    """Whatever the sender writes below the border's Received."""
    return Forgery(name, post(sender=sender), NOT_PROVEN, Reason.LOGGED, post(claims(PASS), sender=twin))


BENEATH = (
    beneath(
        "a border of Eve's own below the border", claims(PASS), f"Received: from ann by {BORDER}; {DATE}"
    ),
    beneath(
        "ARC's results", f"ARC-Authentication-Results: i=1; {PASS}", f"ARC-Seal: i=1; cv=none; d={BORDER}"
    ),
    beneath("results with a blank before the colon", f"Authentication-Results : {PASS}"),
    beneath(
        "results under a name like it",
        f"Authentication-Results-Original: {PASS}",
        f"X-Authentication-Results: {PASS}",
    ),
    beneath("several results of the same id", claims(FAIL), claims(PASS), claims(PASS)),
    beneath(
        "SPF's own field", "Received-SPF: pass (mx.log.example: domain of ann@acme.test) client-ip=192.0.2.1"
    ),
    beneath("results in the fold of a field", f"X-Note: x\r\n {claims(PASS)}"),
    Forgery(
        "Google's second results",
        post(
            border=GOOGLE,
            sender=(
                claims("mx.google.com; dmarc=fail header.from=acme.test"),
                claims("mx.google.com; dmarc=pass header.from=acme.test"),
            ),
        ),
        NOT_PROVEN,
        Reason.LOGGED,
        post(border=GOOGLE, sender=(claims("mx.google.com; dmarc=pass header.from=acme.test"),)),
        policy=GMAIL,
    ),
    Forgery(
        "Microsoft's second results",
        post(
            border=OUTLOOK,
            sender=(
                claims("spf=fail smtp.mailfrom=acme.test; dmarc=fail header.from=acme.test"),
                claims("dmarc=pass header.from=acme.test"),
            ),
        ),
        NOT_PROVEN,
        Reason.LOGGED,
        post(
            border=OUTLOOK,
            sender=(claims("dmarc=pass action=none header.from=acme.test;compauth=pass reason=100"),),
        ),
        policy=M365,
    ),
    Forgery(
        "results behind a field of the sender's",
        post(
            sender=(claims("mx.log.example; dmarc=fail header.from=acme.test"), "X-Mailer: x", claims(PASS))
        ),
        NOT_PROVEN,
        Reason.LOGGED,
        post(sender=(claims(PASS),)),
        policy=BELOW,
    ),
)


def delivered(
    name: str,
    reason: Reason,
    to_log: str,
    *,
    sender: tuple[str, ...] = (),
    author: str = ANN,
    twin: bytes = GENUINE,
    to: str = "carl@client.example",
) -> Forgery:
    """All is proven of the sender; it is the log address that is not his, or not the one."""
    raw = post(claims(PASS), to_log=to_log, sender=sender, author=author, to=to)
    return Forgery(name, raw, reason, reason, twin)


CATCHALL = "catchall@log.example"
TOKEN = bcc().partition("@")[0]
ADDRESSES = (
    delivered(
        "an address injected below the border",
        Reason.NO_LOG_ADDRESS,
        CATCHALL,
        sender=(f"Delivered-To: {bcc()}", f"X-Original-To: {bcc()}"),
    ),
    delivered(
        "a clause `for` of Eve's own Received",
        Reason.NO_LOG_ADDRESS,
        CATCHALL,
        sender=(f"Received: from a by b for <{bcc()}>; {DATE}",),
    ),
    delivered(
        "a clause `for` below a forged border",
        Reason.NO_LOG_ADDRESS,
        CATCHALL,
        sender=(f"Received: from a by {BORDER} for <{bcc()}>; {DATE}",),
    ),
    delivered(
        "the address as a display name",
        Reason.NO_LOG_ADDRESS,
        CATCHALL,
        to=f'"{bcc()}" <carl@client.example>',
    ),
    delivered("the address at a domain below ours", Reason.NO_LOG_ADDRESS, f"{TOKEN}@sub.log.example"),
    delivered(
        "the address at a domain that starts as ours",
        Reason.NO_LOG_ADDRESS,
        f"{TOKEN}@log.example.evil.example",
    ),
    delivered(
        "a token with a letter changed",
        Reason.UNKNOWN_LOG_ADDRESS,
        bcc().replace("bcc-", "bcc-a", 1).replace(TOKEN[-1] + "@", "@", 1),
    ),
    delivered(
        "a token without its last letter", Reason.UNKNOWN_LOG_ADDRESS, bcc().replace(TOKEN[-1] + "@", "@", 1)
    ),
    delivered(
        "the token under the other kind's name",
        Reason.UNKNOWN_LOG_ADDRESS,
        bcc().replace("bcc-", "forward-", 1),
    ),
    delivered("the right token of another account", UNKNOWN, bcc("globex")),
    delivered(
        "the right token of another user",
        Reason.WRONG_USER_TOKEN,
        bcc("cole"),
        twin=post(claims(PASS), to_log=bcc("ann")),
    ),
    delivered("a revoked token", Reason.REVOKED_LOG_ADDRESS, bcc("old")),
    delivered("a token whose grace is over", Reason.REVOKED_LOG_ADDRESS, bcc("ended")),
)


def redirected(name: str, reason: Reason, *sender: str, proof: str = EVIL, to_log: str = "") -> Forgery:
    """A mail of Carl's that somebody redirects, as the Resent fields say."""
    good = post(
        claims(PASS),
        to_log=forwarding(),
        sender=(f"Resent-From: {ANN}",),
        author="carl@client.example",
        to="ann@acme.test",
    )
    raw = post(
        claims(proof),
        to_log=to_log or forwarding(),
        sender=sender,
        author="carl@client.example",
        to="ann@acme.test",
    )
    unproven = Reason.LOGGED if reason is NOT_PROVEN else reason
    return Forgery(name, raw, reason, unproven, good)


REDIRECTS = (
    redirected("Eve redirects in Ann's name", NOT_PROVEN, f"Resent-From: {ANN}"),
    redirected("Eve's block above Ann's", UNKNOWN, f"Resent-From: {EVE}", f"Resent-From: {ANN}"),
    redirected("Ann and Eve redirect together", UNKNOWN, f"Resent-From: {ANN}, {EVE}"),
    redirected("Ann as a name in Resent-From", UNKNOWN, 'Resent-From: "ann@acme.test" <eve@evil.example>'),
    redirected("Ann in Resent-Sender alone", UNKNOWN, f"Resent-Sender: {ANN}"),
    redirected(
        "Ann in Resent-From at the BCC address", UNKNOWN, f"Resent-From: {ANN}", proof=PASS, to_log=bcc()
    ),
    redirected(
        "Resent-From that goes on behind the bracket", UNKNOWN, "Resent-From: <ann@acme.test>@evil.example"
    ),
)

INVENTIONS = (*READERS, *FOLDS, *PROOFS, *BENEATH, *ADDRESSES, *REDIRECTS)
