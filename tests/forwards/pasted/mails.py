"""The mails of `quoting.toml` in each form of a body, and forwards of every make under a subject of the user's own."""

from __future__ import annotations

import random
import tomllib
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.forwards.desk.cast import ANN, story
from tests.forwards.desk.frames import MAKES
from tests.forwards.desk.mails import content, truth
from tests.forwards.desk.words import WORDS
from tests.forwards.sample import LOG_ADDRESS, Sample, Truth, mailbox, multipart, outer, part
from tests.forwards.stories import Person

if TYPE_CHECKING:
    from collections.abc import Iterator

QUOTING: dict[str, dict[str, Any]] = tomllib.loads((Path(__file__).parent / "quoting.toml").read_text())
SOMEBODY = Person("Eve Stone", "eve@elsewhere.example")
_UNSCORED = frozenset({"from_address", "from_name", "to", "cc", "subject", "date", "body", "message"})
_FORMS = ("text", "both", "html")
BARE = frozenset({"outlook_desktop", "outlook_spans", "outlook_mailto", "outlook_mac", "new_outlook"})
"""Makes that draw nothing above their block in text: under a subject of the user's own it may as well have been copied."""


class Anew(NamedTuple):
    """A subject as the user wrote it: anew, around the old one, behind the client's prefix, or with a short word before it."""

    name: str
    subject: str


EDITED = {
    "en": "what we talked about", "de": "Worüber wir sprachen", "fr": "Comme convenu hier", "es": "Lo que hablamos ayer", "it": "Come d'accordo", "pt": "O que combinámos",
    "nl": "Zoals besproken", "pl": "Tak jak ustaliliśmy", "sv": "Som vi sa i går", "ru": "Как договорились", "ja": "昨日の件", "zh": "昨天谈的事",
}  # fmt: skip


def _anew(language: str, subject: str) -> tuple[Anew, ...]:
    own = EDITED[language]
    return (
        Anew("own", own),
        Anew("around", f"{own} - {subject}"),
        Anew("prefixed", f"{WORDS[language].prefix}: {own}"),
        Anew("bare", subject),
    )


def _html(text: str) -> str:
    return "".join(f"<div>{escape(line, quote=False) or '<br>'}</div>\n" for line in text.split("\n"))


def _code(text: str) -> str:
    """The header lines and what stands with them as a block of code, the sentences around them as paragraphs."""
    parts = text.split("\n\n")
    return "\n".join(
        f"<pre><code>{escape(each, quote=False)}</code></pre>"
        if ": " in each
        else f"<p>{escape(each, quote=False)}</p>"
        for each in parts
    )


def _bodies(text: str) -> dict[str, bytes]:
    return {
        "text": part(text),
        "html": part(f"<html><body>{_html(text)}</body></html>", "html"),
        "code": part(f"<html><body>{_code(text)}</body></html>", "html"),
        "both": multipart(
            "alternative", [part(text), part(f"<html><body>{_html(text)}</body></html>", "html")]
        ),
    }


def quoting() -> Iterator[Sample]:
    """Every mail that quotes header lines, in each form, to somebody and to the log address alone."""
    for name, mail in QUOTING.items():
        text = mail["text"].strip("\n") + "\n"
        said = Truth(False, ANN, unknown=_UNSCORED, uncertain="allowed" if mail.get("copied") else "")
        for form, body in _bodies(text).items():
            for whom, to in (("somebody", f"{mailbox(SOMEBODY)}, {LOG_ADDRESS}"), ("log", LOG_ADDRESS)):
                yield Sample(
                    f"quoting/{name}/{form}-{whom}",
                    name,
                    mail["language"],
                    "quoting",
                    outer(body, mail["subject"], sender=ANN, to=to),
                    said,
                )


def edited() -> Iterator[Sample]:
    """Forwards of every make, in three forms and under four kinds of subjects."""
    chance = random.Random(20261128)
    for make, (write, languages) in MAKES.items():
        for language in languages:
            told = language if language in WORDS else "en"
            for turn, form in enumerate(_FORMS):
                s = story(chance, told)
                made = write(s)
                anew = _anew(told, s.subject)
                said = truth(s, made)
                for each in (anew[0], anew[1 + turn]):
                    if each.name == "bare" and each.subject.casefold().startswith("re:"):
                        continue  # what then tells it from a reply is its recipients alone
                    thin = each.name == "own" and form == "text" and make in BARE
                    yield Sample(
                        f"edited/{make}/{language}/{form}-{each.name}",
                        make,
                        language,
                        "edited",
                        outer(content(made, form), each.subject, sender=ANN),
                        said.but(uncertain="allowed") if thin else said,
                    )


def pasted_samples() -> Iterator[Sample]:
    """All of them."""
    yield from quoting()
    yield from edited()
