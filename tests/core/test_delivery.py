"""Whom a mail was delivered to: every set-up that was measured, forged headers below included (R25)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from crm_logger.core.delivery import arrival_time, find_delivery, proposals, read_received
from crm_logger.core.message import parse_message
from crm_logger.core.model import Delivery, Message, Policy

A = "bcc-aaaaaaaaaaaaaaaaaaaaaaaaaa@log.example"
B = "forward-bbbbbbbbbbbbbbbbbbbbbbbbbb@log.example"
EVIL = "bcc-eeeeeeeeeeeeeeeeeeeeeeeeee@log.example"
C = "catchall@log.example"
NOBODY = Delivery("", ())

LMTP_C = f"Received: from mx.log.example\n\tby mx.log.example with LMTP\n\tid 1\n\tfor <{C}>; Mon, 2 Nov 2026 10:00:02 +0100"
LMTP_ELSEWHERE = LMTP_C.replace("by mx.log", "by store.log")
LMTP_A = LMTP_C.replace(C, A)
POSTFIX_A = f"Received: from mail.acme.test (mail.acme.test [192.0.2.1])\n\tby mx.log.example (Postfix) with ESMTPS id 4Q\n\tfor <{A}>; Mon,  2 Nov 2026 10:00:01 +0100 (CET)"
POSTFIX = "Received: from mail.acme.test (mail.acme.test [192.0.2.1])\n\tby mx.log.example (Postfix) with ESMTPS id 4Q;\n\tMon,  2 Nov 2026 10:00:01 +0100 (CET)"
EXIM_A = f"Received: from mail.acme.test ([192.0.2.1] helo=x)\n\tby mx.log.example with esmtps (TLS1.3) (Exim 4.96)\n\t(envelope-from <ann@acme.test>)\n\tid 1abc-000\n\tfor {A};\n\tMon, 02 Nov 2026 10:00:01 +0100"
EXIM = EXIM_A.replace(f"\n\tfor {A}", "")
FORGED = "\n".join([
    f"X-Original-To: {EVIL}", f"Delivered-To: {EVIL}", f"Envelope-To: {EVIL}",
    f"Received: from x by mx.log.example (Postfix) with ESMTPS id 9 for <{EVIL}>; Mon, 2 Nov 2026 09:00:00 +0100",
])  # fmt: skip


def policy(border_host: str = "mx.log.example", envelope_header: str = "") -> Policy:
    return Policy(
        log_domains=("log.example",),
        mailbox_addresses=(C,),
        border_host=border_host,
        envelope_header=envelope_header,
    )


def mail(*headers: str, to: str = "carl@client.example", below: str = FORGED) -> Message:
    header = "\n".join([*filter(None, [*headers, below]), "From: ann@acme.test", f"To: {to}"])
    return parse_message(f"{header}\n\nHello".encode())


SET_UPS = [
    ("Postfix → LMTP, aliased", [f"Delivered-To: {C}", LMTP_C, POSTFIX_A], Delivery("Received", (A,))),
    ("Postfix → LMTP on another host, aliased", [f"Delivered-To: {C}", LMTP_ELSEWHERE, POSTFIX_A], Delivery("Received", (A,))),
    ("Postfix → LMTP, aliased, two", [f"Delivered-To: {C}", LMTP_C, POSTFIX], NOBODY),
    ("Postfix → LMTP, not aliased", ["Return-Path: <ann@acme.test>", f"Delivered-To: {A}", LMTP_A, POSTFIX_A], Delivery("Delivered-To", (A,))),
    ("Postfix → LMTP, not aliased, two", [LMTP_C.replace(f"\n\tfor <{C}>", ""), POSTFIX], NOBODY),
    ("the same, recipient limit 1", [f"Delivered-To: {B}", LMTP_C.replace(C, B), POSTFIX], Delivery("Delivered-To", (B,))),
    ("Postfix → LMTP, flags=OR, aliased", [f"Delivered-To: {C}", LMTP_C, f"Delivered-To: {C}", "Return-Path: <>", f"X-Original-To: {A}", POSTFIX], Delivery("X-Original-To", (A,))),
    ("Postfix virtual(8) → Maildir", ["Return-Path: <ann@acme.test>", f"X-Original-To: {A}", f"Delivered-To: {C}", POSTFIX_A], Delivery("X-Original-To", (A,))),
    ("Postfix virtual(8) → Maildir, not aliased", [f"X-Original-To: {B}", f"Delivered-To: {B}", POSTFIX], Delivery("X-Original-To", (B,))),
    ("Exim → LMTP, aliased", [f"Delivered-To: {C}", LMTP_C, EXIM_A], Delivery("Received", (A,))),
    ("Exim → LMTP, aliased, two", [f"Delivered-To: {C}", LMTP_C, EXIM], NOBODY),
    ("Exim → LMTP with envelope_to_add, two", [f"Delivered-To: {C}", LMTP_C, f"Envelope-to: {B}, {A}", EXIM], Delivery("Envelope-To", (B, A))),
    ("Exim → LMTP, not aliased", [f"Delivered-To: {A}", LMTP_A, EXIM_A], Delivery("Delivered-To", (A,))),
    ("Exim → Maildir", ["Return-path: <ann@acme.test>", f"Envelope-to: {A}", "Delivery-date: Mon, 02 Nov 2026 10:00:01 +0100", EXIM_A], Delivery("Envelope-To", (A,))),
    ("Exim → Maildir, aliased, two", [f"Envelope-to: {B},\n\t{A}", EXIM], Delivery("Envelope-To", (B, A))),
]  # fmt: skip


@pytest.mark.parametrize(
    ("headers", "expected"), [row[1:] for row in SET_UPS], ids=[row[0] for row in SET_UPS]
)
def test_r25_each_measured_set_up_is_read_and_forged_headers_below_never_count(
    headers: list[str], expected: Delivery
) -> None:
    assert find_delivery(mail(*headers), policy()) == expected
    assert find_delivery(mail(*headers, below=""), policy()) == expected


GMAIL = [
    f"Delivered-To: {C}",
    "Received: by 2002:a05:6402:1 with SMTP id x1; Mon, 2 Nov 2026 01:00:02 -0800 (PST)",
    "Return-Path: <ann@acme.test>",
]
GOOGLE = f"Received: from mail.acme.test (mail.acme.test. [192.0.2.1])\n by mx.google.com with ESMTPS id x2\n for <{A}>\n (version=TLS1_3); Mon, 02 Nov 2026 01:00:01 -0800 (PST)"


def test_r25_gmail_names_the_address_in_its_own_headers() -> None:
    border = policy("mx.google.com")
    assert find_delivery(mail(*GMAIL, GOOGLE), border) == Delivery("Received", (A,))
    routed = mail(f"X-Gm-Original-To: {B}", *GMAIL, GOOGLE)
    assert find_delivery(routed, border) == Delivery("X-Gm-Original-To", (B,))
    forwarded = mail(*GMAIL, f"X-Forwarded-To: {B}", GOOGLE.replace(f"\n for <{A}>", ""))
    assert find_delivery(forwarded, border) == Delivery("X-Forwarded-To", (B,))


EXCHANGE = [
    "Received: from AM0PR.eurprd01.prod.outlook.com (2603::1) by DB1PR.eurprd01.prod.outlook.com with HTTPS; Mon, 2 Nov 2026 09:00:03 +0000",
    "Received: from AM5.mail.protection.outlook.com (10.1.1.1) by AM0PR.outlook.office365.com (10.2.2.2) with Microsoft SMTP Server id 15; Mon, 2 Nov 2026 09:00:01 +0000",
]


def test_r25_microsoft_365_names_the_address_in_to_cc_or_in_the_header_of_a_rule() -> None:
    border = policy("*.outlook.office365.com")
    assert find_delivery(mail(*EXCHANGE, to=f"Log <{B}>"), border) == Delivery("To", (B,))
    ruled = mail(*EXCHANGE[:1], f"X-CRM-Recipient: {A}", EXCHANGE[1], to=B)
    assert find_delivery(ruled, policy("*.outlook.office365.com", "X-CRM-Recipient")) == Delivery(
        "X-CRM-Recipient", (A,)
    )


# ---------------------------------------------------------------- what counts


@pytest.mark.parametrize(
    ("value", "addresses"),
    [
        (A, (A,)),
        (f"<{A.upper()}>", (A,)),
        (A.replace("@", "+deal@"), (A.replace("@", "+deal@"),)),
        (f"{C}, {A}; {B}", (A, B)),
        (f"{A}, {A}", (A,)),
        (f"rfc822;{A}", (A,)),
        (f'"{A}"@evil.example', ()),
        (f"{A}.evil.example", ()),
        ("bcc-x@client.example", ()),
        ("info@log.example", ()),
        (C, ()),
        ('"', ()),
        ("", ()),
    ],
)  # fmt: skip
def test_only_whole_log_addresses_in_our_domains_count(value: str, addresses: tuple[str, ...]) -> None:
    found = find_delivery(mail(f"X-Original-To: {value}", POSTFIX), policy())
    assert found == (Delivery("X-Original-To", addresses) if addresses else NOBODY)


def test_a_header_that_repeats_counts_with_all_its_instances() -> None:
    headers = [f"Delivered-To: {C}", f"Delivered-To: {A}", f"Delivered-To: {B}", POSTFIX]
    assert find_delivery(mail(*headers), policy()) == Delivery("Delivered-To", (A, B))


def test_the_mailboxs_own_address_is_no_answer_whatever_it_looks_like() -> None:
    own = replace(policy(), mailbox_addresses=("BCC-mailbox@log.example",))
    assert find_delivery(mail("Delivered-To: bcc-mailbox@log.example", POSTFIX_A), own) == Delivery(
        "Received", (A,)
    )


def test_a_broken_header_is_skipped_for_the_next_one() -> None:
    assert find_delivery(mail('X-Original-To: "', f"Delivered-To: {A}", POSTFIX), policy()) == Delivery(
        "Delivered-To", (A,)
    )


def test_where_the_zone_names_nobody_the_visible_recipients_do() -> None:
    visible = mail(POSTFIX, f"Cc: {B}", f"Resent-To: {EVIL}", to=A, below="")
    assert find_delivery(visible, policy()) == Delivery("To", (A, B, EVIL))


def test_a_border_that_wrote_nothing_leaves_no_zone() -> None:
    message = mail(f"X-Original-To: {A}", POSTFIX_A)
    assert find_delivery(message, policy("other.log.example")) == NOBODY
    assert arrival_time(message, policy("other.log.example")) is None


def test_the_borders_name_compares_without_case_and_trailing_dot() -> None:
    message = mail(POSTFIX_A.replace("mx.log.example", "MX.Log.Example."))
    assert find_delivery(message, policy("Mx.log.EXAMPLE.")) == Delivery("Received", (A,))


def test_only_one_hand_over_is_followed() -> None:
    assert find_delivery(mail(LMTP_C, LMTP_ELSEWHERE, POSTFIX_A), policy()) == NOBODY
    assert find_delivery(mail(LMTP_C, below=""), policy()) == NOBODY
    assert find_delivery(mail(POSTFIX, POSTFIX_A), policy()) == NOBODY


# ---------------------------------------------------------------- a pinned header


def test_a_pinned_header_is_the_only_one_that_counts() -> None:
    pinned = policy(envelope_header="X-Envelope-To")
    assert find_delivery(mail(f"X-Original-To: {A}", f"x-envelope-to: {B}", POSTFIX_A), pinned) == Delivery(
        "X-Envelope-To", (B,)
    )
    assert (
        find_delivery(mail(f"X-Original-To: {A}", POSTFIX_A, f"X-Envelope-To: {EVIL}", to=A), pinned)
        == NOBODY
    )
    assert find_delivery(
        mail(f"X-Original-To: {B}", POSTFIX_A), policy(envelope_header="Received")
    ) == Delivery("Received", (A,))


# ---------------------------------------------------------------- without a border


def test_without_a_border_the_zone_ends_at_the_first_received() -> None:
    assert find_delivery(mail(f"X-Original-To: {A}", POSTFIX), policy("")) == Delivery("X-Original-To", (A,))
    assert find_delivery(mail(POSTFIX_A), policy("")) == Delivery("Received", (A,))


def test_without_a_border_what_lies_below_is_used_last_and_flagged() -> None:
    aliased = [f"Delivered-To: {C}", LMTP_C, POSTFIX_A]
    assert find_delivery(mail(*aliased), policy("")) == Delivery("Received", (A,), below_border=True)
    assert find_delivery(mail(*aliased, to=B), policy("")) == Delivery("To", (B,))
    assert find_delivery(mail(*aliased, to=B), policy("", "Received")) == Delivery(
        "Received", (A,), below_border=True
    )
    assert find_delivery(mail(POSTFIX, below=""), policy("")) == NOBODY


def test_a_mail_without_any_received_is_all_zone() -> None:
    assert find_delivery(mail(f"Delivered-To: {A}", below=""), policy("")) == Delivery("Delivered-To", (A,))


# ---------------------------------------------------------------- Received


@pytest.mark.parametrize(
    ("value", "by", "recipient"),
    [
        (POSTFIX_A.partition(": ")[2], "mx.log.example", A),
        (EXIM_A.partition(": ")[2], "mx.log.example", A),
        (f"from by ([192.0.2.1]) by mx.log.example with SMTP for <{A}>; today", "mx.log.example", A),
        (f"from for (for <{EVIL}> by evil) by mx.log.example; today", "mx.log.example", ""),
        (f"by mx.log.example for {A}", "mx.log.example", A),
        ("(qmail 1 invoked by uid 0); today", "", ""),
        ("from", "", ""),
        ("by", "", ""),
        ("", "", ""),
    ],
)
def test_a_received_tells_by_whom_and_for_whom(value: str, by: str, recipient: str) -> None:
    received = read_received(value)
    assert (received.by, received.recipient) == (by, recipient)


def test_the_arrival_time_is_the_borders() -> None:
    at_border = datetime(2026, 11, 2, 10, 0, 1, tzinfo=timezone(timedelta(hours=1)))
    assert arrival_time(mail(LMTP_C, POSTFIX_A), policy()) == at_border
    assert arrival_time(mail(LMTP_ELSEWHERE, POSTFIX_A), policy("")) == at_border.replace(second=2)
    assert arrival_time(mail(*EXCHANGE[:1]), policy("")) == datetime(2026, 11, 2, 9, 0, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    "date", ["", "; yesterday", "; Mon, 2 Nov 2026 10:00:00", "; Mon, 2 Nov 2026 10:00:00 -0000"]
)
def test_an_arrival_time_that_is_unclear_is_none(date: str) -> None:
    assert arrival_time(mail(f"Received: from x by mx.log.example{date}"), policy()) is None
    assert arrival_time(mail(below=""), policy("")) is None


# ---------------------------------------------------------------- what `check` proposes


def test_check_proposes_the_border_and_the_header_that_all_mails_have() -> None:
    mails = [
        mail(f"X-Original-To: {A}", POSTFIX_A),
        mail(f"X-Original-To: {B}", POSTFIX),
        mail(POSTFIX_A.replace("mx.", "old.")),
    ]
    assert proposals(mails[:2], policy("")) == ("mx.log.example", "X-Original-To")
    assert proposals([*mails, mails[0]], policy("")) == ("mx.log.example", "X-Original-To")


def test_check_proposes_no_header_where_the_mails_differ_or_have_none() -> None:
    differ = [mail(f"X-Original-To: {A}", POSTFIX_A), mail(f"Delivered-To: {A}", POSTFIX_A)]
    assert proposals(differ, policy("")) == ("mx.log.example", None)
    assert proposals([mail(POSTFIX_A)], policy("")) == ("mx.log.example", None)


def test_check_falls_back_to_the_topmost_host_and_proposes_nothing_for_an_empty_mailbox() -> None:
    assert proposals([mail(POSTFIX, below="")], policy("")) == ("mx.log.example", None)
    assert proposals([], policy("")) == (None, None)
