"""Who writes, to whom, when and what: the matter of which the desk's mails are made."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Any

from tests.forwards.stories import Person

if TYPE_CHECKING:
    import random

ANN = Person("Ann Smith", "ann@acme.test")
BOB = Person("Bob Stone", "bob@acme.test")
PEOPLE = (
    Person("Carl Brandt", "carl@client.example"),
    Person("Müller, Jürgen", "juergen.mueller@werk-nord.example"),
    Person("Zoë O'Connor-Ruiz", "zoe.oconnor@mail.ruiz.example"),
    Person("佐藤 健一", "sato.kenichi@tokyo-boeki.example"),
    Person("王小明", "wang.xm@huadong.example"),
    Person("Иван Петров", "i.petrov@zavod.example"),
    Person("דנה לוי", "dana@levy.example"),
    Person("José María Núñez (Compras)", "jm.nunez@compras.example"),
    Person("Dr. Eva Lindqvist, PhD", "eva_lindqvist@uni-lab.example"),
    Person("O'Brien, Pat [EXT]", "pat.obrien+work@obrien.example"),
    Person("support@vendor.example", "support@vendor.example"),
    Person("", "m.rossi77@posta.example"),
    Person("Łukasz Żółć", "lukasz@firma-zolc.example"),
    Person("ACME Client Services", "no-reply@services.example"),
    Person("김민수", "minsu.kim@hanguk.example"),
    Person('Robert "Bobby" Tables', "bobby@tables.example"),
)
OTHERS = (
    Person("Dora Hill", "dora@client.example"),
    Person("Hill, Tom", "tom.hill@client.example"),
    Person("", "team@client.example"),
    Person("Sales @ ACME", "sales@acme.test"),
    Person("鈴木 花子", "hanako@tokyo-boeki.example"),
    Person("Åsa Öberg", "asa@oberg.example"),
    Person("Bob Stone", "bob@acme.test"),
)
SUBJECTS = (
    "Offer no. 4711 for the new line",
    "Meeting on Thursday: agenda",
    "Re: Delivery dates",
    "Invoice 2026/03 (second reminder)",
    "Frage zur Lieferung",
    "見積書の件",
    "RE: [Project X] status & next steps",
    "Proposition commerciale - révision",
    "Order #88-12",
    "Question",
)
NOTES = (
    "",
    "FYI",
    "Please log this one.\n\nThanks\nAnn",
    "Bob, see what Carl wrote: he wants a call with dora@client.example before Friday.",
    "Hi team,\n\nas discussed on Monday, March 2.\n\nKind regards,\n\nAnn Smith\nSales Manager\nACME Ltd.\nTel: +44 20 7946 0000\nMail: ann@acme.test | www.acme.test",
    "Bitte ablegen.\n\nGrüße\nAnn",
    "Subject to approval. To: be discussed.",
    "See below.\n\n--\nAnn Smith | ACME\nFrom prototype to product",
)
BODIES = (
    ("Hello Ann,", "thank you for the call. Could you send the offer by Friday?", "Best regards", "Carl"),
    (
        "Hi,",
        "three things:",
        "1) the price: EUR 12.500,00 per unit",
        "2) delivery: week 14",
        "3) contact: Dora Hill, dora@client.example, +49 30 1234567",
        "Regards",
    ),
    ("Guten Tag Frau Smith,", "wir benötigen die Unterlagen bis 14:30 Uhr.", "Mit freundlichen Grüßen"),
    ("お世話になっております。", "見積書をお送りいただけますでしょうか。", "よろしくお願いいたします。"),
    (
        "Dear all,",
        "From: our side there is nothing to add. To: be clear, the date stands.",
        "Note: the room has changed.",
        "Yours",
    ),
    ("Yes.",),
    (
        "Ann,",
        "the portal is at https://portal.client.example/orders?id=12&view=full and works again.",
        "-- ",
        "Carl Brandt",
        "Client GmbH, Berlin",
        "This e-mail is confidential. If you are not the intended recipient, please notify the sender and delete it.",
    ),
)
MOMENTS = (
    datetime(2026, 3, 2, 9, 5, 7),  # noqa: DTZ001 -- wall clocks: what a forward shows has no zone
    datetime(2025, 12, 17, 16, 42, 51),  # noqa: DTZ001 -- the same
    datetime(2026, 4, 11, 0, 30, 3),  # noqa: DTZ001 -- the same
    datetime(2024, 10, 25, 12, 15, 0),  # noqa: DTZ001 -- the same
    datetime(2026, 5, 13, 18, 0, 59),  # noqa: DTZ001 -- the same
)


@dataclass(frozen=True, slots=True)
class Story:
    """One original and the note that it was forwarded with. `body` is paragraphs; `older` a mail quoted below it."""

    language: str
    sender: Person
    to: tuple[Person, ...]
    cc: tuple[Person, ...]
    subject: str
    when: datetime
    body: tuple[str, ...]
    note: str
    older: str = ""
    older_html: str = ""

    def but(self, **changes: Any) -> Story:
        return replace(self, **changes)

    @property
    def text(self) -> str:
        """The original's body as text."""
        return "\n\n".join((*self.body, *([self.older] if self.older else [])))

    def html(self, tag: str = "p", style: str = "") -> str:
        """The original's body as HTML, each paragraph in its own element."""
        return "".join(f"<{tag}{style}>{linked(line)}</{tag}>\n" for line in self.body) + self.older_html

    def breaks(self) -> str:
        """The original's body as HTML, paragraphs apart by breaks."""
        return "<br><br>\n".join(linked(line) for line in self.body) + self.older_html


_LINKS = re.compile(r"https?://\S+|[\w.+-]+@[\w.-]+\.\w+")


def linked(text: str) -> str:
    """Text as HTML with the links that every client makes."""

    def link(found: re.Match[str]) -> str:
        shown = escape(found[0], quote=False)
        return f'<a href="{"" if "//" in shown else "mailto:"}{shown}">{shown}</a>'

    parts = re.split(f"({_LINKS.pattern})", text)
    return "".join(
        link(found) if (found := _LINKS.fullmatch(part)) else escape(part, quote=False) for part in parts
    )


def lines(text: str, tag: str = "div", style: str = "", empty: str = "<br>") -> str:
    """A note as HTML, line by line."""
    return "".join(f"<{tag}{style}>{linked(line) or empty}</{tag}>\n" for line in text.split("\n"))


def story(chance: random.Random, language: str) -> Story:
    """Some story."""
    to = (ANN, *chance.sample(OTHERS, chance.choice((0, 0, 0, 1, 2))))
    left = [who for who in OTHERS if who not in to]
    return Story(
        language,
        chance.choice(PEOPLE),
        to,
        tuple(chance.sample(left, chance.choice((0, 0, 1, 2)))),
        chance.choice(SUBJECTS),
        chance.choice(MOMENTS),
        chance.choice(BODIES),
        chance.choice(NOTES),
    )
