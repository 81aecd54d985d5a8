"""Attributions, conversations and notes as they go wrong: answered below, quoted, pasted, with too many fields or none."""

from __future__ import annotations

from tests.forwards.desk.around import BANNERS, banner_html
from tests.forwards.desk.blocks import Trap, outlook
from tests.forwards.desk.cast import ANN, OTHERS, Story, lines, linked
from tests.forwards.desk.frames import MAKES
from tests.forwards.desk.mails import truth
from tests.forwards.desk.parts import Made, above, block, bold, each, rows, shown, unbold
from tests.forwards.desk.words import WORDS, apple_date, english, long_date, rfc_date, short_date
from tests.forwards.sample import mailbox


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
    made = outlook(s.but(note=note), shown)
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
    made = outlook(s, shown)
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
    made = outlook(s, shown)
    return s, made, truth(s, made)


def no_body(s: Story) -> Trap:
    s = s.but(body=("",))
    made = MAKES["gmail"][0](s)
    return s, made, truth(s, made)


def renamed(s: Story) -> Trap:
    """The user gave the forward another subject altogether; the block says everything."""
    made = outlook(s, shown)
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
