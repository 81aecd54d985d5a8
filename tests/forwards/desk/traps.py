"""The second set: people, blocks, bodies and notes as they go wrong on their way: wrapped, quoted, run together, put on behalf of others."""

from __future__ import annotations

import random
import textwrap
from html import escape
from typing import TYPE_CHECKING

from tests.forwards.desk.around import BANNERS, STORIES, banner_html
from tests.forwards.desk.cast import ANN, BOB, OTHERS, Story, lines, linked, story
from tests.forwards.desk.frames import MAKES, Made, above, block, bold, each, rows, shown, unbold
from tests.forwards.desk.mails import content, refused, truth
from tests.forwards.desk.words import WORDS, apple_date, english, long_date, rfc_date, short_date
from tests.forwards.sample import Sample, Truth, mailbox, outer, part
from tests.forwards.stories import Person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LANGUAGES = tuple(WORDS)
_FORMS = ("both", "html", "text")
Trap = tuple[Story, Made, Truth]


def _people(form: str, alone: str = "{address}") -> Callable[[Person], str]:
    return lambda who: shown(who, form, alone)


def _outlook(s: Story, show: Callable[[Person], str], joint: str = "; ") -> Made:
    found = rows(s, long_date(s.when, s.language), joint, show)
    html = f'<html><body><div class="WordSection1">{lines(s.note, "p", " class=MsoNormal", "&nbsp;") if s.note else ""}<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in"><p class="MsoNormal">{bold(found)}</p></div><p class="MsoNormal">&nbsp;</p>{s.html("p", " class=MsoNormal")}</div></body></html>'
    return Made(f"{above(s.note)}{'_' * 32}\n{block(found)}\n\n{s.text}", html)


# ---------------------------------------------------------------- people


def linked_twice(s: Story) -> Trap:
    """a@b<mailto:a@b>, as Outlook makes text of links."""
    made = _outlook(s, _people("{name}<mailto:{address}>", "{address}<mailto:{address}>"))
    return s, made._replace(html=""), truth(s, made)


def linked_in_brackets(s: Story) -> Trap:
    made = _outlook(s, _people("{name} <{address}<mailto:{address}>>", "{address}<mailto:{address}>"))
    return s, made._replace(html=""), truth(s, made)


def inverted(s: Story) -> Trap:
    """address (Name)"""
    s = s.but(sender=Person("Carl Brandt", "carl@client.example"), to=(ANN,), cc=())
    made = _outlook(s, _people("{address} ({name})"), ", ")
    return s, made, truth(s, made)


def apostrophes(s: Story) -> Trap:
    made = _outlook(s, _people("'{name}' <{address}>", "'{address}'"))
    return s, made, truth(s, made)


def names_only(s: Story) -> Trap:
    """Exchange shows colleagues and contacts by name; nobody can know the address."""
    made = _outlook(s, _people("{name}", "{address}"))
    said = truth(s, made)
    if not s.sender.name:
        return s, made, said.but(unknown=said.unknown | {"to", "cc"})
    if "@" in s.sender.name:
        return s, made, said.but(unknown=said.unknown | {"to", "cc", "from_name"})
    return s, made, said.but(uncertain="required", unknown=said.unknown | {"to", "cc", "from_name"})


def on_behalf(s: Story) -> Trap:
    """Both addresses are told: the mail is the person's who stands last."""
    s = s.but(sender=Person("Dora Hill", "dora@client.example"))
    made = _outlook(s, shown)
    office = "Office <office@client.example> on behalf of Dora Hill <dora@client.example>"
    plain, html = (
        made.text.replace(shown(s.sender), office, 1),
        made.html.replace(escape(shown(s.sender), quote=False), escape(office, quote=False), 1),
    )
    return s, Made(plain, html), truth(s, made)


def on_behalf_nameless(s: Story) -> Trap:
    s = s.but(sender=Person("Dora Hill", "dora@client.example"))
    made = _outlook(s, shown)
    office = "office@client.example On Behalf Of Dora Hill"
    plain, html = (
        made.text.replace(shown(s.sender), office, 1),
        made.html.replace(escape(shown(s.sender), quote=False), office, 1),
    )
    said = truth(s, made)
    return s, Made(plain, html), said.but(uncertain="required", unknown=said.unknown | {"from_name"})


def undisclosed(s: Story) -> Trap:
    s = s.but(to=(), cc=())
    made = _outlook(s, shown)
    w = WORDS[s.language]
    nobody = f"{w.to}{w.colon.rstrip()} undisclosed-recipients:;"
    return s, Made(made.text.replace(f"{w.to}{w.colon.rstrip()} ", nobody, 1), ""), truth(s, made)


def group(s: Story) -> Trap:
    """A list of the company's, by its name alone, beside people with addresses."""
    made = _outlook(s, shown)
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
    made = _outlook(s, shown)
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
    made = _outlook(s.but(to=(*s.to, *[each for each in OTHERS[:4] if each not in (*s.to, *s.cc)])), shown)
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
    made = _outlook(s, shown)
    html = made.html.replace(
        '<div style="border:none;border-top', f'{table}<div style="border:none;border-top', 1
    )
    said = truth(s, made)
    return s, Made("", html), said.but(unknown=said.unknown | {"message"})


# ---------------------------------------------------------------- attributions, conversations, replies below


def attribution_only(s: Story) -> Trap:
    """No From line at all: "On …, Carl wrote:" under a forward's subject."""
    line = WORDS[s.language].wrote.format(date=short_date(s.when, s.language), who=shown(s.sender))
    quote = "\n".join(f"> {each}".rstrip() for each in s.text.split("\n"))
    html = f'<div dir="ltr">{lines(s.note)}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">{linked(line)}<br></div><blockquote class="gmail_quote">{s.html("div")}</blockquote></div>'
    made = Made(f"{above(s.note)}{line}\n\n{quote}", html, frozenset({"to", "cc"}))
    return s, made, truth(s, made)


def attribution_apple(s: Story) -> Trap:
    date = apple_date(s.when, s.language).removesuffix(" JST")
    line = WORDS[s.language].wrote.format(date=date, who=shown(s.sender))
    quote = "\n".join(f"> {each}".rstrip() for each in f"{line}\n\n{s.text}".split("\n"))
    made = Made(
        f"{above(s.note)}{quote}",
        f'{lines(s.note)}<blockquote type="cite"><div>{linked(line)}</div><br><div>{s.html("div")}</div></blockquote>',
        frozenset({"to", "cc"}),
    )
    return s, made, truth(s, made)


def conversation(s: Story) -> Trap:
    """Gmail's Forward all: the topmost mail counts."""
    w = WORDS[s.language]
    first = (
        f"{w.sender}: {shown(s.sender)}\n{w.date}: {short_date(s.when, s.language)}\n{w.to}: {each(s.to)}"
        + (f"\n{w.cc}: {each(s.cc)}" if s.cc else "")
    )
    second = f"From: {shown(OTHERS[0])}\nDate: {short_date(s.when.replace(day=1), 'en')}\nTo: {shown(ANN)}"
    text = f"{above(s.note)}Forwarded Conversation\nSubject: {s.subject}\n------------------------\n\n{first}\n\n\n{s.text}\n\n----------\n{second}\n\n\nSecond mail."
    made = Made(text, "")
    said = truth(s, made)
    return s, made, said.but(unknown=said.unknown | {"body"})


def answered_below(s: Story) -> Trap:
    """The user writes below what was forwarded and ended by a line."""
    made = MAKES["horde"][0](s)
    said = truth(s, made)
    note = "\n\n".join(filter(None, (s.note, "Please call him.\nAnn")))
    return s, Made(f"{made.text}\n\nPlease call him.\nAnn", ""), said.but(note=note)


def nested_gmail(s: Story) -> Trap:
    """A forward of a forward, both by Gmail: the outermost marker counts."""
    inner = MAKES["gmail"][0](
        s.but(sender=OTHERS[0], to=(s.sender,), cc=(), note="", older="", older_html="", language="en")
    )
    s = s.but(body=("Ann, please see below.",), older=inner.text.strip(), older_html=inner.html)
    made = MAKES["gmail"][0](s)
    return s, made, truth(s, made)


def banner_between(s: Story) -> Trap:
    """A gateway's table between the marker and the block."""
    made = MAKES["gmail"][0](s)
    mark = f"---------- {WORDS[s.language].gmail} ---------"
    html = made.html.replace(f"{mark}<br>", f"{mark}<br>{banner_html(0)}", 1)
    text = made.text.replace(mark, f"{mark}\n{BANNERS[0]}\n", 1)
    return s, Made(text, html), truth(s, made)


def note_quotes(s: Story) -> Trap:
    """The note quotes one line of another mail, with an attribution."""
    note = "On Monday Dora wrote:\n> call me at dora@client.example\n\nHe is right. See the original:"
    made = _outlook(s.but(note=note), shown)
    s = s.but(note=note)
    return s, made._replace(html=""), truth(s, made)


def note_pastes(s: Story) -> Trap:
    note = "Bob,\n\nsearch for\nFrom: dora@client.example\nSubject: Prices\n\nand read this one too."
    s = s.but(note=note)
    made = MAKES["outlook_original"][0](s)
    return s, made, truth(s, made)


def note_list(s: Story) -> Trap:
    note = "To do:\n- Call: Carl, +49 30 1\n- Mail: dora@client.example\n- Deadline: March 12, 2026\n- Owner: Bob\n\nAnn"
    s = s.but(note=note)
    made = _outlook(s, shown)
    return s, made, truth(s, made)


def many_headers(s: Story) -> Trap:
    """Thunderbird with all headers, or a client that shows Importance, Attachments and Reply-To."""
    w = WORDS[s.language]
    found = rows(s, long_date(s.when, s.language))
    more = {
        "en": ("Importance", "Attachments"),
        "de": ("Wichtigkeit", "Anlagen"),
        "fr": ("Importance", "Pièces jointes"),
        "es": ("Importancia", "Datos adjuntos"),
    }
    first, second = more.get(s.language, more["en"])
    found += [(f"{second}{w.colon.rstrip()}", "offer.pdf; plan.xlsx"), (f"{first}{w.colon.rstrip()}", "High")]
    made = Made(
        f"{above(s.note)}-----{w.original}-----\n{block(found)}\n\n{s.text}",
        f"{lines(s.note)}<hr><div>{bold(found)}</div><br>{s.html()}",
    )
    return s, made, truth(s, made)


def reply_to(s: Story) -> Trap:
    w = WORDS[s.language]
    found = rows(s, long_date(s.when, s.language))
    labels = {
        "de": "Antwort an",
        "fr": "Répondre à",
        "es": "Responder a",
        "it": "Rispondi a",
        "nl": "Antwoord aan",
        "pt": "Responder a",
    }
    found.insert(1, (f"{labels.get(s.language, 'Reply-To')}{w.colon.rstrip()}", "desk@client.example"))
    made = Made(
        f"{above(s.note)}-----{w.original}-----\n{block(found)}\n\n{s.text}",
        f"{lines(s.note)}<hr><div>{bold(found)}</div><br>{s.html()}",
    )
    return s, made, truth(s, made)


def no_subject(s: Story) -> Trap:
    s = s.but(subject="")
    made = _outlook(s, shown)
    return s, made, truth(s, made)


def no_body(s: Story) -> Trap:
    s = s.but(body=("",))
    made = MAKES["gmail"][0](s)
    return s, made, truth(s, made)


def renamed(s: Story) -> Trap:
    """The user gave the forward another subject altogether; the block says everything."""
    made = _outlook(s, shown)
    return s, made, truth(s, made)


def numeric_date(s: Story) -> Trap:
    form = {
        "en": "{m}/{d}/{y} {clock}",
        "de": "{d:02}.{m:02}.{y} {w:%H:%M}",
        "fr": "{d:02}/{m:02}/{y} {w:%H:%M}",
        "es": "{d:02}/{m:02}/{y} {w:%H:%M}",
        "it": "{d:02}/{m:02}/{y} {w:%H:%M}",
        "nl": "{d}-{m}-{y} {w:%H:%M}",
        "pl": "{d:02}.{m:02}.{y} {w:%H:%M}",
        "sv": "{y}-{m:02}-{d:02} {w:%H:%M}",
    }
    found = rows(s, english(s.when, form.get(s.language, "{y}-{m:02}-{d:02} {w:%H:%M}")))
    made = Made(
        f"{above(s.note)}-----{WORDS[s.language].original}-----\n{block(found)}\n\n{s.text}",
        f"{lines(s.note)}<hr><div>{unbold(found)}</div><br>{s.html()}",
    )
    return s, made, truth(s, made)


def rfc_header(s: Story) -> Trap:
    """A mail's own header, as terminals and archives forward it."""
    found = (
        [("From:", mailbox(s.sender)), ("To:", ", ".join(map(mailbox, s.to)))]
        + [("Cc:", ", ".join(map(mailbox, s.cc)))] * bool(s.cc)
        + [("Subject:", s.subject), ("Date:", rfc_date(s.when)), ("Message-ID:", "<x.1@client.example>")]
    )
    made = Made(f"{above(s.note)}---------- Forwarded message ----------\n{block(found)}\n\n{s.text}", "")
    said = truth(s, made)
    ascii_only = all(who.name.isascii() for who in (s.sender, *s.to, *s.cc))
    return s, made, said if ascii_only else said.but(unknown=said.unknown | {"from_name", "to", "cc"})


TRAPS: dict[str, tuple[Callable[[Story], Trap], tuple[str, ...]]] = {
    **{make.__name__: (make, LANGUAGES) for make in (
        linked_twice, linked_in_brackets, inverted, apostrophes, names_only, on_behalf, on_behalf_nameless, undisclosed, group, no_recipient_names, starred, starred_outside,
        quoted_whole, quoted_marked, wrapped_76, folded, values_below, run_together, spaced, in_table, in_divs, in_list, no_break_spaces, pre, one_line_of_html, exclaimed,
        attribution_only, attribution_apple, conversation, nested_gmail, banner_between, note_quotes, note_pastes, note_list, many_headers, reply_to, no_subject, no_body, renamed, numeric_date,
    )},
    "answered_below": (answered_below, ("en",)), "rfc_header": (rfc_header, ("en",)),
}  # fmt: skip
_CHARSETS = {
    "en": "iso-8859-1",
    "de": "iso-8859-1",
    "fr": "windows-1252",
    "es": "iso-8859-15",
    "it": "iso-8859-1",
    "pt": "windows-1252",
    "nl": "us-ascii",
    "pl": "iso-8859-2",
    "sv": "iso-8859-1",
    "ru": "koi8-r",
    "ja": "iso-2022-jp",
    "zh": "gb2312",
}
WESTERN = tuple(
    who
    for who in (
        Person("Carl Brandt", "carl@client.example"),
        Person("Peter Lang", "lang@werk.example"),
        Person("", "m.rossi77@posta.example"),
    )
)


def trapped(seed: int) -> Iterator[Sample]:
    """Every trap in every language."""
    chance = random.Random(seed)
    turn = 0
    for name, (make, languages) in TRAPS.items():
        for language in languages:
            turn += 1
            s, made, said = make(story(chance, language))
            words = WORDS[language]
            subject = "What we spoke of" if name == "renamed" else f"{words.prefix}: {s.subject}".strip()
            raw = outer(content(made, _FORMS[turn % 3]), subject, sender=ANN)
            yield Sample(f"desk-trap/{name}/{language}/{turn}", name, language, "desk-trap", raw, said)


def old_charsets(seed: int) -> Iterator[Sample]:
    """Outlook and Gmail in the charsets of before, with people who can be written in them."""
    chance = random.Random(seed)
    for language, charset in _CHARSETS.items():
        for make in ("outlook_desktop", "outlook_original", "gmail", "owa", "apple_mail"):
            s = story(chance, language).but(
                sender=chance.choice(WESTERN),
                to=(ANN, BOB),
                cc=(),
                subject="Offer no. 4711",
                body=("Hello,", "yes."),
                note="FYI",
            )
            made = MAKES[make][0](s)
            try:
                both = [
                    part(made.text, "plain", charset, "8bit"),
                    *([part(made.html, "html", charset, "base64")] if made.html else []),
                ]
            except UnicodeEncodeError:
                continue
            raw = outer(both[chance.randrange(len(both))], f"FW: {s.subject}", sender=ANN)
            yield Sample(
                f"desk-charset/{make}/{language}", charset, language, "desk-trap", raw, truth(s, made)
            )


def answers(seed: int) -> Iterator[Sample]:
    """Replies that look like forwards: to a third person, with a forward's word inside the subject, to everybody, with the log address in To."""
    chance = random.Random(seed)
    turn = 0
    for language, words in WORDS.items():
        for make in (
            "outlook_desktop",
            "owa",
            "outlook_original",
            "outlook_mac",
            "new_outlook",
            "outlook_mobile",
            "windows_mail",
            "outlook_spans",
        ):
            for kind in ("third", "inner", "everybody", "logged"):
                turn += 1
                s = STORIES[("plain", "answered", "twice")[turn % 3]](story(chance, language))
                s = s.but(note=s.note or "Thanks.\n\nAnn")
                made = MAKES[make][0](s)
                to = {
                    "third": "dora@client.example",
                    "inner": mailbox(s.sender),
                    "everybody": ", ".join(map(mailbox, (s.sender, *s.cc, BOB))),
                    "logged": f"{mailbox(s.sender)}, forward-abcdefghijklmnopqrstuvwxyz@log.acme.test",
                }[kind]
                prefix = f"{words.reply}: {words.prefix}" if kind == "inner" else words.reply
                raw = outer(
                    content(made, _FORMS[turn % 3]),
                    f"{prefix}: {s.subject}",
                    sender=ANN,
                    to=to,
                    extra="In-Reply-To: <1@client.example>\nReferences: <1@client.example>\n",
                )
                yield refused(f"desk-answer/{make}/{language}/{kind}-{turn}", f"answer-{kind}", language, raw)


def trap_samples(seed: int = 1) -> Iterator[Sample]:
    """All of the second set."""
    yield from trapped(seed)
    yield from old_charsets(seed)
    yield from answers(seed)
