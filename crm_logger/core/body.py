"""What the parts of a mail are: its body, its attachments, and the mails attached to it."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from crm_logger.core import smime, winmail
from crm_logger.core.flowed import unwrap
from crm_logger.core.headers import read_section, section_end
from crm_logger.core.html import html_to_text
from crm_logger.core.mime import MAX_DEPTH, Budget, Part, cut_text, read_part
from crm_logger.core.model import Attachment, Flag, Policy

if TYPE_CHECKING:
    from collections.abc import Iterable

_MAX_NAME: Final = 150
_MAX_EXTENSION: Final = 20
_PLAIN: Final = frozenset(
    {"text/plain", "text/enriched", "text/richtext", "text/markdown", "text/x-markdown"}
)
_BODY: Final = _PLAIN | {"text/html"}
_MAIL: Final = frozenset({"message/rfc822", "message/global", "message/news"})
_MAYBE_MAIL: Final = frozenset(
    {"application/octet-stream", "text/plain", "message/eml", "application/eml", "application/x-eml"}
)
_METHOD: Final = re.compile(rb"^METHOD:[ \t]*([A-Za-z-]{1,40})", re.MULTILINE | re.IGNORECASE)
_CALENDAR_HEAD: Final = 64 * 1024
_MAX_DIGITS: Final = 15

Segment = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Source:
    """Where an attached mail lies, and how deep."""

    raw: bytes
    start: int
    end: int
    depth: int


@dataclass(slots=True)
class Contents:
    """What was found so far. A segment is a piece of the body: (text, HTML), either may be ""; `rich` are those of winmail.dat."""

    policy: Policy
    budget: Budget
    segments: list[Segment] = field(default_factory=list)
    rich: list[Segment] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    mails: list[Source] = field(default_factory=list)
    flags: set[Flag] = field(default_factory=set)
    calendar_method: str = ""

    def body(self) -> Segment:
        """The text and the HTML of the whole body, within the limit."""
        text, markup = _richer(join_segments(self.segments), join_segments(self.rich))
        cut = (cut_text(text, self.policy.max_body_bytes), cut_text(markup, self.policy.max_body_bytes))
        if cut != (text, markup):
            self.flags.add(Flag.BODY_CUT)
        return cut


def read_contents(root: Part, policy: Policy, budget: Budget) -> Contents:
    """The body, the attachments and the attached mails of a mail, in the order of its parts."""
    contents = Contents(policy, budget)
    _take_whole(root, contents)
    return contents


def _take_whole(root: Part, contents: Contents) -> None:
    _walk(root, contents) if root.children else _take_leaf(root, contents, only=True)


def join_segments(segments: Iterable[Segment]) -> Segment:
    """One text and one HTML of several pieces.

    There is a text only if every piece has one: else what stands in HTML alone would be lost to who reads the text.
    """
    written = [segment for segment in segments if _says_something(segment[0]) or _says_something(segment[1])]
    texts = [text for text, _ in written if _says_something(text)]
    text = "\n".join(each.removesuffix("\n") for each in texts) if len(texts) == len(written) else ""
    if len(texts) == 1 == len(written):
        text = texts[0]
    if not any(markup for _, markup in written):
        return text, ""
    return text, "\n".join(markup or f"<pre>{html.escape(plain)}</pre>" for plain, markup in written)


def _says_something(text: str) -> bool:
    """What strip() tells of a text too, copying it."""
    return bool(text) and not text.isspace()


def _richer(own: Segment, rich: Segment) -> Segment:
    """The body of a mail that comes with winmail.dat, where Outlook put the same body once more.

    Where a server left a shorter text in its place, or none, winmail.dat has the body; else it adds the HTML at most.
    """
    if rich == ("", "") or _letters(own) >= _letters(rich):
        return own[0], own[1] or rich[1]
    return rich


def _letters(segment: Segment) -> int:
    text, markup = segment
    return len("".join((text or html_to_text(markup)).split()))


# ---------------------------------------------------------------- multiparts


def _walk(part: Part, contents: Contents) -> None:
    if not part.children:
        _take_leaf(part, contents)
        return
    take = _MULTIPARTS.get(part.content_type.partition("/")[2], _take_all)
    take(part, contents)


def _take_all(part: Part, contents: Contents) -> None:
    for child in part.children:
        _walk(child, contents)


def _take_alternative(part: Part, contents: Contents) -> None:
    """The same body several times (RFC 2046 §5.1.4): the first text and the last, richest HTML."""
    outer = contents.segments
    choices: list[Segment] = []
    for child in part.children:
        contents.segments = []
        _walk(child, contents)
        choices.append(join_segments(contents.segments))
    contents.segments = outer
    texts = [text for text, _ in choices if _says_something(text)]
    markups = [markup for _, markup in choices if _says_something(markup)]
    outer.append((texts[0] if texts else "", markups[-1] if markups else ""))


def _take_related(part: Part, contents: Contents) -> None:
    """A body and what it shows (RFC 2387)."""
    wanted = part.parameters.get("start", "").strip("<> ")
    root = next(
        (child for child in part.children if wanted and _content_id(child) == wanted), part.children[0]
    )
    _walk(root, contents)
    for child in part.children:
        if child is not root:
            _walk(child, contents) if child.children else _attach(child, contents, inline=True)


def _take_signed(part: Part, contents: Contents) -> None:
    """What was signed, then the signature (RFC 1847)."""
    signed, *signatures = part.children
    _walk(signed, contents)
    for signature in signatures:
        _attach_all(signature, contents)


def _take_encrypted(part: Part, contents: Contents) -> None:
    contents.flags.add(Flag.ENCRYPTED)
    _attach_all(part, contents)


def _attach_all(part: Part, contents: Contents) -> None:
    for child in part.children:
        _attach_all(child, contents)
    if not part.children:
        _attach(part, contents)


_MULTIPARTS: Final = {
    "alternative": _take_alternative,
    "related": _take_related,
    "signed": _take_signed,
    "encrypted": _take_encrypted,
}


# ---------------------------------------------------------------- leaves


def _take_leaf(part: Part, contents: Contents, *, only: bool = False) -> None:
    if _open(part, contents) or _take_protected(part, contents):
        return
    mail = _mail(part, contents.budget)
    if mail:
        contents.mails.append(mail)
    elif _is_body(part, only=only):
        contents.segments.append(_segment(part, contents))
    else:
        _attach(part, contents)


def _open(part: Part, contents: Contents) -> bool:
    """Take what lies in a wrapper in place of it; whether it was one that can be opened."""
    is_rich = part.content_type in winmail.TYPES or part.filename.lower() in winmail.FILES
    if not is_rich and part.content_type not in smime.TYPES and not part.filename.lower().endswith(".p7m"):
        return False
    if not _has_room(part, contents.budget):
        return False
    entity = (winmail.unwrapped if is_rich else smime.signed_content)(part.content())
    if entity is None:
        return False
    inner = read_part(entity, 0, len(entity), contents.budget, part.depth + 1)
    outer = contents.segments
    if is_rich:
        contents.segments = contents.rich
    _take_whole(inner, contents)
    contents.segments = outer
    return True


def _take_protected(part: Part, contents: Contents) -> bool:
    """Take a mail that says it was not forwarded in place of itself: it protects the header of the mail around it (RFC 8551 §3.1)."""
    says_no = part.parameters.get("forwarded", "").lower() == "no"
    if not (says_no and part.content_type in _MAIL and _has_room(part, contents.budget)):
        return False
    source = _source(part)
    inner = read_part(source.raw, source.start, source.end, contents.budget, part.depth + 1)
    _take_whole(inner, contents)
    return True


def _is_body(part: Part, *, only: bool) -> bool:
    """Whether a leaf is read as body. A text with a file name is an attachment, unless it is all there is."""
    if part.disposition == "attachment":
        return False
    if only:
        return part.content_type.startswith("text/") and part.content_type != "text/calendar"
    return part.content_type in _BODY and not part.filename


def _segment(part: Part, contents: Contents) -> Segment:
    text, cut = part.text(contents.policy.max_body_bytes)
    if cut:
        contents.flags.add(Flag.BODY_CUT)
    if part.content_type == "text/html":
        return "", text
    if part.parameters.get("format", "").lower() == "flowed":
        return unwrap(text, delete_space=part.parameters.get("delsp", "").lower() == "yes"), ""
    return text, ""


def _mail(part: Part, budget: Budget) -> Source | None:
    """The mail that a part holds: declared as one, or a file named *.eml that reads like one."""
    declared = part.content_type in _MAIL
    if not declared and not (part.content_type in _MAYBE_MAIL and part.filename.lower().endswith(".eml")):
        return None
    if not _has_room(part, budget):
        return None
    source = _source(part)
    return source if declared or _reads_like_mail(source) else None


def _has_room(part: Part, budget: Budget) -> bool:
    """Whether what a part holds may still be read."""
    if part.depth < MAX_DEPTH and budget.has_room():
        return True
    budget.note(f"mails are attached more than {MAX_DEPTH} deep, or too many of them")
    return False


def _source(part: Part) -> Source:
    """An encoded mail is decoded here: RFC 2046 §5.2.1 forbids the encoding, Exchange does it all the same."""
    if part.is_encoded:
        decoded = part.content()
        return Source(decoded, 0, len(decoded), part.depth + 1)
    return Source(part.raw, part.start, part.end, part.depth + 1)


def _reads_like_mail(source: Source) -> bool:
    end, _ = section_end(source.raw, source.start, source.end)
    section = read_section(source.raw[source.start : end])
    return bool(section.first("from") and (section.first("date") or section.first("subject")))


def _attach(part: Part, contents: Contents, *, inline: bool = False) -> None:
    content = part.content()
    if part.content_type == "text/calendar" and not contents.calendar_method:
        contents.calendar_method = _calendar_method(part, content)
    if part.content_type in smime.TYPES:
        contents.flags.add(Flag.ENCRYPTED)
    size = _left_out(part) if contents.budget.partial and not content else 0
    kept = not size and len(content) <= contents.policy.max_attachment_bytes
    if not kept:
        contents.flags.add(Flag.ATTACHMENT_LEFT_OUT)
    contents.attachments.append(
        Attachment(
            name=clean_filename(part.filename),
            content_type=part.content_type,
            size=size or len(content),
            content=content if kept else None,
            content_id=_content_id(part),
            inline=inline or part.disposition == "inline",
        ),
    )


def _left_out(part: Part) -> int:
    """The octets that a part has in the mailbox, still encoded, where it was not fetched; else 0."""
    told = part.section.first("x-crm-logger-left-out").strip()
    return int(told) if told.isascii() and told.isdigit() and len(told) <= _MAX_DIGITS else 0


def _calendar_method(part: Part, content: bytes) -> str:
    """The METHOD (RFC 5546 §1.4) as the part declares it, else as the calendar says it."""
    found = _METHOD.search(content[:_CALENDAR_HEAD])
    return (part.parameters.get("method", "") or (found[1].decode("ascii") if found else "")).strip().lower()


def _content_id(part: Part) -> str:
    return part.section.first("content-id").strip("<> ")


def clean_filename(name: str) -> str:
    """A file name that is safe to show and to offer: no path, no control or direction characters, bounded."""
    base = re.split(r"[/\\]", name[-4 * _MAX_NAME :])[-1]
    visible = "".join(char for char in base if unicodedata.category(char)[0] != "C").strip()
    if not visible.strip("."):
        return ""
    if len(visible) <= _MAX_NAME:
        return visible
    stem, dot, extension = visible.rpartition(".")
    return (
        f"{stem[: _MAX_NAME - len(extension) - 1]}.{extension}"
        if dot and len(extension) < _MAX_EXTENSION
        else visible[:_MAX_NAME]
    )
