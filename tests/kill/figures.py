"""What came of killing: the figures that the matrix prints."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Figures:
    """How many points there were, and what was wrong after them, by what it is about."""

    scenarios: int = 0
    cells: int = 0
    points: int = 0
    stuck: int = 0
    changed: int = 0
    lost: Counter[str] = field(default_factory=Counter)
    double: Counter[str] = field(default_factory=Counter)
    ways: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)

    def add(self, other: Figures) -> None:
        """Add the figures of another portion."""
        self.points += other.points
        self.stuck += other.stuck
        self.changed += other.changed
        self.lost += other.lost
        self.double += other.double
        self.ways += other.ways
        self.told += other.told

    @property
    def red(self) -> int:
        """How much went wrong."""
        return self.lost.total() + self.double.total() + self.stuck + self.changed

    def by_kind(self) -> list[str]:
        """What was lost and what was double, a line each."""
        named = (("lost", self.lost), ("double", self.double))
        return [
            f"{what}: " + ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))
            for what, kinds in named
            if kinds
        ]

    def __str__(self) -> str:
        return (
            f"{self.scenarios} scenarios, {self.cells} cells, {self.points} points: {self.lost.total()} lost, "
            f"{self.double.total()} double, {self.stuck} stuck, {self.changed} changed by an idle run"
        )
