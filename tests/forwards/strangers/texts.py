"""Text forwards in the layout of each client; `S` is a story."""

from __future__ import annotations

from email.utils import format_datetime
from typing import TYPE_CHECKING

from tests.forwards.strangers.story import Page, Story, Who

if TYPE_CHECKING:
    from collections.abc import Iterable


def _row(label: str, value: str, glue: str = ": ") -> str:
    return f"{label}{glue}{value}"


def _all(people: Iterable[Who], glue: str = ", ", form: str = "angle") -> str:
    return glue.join(getattr(who, form) for who in people)


def _names(people: Iterable[Who]) -> str:
    return "; ".join(who.name for who in people)


def _nameless(people: Iterable[Who]) -> tuple[Who, ...]:
    return tuple(Who(who.name, "") for who in people)


def _block(*rows: str) -> str:
    return "\n".join(row for row in rows if row)


def _iso(s: Story, pattern: str) -> str:
    return s.date.strftime(pattern)


def outlook_desktop(s: Story) -> Page:
    """Outlook for Windows, sender with his address, recipients by name; no marker."""
    o, c = s.tongue.outlook, s.tongue.clock
    rows = _block(
        _row(o.sender, s.sender.angle),
        _row(o.date, c.moment(s.date)),
        _row(o.to, _names(s.to)),
        _row(o.cc, _names(s.cc)) if s.cc else "",
        _row(o.subject, s.subject),
    )
    return Page(f"{rows}\n\n{s.text}", to=_nameless(s.to), cc=_nameless(s.cc), prefix=s.tongue.prefixes[0])


def outlook_marked(s: Story) -> Page:
    """Outlook's plain text: the marker of five dashes."""
    o, c = s.tongue.outlook, s.tongue.clock
    rows = _block(
        f"-----{s.tongue.original}-----",
        _row(o.sender, s.sender.angle + " "),
        _row(o.date, c.moment(s.date)),
        _row(o.to, _all(s.to, "; ")),
        _row(o.cc, _all(s.cc, "; ")) if s.cc else "",
        _row(o.subject, s.subject),
    )
    return Page(f"{rows}\n\n{s.text}", prefix=s.tongue.prefixes[0])


def outlook_mailto(s: Story) -> Page:
    """Outlook 2003 to 2010: the address as [mailto:…]."""
    o, c = s.tongue.outlook, s.tongue.clock
    rows = _block(
        f"-----{s.tongue.original}-----",
        _row(o.sender, f"{s.sender.name} [mailto:{s.sender.address}] "),
        _row(o.date, c.moment(s.date)),
        _row(o.to, _names(s.to)),
        _row(o.cc, _names(s.cc)) if s.cc else "",
        _row(o.subject, s.subject),
    )
    return Page(f"{rows}\n\n{s.text}", to=_nameless(s.to), cc=_nameless(s.cc), prefix=s.tongue.prefixes[0])


def outlook_web(s: Story) -> Page:
    """Outlook on the web and the new Outlook: a rule of underscores, addresses linked."""
    o, c = s.tongue.outlook, s.tongue.clock
    linked = [f"{who.name} <{who.address}<mailto:{who.address}>>" for who in (s.sender, *s.to, *s.cc)]
    to, cc = linked[1 : 1 + len(s.to)], linked[1 + len(s.to) :]
    rows = _block(
        "________________________________",
        _row(o.sender, linked[0]),
        _row(o.date, c.moment(s.date)),
        _row(o.to, "; ".join(to)),
        _row(o.cc, "; ".join(cc)) if cc else "",
        _row(o.subject, s.subject),
    )
    return Page(f"{rows}\n\n{s.text}", prefix=s.tongue.prefixes[0])


def outlook_mac(s: Story) -> Page:
    """Outlook for Mac: bold labels as stars, "Date" for "Sent"."""
    o, a, c = s.tongue.outlook, s.tongue.plain, s.tongue.clock
    rows = _block(
        _row(f"*{o.sender}:*", s.sender.angle, " "),
        _row(f"*{a.date}:*", c.moment(s.date), " "),
        _row(f"*{o.to}:*", _all(s.to), " "),
        _row(f"*{o.cc}:*", _all(s.cc), " ") if s.cc else "",
        _row(f"*{o.subject}:*", s.subject, " "),
    )
    return Page(f"{rows}\n\n{s.text}", prefix=s.tongue.prefixes[0])


def outlook_phone(s: Story) -> Page:
    """Outlook for iOS and Android."""
    o, c = s.tongue.outlook, s.tongue.clock
    rows = _block(
        "________________________________",
        _row(o.sender, s.sender.angle),
        _row(o.date, c.moment(s.date)),
        _row(o.to, _all(s.to)),
        _row(o.cc, _all(s.cc)) if s.cc else "",
        _row(o.subject, s.subject),
        " ",
    )
    return Page(f"{rows}\n{s.text}", prefix=s.tongue.prefixes[0])


def gmail_web(s: Story) -> Page:
    """Gmail: the sender's label in the language, the others in English."""
    c = s.tongue.clock
    rows = _block(
        "---------- Forwarded message ---------",
        _row(s.tongue.plain.sender, s.sender.angle),
        _row("Date", c.moment(s.date, "medium")),
        _row("Subject", s.subject),
        _row("To", _all(s.to)),
        _row("Cc", _all(s.cc)) if s.cc else "",
    )
    return Page(f"{rows}\n\n\n{s.text}")


def gmail_native(s: Story) -> Page:
    """Gmail where everything is translated; the date begins with the weekday."""
    a, c = s.tongue.plain, s.tongue.clock
    rows = _block(
        f"---------- {s.tongue.forwarded} ---------",
        _row(a.sender, f"*{s.sender.name}* <{s.sender.address}>"),
        _row(a.date, c.write(s.date, f"EEE, {c.medium}") + " " + c.write(s.date, c.time)),
        _row(a.subject, s.subject),
        _row(a.to, _all(s.to)),
        _row(a.cc, _all(s.cc)) if s.cc else "",
    )
    return Page(f"{rows}\n\n\n{s.text}")


def apple_mail(s: Story) -> Page:
    """Apple Mail: all quoted, zone at the end."""
    a, c = s.tongue.plain, s.tongue.clock
    rows = _block(
        s.tongue.begin,
        "",
        _row(a.sender, s.sender.angle),
        _row(a.subject, s.subject),
        _row(a.date, c.moment(s.date, "long", "HH:mm") + " GMT+2"),
        _row(a.to, _all(s.to)),
        _row(a.cc, _all(s.cc)) if s.cc else "",
        "",
    )
    head, _, rest = f"{rows}\n\n{s.text}".partition("\n")
    quoted = "\n".join(f"> {line}".rstrip() if line else ">" for line in rest.split("\n"))
    return Page(f"{head}\n\n{quoted}")


def ios_mail(s: Story) -> Page:
    """iOS Mail: as Apple's, unquoted, bold labels as stars."""
    a, c = s.tongue.plain, s.tongue.clock
    rows = _block(
        _row(f"*{a.sender}:*", s.sender.angle, " "),
        _row(f"*{a.date}:*", c.moment(s.date, "long"), " "),
        _row(f"*{a.to}:*", _all(s.to), " "),
        _row(f"*{a.cc}:*", _all(s.cc), " ") if s.cc else "",
        _row(f"*{a.subject}:*", s.subject, " "),
    )
    return Page(f"{s.tongue.begin}\n\n{rows}\n\n{s.text}")


def thunderbird(s: Story) -> Page:
    """Thunderbird: labels padded to one width, RFC date or the language's short one."""
    a = s.tongue.plain
    width = max(map(len, (a.subject, a.date, a.sender, a.to, a.cc))) + 2
    pairs = [
        (a.subject, s.subject),
        (a.date, format_datetime(s.date)),
        (a.sender, s.sender.angle),
        (a.to, _all(s.to)),
        (a.cc, _all(s.cc)),
    ]
    rows = [f"{label}: ".ljust(width) + value for label, value in pairs if value]
    return Page("\n".join([f"-------- {s.tongue.forwarded} --------", *rows, "", s.text]))


def yahoo(s: Story) -> Page:
    """Yahoo's text alternative: all fields in one run."""
    o, c = s.tongue.outlook, s.tongue.clock
    run = (
        f" {_row(o.sender, s.sender.quoted)}{_row(o.to, _all(s.to, form='quoted'))}"
        + (_row(o.cc, _all(s.cc, form="quoted")) if s.cc else "")
        + _row(o.date, c.moment(s.date))
        + _row(o.subject, s.subject)
    )
    return Page(f"   ----- {s.tongue.forwarded} -----{run}\n{s.text}")


def yahoo_rows(s: Story) -> Page:
    """Yahoo, each field in its row."""
    o, c = s.tongue.outlook, s.tongue.clock
    rows = _block(
        f"----- {s.tongue.forwarded} -----",
        _row(o.sender, s.sender.angle),
        _row(o.to, _all(s.to)),
        _row(o.cc, _all(s.cc)) if s.cc else "",
        _row(o.date, c.moment(s.date, time=f"{c.time} 'GMT+1'")),
        _row(o.subject, s.subject),
    )
    return Page(f"{rows}\n\n{s.text}")


def zoho(s: Story) -> Page:
    """Zoho: the marker stands above and below the block."""
    line = f"============ {s.tongue.forwarded} ============"
    a = s.tongue.plain
    rows = _block(
        line,
        _row(a.sender, s.sender.angle, " : "),
        _row(a.to, ",".join(who.quoted.replace('" <', '"<') for who in s.to), " : "),
        _row(a.cc, ",".join(who.quoted.replace('" <', '"<') for who in s.cc), " : ") if s.cc else "",
        _row(a.date, format_datetime(s.date), " : "),
        _row(a.subject, s.subject, " : "),
        line,
    )
    return Page(f"{rows}\n\n{s.text}")


def proton(s: Story) -> Page:
    """Proton Mail: the date in a sentence, addresses alone in the lists."""
    a, c = s.tongue.plain, s.tongue.clock
    rows = _block(
        f"------- {s.tongue.forwarded} -------",
        _row(a.sender, s.sender.angle),
        _row(a.date, c.moment(s.date)),
        _row(a.subject, s.subject),
        _row(a.to, _all(s.to)),
        _row(a.cc, _all(s.cc)) if s.cc else "",
    )
    return Page(f"{rows}\n\n> " + s.text.replace("\n\n", "\n>\n> "))


def roundcube(s: Story) -> Page:
    """Roundcube: subject first, a date in figures."""
    a = s.tongue.plain
    rows = _block(
        f"-------- {s.tongue.original} --------",
        _row(a.subject, s.subject),
        _row(a.date, _iso(s, "%Y-%m-%d %H:%M")),
        _row(a.sender, s.sender.angle),
        _row(a.to, _all(s.to)),
        _row(a.cc, _all(s.cc)) if s.cc else "",
    )
    return Page(f"{rows}\n\n{s.text}")


def zimbra(s: Story) -> Page:
    """Zimbra: quoted names."""
    o, c = s.tongue.outlook, s.tongue.clock
    rows = _block(
        f"----- {s.tongue.forwarded} -----",
        _row(o.sender, s.sender.quoted),
        _row(o.to, _all(s.to, form="quoted")),
        _row(o.cc, _all(s.cc, form="quoted")) if s.cc else "",
        _row(o.date, c.write(s.date, f"{c.full} HH:mm") + ":00"),
        _row(o.subject, s.subject),
    )
    return Page(f"{rows}\n\n{s.text}")


def samsung(s: Story) -> Page:
    """Samsung Email: the zone in brackets."""
    a, c = s.tongue.plain, s.tongue.clock
    rows = _block(
        f"-------- {s.tongue.original} --------",
        _row(a.sender, s.sender.angle + " "),
        _row(a.date, c.write(s.date, f"{c.short} HH:mm") + "  (GMT+01:00) "),
        _row(a.to, _all(s.to) + " "),
        _row(a.cc, _all(s.cc) + " ") if s.cc else "",
        _row(a.subject, s.subject + " "),
    )
    return Page(f"{rows}\n\n{s.text}")


def gmx(s: Story) -> Page:
    """GMX and web.de: the date first, no marker."""
    o, c = s.tongue.outlook, s.tongue.clock
    rows = _block(
        _row(f"*{o.date}:*", c.moment(s.date), " "),
        _row(f"*{o.sender}:*", s.sender.quoted, " "),
        _row(f"*{o.to}:*", _all(s.to, form="quoted"), " "),
        _row(f"*{o.cc}:*", _all(s.cc, form="quoted"), " ") if s.cc else "",
        _row(f"*{o.subject}:*", s.subject, " "),
    )
    return Page(f"{rows}\n\n{s.text}")
