"""`python -m tests.forwards.mangled [--seed N] [--failures N] [--name X]`: how mangled mails are read."""

from __future__ import annotations

import argparse

from tests.forwards.mangled.mails import mangled_samples
from tests.forwards.score import ENGINES, report, score


def main() -> None:
    """Print the shares of right answers, and failures where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--failures", type=int, default=0)
    parser.add_argument("--name", default="")
    parser.add_argument("--engine", choices=ENGINES, default="both")
    asked = parser.parse_args()
    chosen = (sample for sample in mangled_samples(asked.seed) if asked.name in sample.name)
    for line in report(score(chosen, ENGINES[asked.engine]), asked.failures):
        print(line)  # noqa: T201 -- a command's answer


main()
