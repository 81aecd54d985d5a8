"""Folding: one spelling for what people and programs write in many, so that words compare."""

from __future__ import annotations

import re
import unicodedata

# Marks that a writer may leave out: accents of Latin, Greek and Cyrillic, vowel points of Hebrew and Arabic, tatweel,
# the Indic nukta. Vowel signs of other scripts stay, they tell words apart.
_OPTIONAL_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0640\u064b-\u065f\u0670\u093c\u09bc\u0a3c\u0abc]")

_SAME_LETTER = {
    **dict.fromkeys(map(ord, "'’‘ʼʻ`´′\"“”„״׳՛"), None),
    ord("ı"): "i",
    ord("ي"): "ی",
    ord("ى"): "ی",
    ord("ك"): "ک",
    ord("ة"): "ه",
}

_PLAIN: dict[int, str | None] = {
    **{code: None for code in range(0x3000) if unicodedata.category(chr(code)) == "Cf"},
    0xFEFF: None,
    ord("º"): " ",
    ord("ª"): " ",
    **{
        code: str(unicodedata.decimal(chr(code)))
        for start in (
            0x660,
            0x6F0,
            0x7C0,
            *range(0x966, 0xDF0, 0x80),
            0xE50,
            0xED0,
            0xF20,
            0x1040,
            0x17E0,
            0x1810,
        )
        for code in range(start, start + 10)
        if unicodedata.category(chr(code)) == "Nd"
    },
    **dict.fromkeys(map(ord, "‐‑‒–—−"), "-"),
    **dict.fromkeys(map(ord, "،、，。।॰၊။።፣、"), ","),
}


def plain(text: str) -> str:
    """Return the text in NFKC with ASCII digits, hyphens and commas, without invisible characters (marks of direction, joiners)."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", text.translate(_PLAIN)).translate(_PLAIN)


def fold(text: str) -> str:
    """Return the text without case, accents, apostrophes and quotation marks; letters that stand for one another become one."""
    if text.isascii():
        return text.translate(_SAME_LETTER).casefold()
    bare = _OPTIONAL_MARKS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    return unicodedata.normalize("NFC", bare).translate(_SAME_LETTER)
