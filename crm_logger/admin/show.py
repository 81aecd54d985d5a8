"""How commands print: clean of what a mail could do to a terminal, log addresses masked, times in the local zone."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
_TOKEN = re.compile(r"\b(bcc|forward)-[a-z0-9]{16,}(?:\+[^\s@<>\"]*)?", re.IGNORECASE)
_JOINERS = "\u200c\u200d"  # Persian and emoji are written with them
_UNFIT = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def clean(text: str) -> str:
    """One line that a terminal prints as it stands: no control characters, escape sequences or bidi marks."""
    return " ".join(clean_lines(text).split())


def clean_lines(text: str) -> str:
    """The same for a text of several lines; its line ends stay."""
    plain = _ANSI.sub("", text.replace("\r\n", "\n")).replace("\t", "    ")
    return mask(
        "".join(char for char in plain if char in "\n" + _JOINERS or unicodedata.category(char) not in _UNFIT)
    )


def mask(text: str) -> str:
    """The text without the tokens of log addresses: whoever knows one may write to it."""
    return _TOKEN.sub(r"\1-…", text)


def masked(value: Any) -> Any:
    """The same for a value made of dicts, lists and strings."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, dict):
        return {key: masked(each) for key, each in value.items()}
    return [masked(each) for each in value] if isinstance(value, list | tuple) else value


def local(moment: datetime | None) -> str:
    """A moment on the clock of whoever reads it, with its offset; "" for none."""
    return moment.astimezone().isoformat(" ", "minutes") if moment else ""


def utc(moment: datetime | None) -> str | None:
    """A moment for --json: ISO 8601 in UTC; None for none."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if moment else None


def person(name: str, address: str) -> str:
    """`Name <address>`, or whichever of the two is known."""
    name, address = clean(name), clean(address)
    return f"{name} <{address}>" if name and address and name != address else name or address


def echo_json(value: Any, *, secret: bool = False) -> None:
    """Print one JSON document, times in UTC; log addresses are masked unless they are what was asked for."""
    click.echo(json.dumps(value if secret else masked(value), indent=2, default=utc))


def facts(row: Any) -> dict[str, Any]:
    """What --json tells of a dataclass of the store; the account goes by its name, None where there is none."""
    found = asdict(row)
    if "account_name" in found:
        found["account"] = found.pop("account_name") or None
    return found


def echo_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print columns as wide as they need to be; cells must be clean."""
    lines = [tuple(head), *(tuple(row) for row in rows)]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


def shorten(text: str, length: int = 60) -> str:
    """At most `length` characters, the cut marked."""
    return text if len(text) <= length else text[: length - 1] + "…"


def _width(text: str) -> int:
    return sum(
        0 if unicodedata.combining(char) else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in text
    )


def plural(count: int, one: str, many: str = "") -> str:
    """`1 mail`, `2 mails`."""
    return f"{count} {one if count == 1 else many or one + 's'}"
