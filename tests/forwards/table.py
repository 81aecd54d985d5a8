"""The table of docs/forwards.md: what is sampled, by language; `python -m tests.forwards.table` prints it."""

from __future__ import annotations

from collections import defaultdict

from tests.forwards.render import samples


def table() -> str:
    """Return the table as Markdown: each language with the clients whose own words are sampled, and how many others."""
    known: dict[str, set[str]] = defaultdict(set)
    composed: dict[str, set[str]] = defaultdict(set)
    number: dict[str, int] = defaultdict(int)
    for sample in samples():
        number[sample.language] += 1
        if sample.group in {"client", "unlisted"}:
            (composed if sample.composed else known)[sample.language].add(sample.client)
    lines = ["| language | samples | in the client's own words | in composed words |", "|---|---|---|---|"]
    for language in sorted(number):
        own = ", ".join(sorted(known[language])) or "none"
        others = len(composed[language] - known[language])
        lines.append(f"| {language} | {number[language]} | {own} | {others} clients |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())  # noqa: T201 -- a command's answer
