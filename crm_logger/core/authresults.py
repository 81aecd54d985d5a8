"""The syntax of Authentication-Results (RFC 8601 §2.2), read tolerantly and in linear time: who says what of which domain."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from .address import canonical_domain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_VALUE: Final = 16 * 1024
# What stands before a token (blanks, comments without comments in them), and the token.
_TOKEN: Final = re.compile(r'((?:\s|\([^()\\]*+\))*+)("(?:[^"\\]|\\.)*+"|[;=(]|[^\s";=(]++|")', re.DOTALL)
_COMMENT: Final = re.compile(r"\([^()\\]*+\)")
_COMMENT_MARK: Final = re.compile(r"\\.|[()]", re.DOTALL)
_VERSION: Final = "1"


@dataclass(frozen=True, slots=True)
class Claim:
    """One `method=result` with what it rests on: `properties` by lower-case name, as `header.d`."""

    method: str
    result: str
    properties: Mapping[str, str]

    def domain(self, *names: str) -> str:
        """The canonical domain in the first of the properties that is there, "" where none is or it names no domain."""
        value = next((self.properties[name] for name in names if name in self.properties), "")
        return canonical_domain(value.rpartition("@")[2])

    def __str__(self) -> str:
        told = (f" {name}={value}" for name, value in self.properties.items() if "." in name)
        return f"{self.method}={self.result}" + "".join(told)


@dataclass(frozen=True, slots=True)
class Results:
    """What one server says; `server` is its authserv-id in lower case, "" where the field names none, as Microsoft's."""

    server: str
    claims: tuple[Claim, ...]


class _Token(NamedTuple):
    """`glued`: neither blank nor comment stands before it."""

    text: str
    glued: bool


class _UnreadableError(Exception):
    pass


def read_results(value: str) -> Results | None:
    """What a field says; None where it is overlong, of another version, or something opens in it and never closes."""
    return _read_plain(value) or _read(value)


def _read_plain(value: str) -> Results | None:
    """The same word by word, as nearly every field can be read; None where one is not written that plainly."""
    if '"' in value or len(value) > MAX_VALUE or "(" in (text := _COMMENT.sub(" ", value)):
        return None
    server, *others = [segment.split() for segment in text.split(";")]
    if not server or "=" in server[0] or server[1:] not in ([], [_VERSION]):
        return None
    segments = [[word.partition("=") for word in words] for words in others if words]
    if not all(name and told for words in segments for name, _, told in words):
        return None
    claims = (_made([(name.lower(), told) for name, _, told in words]) for words in segments)
    return Results(server[0].lower(), tuple(claim for claim in claims if claim is not None))


def _read(value: str) -> Results | None:
    try:
        segments = _segments(value)
    except _UnreadableError:
        return None
    first, *others = segments
    if "=" in [token.text for token in first]:
        return Results("", _claims(segments))
    server, version = ([_unquoted(token.text) for token in first] + ["", _VERSION])[:2]
    known = len(first) in (1, 2) and version in (_VERSION, "")
    return Results(server.lower(), _claims(others)) if known and server else None


# ---------------------------------------------------------------- tokens


def _segments(value: str) -> list[list[_Token]]:
    """The tokens between the semicolons."""
    segments: list[list[_Token]] = [[]]
    for token in _tokens(value):
        if token.text == ";":
            segments.append([])
        else:
            segments[-1].append(token)
    return segments


def _tokens(value: str) -> Iterator[_Token]:
    if len(value) > MAX_VALUE:
        raise _UnreadableError
    position, glued = 0, False
    while found := _TOKEN.match(value, position):
        blank, text = found.groups()
        position = found.end()
        if text == '"':
            raise _UnreadableError
        if text == "(":
            position, glued = _comment_end(value, position - 1), False
        else:
            yield _Token(text, glued and not blank)
            glued = True


def _comment_end(value: str, start: int) -> int:
    depth = 0
    for mark in _COMMENT_MARK.finditer(value, start):
        depth += {"(": 1, ")": -1}.get(mark[0], 0)
        if not depth:
            return mark.end()
    raise _UnreadableError


# ---------------------------------------------------------------- claims


def _claims(segments: list[list[_Token]]) -> tuple[Claim, ...]:
    return tuple(claim for claim in map(_claim, segments) if claim is not None)


def _claim(tokens: list[_Token]) -> Claim | None:
    """A result with its properties; `none` and what makes no sense are no claim."""
    pairs = _pairs(tokens)
    return _made(pairs) if pairs and tokens[1].text == "=" else None


def _made(pairs: list[tuple[str, str]]) -> Claim | None:
    """The claim that the pairs are, unless they are of another version of a method (§2.2)."""
    (method, result), *others = pairs
    name, _, version = method.partition("/")
    properties: dict[str, str] = {}
    for key, value in others:
        # Said twice and differently: nobody can tell which the server meant.
        properties[key] = value if properties.get(key, value) == value else ""
    return Claim(name, result.lower(), MappingProxyType(properties)) if version in ("", _VERSION) else None


def _pairs(tokens: list[_Token]) -> list[tuple[str, str]]:
    """Each name in lower case with its value: all that is glued together behind the equals sign."""
    pairs: list[tuple[str, str]] = []
    for index, token in enumerate(tokens[:-1]):
        is_name = token.text[0] not in '="' and not (token.glued and pairs)
        if is_name and tokens[index + 1].text == "=":
            pairs.append((token.text.lower(), _value(tokens[index + 2 :])))
    return pairs


def _value(tokens: list[_Token]) -> str:
    value = ""
    for index, token in enumerate(tokens):
        if index and not token.glued:
            break
        value += _unquoted(token.text)
    return value


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL) if text.startswith('"') else text
