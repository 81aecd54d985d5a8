"""Authentication-Results as servers write it, and as it could be written to mislead."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_logger.core.authresults import MAX_VALUE, Claim, read_results

GMAIL = (
    "mx.google.com; dkim=pass header.i=@acme.test header.s=20230601 header.b=AbC+/d=; "
    "spf=pass (google.com: domain of ann@acme.test designates 192.0.2.7 as permitted sender) smtp.mailfrom=ann@acme.test; "
    "dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=acme.test"
)
MICROSOFT = (
    "spf=pass (sender IP is 192.0.2.7) smtp.mailfrom=acme.test; dkim=pass (signature was verified)\r\n"
    " header.d=acme.test;dmarc=pass action=none header.from=acme.test;compauth=pass reason=100"
)
POSTFIX = 'mx.log.example (amavisd);\n\tdkim=pass (2048-bit key; unprotected) header.d=acme.test header.i=@acme.test header.a=rsa-sha256 header.s=s header.b="x/y="'


def told(value: str) -> tuple[str, list[str]] | None:
    found = read_results(value)
    return (found.server, [f"{c.method}={c.result}" for c in found.claims]) if found else None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (GMAIL, ("mx.google.com", ["dkim=pass", "spf=pass", "dmarc=pass"])),
        (MICROSOFT, ("", ["spf=pass", "dkim=pass", "dmarc=pass", "compauth=pass"])),
        (POSTFIX, ("mx.log.example", ["dkim=pass"])),
        ("mx.log.example", ("mx.log.example", [])),
        ("mx.log.example; none", ("mx.log.example", [])),
        ("MX.Log.Example 1; DKIM=Pass", ("mx.log.example", ["dkim=pass"])),
        ('"mx.log.example"; dkim/1 = pass', ("mx.log.example", ["dkim=pass"])),
        ("mx.log.example; dkim/2=pass; spf=pass", ("mx.log.example", ["spf=pass"])),
        ("mx.log.example; =pass; ; dkim==pass; x", ("mx.log.example", ["dkim==pass"])),
        ('mx.log.example; "dkim"=pass', ("mx.log.example", [])),
        ("mx.log.example; x dkim=pass", ("mx.log.example", [])),
        ("mx.log.example 2; dkim=pass", None),
        ("mx.log.example 1 x; dkim=pass", None),
        ("", None),
        ("; dkim=pass", None),
        ('mx.log.example; dkim=pass "', None),
        ("mx.log.example; (a (b\\) c) d) dkim=pass", ("mx.log.example", ["dkim=pass"])),
        ("mx.log.example; dkim=pass (a (b) c)(d) header.d=x", ("mx.log.example", ["dkim=pass"])),
        ("mx.log.example; dkim=pass (", None),
        ("mx.log.example; dkim=pass (\\)", None),
        ("mx.log.example; dkim=pass ) x", ("mx.log.example", ["dkim=pass"])),
        ("x" * (MAX_VALUE + 1), None),
    ],
)
def test_a_field_is_read(value: str, expected: tuple[str, list[str]] | None) -> None:
    assert told(value) == expected


@pytest.mark.parametrize(
    ("written", "domain"),
    [
        ("header.d=acme.test", "acme.test"),
        ("header.d = acme.test", "acme.test"),
        ("HEADER.D=Acme.Test", "acme.test"),
        ("header.d=(c)acme.test", "acme.test"),
        ("header.d=acme.test(c)", "acme.test"),
        ("header.d=@acme.test", "acme.test"),
        ('header.d="x; y=z"@acme.test', "acme.test"),
        ('header.d="ann@evil.example\\"@acme.test"', "acme.test"),
        ("header.d=xn--bcher-kva.test", "bücher.test"),
        ("header.d=", ""),
        ("header.d=<>", ""),
        ("header.d=acme.test header.d=acme.test", "acme.test"),
        ("header.d=acme.test header.d=evil.example", ""),
        ("reason=header.d=acme.test", ""),
        ('reason="header.d=acme.test"', ""),
    ],
)
def test_a_property_names_a_domain(written: str, domain: str) -> None:
    found = read_results(f"mx.log.example; dkim=pass {written}")
    assert found
    assert found.claims[0].domain("header.d", "header.i") == domain


def test_the_first_property_that_is_there_counts() -> None:
    found = read_results("x; dkim=pass header.i=@b.test header.d=a.test")
    assert found
    assert found.claims[0].domain("header.d", "header.i") == "a.test"
    assert str(found.claims[0]) == "dkim=pass header.i=@b.test header.d=a.test"


@pytest.mark.parametrize("piece", ["(", '"', "(\\", "a=", ";", "a=b ", '"a"', "()", "\\", "( "])
def test_no_field_takes_long(piece: str) -> None:
    started = time.process_time()
    read_results("x; " + piece * (MAX_VALUE // len(piece) - 3))
    assert time.process_time() - started < 1


PIECES = (" ", ";", "=", "(", ")", "\\", "/1", "/2", "1", "mx.log.example", "dkim=pass", "header.d=acme.test", "none", "x", "\n\t", "(a (b) c)", ";spf=Fail smtp.mailfrom=ann@acme.test")  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_a_field_with_a_quoted_string_in_it_tells_the_same_besides(value: str) -> None:
    found, besides = read_results(value), read_results(f'{value};x="y"')

    if found is None or besides is None:
        assert found is besides
    else:
        assert (besides.server, besides.claims) == (found.server, (*found.claims, Claim("x", "y", {})))
