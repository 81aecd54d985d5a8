"""All fields of a header block run together in one line: cut into rows."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from crm_logger.core.dates import looks_like_date
from crm_logger.core.forward.rows import Row
from crm_logger.core.forward.vocabulary import COLONS, folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_logger.core.forward.lines import Lines
    from crm_logger.core.forward.rows import Run
    from crm_logger.core.forward.vocabulary import Meaning, Vocabulary

_COLON = re.compile(f"(?<!mailto)[{COLONS}]", re.IGNORECASE)
_CLOSERS = ">])"
_LONGEST_LABEL = 45
_MOST_COLONS = 40
_LABEL = re.compile(rf"[^\W\d_][^\d{COLONS}@<>\"“”;,!?/*|\[]{{0,40}}")
# The end of "10:46 PMSubject:", and of "10:42 WBDhimma:" in Oromo.
_HALF_DAY = re.compile(r"[AP]M(?=[A-Z])|[A-Z]{2}(?=[A-Z][^\W\d_A-Z])|[ap]m(?=[^\x00-\x7f])")
_LOOSE_LABEL = re.compile(
    rf"(?:(?<=[>;\d ])|^)([^\W\d_](?:[^\d{COLONS}@<>\"“”;,!?/*|\[\s]|(?<![>;\d]) ){{0,30}}?)\s?[{COLONS}](?=\D)"
)


def complete_subject(run: Run, lines: Lines, subject: str) -> Run:
    """A subject at the end of a block goes on in the lines below it where the outer subject goes on with them."""
    last, end = run.rows[-1], run.end
    value = last.value
    while value and end < len(lines) and lines.said[end] and subject.startswith(f"{value} {lines.rich[end]}"):
        value, end = f"{value} {lines.rich[end]}", end + 1
    if end > run.end and value == subject:
        last.value, last.end, run.end = value, end, end
    return run


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
        begins = colon.start() + (_HALF_DAY.match(colon[1]) is not None) * 2
        if rows and not text[begin:begins].strip(" *"):
            continue
        if rows:
            rows[-1].value = text[begin:begins].strip(" *")
        elif colon.start():
            return []
        label = folded(text[begins : colon.end()])
        rows.append(
            Row(label, text[colon.end() :].strip(" *"), words.labels.get(label, ()), index, index + 1)
        )
        begin = colon.end()
    return rows


def split_joined(row: Row, tags: set[str], words: Vocabulary) -> list[Row]:
    """Cut a row whose line a client or gateway joined with the next ones: before a label behind a bracket or a blank.

    What stands before a label must be whole: an address in its brackets, or a date.
    """
    rows = [row]
    begin, text = 0, row.value
    for colon in islice(_COLON.finditer(text), _MOST_COLONS):
        label, start = _label_before(text, begin, colon.start(), tags, words)
        before = text[begin:start].strip(" *")
        if not label or any(label == known.label for known in rows) or not _is_whole(before):
            continue
        rows[-1].value = before
        meanings = words.labels.get(label, ())
        rows.append(Row(label, text[colon.end() :].strip(" *"), meanings, row.start, row.end))
        begin = colon.end()
    return rows


def _label_before(text: str, begin: int, end: int, tags: set[str], words: Vocabulary) -> tuple[str, int]:
    """The label that ends there and where it starts: any words behind a bracket, known ones behind a blank."""
    bracket = max(text.rfind(sign, begin, end) for sign in _CLOSERS) + 1
    label = folded(text[bracket:end])
    if bracket > begin and _LABEL.fullmatch(label):
        return label, bracket
    for blank in _blanks(text, max(begin, end - _LONGEST_LABEL), end):
        label = folded(text[blank:end])
        if any(meaning.tag in tags for meaning in words.labels.get(label, ())):
            return label, blank
    return "", 0


def _blanks(text: str, begin: int, end: int) -> Iterator[int]:
    return (index for index in range(begin, end) if text[index] == " ")


def _is_whole(value: str) -> bool:
    """Whether nothing is missing at the end of a value: an address has its bracket, a date its time."""
    if "@" in value:
        return value[-1] in _CLOSERS or "@" in value.rsplit(maxsplit=1)[-1]
    return looks_like_date(value)


def _label_at_end(head: str, labels: dict[str, tuple[Meaning, ...]]) -> str:
    """The longest label that the text before a colon ends with; "" where there is none."""
    found = [label for label in labels if head[-len(label) :].casefold() == label]
    return max(found, key=len, default="")
