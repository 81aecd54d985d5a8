"""A week of mail at Acme, in the order in which it reaches the shared mailbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo.scenes.forwarded import forwarded
from demo.scenes.refused import refused
from demo.scenes.sent import sent

if TYPE_CHECKING:
    from demo.scene import Addresses, Scene


def week(log: Addresses) -> tuple[Scene, ...]:
    """All scenes, oldest first; the same in every run but for the log addresses."""
    scenes = (*sent(log), *forwarded(log), *refused(log))
    return tuple(sorted(scenes, key=lambda scene: scene.arrived))
