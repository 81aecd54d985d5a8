"""Mails damaged by chance: the same seed and number give the same mail, everywhere."""

from __future__ import annotations

import random
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from tests.cast import CARL, bcc, forward, forwarding, mail
from tests.forwards.render import samples
from tests.hostile.build import BCC, FORWARD, envelope
from tests.hostile.corpus import CORPUS

if TYPE_CHECKING:
    from collections.abc import Callable

MAIL = "Date: Mon, 4 May 2026 11:00:00 +0200\r\nFrom: Carl <carl@client.example>\r\nTo: ann@acme.test\r\nSubject: Offer\r\n\r\nYes\r\n"
PIECES = [piece.encode("utf-8", "surrogateescape") for piece in (
    '"', "'", "(", ")", "<", ">", "@", ",", ";", ":", "\\", "\r", "\n", "\r\n", "\0", "=", "=?", "?=", "=?utf-7?b?+2AA-?=", "=?utf-8?q?=C3?=", "*", "*0*=", "%", "\udcff", "\xfc", "あ", "\u202e", "\u200b",
    "\t", " ", "\n\n", "\r\n\r\n", "From: a@b.example\r\n", "From: Carl <carl@client.example>\r\n", "To: ", "Sent: ", "*From:* ", "> ", ">", "-- \r\n", "-----Original Message-----\r\n", "---------- Forwarded message ---------\r\n",
    "On Mon, 4 May 2026 at 11:00, Carl <carl@client.example> wrote:\r\n", "Von: ", "Le lun. 4 mai 2026 à 11:00, Carl a écrit :\r\n", "<div>", "</div>", "<blockquote>", "<br>", "<table><tr><td>", "<!--", '<a href="mailto:a@b.example">', "<p class=\"x\" style='border:none'>",
    "&lt;", "&#0;", "&amp;", "<style>", "<b>From:</b> ", "Content-Type: text/html\r\n", "Content-Type: multipart/mixed; boundary=b\r\n", "Content-Type: message/rfc822\r\n\r\n", "Content-Transfer-Encoding: base64\r\n", "charset=utf-16", "--b\r\n", "--b--\r\n",
    "Resent-From: ann@acme.test\r\n", "Auto-Submitted: auto-replied\r\n", "xn--", "[", "]", "{", "}", "|", "99999999999", "12:60", "31 Feb 2026", "+9999", "年", "\x1b[31m", "\ud83d".encode("utf-16-le", "surrogatepass").decode("latin-1"), MAIL,
)]  # fmt: skip
LARGE = 20_000
"""So long may a repeated piece become: enough for what is quadratic to show."""


@cache
def originals() -> list[bytes]:
    """The mails to damage: the cast's, forwards of many clients in many languages, and hostile ones that are small."""
    top = b"\r\n".join(envelope(forwarding().encode())) + b"\r\n"
    cast = [
        mail(to_log=bcc()),
        mail(to_log=bcc(), html="<p>Dear Carl,</p><p>here it is.</p>", cc="dora@client.example"),
        mail(to_log=bcc(), attached=(MAIL.encode(),)),
        forward(),
        forward(attached=(MAIL.encode(),)),
        forward(author=CARL, headers=(("Resent-From", "ann@acme.test"),)),
    ]
    forwards = [top + sample.raw for sample in islice(samples(), 0, None, 7) if len(sample.raw) < 8000]
    small = [each.raw for each in CORPUS.values() if len(each.raw) < 4000]
    hostile = [raw.replace(BCC, bcc().encode()).replace(FORWARD, forwarding().encode()) for raw in small]
    return [*cast * 20, *forwards, *hostile]


def mutated(seed: int, number: int) -> bytes:
    """The mail of that number."""
    chance = random.Random(f"{seed}/{number}")
    raw = bytearray(chance.choice(originals()))
    # What the server wrote on top mostly stays: else few mails would come further than to the first question.
    kept = 0 if chance.random() < 0.1 else raw.find(b"\n", raw.find(b"Received:")) + 1
    for _ in range(chance.choice((1, 1, 2, 3, 5, 12))):
        chance.choice(DAMAGES)(raw, kept, chance)
    return bytes(raw)


def _insert(raw: bytearray, kept: int, chance: random.Random) -> None:
    position = chance.randint(kept, len(raw))
    raw[position:position] = chance.choice(PIECES)


def _replace(raw: bytearray, kept: int, chance: random.Random) -> None:
    position = chance.randint(kept, len(raw))
    raw[position : position + chance.choice((1, 1, 3, 20))] = chance.choice(PIECES)


def _repeat(raw: bytearray, kept: int, chance: random.Random) -> None:
    position = chance.randint(kept, len(raw))
    piece = chance.choice(PIECES) + (chance.choice(PIECES) if chance.random() < 0.3 else b"")
    most = LARGE if chance.random() < 0.02 else 200
    raw[position:position] = piece * chance.randint(2, max(2, most // len(piece)))


def _delete(raw: bytearray, kept: int, chance: random.Random) -> None:
    position = chance.randint(kept, len(raw))
    del raw[position : position + chance.choice((1, 2, 10, 100, 1000))]


def _double(raw: bytearray, kept: int, chance: random.Random) -> None:
    position = chance.randint(kept, len(raw))
    piece = raw[position : position + chance.choice((10, 80, 800))]
    target = chance.randint(kept, len(raw))
    raw[target:target] = piece


def _flip(raw: bytearray, kept: int, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 8))):
        if len(raw) > kept:
            raw[chance.randrange(kept, len(raw))] = chance.randrange(256)


def _splice(raw: bytearray, kept: int, chance: random.Random) -> None:
    other = chance.choice(originals())
    start = chance.randrange(len(other) or 1)
    position = chance.randint(kept, len(raw))
    raw[position:position] = other[start : start + chance.choice((50, 500, 3000))]


def _case(raw: bytearray, kept: int, chance: random.Random) -> None:
    position = chance.randint(kept, len(raw))
    raw[position : position + 40] = raw[position : position + 40].swapcase()


DAMAGES: tuple[Callable[[bytearray, int, random.Random], None], ...] = (
    _insert, _insert, _replace, _replace, _repeat, _delete, _double, _flip, _splice, _case,
)  # fmt: skip
