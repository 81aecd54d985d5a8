"""Holds the mail of strangers against `inspect`: python -m tests.forwards.strangers.measure [--round N] [--show FIELD]."""

from __future__ import annotations

import argparse
import re
from collections import Counter
from typing import TYPE_CHECKING

from crm_logger.core.inspection import inspect_message
from tests.forwards.strangers.compose import replies, strangers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.forwards.strangers.story import Stranger, Who


FIELDS = ("forwarded", "wrong", "unsure", "name", "to", "cc", "subject", "date", "body", "note")


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _people(people: tuple[Who, ...]) -> list[dict[str, str]]:
    return [{"name": who.name, "address": who.address} for who in people]


def misses(mail: Stranger) -> dict[str, tuple[object, object]]:
    """Each field that is not as it should be, with what was wanted and what was found."""
    found = inspect_message(mail.raw)
    if mail.sender is None:
        return {"reply": (False, True)} if found["forwarded"] else {}
    if not found["forwarded"]:
        return {"forwarded": (True, False)}
    if found["from_address"] != mail.sender.address:
        kind = "unsure" if found["from_address"] is None else "wrong"
        return {kind: (mail.sender.address, found["from_address"])}
    wanted: dict[str, tuple[object, object]] = {
        "name": (mail.sender.name, found["from_name"]),
        "to": (_people(mail.to), found["to"]),
        "cc": (_people(mail.cc), found["cc"]),
        "date": (mail.minute, (found["date_iso"] or "")[:16]),
        "body": (_plain(mail.body), _plain(found["body"])),
        "note": (_plain(mail.note), _plain(found["message"])),
    }
    if mail.subject:
        wanted["subject"] = (_plain(mail.subject), _plain(found["subject"]))
    if mail.client.endswith("tuta"):
        wanted.pop("name")
    return {key: pair for key, pair in wanted.items() if pair[0] != pair[1]}


def report(asked: argparse.Namespace) -> Iterator[str]:
    """The misses asked for, then the share of misses by field, and where most of them are."""
    fields: Counter[str] = Counter()
    places: dict[str, Counter[str]] = {"client": Counter(), "language": Counter()}
    count: Counter[str] = Counter()
    for mail in (*strangers(asked.round, asked.every), *replies(asked.round, asked.every)):
        if asked.client not in mail.client or asked.language not in ("", mail.tag):
            continue
        count["replies" if mail.sender is None else "forwards"] += 1
        for key, (wanted, found) in misses(mail).items():
            fields[key] += 1
            places["client"][f"{mail.client} {key}"] += 1
            places["language"][f"{mail.tag} {key}"] += 1
            if key in asked.show.split(","):
                yield f"{key}: {mail.name}\n  - {wanted}\n  + {found}"
                yield mail.raw.decode("utf-8", "replace") if asked.raw else ""
    total = max(count["forwards"], 1)
    yield f"{dict(count)} " + ", ".join(f"{key} {n} ({n / total:.2%})" for key, n in sorted(fields.items()))
    yield from (f"{place}: {most.most_common(25)}" for place, most in places.items())


def main() -> None:
    """Ask as the options say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--round", type=int, default=1)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--show", default="")
    parser.add_argument("--client", default="")
    parser.add_argument("--language", default="")
    parser.add_argument("--raw", action="store_true")
    for line in filter(None, report(parser.parse_args())):
        print(line)  # noqa: T201 - a command's answer


if __name__ == "__main__":
    main()
