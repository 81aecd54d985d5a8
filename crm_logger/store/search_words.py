"""The search of SQLite's FTS5 said in PostgreSQL's words: the same tokens, the same questions, the same marks.

Texts are taken apart here and not by the server, whose rules depend on its language and version.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import count, islice
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

COLUMNS: Final = {"subject": "A", "body": "B", "people": "C"}
"""The parts of a mail and their weights, by which a question about one part alone is answered."""

_TOKEN: Final = re.compile(r"(?:[^\W_][\u0300-\u036f]*)+")
_LONGEST: Final = 200
_LAST_PLACE: Final = 16_383
"""A tsvector counts no further; words behind that are found, but not next to each other."""
_BEFORE: Final = 6
"""So many words stand before the first hit in an opening."""

# A question as FTS5 writes it: "a phrase"*, operators, parentheses, and a part or several before a colon.
_QUESTION: Final = re.compile(
    r'\{(?P<parts>[^}]*)\}:|"(?P<part>\w+)":|"(?P<phrase>[^"]*)"(?P<star>\*?)|(?P<word>AND|OR|NOT|[()])'
)
_OPERATORS: Final = {"AND": "&", "OR": "|", "NOT": "& !", "(": "(", ")": ")"}
_NOTHING: Final = "' '"
"""A word that stands in no mail."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words next to each other, in the parts whose weights are named; `prefix`: the last one may be a beginning."""

    words: tuple[str, ...]
    prefix: bool
    weights: str


def tokens(text: str) -> Iterator[tuple[int, int, str]]:
    """The words of a text in lower case without accents, and where each begins and ends."""
    for found in _TOKEN.finditer(text):
        yield found.start(), found.end(), _folded(found[0])[:_LONGEST]


def _folded(word: str) -> str:
    apart = unicodedata.normalize("NFD", word.lower())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def vector(parts: Mapping[str, str]) -> str:
    """The parts of a mail as a tsvector. Between two parts there is a gap, so that no phrase reaches over it."""
    places = count(1)
    said = []
    for part, text in parts.items():
        said += [
            f"'{word}':{min(place, _LAST_PLACE)}{COLUMNS[part]}"
            for (_, _, word), place in zip(tokens(text), places, strict=False)
        ]
        next(places)
    return " ".join(said)


def question(expression: str) -> tuple[str, list[Phrase]]:
    """A question of FTS5 as a tsquery, and the phrases that are to be marked: those that it does not exclude."""
    said: list[str] = []
    phrases: list[Phrase] = []
    weights, within = "", [""]
    excluded = False
    for found in _QUESTION.finditer(expression):
        if found["parts"] or found["part"]:
            weights = "".join(COLUMNS[name] for name in re.findall(r"\w+", found["parts"] or found["part"]))
        elif found["word"]:
            said.append(_OPERATORS[found["word"]])
            if found["word"] == "(":
                within.append(weights or within[-1])
            elif found["word"] == ")":
                within.pop()
            excluded = found["word"] == "NOT" or (excluded and found["word"] == "(")
            weights = ""
        else:
            words = tuple(word for _, _, word in tokens(found["phrase"]))
            phrase = Phrase(words, bool(found["star"]), weights or within[-1])
            said.append(_said(phrase))
            phrases += [] if excluded or not words else [phrase]
            weights = ""
    return " ".join(said), phrases


def _said(phrase: Phrase) -> str:
    if not phrase.words:
        return _NOTHING
    last = len(phrase.words) - 1
    marks = ["*" * (phrase.prefix and at == last) + phrase.weights for at in range(last + 1)]
    words = [
        f"'{word}'" + (f":{mark}" if mark else "") for word, mark in zip(phrase.words, marks, strict=True)
    ]
    return f"({' <-> '.join(words)})"


def marked(text: str, part: str, phrases: Sequence[Phrase], marks: tuple[str, str]) -> str:
    """The text with its hits between the two marks."""
    return _with_marks(text, _hits(text, part, phrases), marks)


def opening(text: str, part: str, phrases: Sequence[Phrase], marks: tuple[str, str], length: int) -> str:
    """So many words of the text, from shortly before its first hit on, with the hits marked."""
    hits = _hits(text, part, phrases)
    words = list(tokens(text))
    first = next((at for at, (start, _, _) in enumerate(words) if hits and start >= hits[0][0]), 0)
    begin = max(0, min(first - _BEFORE, len(words) - length))
    shown = list(islice(words, begin, begin + length))
    if not shown:
        return text
    start = shown[0][0] if begin else 0
    end = shown[-1][1] if begin + length < len(words) else len(text)
    within = [(a - start, b - start) for a, b in hits if a >= start and b <= end]
    before, after = "…" if begin else "", "…" if end < len(text) else ""
    return before + _with_marks(text[start:end], within, marks) + after


def _hits(text: str, part: str, phrases: Iterable[Phrase]) -> list[tuple[int, int]]:
    """Where the phrases stand, in order; those that overlap count as one."""
    words = list(tokens(text))
    found = sorted(
        (words[at][0], words[at + len(phrase.words) - 1][1])
        for phrase in phrases
        if not phrase.weights or COLUMNS[part] in phrase.weights
        for at in range(len(words) - len(phrase.words) + 1)
        if _stands_at(phrase, [word for _, _, word in words[at : at + len(phrase.words)]])
    )
    merged: list[tuple[int, int]] = []
    for start, end in found:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _stands_at(phrase: Phrase, words: list[str]) -> bool:
    *front, last = phrase.words
    return words[:-1] == front and (words[-1].startswith(last) if phrase.prefix else words[-1] == last)


def _with_marks(text: str, hits: Iterable[tuple[int, int]], marks: tuple[str, str]) -> str:
    pieces, at = [], 0
    for start, end in hits:
        pieces += [text[at:start], marks[0], text[start:end], marks[1]]
        at = end
    return "".join([*pieces, text[at:]])
