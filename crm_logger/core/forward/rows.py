"""Header rows: runs of `label<colon>value` lines, wrapped, spaced, quoted or run together as clients write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

from crm_logger.core.forward.lines import plain
from crm_logger.core.forward.technical import behind_technical
from crm_logger.core.forward.vocabulary import COLONS, Field, Meaning, Vocabulary, folded, is_divider

if TYPE_CHECKING:
    from crm_logger.core.forward.lines import Lines

_LABEL = re.compile(
    rf"(?:[-·] )?[*_|•\s]{{0,6}}([^\s\d{COLONS}@<>\"“”;,!?/*_|=#~+—–\[(-][^\d{COLONS}@<>\"“”;,!?*|\[]{{0,43}}?)[\s*_|]{{0,6}}[{COLONS}][\s*_|]*"
)
_BARE = re.compile(r"(?:[ \t]{0,10}|\| ?)([^\s\d@:|][^\t@:|]{0,40}?)(?:[ \xa0]*[\t|]\s*|[ \xa0]{2,})(\S.*)")
_ADDRESS_ENDS = (">", "]", ",", ";")
_PEOPLE = frozenset({Field.SENDER, Field.TO, Field.CC, Field.BCC, Field.REPLY_TO})
_MOST_BARE_WORDS = 3
_FEWEST_BARE = 2
_MOST_ROWS = 14
_WHOLE = 4
_FEWEST_WHOLE = 3
_MOST_WORDS = 5
_LONGEST_VALUE = 20_000
_WRAPPED_FROM = 30
_WRAPPED_AT = 68


@dataclass(slots=True)
class Row:
    """One field of a header block: its label, folded, and its value; lines[start:end] hold it."""

    label: str
    value: str
    meanings: tuple[Meaning, ...]
    start: int
    end: int


@dataclass(slots=True)
class Run:
    """A run of rows in lines[start:end], at one quote depth; `rest` is text of the last line that belongs to the body.

    `ends_with_gap`: a blank line or nothing follows.
    """

    rows: list[Row]
    start: int
    end: int
    depth: int
    rest: str = ""
    ends_with_gap: bool = True


def read_row(said: str, index: int, words: Vocabulary) -> Row | None:
    """Read a line as `label<colon>value`; None where it is none."""
    match = _LABEL.match(said)
    if match is None:
        return None
    value = said[match.end() :]
    label = folded(match[1])
    meanings = words.labels.get(label, ())
    if not meanings and (value.startswith("//") or len(label.split()) > _MOST_WORDS):
        return None
    return Row(label, value.strip(" |") if said[0] == "|" else value.strip(), meanings, index, index + 1)


def read_bare_row(kept: str, index: int, words: Vocabulary) -> Row | None:
    """Read a line as label and value without a colon: a known label, or any where a tab or wide gap follows it."""
    kept = _without_frame(kept)
    parts = kept.split(None, _MOST_BARE_WORDS + 1)
    for count in range(min(len(parts) - 1, _MOST_BARE_WORDS), 0, -1):
        label = folded(" ".join(parts[:count]))
        told = label in words.labels and not parts[0][0].islower()
        if told and parts[count - 1][-1] not in COLONS and parts[count][0] not in COLONS:
            return Row(label, plain(kept.split(None, count)[count]), words.labels[label], index, index + 1)
    match = _BARE.fullmatch(kept)
    if match is None:
        return None
    label = folded(match[1])
    return Row(label, plain(match[2]), words.labels.get(label, ()), index, index + 1)


def _without_frame(kept: str) -> str:
    """NetEase writes a table of `| label | value |`."""
    label, bar, value = kept.strip().strip("|").partition("|")
    return f"{label.strip()}\t{value.strip()}" if bar and "@" not in label else kept


def collect_bare(lines: Lines, start: int, words: Vocabulary) -> Run | None:
    """Collect the run of rows without colons that begins at a line; None where it is too short to be one."""
    rows: list[Row] = []
    for index in range(start, min(start + _MOST_ROWS, len(lines))):
        row = (
            read_bare_row(lines.kept[index], index, words)
            if lines.depth[index] == lines.depth[start]
            else None
        )
        if row is not None and not any(row.label == known.label for known in rows):
            rows.append(row)
        elif rows and lines.rich[index] and _goes_on(lines, index, rows[-1].value):
            rows[-1].value, rows[-1].end = f"{rows[-1].value} {lines.rich[index].strip(' |')}", index + 1
        else:
            break
    if len(rows) <= _FEWEST_BARE:
        return None
    _take_empty_subject(rows, lines, words)
    return Run(rows, start, rows[-1].end, lines.depth[start])


def _take_empty_subject(rows: list[Row], lines: Lines, words: Vocabulary) -> None:
    """A block without colons may end with the bare label of a subject that is empty."""
    end = rows[-1].end
    said = lines.rich[end : end + 2]
    meanings = words.labels.get(folded(said[0]), ()) if said and not any(said[1:]) else ()
    told = {meaning.field for row in rows for meaning in row.meanings}
    if Field.SUBJECT not in told and any(meaning.field is Field.SUBJECT for meaning in meanings):
        rows.append(Row(folded(said[0]), "", meanings, end, end + 1))


def _goes_on(lines: Lines, index: int, value: str) -> bool:
    """Whether a line is the rest of the value above: of an open list or bracket, or of a line that was full."""
    text = lines.rich[index]
    width = len(lines.kept[index - 1]) + len(text.split(" ", 1)[0])
    return _is_open(value) or text[0] in "<[" or width >= _WRAPPED_AT


class Collector:
    """Collects the run of rows that begins at a line."""

    def __init__(self, lines: Lines, start: int, words: Vocabulary, *, whole: bool = False) -> None:
        self._lines = lines
        self._words = words
        self._index = start
        self._start = start
        self._depth = lines.depth[start]
        self._gaps = 0
        self._tight = 0
        self._whole = whole
        self.rows: list[Row] = []

    def collect(self) -> Run | None:
        """Return the run; None where the first line is no row."""
        first = read_row(self._lines.rich[self._start], self._start, self._words)
        if first is not None and not first.meanings:
            first = self._row_at(self._skip_technical()) or first
        if first is None:
            return None
        self._add(first)
        while self._index < len(self._lines) and len(self.rows) <= _MOST_ROWS and self._may_go_on():
            pass
        self._drop_apart()
        end = self.rows[-1].end
        ends = end >= len(self._lines) or not self._lines.rich[end]
        return Run(self.rows, self._start, self.rows[-1].end, self._depth, ends_with_gap=ends)

    def _skip_technical(self) -> int:
        """The line behind the fields for machines that stand here in a whole header."""
        index, end = self._index, self._index
        while self._whole and (end := behind_technical(self._lines, index)) > index:
            index = end
        return index

    def _add(self, row: Row) -> None:
        self.rows.append(row)
        self._index = row.end

    def _may_go_on(self) -> bool:
        return self._index not in self._lines.bounds and self._take_line()

    def _take_line(self) -> bool:
        if not self._lines.rich[self._index]:
            return self._cross_gap()
        if (end := self._skip_technical()) > self._index:
            self._index = self.rows[-1].end = end
            return True
        row = self._row_at(self._index)
        if not self.rows[-1].value and self._has_values_below():
            row = None
        if row is not None and not self._is_rather_wrapped(row):
            if self._repeats(row):
                return False
            self._tight += 1
            self._add(row)
            return True
        return self._continue()

    def _row_at(self, index: int) -> Row | None:
        if index >= len(self._lines) or self._lines.depth[index] != self._depth:
            return None
        return read_row(self._lines.rich[index], index, self._words)

    def _repeats(self, row: Row) -> bool:
        """A label that stood here already begins another block."""
        return any(row.label == known.label for known in self.rows)

    def _cross_gap(self) -> bool:
        """Go on behind blank lines where the rows are written with gaps, or where the value is still to come."""
        index = self._lines.next_said(self._index)
        if index - self._index > 2 or index >= len(self._lines) or self._lines.depth[index] != self._depth:
            return False
        if index in self._lines.bounds:
            return False
        row = self._row_at(index)
        if row is None:
            return self._value_behind_gap(index)
        if (
            self._repeats(row)
            or self._begins_afresh(index)
            or not (self._goes_on_with(row) or self._is_evenly_spaced(row))
        ):
            return False
        self._gaps += 1
        self._add(row)
        return True

    def _begins_afresh(self, index: int) -> bool:
        """Whether the lines below the gap are a whole block: then those above are the note's."""
        below = (self._row_at(line) for line in range(index, index + _WHOLE))
        rows = [row for row in takewhile(bool, below) if row]
        told = {meaning.field for row in rows for meaning in row.meanings}
        people = any("@" in row.value for row in rows)
        return people and told.issuperset((Field.SENDER, Field.DATE)) and len(rows) >= _FEWEST_WHOLE

    def _value_behind_gap(self, index: int) -> bool:
        last = self.rows[-1]
        if last.value or not last.meanings or not self._row_follows(index + 1):
            return False
        last.value, last.end = self._lines.rich[index], index + 1
        self._index = index + 1
        return True

    def _row_follows(self, index: int) -> bool:
        row = self._row_at(self._lines.next_said(index))
        told = {meaning.field for known in self.rows for meaning in known.meanings}
        return row is not None and any(meaning.field not in told for meaning in row.meanings)

    def _goes_on_with(self, row: Row) -> bool:
        """Whether a known label behind a gap tells what no row before told, in a language that the rows share."""
        fields = {meaning for known in self.rows for meaning in known.meanings}
        tags = {meaning.tag for meaning in fields}
        news = [meaning for meaning in row.meanings if meaning not in fields and meaning.tag in tags]
        told = {meaning.field for meaning in fields}
        complete = {Field.SENDER, Field.SUBJECT, Field.DATE, Field.TO} <= told
        return bool(news) and not (self._tight >= self._gaps + (2 if complete else 3))

    def _is_evenly_spaced(self, row: Row) -> bool:
        return bool(row.value) and self._tight == 0 and len(self.rows) < 8

    def _is_rather_wrapped(self, row: Row) -> bool:
        """Whether a row with an unknown label is rather the second line of a long value."""
        above = {meaning.field for meaning in self.rows[-1].meanings}
        if row.meanings or Field.SUBJECT not in above:
            return False
        return self._wraps(self._index) and self._row_follows_closely(self._index + 1)

    def _continue(self) -> bool:
        """Join a line that goes on with the value of the row above."""
        index, last = self._index, self.rows[-1]
        text = self._lines.rich[index]
        if is_divider(text) or self._words.marker(text) is not None or len(last.value) > _LONGEST_VALUE:
            return False
        if self._lines.depth[index] > self._depth or not self._belongs(index, last):
            return False
        last.value = f"{last.value} {text}".strip()
        last.end = self._index = index + 1
        return True

    def _belongs(self, index: int, last: Row) -> bool:
        if not last.value:
            return (
                self._has_values_below()
                or self._is_next_empty(index + 1)
                or (
                    bool(last.meanings)
                    and (
                        self._row_follows_closely(index + 1)
                        or not self._may_be_empty(last)
                        or _names_people(self._lines.rich[index])
                    )
                )
            )
        if _is_open(last.value):
            return True
        if index in self._lines.apart:
            return False
        if self._lines.rich[index][0] in "<[" or self._row_follows_closely(index + 1):
            return True
        if self._is_folded(index) or _is_cut_name(last, self._lines.rich[index]):
            return True
        return self._wraps(index) and not _is_whole(last)

    def _may_be_empty(self, row: Row) -> bool:
        """A block may end with an empty Cc or Subject; what follows is then the body."""
        return not any(meaning.field in {Field.SENDER, Field.DATE} for meaning in row.meanings)

    def _drop_apart(self) -> None:
        """Rows that stand farther off than the others do, with labels that are not known, belong elsewhere."""
        gaps = [behind.start - before.end for before, behind in pairwise(self.rows)]
        usual = min(gaps, default=0)
        if gaps.count(usual) < 2:
            return
        cuts = [0, *(index for index, gap in enumerate(gaps, 1) if gap > usual), len(self.rows)]
        groups = [self.rows[start:end] for start, end in pairwise(cuts)]
        main = max(groups, key=lambda group: len(group) + _count_known(group))
        known = bool(_count_known(main))
        self.rows = [
            row for group in groups if group is main or (known and _count_known(group)) for row in group
        ]
        self._start = self.rows[0].start

    def _is_next_empty(self, index: int) -> bool:
        row = self._row_at(index)
        return row is not None and not row.value

    def _has_values_below(self) -> bool:
        """Whether each row so far has its value on the line below the label."""
        rows = [row for row in self.rows[:-1] if row.meanings] or self.rows[:-1]
        return len(self.rows) > 2 and all(row.end - row.start > 1 for row in rows)

    def _is_folded(self, index: int) -> bool:
        first = self._lines.kept[self.rows[-1].start]
        return self._lines.kept[index][:1] in {" ", "\t"} and first[:1] not in {" ", "\t"}

    def _row_follows_closely(self, index: int) -> bool:
        row = self._row_at(index)
        if row is None or self._repeats(row):
            return False
        return bool(row.meanings) or ("@" in self._lines.rich[index - 1] and not self.rows[-1].meanings)

    def _wraps(self, index: int) -> bool:
        """Whether the first word of the line did not fit on the line above."""
        above = len(self._lines.kept[index - 1].rstrip()) + 2 * self._depth
        word = self._lines.rich[index].split(" ", 1)[0]
        return above >= _WRAPPED_FROM and above + 1 + len(word) > _WRAPPED_AT


def _is_whole(row: Row) -> bool:
    """Whether a list of people ends with an address, and no comma says that another follows: what stands below greets."""
    told_otherwise = row.meanings and not any(meaning.field in _PEOPLE for meaning in row.meanings)
    return not told_otherwise and "@" in row.value.rsplit(maxsplit=1)[-1]


def _is_cut_name(row: Row, below: str) -> bool:
    """Whether a list of people breaks off within a name, whose address the line below tells."""
    people = any(meaning.field in _PEOPLE for meaning in row.meanings)
    return (
        people and "@" in row.value and not _is_whole(row) and below.endswith(_ADDRESS_ENDS) and "@" in below
    )


def _names_people(text: str) -> bool:
    """Whether a line begins a list of people: a name in quotation marks, or one that a bracket with an address follows."""
    return "@" in text and (text[0] in '"<' or text[-1] in ">,;") and "<" in text


def _count_known(rows: list[Row]) -> int:
    return sum(bool(row.meanings) for row in rows)


def _is_open(value: str) -> bool:
    """Whether a list goes on, or a bracket is still to be closed."""
    return value[-1] in ",;，；、" or value.rfind("<") > value.rfind(">")
