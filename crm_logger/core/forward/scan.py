"""From the top down: the places in a body where a forwarded or quoted mail may begin."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from crm_logger.core.forward.attribution import Attribution, find_attribution, heads_above
from crm_logger.core.forward.reading import Reading, read_block
from crm_logger.core.forward.rows import Collector, Row, Run, collect_bare, read_row
from crm_logger.core.forward.subjects import split_prefix
from crm_logger.core.forward.together import complete_subject, split_joined, split_run, split_unknown
from crm_logger.core.forward.vocabulary import COLONS, Field, folded, is_divider, is_drawn, is_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_logger.core.forward.lines import Lines
    from crm_logger.core.forward.vocabulary import Engines, Vocabulary

_BEHIND_MARKER = re.compile(r"[-_=*\s]{2,80}[^-_=@:]{2,60}[-_=*]{2,80}\s*(.+)")
_LABEL_END = re.compile(rf"\D[{COLONS}]")  # a digit stands before the colons of a clock
_MOST_LINES = 3000
_MOST_READ = 20_000
_REACH = 14
_MOST_WRAPPED = 8
_FULL = 66
_LONGEST_MARKER = 60
_COLONS = frozenset(COLONS)
_ENDS = frozenset(".!?,;:)。！？、")
_DECORATION = frozenset("-_=*#~+<>|—–―─━═")


@dataclass(slots=True)
class Beginning:
    """A place where another mail begins: its note ends at `start`, its own text begins at `body`.

    `marker` is True for a forward's own marker, False for one that replies have too, None without one. `quoted` is
    the depth of the quote that the mail stands in; `opening` is the marker's line, -1 without one; `framed` says that a rule or a
    container of HTML begins with the block; `opens_quote` that the marker is the first line of the quote that it stands in;
    `begins_mail` that no note stands above. `heads` are the rows above an attribution that tells the rest.
    """

    start: int
    body: int
    quoted: int
    depth: int
    marker: bool | None = None
    block: Reading | None = None
    attribution: Attribution | None = None
    rest: str = ""
    opening: int = -1
    framed: bool = False
    opens_quote: bool = False
    begins_mail: bool = False
    heads: dict[Field, str] = field(default_factory=dict)


class Scan:
    """Finds the beginnings in a body."""

    def __init__(self, lines: Lines, outer_subject: str, own: frozenset[str], engines: Engines) -> None:
        self.lines = lines
        self._subject = outer_subject
        self._own = own
        self._engines = engines
        self._words = engines.words
        self._budget = _MOST_READ

    def beginnings(self) -> Iterator[Beginning]:
        """All of them, from the top down."""
        index, said = 0, self.lines.said
        stop = min(len(said), _MOST_LINES)
        while index < stop and self._budget > 0:
            text = said[index]
            found = self._at(index, text) if text and self._may_begin(text) else None
            if found is None:
                index += 1
            else:
                yield found
                index = max(found.body, index + 1)

    def _may_begin(self, text: str) -> bool:
        if not text[0].isalnum() or ":" in text or "@" in text or self._words.begins_something(text):
            return True
        return not text.isascii() and not _COLONS.isdisjoint(text)

    def _at(self, index: int, text: str) -> Beginning | None:
        marker = self._words.marker(text)
        if marker is not None:
            return self._marked(index, own=marker)
        if is_rule(text):
            return None
        if is_drawn(text) and (dashed := self._dashed(index)):
            return dashed
        return self._block(index) or self._attributed(index)

    def _marked(self, index: int, *, own: bool) -> Beginning | None:
        """A marker, and the block within reach below it; a gateway may have put its banner between."""
        said = self.lines.said
        depth = self.lines.depth[index]
        run_together = self._run_together(index)

        found = run_together or self._first_within(index + 1)
        if found is not None:
            found.start, found.marker, found.depth, found.opening = (
                self._above_marker(index),
                own,
                depth,
                index,
            )
            found.opens_quote = self._opens_quote(index)
            return found
        if said[index][0] not in _DECORATION and said[index][-1] not in _COLONS:
            return None
        return Beginning(self._above_marker(index), index + 1, depth, depth, own, opening=index)

    def _first_within(self, start: int) -> Beginning | None:
        """The block below a marker, or the attribution where one stands above the block: then the block is of an older mail."""
        block = self._block_within(start, _REACH, whole=True)
        if block and block.block and block.block.run.start <= self.lines.next_said(start):
            return block
        attributed = self._attribution_within(start, 3)
        return attributed if attributed and (block is None or attributed.body <= block.start) else block

    def _dashed(self, index: int) -> Beginning | None:
        """A line of dashes with words that no language knows, and a block right below."""
        found = self._run_together(index)
        if found is None and is_divider(self.lines.said[index]):
            found = self._block_within(index + 1, 3) or self._attribution_within(index + 1, 3)
        if found is None:
            return None
        found.start, found.opening = self._above(index), index
        return found

    def _attribution_within(self, start: int, reach: int) -> Beginning | None:
        line = self.lines.next_said(start)
        within = range(line, min(line + reach, len(self.lines)))
        return next((found for index in within if (found := self._attributed(index, marked=True))), None)

    def _block_within(self, start: int, reach: int, *, whole: bool = False) -> Beginning | None:
        for index in range(start, min(start + reach, len(self.lines))):
            text = self.lines.said[index]
            if text and self._may_begin(text) and (found := self._block(index, marked=True, whole=whole)):
                return found
        return None

    def _block(self, index: int, *, marked: bool = False, whole: bool = False) -> Beginning | None:
        """A block that begins there; the `whole` header may stand below a client's own marker."""
        run = Collector(self.lines, index, self._words, whole=whole).collect() or self._bare(index)
        if run is None:
            return None
        self._budget -= run.end - index
        run = complete_subject(run, self.lines, split_prefix(self._subject)[1].strip())
        return self._understood(self._parted(run), marked=marked)

    def _bare(self, index: int) -> Run | None:
        """Rows without colons; one of the first two names an address, or it is too weak a shape to look at."""
        near = self.lines.rich[index : index + 3]
        return collect_bare(self.lines, index, self._words) if any("@" in said for said in near) else None

    def _understood(self, run: Run, *, marked: bool) -> Beginning | None:
        reading = read_block(run, self._subject, self._own, self._engines)
        if reading is None or not (marked or _stands_alone(reading)):
            return None
        if reading.known < len(reading.values) and self._is_torn(run.start, gap=_gap(run)):
            reading.unsure = "a line above the block may belong to it"
        divider = self._divider(run.end)
        closed = marked and self.lines.said[run.end : run.end + 1] == ["--"]  # Becky's end of a block
        body = run.end + closed if divider < 0 else divider + 1
        repeated = _words(self.lines.said[divider]) if divider >= 0 else ""
        start = self._above(self._introduction(reading, repeated))
        framed = is_rule(self.lines.said[start]) or run.start in self.lines.bounds
        body, depth = self._below_quote(run, body)
        found = Beginning(start, body, depth, run.depth, None, reading, rest=run.rest, opening=divider)
        found.framed, found.begins_mail = framed, self.lines.next_said(0) >= start
        return found

    def _below_quote(self, run: Run, body: int) -> tuple[int, int]:
        """Where the mail begins, and how deep in quotes: Centrum quotes the block alone."""
        below = self.lines.next_said(body)
        if below < len(self.lines) and self.lines.depth[below] < run.depth:
            return below, self.lines.depth[below]
        return body, run.depth

    def _is_torn(self, start: int, *, gap: int) -> bool:
        """Whether a line that may be the block's first one was not understood: no farther above than the rows are apart."""
        if start in self.lines.bounds:
            return False
        near = self.lines.said[max(0, start - 1 - gap) : start]
        above = next((said for said in reversed(near) if said), "")
        if above[:1] in _DECORATION:
            return False
        close = bool(near and near[-1])
        row = read_row(above, start - 1, self._words)
        return (close and "@" in above) or (
            row is not None and ("@" in row.value or (close and bool(row.value)))
        )

    def _parted(self, run: Run) -> Run:
        """Cut a row that holds several fields."""
        tags = {meaning.tag for row in run.rows for meaning in row.meanings}
        rows = [part for row in run.rows for part in _unjoined(row, tags, self._engines.words)]
        if 1 < len(run.rows) < len(rows) > 2 and len({row.label for row in rows}) == len(rows):
            run.rows = rows
            return self._cut_subject(run)
        first = run.rows[0]
        if len(run.rows) > 2 or sum(sign in _COLONS for sign in first.value) < 2 or "@" not in first.value:
            return self._cut_subject(run) if run.rows[-1].end - run.rows[-1].start > 1 else run
        rows = _split(first, self.lines.rich[run.start], self._engines)
        return self._cut_subject(Run(rows, run.start, first.end, run.depth)) if len(rows) > 2 else run

    def _run_together(self, index: int) -> Beginning | None:
        """Yahoo's text: the block goes on in the marker's own line, which a gateway may have wrapped."""
        match = _BEHIND_MARKER.match(self.lines.rich[index])
        if match is None:
            return None
        text, first = match[1], None
        for end in range(index + 1, min(index + _MOST_WRAPPED, len(self.lines)) + 1):
            found = self._run_of(text, index, end) if "@" in text else None
            if found and found.block and _is_subject(found.block):
                return found
            first = first or found
            if end >= len(self.lines) or not self._is_full(end - 1, self.lines.rich[end]):
                break
            text = f"{text} {self.lines.rich[end]}"
        return first

    def _run_of(self, text: str, index: int, end: int) -> Beginning | None:
        subject = split_prefix(self._subject)[1].strip()
        head, found, rest = text.rpartition(subject) if subject else ("", "", "")
        head = head if found and head.rstrip()[-1:] in _COLONS else text
        first = read_row(head, index, self._words)
        rows = _split(first, head, self._engines) if first else []
        if head != text and rows:
            rows[-1].value = f"{subject}{rest}"
        if len(rows) < 3:
            return None
        for row in rows:
            row.end = end
        return self._understood(
            self._cut_subject(Run(rows, index, end, self.lines.depth[index])), marked=True
        )

    def _is_full(self, index: int, below: str) -> bool:
        """Whether the first word of the line below would not have fitted on this one."""
        return bool(below) and len(self.lines.kept[index]) + len(below.split(" ", 1)[0]) > _FULL

    def _cut_subject(self, run: Run) -> Run:
        """Where even the body runs on in the line, the outer subject tells where the original's ends."""
        last, subject = run.rows[-1], split_prefix(self._subject)[1].strip()
        if subject and last.value.startswith(subject) and len(last.value) > len(subject):
            run.rest = last.value[len(subject) :].strip()
            last.value = subject
        return run

    def _attributed(self, index: int, *, marked: bool = False) -> Beginning | None:
        found = find_attribution(self.lines, index, self._engines)
        if found is None:
            return None
        below = self.lines.next_said(found.end)
        quoted = below < len(self.lines) and self.lines.depth[below] > found.depth
        heads = heads_above(self.lines, found.start, self._words) if found.sender.address else {}
        if not (quoted or heads or (found.sender.address and (marked or found.known))):
            return None
        depth = self.lines.depth[below] if quoted else found.depth
        start = self._above(found.start - len(heads)) if heads else found.start
        return Beginning(
            start,
            found.end,
            depth,
            found.depth,
            True if heads and not quoted else None,
            attribution=found,
            heads=heads,
        )

    def _said_above(self, index: int) -> int:
        """The last line above that says something, -1 without one."""
        line = index - 1
        while line >= 0 and not self.lines.said[line]:
            line -= 1
        return line

    def _opens_quote(self, index: int) -> bool:
        above = self._said_above(index)
        return (self.lines.depth[above] if above >= 0 else 0) < self.lines.depth[index]

    def _above_marker(self, index: int) -> int:
        line = self._said_above(index)
        introduced = line >= 0 and index - line <= 2 and self._words.introduces(self.lines.said[line])
        return self._above(line if introduced else index)

    def _above(self, index: int) -> int:
        """Where the note ends: above the rule that stands over a block or marker, and above the quote that holds it."""
        depth = self.lines.depth[index]
        top = index
        while depth and top > 0 and self.lines.depth[top - 1] >= depth and index - top < _REACH:
            top -= 1
        line = self._said_above(top)
        return line if line >= 0 and is_rule(self.lines.said[line]) else top

    def _introduction(self, reading: Reading, repeated: str) -> int:
        """Where words are not known: a short line with a colon right above the block is how its client begins a forward.

        So is one with a colon that speaks of forwarding or stands before the quote that holds the block, one that the
        divider below the block repeats, and one that stands on the block where a divider closes it.
        """
        run = reading.run
        line = self._said_above(run.start)
        said = self.lines.said[line] if line >= 0 else ""
        if not said or (line > 0 and self.lines.said[line - 1]):
            return run.start
        short = len(said) < _LONGEST_MARKER and "@" not in said
        introduces = said[-1] in _COLONS and (reading.is_foreign or self._speaks_of_forwarding(line, reading))
        stands_on = bool(repeated) and line == run.start - 1 and said[-1] not in _ENDS
        return line if (short and (introduces or stands_on)) or folded(said) == repeated else run.start

    def _speaks_of_forwarding(self, line: int, reading: Reading) -> bool:
        """Whether a line above a block announces it: in the words of its language, or before the quote that holds it."""
        return self._engines.by_shape and (
            self.lines.depth[line] < reading.run.depth
            or self._words.announces(self.lines.said[line], reading.languages)
        )

    def _divider(self, index: int) -> int:
        """The line of a rule or a second marker right under the block, -1 without one."""
        line = self.lines.next_said(index)
        return line if line < len(self.lines) and is_divider(self.lines.said[line]) else -1


def _is_subject(block: Reading) -> bool:
    value = block.value(Field.SUBJECT)
    return value is not None and value.is_subject


def _words(divider: str) -> str:
    return folded(divider.strip("=-_*#~<>8 "))


def _gap(run: Run) -> int:
    """How many blank lines stand between the rows, at most."""
    return max((behind.start - before.end for before, behind in pairwise(run.rows)), default=0)


def _split(first: Row, text: str, engines: Engines) -> list[Row]:
    """Cut a line that holds all fields: at known labels, else where unknown ones may begin."""
    tags = {meaning.tag for meaning in first.meanings}
    known = split_run(first, tags, engines.words) if tags else []
    loose = split_unknown(text, first.start, engines.words) if engines.by_shape else []
    if {row.label for row in known} <= {row.label for row in loose} and len(loose) > len(known):
        return loose
    return known if len(known) > 2 else loose


def _unjoined(row: Row, tags: set[str], words: Vocabulary) -> list[Row]:
    """The row, cut where others were joined to it; a subject may say whatever it likes."""
    if not _LABEL_END.search(row.value) or any(meaning.field is Field.SUBJECT for meaning in row.meanings):
        return [row]
    return split_joined(replace(row), tags, words)


def _stands_alone(reading: Reading) -> bool:
    """Whether a block is good enough without a marker above it."""
    date, subject = reading.value(Field.DATE), reading.value(Field.SUBJECT)
    people = sum(value.has_address for value in reading.values)
    if (date is None and subject is None) or not (people or (subject and subject.is_subject)):
        return False
    if reading.known >= 3:
        return True
    evidence = (date and date.is_date, subject and subject.is_subject, people > 1)
    return sum(map(bool, evidence)) > 1
