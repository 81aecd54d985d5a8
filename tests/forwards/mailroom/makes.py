"""The clients that speak every language, each in text and HTML, and those of `clients.toml`."""

from __future__ import annotations

import tomllib
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.forwards.mailroom.cast import TONGUES, Labels, Made, Matter, angle, english, html, quoted, some

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.forwards.stories import Person

CLIENTS: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "clients.toml").read_text(encoding="utf-8")
)


def _rows(m: Matter, words: Labels, date: str, order: str, joint: str = "; ") -> list[tuple[str, str]]:
    """The rows in an order such as "FDTCS"."""
    values = {
        "F": (words.sender, angle(m.sender)),
        "D": (words.date, date),
        "T": (words.to, some(m.to, joint)),
        "C": (words.cc, some(m.cc, joint)),
        "S": (words.subject, m.subject),
    }
    return [(label, value) for label, value in map(values.__getitem__, order) if value]


def _block(m: Matter, found: list[tuple[str, str]]) -> str:
    return "\n".join(f"{label}{m.colon}{value}" for label, value in found)


def _bold(m: Matter, found: list[tuple[str, str]]) -> str:
    colon = m.colon.rstrip()
    return "<br>".join(f"<b>{label}{colon}</b> {escape(value, quote=False)}" for label, value in found)


def _above(m: Matter) -> str:
    return f"{m.note}\n\n" if m.note else ""


def _full(m: Matter) -> str:
    return m.clock.moment(m.when)


def outlook(m: Matter) -> Made:
    found = _rows(m, m.labels("outlook"), _full(m), "FDTCS")
    body = "".join(
        f'<p class="MsoNormal">{escape(line, quote=False) or "<o:p>&nbsp;</o:p>"}</p>'
        for line in m.body.split("\n")
    )
    note = "".join(
        f'<p class="MsoNormal">{escape(line, quote=False) or "<o:p>&nbsp;</o:p>"}</p>'
        for line in m.note.split("\n")
    )
    return Made(
        f"{_above(m)}{_block(m, found)}\n\n{m.body}",
        f'<html><body lang="X"><div class="WordSection1">{note}<p class="MsoNormal"><o:p>&nbsp;</o:p></p><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">{_bold(m, found)}<o:p></o:p></p></div><p class="MsoNormal"><o:p>&nbsp;</o:p></p>{body}</div></body></html>',
        m.prefix,
    )


def outlook_web(m: Matter) -> Made:
    found = _rows(m, m.labels("outlook"), _full(m), "FDTCS")
    return Made(
        f"{_above(m)}{'_' * 32}\n{_block(m, found)}\n\n{m.body}",
        f'<html><body dir="ltr"><div class="elementToProof">{html(m.note)}</div><div id="appendonsend"></div><hr tabindex="-1" style="display:inline-block; width:98%"><div id="divRplyFwdMsg" dir="ltr"><span style="font-size: 11pt">{_bold(m, found)}</span><div>&nbsp;</div></div>{html(m.body)}</body></html>',
        m.prefix,
    )


def outlook_phone(m: Matter) -> Made:
    """The app's own line stands below the note; the prefix is the phone's."""
    found = _rows(m, m.labels("outlook"), _full(m), "FDTCS")
    return Made(
        f"{_above(m)}Outlook for iOS <https://aka.ms/o0ukef>\n{'_' * 32}\n{_block(m, found)}\n\n{m.body}",
        f'<html><body><div dir="ltr">{html(m.note)}</div><div id="ms-outlook-mobile-signature"><a href="https://aka.ms/o0ukef">Outlook for iOS</a></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif">{_bold(m, found)}</font></div>{html(m.body)}</body></html>',
        "Fw",
        frozenset({"note"}),
    )


def gmail(m: Matter) -> Made:
    """The sender's label in the user's language, the others in English."""
    date = (
        english(m.when)
        if m.tag == "en"
        else m.clock.moment(m.when, "medium" if m.tag not in {"de", "ru"} else "full")
    )
    found = [
        (m.labels("outlook").sender, angle(m.sender)),
        ("Date", date),
        ("Subject", m.subject),
        ("To", some(m.to)),
        ("Cc", some(m.cc)),
    ]
    found = [(label, value) for label, value in found if value]
    text = "\n".join(
        f"{label}{m.colon if not number else ': '}{value}" for number, (label, value) in enumerate(found)
    )
    rows = "<br>".join(f"{label}: {escape(value, quote=False)}" for label, value in found[1:])
    name = escape(m.sender.name or m.sender.address, quote=False)
    return Made(
        f"{_above(m)}---------- Forwarded message ---------\n{text}\n\n\n{m.body}",
        f'<div dir="ltr">{html(m.note)}</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">---------- Forwarded message ---------<br>{found[0][0]}{m.colon}<strong class="gmail_sendername" dir="auto">{name}</strong> <span dir="auto">&lt;<a href="mailto:{m.sender.address}">{m.sender.address}</a>&gt;</span><br>{rows}<br></div><br><br>{html(m.body)}</div>',
    )


def apple(m: Matter) -> Made:
    apart = "." if "." in m.clock.time else ":"
    words = m.labels("apple")
    date = m.clock.moment(m.when, "long", m.clock.time.replace("mm", f"mm{apart}00"))
    found = _rows(m, words, date, "FSDTC", ", ")
    quote = "\n".join(
        f"> {line}".rstrip() for line in f"{m.marker('apple')}\n\n{_block(m, found)}\n\n{m.body}".split("\n")
    )
    rows = "".join(
        f'<div style="margin: 0px;"><span style="color:rgb(0, 0, 0);"><b>{label}{m.colon}</b></span><span>{escape(value, quote=False)}<br></span></div>'
        for label, value in found
    )
    return Made(
        f"{_above(m)}{quote}",
        f'<html><body>{html(m.note)}<div><br><blockquote type="cite"><div>{m.marker("apple")}</div><br class="Apple-interchange-newline">{rows}<br><div>{html(m.body)}</div></blockquote></div></body></html>',
    )


def thunderbird(m: Matter) -> Made:
    found = _rows(
        m,
        m.labels("thunderbird"),
        m.when.strftime("%a, %d %b %Y %H:%M:%S +0200"),
        "SDFTC",
        ", ",
    )
    width = max(len(label) for label, _ in found)
    text = "\n".join(f"{label}: {' ' * (width - len(label))}\t{value}" for label, value in found)
    cells = "".join(
        f'<tr><th valign="BASELINE" align="RIGHT" nowrap="nowrap">{label}: </th><td>{escape(value, quote=False)}</td></tr>'
        for label, value in found
    )
    mark = m.marker("thunderbird")
    return Made(
        f"{_above(m)}\n-------- {mark} --------\n{text}\n\n\n\n{m.body}",
        f'<html><body>{html(m.note)}<p><br></p><div class="moz-forward-container"><br><br>-------- {mark} --------<table class="moz-email-headers-table" cellspacing="0" cellpadding="0" border="0"><tbody>{cells}</tbody></table><br><br>{html(m.body)}</div></body></html>',
    )


EVERYWHERE: dict[str, Callable[[Matter], Made]] = {
    make.__name__: make for make in (outlook, outlook_web, outlook_phone, gmail, apple, thunderbird)
}


def speaks(client: str, tag: str) -> bool:
    """Whether we know what the client says in that language."""
    return client not in {"apple", "thunderbird"} or client in TONGUES[tag]


def special(client: str, m: Matter) -> Made:
    """A client of `clients.toml`."""
    entry = CLIENTS[client]
    date = m.when.strftime(entry["date"]) if "%" in entry["date"] else m.clock.write(m.when, entry["date"])
    body = "\n".join(f"> {line}".rstrip() for line in m.body.split("\n")) if entry.get("quote") else m.body
    people = _PEOPLE.get(entry.get("people", ""), some)
    said = {
        "from": angle(m.sender), "q": quoted(m.sender), "to": people(m.to), "cc": people(m.cc), "date": date, "subject": m.subject, "body": body,
    }  # fmt: skip
    lines = (line for line in entry["text"].split("\n") if m.cc or "{cc}" not in line)
    text = _above(m) + "\n".join(lines).format(**said)
    return Made(text, f"<html><body>{html(text)}</body></html>", "Fwd", frozenset(entry.get("hides", ())))


def _in_parentheses(people: tuple[Person, ...]) -> str:
    named = (f'"{who.name}"' if "," in who.name else who.name for who in people)
    return ", ".join(
        f"{name} ({who.address})" if name else who.address for name, who in zip(named, people, strict=True)
    )


def _with_semicolons(people: tuple[Person, ...]) -> str:
    return ";".join(map(quoted, people))


_PEOPLE: dict[str, Callable[[tuple[Person, ...]], str]] = {
    "paren": _in_parentheses,
    "semicolon": _with_semicolons,
}
