"""The shape of one language's entry: what mail clients write around a forwarded or quoted mail."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Locale:
    """The words that mail clients use in one language, as they show them.

    `markers` stand above forwards alone, `markers_of_both` above replies too ("Original Message").

    Labels stand without their colon, prefixes without their colon, markers and end markers without the dashes around
    them. An attribution is a line that introduces a quoted or forwarded mail; {date} is the date with its time
    (unless {time} stands apart), {name} the sender's name and {address} the address; clients leave out
    ` <{address}>` where they know none. `order` is how the language writes a numeric date with slashes: "dmy",
    "mdy", "ymd", or "" where its countries differ.
    """

    tag: str
    sender: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    reply_to: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    forward_prefixes: tuple[str, ...] = ()
    reply_prefixes: tuple[str, ...] = ()
    markers: tuple[str, ...] = ()
    markers_of_both: tuple[str, ...] = ()
    end_markers: tuple[str, ...] = ()
    attributions: tuple[str, ...] = ()
    order: str = "dmy"


def locale(  # noqa: PLR0913 - one parameter for each kind of word
    tag: str,
    *,
    sender: str,
    to: str,
    subject: str,
    date: str,
    cc: str = "",
    bcc: str = "",
    reply_to: str = "",
    forward_prefixes: str = "",
    reply_prefixes: str = "",
    markers: str = "",
    markers_of_both: str = "",
    end_markers: str = "",
    attributions: tuple[str, ...] = (),
    order: str = "dmy",
) -> Locale:
    """Make an entry from words that are separated by ` | `."""
    return Locale(
        tag=tag,
        sender=_words(sender),
        to=_words(to),
        cc=_words(cc),
        bcc=_words(bcc),
        reply_to=_words(reply_to),
        subject=_words(subject),
        date=_words(date),
        forward_prefixes=_words(forward_prefixes),
        reply_prefixes=_words(reply_prefixes),
        markers=_words(markers),
        markers_of_both=_words(markers_of_both),
        end_markers=_words(end_markers),
        attributions=attributions,
        order=order,
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split(" | ")) if text else ()
