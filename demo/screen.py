"""How the demo prints: headings and marks, in colour on a terminal only, within 100 columns."""

from __future__ import annotations

import os
import sys
import textwrap
from typing import TYPE_CHECKING

from crm_logger.admin import show
from crm_logger.core.model import Outcome
from crm_logger.reasons import ADVICE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm_logger.core.model import Reason
    from crm_logger.store.receipts import Decided
    from demo.scene import Scene

WIDTH = 100
_BOLD, _DIM, _RED, _GREEN, _YELLOW = "1", "2", "31", "32", "33"
_MARKS = {
    Outcome.LOGGED: ("✓", _GREEN),
    Outcome.REFUSED: ("·", _YELLOW),
    Outcome.FAILED: ("!", _RED),
}


def say(text: str = "") -> None:
    """Print a line or several."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def heading(text: str) -> None:
    """Begin a part."""
    say(f"\n{_coloured(text, _BOLD)}\n{_coloured('─' * WIDTH, _DIM)}")


def command(words: str, printed: str) -> None:
    """Show a command and what it printed."""
    say(_coloured(f"$ crm-logger {words}", _BOLD))
    say(indented(printed.rstrip()))


def indented(text: str) -> str:
    """Every line two columns to the right; one that is too long goes on below, further to the right."""
    return "\n".join(_fitting(f"  {line}".rstrip()) for line in text.splitlines())


def _fitting(line: str) -> str:
    margin = " " * (len(line) - len(line.lstrip()) + 4)
    return line if len(line) <= WIDTH else "\n".join(textwrap.wrap(line, WIDTH, subsequent_indent=margin))


def scene_line(scene: Scene, reason: Reason, flags: tuple[str, ...]) -> None:
    """One mail of the week and what became of it."""
    mark, colour = _MARKS[reason.outcome]
    told = f"{reason}, {scene.flag}" if scene.flag and scene.flag in flags else str(reason)
    say(f"  {scene.arrived:%a %H:%M}  {scene.title:<52} {_coloured(f'{mark} {told}', colour)}")


def refusals(decided: Iterable[Decided]) -> None:
    """The table of what was not logged: each mail with its reason, and the reason's sentence below."""
    say(_coloured(f"  {'ID':<4}{'FROM':<26}{'SUBJECT':<34}REASON", _BOLD))
    for each in decided:
        sender, subject = show.clean(each.sender) or "(not kept)", show.clean(each.subject) or "(not kept)"
        reason = _coloured(each.reason, _YELLOW)
        say(f"  {each.receipt:<4}{show.shorten(sender, 25):<26}{show.shorten(subject, 33):<34}{reason}")
        say(f"      {_coloured(ADVICE[each.reason][0], _DIM)}")


def complaint(text: str) -> None:
    """Say what went wrong."""
    say(_coloured(text, _RED))


def _coloured(text: str, colour: str) -> str:
    if not sys.stdout.isatty() or "NO_COLOR" in os.environ:
        return text
    return f"\033[{colour}m{text}\033[0m"
