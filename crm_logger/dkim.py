"""DKIM signatures verified here (RFC 6376), where VERIFY_DKIM asks for it. The only user of dkimpy and of DNS.

What a signature is worth is decided in core/authentic.py; here is only found out whether it holds, now: keys are
rotated, so the answer is kept with the receipt.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Final

import dkim
import dns.exception
import dns.resolver

from crm_logger.core.authentic import Signature

if TYPE_CHECKING:
    from collections.abc import Callable

    Lookup = Callable[[bytes, float], bytes | None]

MOST: Final = 5
"""More signatures than a mail has; the rest would only cost time."""
SECONDS: Final = 3.0
SHORTEST_KEY: Final = 1024
_FIELD: Final = b"dkim-signature"
_LOOSE: Final = re.compile(rb"\r(?!\n)|\0")
_SILENT: Final = logging.getLogger("crm_logger.dkim.silent")
_SILENT.addHandler(logging.NullHandler())
_SILENT.propagate = False  # it would quote the mail


class DnsAwayError(Exception):
    """The name servers gave no answer; they may later."""


def look_up(name: bytes, timeout: float = SECONDS) -> bytes | None:
    """The TXT record of a name, None where there is none; DnsAwayError where nobody can say."""
    try:
        answer = dns.resolver.resolve(name.decode("ascii"), "TXT", lifetime=timeout, raise_on_no_answer=False)
    except (dns.resolver.NXDOMAIN, dns.exception.SyntaxError, UnicodeError, dns.name.LabelTooLong):
        return None
    except (dns.exception.DNSException, OSError) as trouble:
        raise DnsAwayError(type(trouble).__name__) from trouble
    return next((b"".join(record.strings) for record in answer.rrset or ()), None)


def verify(raw: bytes, lookup: Lookup = look_up) -> tuple[Signature, ...]:
    """Every signature of the mail, the topmost first, with its flaw; never raises."""
    if _LOOSE.search(raw):  # verifiers and readers disagree about where such a line ends
        return ()
    try:
        mail = dkim.DKIM(raw, logger=_SILENT, minkey=SHORTEST_KEY, timeout=SECONDS)
        number = sum(name.lower() == _FIELD for name, _ in mail.headers)
    except Exception:  # noqa: BLE001 -- whatever the library meets in a stranger's mail proves nothing
        return ()
    return tuple(_signature(mail, index, lookup) for index in range(min(number, MOST)))


def _signature(mail: dkim.DKIM, index: int, lookup: Lookup) -> Signature:
    mail.domain, mail.include_headers, mail.signature_fields = None, (), {}
    away, flaw = False, ""
    try:
        if not mail.verify(idx=index, dnsfunc=lambda name, timeout=SECONDS: lookup(name, timeout)):
            flaw = "does not hold"
    except DnsAwayError as trouble:
        away, flaw = True, f"DNS gave no answer ({trouble})"
    except Exception as trouble:  # noqa: BLE001 -- as above
        flaw = f"cannot be verified ({type(trouble).__name__})"
    if b"l" in mail.signature_fields:
        flaw = "signs only a part of the body"
    signed = tuple(name.decode("ascii", "replace").lower() for name in mail.include_headers)
    return Signature((mail.domain or b"").decode("ascii", "replace"), signed, flaw, later=away)
