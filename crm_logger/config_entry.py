"""What every setting tells of itself: how it is read, its default, why it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

Need = Literal["imap", "log"]
"""What a command cannot do without: the mailbox, or the domain of the log addresses."""


def entry(
    reader: Callable[[str], Any], default: str, why: str, *, need: Need | None = None, hidden: bool = False
) -> dict[str, Any]:
    """Metadata of a setting: how it is read, its default as one would write it, and why it is there."""
    return {"reader": reader, "default": default, "why": why, "need": need, "hidden": hidden}
