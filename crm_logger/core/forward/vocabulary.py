"""What the words of all languages' mail clients mean, ready for look-up: labels, prefixes, markers."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from crm_logger.core.forward.lines import plain
from crm_logger.core.locales import LOCALES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm_logger.core.locales import Locale


class Field(StrEnum):
    """What a line of a header block tells."""

    SENDER = "sender"
    TO = "to"
    CC = "cc"
    BCC = "bcc"
    REPLY_TO = "reply_to"
    SUBJECT = "subject"
    DATE = "date"


class Meaning(NamedTuple):
    """One reading of a label: in that language it stands for that field."""

    tag: str
    field: Field


COLONS = ":：﹕︰∶꞉׃։՝៖፡፦᠄"
_PUNCTUATION = frozenset(".!?…,;:)([]\"'。！？、")
_LONGEST_LINE = 70
_SHORT = 30
_SHORTEST_WORD = 6
_TAIL = COLONS + " *_"
_RULES = "-_=*#~+<>|—–―─━═・․…. \t"


class Vocabulary:
    """Look-up tables over a set of locales. A word may mean several things; who asks decides by the evidence."""

    def __init__(self, locales: Iterable[Locale]) -> None:
        self.locales = tuple(locales)
        self.labels: dict[str, tuple[Meaning, ...]] = _labels(self.locales)
        self.forward_prefixes = _words(self.locales, "forward_prefixes")
        self.reply_prefixes = _words(self.locales, "reply_prefixes")
        of_both = _words(self.locales, "markers_of_both")
        self.markers = dict.fromkeys(_words(self.locales, "markers"), True) | dict.fromkeys(of_both, False)
        self.end_markers = frozenset(_words(self.locales, "end_markers"))
        self._marker_heads = tuple(self.markers)
        self._own_heads = tuple(marker for marker, own in self.markers.items() if own)
        self._phrases = tuple(marker for marker in self.markers if " " in marker)
        self._first_words = frozenset(folded(marker.split(None, 1)[0]) for marker in self.markers)
        self._end_heads = tuple(self.end_markers)
        self._stems = {locale.tag: _stems(locale) for locale in self.locales}

    def begins_something(self, said: str) -> bool:
        """Whether the first word is a label that may stand without its colon, or the whole line is a marker."""
        first = folded(said.split(None, 1)[0])
        return first in self.labels or (first in self._first_words and folded(said) in self.markers)

    def marker(self, said: str) -> bool | None:
        """Whether a marker line is a forward's own (True) or also stands above replies (False); None: no marker."""
        decorated = said[:1] in _RULES
        bare = folded(said.strip(_RULES)) if decorated else folded(said)
        if bare in self.markers:
            return self.markers[bare]
        if decorated and bare.startswith(self._marker_heads):
            return bare.startswith(self._own_heads)
        return None

    def introduces(self, said: str) -> bool:
        """Whether a line above a marker belongs to it: "Forwarded by Ann <ann@acme.test>"."""
        return len(said) < _LONGEST_LINE and folded(said.rpartition(": ")[2]).startswith(self._phrases)

    def announces(self, said: str, tags: Iterable[str]) -> bool:
        """Whether a line speaks of forwarding, in any form of the words that these languages' markers use for it."""
        line = folded(said)
        return any(stem in line for tag in tags for stem in self._stems.get(tag, ()))

    def is_end_marker(self, said: str) -> bool:
        """Whether the line says that the forwarded mail ends here."""
        if said[:1] not in _RULES:
            return False
        return folded(said.strip(_RULES)).startswith(self._end_heads) if self._end_heads else False


def folded(text: str) -> str:
    """A word as it is compared: without case, decoration, colon and needless blanks."""
    return _short_folded(text) if len(text) <= _SHORT else _folded(text)


def _folded(text: str) -> str:
    bare = " ".join(plain(text).strip("*_# ").rstrip(_TAIL).casefold().split())
    return bare if bare.isascii() else unicodedata.normalize("NFC", bare)


# Every line of a body is asked for its first word, and most are the same few.
_short_folded = lru_cache(maxsize=8192)(_folded)


def _stems(locale: Locale) -> frozenset[str]:
    """The beginnings of the words that stand in a language's own forward markers only: its words for "forwarded"."""
    own = {word for marker in locale.markers for word in folded(marker).split()}
    both = {_stem(word) for marker in locale.markers_of_both for word in folded(marker).split()}
    return frozenset(_stem(word) for word in own if len(word) >= _SHORTEST_WORD) - both


def _stem(word: str) -> str:
    return word[: max(_SHORTEST_WORD - 1, len(word) * 2 // 3)]


def is_rule(said: str) -> bool:
    """Whether the line is drawn of dashes and the like, and says nothing."""
    return len(said) > 2 and said[0] in _RULES and not said.strip(_RULES)


def is_divider(said: str) -> bool:
    """Whether the line is a rule, or words between two rules, whatever they are drawn with."""
    if is_rule(said) or len(said) < 5 or said[0] != said[-1]:
        return is_rule(said)
    return is_drawn(said) and is_drawn(said[::-1]) and not (said[0] == "*" and _has_colon(said))


def is_drawn(said: str) -> bool:
    """Whether the line begins with a sign twice, with or without a blank between."""
    if len(said) < 3 or said[0].isalnum() or said[0] in _PUNCTUATION:
        return False
    return said[0] == (said[2] if said[1] == " " else said[1])


def _has_colon(said: str) -> bool:
    """A row in bold, `**To:** **Ann**`, is no divider."""
    return any(colon in said for colon in COLONS)


def _labels(locales: Iterable[Locale]) -> dict[str, tuple[Meaning, ...]]:
    found: defaultdict[str, list[Meaning]] = defaultdict(list)
    for locale in locales:
        for field in Field:
            for word in getattr(locale, field):
                meaning = Meaning(locale.tag, field)
                if meaning not in found[folded(word)]:
                    found[folded(word)].append(meaning)
    return {word: tuple(meanings) for word, meanings in found.items()}


def _words(locales: Iterable[Locale], kind: str) -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for locale in locales:
        for word in getattr(locale, kind):
            found[folded(word).rstrip(".")].add(locale.tag)
    return {word: frozenset(tags) for word, tags in found.items()}


WORDS = Vocabulary(LOCALES)


@dataclass(frozen=True, eq=False, slots=True)
class Engines:
    """What a forward is found by: the words that are known, and whether structure may speak where they do not."""

    words: Vocabulary = WORDS
    by_shape: bool = True


BOTH = Engines()
