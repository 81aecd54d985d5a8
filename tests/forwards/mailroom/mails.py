"""The mailroom's samples: raw mails with the truth about each; a seed decides who writes what."""

from __future__ import annotations

import random
import tomllib
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.forwards.mailroom.cast import ME, OTHERS, TONGUES, Made, Matter, angle, html, matter
from tests.forwards.mailroom.makes import CLIENTS, EVERYWHERE, outlook, outlook_web, speaks, special
from tests.forwards.sample import LOG_ADDRESS, Sample, Truth, mailbox, multipart, outer, part

if TYPE_CHECKING:
    from collections.abc import Iterator

NOTICES: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "notices.toml").read_text(encoding="utf-8")
)
_UNSCORED = frozenset({"from_address", "from_name", "to", "cc", "subject", "date", "body", "message"})
_NAMES = {"note": "message"}


def _content(made: Made, form: str) -> bytes:
    parts = {"text": [part(made.text)], "html": [part(made.html, "html", encoding="base64")]}
    if form == "both":
        return multipart("alternative", parts["text"] + parts["html"])
    return parts[form][0]


def _truth(m: Matter, made: Made) -> Truth:
    unknown = frozenset(_NAMES.get(name, name) for name in made.hides)
    return Truth(True, m.sender, m.to, m.cc, m.subject, m.when, body=m.body, note=m.note, unknown=unknown)


def forwards(seed: int) -> Iterator[Sample]:
    """Each client in each language that it is known in; the clients of one language three times."""
    chance = random.Random(seed)
    for turn, (client, tag, form) in enumerate(_orders(), 1):
        m = matter(chance, tag)
        made = EVERYWHERE[client](m) if client in EVERYWHERE else special(client, m)
        raw = outer(_content(made, form), f"{made.prefix}: {m.subject}", sender=ME)
        yield Sample(f"mailroom/{client}/{tag}/{turn}-{form}", client, tag, "mailroom", raw, _truth(m, made))


def _orders() -> Iterator[tuple[str, str, str]]:
    """Which client writes in which language and form."""
    forms = ("text", "both", "html")
    spoken = [(client, tag) for client in EVERYWHERE for tag in TONGUES if speaks(client, tag)]
    for number, (client, tag) in enumerate(spoken):
        for form in forms if client == "outlook" else (forms[number % 3],):
            yield client, tag, form
    for client, entry in CLIENTS.items():
        for form in ("text", "text", "html"):
            yield client, entry.get("language", "en"), form


def _gmail_reply(m: Matter) -> Made:
    line = TONGUES[m.tag]["gmail"].format(date=m.clock.moment(m.when, "medium"), who=angle(m.sender))
    quote = "\n".join(f"> {row}".rstrip() for row in m.body.split("\n"))
    return Made(
        f"{m.note}\n\n{line}\n\n{quote}\n",
        f'<div dir="ltr">{html(m.note)}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">{escape(line, quote=False)}<br></div><blockquote class="gmail_quote" style="margin:0 0 0 .8ex">{html(m.body)}</blockquote></div>',
    )


def replies(seed: int) -> Iterator[Sample]:
    """Answers in every language, to the writer or to somebody else, with and without what a thread's header has."""
    chance = random.Random(seed)
    turn = 0
    for tag in TONGUES:
        for name, make in (("outlook", outlook), ("outlook_web", outlook_web), ("gmail", _gmail_reply)):
            turn += 1
            m = matter(chance, tag)
            to = m.sender if turn % 3 else chance.choice(OTHERS)
            extra = "In-Reply-To: <77@hafen.example>\nReferences: <77@hafen.example>\n" if turn % 2 else ""
            to_whom = f"{mailbox(to)}, {LOG_ADDRESS}" if turn % 5 else mailbox(to)
            prefix = "Re" if name == "gmail" else m.reply
            base = m.subject.removeprefix("Re: ").removeprefix("RE: ")
            raw = outer(
                _content(make(m), ("text", "both", "html")[turn % 3]),
                f"{prefix}: {base}",
                sender=ME,
                to=to_whom,
                extra=extra,
            )
            yield Sample(
                f"mailroom-reply/{name}/{tag}/{turn}", f"reply-{name}", tag, "mailroom-none", raw, _none()
            )


def notices() -> Iterator[Sample]:
    """Notices and letters with rows like a header, as text and as HTML, to a person and to the log address."""
    for name, mail in NOTICES.items():
        text = mail["text"]
        bodies = {"text": part(text), "html": part(f"<html><body>{html(text)}</body></html>", "html")}
        for form, to in (("text", mailbox(OTHERS[0])), ("html", mailbox(OTHERS[0])), ("text", LOG_ADDRESS)):
            raw = outer(bodies[form], mail["subject"], sender=ME, to=to)
            kind = "log" if to == LOG_ADDRESS else form
            yield Sample(f"mailroom-notice/{name}/{kind}", "notice", "en", "mailroom-none", raw, _none())


def _none() -> Truth:
    return Truth(False, ME, unknown=_UNSCORED)


def mailroom_samples(seed: int = 1) -> Iterator[Sample]:
    """All of them."""
    yield from forwards(seed)
    yield from replies(seed)
    yield from notices()
