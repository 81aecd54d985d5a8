"""All fields of a header block run together in one line: cut into rows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crm_logger.core.forward.rows import Row
from crm_logger.core.forward.vocabulary import COLONS, folded

if TYPE_CHECKING:
    from crm_logger.core.forward.vocabulary import Meaning, Vocabulary

_COLON = re.compile(f"[{COLONS}]")
_LOOSE_LABEL = re.compile(
    rf"(?:(?<=[>;\d ])|^)([^\W\d_](?:[^\d{COLONS}@<>\"“”;,!?/*|\s]|(?<![>;\d]) ){{0,30}}?)\s?[{COLONS}](?=\D)"
)


def split_run(row: Row, tags: set[str], words: Vocabulary) -> list[Row]:
    """Cut a line that holds all fields, run together, before each label of these languages."""
    labels = {
        label: tuple(meaning for meaning in meanings if meaning.tag in tags)
        for label, meanings in words.labels.items()
        if any(meaning.tag in tags for meaning in meanings)
    }
    text = row.value
    cuts: list[tuple[int, int, str]] = []
    end = 0
    for colon in _COLON.finditer(text):
        head = text[max(end, colon.start() - 45) : colon.start()].rstrip(" *")
        label = _label_at_end(head, labels)
        if label and label != row.label and label not in {known for _, _, known in cuts}:
            cuts.append((max(end, colon.start() - 45) + len(head) - len(label), colon.end(), label))
            end = colon.end()
    if not cuts:
        return [row]
    starts = [cut[0] for cut in cuts] + [len(text)]
    rows = [Row(row.label, text[: starts[0]].strip(" *"), row.meanings, row.start, row.end)]
    for (_, begin, label), stop in zip(cuts, starts[1:], strict=True):
        rows.append(Row(label, text[begin:stop].strip(" *"), labels[label], row.start, row.end))
    return rows


def split_unknown(text: str, index: int, words: Vocabulary) -> list[Row]:
    """Cut a line that holds all fields, run together, where an unknown label may begin: behind a bracket, digit or blank."""
    rows: list[Row] = []
    begin = 0
    for colon in _LOOSE_LABEL.finditer(text):
        if rows and not text[begin : colon.start()].strip(" *"):
            continue
        if rows:
            rows[-1].value = text[begin : colon.start()].strip(" *")
        elif colon.start():
            return []
        label = folded(colon[1])
        rows.append(
            Row(label, text[colon.end() :].strip(" *"), words.labels.get(label, ()), index, index + 1)
        )
        begin = colon.end()
    return rows


def _label_at_end(head: str, labels: dict[str, tuple[Meaning, ...]]) -> str:
    """The longest label that the text before a colon ends with; "" where there is none."""
    found = [label for label in labels if head[-len(label) :].casefold() == label]
    return max(found, key=len, default="")
