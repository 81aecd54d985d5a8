"""Forwards in languages that no mail client speaks: only a block's structure can tell who wrote what."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from tests.forwards.sample import Sample, multipart, outer, part
from tests.forwards.stories import Language, languages, story

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tests.forwards.sample import Rendered
    from tests.forwards.stories import Mail

_STORY = (
    "sender",
    "cc",
    "ann",
    "subject",
    "body",
    "older",
    "note",
    "regards",
    "wrote",
    "reply_prefixes",
    "rtl",
)


def unlisted_languages() -> dict[str, Language]:
    """A near language's story and dates under the words of another."""
    rows = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))["words"]
    made = {}
    for code, row in rows.items():
        near_code, *labels, forwarded = row.split("|")
        near = languages()[near_code]
        kept = {key: near.words[key] for key in _STORY if key in near.words}
        own = {
            "words": "|".join(labels),
            "forwarded": forwarded,
            "original": forwarded,
            "forward_prefixes": ["Fwd", "FW"],
        }
        made[code] = Language(code, {**kept, **own, "gmail": labels[0]}, near.dates)
    return made


def unlisted_samples(clients: Mapping[str, Callable[[Mail], Rendered]]) -> Iterator[Sample]:
    """Every client but the attribution line, which knows no label, in every such language."""
    for turn, (code, language) in enumerate(unlisted_languages().items()):
        for number, (name, render) in enumerate(clients.items()):
            if name == "attribution":
                continue
            mail = story(language, (turn + number) % 4, older=number % 3 == 0)
            made = render(mail)
            if not made.text or (made.html and (turn + number) % 3 == 1):
                form, content = "html", part(made.html, "html")
            elif made.html and (turn + number) % 3 == 2:
                form, content = "both", multipart("alternative", [part(made.text), part(made.html, "html")])
            else:
                form, content = "text", part(made.text)
            truth = made.truth_in(form)
            if name in {"notes", "samsung"}:
                truth = truth.but(unknown=frozenset({"date"}))  # 02/03/26 in words that nobody knows
            raw = outer(content, f"{('Fwd', 'FW')[number % 2]}: {mail.subject}", sender=mail.owner)
            title = f"unlisted-{name}/{code}/{form}"
            yield Sample(title, name, code, "unlisted", raw, truth, composed=True)
