"""Forwards that went through something on their way: wrapped, flattened, starred, quoted, bannered, nested."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from tests.forwards.clients import RULE, block, gmail, listed, outlook, outlook_web, rows
from tests.forwards.sample import Rendered, Sample, Truth, multipart, outer, part, truth_of
from tests.forwards.stories import Language, Mail, Person, languages, older_quote, quoted, story, who

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.forwards.stories import Labels

EVE = Person("Eve Novak", "eve@other.example")


def _labels(mail: Mail) -> Labels:
    return mail.language.labels("outlook")


def _rows(mail: Mail, order: str = "fdtcs") -> list[tuple[str, str]]:
    return rows(_labels(mail), mail, mail.date("full"), order)


def _text(mail: Mail, head: str, *, rule: str = RULE) -> str:
    return f"{mail.note}\n\n{rule}\n{head}\n\n{mail.body}\n"


def _told(mail: Mail, head: str, **changes: object) -> Rendered:
    return Rendered(_text(mail, head), "", truth_of(mail, **changes), composed=_labels(mail).composed)


def rewrapped(mail: Mail) -> Rendered:
    """Every line wrapped at 76 columns, header lines too."""
    made = gmail(mail)
    lines = [textwrap.wrap(line, 76, break_long_words=False) or [""] for line in made.text.split("\n")]
    return Rendered("\n".join(line for some in lines for line in some), "", made.truth, made.composed)


def folded(mail: Mail) -> Rendered:
    """Long header lines folded, the rest indented."""
    many = mail.but(to=(*mail.to, Person("Francis Kovalenko-Bergström", "francis.kovalenko@acme.test"), EVE))
    made = []
    for label, value in _rows(many):
        line = f"{label}{_labels(mail).colon} {value}"
        made += textwrap.wrap(
            line, 60, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False
        )
    return _told(many, "\n".join(made))


def values_below(mail: Mail) -> Rendered:
    """Each value on the line after its label."""
    return _told(mail, "\n".join(f"{label}{_labels(mail).colon}\n{value}" for label, value in _rows(mail)))


def starred(mail: Mail) -> Rendered:
    """Bold labels as stars."""
    return _told(mail, "\n".join(f"*{label}{_labels(mail).colon}* {value}" for label, value in _rows(mail)))


def all_quoted(mail: Mail) -> Rendered:
    """The whole block and body behind >."""
    head = block(_rows(mail), _labels(mail).colon)
    text = f"{mail.note}\n\n{quoted(f'{head}{chr(10) * 2}{mail.body}')}\n"
    return Rendered(text, "", truth_of(mail), composed=_labels(mail).composed)


def nbsp_colon(mail: Mail) -> Rendered:
    """No-break blanks round the colon."""
    return _told(mail, "\n".join(f"{label}\xa0:\xa0{value}" for label, value in _rows(mail)))


def wide_colon(mail: Mail) -> Rendered:
    """Full-width colons and no blank."""
    return _told(mail, "\n".join(f"{label}：{value}" for label, value in _rows(mail)))


def padded(mail: Mail) -> Rendered:
    """Labels padded to one width, the colon behind the padding."""
    width = max(len(label) for label, _ in _rows(mail))
    return _told(mail, "\n".join(f"{label:<{width}} : {value}" for label, value in _rows(mail)))


def spaced_out(mail: Mail) -> Rendered:
    """An empty line between all header lines."""
    return _told(mail, block(_rows(mail), _labels(mail).colon).replace("\n", "\n\n"))


def one_line(mail: Mail) -> Rendered:
    """All fields run together, a blank between them."""
    return _told(mail, block(_rows(mail), _labels(mail).colon).replace("\n", " "))


def mailto_doubled(mail: Mail) -> Rendered:
    """`a@b<mailto:a@b>` inside the angle brackets, as Outlook makes text of HTML."""
    head = block(_rows(mail), _labels(mail).colon)
    for person in (mail.sender, *mail.to, *mail.cc):
        head = head.replace(f"<{person.address}>", f"<{person.address}<mailto:{person.address}>>")
    return _told(mail, head)


def mailto_named(mail: Mail) -> Rendered:
    """`Name<mailto:a@b>`."""
    head = block(_rows(mail), _labels(mail).colon)
    for person in (mail.sender, *mail.to, *mail.cc):
        head = head.replace(f" <{person.address}>", f"<mailto:{person.address}>")
    return _told(mail, head)


def mailto_brackets(mail: Mail) -> Rendered:
    """`Name [mailto:a@b]`, as old Outlooks write the sender; the others by name only."""
    only = mail.but(to=tuple(Person(one.name, "") for one in mail.to), cc=())
    lines = [
        (label, value.replace(f"<{mail.sender.address}>", f"[mailto:{mail.sender.address}]"))
        for label, value in _rows(only)
    ]
    return _told(only, block(lines, _labels(mail).colon))


def name_only(mail: Mail) -> Rendered:
    """Nothing says which address wrote it."""
    only = mail.but(sender=Person(mail.sender.name, ""))
    return _told(
        only, block(_rows(only), _labels(mail).colon), uncertain="required", why="a name is no address"
    )


def comma_names(mail: Mail) -> Rendered:
    """Names written last name first, unquoted, people apart by semicolons."""
    turned = mail.but(
        sender=Person("Baker, Carl (Purchase)", mail.sender.address),
        to=(Person("Seller, Ann", "ann@acme.test"), Person("O'Neil, Bob", "bob@acme.test")),
        cc=(Person("Hill, Dora", "dora@client.example"),),
    )
    head = block(rows(_labels(mail), turned, mail.date("full"), "fdtcs", "; "), _labels(mail).colon)
    return _told(turned, head)


def marked(mail: Mail) -> Rendered:
    """Direction marks around names and addresses."""
    head = block(_rows(mail), _labels(mail).colon)
    for person in (mail.sender, *mail.to, *mail.cc):
        head = head.replace(person.address, f"\u200e{person.address}\u200e").replace(
            person.name, f"\u200f{person.name}\u200e"
        )
    return _told(mail, head)


def note_with_people(mail: Mail) -> Rendered:
    """A note that names people and looks like headers, and a signature below it."""
    note = (
        f"{mail.note}\nEve Novak <eve@other.example>\nTel: +49 30 1234567\nE-Mail: ann@acme.test\n\n-- \n{mail.owner.name}\n"
        "ACME GmbH | ann@acme.test | www.acme.test"
    )
    return outlook_web(mail.but(note=note))


def note_quotes(mail: Mail) -> Rendered:
    """A note that quotes what a colleague said."""
    note = f"{mail.note}\n\n> {mail.language.word('regards')}\n> eve@other.example\n\n{mail.owner.name}"
    return gmail(mail.but(note=note))


def conversation(mail: Mail) -> Rendered:
    """Gmail's "Forward all": the first mail on top counts."""
    labels = mail.language.labels("gmail_conversation", "words")
    sender = mail.language.word("gmail") or labels.sender
    first = f"{sender}: {who(mail.sender)}\nDate: {mail.date('gmail')}\nTo: {listed(mail.to)}\n"
    first += f"Cc: {listed(mail.cc)}\n" if mail.cc else ""
    second = f"{sender}: {who(mail.owner)}\nDate: {mail.date('gmail')}\nTo: {who(mail.sender)}\n"
    text = (
        f"{mail.note}\n\n---------- Forwarded Conversation ----------\nSubject: {mail.subject}\n------------------------\n\n"
        f"{first}\n\n{mail.body}\n\n----------\n{second}\n\n{mail.language.word('older')}\n"
    )
    return Rendered(text, "", truth_of(mail, unknown=frozenset({"body"})), composed=True)


def banner_inside(mail: Mail) -> Rendered:
    """A gateway's warning on top of the original; whether it belongs to the body is a matter of taste."""
    warning = "CAUTION: This email originated from outside of the organization. Do not click links (it-help@acme.test)."
    made = outlook_web(mail.but(body=f"{warning}\n\n{mail.body}"))
    return Rendered(made.text, made.html, made.truth.but(unknown=frozenset({"body"})), made.composed)


def banner_above(mail: Mail) -> Rendered:
    """A gateway's warning on top of everything."""
    warning = "[EXTERNAL] This message came from outside ACME. Report phishing to: it-help@acme.test"
    made = gmail(mail.but(note=f"{warning}\n\n{mail.note}"))
    return Rendered(made.text, made.html, made.truth.but(unknown=frozenset({"message"})), made.composed)


def banner_between(mail: Mail) -> Rendered:
    """A gateway's warning between the note and the block."""
    warning = "External email - be careful with links and attachments.\nQuestions: helpdesk@acme.test"
    made = outlook(mail)
    text = made.text.replace(mail.owner.name, f"{mail.owner.name}\n\n{warning}", 1)
    return Rendered(text, "", made.truth.but(unknown=frozenset({"message"})), made.composed)


def disclaimer_between(mail: Mail) -> Rendered:
    """The company's disclaimer under the note."""
    legal = f"{RULE}\nACME GmbH, Berlin. Confidential. If you are not the intended recipient write to legal@acme.test."
    return gmail(mail.but(note=f"{mail.note}\n\n{legal}"))


def forward_of_forward(mail: Mail) -> Rendered:
    """Carl had forwarded Eve's mail: Carl wrote what Ann forwards."""
    inner = outlook(mail.but(sender=EVE, to=(mail.sender,), cc=(), note="", owner=mail.sender))
    return gmail(mail.but(body=inner.text.strip()))


def forward_of_gmail(mail: Mail) -> Rendered:
    """The same with Gmail's block below Outlook's."""
    inner = gmail(mail.but(sender=EVE, to=(mail.sender,), cc=(), note=mail.language.word("regards")))
    return outlook_web(mail.but(body=inner.text.strip()))


def thread(mail: Mail) -> Rendered:
    """Carl's reply, with Ann's mail as an Outlook block below it: deeper blocks are body."""
    older = mail.but(sender=mail.owner, to=(mail.sender,), cc=(), moment=2)
    head = block(_rows(older), _labels(mail).colon)
    return outlook_web(mail.but(body=f"{mail.body}\n{RULE}\n{head}\n\n{mail.language.word('older')}"))


def reply_then_forward(mail: Mail) -> Rendered:
    """Ann replied and forwards her own reply: she wrote what is on top."""
    written = mail.language.word("wrote").format(date=mail.date("gmail"), who=who(mail.sender))
    body = f"{mail.language.word('older')}\n\n{written}\n\n{quoted(mail.body)}"
    return gmail(mail.but(sender=mail.owner, to=(mail.sender,), body=body))


def reply_then_forward_outlook(mail: Mail) -> Rendered:
    """The same in Outlook."""
    head = block(_rows(mail), _labels(mail).colon)
    body = f"{mail.language.word('older')}\n\n{head}\n\n{mail.body}"
    return outlook(mail.but(sender=mail.owner, to=(mail.sender,), body=body))


def extra_headers(mail: Mail) -> Rendered:
    """Reply-To, importance and attachments among the fields; none of them is the sender."""
    lines = _rows(mail)
    lines[1:1] = [("Reply-To", "Eve Novak <eve@other.example>")]
    lines += [("Importance", "High"), ("Attachments", "offer.pdf")]
    return _told(mail, block(lines, _labels(mail).colon))


def no_subject(mail: Mail) -> Rendered:
    """The original had no subject."""
    bare = mail.but(subject="")
    return _told(bare, block(_rows(bare), _labels(mail).colon))


def foreign_labels(mail: Mail) -> Rendered:
    """Ann's client speaks another language than she and Carl do."""
    codes = sorted(languages())
    other = languages()[codes[(codes.index(mail.language.code) + 41) % len(codes)]]
    labels = other.labels("outlook")
    head = block(rows(labels, mail, other.date("full", mail.moment), "fdtcs"), labels.colon)
    return Rendered(_text(mail, head), "", truth_of(mail), composed=labels.composed)


def header_like_body(mail: Mail) -> Rendered:
    """The original starts with lines that look like headers."""
    labels = _labels(mail)
    return outlook_web(
        mail.but(body=f"{labels.to}: {mail.owner.name}\nRef: 4711\nTel: 030 1234\n\n{mail.body}")
    )


def capitals(mail: Mail) -> Rendered:
    """Labels in capitals."""
    return _told(mail, block([(label.upper(), value) for label, value in _rows(mail)], _labels(mail).colon))


def many_recipients(mail: Mail) -> Rendered:
    """Thirty people on To."""
    crowd = tuple(Person(f"Guest {number}", f"guest{number}@client.example") for number in range(30))
    return outlook(mail.but(to=(*mail.to, *crowd)))


def outlook_wraps_gmail_html(mail: Mail) -> Rendered:
    """HTML that went through Outlook: every class with x_ before it."""
    made = gmail(mail)
    return Rendered("", made.html.replace('class="', 'class="x_'), made.truth, made.composed)


def bare_html(mail: Mail) -> Rendered:
    """HTML without a class or an id: a sanitizer took them."""
    made = outlook_web(mail)
    html = (
        made.html.replace(' id="divRplyFwdMsg"', "")
        .replace(' id="appendonsend"', "")
        .replace(' class="elementToProof"', "")
    )
    return Rendered("", html, made.truth, made.composed)


def on_behalf(mail: Mail) -> Rendered:
    """`list on behalf of Carl`: null is right, and so is Carl."""
    lines = _rows(mail)
    lines[0] = (lines[0][0], f"office@client.example <office@client.example> On Behalf Of {who(mail.sender)}")
    changes = {"uncertain": "allowed", "why": "two addresses in From"}
    return _told(mail, block(lines, _labels(mail).colon), **changes)


TRAPS: dict[str, Callable[[Mail], Rendered]] = {
    made.__name__: made
    for made in (
        rewrapped, folded, values_below, starred, all_quoted, nbsp_colon, wide_colon, padded, spaced_out, one_line,
        mailto_doubled, mailto_named, mailto_brackets, name_only, comma_names, marked, note_with_people, note_quotes,
        conversation, banner_inside, banner_above, banner_between, disclaimer_between, forward_of_forward, forward_of_gmail, thread,
        reply_then_forward, reply_then_forward_outlook, extra_headers, no_subject, foreign_labels, header_like_body,
        capitals, many_recipients, outlook_wraps_gmail_html, bare_html, on_behalf,
    )
}  # fmt: skip


def _prefixed(language: Language, mail: Mail, turn: int) -> str:
    prefixes = language.some("forward_prefixes")
    return f"{prefixes[turn % len(prefixes)]}: {mail.subject}"


def trap_samples() -> Iterator[Sample]:
    """Every trap in every language, one of the four moments each."""
    for turn, (code, language) in enumerate(languages().items()):
        for number, (name, make) in enumerate(TRAPS.items()):
            mail = story(language, (turn + number) % 4, older=number % 3 == 0)
            made = make(mail)
            if not made.text or (made.html and (turn + number) % 3 == 1):
                content = part(made.html, "html")
            elif made.html and (turn + number) % 3 == 2:
                content = multipart("alternative", [part(made.text), part(made.html, "html")])
            else:
                content = part(made.text)
            raw = outer(
                content, _prefixed(language, mail.but(subject=made.truth.subject), turn), sender=mail.owner
            )
            yield Sample(f"trap-{name}/{code}", f"trap-{name}", code, "trap", raw, made.truth, made.composed)
        yield from _without_block(language, turn)


def _without_block(language: Language, turn: int) -> Iterator[Sample]:
    """A prefix alone forwards nothing that can be read; a block without a prefix does."""
    mail = story(language, turn % 4)
    subject = _prefixed(language, mail, turn)
    raw = outer(part(f"{mail.note}\n\n{mail.body}\n"), subject, sender=mail.owner)
    to = (Person("", "forward-abcdefghijklmnopqrstuvwxyz@log.acme.test"),)
    unknown = frozenset({"subject", "date", "to", "body", "message"})
    truth = Truth(
        False, mail.owner, to, (), subject, None, uncertain="allowed", why="no block", unknown=unknown
    )
    yield Sample(f"trap-prefix_only/{language.code}", "trap-prefix_only", language.code, "trap", raw, truth)
    made = gmail(mail.but(body=f"{mail.body}\n\n{older_quote(language, mail.owner)}"))
    raw = outer(part(made.text), language.word("note"), sender=mail.owner)
    name = f"trap-own_subject/{language.code}"
    yield Sample(name, "trap-own_subject", language.code, "trap", raw, made.truth, made.composed)
