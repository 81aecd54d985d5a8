"""The same forwards in other envelopes: flowed text, attachments beside them, signatures, stubs, odd dates."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from tests.forwards.clients import block, gmail, outlook, outlook_web, rows, thunderbird
from tests.forwards.sample import Rendered, Sample, multipart, outer, part, truth_of
from tests.forwards.stories import Mail, languages, story

if TYPE_CHECKING:
    from collections.abc import Iterator

_PDF = (
    b'Content-Type: application/pdf; name="offer.pdf"\r\nContent-Transfer-Encoding: base64\r\n'
    b'Content-Disposition: attachment; filename="offer.pdf"\r\n\r\nJVBERi0xLjQKJeLjz9MK\r\n'
)
_PNG = (
    b'Content-Type: image/png; name="logo.png"\r\nContent-Transfer-Encoding: base64\r\nContent-ID: <logo@acme.test>\r\n'
    b'Content-Disposition: inline; filename="logo.png"\r\n\r\niVBORw0KGgo=\r\n'
)
_P7S = (
    b'Content-Type: application/pkcs7-signature; name="smime.p7s"\r\nContent-Transfer-Encoding: base64\r\n'
    b'Content-Disposition: attachment; filename="smime.p7s"\r\n\r\nMIIB\r\n'
)
_DIGITS = {
    "ar": 0x660,
    "fa": 0x6F0,
    "ur": 0x6F0,
    "bn": 0x9E6,
    "mr": 0x966,
    "ne": 0x966,
    "hi": 0x966,
    "my": 0x1040,
}
_JALALI = (
    "دوشنبه ۱۱ اسفند ۱۴۰۴ ۰۹:۰۵",
    "دوشنبه ۳ آذر ۱۴۰۴ ۱۶:۴۲",
    "جمعه ۹ شهریور ۱۴۰۳ ۰۰:۱۵",
    "سه‌شنبه ۲۲ اردیبهشت ۱۴۰۵ ۱۲:۳۰",
)


def flowed(mail: Mail) -> tuple[bytes, Rendered]:
    """format=flowed (RFC 3676): soft line ends behind a blank."""
    made = thunderbird(mail)
    lines = []
    for line in made.text.split("\n"):
        wrapped = [line] if line.startswith(">") else textwrap.wrap(line, 70, break_long_words=False) or [""]
        lines += [f"{each} " for each in wrapped[:-1]] + wrapped[-1:]
    content = part("\n".join(lines))
    return content.replace(b"charset=utf-8", b"charset=utf-8; format=flowed"), made


def with_pdf(mail: Mail) -> tuple[bytes, Rendered]:
    """A PDF beside the text."""
    made = outlook_web(mail)
    both = multipart("alternative", [part(made.text), part(made.html, "html")], "inner_alt")
    return multipart("mixed", [both, _PDF]), made


def with_logo(mail: Mail) -> tuple[bytes, Rendered]:
    """A picture inside the HTML."""
    made = outlook(mail)
    html = made.html.replace("</body>", '<img src="cid:logo@acme.test"></body>')
    related = multipart("related", [part(html, "html"), _PNG], "inner_rel")
    return multipart("alternative", [part(made.text), related]), made


def signed_clear(mail: Mail) -> tuple[bytes, Rendered]:
    """S/MIME, signed in the clear (RFC 8551 §3.5.3)."""
    made = outlook(mail)
    return multipart("signed", [part(made.text), _P7S]), made


def stub_text(mail: Mail) -> tuple[bytes, Rendered]:
    """An empty text part, all in the HTML."""
    made = gmail(mail)
    return multipart("alternative", [part("\n"), part(made.html, "html")]), made


def split_text(mail: Mail) -> tuple[bytes, Rendered]:
    """Apple's way with a picture in the middle: two text parts around it."""
    made = gmail(mail)
    cut = made.text.index("----------")
    parts = [part(made.text[:cut]), _PNG, part(made.text[cut:])]
    return multipart("mixed", parts), made


def entities(mail: Mail) -> tuple[bytes, Rendered]:
    """HTML in ASCII, every other letter a numeric entity."""
    made = outlook_web(mail)
    html = made.html.encode("ascii", "xmlcharrefreplace").decode("ascii")
    return part(html, "html", "us-ascii"), Rendered("", made.html, made.truth, made.composed)


def mislabelled(mail: Mail) -> tuple[bytes, Rendered]:
    """UTF-8 that says it is ASCII."""
    made = outlook(mail)
    return part(made.text, encoding="8bit").replace(b"charset=utf-8", b"charset=us-ascii"), made


def unlabelled(mail: Mail) -> tuple[bytes, Rendered]:
    """UTF-8 that says nothing."""
    made = gmail(mail)
    return part(made.text, encoding="8bit").replace(b"; charset=utf-8", b""), made


def nested_deep(mail: Mail) -> tuple[bytes, Rendered]:
    """Exchange's nesting: mixed, related, alternative."""
    made = outlook(mail)
    both = multipart(
        "alternative", [part(made.text), part(made.html, "html", encoding="base64")], "innermost"
    )
    related = multipart("related", [both, _PNG], "inner_rel")
    return multipart("mixed", [related, _PDF]), made


def own_digits(mail: Mail) -> tuple[bytes, Rendered]:
    """The date in the script's own digits."""
    zero = _DIGITS.get(mail.language.code, ord("0"))
    labels = mail.language.labels("outlook")
    date = "".join(chr(zero + int(letter)) if letter.isdigit() else letter for letter in mail.date("full"))
    text = f"{mail.note}\n\n{block(rows(labels, mail, date, 'fdtcs'), labels.colon)}\n\n{mail.body}\n"
    return part(text), Rendered(text, "", truth_of(mail), labels.composed)


def persian_calendar(mail: Mail) -> tuple[bytes, Rendered]:
    """Outlook on a Persian Windows: the solar year. Null is fine, another day is not asked for."""
    labels = mail.language.labels("outlook")
    date = _JALALI[mail.moment]
    text = f"{mail.note}\n\n{block(rows(labels, mail, date, 'fdtcs'), labels.colon)}\n\n{mail.body}\n"
    return part(text), Rendered(text, "", truth_of(mail, unknown=frozenset({"date"})), labels.composed)


WRAPPERS = {
    "flowed": flowed,
    "with_pdf": with_pdf,
    "with_logo": with_logo,
    "signed_clear": signed_clear,
    "stub_text": stub_text,
    "split_text": split_text,
    "entities": entities,
    "mislabelled": mislabelled,
    "unlabelled": unlabelled,
    "nested_deep": nested_deep,
}
LOCAL = {"own_digits": (own_digits, tuple(_DIGITS)), "persian_calendar": (persian_calendar, ("fa",))}


def wrapped_samples() -> Iterator[Sample]:
    """Every envelope in every language."""
    for turn, (code, language) in enumerate(languages().items()):
        local = {name: make for name, (make, codes) in LOCAL.items() if code in codes}
        for number, (name, make) in enumerate((WRAPPERS | local).items()):
            content, made = make(story(language, (turn + number) % 4, older=number % 2 == 0))
            prefixes = language.some("forward_prefixes")
            subject = f"{prefixes[turn % len(prefixes)]}: {made.truth.subject}"
            raw = outer(content, subject, sender=story(language).owner)
            yield Sample(
                f"wrapped-{name}/{code}", f"wrapped-{name}", code, "wrapped", raw, made.truth, made.composed
            )
