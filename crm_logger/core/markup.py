"""Markup that a parser reads in linear time: what nobody writes by hand and would take long is left out."""

from __future__ import annotations

import re

# The parser's time grows with the square of the nesting; no mail of a person comes near this depth.
_DEEPEST = 500
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*+)[^<>]*+>")
# ... and with the square of one tag's attributes. A tag is what HTML's tokenizer takes for one (quotes may hold ">").
_MOST_ATTRIBUTES = 500
_SHORT = 16 * 1024
_ATTRIBUTE = re.compile(
    r"""[^ \t\r\n\f/>][^ \t\r\n\f/>=]*+(?:[ \t\r\n\f]*+=[ \t\r\n\f]*+(?:"[^"]*+"?|'[^']*+'?|[^ \t\r\n\f>"'][^ \t\r\n\f>]*+)?)?"""
)
_WHOLE_TAG = re.compile(rf"(<[a-zA-Z][^ \t\r\n\f/>]*+)((?:[ \t\r\n\f/]++|{_ATTRIBUTE.pattern})*+)")
_FLAT = frozenset(
    "area base br col dd dt embed hr img input li link meta option p source td th tr wbr".split()  # noqa: SIM905 -- one word after the other reads better
)


def bounded(html: str) -> str:
    """Return the HTML without the tags that are nested too deep and the attributes of a tag that has far too many."""
    return _flattened(_lightened(html))


def _lightened(html: str) -> str:
    """Leave out the attributes of a tag that has far too many."""
    if len(html) <= _SHORT or all(
        len(written) < 2 * _MOST_ATTRIBUTES for _, written in _WHOLE_TAG.findall(html)
    ):
        return html
    return _WHOLE_TAG.sub(_with_few, html)


def _with_few(tag: re.Match[str]) -> str:
    few = len(tag[2]) < 2 * _MOST_ATTRIBUTES or len(_ATTRIBUTE.findall(tag[2])) <= _MOST_ATTRIBUTES
    return tag[0] if few else tag[1]


def _flattened(html: str) -> str:
    """Leave out the tags that open below the deepest level."""
    if html.count("<") <= _DEEPEST or _depth(html) <= _DEEPEST:
        return html
    depth = 0

    def keep(tag: re.Match[str]) -> str:
        nonlocal depth
        if tag[2].lower() in _FLAT:
            return tag[0]
        depth = max(0, depth - 1) if tag[1] else depth + 1
        return tag[0] if depth + bool(tag[1]) <= _DEEPEST else " "

    return _TAG.sub(keep, html)


def _depth(html: str) -> int:
    """How deep the tags are nested at most; end tags without a beginning close nothing."""
    depth = deepest = 0
    for closes, name in _TAG.findall(html):
        if name.lower() not in _FLAT:
            depth = max(0, depth - 1) if closes else depth + 1
            deepest = max(deepest, depth)
    return deepest
