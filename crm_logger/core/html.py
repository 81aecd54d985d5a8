"""HTML bodies: to text that keeps its lines, and cut out by lines. The only user of selectolax.

Nothing remote is ever fetched (R4): markup is read as text and never rendered.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from selectolax.lexbor import LexborHTMLParser

from crm_logger.core.looks import looks_of
from crm_logger.core.markup import bounded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

_BLOCKS = frozenset(
    (  # noqa: SIM905 -- one word after the other reads better
        "address article aside blockquote body center dd details dir div dl dt fieldset figcaption figure footer "
        "form h1 h2 h3 h4 h5 h6 header hr li main menu nav ol p pre section table tbody tfoot thead tr ul"
    ).split()
)
_SPACED = frozenset(["h1", "h2", "h3", "h4", "h5", "h6", "p"])
_HIDDEN = frozenset(
    (  # noqa: SIM905 -- one word after the other reads better
        "area audio base canvas embed head iframe link map meta noframes object param script select source style "
        "svg template textarea title track video"
    ).split()
)
# Outlook on the web puts x_ before the names of what it quotes.
_CONTAINER_IDS = ("divRplyFwdMsg", "appendonsend", "mail-editor-reference-message-container")
_CONTAINERS = frozenset(
    (  # noqa: SIM905 -- one word after the other reads better
        "front-forward gmail_quote moz-forward-container ms-outlook-mobile-reference-message OutlookMessageHeader "
        "protonmail_quote yahoo_quoted zmail_extra"
    ).split()
)
_MARKED = frozenset(("pre", "li"))
_CELLS = frozenset(("td", "th"))
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_ADDRESS_OPEN = "\ue000"
_ADDRESS_CLOSE = "\ue001"
_LINKED = re.compile(f" ?{_ADDRESS_OPEN}[^{_ADDRESS_CLOSE}]*{_ADDRESS_CLOSE}")
_PRIVATE = {ord(_ADDRESS_OPEN): None, ord(_ADDRESS_CLOSE): None}
_NO_BREAK = "\xa0"
_LINK_PARTS = 8
_TELLING = ("style", "id", "class", "name")
_SHORT = 500


def html_to_text(html: str) -> str:
    """Return the text that a reader of this HTML sees, line by line; quotes get "> ". Linear, any depth, never raises."""
    return "\n".join(line.quoted() for line in HtmlDocument(html).lines).strip("\n")


class HtmlLine(NamedTuple):
    """One line as shown. `rich` also tells the addresses that stand only in a link; `depth` counts quotes around it.

    `node` is where the line begins; `partly` says that an earlier line begins in the same node, `opens` that a client's
    container for another mail, or what stands below a rule, begins with it, `apart` that an element parts it from the line above.
    """

    text: str
    rich: str
    depth: int
    node: LexborNode | None
    partly: bool = False
    opens: bool = False
    apart: bool = False

    def quoted(self) -> str:
        """The line with its quote signs."""
        return f"{'>' * self.depth} {self.text}".rstrip() if self.depth else self.text


class HtmlDocument:
    """An HTML body as lines, from which a run of lines can be cut out with its markup."""

    def __init__(self, html: str) -> None:
        parser = LexborHTMLParser(bounded(html))
        self._body = parser.body
        writer = _Writer()
        if self._body is not None:
            _walk(self._body, writer)
        self.lines = writer.finish()

    def cut(self, start: int, end: int | None = None) -> str:
        """Return the HTML of lines[start:end]; "" where a line's beginning cannot be told from the markup.

        Takes the document apart: to be called once.
        """
        first = next((line for line in self.lines[start:end] if line.node is not None), None)
        last = (
            next((line for line in self.lines[end:] if line.node is not None), None)
            if end is not None
            else None
        )
        if (
            self._body is None
            or first is None
            or first.node is None
            or first.partly
            or (last and last.partly)
        ):
            return ""
        if last and last.node:
            _remove_from(last.node, self._body)
        _remove_before(first.node, self._body)
        return self._body.inner_html or ""


def _remove_before(node: LexborNode, top: LexborNode) -> None:
    for level in _up(node, top):
        while level.prev is not None:
            level.prev.decompose()


def _remove_from(node: LexborNode, top: LexborNode) -> None:
    for level in _up(node, top):
        while level.next is not None:
            level.next.decompose()
    node.decompose()


def _up(node: LexborNode, top: LexborNode) -> Iterator[LexborNode]:
    level: LexborNode | None = node
    while level is not None and level.mem_id != top.mem_id:
        yield level
        level = level.parent


class _Kind(NamedTuple):
    """What an element does to the lines: `spaced` stands apart by blank lines, `quotes` is quoted, `opens` may hold another mail.

    `only_breaks`: it is a block and nothing else.
    """

    tag: str
    hidden: bool = False
    block: bool = False
    spaced: bool = False
    quotes: bool = False
    opens: bool = False
    only_breaks: bool = False


_Told = tuple[str | None, ...]
"""An element's tag, and the attributes that tell its kind."""


def _kind_of(element: _Told) -> _Kind:
    told = [each or "" for each in element]
    return (_short_kind if sum(map(len, told)) <= _SHORT else _kind)(*told)


def _kind(tag: str, style: str = "", own_id: str = "", classes: str = "", name: str = "") -> _Kind:
    looks = looks_of(style)
    if looks.hidden or tag in _HIDDEN:
        return _Kind(tag, hidden=True)
    block = tag in _BLOCKS
    spaced = tag in _SPACED and not (looks.tight or classes.startswith("Mso"))
    quotes = tag == "blockquote" and not looks.borderless
    opens = tag == "hr" or (tag == "div" and (looks.ruled or _holds_a_mail(own_id, classes, name)))
    only_breaks = block and not (spaced or quotes or opens or tag in _MARKED)
    return _Kind(tag, False, block, spaced, quotes, opens, only_breaks)


_short_kind = lru_cache(maxsize=1024)(_kind)


def _holds_a_mail(own_id: str, classes: str, name: str) -> bool:
    """Whether clients wrap another mail in it: Outlook draws a line above its header block."""
    return (
        own_id.endswith(_CONTAINER_IDS)
        or name == "quote"  # GMX, Web.de
        or not _CONTAINERS.isdisjoint(classes.split())
    )


def _walk(top: LexborNode, writer: _Writer) -> None:
    """In the order of the document, without recursion: markup may be nested deeper than a stack."""
    path: list[tuple[LexborNode, _Kind]] = []
    kinds: dict[_Told, _Kind] = {}  # of this document: a client writes the same few elements into every line
    node: LexborNode | None = top
    while True:
        if node is None:
            left, kind = path.pop()
            writer.leave(kind)
            if not path:
                return
            node = left.next
        elif node.is_text_node:
            writer.text(node)
            node = node.next
        elif node.is_element_node and not (kind := _known(node, kinds)).hidden:
            writer.enter(kind, node)
            path.append((node, kind))
            node = node.first_child
        elif path:
            node = node.next
        else:
            return


def _known(node: LexborNode, kinds: dict[_Told, _Kind]) -> _Kind:
    attributes = node.attributes
    told = (node.tag, *map(attributes.get, _TELLING)) if attributes else (node.tag,)
    kind = kinds.get(told)
    if kind is None:
        kind = kinds[told] = _kind_of(told)
    return kind


class _Writer:
    """Collects lines while the tree is walked."""

    def __init__(self) -> None:
        self._lines: list[HtmlLine] = []
        self._parts: list[str] = []
        self._depth = 0
        self._node: LexborNode | None = None
        self._begun = 0
        self._pre = 0
        self._links: list[str] = []
        self._opens = False
        self._apart = True

    def enter(self, kind: _Kind, node: LexborNode) -> None:
        """Write what comes before the element's children."""
        if kind.only_breaks:
            self._break()
        elif kind.block:
            self._begin_block(kind)
        elif kind.tag == "br":
            self._end_line()
        elif kind.tag in _CELLS:
            self._parts.append("\t")
        elif kind.tag == "a":
            self._links.append(_mail_address(node.attributes.get("href") or ""))

    def leave(self, kind: _Kind) -> None:
        """Write what comes after the element's children."""
        if kind.only_breaks:
            self._break()
        elif kind.block:
            self._end_block(kind)
        elif kind.tag == "a":
            self._end_link(self._links.pop())

    def finish(self) -> list[HtmlLine]:
        """Return all lines."""
        self._break()
        return self._lines

    def text(self, node: LexborNode) -> None:
        """Write a text."""
        text = node.text_content or ""
        if not text.isascii() and (_ADDRESS_OPEN in text or _ADDRESS_CLOSE in text):
            text = text.translate(_PRIVATE)
        if self._pre:
            self._preformatted(text, node)
            return
        if not text.strip(" \t\r\n\f"):
            self._parts.append(text and " ")
            return
        self._node = self._node if self._node is not None else node
        if "  " in text or not text.isprintable():
            text = _BLANKS.sub(" ", text).replace(_NO_BREAK, " ")
        self._parts.append(text)

    def _preformatted(self, text: str, node: LexborNode) -> None:
        first, *rest = text.replace("\r\n", "\n").replace(_NO_BREAK, " ").split("\n")
        self._node = self._node if self._node is not None else node
        self._parts.append(first)
        for line in rest:
            self._end_line()
            self._node = node
            self._parts.append(line)

    def _begin_block(self, kind: _Kind) -> None:
        self._break()
        self._opens = self._opens or kind.opens
        if kind.spaced:
            self._space()
        if kind.quotes:
            self._depth += 1
        elif kind.tag == "pre":
            self._pre += 1
        elif kind.tag == "li":
            self._parts.append("- ")

    def _end_block(self, kind: _Kind) -> None:
        self._break()
        if kind.spaced:
            self._space()
        if kind.quotes:
            self._depth -= 1
        elif kind.tag == "pre":
            self._pre -= 1

    def _end_link(self, address: str) -> None:
        if address and address not in "".join(self._parts[-_LINK_PARTS:]):
            self._parts.append(f" {_ADDRESS_OPEN}<{address}>{_ADDRESS_CLOSE}")

    def _space(self) -> None:
        if self._lines and self._lines[-1].text:
            self._lines.append(HtmlLine("", "", self._depth, None))

    def _break(self) -> None:
        if self._node is not None:
            self._end_line()
        else:
            self._parts.clear()
        self._apart = True

    def _end_line(self) -> None:
        rich = "".join(self._parts)
        self._parts.clear()
        text = rich = rich.rstrip() if self._pre else rich.strip()
        if not rich.isascii() and _ADDRESS_OPEN in rich:
            text, rich = _LINKED.sub("", rich), rich.translate(_PRIVATE)
        node, partly, opens = self._node, False, self._opens and bool(text)
        if node is not None:
            begun = node.mem_id
            self._node, self._begun, partly = None, begun, begun == self._begun
        self._lines.append(HtmlLine(text, rich, self._depth, node, partly, opens, self._apart))
        self._opens = self._opens and not opens
        self._apart = False


def _mail_address(link: str) -> str:
    target = link.strip()
    return target[7:].partition("?")[0].strip() if target[:7].lower() == "mailto:" else ""
