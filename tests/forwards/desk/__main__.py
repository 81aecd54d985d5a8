"""`python -m tests.forwards.desk [--seed N] [--failures N] [--client X]`: how the desk's mails are read."""

from __future__ import annotations

import argparse
from itertools import chain

from tests.forwards.desk.mails import desk_samples
from tests.forwards.desk.traps import trap_samples
from tests.forwards.desk.ways import way_samples
from tests.forwards.score import ENGINES, report, score


def main() -> None:
    """Print the shares of right answers, and failures where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--failures", type=int, default=0)
    parser.add_argument("--client", default="")
    parser.add_argument("--name", default="")
    parser.add_argument("--engine", choices=ENGINES, default="both")
    asked = parser.parse_args()
    chosen = (
        sample
        for sample in chain(desk_samples(asked.seed), trap_samples(asked.seed), way_samples(asked.seed))
        if asked.client in {"", sample.client} and asked.name in sample.name
    )
    for line in report(score(chosen, ENGINES[asked.engine]), asked.failures):
        print(line)  # noqa: T201 -- a command's answer


main()
