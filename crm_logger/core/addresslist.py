"""The syntax of address lists (RFC 5322 §3.4): one header value cut into items, in linear time, whatever it holds."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from crm_logger.core.charset import scrub
from crm_logger.core.headers import decode_words

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAX_NAME: Final = 256
_SPECIAL: Final = re.compile(r'["(<,;:]')
_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_ANGLE: Final = re.compile(r'<(?:[^"<>\\]|\\.|"(?:[^"\\]|\\.)*+")*+>', re.DOTALL)
_COMMENT_MARK: Final = re.compile(r"\\.|[()]", re.DOTALL)
_ENCODED: Final = re.compile(r"=\?[^?\s]*\?[bBqQ]\?[^?]*\?=")
_BIDI: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")


class Token(NamedTuple):
    """A piece of the value: `kind` is "text", or the character that opens or is it."""

    kind: str
    text: str


@dataclass(slots=True)
class Item:
    """One element of the list: a display name, what stood in angle brackets, and loose words that hold an "@".

    `group` says that the name is the name of a group whose members are the items that follow; `bare` that nothing but
    plain words was written, and `comma` that a comma ended it.
    """

    name: str = ""
    angles: list[str] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)
    group: bool = False
    bare: bool = False
    comma: bool = False


def read_items(value: str) -> list[Item]:
    """The items of an address list, empty ones left out; a semicolon separates as a comma does."""
    items: list[Item] = []
    tokens: list[Token] = []
    last_semicolon = value.rfind(";")
    position = 0
    for token in _tokens(value):
        position += len(token.text)
        if token.kind in ",;":
            items += _item(tokens, comma=token.kind == ",")
            tokens = []
        elif token.kind == ":" and position <= last_semicolon and _may_name_a_group(tokens):
            items.append(Item(_name(tokens), group=True))
            tokens = []
        else:
            tokens.append(token)
    return items + _item(tokens)


def without_comments(value: str) -> str:
    """The value as it is read here: one that opens and never closes is no comment, nor is one in a quoted string."""
    return "".join(" " if token.kind == "(" else token.text for token in _tokens(value))


def _tokens(value: str) -> Iterator[Token]:
    """The pieces of the value, nothing left out. What opens and never closes is text, and is not tried twice."""
    position = 0
    unclosed: set[str] = set()
    while special := _SPECIAL.search(value, position):
        if special.start() > position:
            yield Token("text", value[position : special.start()])
        char = special[0]
        end = special.end() if char in ",;:" or char in unclosed else _enclosed_end(value, special.start())
        if end < 0:
            end = special.end()
            unclosed |= {char} - {"<"}  # a bracket may close later: "<<ann@acme.test>"
            char = "text"
        position = end
        yield Token("text" if char in unclosed else char, value[special.start() : end])
    if position < len(value):
        yield Token("text", value[position:])


def _enclosed_end(value: str, start: int) -> int:
    """Where the quoted string, bracket or comment that opens there has ended, -1 where it never does."""
    if value[start] == "(":
        return _comment_end(value, start)
    found = (_QUOTED if value[start] == '"' else _ANGLE).match(value, start)
    return found.end() if found else -1


def _comment_end(value: str, start: int) -> int:
    depth = 0
    for mark in _COMMENT_MARK.finditer(value, start):
        depth += {"(": 1, ")": -1}.get(mark[0], 0)
        if not depth and mark[0] == ")":
            return mark.end()
    return -1


def _may_name_a_group(tokens: list[Token]) -> bool:
    """Whether a phrase stands before the colon, and no address or literal that may hold one."""
    text = "".join(token.text for token in tokens)
    return bool(text.strip()) and not any(sign in text for sign in "@<[")


def _item(tokens: list[Token], *, comma: bool = False) -> list[Item]:
    if not tokens:
        return []
    angles = [token.text[1:-1] for token in tokens if token.kind == "<"]
    if angles:
        text = " ".join(token.text for token in tokens if token.kind in ("text", ":"))
        loose = [word for word in _ENCODED.sub(" ", text).split() if "@" in word]
        return [Item(_name(tokens), angles, loose, comma=comma)]
    words = _words(tokens)
    loose = [word for word in words if "@" in word]
    name = clean_name(" ".join(_unquoted(word) for word in words if "@" not in word)) or _comment(tokens)
    bare = not loose and all(token.kind == "text" for token in tokens)
    return [Item(name, [], loose, bare=bare, comma=comma)] if name or loose else []


def _words(tokens: list[Token]) -> list[str]:
    """The words of an item without brackets; a quoted local part stays one word with its domain."""
    spaced = "".join(_glued(token) for token in tokens)
    joined = " ".join(spaced.split()).replace(" @", "@").replace("@ ", "@")
    return [word.replace("\0", " ") for word in joined.split(" ")]


def _glued(token: Token) -> str:
    """How a token stands among words: a comment parts them, a quoted string is a word or a piece of one."""
    if token.kind == "(":
        return " "
    return token.text.replace(" ", "\0") if token.kind == '"' else token.text


def _name(tokens: list[Token]) -> str:
    """The display name: the phrase, else the comments (RFC 5322 §3.4, the old "address (name)")."""
    return clean_name(
        "".join(_unquoted(token.text) for token in tokens if token.kind not in "<(")
    ) or _comment(tokens)


def _comment(tokens: list[Token]) -> str:
    return clean_name(" ".join(token.text[1:-1] for token in tokens if token.kind == "("))


def clean_name(text: str) -> str:
    """A display name decoded, on one line, without surrounding quotes and characters that turn the line around."""
    name = " ".join(_BIDI.sub("", scrub(decode_words(text[: 8 * _MAX_NAME]))).split())[:_MAX_NAME]
    for quote in "\"'":
        if len(name) > 1 and name[0] == name[-1] == quote:
            name = name[1:-1].strip()
    return name.strip('"<> ')


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1]) if _QUOTED.fullmatch(text) else text
