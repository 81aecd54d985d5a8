"""Subjects: what their prefixes say, and whether two subjects are one."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from crm_logger.core.forward.lines import plain
from crm_logger.core.forward.vocabulary import COLONS, Vocabulary, folded

_PREFIX = re.compile(
    rf"\s*([^\s{COLONS}\[\]()<>\d][^{COLONS}\[\]()<>\n]{{0,28}}?)\s?(?:\[\d{{1,3}}\]|\(\d{{1,3}}\)|\^?\d{{1,3}})?\s?[{COLONS}]\s*"
)
_BRACKETED = re.compile(rf"\s*\[([^\s{COLONS}\[\]]{{1,20}})\s?[{COLONS}]\s*(.*)\]\s*$")
_TAG = re.compile(r"\s*(?:\[[^\[\]]{1,40}\]|\*{2,}[^*]{1,30}\*{2,}|\{[^{}]{1,30}\})\s*(?=\S)")
_FORWARD_MARK = re.compile(r"\s*\((?:fwd|fw)\)\s*$", re.IGNORECASE)
_LONGEST = 500
_LONGEST_HEAD = 30


class Prefix(NamedTuple):
    """The outermost prefix of a subject: whether known as a forward's or as a reply's, and in which languages."""

    word: str = ""
    forward: frozenset[str] = frozenset()
    reply: frozenset[str] = frozenset()
    inner_forward: bool = False


def read_prefix(subject: str, words: Vocabulary) -> Prefix:
    """Tell the outermost prefix; an unknown word before a colon counts as a prefix that says nothing."""
    word, rest = split_prefix(subject)
    if not word:
        return Prefix("fwd", forward=frozenset({"en"})) if _FORWARD_MARK.search(subject[-20:]) else Prefix()
    inner, _ = split_prefix(rest)
    return Prefix(
        word,
        words.forward_prefixes.get(word, frozenset()),
        words.reply_prefixes.get(word, frozenset()),
        inner_forward=inner in words.forward_prefixes,
    )


def split_prefix(subject: str) -> tuple[str, str]:
    """Part a subject into its outermost prefix, folded ("" where it has none), and the rest."""
    return _split(subject[:_LONGEST])


@lru_cache(maxsize=256)
def _split(subject: str) -> tuple[str, str]:
    text = plain(subject)
    if bracketed := _BRACKETED.match(text):
        return folded(bracketed[1]).rstrip("."), bracketed[2]
    while tag := _TAG.match(text):
        text = text[tag.end() :]
    match = _PREFIX.match(text)
    if match is None or len(match[1].split()) > 3:
        return "", text
    return folded(match[1]).rstrip("."), text[match.end() :]


@lru_cache(maxsize=256)
def same_subject(outer: str, inner: str) -> bool:
    """Whether the outer subject is the inner one behind at most one prefix, or both are one behind their prefixes."""
    outer, inner = _comparable(outer), _comparable(inner)
    if not inner or outer[-4:] != inner[-4:]:
        return False
    if outer == inner:
        return True
    head = outer[: -len(inner)].rstrip()
    if outer.endswith(inner) and head[-1] in COLONS + "]":
        return len(head) < _LONGEST_HEAD
    return _base(outer) == _base(inner)


@lru_cache(maxsize=256)
def _base(subject: str) -> str:
    word = "-"
    while word:
        word, rest = split_prefix(subject)
        subject = rest or subject
        word = word if rest else ""
    return subject


@lru_cache(maxsize=256)
def _comparable(subject: str) -> str:
    text = _FORWARD_MARK.sub("", plain(subject[:_LONGEST])).casefold()
    if bracketed := _BRACKETED.match(text):
        text = f"{bracketed[1]}: {bracketed[2]}"
    return " ".join(unicodedata.normalize("NFKC", text).split())
