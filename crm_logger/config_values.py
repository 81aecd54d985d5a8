"""How a setting's text becomes a value: one reader per kind, each raising ValueError with the rest of a sentence."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crm_logger.core.address import canonical, canonical_domain, read_pattern

if TYPE_CHECKING:
    from collections.abc import Callable

# RFC 5322 §3.6.8: a field name is printable ASCII without a colon.
_HEADER_NAME = re.compile(r"[!-9;-~]+")
_HOST_LABEL = re.compile(r"[^\s/:@\[\]]+")
_YES = frozenset({"yes", "true", "on", "1"})
_NO = frozenset({"no", "false", "off", "0", ""})


class Secret:
    """A text that no log, traceback or repr shows; `reveal()` gives it to whoever must have it. False where empty."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __repr__(self) -> str:
        return "Secret(***)" if self._text else "Secret()"

    __str__ = __repr__


def text(value: str) -> str:
    """Any text on one line."""
    if any(letter < " " or letter == "\x7f" for letter in value):
        raise ValueError("holds a line break or a control character")
    return value


def secret(value: str) -> Secret:
    """A text that is never shown."""
    return Secret(text(value))


def host(value: str) -> str:
    """A host's name or IP address, without scheme and port."""
    if value and not _HOST_LABEL.fullmatch(value) and not _is_ipv6(value):
        raise ValueError("is no host name (mail.example.com, without scheme, port or blanks)")
    return value


def _is_ipv6(value: str) -> bool:
    try:
        return ipaddress.ip_address(value).version == 6
    except ValueError:
        return False


def is_loopback(name: str) -> bool:
    """Whether the host is this machine, by a name or an address that can be no other."""
    try:
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def is_safe_address(url: str) -> bool:
    """Whether nobody on the way can read what goes to a web address: https, or this machine itself."""
    parts = urlsplit(url)
    return not url or parts.scheme.lower() == "https" or is_loopback(parts.hostname or "")


def tenant(value: str) -> str:
    """The id of a tenant or a domain of it: letters, digits, dots and hyphens, for it becomes part of an address."""
    if value and not re.fullmatch(r"[A-Za-z0-9.-]+", value, re.ASCII):
        raise ValueError("is neither a tenant's id nor a domain")
    return value


def port(value: str) -> int:
    """A TCP port, 0 where the default of the protocol is meant."""
    if not value:
        return 0
    number = whole(value)
    if not 1 <= number <= 65535:
        raise ValueError("is no port (1 to 65535)")
    return number


def whole(value: str) -> int:
    """A whole number, not negative."""
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        raise ValueError("is no whole number")
    return int(value)


def percent(value: str) -> int:
    """A whole number up to 100."""
    if whole(value) > 100:
        raise ValueError("is no percentage (0 to 100)")
    return int(value)


def web_address(value: str) -> str:
    """An address of the web, with http or https."""
    if value and not re.fullmatch(r"https?://[^\s/?#]+[!-~]*", value, re.ASCII | re.IGNORECASE):
        raise ValueError("is no web address (https://…)")
    return value


def seconds(value: str) -> float:
    """A time in seconds, above nought and below a day."""
    number = _decimal(value)
    if not 0 < number <= 86400:
        raise ValueError("is no time in seconds (above 0, at most 86400)")
    return number


def megabytes(value: str) -> float:
    """A size in megabytes (2^20 bytes), above nought and at most 2000."""
    number = _decimal(value)
    if not 0 < number <= 2000:
        raise ValueError("is no size in megabytes (above 0, at most 2000)")
    return number


def _decimal(value: str) -> float:
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,6})?", value, re.ASCII):
        raise ValueError("is no number")
    return float(value)


def yes_or_no(value: str) -> bool:
    """yes, true, on, 1 or no, false, off, 0."""
    if value.lower() not in _YES | _NO:
        raise ValueError("is neither yes nor no")
    return value.lower() in _YES


def one_of(*choices: str) -> Callable[[str], str]:
    """A reader that takes one of these words, in any case, and gives it as written here."""

    def read(value: str) -> str:
        for choice in choices:
            if value.lower() == choice.lower():
                return choice
        raise ValueError(f"is none of {', '.join(choices)}")

    return read


def domains(value: str) -> tuple[str, ...]:
    """Domains apart by commas or blanks, canonical; a leading @ is allowed."""
    found = tuple(canonical_domain(word.removeprefix("@").removesuffix(".")) for word in _words(value))
    if "" in found:
        raise ValueError("holds something that is no domain (crm.example.com)")
    return found


def addresses(value: str) -> tuple[str, ...]:
    """Mail addresses apart by commas or blanks, canonical."""
    found = tuple(canonical(word) for word in _words(value))
    if "" in found:
        raise ValueError("holds something that is no address (crm@example.com)")
    return found


def senders(value: str) -> tuple[str, ...]:
    """Addresses and domains apart by commas or blanks: an address, a domain with its subdomains, or `=domain` alone."""
    found = tuple(read_pattern(word) or "" for word in _words(value))
    if "" in found:
        raise ValueError("holds something that is neither an address nor a domain (acme.example)")
    return found


def _words(value: str) -> tuple[str, ...]:
    return tuple(word for word in re.split(r"[,\s]+", value) if word)


def mailbox_names(value: str) -> tuple[str, ...]:
    """Names that settings can begin with, each once."""
    names = tuple(dict.fromkeys(word.lower() for word in _words(value)))
    if wrong := [name for name in names if not re.fullmatch(r"[a-z][a-z0-9]{0,19}", name)]:
        raise ValueError(f"holds {wrong[0]!r}, which is no name: letters and digits, a letter first")
    return names


def header_name(value: str) -> str:
    """The name of a header field, without the colon."""
    name = value.removesuffix(":")
    if name and not _HEADER_NAME.fullmatch(name):
        raise ValueError("is no name of a header field (X-Original-To)")
    return name


def folder(value: str) -> str:
    """The name of an IMAP folder as a mail client shows it."""
    if not value:
        raise ValueError("is empty")
    return text(value)


def database_url(value: str) -> str:
    """Where the database is: sqlite:///PATH or postgresql://…"""
    if not re.match(r"[a-z][a-z0-9+]*://.", text(value)):
        raise ValueError("is no database URL (sqlite:///crm-logger.sqlite3)")
    return value
