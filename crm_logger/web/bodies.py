"""A mail's body for display: what can run, load or hide is taken out, what it looked like stays."""

from __future__ import annotations

import base64
import re
import secrets
from typing import TYPE_CHECKING

import nh3

from crm_logger.core.markup import bounded
from crm_logger.store.fields import scrub

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LARGEST = 512 * 1024
DEEPEST = 256
MOST_TAGS = 10_000
"""nh3's time grows with the square of the depth: 10,000 nested elements take 0.3 s, 100,000 more than 20 s.

The depth is counted from the tags as written, which a parser may see otherwise; their number is a bound for certain.
"""

PICTURES = 4 * 1024 * 1024
"""So many bytes of pictures are shown in one mail; the others are attachments."""

PICTURE_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})

_TAGS = frozenset(
    (  # noqa: SIM905 -- one word after the other reads better
        "a abbr address b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn div dl dt em font "
        "h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strike strong sub sup table tbody td "
        "tfoot th thead time tr tt u ul var wbr"
    ).split()
)
_ATTRIBUTES = {
    "*": {"dir", "lang", "title", "align", "valign", "style"},
    "a": {"href"},
    "font": {"color", "face", "size"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "type"},
    "table": {"bgcolor", "border", "cellpadding", "cellspacing", "width"},
    "td": {"bgcolor", "colspan", "rowspan", "width", "height"},
    "th": {"bgcolor", "colspan", "rowspan", "width", "height"},
    "tr": {"bgcolor"},
}
_PROPERTIES = re.compile(
    r"color|background(?:-color)?|font(?:-(?:family|size|style|weight|variant))?|line-height|letter-spacing|"
    r"text-(?:align|decoration|indent|transform)|vertical-align|white-space|word-break|overflow-wrap|"
    r"(?:margin|padding)(?:-(?:top|right|bottom|left))?|border(?:-(?:top|right|bottom|left))?(?:-(?:color|style|width))?|"
    r"border-(?:collapse|radius|spacing)|width|max-width|min-width|height|list-style(?:-type)?|direction"
)
_LINK = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*+)")
_EMPTY = frozenset(
    (  # noqa: SIM905 -- one word after the other reads better
        "area base br col dd dt embed hr img input li link meta option p source td th tr wbr"
    ).split()
)
_VALUE = re.compile(r"(?:[\w\s#%.,'\"!/+-]|(?:rgb|hsl)a?\([\d\s.,%/]+\))+")


class Sanitised:
    """A body that is safe to be shown: its HTML, and the styles that its elements asked for, as rules of `nonce`."""

    def __init__(self, html: str, styles: Mapping[str, str]) -> None:
        self.html = html
        self.css = "".join(f".{name}{{{style}}}\n" for name, style in styles.items())


def sanitise(html: str, pictures: Callable[[str], str]) -> Sanitised | None:
    """Return the body without anything that runs, loads or leads astray; None where it is too large or too deep.

    `pictures` gives the data: address of the picture with a Content-ID, "" where there is none.
    """
    html = scrub(html)
    if len(html) > LARGEST or _nesting(html) > DEEPEST:
        return None
    html = bounded(html)
    styles: dict[str, str] = {}
    mark = f"s{secrets.token_hex(8)}-"

    def attribute(tag: str, name: str, value: str) -> str | None:
        if name == "style":
            return _class_of(_style(value), styles, mark)
        if (tag, name) == ("img", "src"):
            return pictures(_content_id(value)) or None
        return None if name == "href" and not _LINK.match(value.strip()) else value

    clean = nh3.clean(
        html,
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        attribute_filter=attribute,
        url_schemes={"http", "https", "mailto", "tel", "data", "cid"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        strip_comments=True,
    )
    # Styles become classes of a sheet with a nonce: no policy has to allow inline styles. The mark is a secret of this
    # call, so no text of the mail can hold it.
    return Sanitised(re.sub(f'style="({mark}[0-9]+)"', r'class="\1"', clean), styles)


def _nesting(html: str) -> int:
    """The deepest level as written; more than DEEPEST where there are too many tags altogether."""
    depth = deepest = opened = 0
    for tag in _TAG.finditer(html):
        if tag[2].lower() not in _EMPTY:
            opened += not tag[1]
            depth = max(0, depth - 1) if tag[1] else depth + 1
            deepest = max(deepest, depth)
    return deepest if opened <= MOST_TAGS else MOST_TAGS


def _class_of(style: str, styles: dict[str, str], mark: str) -> str | None:
    if not style:
        return None
    known = next((name for name, each in styles.items() if each == style), None)
    name = known or f"{mark}{len(styles)}"
    styles[name] = style
    return name


def _style(written: str) -> str:
    """The harmless declarations: known properties, and values that name no address and leave no rule."""
    kept = []
    for declaration in written.split(";")[:60]:
        name, _, value = declaration.partition(":")
        name, value = name.strip().lower(), value.strip()
        if _PROPERTIES.fullmatch(name) and len(value) <= 200 and _VALUE.fullmatch(value):
            kept.append(f"{name}:{value.replace('!important', '')}")
    return ";".join(kept)


def _content_id(source: str) -> str:
    """RFC 2392 §2: cid: and the Content-ID, percent-encoded."""
    scheme, _, rest = source.strip().partition(":")
    return re.sub(r"%([0-9A-Fa-f]{2})", lambda m: chr(int(m[1], 16)), rest) if scheme.lower() == "cid" else ""


def data_address(content_type: str, content: bytes) -> str:
    """The picture as a data: address; "" where it is of a kind that is not shown.

    From within its sandbox a body could not send our cookie, so pictures come along with it.
    """
    kind = content_type.partition(";")[0].strip().lower()
    return f"data:{kind};base64,{base64.b64encode(content).decode()}" if kind in PICTURE_TYPES else ""
