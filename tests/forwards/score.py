"""Reads every sample with the parser and says how often each field is right: per client, language and field."""

from __future__ import annotations

import argparse
import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crm_logger.core import inspection
from crm_logger.core.forward import find_forward
from crm_logger.core.forward.vocabulary import Engines, Vocabulary
from crm_logger.core.inspection import inspect_message
from crm_logger.core.message import parse_message
from tests.forwards.render import samples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.forwards.sample import Sample, Truth
    from tests.forwards.stories import Person

Answer = dict[str, Any]
FIELDS = ("forwarded", "from_address", "from_name", "to", "cc", "subject", "date", "body", "message", "lines")
_INVISIBLE = dict.fromkeys(
    map(ord, "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
)


def plain(text: str) -> str:
    """Text as it is compared: no quote marks, no invisible letters, one blank for any white space."""
    lines = (re.sub(r"^(?:\s*>)+", "", line) for line in unicodedata.normalize("NFC", text).split("\n"))
    return " ".join(" ".join(lines).translate(_INVISIBLE).split())


def exact(text: str) -> str:
    """Text line by line; only blanks at the ends of lines and empty lines around it do not count."""
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


def _name(text: str) -> str:
    return plain(text).strip("\"' *").casefold()


def _same_people(found: list[dict[str, str]], wanted: tuple[Person, ...]) -> bool:
    got = [(_name(person["name"]), person["address"].casefold()) for person in found]
    got = [("" if name == address else name, address) for name, address in got]
    return got == [(_name(person.name), person.address.casefold()) for person in wanted]


def _same_date(found: str | None, truth: Truth) -> bool:
    if truth.date is None or found is None:
        return truth.date is None and found is None
    wall = datetime.fromisoformat(found).replace(tzinfo=None, second=0, microsecond=0)
    wanted = truth.date.replace(second=0)
    return wall.date() == wanted.date() if truth.date_unit == "day" else wall == wanted


def verdicts(answer: Answer, truth: Truth) -> dict[str, bool]:
    """Field by field, whether the answer is right. Only forwards have a sender to be uncertain about."""
    if answer.get("error"):
        return {"forwarded": False}
    if truth.uncertain == "allowed" and not truth.forwarded:
        return {"forwarded": not (answer["forwarded"] and answer["from_address"])}
    right = {"forwarded": answer["forwarded"] is truth.forwarded}
    if not right["forwarded"]:
        return right
    address = answer["from_address"]
    same = (address or "").casefold() == truth.sender.address.casefold()
    right["from_address"] = {
        "": same and address is not None,
        "allowed": same or address is None,
        "required": address is None,
    }[truth.uncertain]
    if not truth.uncertain:
        right["from_name"] = _name(answer["from_name"]) in {
            _name(truth.sender.name),
            truth.sender.address.casefold(),
        }
    right["to"] = _same_people(answer["to"], truth.to)
    right["cc"] = _same_people(answer["cc"], truth.cc)
    right["subject"] = plain(answer["subject"]) == plain(truth.subject)
    right["date"] = _same_date(answer["date_iso"], truth)
    right["body"] = plain(answer["body"]) == plain(truth.body)
    right["message"] = plain(answer.get("message", "")) == plain(truth.note)
    if truth.forwarded and truth.line_by_line and "body" not in truth.unknown:
        right["lines"] = exact(answer["body"]) == exact(truth.body)
    return {name: verdict for name, verdict in right.items() if name not in truth.unknown}


def names_wrong_sender(answer: Answer, truth: Truth) -> bool:
    """The worst that can happen: somebody else is named as the writer, or a reply is taken for a forward."""
    address = answer.get("from_address")
    if truth.forwarded and not answer["forwarded"]:
        return False
    if not truth.forwarded:
        return bool(answer["forwarded"] and address)
    return (address or truth.sender.address).casefold() != truth.sender.address.casefold()


@dataclass(slots=True)
class Score:
    """Counts of right answers by (dimension, value, field), the failures, and the wrong senders."""

    right: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    asked: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    wrong_senders: list[tuple[Sample, Answer]] = field(default_factory=list)
    failures: dict[str, list[tuple[Sample, Answer]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, sample: Sample, answer: Answer) -> None:
        """One more sample."""
        if names_wrong_sender(answer, sample.truth):
            self.wrong_senders.append((sample, answer))
        told = "composed" if sample.composed else "known"
        for name, verdict in verdicts(answer, sample.truth).items():
            for where in (
                ("all", sample.group),
                ("client", sample.client),
                ("language", sample.language),
                ("words", told),
            ):
                self.asked[*where, name] += 1
                self.right[*where, name] += verdict
            if not verdict:
                self.failures[name].append((sample, answer))

    def share(self, name: str, dimension: str = "all", value: str | None = None) -> float:
        """Share of right answers for a field, over a whole dimension or one value of it."""
        keys = [
            key for key in self.asked if key[0] == dimension and key[2] == name and value in {None, key[1]}
        ]
        asked = sum(self.asked[key] for key in keys)
        return sum(self.right[key] for key in keys) / asked if asked else 1.0


def inspected(raw: bytes) -> Answer:
    """The parser's answer in the words of the inspect contract."""
    return inspect_message(raw)


def structure_alone(raw: bytes) -> Answer:
    """The answer of a parser that knows no word of any language."""
    return answer_of(raw, Engines(Vocabulary(())))


def words_alone(raw: bytes) -> Answer:
    """The answer of a parser that trusts nothing but the words it knows."""
    return answer_of(raw, Engines(by_shape=False))


ENGINES = {"both": inspected, "structure": structure_alone, "words": words_alone}


def answer_of(raw: bytes, engines: Engines) -> Answer:
    """The answer of the parser with these engines."""
    message = parse_message(raw)
    forward = find_forward(message, engines)
    return inspection._plain(message) if forward is None else inspection._forwarded(forward)


def score(chosen: Iterable[Sample], read: Callable[[bytes], Answer] = inspected) -> Score:
    """Read all samples."""
    result = Score()
    for sample in chosen:
        result.add(sample, read(sample.raw))
    return result


def report(result: Score, failures: int) -> Iterable[str]:
    """The lines to print."""
    yield f"WRONG SENDERS: {len(result.wrong_senders)}"
    for sample, answer in result.wrong_senders[: max(failures, 20)]:
        yield f"  {sample.name}: {answer['from_address']!r} for {sample.truth.sender.address!r}"
    for dimension in ("all", "words", "client", "language"):
        yield f"\n{dimension:18}" + "".join(f"{name:>13}" for name in FIELDS)
        for value in sorted({key[1] for key in result.asked if key[0] == dimension}):
            shares = "".join(f"{_percent(result, name, dimension, value):>13}" for name in FIELDS)
            yield f"{value:18}{shares}"
    for name in FIELDS:
        for sample, answer in result.failures[name][:failures]:
            wanted = _wanted(sample, name)
            yield f"\n{name} of {sample.name}\n  wanted {wanted!r}\n  got    {_got(answer, name)!r}"


def _percent(result: Score, name: str, dimension: str, value: str) -> str:
    if not result.asked[dimension, value, name]:
        return "-"
    return f"{100 * result.share(name, dimension, value):.1f}"


def _got(answer: Answer, name: str) -> object:
    return answer.get({"date": "date_iso", "lines": "body"}.get(name, name))


def _wanted(sample: Sample, name: str) -> object:
    truth = sample.truth
    known = {
        "from_address": truth.sender.address,
        "from_name": truth.sender.name,
        "message": truth.note,
        "lines": truth.body,
    }
    if name in known:
        return known[name]
    value = getattr(truth, name)
    return value.isoformat() if isinstance(value, datetime) else value


def main() -> None:
    """`python -m tests.forwards.score [--client X] [--language Y] [--group G] [--engine E] [--failures N]`."""
    parser = argparse.ArgumentParser(description=__doc__)
    for option in ("--client", "--language", "--group", "--name"):
        parser.add_argument(option, default="")
    parser.add_argument("--failures", type=int, default=0)
    parser.add_argument("--engine", choices=ENGINES, default="both")
    asked = parser.parse_args()
    chosen = (
        sample
        for sample in samples()
        if asked.client in {"", sample.client}
        and asked.language in {"", sample.language}
        and asked.group in {"", sample.group}
        and asked.name in sample.name
    )
    for line in report(score(chosen, ENGINES[asked.engine]), asked.failures):
        print(line)  # noqa: T201 -- a command's answer


if __name__ == "__main__":
    main()
