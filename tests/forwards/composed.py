"""Forwards put together by dice: any labels with any order, colon, dashes, way to write people, note, body and form."""

from __future__ import annotations

import random
import re
import textwrap
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from tests.forwards.replies import SENT, sent_mail
from tests.forwards.sample import Sample, Truth, outer, part, truth_of
from tests.forwards.stories import Mail, Person, languages, older_quote, quoted, story, who
from tests.forwards.unlisted import unlisted_languages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.forwards.stories import Labels, Language

ORDERS = ("fdtcs", "fsdtc", "sdftc", "ftcds", "dftcs", "ftcsd")
COLONS = (": ", ": ", ": ", " : ", "：", ":\t", ":", ":\xa0", ":   ")
SEPARATORS = (
    "", "-----{word}-----", "---------- {word} ----------", "-------- {word} --------", "________________________________",
    "=== {word} ===", "--- {word} ---", "***** {word} *****", "{word}:", "------------------------------",
)  # fmt: skip
PEOPLE = (
    "{name} <{address}>", "{name} <{address}>", '"{name}" <{address}>', "{name} [mailto:{address}]", "'{name}' <{address}>",
    "{name} <{address} <mailto:{address}>>", "{name} <{address}<mailto:{address}>>", "{name}<mailto:{address}>", "{address}",
    "<{address}>", "{name} ({address})", "{address} <{address}>", "{address} <mailto:{address}>",
)  # fmt: skip
NAMELESS = ("{address}", "<{address}>", "{address} <{address}>", "{address} <mailto:{address}>")
BOLD = ("{}", "{}", "{}", "*{}*", "**{}**", "  {}", "{}")
FORMS = ("text", "text", "text", "wrapped", "quoted", "br", "p", "div", "pre")


@dataclass(frozen=True, slots=True)
class Made:
    """The parts the dice chose: the text above the block, the block's lines, and what is below."""

    above: list[str]
    head: list[str]
    below: list[str]


def _person(person: Person, style: str) -> str:
    if not person.name:
        return person.address
    return style.format(name=person.name, address=person.address)


def _labels(language: Language, dice: random.Random) -> Labels:
    keys = ("outlook", "outlook_web", "apple", "thunderbird", "yahoo", "words")
    return language.labels(dice.choice([key for key in keys if key in language.words]))


def _date(mail: Mail, dice: random.Random) -> str:
    written = [mail.date(style) for style in ("full", "gmail", "long", "yahoo")]
    return dice.choice(
        [*written, mail.rfc_date(), f"{mail.wall:%Y-%m-%d %H:%M:%S}", f"{mail.date('full')} (GMT+01:00)"]
    )


def _head(mail: Mail, dice: random.Random) -> tuple[list[str], str]:
    labels, style = _labels(mail.language, dice), dice.choice(PEOPLE)
    colon, bold, between = dice.choice(COLONS), dice.choice(BOLD), dice.choice((", ", "; "))
    values = {
        "f": (labels.sender, _person(mail.sender, style)),
        "d": (labels.date, _date(mail, dice)),
        "t": (labels.to, between.join(_person(person, style) for person in mail.to)),
        "c": (labels.cc, between.join(_person(person, style) for person in mail.cc)),
        "s": (labels.subject, mail.subject),
    }
    order = [key for key in dice.choice(ORDERS) if key != "c" or mail.cc]
    if bold.strip(" ") != "{}":
        return [f"{bold.format(values[key][0] + colon.rstrip())} {values[key][1]}" for key in order], style
    return [f"{bold.format(values[key][0])}{colon}{values[key][1]}" for key in order], style


def _note(mail: Mail, dice: random.Random) -> str:
    note, regards = mail.note, f"{mail.language.word('regards')}\n{mail.owner.name}"
    return dice.choice(
        (
            "", note, note, f"{note}\n\n{regards}", f"{note}\n\n-- \n{mail.owner.name}\nann@acme.test\n+49 30 1234567",
            f"{note} (Eve Novak <eve@other.example>)", f"Hi Bob,\n{note}\n\n{regards}\nTel: 030 1234\nMail: ann@acme.test",
            f"@Bob: {note}", f"FYI\n\n{regards}",
        )
    )  # fmt: skip


def _body(mail: Mail, dice: random.Random) -> str:
    body, owner = mail.body, mail.owner
    deeper = f"-----{mail.language.word('original')}-----\nFrom: {owner.name} <{owner.address}>\nSent: 1 Jan 2024 10:00"
    return dice.choice(
        (
            body, body, body, f"{body}\n\n{older_quote(mail.language, owner)}", f"{body}\n\n{deeper}\nTo: Carl\nSubject: A\n\nB",
            f"{body}\n\n{'_' * 30}\nThis mail is confidential. Questions: legal@client.example", f"Ref: 4711\nDate: soon\n\n{body}",
            f"{body}\n\nEve Novak <eve@other.example>\nTel. 030 1234",
        )
    )  # fmt: skip


def _joined(made: Made, form: str) -> tuple[str, str]:
    lines = [*made.above, *made.head, *made.below]
    if form == "wrapped":
        wrapped = (
            textwrap.wrap(one, 76, break_long_words=False, break_on_hyphens=False) or [""] for one in lines
        )
        return "plain", "\n".join(line for some in wrapped for line in some)
    if form == "quoted":
        return "plain", "\n".join([*made.above, *quoted("\n".join([*made.head, *made.below])).split("\n")])
    if form == "text":
        return "plain", "\n".join(lines)
    escaped = [escape(line, quote=False) for line in lines]
    if form == "pre":
        return "html", f"<html><body><pre>{chr(10).join(escaped)}</pre></body></html>"
    if form == "br":
        return "html", f"<html><body>{'<br>'.join(escaped)}</body></html>"
    return "html", "<html><body>" + "".join(
        f"<{form}>{line or '<br>'}</{form}>" for line in escaped
    ) + "</body></html>"


def compose(language: Language, dice: random.Random, number: int) -> Sample:
    """One roll of the dice."""
    mail = story(language, dice.randrange(4))
    mail = mail.but(note=_note(mail, dice), body=_body(mail, dice))
    word = language.word("forwarded" if dice.random() < 0.5 else "original")
    separator = dice.choice(SEPARATORS).format(word=word)
    head, style = _head(mail, dice)
    above = [
        *mail.note.split("\n"),
        *[""] * dice.randrange(1, 3),
        *([separator, *[""] * dice.randrange(2)] if separator else []),
    ]
    made = Made(above, head, [*[""] * dice.randrange(1, 4), *mail.body.split("\n")])
    form = dice.choice(FORMS)
    subtype, content = _joined(made, form)
    raw = outer(
        part(f"{content}\n", subtype),
        f"{dice.choice(('Fwd', 'FW', 'Fw'))}: {mail.subject}",
        sender=mail.owner,
    )
    truth = _seen(truth_of(mail), style)
    if form == "p" and mail.body.startswith("Ref:"):
        truth = truth.but(
            unknown=frozenset({"body"})
        )  # where every line is a paragraph nothing ends the block
    return Sample(
        f"composed-{number}/{language.code}/{form}",
        f"composed-{form}",
        language.code,
        "composed",
        raw,
        truth,
        composed=True,
    )


def _seen(truth: Truth, style: str) -> Truth:
    if style not in NAMELESS:
        return truth
    bare = [
        tuple(Person("", one.address) for one in people) for people in ((truth.sender,), truth.to, truth.cc)
    ]
    return truth.but(sender=bare[0][0], to=bare[1], cc=bare[2])


def composed_samples(count: int = 1500) -> Iterator[Sample]:
    """So many rolls over all languages, listed and unlisted; the dice always fall the same way."""
    every = {**languages(), **unlisted_languages()}
    codes = sorted(every)
    for number in range(count):
        dice = random.Random(f"composed {number}")
        yield compose(every[codes[number % len(codes)]], dice, number)


def compose_reply(language: Language, dice: random.Random, number: int) -> Sample:
    """The same blocks and attribution lines under an answer; at times nothing but the prefix says that it is one."""
    mail = story(language, dice.randrange(4))
    mail = mail.but(body=_body(mail, dice))
    head, _ = _head(mail, dice)
    wrote = mail.language.word("wrote").format(
        date=mail.date(dice.choice(("full", "gmail", "long"))), who=who(mail.sender)
    )
    word = language.word("original")
    separator = dice.choice(("", "________________________________", f"-----{word}-----"))
    answered = f"{mail.language.word('older')}\n\n{mail.language.word('regards')}\n{mail.owner.name}"
    if dice.random() < 0.5:
        text = "\n".join([answered, "", separator, *head, "", mail.body])
    else:
        parts = [wrote, quoted(mail.body), answered]
        text = "\n\n".join(parts if dice.random() < 0.5 else [parts[2], *parts[:2]])
    prefix = dice.choice([*language.some("reply_prefixes"), "Re", "RE"])
    subject = mail.subject if mail.moment == 2 else f"{prefix}: {mail.subject}"
    known = dice.random() < 0.6
    extra = "In-Reply-To: <1@client.example>\nReferences: <0@acme.test> <1@client.example>\n" if known else ""
    form = dice.choice(("text", "text", "br", "div"))
    subtype, content = _joined(Made([], [], text.split("\n")), form)
    raw = sent_mail(
        part(f"{content}\n", subtype), mail.owner, (mail.sender,), cc=mail.cc, subject=subject, extra=extra
    )
    truth = Truth(
        False, mail.owner, (mail.sender,), mail.cc, subject, SENT, body=text, unknown=frozenset({"body"})
    )
    return Sample(
        f"answered-{number}/{language.code}/{form}", f"answered-{form}", language.code, "answered", raw, truth
    )


def answered_samples(count: int = 800) -> Iterator[Sample]:
    """So many replies by dice."""
    every = {**languages(), **unlisted_languages()}
    codes = sorted(every)
    for number in range(count):
        dice = random.Random(f"answered {number}")
        yield compose_reply(every[codes[number % len(codes)]], dice, number)


def compose_attribution(language: Language, dice: random.Random, number: int) -> Sample:
    """A forward that only says who wrote when, in one line or two, above a quote."""
    mail = story(language, dice.randrange(4), older=dice.random() < 0.5)
    mail = mail.but(
        note=dice.choice(
            ("", mail.note, f"{mail.note}\n\n{mail.language.word('regards')}\n{mail.owner.name}")
        )
    )
    style = dice.choice(
        (
            "{name} <{address}>",
            "{name} <{address}>",
            '"{name}" <{address}>',
            "{name} ({address})",
            "<{address}>",
            "{address}",
        )
    )
    template = language.word("wrote")
    if style == "{address}" and not re.search(r"(?:^|\s)\{who\}[\s:,]", template):
        style = "<{address}>"  # nobody glues a bare address to a word
    line = template.format(
        date=mail.date(dice.choice(("gmail", "full", "long"))), who=_person(mail.sender, style)
    )
    if dice.random() < 0.4:
        line = "\n".join(textwrap.wrap(line, 60, break_long_words=False, break_on_hyphens=False))
    below = quoted(mail.body, dice.choice(("> ", ">", "> ")))
    text = f"{mail.note}\n\n{line}\n\n{below}" if dice.random() < 0.5 else f"{mail.note}\n\n{line}\n{below}"
    raw = outer(part(f"{text}\n"), f"{dice.choice(('Fwd', 'FW'))}: {mail.subject}", sender=mail.owner)
    truth = _seen(truth_of(mail, to=(), cc=()), style)
    return Sample(
        f"attributed-{number}/{language.code}", "attributed", language.code, "attributed", raw, truth
    )


def attributed_samples(count: int = 600) -> Iterator[Sample]:
    """So many attribution lines by dice, in the listed languages."""
    codes = sorted(languages())
    for number in range(count):
        dice = random.Random(f"attributed {number}")
        yield compose_attribution(languages()[codes[number % len(codes)]], dice, number)
