"""Header sections made to harm (faults 49 to 54, 58, 61 to 65, 68, 69, and what the standard library trips over)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_logger.core.model import Reason
from tests.hostile.build import ANY, BCC, LOGGED, Hostile, envelope, hostile

if TYPE_CHECKING:
    from collections.abc import Iterator

KB = 1024
UNITS = {
    "quotes": '"', "open parentheses": "(", "comments": "(a)", "dots": ".", "commas": ",", "angles": "<", "semicolons": ";", "colons": ":",
    "backslashes": "\\", "at signs": "@", "encoded words": "=?utf-8?q?a?= ", "encoded word starts": "=?", "parameters": "a*1=b;", "spaces": "a ",
}  # fmt: skip
FIELDS = (
    "Subject",
    "References",
    "In-Reply-To",
    "Content-Type",
    "Content-Disposition",
    "Reply-To",
    "X-Mailer",
    "From",
    "To",
    "Cc",
)
NO_FIELDS = frozenset({"From", "To", "Cc"})
DATES = {
    "garbage": "yesterday", "empty": "", "year 99999": "Mon, 4 May 99999 11:00:00 +0200", "offset overflow": "Mon, 4 May 2026 11:00:00 +99999999999999",
    "no zone known": "Mon, 4 May 2026 11:00:00 -0000", "1970": "Thu, 1 Jan 1970 00:00:00 +0000", "future": "Sat, 4 May 2199 11:00:00 +0200",
    "31 February": "Tue, 31 Feb 2026 11:00:00 +0200", "no zone": "Mon, 4 May 2026 11:00:00", "a number": "0", "year 0": "Mon, 4 May 0000 11:00:00 +0000",
    "25 o'clock": "Mon, 4 May 2026 25:61:61 +0200", "year 1": "1 Jan 0001 00:00:00 +2359", "last year": "31 Dec 9999 23:59:59 -2359",
    "long": "Mon, " * 4000, "comments": "Mon, 4 May 2026 11:00:00 +0200 " + "(" * 4000, "encoded": "=?utf-8?q?Mon,_4_May_2026_11=3A00=3A00_+0200?=",
}  # fmt: skip
BROKEN_ADDRESSES = ("<", '"', "*@", ":;..()", ".:", "<>", "<<carl@client.example>", "@", "a@", "@b", "undisclosed-recipients:;", "=?utf-8?q?a=0Ab?= <x@y.example>", "a@b@c.example",
                    "carl@client.example\udcff".encode("utf-8", "surrogateescape").decode("latin-1"), "x@" + "a." * 2000 + "example", "x@xn--" + "a" * 300 + ".example")  # fmt: skip


def headers() -> Iterator[Hostile]:
    """All of them."""
    for field in FIELDS:
        for name, unit in UNITS.items():
            value = (unit * (48 * KB // len(unit))).strip()
            yield hostile(
                f"{field} of 48 KB of {name}", (field, value), reasons=ANY if field in NO_FIELDS else LOGGED
            )
    yield from _dates()
    yield from _sections()
    yield from _people()
    yield from _ids()
    yield from _automatic()
    yield from _for_logs()


def _dates() -> Iterator[Hostile]:
    for name, date in DATES.items():
        yield hostile(f"date {name}", ("Date", date))
    yield hostile("two dates", ("Date", "Mon, 4 May 2026 11:00:00 +0200"), ("Date", "nonsense"))


def _sections() -> Iterator[Hostile]:
    malformed = Reason.MALFORMED_HEADER
    yield Hostile("nothing", b"", frozenset({Reason.NO_LOG_ADDRESS}))
    yield Hostile("one line feed", b"\n", frozenset({Reason.NO_LOG_ADDRESS}))
    yield Hostile("one NUL", b"\0", ANY)
    yield Hostile("no header section", b"\r\nHello\r\n", frozenset({Reason.NO_LOG_ADDRESS}))
    yield Hostile("no blank line", b"\r\n".join(envelope()), frozenset({Reason.NO_SENDER}))
    yield Hostile("a body that looks like noise", bytes(range(256)) * 256, ANY)
    yield Hostile("colons only", b":\r\n" * 10_000, ANY)
    yield Hostile(
        "an mbox line on top", b"From ann@acme.test Mon May  4 11:00:00 2026\r\n" + hostile("mbox line").raw
    )
    yield Hostile(
        "a quoted mbox line on top",
        b">From ann@acme.test Mon May  4 11:00:00 2026\r\n" + hostile("quoted mbox line").raw,
    )
    yield hostile("a junk line ends the section", ("X-A", "1\r\njunk without a colon"), reasons=ANY)
    yield hostile(
        "bare CR in From", author="Ann <ann@acme.test>\rFrom: eve@nobody.example", reasons=malformed
    )
    yield hostile("bare CR in Subject", ("Subject", "a\rBcc: victim@client.example"), reasons=malformed)
    yield hostile("NUL in From", ("From", "Ann\0 <ann@acme.test>"), reasons=malformed)
    yield hostile("NUL in Subject", ("Subject", "a\0b"), reasons=malformed)
    yield hostile("a section of 1 MB", *[("X-Spam", "x" * 900)] * 1100, reasons=malformed)
    yield hostile("one field of 300 KB", ("Subject", "x" * 300 * KB), reasons=malformed)
    yield hostile("20,000 short fields", *[("X", "y")] * 20_000)
    yield hostile("field names of 10 KB", *[("X" * 10 * KB, "y")] * 10)
    yield hostile("a fold of 50,000 lines", ("X-Fold", "\r\n ".join("a" * 2 for _ in range(40_000))))
    yield hostile("folds of white space alone", ("Subject", "a\r\n \r\n \r\n b"), reasons=ANY)
    yield hostile(
        "2,000 Received fields", *[("Received", "from a by b; Mon, 4 May 2026 11:00:00 +0200")] * 2000
    )
    yield hostile("line feeds alone", ("X", "y"), body=b"a\nb\n\nc\n")
    yield Hostile("a mail with line feeds alone", hostile("lf").raw.replace(b"\r\n", b"\n"))
    yield Hostile("a mail with carriage returns alone", hostile("cr").raw.replace(b"\r\n", b"\r"), ANY)
    yield hostile("blanks before colons", ("Subject ", "spaced"), ("X-Y\t", "z"), reasons=ANY)


def _people() -> Iterator[Hostile]:
    for value in BROKEN_ADDRESSES:
        yield hostile(f"To is {value[:30]!r}", ("To", value), ("Cc", "carl@client.example"))
        yield hostile(f"From is {value[:30]!r}", ("From", value), reasons=ANY)
    yield hostile(
        "two From fields",
        ("From", "ann@acme.test"),
        ("From", "eve@nobody.example"),
        reasons=Reason.AMBIGUOUS_SENDER,
    )
    yield hostile(
        "two people in From", ("From", "ann@acme.test, eve@nobody.example"), reasons=Reason.AMBIGUOUS_SENDER
    )
    yield hostile("no From", author=None, reasons=Reason.NO_SENDER)
    yield hostile(
        "a user's address as display name",
        ("From", '"ann@acme.test" <eve@nobody.example>'),
        reasons=Reason.UNKNOWN_SENDER,
    )
    yield hostile(
        "a user's address as comment",
        ("From", "eve@nobody.example (ann@acme.test)"),
        reasons=Reason.UNKNOWN_SENDER,
    )
    yield hostile(
        "a user's address before another",
        ("From", "ann@acme.test <eve@nobody.example>"),
        reasons=Reason.AMBIGUOUS_SENDER,
    )
    yield hostile(
        "a homograph of a user's domain", ("From", "ann@\u0430cme.test"), reasons=Reason.UNKNOWN_SENDER
    )
    yield hostile(
        "an encoded user's address",
        ("From", "=?utf-8?q?ann=40acme=2Etest?= <eve@nobody.example>"),
        reasons=Reason.UNKNOWN_SENDER,
    )
    yield hostile("From in a group", ("From", "Sales: ann@acme.test;"), reasons=ANY)
    yield hostile("From of 16 KB", ("From", "A" * 16 * KB + " <ann@acme.test>"), reasons=ANY)
    yield hostile("8-bit From", ("From", "Änn <ann@acme.test>".encode("latin-1")))
    yield hostile("SMTPUTF8 recipient", ("To", "jürgen@straße.example"))
    yield hostile("surrogates in a recipient", ("To", b"j\xed\xb0\x80@client.example, carl@client.example"))
    yield hostile("10,000 recipients", ("To", ",\r\n ".join(f"c{n}@client.example" for n in range(9000))))
    yield hostile(
        "100,000 recipients",
        ("To", ",\r\n ".join(f"c{n}@client.example" for n in range(100_000))),
        reasons=Reason.MALFORMED_HEADER,
    )
    yield hostile("201 To fields", *[("To", f"d{n}@client.example") for n in range(201)])
    yield hostile(
        "a group of 5,000", ("To", "All: " + ", ".join(f"e{n}@client.example" for n in range(5000)) + ";")
    )
    yield hostile(
        "nested comments", ("To", "(" * 20_000 + ")" * 20_000 + " carl@client.example"), reasons=ANY
    )
    yield hostile("nobody at all", to=None, reasons=Reason.NO_RECIPIENT)
    yield hostile("1,000 Delivered-To", *[("Delivered-To", BCC)] * 1000)
    yield hostile("Resent-From a thousand times", *[("Resent-From", "ann@acme.test")] * 1000)


def _ids() -> Iterator[Hostile]:
    for value in (
        "",
        "<>",
        "<@>",
        "<[0a1b@microsoft.com]>",
        "x",
        "<" * 30_000,
        "<a b c@d>",
        "<\u00fc@x>",
        "<a@b><c@d>",
    ):
        yield hostile(f"Message-ID is {value[:30]!r}", ("Message-ID", value))
    yield hostile("no Message-ID, once", ("Message-ID", ""), ("Subject", "No id 1"))
    yield hostile(
        "no Message-ID, another mail",
        ("Message-ID", ""),
        ("Subject", "No id 2"),
        body=b"Another text altogether.\r\n",
    )
    yield hostile("one Message-ID, first mail", ("Message-ID", "<same@dhl.example>"), ("Subject", "Parcel 1"))
    yield hostile("one Message-ID, other mail", ("Message-ID", "<same@dhl.example>"), ("Subject", "Parcel 2"))
    yield hostile("the same mail twice", reasons=Reason.DUPLICATE, times=2)
    yield hostile("5,000 References", ("References", " ".join(f"<{n}@x.example>" for n in range(5000))))


def _automatic() -> Iterator[Hostile]:
    yield hostile("vacation", ("Auto-Submitted", "auto-replied"), reasons=Reason.AUTO_REPLY)
    yield hostile("Auto-Submitted of 40 KB", ("Auto-Submitted", "auto-" * 8000), reasons=ANY)
    yield hostile("a list's mail", ("List-Id", "<sales.lists.example>"), reasons=Reason.MAILING_LIST)
    yield hostile("bulk", ("Precedence", "bulk"), reasons=ANY)
    yield hostile("a null return path", ("Return-Path", "<>"), reasons=ANY)
    report = 'multipart/report; report-type=delivery-status; boundary="r"'
    yield hostile("a report without parts", ("Content-Type", report), reasons=ANY)
    yield hostile(
        "a bounce",
        ("Content-Type", report),
        ("From", "MAILER-DAEMON@acme.test"),
        body=b"--r\r\n\r\nIt failed.\r\n--r\r\nContent-Type: message/delivery-status\r\n\r\nStatus: 5.1.1\r\n--r--\r\n",
        reasons=Reason.BOUNCE,
    )
    yield hostile(
        "a read receipt",
        ("Content-Type", report.replace("delivery-status", "disposition-notification")),
        body=b"--r\r\n\r\nRead.\r\n--r\r\nContent-Type: message/disposition-notification\r\n\r\nDisposition: x\r\n--r--\r\n",
        reasons=ANY - LOGGED,
    )
    yield hostile(
        "a calendar's answer",
        ("Content-Type", "text/calendar; method=REPLY"),
        body=b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n",
        reasons=Reason.CALENDAR,
    )
    yield hostile(
        "a calendar of 1 MB in one line",
        ("Content-Type", "text/calendar"),
        body=b"BEGIN:VCALENDAR\r\nX:" + b"y" * KB * KB,
        reasons=ANY,
    )


def _for_logs() -> Iterator[Hostile]:
    yield hostile(
        "line ends in an encoded subject",
        ("Subject", "=?utf-8?q?a=0D=0ABcc:_victim@x.example=0D=0A=0D=0Abody?="),
    )
    yield hostile("ANSI in the subject", ("Subject", "=?utf-8?q?=1B[2J=1B[31mERROR?="))
    yield hostile("raw ANSI in the subject", ("Subject", b"\x1b[2J\x1b[31mERROR"))
    yield hostile("direction marks in the subject", ("Subject", "\u202egnp.exe\u202c"))
    yield hostile("NUL in an encoded subject", ("Subject", "=?utf-8?q?a=00b?="))
    yield hostile("a lone surrogate in an encoded subject", ("Subject", "=?utf-7?q?+2AA-?="))
    yield hostile(
        "half characters in encoded words", ("Subject", "=?utf-8?q?=C3?= =?utf-8?q?=BC?= =?utf-8?q?=C3?=")
    )
    yield hostile("format characters in names", ("To", '"%s%n{0}{__class__}" <carl@client.example>'))
    yield hostile("10,000 encoded words", ("Subject", "=?utf-8?b?w7w=?= " * 3500))
