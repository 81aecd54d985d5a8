"""People and blocks as they go wrong on their way: put on behalf of others, quoted, wrapped, run together."""

from __future__ import annotations

import textwrap
from html import escape
from typing import TYPE_CHECKING

from tests.forwards.desk.cast import ANN, OTHERS, Story, lines
from tests.forwards.desk.frames import MAKES
from tests.forwards.desk.mails import truth
from tests.forwards.desk.parts import Made, above, block, bold, rows, shown
from tests.forwards.desk.words import WORDS, long_date
from tests.forwards.sample import Truth
from tests.forwards.stories import Person

if TYPE_CHECKING:
    from collections.abc import Callable


Trap = tuple[Story, Made, Truth]


def people_as(form: str, alone: str = "{address}") -> Callable[[Person], str]:
    return lambda who: shown(who, form, alone)


def outlook(s: Story, show: Callable[[Person], str], joint: str = "; ") -> Made:
    found = rows(s, long_date(s.when, s.language), joint, show)
    html = f'<html><body><div class="WordSection1">{lines(s.note, "p", " class=MsoNormal", "&nbsp;") if s.note else ""}<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in"><p class="MsoNormal">{bold(found)}</p></div><p class="MsoNormal">&nbsp;</p>{s.html("p", " class=MsoNormal")}</div></body></html>'
    return Made(f"{above(s.note)}{'_' * 32}\n{block(found)}\n\n{s.text}", html)


# ---------------------------------------------------------------- people


def linked_twice(s: Story) -> Trap:
    """a@b<mailto:a@b>, as Outlook makes text of links."""
    made = outlook(s, people_as("{name}<mailto:{address}>", "{address}<mailto:{address}>"))
    return s, made._replace(html=""), truth(s, made)


def linked_in_brackets(s: Story) -> Trap:
    made = outlook(s, people_as("{name} <{address}<mailto:{address}>>", "{address}<mailto:{address}>"))
    return s, made._replace(html=""), truth(s, made)


def inverted(s: Story) -> Trap:
    """address (Name)"""
    s = s.but(sender=Person("Carl Brandt", "carl@client.example"), to=(ANN,), cc=())
    made = outlook(s, people_as("{address} ({name})"), ", ")
    return s, made, truth(s, made)


def apostrophes(s: Story) -> Trap:
    made = outlook(s, people_as("'{name}' <{address}>", "'{address}'"))
    return s, made, truth(s, made)


def names_only(s: Story) -> Trap:
    """Exchange shows colleagues and contacts by name; nobody can know the address."""
    made = outlook(s, people_as("{name}", "{address}"))
    said = truth(s, made)
    if not s.sender.name:
        return s, made, said.but(unknown=said.unknown | {"to", "cc"})
    if "@" in s.sender.name:
        return s, made, said.but(unknown=said.unknown | {"to", "cc", "from_name"})
    return s, made, said.but(uncertain="required", unknown=said.unknown | {"to", "cc", "from_name"})


def on_behalf(s: Story) -> Trap:
    """Both addresses are told: the mail is the person's who stands last."""
    s = s.but(sender=Person("Dora Hill", "dora@client.example"))
    made = outlook(s, shown)
    office = "Office <office@client.example> on behalf of Dora Hill <dora@client.example>"
    plain, html = (
        made.text.replace(shown(s.sender), office, 1),
        made.html.replace(escape(shown(s.sender), quote=False), escape(office, quote=False), 1),
    )
    return s, Made(plain, html), truth(s, made)


def on_behalf_nameless(s: Story) -> Trap:
    s = s.but(sender=Person("Dora Hill", "dora@client.example"))
    made = outlook(s, shown)
    office = "office@client.example On Behalf Of Dora Hill"
    plain, html = (
        made.text.replace(shown(s.sender), office, 1),
        made.html.replace(escape(shown(s.sender), quote=False), office, 1),
    )
    said = truth(s, made)
    return s, Made(plain, html), said.but(uncertain="required", unknown=said.unknown | {"from_name"})


def undisclosed(s: Story) -> Trap:
    s = s.but(to=(), cc=())
    made = outlook(s, shown)
    w = WORDS[s.language]
    nobody = f"{w.to}{w.colon.rstrip()} undisclosed-recipients:;"
    return s, Made(made.text.replace(f"{w.to}{w.colon.rstrip()} ", nobody, 1), ""), truth(s, made)


def group(s: Story) -> Trap:
    """A list of the company's, by its name alone, beside people with addresses."""
    made = outlook(s, shown)
    w = WORDS[s.language]
    label = f"\n{w.to}{w.colon.rstrip()} "
    said = truth(s, made)
    return (
        s,
        Made(made.text.replace(label, f"{label}Team Berlin; ", 1), ""),
        said.but(to=(Person("Team Berlin", ""), *said.to)),
    )


def no_recipient_names(s: Story) -> Trap:
    s = s.but(
        to=tuple(Person("", who.address) for who in s.to), cc=tuple(Person("", who.address) for who in s.cc)
    )
    made = outlook(s, shown)
    return s, made, truth(s, made)


# ---------------------------------------------------------------- blocks


def starred(s: Story) -> Trap:
    found = rows(s, long_date(s.when, s.language))
    made = Made(
        f"{above(s.note)}" + "\n".join(f"*{label}* {value}" for label, value in found) + f"\n\n{s.text}", ""
    )
    return s, made, truth(s, made)


def starred_outside(s: Story) -> Trap:
    found = rows(s, long_date(s.when, s.language))
    made = Made(
        f"{above(s.note)}"
        + "\n".join(f"**{label[:-1].rstrip()}**: {value}" for label, value in found)
        + f"\n\n{s.text}",
        "",
    )
    return s, made, truth(s, made)


def quoted_whole(s: Story) -> Trap:
    found = rows(s, long_date(s.when, s.language))
    text = "\n".join(f"> {line}".rstrip() for line in f"{block(found)}\n\n{s.text}".split("\n"))
    made = Made(f"{above(s.note)}{text}", "")
    return s, made, truth(s, made)


def quoted_marked(s: Story) -> Trap:
    found = rows(s, long_date(s.when, s.language))
    text = "\n".join(
        f"> {line}".rstrip()
        for line in f"-----{WORDS[s.language].original}-----\n{block(found)}\n\n{s.text}".split("\n")
    )
    made = Made(f"{above(s.note)}{text}", "")
    return s, made, truth(s, made)


def wrapped_76(s: Story) -> Trap:
    """Every line wrapped at 76 columns, header lines too."""
    made = outlook(s.but(to=(*s.to, *[each for each in OTHERS[:4] if each not in (*s.to, *s.cc)])), shown)
    s = s.but(to=(*s.to, *[each for each in OTHERS[:4] if each not in (*s.to, *s.cc)]))
    text = "\n".join(
        "\n".join(textwrap.wrap(line, 76, break_long_words=False, break_on_hyphens=False))
        for line in made.text.split("\n")
    )
    return s, Made(text, ""), truth(s, made)


def folded(s: Story) -> Trap:
    """Header lines folded and indented, as in a mail's own header."""
    s = s.but(to=(*s.to, *[each for each in OTHERS[:4] if each not in (*s.to, *s.cc)]))
    found = rows(s, long_date(s.when, s.language), ",\n    ")
    made = Made(f"{above(s.note)}-----{WORDS[s.language].original}-----\n{block(found)}\n\n{s.text}", "")
    return s, made, truth(s, made)


def values_below(s: Story) -> Trap:
    found = rows(s, long_date(s.when, s.language))
    made = Made(
        f"{above(s.note)}" + "\n".join(f"{label}\n{value}" for label, value in found) + f"\n\n{s.text}", ""
    )
    return s, made, truth(s, made)


def run_together(s: Story) -> Trap:
    """All in one line, as text made of HTML comes out."""
    found = rows(s, long_date(s.when, s.language))
    made = Made(f"{above(s.note)}{' '.join(f'{label} {value}' for label, value in found)}\n\n{s.text}", "")
    return s, made, truth(s, made)


def spaced(s: Story) -> Trap:
    """A blank line behind every line."""
    found = rows(s, long_date(s.when, s.language))
    text = "\n\n".join(f"{label} {value}" for label, value in found)
    made = Made(f"{above(s.note)}-----{WORDS[s.language].original}-----\n\n{text}\n\n\n\n{s.text}", "")
    return s, made, truth(s, made)


def in_table(s: Story) -> Trap:
    found = rows(s, long_date(s.when, s.language))
    cells = "".join(
        f"<tr><td valign=top><b>{label}</b></td><td><table><tr><td>{escape(value, quote=False)}</td></tr></table></td></tr>"
        for label, value in found
    )
    made = Made("", f"<html><body>{lines(s.note)}<table>{cells}</table><br>{s.html('p')}</body></html>")
    return s, made, truth(s, made)


def in_divs(s: Story) -> Trap:
    """Label and value each in an element of its own."""
    found = rows(s, long_date(s.when, s.language))
    cells = "".join(
        f"<div><span>{label}</span> <span>{escape(value, quote=False)}</span></div>" for label, value in found
    )
    made = Made(
        "", f"<html><body><div>{lines(s.note)}</div><hr>{cells}<div><br></div>{s.html('div')}</body></html>"
    )
    return s, made, truth(s, made)


def in_list(s: Story) -> Trap:
    found = rows(s, long_date(s.when, s.language))
    cells = "".join(
        f"<p style='margin:0'><strong>{label}</strong>&nbsp;{escape(value, quote=False)}</p>"
        for label, value in found
    )
    made = Made(
        "", f"<html><body>{lines(s.note, 'p')}<p>&nbsp;</p>{cells}<p>&nbsp;</p>{s.html('p')}</body></html>"
    )
    return s, made, truth(s, made)


def no_break_spaces(s: Story) -> Trap:
    found = rows(s, long_date(s.when, s.language))
    text = "\n".join(
        f"{label.rstrip(':')}\xa0:\xa0{value}" if s.language == "fr" else f"{label}\xa0{value}"
        for label, value in found
    )
    made = Made(f"{above(s.note)}-----{WORDS[s.language].original}-----\n{text}\n\n{s.text}", "")
    return s, made, truth(s, made)


def pre(s: Story) -> Trap:
    found = rows(s, long_date(s.when, s.language))
    made = Made(
        "",
        f"<html><body><pre>{escape(above(s.note) + '-----' + WORDS[s.language].original + '-----' + chr(10) + block(found) + chr(10) * 2 + s.text, quote=False)}</pre></body></html>",
    )
    return s, made, truth(s, made)


def one_line_of_html(s: Story) -> Trap:
    """Minified, with line ends where nobody expects them."""
    made = MAKES["owa"][0](s)
    html = made.html.replace("\n", "").replace("<br>", "<br\n>").replace("</b> ", "</b>\n ")
    return s, Made("", html), truth(s, made)


def exclaimed(s: Story) -> Trap:
    """Word's signature table between the note and the block."""
    table = '<table class="MsoNormalTable" border="0"><tr><td><p class="MsoNormal"><b>Ann Smith</b></p></td><td><p class="MsoNormal">ACME Ltd<br>ann@acme.test</p></td></tr></table>'
    made = outlook(s, shown)
    html = made.html.replace(
        '<div style="border:none;border-top', f'{table}<div style="border:none;border-top', 1
    )
    said = truth(s, made)
    return s, Made("", html), said.but(unknown=said.unknown | {"message"})
