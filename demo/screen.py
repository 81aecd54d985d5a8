"""How the demo prints: headings and marks, in colour on a terminal only, within 100 columns."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from crm_logger.core.model import Outcome

if TYPE_CHECKING:
    from crm_logger.core.model import Reason
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
    """Every line two columns to the right."""
    return "\n".join(f"  {line}".rstrip() for line in text.splitlines())


def scene_line(scene: Scene, reason: Reason, flags: tuple[str, ...]) -> None:
    """One mail of the week and what became of it."""
    mark, colour = _MARKS[reason.outcome]
    told = f"{reason}, {scene.flag}" if scene.flag and scene.flag in flags else str(reason)
    say(f"  {scene.arrived:%a %H:%M}  {scene.title:<52} {_coloured(f'{mark} {told}', colour)}")


def complaint(text: str) -> None:
    """Say what went wrong."""
    say(_coloured(text, _RED))


def _coloured(text: str, colour: str) -> str:
    if not sys.stdout.isatty() or "NO_COLOR" in os.environ:
        return text
    return f"\033[{colour}m{text}\033[0m"
