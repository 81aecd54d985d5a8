"""What the words of all languages' mail clients mean, ready for look-up: labels, prefixes, markers."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
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
_DRAWN = frozenset(("--", "==", "__", "**", "##", "~~", "——", "──", "━━", "—-", "-—"))
_TAIL = COLONS + " *_"
_RULES = "-_=*#~+<>|—–―─━═・․…. \t"
# Stems of "original": clients write an "original message" marker above replies and forwards alike.
_OF_BOTH = [
    "origin",
    "oryginal",
    "ursprüng",
    "ursprung",
    "oprind",
    "opprin",
    "opphav",
    "alkuper",
    "původn",
    "pôvodn",
    "исходн",
    "оригин",
    "ориг",
    "первонач",
    "початков",
    "원본",
    "原始",
    "原文",
    "原邮件",
    "元の",
    "オリジナル",
    "eredeti",
    "izvorn",
    "izvirn",
    "izvor",
    "asıl",
    "orijinal",
    "özgün",
    "algne",
    "sākotn",
    "pirmin",
    "πρωτότ",
    "αρχικ",
    "الأصل",
    "اصل",
    "מקור",
    "gốc",
    "ต้นฉบับ",
    "เดิม",
    "asli",
    "asal",
    "jatorr",
    "gwreiddiol",
    "upprun",
    "iniția",
    "iniţia",
    "initial",
    "d'origine",
    "zanafill",
    "изворн",
    "изход",
    "मूल",
]


class Vocabulary:
    """Look-up tables over a set of locales. A word may mean several things; who asks decides by the evidence."""

    def __init__(self, locales: Iterable[Locale]) -> None:
        self.locales = tuple(locales)
        self.labels: dict[str, tuple[Meaning, ...]] = _labels(self.locales)
        self.forward_prefixes = _words(self.locales, "forward_prefixes")
        self.reply_prefixes = _words(self.locales, "reply_prefixes")
        self.markers = {text: _is_forwards_own(text) for text in _words(self.locales, "markers")}
        self.end_markers = frozenset(_words(self.locales, "end_markers"))
        self._marker_heads = tuple(self.markers)
        self._end_heads = tuple(self.end_markers)

    def marker(self, said: str) -> bool | None:
        """Whether a marker line is a forward's own (True) or also stands above replies (False); None: no marker."""
        decorated = said[:1] in _RULES
        bare = folded(said.strip(_RULES)) if decorated else folded(said)
        if bare in self.markers:
            return self.markers[bare]
        if decorated and bare.startswith(self._marker_heads):
            return next(own for text, own in self.markers.items() if bare.startswith(text))
        return None

    def is_end_marker(self, said: str) -> bool:
        """Whether the line says that the forwarded mail ends here."""
        if said[:1] not in _RULES:
            return False
        return folded(said.strip(_RULES)).startswith(self._end_heads) if self._end_heads else False


def folded(text: str) -> str:
    """A word as it is compared: without case, decoration, colon and needless blanks."""
    bare = " ".join(plain(text).strip("*_# ").rstrip(_TAIL).casefold().split())
    return bare if bare.isascii() else unicodedata.normalize("NFC", bare)


def is_rule(said: str) -> bool:
    """Whether the line is drawn of dashes and the like, and says nothing."""
    return len(said) > 2 and said[0] in _RULES and not said.strip(_RULES)


def is_divider(said: str) -> bool:
    """Whether the line is a rule, or words between two rules."""
    return is_rule(said) or (said[:2] in _DRAWN and said[-2:] in _DRAWN)


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


def _is_forwards_own(marker: str) -> bool:
    return not any(stem in marker for stem in _OF_BOTH)


WORDS = Vocabulary(LOCALES)


@dataclass(frozen=True, eq=False, slots=True)
class Engines:
    """What a forward is found by: the words that are known, and whether structure may speak where they do not."""

    words: Vocabulary = WORDS
    by_shape: bool = True


BOTH = Engines()
