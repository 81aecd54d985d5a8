"""`python -m tests.forwards.pasted [--failures N] [--name X]`: how the two sides are told apart."""

from __future__ import annotations

import argparse

from tests.forwards.pasted.mails import pasted_samples
from tests.forwards.score import ENGINES, report, score


def main() -> None:
    """Print the shares of right answers, and failures where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--failures", type=int, default=0)
    parser.add_argument("--name", default="")
    parser.add_argument("--engine", choices=ENGINES, default="both")
    asked = parser.parse_args()
    chosen = (sample for sample in pasted_samples() if asked.name in sample.name)
    for line in report(score(chosen, ENGINES[asked.engine]), asked.failures):
        print(line)  # noqa: T201 -- a command's answer


main()
