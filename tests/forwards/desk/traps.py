"""The second set: what goes wrong on the way of a forward, in every language; old charsets; and replies that look like forwards."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from tests.forwards.desk.around import STORIES
from tests.forwards.desk.blocks import (
    Trap,
    apostrophes,
    exclaimed,
    folded,
    group,
    in_divs,
    in_list,
    in_table,
    inverted,
    linked_in_brackets,
    linked_twice,
    names_only,
    no_break_spaces,
    no_recipient_names,
    on_behalf,
    on_behalf_nameless,
    one_line_of_html,
    pre,
    quoted_marked,
    quoted_whole,
    run_together,
    spaced,
    starred,
    starred_outside,
    undisclosed,
    values_below,
    wrapped_76,
)
from tests.forwards.desk.cast import ANN, BOB, Story, story
from tests.forwards.desk.conversations import (
    answered_below,
    attribution_apple,
    attribution_only,
    banner_between,
    conversation,
    many_headers,
    nested_gmail,
    no_body,
    no_subject,
    note_list,
    note_pastes,
    note_quotes,
    numeric_date,
    renamed,
    reply_to,
    rfc_header,
)
from tests.forwards.desk.frames import MAKES
from tests.forwards.desk.mails import content, refused, truth
from tests.forwards.desk.words import WORDS
from tests.forwards.sample import Sample, mailbox, outer, part
from tests.forwards.stories import Person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


LANGUAGES = tuple(WORDS)
_FORMS = ("both", "html", "text")

TRAPS: dict[str, tuple[Callable[[Story], Trap], tuple[str, ...]]] = {
    **{make.__name__: (make, LANGUAGES) for make in (
        linked_twice, linked_in_brackets, inverted, apostrophes, names_only, on_behalf, on_behalf_nameless, undisclosed, group, no_recipient_names, starred, starred_outside,
        quoted_whole, quoted_marked, wrapped_76, folded, values_below, run_together, spaced, in_table, in_divs, in_list, no_break_spaces, pre, one_line_of_html, exclaimed,
        attribution_only, attribution_apple, conversation, nested_gmail, banner_between, note_quotes, note_pastes, note_list, many_headers, reply_to, no_subject, no_body, renamed, numeric_date,
    )},
    "answered_below": (answered_below, ("en",)), "rfc_header": (rfc_header, ("en",)),
}  # fmt: skip
_CHARSETS = {
    "en": "iso-8859-1",
    "de": "iso-8859-1",
    "fr": "windows-1252",
    "es": "iso-8859-15",
    "it": "iso-8859-1",
    "pt": "windows-1252",
    "nl": "us-ascii",
    "pl": "iso-8859-2",
    "sv": "iso-8859-1",
    "ru": "koi8-r",
    "ja": "iso-2022-jp",
    "zh": "gb2312",
}
WESTERN = tuple(
    who
    for who in (
        Person("Carl Brandt", "carl@client.example"),
        Person("Peter Lang", "lang@werk.example"),
        Person("", "m.rossi77@posta.example"),
    )
)


def trapped(seed: int) -> Iterator[Sample]:
    """Every trap in every language."""
    chance = random.Random(seed)
    turn = 0
    for name, (make, languages) in TRAPS.items():
        for language in languages:
            turn += 1
            s, made, said = make(story(chance, language))
            words = WORDS[language]
            subject = "What we spoke of" if name == "renamed" else f"{words.prefix}: {s.subject}".strip()
            raw = outer(content(made, _FORMS[turn % 3]), subject, sender=ANN)
            yield Sample(f"desk-trap/{name}/{language}/{turn}", name, language, "desk-trap", raw, said)


def old_charsets(seed: int) -> Iterator[Sample]:
    """Outlook and Gmail in the charsets of before, with people who can be written in them."""
    chance = random.Random(seed)
    for language, charset in _CHARSETS.items():
        for make in ("outlook_desktop", "outlook_original", "gmail", "owa", "apple_mail"):
            s = story(chance, language).but(
                sender=chance.choice(WESTERN),
                to=(ANN, BOB),
                cc=(),
                subject="Offer no. 4711",
                body=("Hello,", "yes."),
                note="FYI",
            )
            made = MAKES[make][0](s)
            try:
                both = [
                    part(made.text, "plain", charset, "8bit"),
                    *([part(made.html, "html", charset, "base64")] if made.html else []),
                ]
            except UnicodeEncodeError:
                continue
            raw = outer(both[chance.randrange(len(both))], f"FW: {s.subject}", sender=ANN)
            yield Sample(
                f"desk-charset/{make}/{language}", charset, language, "desk-trap", raw, truth(s, made)
            )


def answers(seed: int) -> Iterator[Sample]:
    """Replies that look like forwards: to a third person, with a forward's word inside the subject, to everybody, with the log address in To."""
    chance = random.Random(seed)
    turn = 0
    for language, words in WORDS.items():
        for make in (
            "outlook_desktop",
            "owa",
            "outlook_original",
            "outlook_mac",
            "new_outlook",
            "outlook_mobile",
            "windows_mail",
            "outlook_spans",
        ):
            for kind in ("third", "inner", "everybody", "logged"):
                turn += 1
                s = STORIES[("plain", "answered", "twice")[turn % 3]](story(chance, language))
                s = s.but(note=s.note or "Thanks.\n\nAnn")
                made = MAKES[make][0](s)
                to = {
                    "third": "dora@client.example",
                    "inner": mailbox(s.sender),
                    "everybody": ", ".join(map(mailbox, (s.sender, *s.cc, BOB))),
                    "logged": f"{mailbox(s.sender)}, forward-abcdefghijklmnopqrstuvwxyz@log.acme.test",
                }[kind]
                prefix = f"{words.reply}: {words.prefix}" if kind == "inner" else words.reply
                raw = outer(
                    content(made, _FORMS[turn % 3]),
                    f"{prefix}: {s.subject}",
                    sender=ANN,
                    to=to,
                    extra="In-Reply-To: <1@client.example>\nReferences: <1@client.example>\n",
                )
                yield refused(f"desk-answer/{make}/{language}/{kind}-{turn}", f"answer-{kind}", language, raw)


def trap_samples(seed: int = 1) -> Iterator[Sample]:
    """All of the second set."""
    yield from trapped(seed)
    yield from old_charsets(seed)
    yield from answers(seed)
