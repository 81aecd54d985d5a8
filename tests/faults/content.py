"""Rows 47 to 69, one mail or several for each: what it is, what it must come to, and what must hold of its engagement."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_logger.core.model import Flag, Reason
from tests.hostile.build import FORWARD, Hostile, hostile, multipart, part
from tests.hostile.corpus import CORPUS
from tests.kill.maildirs import ARRIVED

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

MB = 1024 * 1024
SETTINGS = {"MAX_MAIL_MB": "5", "MAX_ATTACHMENT_MB": "2", "FILING": "move"}
ORIGINAL = b"From: Carl <carl@client.example>\r\nTo: ann@acme.test\r\nSubject: Encoded\r\nDate: Mon, 4 May 2026 09:00:00 +0200\r\n\r\nYes.\r\n"


@dataclass(frozen=True)
class Seen:
    """What the database holds of an engagement."""

    direction: str
    subject: str
    text: str
    sent_at: datetime
    arrived: datetime
    date_text: str
    author: tuple[str, str]
    message_id: str
    flags: frozenset[str]
    people: dict[str, str]
    contacts: int
    files: dict[str, tuple[int, bool]]
    """Size, and whether it was left out."""


@dataclass(frozen=True)
class Row:
    """A row of the table. `mails` are delivered one after the other; `reasons` are theirs, `engagements` of them all together."""

    number: int
    mails: tuple[Hostile, ...]
    reasons: tuple[Reason, ...]
    holds: Callable[[Seen], bool] = lambda _seen: True
    engagements: int = -1

    @property
    def logged(self) -> int:
        """How many engagements there must be."""
        return self.reasons.count(Reason.LOGGED) if self.engagements < 0 else self.engagements


def _row(
    number: int,
    *mails: Hostile | str,
    reasons: tuple[Reason, ...] = (Reason.LOGGED,),
    holds: Callable[[Seen], bool] = lambda _seen: True,
) -> Row:
    found = tuple(CORPUS[each] if isinstance(each, str) else each for each in mails)
    return Row(number, found, reasons if len(reasons) > 1 else reasons * len(found), holds)


def _with_file(name: str, size: int) -> Hostile:
    coded = base64.encodebytes(b"\x01" * size)
    parts = (
        part("text/plain", b"See below."),
        part(f"application/pdf; name={name}.pdf", coded, "Content-Transfer-Encoding: base64"),
    )
    return hostile(name, ("Content-Type", "multipart/mixed; boundary=b"), body=multipart("b", *parts))


def _text(name: str, content_type: str, body: bytes) -> Hostile:
    return hostile(name, ("Content-Type", content_type), body=body)


def _arrived(seen: Seen) -> bool:
    """The time of arrival stands for a Date that says nothing."""
    return seen.sent_at == seen.arrived and abs(seen.sent_at.timestamp() - ARRIVED) < 1000


ROWS = (
    _row(47, _with_file("partial", 6 * MB), holds=lambda seen: Flag.PARTIAL in seen.flags and seen.files["partial.pdf"][1]),
    _row(47, _with_file("left-out", 3 * MB), holds=lambda seen: Flag.ATTACHMENT_LEFT_OUT in seen.flags and seen.files == {"left-out.pdf": (3 * MB, True)}),
    _row(47, "text: 3 MB of text", holds=lambda seen: Flag.BODY_CUT in seen.flags and MB < len(seen.text) <= 2 * MB),
    _row(48, "text: 1 MB of empty lines"),
    _row(49, "text: NUL", "text: control characters", "NUL in an encoded subject", holds=lambda seen: not any(ord(each) < 32 and each not in "\t\n" for each in seen.text + seen.subject)),
    _row(50, "bare CR in Subject", reasons=(Reason.MALFORMED_HEADER,)),
    _row(51, "8-bit From", holds=lambda seen: seen.author == ("Änn", "ann@acme.test")),
    _row(51, "SMTPUTF8 recipient", holds=lambda seen: seen.contacts == 1 and "jürgen@straße.example" in seen.people.values()),
    _row(52, "nothing", "no header section", reasons=(Reason.NO_LOG_ADDRESS,)),
    _row(52, "no From", "no blank line", reasons=(Reason.NO_SENDER,)),
    _row(53, "a section of 1 MB", "one field of 300 KB", reasons=(Reason.MALFORMED_HEADER,)),
    _row(54, "10,000 recipients", holds=lambda seen: seen.contacts == 50 and len(seen.people) == 1 + 200),
    _row(55, "1,001 parts", "100,000 parts", holds=lambda seen: 900 < len(seen.text.split()) <= 1000),
    _row(56, "multiparts 3000 deep", "mails 3000 deep"),
    _row(57, hostile("an original in base64", ("Content-Type", "multipart/mixed; boundary=b"), log=FORWARD, to="@@forwarding@@",
                     body=multipart("b", part("message/rfc822", base64.encodebytes(ORIGINAL), "Content-Transfer-Encoding: base64"))),
         holds=lambda seen: (seen.direction, seen.author[1], seen.subject, seen.text.strip()) == ("incoming", "carl@client.example", "Encoded", "Yes.")),
    _row(58, *[_text(f"in {name}", f"text/plain; charset={name}", b"Gr\xfc\xdfe") for name in ("unknown", "hex", "undefined", "idna", "punycode")], holds=lambda seen: seen.text.strip() == "Grüße"),
    _row(59, _text("no utf-8", "text/plain; charset=utf-8", b"Gr\xfc\xdfe"), _text("no ascii", "text/plain; charset=us-ascii", "Grüße".encode()), holds=lambda seen: seen.text.strip() == "Grüße"),
    _row(60, "base64 garbage", "uuencode without end", "unknown encoding", "broken quoted-printable"),
    _row(61, "date garbage", "date empty", "date year 99999", "date offset overflow", holds=_arrived),
    _row(61, "date no zone known", holds=lambda seen: f"{seen.sent_at:%H:%M %z}" == "11:00 +0000"),
    _row(62, "date 1970", "date future", holds=lambda seen: _arrived(seen) and len(seen.date_text) > 20),
    _row(63, "one Message-ID, first mail", "one Message-ID, other mail", holds=lambda seen: seen.message_id == "same@dhl.example"),
    _row(64, *["the same mail twice"] * 2, reasons=(Reason.LOGGED, Reason.DUPLICATE)),
    _row(65, *[hostile(f"{number} without an id", ("Message-ID", ""), ("Subject", "No id"), body=f"Offer {number}: {name}.".encode()) for number, name in enumerate(("a boat", "a house"))], holds=lambda seen: seen.message_id == ""),
    _row(66, "winmail.dat", holds=lambda seen: seen.files["winmail.dat"] == (5007, False)),
    _row(67, "S/MIME enveloped-data", "PGP/MIME", holds=lambda seen: Flag.ENCRYPTED in seen.flags),
    _row(68, "vacation", "a bounce", "a list's mail", "a calendar's answer", reasons=(Reason.AUTO_REPLY, Reason.BOUNCE, Reason.MAILING_LIST, Reason.CALENDAR)),
    _row(69, "line ends in an encoded subject", "ANSI in the subject", "raw ANSI in the subject", holds=lambda seen: seen.subject.isprintable()),
)  # fmt: skip
