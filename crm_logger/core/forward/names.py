"""People as header blocks of forwards write them: far looser than RFC 5322."""

from __future__ import annotations

import re
from functools import lru_cache

from crm_logger.core.address import canonical
from crm_logger.core.forward.lines import plain
from crm_logger.core.model import Person

# A run of address characters around an @; every run is bounded by RFC 5321 §4.5.3.1, so the search stays linear.
_ADDRESS = re.compile(
    r"[^\s<>()\[\]\",;:'`*|\\＜＞（）［］【】「」《》〈〉«»„“”‘’：；，、@]{1,64}@"
    r"[^\s<>()\[\]\",;:'`*|\\＜＞（）［］【】「」《》〈〉«»„“”‘’：；，、@]{1,255}"
)
_MAILTO = re.compile(
    r"[<\[(（＜]?\s?mailto:\s?([^\s<>\[\]()?]{3,320})(?:\?[^\s<>\[\]()]{0,500})?\s?[>\])）＞]?", re.IGNORECASE
)
_ASCII_DOMAIN = re.compile(r"[a-zA-Z]{2,}(?=[^\x00-\x7f])")
# `carl@client.example (Carl Brandt)`, the old way to write a name (RFC 5322, appendix A.6.3).
_COMMENT = re.compile(r" ?\(([^()@]{1,80})\)")
_OPENERS = "<[(（＜［【《〈「"
_CLOSERS = ">])）＞］】》〉」"
_SEPARATORS = ",;，；、،"
_AROUND = " \t\"'`*_«»„“”‘’" + _SEPARATORS
_EMPTY = re.compile(r"<\s*>|\[\s*\]|\(\s*\)")
_NOBODY = re.compile(r"undisclosed[- ]recipients?", re.IGNORECASE)
_EAST_ASIAN = re.compile("[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7a3]")
_BEHALF = re.compile(
    r"\s(?:on behalf of|im auftrag von|in vertretung von|de la part de|au nom de|pour le compte de|en nombre de|per conto di|em nome de|namens"
    r"|w imieniu|jménem|v mene|nevében|în numele|u ime|v imenu|på vegne af|på vegne av|för|puolesta|от имени|від імені|от името на|adına"
    r"|を代理して|代表|代理|대신)\s",
    re.IGNORECASE,
)
_LONGEST = 20_000
_SHORT = 500


def read_people(value: str) -> tuple[Person, ...]:
    """Return the people that a value of a header block names; an address is "" where only a name stands. Never raises."""
    return _short_people(value) if len(value) <= _SHORT else _people(value)


def _people(value: str) -> tuple[Person, ...]:
    value = plain(value[:_LONGEST])
    if "@" not in value:
        return _named_only(value)
    if "mailto" in value or "MAILTO" in value:
        value = _without_mailto(value)
    people: list[Person] = []
    begin = 0
    for match in _ADDRESS.finditer(value):
        written = _without_words(match[0])
        address = canonical(written.strip(".-_…/"))
        chunk = value[begin : match.start()]
        if "." not in address.rpartition("@")[2]:
            continue
        begin = _after(value, match.start() + len(written))
        if people and people[-1].address == address and not _says(chunk):
            continue
        *others, name = _names_before(chunk)
        if not name and (comment := _COMMENT.match(value, match.end())):
            name, begin = bare_name(comment[1]), comment.end()
        people += [Person(other, "") for other in others if other]
        people.append(Person("" if _is_address(name, address) else name, address))
    rest = value[begin:]
    people += [Person(name, "") for name in _tail_names(rest)] if people else _named_only(value)
    return tuple(people)


# The text and the HTML of a mail name the same people, and a mailbox the same ones again and again.
_short_people = lru_cache(maxsize=4096)(_people)


def find_address(text: str) -> str:
    """The first address in a text, canonical; "" where there is none."""
    found = (canonical(_without_words(match[0]).strip(".-_…/")) for match in _ADDRESS.finditer(text))
    return next((address for address in found if "." in address), "")


def read_represented(value: str) -> Person | None:
    """Whose mail it is in `Office <office@…> on behalf of Dora <dora@…>`: Dora's, where her own address is told."""
    before, words, behind = _BEHALF.sub("\0", plain(value[:_LONGEST]), count=1).partition("\0")
    people = read_people(behind) if words and find_address(before) else ()
    return people[0] if len(people) == 1 and people[0].address else None


def _without_words(address: str) -> str:
    """An address without the words right behind it, in languages that put no blank there: no top-level domain mixes scripts."""
    if address.isascii():
        return address
    head, dot, last = address.rpartition(".")
    return f"{head}{dot}{ascii_[0]}" if (ascii_ := _ASCII_DOMAIN.match(last)) else address


def _without_mailto(value: str) -> str:
    """`a@b<mailto:a@b>` and `Name [mailto:a@b]`: the address once, in angle brackets."""
    return _MAILTO.sub(lambda match: f" <{match[1]}> ", value)


def _after(value: str, end: int) -> int:
    """Where the next person begins: behind the brackets that close around an address."""
    while end < len(value) and value[end] in _CLOSERS + "'\"* ":
        end += 1
    return end


def _says(chunk: str) -> bool:
    return bool(chunk.strip(_AROUND + _OPENERS + _CLOSERS))


def _names_before(chunk: str) -> list[str]:
    """The names in front of an address: the last one is its own, what stands before semicolons are others'."""
    chunk = chunk.lstrip(_SEPARATORS + " \t").rstrip()
    if chunk and chunk[-1] in _SEPARATORS:
        return [*(bare_name(part) for part in re.split(r"[;；]", chunk)), ""]
    while chunk and chunk[-1] in _OPENERS + "'\"" and not _closes(chunk):
        chunk = chunk[:-1].rstrip()
    parts = chunk.replace("；", ";").split(";")
    return [bare_name(part) for part in parts]


def _closes(chunk: str) -> bool:
    """Whether the quote sign at the end closes one that was opened: then it belongs to the name."""
    return chunk[-1] in "'\"" and chunk.count(chunk[-1]) % 2 == 0


def _tail_names(rest: str) -> list[str]:
    if not _says(rest):
        return []
    parts = re.split(r"[;；,，、،]", rest)
    return [name for part in parts if (name := bare_name(part.strip(_OPENERS + _CLOSERS + " ")))]


def _named_only(value: str) -> tuple[Person, ...]:
    """Names without any address: Outlook parts them with semicolons, and writes "Client, Carl" with a comma."""
    if _NOBODY.search(value):
        return ()
    if ";" in value or "；" in value:
        parts = value.replace("；", ";").split(";")
    else:
        parts = re.split(r"[,，、،]", value)
        if len(parts) == 2 and len(parts[0].split()) == 1 and not _EAST_ASIAN.search(value):
            parts = [value]
    return tuple(Person(name, "") for part in parts if (name := bare_name(part)))


def bare_name(text: str) -> str:
    """A name without the quote signs, stars and empty brackets around it."""
    name = _EMPTY.sub("", text).strip(_AROUND)
    while name and (
        name[-1] in _OPENERS or (name[-1] in _CLOSERS and not any(sign in name for sign in _OPENERS))
    ):
        name = name[:-1].strip(_AROUND)
    return " ".join(name.replace('\\"', '"').replace("**", "").split())


def _is_address(name: str, address: str) -> bool:
    return "@" in name and canonical(name.strip("<>[]() ")) == address
