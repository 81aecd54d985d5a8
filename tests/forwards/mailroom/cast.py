"""The people, subjects, bodies and notes of the mailroom, and what every client of it needs to write a mail."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.forwards.stories import Person
from tests.forwards.strangers.words import Clock, _clock

if TYPE_CHECKING:
    import random

_HERE = Path(__file__).parent
TONGUES: dict[str, dict[str, str]] = tomllib.loads((_HERE / "words.toml").read_text(encoding="utf-8"))
_DATES = tomllib.loads((_HERE.parent / "strangers" / "dates.toml").read_text(encoding="utf-8"))
CLOCKS: dict[str, Clock] = {tag: _clock(_DATES[tag]) for tag in TONGUES}
ME = Person("Greta Lind", "greta.lind@acme.test")
PEERS = (Person("Omar Haddad", "omar@acme.test"), Person("Vertrieb", "vertrieb@acme.test"))
WRITERS = (
    Person("Henrik Aas", "henrik.aas@fjordline.example"), Person("MARTIN Élodie", "e.martin@atelier-bleu.example"), Person("Sofia Kovács", "kovacs.sofia@dunavill.example"),
    Person("", "info@hafen-logistik.example"), Person("Nguyễn Thị Mai", "mai.nguyen@saigonport.example"), Person("de Vries, Joost (Inkoop)", "joost@devries.example"),
    Person("山本 直樹", "yamamoto@kobe-trading.example"), Person("Ольга Сидорова", "o.sidorova@uralmet.example"), Person("فاطمة الزهراء", "fatima@souk.example"),
    Person("Mehmet Yılmaz | Ege A.Ş.", "m.yilmaz@ege.example"), Person("Team Ops", "ops+tickets@vendor-cloud.example"), Person("Ana-Maria Ionescu", "am.ionescu@brasov-tools.example"),
    Person("박지훈", "jh.park@seoulparts.example"), Person("Dr. med. Ute Kranz", "praxis@kranz.example"), Person("K. O'Neill", "kate@oneill.example"), Person("林美玲", "mei-ling@taipei-lab.example"),
)  # fmt: skip
OTHERS = (
    Person("Petra Novak", "petra.novak@zagreb-hq.example"), Person("", "einkauf@hafen-logistik.example"), Person("Lee, Chris", "chris.lee@partner.example"),
    Person("Юлия К.", "yulia@uralmet.example"), Person("井上", "inoue@kobe-trading.example"),
)  # fmt: skip
SUBJECTS = (
    "Quotation Q-2291, revised", "Lieferverzug Auftrag 88/4", "Re: samples", "Réunion du 12: ordre du jour", "お見積りの件について", "Вопрос по договору № 17",
    "Next steps?", "Invoice overdue - second notice", "RE: RE: Kick-off", "Demande de devis (urgent)",
)  # fmt: skip
BODIES = (
    "Dear Greta,\n\nwe accept the revised quotation. When can you deliver?\n\nBest regards\nHenrik",
    "Hallo Frau Lind,\n\ndie Ware ist noch nicht da. Bitte um Rückruf unter 040 123456.\n\nMfG\nU. Kranz\n-- \nPraxis Dr. Kranz\nTel: 040 123456",
    "Bonjour,\n\nvoici nos questions :\n- délai : 3 semaines ?\n- contact : einkauf@hafen-logistik.example\n\nCordialement",
    "お世話になっております。\n\n見積書をご確認ください。\n\n山本",
    "Здравствуйте!\n\nВысылаем договор.\n\nС уважением",
    "ok",
    "Hi,\n\nTo: whom it may concern. Subject: to change.\nThe list: a, b, c.\n\nRegards\n\nOn behalf of the whole team",
    "Greta,\n\nsee https://vendor-cloud.example/t/991?x=1&y=2 please.\n\nThis message is confidential. If you received it in error, delete it.",
)
NOTES = (
    "", "", "for the CRM", "Omar,\n\ncan you take this? Petra (petra.novak@zagreb-hq.example) knows more.\n\nGreta",
    "Zur Info.\n\nViele Grüße\nGreta Lind\nACME GmbH\nTel. +49 40 998877\ngreta.lind@acme.test", "Voir ci-dessous.", "よろしくお願いします。", "Note: deadline is Friday.\nRegarding: price.",
)  # fmt: skip


class Labels(NamedTuple):
    sender: str
    date: str
    to: str
    cc: str
    subject: str


@dataclass(frozen=True, slots=True)
class Matter:
    """One mail and how it is forwarded."""

    tag: str
    sender: Person
    to: tuple[Person, ...]
    cc: tuple[Person, ...]
    subject: str
    when: datetime
    body: str
    note: str

    @property
    def clock(self) -> Clock:
        return CLOCKS[self.tag]

    def labels(self, client: str) -> Labels:
        """Outlook's words, or those of Apple and Thunderbird, which stand behind their marker."""
        words = TONGUES[self.tag][client].split("|")
        return Labels(*words[:5]) if client == "outlook" else Labels(*words[1:6])

    def marker(self, client: str) -> str:
        return TONGUES[self.tag][client].split("|")[0]

    @property
    def prefix(self) -> str:
        return TONGUES[self.tag]["outlook"].split("|")[5]

    @property
    def reply(self) -> str:
        return TONGUES[self.tag]["outlook"].split("|")[6]

    @property
    def colon(self) -> str:
        return TONGUES[self.tag].get("colon", ": ")


class Made(NamedTuple):
    """Text and HTML below the note ("" where there is none), the subject's prefix, and fields that the client does not show."""

    text: str
    html: str
    prefix: str = "Fwd"
    hides: frozenset[str] = frozenset()


def matter(chance: random.Random, tag: str) -> Matter:
    """Some mail, on some day of two years."""
    others = chance.sample(OTHERS, chance.choice((0, 0, 1, 2)))
    cut = chance.randint(0, len(others))
    when = datetime(2025, 1, 3, 8, 0) + timedelta(minutes=chance.randrange(700_000))  # noqa: DTZ001 -- a wall clock
    to = (ME, *chance.sample(PEERS, chance.choice((0, 0, 1))), *others[:cut])
    return Matter(
        tag,
        chance.choice(WRITERS),
        to,
        tuple(others[cut:]),
        chance.choice(SUBJECTS),
        when,
        chance.choice(BODIES),
        chance.choice(NOTES),
    )


def angle(who: Person) -> str:
    """Name <address>."""
    return f"{who.name} <{who.address}>" if who.name else who.address


def quoted(who: Person) -> str:
    """The name in quotation marks."""
    return f'"{who.name}" <{who.address}>' if who.name else who.address


def some(people: tuple[Person, ...], joint: str = ", ") -> str:
    return joint.join(quoted(who) if joint == ", " and "," in who.name else angle(who) for who in people)


def html(text: str) -> str:
    """Text as HTML, a line an element."""
    return "".join(f"<div>{escape(line, quote=False) or '<br>'}</div>\n" for line in text.split("\n"))


def english(when: datetime, form: str = "%a, %b {d}, %Y at {h}:%M %p") -> str:
    """A date in English."""
    return when.strftime(form.format(d=when.day, h=when.hour % 12 or 12))
