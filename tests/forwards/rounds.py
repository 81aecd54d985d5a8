"""The command of a set of samples that is made from seeds: how its mails are read."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from tests.forwards.score import ENGINES, report, score

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.forwards.sample import Sample


def tell(described: str | None, samples: Callable[[int], Iterable[Sample]]) -> None:
    """Print the shares of right answers, and failures where asked."""
    parser = argparse.ArgumentParser(description=described)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--failures", type=int, default=0)
    parser.add_argument("--name", default="")
    parser.add_argument("--engine", choices=ENGINES, default="both")
    asked = parser.parse_args()
    chosen = (sample for sample in samples(asked.seed) if asked.name in sample.name)
    for line in report(score(chosen, ENGINES[asked.engine]), asked.failures):
        print(line)  # noqa: T201 -- a command's answer
