"""Throws dice for what surrounds a page: note, wrapping, charset, encoding, subject; the same number gives the same mail."""

from __future__ import annotations

import base64
import quopri
import random
import textwrap
from datetime import datetime, timedelta, timezone
from email.header import Header
from email.utils import format_datetime, formataddr
from html import escape
from typing import TYPE_CHECKING

from tests.forwards.strangers import pages, texts, texts_more
from tests.forwards.strangers.story import Page, Story, Stranger, Who
from tests.forwards.strangers.words import Tongue, tongues

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_CHARSETS = {
    "iso-8859-1": "de fr es pt-BR pt-PT it nl ca gl eu oc br af da nb nn sv fo is fi sq ga gd rm sc wa sw id ms en ht",
    "iso-8859-15": "fr fi et lb fy de",
    "windows-1252": "en de fr es it nl da sv pt-BR ca",
    "iso-8859-2": "pl cs sk sl hr bs sr-Latn hu ro",
    "windows-1250": "pl cs sk hu hr sl",
    "iso-8859-3": "mt eo",
    "iso-8859-13": "lt lv et",
    "windows-1257": "lt lv et",
    "iso-8859-14": "cy ga",
    "iso-8859-9": "tr",
    "windows-1254": "tr",
    "windows-1251": "ru uk be bg sr-Cyrl mk",
    "koi8-r": "ru",
    "koi8-u": "uk",
    "iso-8859-5": "ru bg",
    "iso-8859-7": "el",
    "windows-1253": "el",
    "windows-1255": "he yi",
    "iso-8859-8-i": "he",
    "windows-1256": "ar fa ur",
    "iso-8859-6": "ar",
    "windows-1258": "vi",
    "tis-620": "th",
    "gb2312": "zh-CN",
    "gb18030": "zh-CN",
    "big5": "zh-TW",
    "shift_jis": "ja",
    "iso-2022-jp": "ja",
    "euc-jp": "ja",
    "euc-kr": "ko",
}
_PYTHON = {"iso-8859-8-i": "iso-8859-8"}
_WORDS = ("europe.toml", "world.toml", "far.toml")
_LOCAL = ("n.ostrander", "office", "kontor-12", "b_whitlock", "sales+north", "info", "r.t.vance")
_DOMAINS = (
    "fjordlast.example",
    "mail.koppermann.test",
    "sub.veldhoven.example",
    "r4mpe-werk.test",
    "tor-nord.example",
)
_HOME = "rampenhaus.example"


def layouts() -> dict[str, Callable[[Story], Page]]:
    """Every layout of text and of HTML, by name."""
    found = {}
    for module, kind in ((texts, "text"), (texts_more, "text"), (pages, "html")):
        for name, layout in vars(module).items():
            if callable(layout) and layout.__module__ == module.__name__ and not name.startswith("_"):
                found[f"{kind}:{name}"] = layout
    return found


def strangers(round_: int = 1, every: int = 1, words: tuple[str, ...] = _WORDS) -> Iterator[Stranger]:
    """The forwards of a round: each layout in each language, of these every n-th."""
    cells = [(tag, name) for tag in tongues(*words) for name in layouts()]
    for number, (tag, name) in enumerate(cells):
        if number % every == 0:
            dice = random.Random(f"{round_} {tag} {name}")
            yield forward(tongues(*words)[tag], name, dice, varied=round_ > 1)


def replies(round_: int = 1, every: int = 1, words: tuple[str, ...] = _WORDS) -> Iterator[Stranger]:
    """Replies of the clients whose block of a reply looks like that of a forward."""
    names = ("outlook_desktop", "outlook_marked", "outlook_web", "outlook_mac", "gmx", "attribution")
    found = {f"{kind}:{name}" for kind in ("text", "html") for name in names} & set(layouts())
    cells = [(tag, name) for tag in tongues(*words) for name in sorted(found)]
    for number, (tag, name) in enumerate(cells):
        if number % every == 0:
            dice = random.Random(f"reply {round_} {tag} {name}")
            yield reply(tongues(*words)[tag], name, dice)


def _story(tongue: Tongue, dice: random.Random, *, varied: bool = False) -> Story:
    domain = dice.choice(_DOMAINS)
    locals_ = dice.sample(_LOCAL, 4)
    sender = Who(tongue.people[0], f"{locals_[0]}@{domain}")
    home = Who(tongue.people[1], f"verkauf@{_HOME}")
    others = [Who(tongue.people[2], f"{locals_[1]}@{domain}"), Who("Depot Nord", f"{locals_[2]}@{_HOME}")]
    split = dice.choice([(0, 0), (0, 1), (1, 1), (0, 2), (2, 0)])
    to, cc = [home, *others[: split[0]]], others[split[0] : sum(split)]
    zone = timezone(timedelta(hours=dice.choice([-5, 0, 1, 2, 3, 9])))
    when = datetime(2023, 1, 1, tzinfo=zone) + timedelta(minutes=dice.randrange(1_400_000))
    subject = dice.choice(["", "", "", f"{tongue.replies[-1]}: "]) + tongue.subject
    if varied:
        sender = _otherwise(sender, dice)
        cc = [_otherwise(who, dice) for who in cc]
        subject = dice.choice(_SUBJECTS).format(subject)
    return Story(tongue, sender, tuple(to), tuple(cc), subject, when, tuple(tongue.body))


def _otherwise(who: Who, dice: random.Random) -> Who:
    """The same person as other address books write the name, or under another kind of address."""
    first, _, last = who.name.rpartition(" ")
    names = [
        f"{who.name} (Lager 4)",
        f"{who.name} | Fjordlast AS",
        who.name.upper(),
        f"{first or last} O'Hara-{last}",
    ]
    if who.name.upper() == who.name:
        names = names[:2]
    return Who(dice.choice([who.name, *names]), dice.choice([who.address, f"x.{who.address}.co.uk"]))


_SUBJECTS = (
    "{}",
    "[#4711] {}",
    "{} - 3.5.2024, 14:00",
    "{} (2/3): A & B <C>",
    "{0}: {0}",
    "2024-11 {} 50% @ 12:30",
)


def _varied_note(tongue: Tongue, dice: random.Random) -> str:
    """Notes that look like more than they are."""
    name = tongue.people[1]
    return dice.choice(
        [
            f"{tongue.note}\n\n- 3 x 40 cm\n- 2 x 60 cm: depot@{_HOME}\n\n{name}",
            f"{tongue.body[0]}\n\n{tongue.note}\n\n{name} <verkauf@{_HOME}>\nT: +49 40 555 0192\nM: +49 170 555 0192",
            f"{tongue.note}\n\n> 14:30 depot@{_HOME}\n\n{name}",
            f"{tongue.note} https://www.{_HOME}/a?b=c:d\n\n{name}\n{name}, Dock 4 | depot@{_HOME} | 12.03.2024 10:15",
            f"{tongue.note}\n*{name}*\n*E:* verkauf@{_HOME}\n*W:* www.{_HOME}",
            "FYI",
            f"@{name} {tongue.note}",
        ]
    )


def _note(tongue: Tongue, dice: random.Random) -> str:
    name = tongue.people[1]
    choices = [
        "",
        tongue.note,
        f"{tongue.note}\n\n-- \n{name}\nRampenhaus · Dock 4\n+44 20 7946 0958 | verkauf@{_HOME}\nwww.{_HOME}",
        f"{tongue.note}\n\ndepot@{_HOME}, +49 40 555 0192",
        f"{tongue.note}\n\n{name}\nTel: +49 40 555 0192\nE-Mail: verkauf@{_HOME}",
        f"{tongue.note}\n\n{tongue.body[-2]}\n\n{name}",
    ]
    return dice.choice(choices)


def _wrapped(text: str, *, blind: bool = False) -> str:
    """Lines cut at 76 columns, as some gateways do; a blind one forgets the quotation mark of what it cuts."""
    lines = []
    for line in text.split("\n"):
        mark = "> " if line.startswith("> ") and not blind else ""
        parts = textwrap.wrap(
            line.removeprefix(mark), 76 - len(mark), break_long_words=False, break_on_hyphens=False
        )
        lines += [mark + part for part in parts] if len(line) > 76 and parts else [line]
    return "\n".join(lines)


def _flowed(text: str) -> str:
    lines = []
    for line in text.split("\n"):
        mark = "> " if line.startswith("> ") else ""
        parts = textwrap.wrap(line.removeprefix(mark), 70, break_long_words=False, break_on_hyphens=False)
        parts = parts if len(line) > 72 else [line.removeprefix(mark)]
        stuffed = [
            mark + (" " if not mark and part.startswith((" ", "From ")) else "") + part for part in parts
        ]
        lines += [f"{part} " for part in stuffed[:-1]] + stuffed[-1:]
    return "\n".join(lines)


def _charset(tongue: Tongue, text: str, dice: random.Random) -> str:
    fitting = [name for name, tags in _CHARSETS.items() if tongue.tag in tags.split()]
    charset = dice.choice([*fitting, "utf-8", "utf-8"])
    try:
        text.encode(_PYTHON.get(charset, charset))
    except UnicodeEncodeError:
        return "utf-8"
    return charset


def _part(kind: str, content: str, tongue: Tongue, dice: random.Random, parameters: str = "") -> bytes:
    charset = _charset(tongue, content, dice)
    data = content.replace("\n", "\r\n").encode(_PYTHON.get(charset, charset))
    encoding = dice.choice(["quoted-printable", "base64"])
    packed = (
        quopri.encodestring(data, quotetabs=False)
        if encoding == "quoted-printable"
        else base64.encodebytes(data)
    )
    if encoding == "quoted-printable":
        packed = packed.replace(b"\r\n", b"\n").replace(b"=0D\n", b"\n").replace(b"\n", b"\r\n")
    else:
        packed = packed.replace(b"\n", b"\r\n")
    head = f"Content-Type: text/{kind}; charset={charset}{parameters}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode() + packed


def _address(who: Who) -> str:
    return formataddr((str(Header(who.name, "utf-8")) if not who.name.isascii() else who.name, who.address))


def _mail(subject: str, from_: Who, to: str, inside: bytes, when: datetime) -> bytes:
    head = [
        "Received: from mx.rampenhaus.example by log.crm.test; "
        + format_datetime(when + timedelta(days=1, minutes=1)),
        f"From: {_address(from_)}",
        f"To: {to}",
        "Subject: "
        + (subject if subject.isascii() else Header(subject, "utf-8", maxlinelen=70).encode(linesep="\r\n")),
        "Date: " + format_datetime(when + timedelta(days=1)),
        "Message-ID: <" + str(int(when.timestamp())) + f"@{_HOME}>",
        "MIME-Version: 1.0",
    ]
    return "\r\n".join(head).encode() + b"\r\n" + inside


def _html(note: str, page: Page) -> str:
    lines = (
        "".join(f"<div>{escape(line) or '<br>'}</div>" for line in note.split("\n"))
        if note
        else "<div><br></div>"
    )
    return f'<html><head><meta http-equiv="Content-Type" content="text/html"></head><body dir="auto">{lines}<br>{page.html}</body></html>'


def _inside(page: Page, note: str, tongue: Tongue, dice: random.Random) -> bytes:
    if page.html:
        return _part("html", _html(note, page), tongue, dice)
    text = f"{note}\n\n{page.text}\n" if note else f"{page.text}\n"
    way = dice.choice(["", "", "wrapped", "flowed", "blind"])
    if way == "flowed":
        return _part("plain", _flowed(text), tongue, dice, "; format=flowed")
    return _part("plain", _wrapped(text, blind=way == "blind") if way else text, tongue, dice)


def forward(tongue: Tongue, name: str, dice: random.Random, *, varied: bool = False) -> Stranger:
    """One forward by one client."""
    story = _story(tongue, dice, varied=varied)
    page = layouts()[name](story)
    note = _varied_note(tongue, dice) if varied else _note(tongue, dice)
    prefix = dice.choice([page.prefix, *tongue.prefixes])
    inside = _inside(page, note, tongue, dice)
    raw = _mail(
        f"{prefix}: {story.subject}", story.to[0], f"forward-7f3a@{'log.crm.test'}", inside, story.date
    )
    return Stranger(
        f"{tongue.tag} {name}",
        name,
        tongue.tag,
        raw,
        story.sender,
        story.to if page.to is None else page.to,
        story.cc if page.cc is None else page.cc,
        story.subject if page.subject is None else page.subject,
        story.date.strftime("%Y-%m-%dT%H:%M"),
        "\n\n".join(story.body),
        note,
    )


def reply(tongue: Tongue, name: str, dice: random.Random) -> Stranger:
    """One reply to the story's sender, with the log address on Bcc."""
    story = _story(tongue, dice)
    page = layouts()[name](story)
    note = f"{tongue.note}\n\n{tongue.people[1]}"
    subject = f"{dice.choice(tongue.replies)}: {tongue.subject}"
    raw = _mail(subject, story.to[0], _address(story.sender), _inside(page, note, tongue, dice), story.date)
    raw = b"X-Original-To: bcc-7f3a@log.crm.test\r\n" + raw
    return Stranger(f"{tongue.tag} reply {name}", name, tongue.tag, raw, None)
