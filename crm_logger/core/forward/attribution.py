"""Attribution lines: "On <date>, <name> <<address>> wrote:", in any language, with or without its template."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from crm_logger.core.dates import looks_like_date, parse_written_date
from crm_logger.core.forward.names import bare_name, find_address, read_people
from crm_logger.core.forward.vocabulary import COLONS
from crm_logger.core.locales import LOCALES
from crm_logger.core.model import NO_DATE, Person, WrittenDate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm_logger.core.forward.lines import Lines
    from crm_logger.core.locales import Locale

_SLOT = re.compile(r"\{(date|time|name|address)\}")
_MOST_LINES = 4
_LONGEST = 400
_ENDS = tuple(COLONS)


@dataclass(slots=True)
class Attribution:
    """Who wrote the text below, and when; lines[start:end] say so. `known` where a template of a language matched."""

    sender: Person
    date: WrittenDate
    start: int
    end: int
    depth: int
    known: bool
    language: str = ""


class Template(NamedTuple):
    """A language's way to say it: the literal pieces around its slots."""

    language: str
    pieces: tuple[str, ...]
    slots: tuple[str, ...]

    def read(self, text: str) -> dict[str, str] | None:
        """The texts in the slots; None where the line is not written like this."""
        low = text.casefold()
        low = low if len(low) == len(text) else text
        if not low.startswith(self.pieces[0]) or not low.endswith(self.pieces[-1]):
            return None
        found: dict[str, str] = {}
        start, stop = len(self.pieces[0]), len(text) - len(self.pieces[-1])
        for slot, piece in zip(self.slots[:-1], self.pieces[1:-1], strict=True):
            end = _cut(low, piece, start, stop, slot)
            if end < 0:
                return None
            found[slot] = text[start:end]
            start = end + len(piece)
        found[self.slots[-1]] = text[start:stop]
        return found if start <= stop and _is_sound(found) else None


def _cut(low: str, piece: str, start: int, stop: int, slot: str) -> int:
    """Where a slot ends: a date at the last place where its separator stands before the name, others at the first."""
    if not piece:
        return -1
    if slot == "date" and piece in {", ", " "}:
        return -1
    return low.find(piece, start, stop)


def _is_sound(found: dict[str, str]) -> bool:
    if not all(text.strip() for text in found.values()):
        return False
    return "address" not in found or "@" in found["address"]


def _templates(locales: Iterable[Locale]) -> dict[str, tuple[Template, ...]]:
    """All templates by the last word that they end with, "" where a slot ends them."""
    found: dict[str, list[Template]] = {}
    for locale in locales:
        for written in locale.attributions:
            for text in {written, written.replace(" <{address}>", "").replace(" ({address})", "")}:
                template = _template(locale.tag, text)
                found.setdefault(_ending(template.pieces[-1]), []).append(template)
    return {ending: tuple(templates) for ending, templates in found.items()}


def _template(language: str, text: str) -> Template:
    parts = _SLOT.split(text.casefold())
    return Template(language, tuple(parts[::2]), tuple(parts[1::2]))


def _ending(text: str) -> str:
    words = text.rstrip("".join(COLONS) + " ").split()
    return words[-1] if words else ""


TEMPLATES = _templates(LOCALES)


def find_attribution(lines: Lines, index: int) -> Attribution | None:
    """Read the attribution that ends with this line, which may have been wrapped; None where there is none."""
    said = lines.said[index]
    if not said.endswith(_ENDS) or len(said) > _LONGEST:
        return None
    start, text = index, said
    while True:
        if found := _read(text):
            name, address, date, language, known = found
            return Attribution(
                Person(name, address), date, start, index + 1, lines.depth[index], known, language
            )
        start -= 1
        if (
            start < 0
            or index - start >= _MOST_LINES
            or not lines.said[start]
            or lines.depth[start] != lines.depth[index]
        ):
            return None
        text = f"{lines.said[start]} {text}"


@lru_cache(maxsize=1024)
def _read(text: str) -> tuple[str, str, WrittenDate, str, bool] | None:
    if len(text) > _LONGEST or not looks_like_date(_without_address(text)):
        return None
    address = find_address(text)
    for template in TEMPLATES.get(_ending(text.casefold()), ()):
        if found := template.read(text):
            date = parse_written_date(found.get("date", ""), template.language)
            if "date" in found and date.wall is None:
                continue
            name = _name(found.get("name", ""), address)
            return name, address, date, template.language, True
    return _by_shape(text, address)


def _without_address(text: str) -> str:
    return re.sub(r"[<(\[]?[^\s<>()\[\]]{1,64}@[^\s<>()\[\]]{1,255}[>)\]]?", " ", text)


def _name(text: str, address: str) -> str:
    people = read_people(f"{text} <{address}>") if address else ()
    return people[0].name if people else bare_name(text)


_BEFORE_NAME = re.compile(
    r".*\d(?:[:.]\d\d)*(?:\s?[ap]\.?m\.?)?(?:\s?(?:GMT|UTC)?[+-]\d[\d:]*)?", re.IGNORECASE
)


def _by_shape(text: str, address: str) -> tuple[str, str, WrittenDate, str, bool] | None:
    """Without a template: a date with its time, and one address."""
    if not address or text.count("@") > 2:
        return None
    head = text[: text.find("@")]
    cut = max(head.rfind("<"), head.rfind("("), head.rfind("["))
    if cut < 0:
        return None
    head = head[:cut]
    quoted = re.search(r"[\"“„«']([^\"”“»']{2,60})[\"”“»']\s*$", head)
    date = _BEFORE_NAME.match(head)
    name = quoted[1] if quoted else head[date.end() :] if date else head
    written = parse_written_date(date[0].lstrip()) if date else NO_DATE
    return bare_name(name), address, written, "", False
