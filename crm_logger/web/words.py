"""How the pages write: times, sizes, people, and text that a mail wrote."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from crm_logger.core.model import Direction, Fate, Flag, Kind, Outcome, Role
from crm_logger.store.search import MARK, UNMARK

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask

FLAGS: dict[str, str] = {
    Flag.WRONG_ADDRESS: "It came to the other of the two log addresses; it was told by its content.",
    Flag.UNVERIFIED: "Nothing proves that the sender is who From says.",
    Flag.ZONE_ASSUMED: "The original told no time zone; that of the forward was assumed.",
    Flag.PARTIAL: "The mail was too large to be fetched wholly.",
    Flag.ATTACHMENT_LEFT_OUT: "An attachment was left out: it is over the limit.",
    Flag.BODY_CUT: "The text was cut: it is over the limit.",
    Flag.ADDRESS_EXPOSED: "The log address stood in To or Cc, where everybody on the mail can read it. Rotate it.",
    Flag.ENCRYPTED: "The mail is encrypted; its text cannot be read here.",
    Flag.BELOW_BORDER: "The log address was read in a header that the sender may have written.",
}
FATES: dict[str, str] = {
    Fate.CREATED: "became a contact",
    Fate.ASSOCIATED: "is a contact",
    Fate.NEVER_LOG: "on the never-log list",
    Fate.INTERNAL: "a colleague",
    Fate.NOT_CREATED_BCC: "on Bcc, and no contact yet",
    Fate.NOT_CREATED_CC: "a bystander, and no contact yet",
    Fate.NOT_CREATED_LIMIT: "over the limit of new contacts",
    Fate.LOG_ADDRESS: "a log address",
    Fate.NOT_LOGGED: "not logged",
}
KINDS = {Kind.BCC: "BCC address", Kind.FORWARD: "forwarding address"}
DIRECTIONS = {Direction.OUTGOING: "Sent", Direction.INCOMING: "Received"}
OUTCOMES = {Outcome.LOGGED: "logged", Outcome.REFUSED: "not logged", Outcome.FAILED: "failed"}

_JOINERS = "\u200c\u200d"  # Persian and emoji are written with them
_UNFIT = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_QUOTED = re.compile(r"^\s*>|^\s*(?:-{2,}|_{5,})")


def teach(app: Flask) -> None:
    """Make the words known to the templates."""
    app.jinja_env.filters.update(
        tidy=tidy, day=day, clock=clock, moment=moment, size=size, marked=marked, opening=opening, iso=iso
    )
    app.jinja_env.globals.update(
        FLAGS=FLAGS,
        FATES=FATES,
        KINDS=KINDS,
        DIRECTIONS=DIRECTIONS,
        OUTCOMES=OUTCOMES,
        roles=Role,
        plural=plural,
    )


def tidy(text: str) -> str:
    """One line without control characters and without marks that turn the direction of writing."""
    return " ".join(tidy_lines(text).split())


def tidy_lines(text: str) -> str:
    """The same for a text of several lines; its line ends stay."""
    return "".join(
        char
        for char in text.replace("\r\n", "\n").replace("\t", "    ")
        if char in "\n" + _JOINERS or unicodedata.category(char) not in _UNFIT
    )


def day(at: datetime) -> str:
    """3 May 2026, on the server's clock."""
    local = at.astimezone()
    return f"{local.day} {local:%B %Y}"


def clock(at: datetime) -> str:
    """09:30."""
    return f"{at.astimezone():%H:%M}"


def moment(at: datetime) -> str:
    """3 May 2026, 09:30."""
    return f"{day(at)}, {clock(at)}"


def iso(at: datetime) -> str:
    """For the `datetime` of a time element."""
    return at.isoformat(timespec="seconds")


def size(count: int) -> str:
    """1.2 MB, as people read it."""
    if count < 1000:
        return f"{count} B"
    for unit in ("KB", "MB"):
        count_in_unit = count / 1000 if unit == "KB" else count / 1_000_000
        if count_in_unit < 1000:
            return f"{count_in_unit:.0f} {unit}" if count_in_unit >= 10 else f"{count_in_unit:.1f} {unit}"
    return f"{count / 1_000_000_000:.1f} GB"


def plural(count: int, one: str, many: str = "") -> str:
    """`1 mail`, `2 mails`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def opening(text: str, length: int = 280) -> str:
    """How a mail's own text begins, without what it quotes."""
    lines = (line.strip() for line in tidy_lines(text).split("\n"))
    own = " ".join(line for line in lines if line and not _QUOTED.match(line))
    return own if len(own) <= length else own[: length - 1].rstrip() + "…"


def marked(text: str) -> Markup:
    """A text of the search index, with the hits in it marked."""
    kept = "".join(char if char in MARK + UNMARK else tidy_lines(char) for char in text)
    safe = str(escape(" ".join(kept.split())))
    return Markup(safe.replace(MARK, "<mark>").replace(UNMARK, "</mark>"))  # noqa: S704 -- escaped above
