"""How right the parser is, by client and by language and by engine: `python -m tests.forwards.figures` prints one line for each."""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING

from tests.forwards.desk.mails import desk_samples
from tests.forwards.desk.traps import trap_samples
from tests.forwards.desk.ways import way_samples
from tests.forwards.mailroom.mails import mailroom_samples
from tests.forwards.mangled.mails import mangled_samples
from tests.forwards.pasted.mails import pasted_samples
from tests.forwards.render import samples
from tests.forwards.sample import Sample, Truth
from tests.forwards.score import inspected, names_wrong_sender, structure_alone, verdicts, words_alone
from tests.forwards.stories import Person
from tests.forwards.strangers.compose import replies, strangers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.forwards.strangers.story import Stranger

FIELDS = {
    "forwarded": "forwarded", "from_address": "sender", "wrong": "wrong", "from_name": "name", "people": "To/Cc", "subject": "subject", "date": "date", "body": "body",
    "message": "note", "words": "knowledge", "structure": "structure",
}  # fmt: skip
"""What is counted, and what the table calls it. `wrong` is a number of mails, the others are shares."""
_UNTOLD = frozenset({"from_address", "from_name", "to", "cc", "subject", "date", "body", "message"})


@dataclass(slots=True)
class Tally:
    """Right answers and questions asked, by ("client" or "language", its name) and field."""

    right: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    asked: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def add(self, sample: Sample) -> None:
        """Read one more sample with both engines, then with each alone."""
        answer = inspected(sample.raw)
        told = verdicts(answer, sample.truth)
        told["wrong"] = names_wrong_sender(answer, sample.truth)
        if "to" in told or "cc" in told:
            told["people"] = told.get("to", True) and told.get("cc", True)
        if sample.truth.forwarded:
            told["words"] = verdicts(words_alone(sample.raw), sample.truth).get("from_address", False)
            told["structure"] = verdicts(structure_alone(sample.raw), sample.truth).get("from_address", False)
        for place in (("all", "all"), ("client", sample.client), ("language", sample.language)):
            self.asked[*place, "mails"] += 1
            for name in FIELDS.keys() & told.keys():
                self.asked[*place, name] += 1
                self.right[*place, name] += told[name]

    def lines(self) -> Iterator[str]:
        """The table."""
        for dimension in ("all", "client", "language"):
            yield f"{dimension:24}{'mails':>7}" + "".join(f"{name:>11}" for name in FIELDS.values())
            for value in sorted({key[1] for key in self.asked if key[0] == dimension}):
                shown = "".join(f"{self._shown(dimension, value, name):>11}" for name in FIELDS)
                yield f"{value[:23]:24}{self.asked[dimension, value, 'mails']:>7}{shown}"
            yield ""

    def _shown(self, dimension: str, value: str, name: str) -> str:
        right, asked = self.right[dimension, value, name], self.asked[dimension, value, name]
        if name == "wrong":
            return str(right)
        return f"{100 * right / asked:.1f}" if asked else "-"


def everything(every: int = 1) -> Iterator[Sample]:
    """Each n-th sample of every set."""
    told = (_told(mail) for mail in chain(strangers(every=every), replies(every=every)))
    own = chain(
        samples(),
        desk_samples(),
        trap_samples(),
        way_samples(),
        mailroom_samples(),
        pasted_samples(),
        mangled_samples(),
    )
    yield from (sample for number, sample in enumerate(own) if number % every == 0)
    yield from told


def _told(mail: Stranger) -> Sample:
    """A stranger's mail as a sample."""
    if mail.sender is None:
        nobody = Truth(False, Person("", ""), unknown=_UNTOLD)
        return Sample(mail.name, mail.client, mail.tag, "strangers", mail.raw, nobody)
    unknown = {"subject"} if not mail.subject else set()
    unknown |= {"from_name"} if mail.client.endswith("tuta") else set()
    truth = Truth(
        True,
        Person(mail.sender.name, mail.sender.address),
        tuple(Person(who.name, who.address) for who in mail.to),
        tuple(Person(who.name, who.address) for who in mail.cc),
        mail.subject,
        datetime.fromisoformat(mail.minute) if mail.minute else None,
        body=mail.body,
        note=mail.note,
        unknown=frozenset(unknown),
    )
    return Sample(mail.name, mail.client, mail.tag, "strangers", mail.raw, truth)


def tally(chosen: Iterable[Sample]) -> Tally:
    """Count all of them."""
    result = Tally()
    for sample in chosen:
        result.add(sample)
    return result


def main() -> None:
    """`python -m tests.forwards.figures [--every N]`: N above 1 reads a part only."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1)
    for line in tally(everything(parser.parse_args().every)).lines():
        print(line)  # noqa: T201 -- a command's answer


if __name__ == "__main__":
    main()
