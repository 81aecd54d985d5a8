"""Attribution lines: "On <date>, <name> <<address>> wrote:", in any language, with or without its template."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from crm_logger.core.dates import looks_like_date, looks_like_day, parse_written_date
from crm_logger.core.forward.names import bare_name, find_address, read_people
from crm_logger.core.forward.rows import read_row
from crm_logger.core.forward.templates import Template, ending, templates_of
from crm_logger.core.forward.vocabulary import COLONS, Field
from crm_logger.core.model import NO_DATE, Person, WrittenDate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_logger.core.forward.lines import Lines
    from crm_logger.core.forward.rows import Row
    from crm_logger.core.forward.vocabulary import Engines, Vocabulary


_ADDRESS = re.compile(r"[<(\[]?[^\s<>()\[\]、，]{1,64}@[^\s<>()\[\]、，]{1,255}[>)\]]?")
_BRACKETED = re.compile(r"[(\[]\s?([^\s<>()\[\]]{1,64}@[^\s<>()\[\]]{1,255})\s?[)\]]")
_QUOTED = re.compile(r"(?:\"(.{2,60})\"|[“„]([^”“]{2,60})[”“]|«([^»]{2,60})»|'([^']{2,60})')\s*$")
_NAMED = re.compile(r"[\"“„«][^\"”“»]{2,60}[\"”“»](?=\s?[<(\[])")
# A label within the line, right behind a bracket: all fields of a header block run together.
_LABELLED = re.compile(rf">[^\W\d_][^\d@<>{COLONS}]{{0,40}}[{COLONS}].*\w")
# What stands behind a name: "Carl Client (Sales 4)".
_REMARK = re.compile(r" \([^()@]{1,40}\)\s*$")
_SIGNED_WITHIN = 200
_LONGEST_NAME = 6
_LONGEST_REMARKED = 8
_MOST_UNCASED = 3
_MOST_LINES = 4
_MOST_HEADS = 4
_LONGEST = 400
_WRAPPED_AT = 56
_FRAME = ">>>"
_ENDS = (*COLONS, _FRAME)


@dataclass(slots=True)
class Attribution:
    """Who wrote the text below, and when; lines[start:end] say so. `known` where a template of a language matched."""

    sender: Person
    date: WrittenDate
    start: int
    end: int
    depth: int
    known: bool
    languages: frozenset[str] = frozenset()


class _Found(NamedTuple):
    """What a line tells; `name` is what stands before the address, words of the language included, where not `known`."""

    name: str
    address: str
    date: WrittenDate
    languages: frozenset[str] = frozenset()
    known: bool = False


def find_attribution(lines: Lines, index: int, engines: Engines) -> Attribution | None:
    """Read the attribution that ends with this line, which may have been wrapped; None where there is none."""
    if not lines.said[index].endswith(_ENDS):
        return None
    depth, text, start, partial = lines.depth[index], "", index, None
    while start >= 0 and index - start < _MOST_LINES and lines.said[start] and lines.depth[start] == depth:
        text = f"{lines.said[start]} {text}".rstrip()
        if len(text) > _LONGEST:
            break
        found = _read(text.strip(f"{_FRAME} "), engines)
        if found and (partial is None or found.known or (not partial.known and _is_wrapped(lines, start))):
            name = found.name if found.known else _told_below(found.name, lines, index + 1)
            known = found.known or text.startswith(_FRAME)
            who = Person(name, found.address)
            read = Attribution(who, found.date, start, index + 1, depth, known, found.languages)
            if found.address:
                return read
            partial = partial or read
        if start in lines.bounds:
            break
        start -= 1
    return partial


def heads_above(lines: Lines, index: int, words: Vocabulary) -> dict[Field, str]:
    """The rows right above an attribution: Yandex closes each by a semicolon, To, Cc and Subject; who wrote, and when, stands below them."""
    rows: list[Row] = []
    for line in range(index - 1, max(index - _MOST_HEADS, 0) - 1, -1):
        row = read_row(lines.rich[line], line, words)
        if row is None or not row.meanings or not row.value.endswith(";"):
            break
        rows.append(row)
    for tag in sorted({meaning.tag for row in rows for meaning in row.meanings}):
        heads = {each: row.value[:-1] for row in rows for own, each in row.meanings if own == tag}
        if len(heads) == len(rows) and Field.TO in heads and Field.SUBJECT in heads:
            return heads
    return {}


def _is_wrapped(lines: Lines, index: int) -> bool:
    """Whether the line below stands there only because this one was full: else what it names is not of that sentence."""
    word = lines.said[index + 1].split(" ", 1)[0]
    return len(lines.said[index]) + len(word) >= _WRAPPED_AT


@lru_cache(maxsize=1024)
def _read(text: str, engines: Engines) -> _Found | None:
    text = _BRACKETED.sub(r"<\1>", text)
    bare = _ADDRESS.sub(" ", text).rstrip("".join(COLONS))
    dated = looks_like_date(bare)
    # Some clients tell the day alone; what else could stand there is then ruled out by address and template.
    may_tell_day = dated or ("@" in text and looks_like_day(bare))
    templates = templates_of(engines.words)
    for template in (*templates.get(ending(text.casefold()), ()), *templates.get("", ())):
        if (may_tell_day or "date" not in template.slots) and (found := template.read(text)):
            date = parse_written_date(
                " ".join(found.get(slot, "") for slot in ("date", "time")).strip(), template.language
            )
            if "date" in found and date.wall is None:
                continue
            address = find_address(found.get("address", ""))
            return _Found(
                _name(_surname(template, found) + found.get("name", ""), address),
                address,
                date,
                frozenset((template.language,)),
                known=True,
            )
    return _by_shape(text) if dated and engines.by_shape else None


def _surname(template: Template, found: dict[str, str]) -> str:
    """What the date took of "Müller, Jürgen" where a comma was taken for its end."""
    date, _, last = found.get("date", "").rpartition(" ")
    taken = template.ends_date_with_comma and last[:1].isupper() and not last.isupper()
    return f"{last}, " if taken and looks_like_date(date) else ""


def _name(text: str, address: str) -> str:
    people = read_people(f"{text} <{address}>") if address else ()
    return people[0].name if people else bare_name(text)


def _by_shape(text: str) -> _Found | None:
    """Without a template: a date with its time, and one address in brackets (which may be the name too) or none."""
    brackets = list(_ADDRESS.finditer(text))
    if len({find_address(each[0]) for each in brackets}) > 1 or _LABELLED.search(text):
        return None
    address = find_address(text) if brackets else ""
    written = _written(_ADDRESS.sub(" ", _NAMED.sub(" ", text)).rstrip("".join(COLONS)))
    return _Found(text[: brackets[0].start()] if brackets else "", address, written)


def _written(text: str) -> WrittenDate:
    """The date in a line of a language that is not known: the line without its name and verb, as far as it can be read."""
    first = next((index for index, sign in enumerate(text) if sign.isdigit()), 0)
    last = max((index for index, sign in enumerate(text) if sign.isdigit()), default=0)
    head, tail = text[:first].split(), text[last + 1 :].split()
    for before in (2, 1, 0, 3):
        for after in (1, 0, 2):
            date = " ".join([*(head[-before:] if before else []), text[first : last + 1], *tail[:after]])
            written = parse_written_date(date.strip(" ,;"))
            if written.wall is not None:
                return written
    return NO_DATE


def _told_below(head: str, lines: Lines, start: int) -> str:
    """The name in a line whose words are not known: it ends at the address, and its owner signs with it below."""
    quoted = _QUOTED.search(head)
    if quoted:
        return bare_name(quoted[quoted.lastindex or 0])
    remark = _REMARK.search(head)
    head, remark_said = (head[: remark.start()], remark[0]) if remark else (head, "")
    words: list[str] = []
    for word in reversed(head.split()):
        if any(sign.isdigit() for sign in word):
            break
        words.insert(0, word)
    named = _named_below(words, lines.said[start : start + _SIGNED_WITHIN]) or _capitalised_end(words)
    return bare_name(" ".join(named) + remark_said) if named else ""


def _named_below(words: list[str], below: Sequence[str]) -> list[str]:
    """The words that end in a name that stands below as it is; else those from the one that somebody signs with."""
    text = "\n".join(below)
    for count in range(min(len(words), _LONGEST_NAME), 0, -1):
        name = bare_name(" ".join(words[-count:]))
        if name and name in text:
            # Where the family comes first, the given name alone stands below.
            return _capitalised_end(words) or words[-count:] if count == 1 else words[-count:]
    signed = {said.strip(" ,.-").casefold() for said in below}
    last = words[-_LONGEST_REMARKED:]
    return next((last[at:] for at, word in enumerate(last) if word.casefold() in signed), [])


def _capitalised_end(words: list[str]) -> list[str]:
    """The last words as far as they are written as names are; a month or a part of the day alone is no name."""
    uncased = list(takewhile(lambda word: word.upper() == word.lower(), reversed(words)))[::-1]
    if 0 < len(uncased) <= _MOST_UNCASED:
        return uncased
    named: list[str] = []
    for word in reversed(words):
        if not word[:1].isupper() or word.isupper():
            break
        named.insert(0, word)
    return named if len(named) > 1 else []
