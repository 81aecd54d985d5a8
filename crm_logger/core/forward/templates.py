"""How languages introduce a quoted mail: "On {date}, {name} <{address}> wrote:" as templates, and lines read by them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from crm_logger.core.dates import looks_like_date, looks_like_day, parse_written_date
from crm_logger.core.forward.vocabulary import COLONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_logger.core.forward.vocabulary import Vocabulary

_SLOT = re.compile(r"\{(date|time|name|address)\}")
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d\d\b")
_MOST_PLACES = 24
_CLOCK_UNITS = frozenset({"น.", "น", "Uhr"})
_EAST_ASIAN = "\u2e80"
_ENDS = "".join(COLONS) + " "


class Template(NamedTuple):
    """A language's way to say it: the literal pieces around its slots."""

    language: str
    pieces: tuple[str, ...]
    slots: tuple[str, ...]

    @property
    def ends_date_with_comma(self) -> bool:
        """Whether nothing but a comma parts the date from what follows."""
        return "date" in self.slots and self.pieces[self.slots.index("date") + 1].strip() == ","

    def read(self, text: str) -> dict[str, str] | None:
        """The texts in the slots; None where the line is not written like this."""
        low = _caseless(text)
        if "@" in text and "address" not in self.slots:
            return None
        if not low.startswith(self.pieces[0]) or not low.endswith(self.pieces[-1]):
            return None
        found: dict[str, str] = {}
        start, stop = len(self.pieces[0]), len(text) - len(self.pieces[-1])
        for slot, piece in zip(self.slots[:-1], self.pieces[1:-1], strict=True):
            end = self._date_end(text, piece, start, stop) if slot == "date" else low.find(piece, start, stop)
            if end < 0:
                return None
            found[slot] = text[start:end]
            start = end + len(piece)
        found[self.slots[-1]] = text[start:stop]
        return found if start <= stop and _is_sound(found) else None

    def _date_end(self, text: str, piece: str, start: int, stop: int) -> int:
        """Where a date ends: at its separator; where the date may hold such separators, where its reading is complete."""
        separators = _separators(_caseless(text), piece, start, stop)
        # A clock belongs to the date where there is one; a few clients tell the day alone.
        places = [place for place in separators if looks_like_date(text[start:place])]
        places = places or [
            place
            for place in separators
            if looks_like_day(text[start:place]) and not _goes_on(text[place:stop])
        ]
        walls = [parse_written_date(text[start:place], self.language).wall for place in places]
        last = max((index for index, wall in enumerate(walls) if wall is not None), default=-1)
        if last < 0 or piece.strip(" ,"):
            return places[last] if last >= 0 else -1
        return _behind_period(text, places, walls.index(walls[last]), self.language)


def _goes_on(rest: str) -> bool:
    """Whether a day is not all of the date: a number follows, or a clock stands before the address."""
    return rest.lstrip(", ")[:1].isdigit() or _CLOCK.search(rest.partition("<")[0]) is not None


def _caseless(text: str) -> str:
    """Folded sign by sign, so that places stay where they are: "Strauß" keeps its letter, which folds to two."""
    low = text.casefold()
    return low if len(low) == len(text) else "".join(map(_folded_sign, text))


def _folded_sign(sign: str) -> str:
    low = sign.casefold()
    return low if len(low) == 1 else sign


def _separators(text: str, piece: str, start: int, stop: int) -> list[int]:
    found: list[int] = []
    place = text.find(piece, start, stop)
    while place >= 0 and len(found) < _MOST_PLACES:
        found.append(place)
        place = text.find(piece, place + 1, stop)
    return found


def _behind_period(text: str, places: Sequence[int], first: int, language: str) -> int:
    """A part of the day that stands behind the clock belongs to the date, though 9:05 reads the same without it."""
    following = text[places[first] :].lstrip(", ").split(" ", 1)[0].strip(",")
    told = following in _CLOCK_UNITS or (following and _tells_part_of_day(following, language))
    if first + 1 < len(places) and told:
        return places[first + 1]
    return places[first]


@lru_cache(maxsize=1024)
def _tells_part_of_day(word: str, language: str) -> bool:
    """Whether the word shifts a clock of twelve hours."""
    return any(
        parse_written_date(f"{noon} {word}", language).wall
        not in {None, parse_written_date(noon, language).wall}
        for noon in ("1 January 2025 12:05", "1 January 2025 9:05")
    )


def _is_sound(found: dict[str, str]) -> bool:
    if not all(text.strip() for text in found.values()):
        return False
    address = found.get("address", "@")
    return "@" in address and " " not in address.strip()


@lru_cache(maxsize=64)
def templates_of(words: Vocabulary) -> dict[str, tuple[Template, ...]]:
    """All templates by the last word that they end with, "" where a slot ends them; those that say most come first."""
    found: dict[str, list[Template]] = {}
    for locale in words.locales:
        for written in locale.attributions:
            for text in _variants(written):
                template = _template(locale.tag, text)
                if any(sign.isalpha() for piece in template.pieces for sign in piece):
                    found.setdefault(ending(template.pieces[-1]), []).append(template)
    return {word: tuple(sorted(some, key=_told, reverse=True)) for word, some in found.items()}


def _variants(written: str) -> set[str]:
    """As written, without the address, and without the name; every address in angle brackets."""
    text = written.replace("({address})", "<{address}>").replace("[{address}]", "<{address}>")
    return {
        text,
        text.replace(" <{address}>", ""),
        text.replace("{name} <{address}>", "<{address}>"),
        text.replace("{name} <{address}>", "{address}"),
    }


def _told(template: Template) -> int:
    return sum(map(len, template.pieces))


def _template(language: str, text: str) -> Template:
    parts = _SLOT.split(text.casefold())
    return Template(language, tuple(parts[::2]), tuple(parts[1::2]))


def ending(text: str) -> str:
    """The word that a line ends with, its last sign where words are not parted; "" where it ends with an address or a bracket."""
    words = text.rstrip(_ENDS).split()
    if words and words[-1][-1] >= _EAST_ASIAN:
        return words[-1][-1]
    return words[-1] if words and words[-1].isalpha() else ""
