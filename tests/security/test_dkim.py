"""DKIM signatures verified here, made with a key of the test's own; needs the extra `dkim`."""

from __future__ import annotations

import base64
import importlib
import shutil
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from crm_logger.core.classify import classify
from crm_logger.core.message import parse_message
from crm_logger.core.model import Log, Reason
from tests.cast import POLICY, RECEIVED, directory
from tests.security.forgeries import EVE, HOP, post

if TYPE_CHECKING:
    from collections.abc import Callable

dkim: Any = pytest.importorskip("dkim", reason="the extra `dkim` is not installed")
openssl = shutil.which("openssl") or pytest.skip("openssl is not installed", allow_module_level=True)
ours: Any = importlib.import_module("crm_logger.dkim")

USED = [b"from", b"to", b"subject", b"date", b"message-id"]
LOCAL = replace(POLICY, verify_dkim=True)


def made_key(bits: int) -> tuple[bytes, bytes]:
    """A private key and the TXT record of its public half."""
    private = subprocess.run(
        [openssl, "genrsa", "-traditional", str(bits)], capture_output=True, check=True
    ).stdout
    public = subprocess.run(
        [openssl, "rsa", "-pubout", "-outform", "DER"], input=private, capture_output=True, check=True
    ).stdout
    return private, b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)


KEY, RECORD = made_key(2048)
WEAK, WEAK_RECORD = made_key(768)


def signed(raw: bytes, domain: bytes = b"acme.test", key: bytes = KEY, **how: Any) -> bytes:
    """The mail with a signature below our own server's fields."""
    top, hop, rest = raw.partition(HOP.encode() + b"\r\n")
    told = {"include_headers": USED, "canonicalize": (b"relaxed", b"relaxed")} | how
    signature: bytes = dkim.sign(rest, b"s", domain, key, **told)
    return top + hop + signature + rest


def names(record: bytes | None = RECORD) -> Callable[[bytes, float], bytes | None]:
    return lambda _name, _timeout: record


def away(_name: bytes, _timeout: float) -> bytes | None:
    raise ours.DnsAwayError("Timeout")


def decided(raw: bytes, lookup: Callable[[bytes, float], bytes | None]) -> tuple[Reason, str]:
    """The reason, and why the mail would wait."""
    found = ours.verify(raw, lookup)
    (decision,) = classify(parse_message(raw), directory(policy=LOCAL), RECEIVED, found)
    return (Reason.LOGGED, "") if isinstance(decision, Log) else (decision.reason, decision.hold)


def test_a_sound_signature_of_the_users_domain_is_proof() -> None:
    assert decided(signed(post()), names()) == (Reason.LOGGED, "")
    assert decided(signed(post(), b"mail.acme.test"), names()) == (Reason.LOGGED, "")


def test_one_sound_signature_is_enough() -> None:
    assert decided(signed(signed(post()), b"relay.example"), names()) == (Reason.LOGGED, "")


@pytest.mark.parametrize(
    ("name", "raw", "record"),
    [
        ("none", post(), RECORD),
        ("a foreign domain", signed(post(), b"evil.example"), RECORD),
        ("a changed body", signed(post()).replace(b"the offer", b"our IBAN"), RECORD),
        ("a changed subject", signed(post()).replace(b"Offer 17", b"Offer 18"), RECORD),
        ("another key", signed(post()), made_key(2048)[1]),
        ("no key", signed(post()), None),
        ("a revoked key", signed(post()), b"v=DKIM1; p="),
        ("a weak key", signed(post(), key=WEAK), WEAK_RECORD),
        ("a length, and text appended", signed(post(), length=True) + b"<script>", RECORD),
        ("a length alone", signed(post(), length=True), RECORD),
        ("To not signed", signed(post(), include_headers=[b"from", b"subject", b"date", b"message-id"]), RECORD),
        ("To put in front", signed(post()).replace(b"From: Ann", f"To: {EVE}\r\nFrom: Ann".encode()), RECORD),
        ("a bare carriage return in the body", signed(post(body="a\rb\n")), RECORD),
        ("garbage", post(sender=("DKIM-Signature: v=1; a=rsa-sha256; d=acme.test",)), RECORD),
        ("no tags", post(sender=("DKIM-Signature: ;;;=",)), RECORD),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_anything_else_is_none(name: str, raw: bytes, record: bytes | None) -> None:
    assert decided(raw, names(record)) == (Reason.SENDER_NOT_AUTHENTICATED, ""), name


def test_where_dns_is_away_the_mail_waits() -> None:
    reason, hold = decided(signed(post()), away)
    assert (reason, bool(hold)) == (Reason.SENDER_NOT_AUTHENTICATED, True)
    assert decided(signed(post(), b"evil.example"), away) == (Reason.SENDER_NOT_AUTHENTICATED, "")


def test_no_more_than_five_signatures_are_looked_at() -> None:
    raw = post()
    for _ in range(8):
        raw = signed(raw, b"relay.example")
    assert len(ours.verify(raw, names())) == ours.MOST


def test_no_name_server_is_no_answer() -> None:
    with pytest.raises(ours.DnsAwayError):
        ours.look_up(b"s._domainkey.acme.test.", 0.0)
    assert ours.look_up(b"\xff.test.") is None
    assert ours.look_up(b"x" * 70 + b".test.") is None
