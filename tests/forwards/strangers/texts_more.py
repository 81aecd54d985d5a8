"""Text forwards of the clients that fewer people use."""

from __future__ import annotations

from email.utils import format_datetime

from tests.forwards.strangers.story import Page, Story
from tests.forwards.strangers.texts import _all, _block, _iso, _nameless, _names, _row


def mail_ru(s: Story) -> Page:
    """Mail.ru: the date with its zone."""
    a, c = s.tongue.plain, s.tongue.clock
    rows = _block(
        f"-------- {s.tongue.forwarded} --------",
        _row(a.sender, s.sender.angle),
        _row(a.to, _all(s.to)),
        _row(a.cc, _all(s.cc)) if s.cc else "",
        _row(a.date, c.write(s.date, f"{c.full}, HH:mm '+03:00'")),
        _row(a.subject, s.subject),
        " ",
    )
    return Page(f"{rows}\n{s.text}")


def yandex(s: Story) -> Page:
    """Yandex: no labels, an attribution and an end line."""
    line = f"{_iso(s, '%d.%m.%Y, %H:%M')}, {s.sender.quoted}:"
    end = f"-------- {s.tongue.forwarded} --------"
    return Page(f"{end}\n{line}\n\n{s.text}", to=(), cc=(), subject="")


def netease(s: Story) -> Page:
    """NetEase: no colon but a gap, in a small table."""
    a = s.tongue.outlook
    rows = _block(
        f"---- {s.tongue.forwarded} ----",
        _row(a.sender, f"{s.sender.name}<{s.sender.address}>", " | "),
        _row(a.date, _iso(s, "%Y-%m-%d %H:%M"), " | "),
        _row(a.to, ", ".join(f"{who.name}<{who.address}>" for who in s.to), " | "),
        _row(a.cc, ", ".join(f"{who.name}<{who.address}>" for who in s.cc), " | ") if s.cc else "",
        _row(a.subject, s.subject, " | "),
    )
    return Page(f"{rows}\n\n{s.text}")


def netease_old(s: Story) -> Page:
    """NetEase's older form: full-width colons."""
    a = s.tongue.outlook
    rows = _block(
        f"-------- {s.tongue.forwarded} --------",
        _row(a.sender, s.sender.quoted, "："),
        _row(a.date, _iso(s, "%Y-%m-%d %H:%M:%S"), "："),
        _row(a.to, _all(s.to, ",", "quoted"), "："),
        _row(a.cc, _all(s.cc, ",", "quoted"), "：") if s.cc else "",
        _row(a.subject, s.subject, "："),
    )
    return Page(f"{rows}\n{s.text}")


def qq(s: Story) -> Page:
    """QQ: each value ends with a semicolon."""
    o, c = s.tongue.outlook, s.tongue.clock
    rows = _block(
        f"------------------ {s.tongue.original} ------------------",
        _row(o.sender, f'"{s.sender.name}" <{s.sender.address}>;'),
        _row(o.date, c.moment(s.date)),
        _row(o.to, "".join(f'"{who.name}"<{who.address}>;' for who in s.to)),
        _row(o.cc, "".join(f'"{who.name}"<{who.address}>;' for who in s.cc)) if s.cc else "",
        _row(o.subject, s.subject),
    )
    return Page(f"{rows}\n\n{s.text}")


def naver(s: Story) -> Page:
    """Naver: no blank between name and address."""
    o, c = s.tongue.outlook, s.tongue.clock
    rows = _block(
        f"-----{s.tongue.original}-----",
        _row(o.sender, f'"{s.sender.name}"<{s.sender.address}>'),
        _row(o.to, ", ".join(f'"{who.name}"<{who.address}>' for who in s.to)),
        _row(o.cc, ", ".join(f'"{who.name}"<{who.address}>' for who in s.cc)) if s.cc else "",
        _row(o.date, c.write(s.date, "y-MM-dd (EEE) HH:mm") + ":00 (GMT+09:00)"),
        _row(o.subject, s.subject),
    )
    return Page(f"{rows}\n\n{s.text}")


def notes(s: Story) -> Page:
    """Lotus Notes: columns of blanks."""
    a, c = s.tongue.plain, s.tongue.clock
    rows = _block(
        _row(a.sender, s.sender.angle, ":        "),
        _row(a.to, _all(s.to), ":        "),
        _row(a.cc, _all(s.cc), ":        ") if s.cc else "",
        _row(a.date, c.write(s.date, f"{c.short} HH:mm"), ":        "),
        _row(a.subject, s.subject, ":        "),
    )
    who = f"{s.to[0].name}/Einkauf/NORDTOR"
    return Page(f"----- Forwarded by {who} on 04/03/2024 08:12 -----\n\n{rows}\n\n\n\n{s.text}")


def em_client(s: Story) -> Page:
    """eM Client: quoted names, cc always there."""
    o, c = s.tongue.outlook, s.tongue.clock
    rows = _block(
        f"------ {s.tongue.forwarded} ------",
        _row(o.sender, s.sender.quoted),
        _row(o.to, _all(s.to, "; ", "quoted")),
        _row(o.cc, _all(s.cc, "; ", "quoted")),
        _row(o.date, c.write(s.date, f"{c.short} HH:mm") + ":00"),
        _row(o.subject, s.subject),
    )
    return Page(f"{rows}\n\n{s.text}")


def spark(s: Story) -> Page:
    """Spark: the zone after the time."""
    a, c = s.tongue.plain, s.tongue.clock
    rows = _block(
        f"---------- {s.tongue.forwarded} ----------",
        _row(a.sender, s.sender.angle),
        _row(a.date, c.moment(s.date, "medium", "HH:mm '+0200'")),
        _row(a.to, _all(s.to)),
        _row(a.cc, _all(s.cc)) if s.cc else "",
        _row(a.subject, s.subject),
    )
    return Page(f"{rows}\n\n{s.text}")


def k9(s: Story) -> Page:
    """K-9 Mail."""
    o, c = s.tongue.outlook, s.tongue.clock
    rows = _block(
        f"-------- {s.tongue.original} --------",
        _row(o.sender, s.sender.angle),
        _row(o.date, c.moment(s.date, "long", f"{c.time} 'GMT+02:00'")),
        _row(o.to, _all(s.to)),
        _row(o.cc, _all(s.cc)) if s.cc else "",
        _row(o.subject, s.subject),
    )
    return Page(f"{rows}\n\n{s.text}")


def fairemail(s: Story) -> Page:
    """FairEmail: a block below a rule, date first."""
    a, c = s.tongue.plain, s.tongue.clock
    rows = _block(
        _row(a.sender, s.sender.angle),
        _row(a.to, _all(s.to)),
        _row(a.cc, _all(s.cc)) if s.cc else "",
        _row(a.date, c.moment(s.date, "medium")),
        _row(a.subject, s.subject),
    )
    return Page(f"-----\n{rows}\n\n{s.text}")


def mailbird(s: Story) -> Page:
    """Mailbird: its marker in English, figures in the date."""
    c = s.tongue.clock
    a = s.tongue.plain
    rows = _block(
        f"-----{s.tongue.forwarded}-----",
        _row(a.sender, s.sender.angle),
        _row(a.date, c.write(s.date, f"{c.short} {c.time}")),
        _row(a.subject, s.subject),
        _row(a.to, _all(s.to)),
        _row(a.cc, _all(s.cc)) if s.cc else "",
    )
    return Page(f"{rows}\n\n{s.text}")


def the_bat(s: Story) -> Page:
    """The Bat!: scissors above and below."""
    c = s.tongue.clock
    a = s.tongue.plain
    rows = _block(
        s.tongue.forwarded,
        _row(a.sender, s.sender.angle),
        _row(a.to, _all(s.to)),
        _row(a.cc, _all(s.cc)) if s.cc else "",
        _row(a.date, c.write(s.date, f"{c.full}, HH:mm") + ":00"),
        _row(a.subject, s.subject),
    )
    cut = f"===8<=============={s.tongue.original}==============="
    return Page(f"{rows}\n\n{cut}\n{s.text}\n===8<==========={s.tongue.original}===========")


def evolution(s: Story) -> Page:
    """Evolution: bold labels, the RFC's own date."""
    a = s.tongue.plain
    rows = _block(
        f"-------- {s.tongue.forwarded} --------",
        _row(f"*{a.sender}*", s.sender.angle),
        _row(f"*{a.to}*", _all(s.to)),
        _row(f"*{a.cc}*", _all(s.cc)) if s.cc else "",
        _row(f"*{a.subject}*", s.subject),
        _row(f"*{a.date}*", format_datetime(s.date)),
    )
    return Page(f"{rows}\n\n{s.text}")


def kmail(s: Story) -> Page:
    """KMail: a line of dashes below."""
    a, c = s.tongue.plain, s.tongue.clock
    rows = _block(
        _row(a.subject, s.subject),
        _row(a.date, c.moment(s.date, time=f"{c.time} 'CET'")),
        _row(a.sender, s.sender.angle),
        _row(a.to, _all(s.to)),
        _row(a.cc, _all(s.cc)) if s.cc else "",
    )
    return Page(
        f"----------  {s.tongue.forwarded}  ----------\n\n{rows}\n\n{s.text}\n-----------------------------------------"
    )


def horde(s: Story) -> Page:
    """Horde: labels flush right, the sender in the marker."""
    a = s.tongue.plain
    width = max(map(len, (a.subject, a.date, a.sender, a.to, a.cc)))
    pairs = [
        (a.date, format_datetime(s.date)),
        (a.sender, s.sender.angle),
        (a.subject, s.subject),
        (a.to, _all(s.to)),
        (a.cc, _all(s.cc)),
    ]
    rows = [f"{label.rjust(width)}: {value}" for label, value in pairs if value]
    end = "----- End forwarded message -----"
    marker = f"----- Forwarded message from {s.sender.angle} -----"
    return Page("\n".join([marker, *rows, "", s.text, "", end]))


def sogo(s: Story) -> Page:
    """SOGo: quoted names, the zone after the time."""
    a, c = s.tongue.plain, s.tongue.clock
    rows = _block(
        f"-------- {s.tongue.original} --------",
        _row(a.subject, s.subject),
        _row(a.date, c.write(s.date, f"{c.full} HH:mm 'CET'")),
        _row(a.sender, s.sender.quoted),
        _row(a.to, _all(s.to, form="quoted")),
        _row(a.cc, _all(s.cc, form="quoted")) if s.cc else "",
    )
    return Page(f"{rows}\n\n{s.text}")


def windows_mail(s: Story) -> Page:
    """Windows Mail: links as Markdown writes them, names alone in the lists."""
    o, c = s.tongue.outlook, s.tongue.clock
    rows = _block(
        _row(f"*{o.sender}: *", f"{s.sender.name}<mailto:{s.sender.address}>", ""),
        _row(f"*{o.date}: *", c.moment(s.date), ""),
        _row(f"*{o.to}: *", "; ".join(f"{who.name}<mailto:{who.address}>" for who in s.to), ""),
        _row(f"*{o.cc}: *", "; ".join(f"{who.name}<mailto:{who.address}>" for who in s.cc), "")
        if s.cc
        else "",
        _row(f"*{o.subject}: *", s.subject, ""),
    )
    return Page(f"{rows}\n\n{s.text}")


def blackberry(s: Story) -> Page:
    """BlackBerry: no marker, bold lost, names in the lists."""
    o, c = s.tongue.outlook, s.tongue.clock
    rows = _block(
        _row(o.sender, f"{s.sender.name} [mailto:{s.sender.address}]"),
        _row(o.date, c.moment(s.date)),
        _row(o.to, _names(s.to)),
        _row(o.cc, _names(s.cc)) if s.cc else "",
        _row(o.subject, s.subject),
    )
    page = f"  {rows}\n\n{s.text}"
    return Page(page, to=_nameless(s.to), cc=_nameless(s.cc), prefix=s.tongue.prefixes[0])


def fastmail(s: Story) -> Page:
    """Fastmail: the date last."""
    a, c = s.tongue.plain, s.tongue.clock
    rows = _block(
        f"----- {s.tongue.original} -----",
        _row(a.sender, s.sender.angle),
        _row(a.to, _all(s.to, form="quoted")),
        _row(a.cc, _all(s.cc, form="quoted")) if s.cc else "",
        _row(a.subject, s.subject),
        _row(a.date, c.moment(s.date)),
    )
    return Page(f"{rows}\n\n{s.text}")


def tuta(s: Story) -> Page:
    """Tuta: addresses alone."""
    a, c = s.tongue.plain, s.tongue.clock
    bare = [who.address for who in s.to], [who.address for who in s.cc]
    rows = _block(
        f"--------------- {s.tongue.original} ---------------",
        _row(a.date, c.moment(s.date, "medium")),
        _row(a.sender, s.sender.address),
        _row(a.to, ", ".join(bare[0])),
        _row(a.cc, ", ".join(bare[1])) if s.cc else "",
        _row(a.subject, s.subject),
    )
    plain = [tuple(type(s.sender)("", who.address) for who in people) for people in (s.to, s.cc)]
    return Page(f"{rows}\n\n{s.text}", to=plain[0], cc=plain[1])


def attribution(s: Story) -> Page:
    """Only the sentence and the quoted text, as a client set to "reply style" forwards."""
    line = s.tongue.wrote.format(date=s.tongue.clock.moment(s.date, "medium"), who=s.sender.angle)
    quoted = "> " + s.text.replace("\n\n", "\n>\n> ")
    return Page(f"{line}\n\n{quoted}", to=(), cc=(), subject="")


def mutt(s: Story) -> Page:
    """mutt: the RFC's own field names whatever the language."""
    rows = _block(
        f"----- Forwarded message from {s.sender.angle} -----",
        "",
        _row("Date", format_datetime(s.date)),
        _row("From", s.sender.angle),
        _row("To", _all(s.to)),
        _row("Cc", _all(s.cc)) if s.cc else "",
        _row("Subject", s.subject),
    )
    return Page(f"{rows}\n\n{s.text}\n\n----- End forwarded message -----")
