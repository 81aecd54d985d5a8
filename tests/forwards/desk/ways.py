"""The third set: ways a mail is put together and named: subjects, stubs, chunks, phones; and answers and notices that only look like forwards."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from tests.forwards.desk.around import STORIES
from tests.forwards.desk.cast import ANN, BOB, OTHERS, Story, lines, story
from tests.forwards.desk.frames import MAKES
from tests.forwards.desk.mails import content, original, truth
from tests.forwards.desk.parts import Made, block, bold, rows, shown
from tests.forwards.desk.words import WORDS, apple_date, english, long_date
from tests.forwards.sample import Sample, Truth, mailbox, multipart, outer, part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SUBJECTS = (
    "Fwd: {}", "FW: {}", "Fw: Fwd: {}", "FWD: {}", "[Fwd: {}]", "{} (fwd)", "Fwd:{}", "[EXTERNAL] FW: {}", "FW: [EXTERNAL] {}", "fwd: {}", "FW:  {}", "[ACME-Sales] Fwd: {}", "Fwd[2]: {}",
)  # fmt: skip
_PDF = b'Content-Type: application/pdf; name="offer.pdf"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="offer.pdf"\r\n\r\nJVBERi0xLjQKJeLjz9MK\r\n'
_UNSCORED = frozenset({"from_address", "from_name", "to", "cc", "subject", "date", "body", "message"})
Way = tuple[bytes, Truth]


def stub_text(s: Story, made: Made) -> Way:
    """The text part says that there is HTML, and nothing else."""
    stub = part("Your mail program does not show HTML. Please view this message in a browser.\n")
    said = truth(s, made)
    return multipart("alternative", [stub, part(made.html, "html")]), said.but(
        unknown=said.unknown | {"message"}
    )


def empty_text(s: Story, made: Made) -> Way:
    return multipart("alternative", [part(" \n\n"), part(made.html, "html")]), truth(s, made)


def with_file(s: Story, made: Made) -> Way:
    return multipart(
        "mixed", [multipart("alternative", [part(made.text), part(made.html, "html")], "in_1"), _PDF]
    ), truth(s, made)


def related(s: Story, made: Made) -> Way:
    image = b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\nContent-ID: <i@x>\r\n\r\niVBORw0KGgo=\r\n"
    html = multipart("related", [part(made.html, "html"), image], "rel_1")
    return multipart("alternative", [part(made.text), html]), truth(s, made)


def footed(s: Story, made: Made) -> Way:
    """A list server's footer as a part of its own behind the HTML."""
    said = truth(s, made)
    return multipart("mixed", [part(made.html, "html"), part("-- \nScanned by the gateway\n")]), said.but(
        unknown=said.unknown | {"body", "message"}
    )


def lone_html(s: Story, made: Made) -> Way:
    return part(made.html, "html", encoding="base64"), truth(s, made)


def latin_entities(s: Story, made: Made) -> Way:
    """HTML in ASCII, every other letter as an entity."""
    html = made.html.encode("ascii", "xmlcharrefreplace").decode("ascii")
    return part(html, "html", "us-ascii"), truth(s, made)


def upper_tags(s: Story, made: Made) -> Way:
    html = (
        made.html.replace("<div", "<DIV")
        .replace("</div>", "</DIV>")
        .replace("<br>", "<BR>")
        .replace("<b>", "<B>")
        .replace("</b>", "</B>")
    )
    return part(html, "html"), truth(s, made)


def strong_labels(s: Story, made: Made) -> Way:
    html = made.html.replace("<b>", '<span style="font-weight:700">').replace("</b>", "</span>")
    return part(html, "html"), truth(s, made)


WAYS: dict[str, Callable[[Story, Made], Way]] = {
    made.__name__: made for made in (stub_text, empty_text, with_file, related, footed, lone_html, latin_entities, upper_tags, strong_labels)
}  # fmt: skip


def put_together(seed: int) -> Iterator[Sample]:
    """Each way with several makes, under all kinds of subjects."""
    chance = random.Random(seed)
    turn = 0
    for name, way in WAYS.items():
        for make in (
            "outlook_desktop",
            "owa",
            "new_outlook",
            "gmail",
            "apple_mail",
            "ios_mail",
            "thunderbird",
            "yahoo",
            "samsung",
            "zimbra",
            "outlook_mac",
            "fastmail",
            "verse",
            "spark",
        ):
            turn += 1
            write, languages = MAKES[make]
            language = chance.choice(languages)
            s = STORIES[chance.choice(("plain", "answered", "attributed", "internal"))](
                story(chance, language)
            )
            made = write(s)
            if not made.text:
                made = made._replace(text=f"{s.note}\n")
            raw, said = way(s, made)
            yield Sample(
                f"desk-way/{name}/{make}/{turn}",
                name,
                language,
                "desk-way",
                outer(
                    raw,
                    SUBJECTS[turn % (2 if s.subject[:2].lower() == "re" else len(SUBJECTS))].format(
                        s.subject
                    ),
                    sender=ANN,
                ),
                said,
            )


def phones(seed: int) -> Iterator[Sample]:
    """Phones: no blank lines, signatures right above the marker, nothing typed."""
    chance = random.Random(seed)
    for language, w in WORDS.items():
        for turn, signature in enumerate(
            ("Sent from my iPhone", "Von meinem iPhone gesendet", "Envoyé de mon iPhone", "")
        ):
            s = story(chance, language)
            colon = w.colon.rstrip()
            found = [
                f"{w.sender}{colon} {shown(s.sender)}",
                f"{w.date}{colon} {apple_date(s.when, language)}",
                f"{w.to}{colon} {', '.join(map(shown, s.to))}",
            ]
            found += [f"{w.cc}{colon} {', '.join(map(shown, s.cc))}"] * bool(s.cc) + [
                f"{w.subject}{colon} {s.subject}"
            ]
            head = "\n".join(f"> {line}" for line in found)
            body = "\n".join(f"> {line}".rstrip() for line in s.text.split("\n"))
            top = "\n".join(filter(None, (s.note, signature)))
            text = f"{top}\n{w.apple}\n{head}\n> \n{body}".lstrip("\n")
            said = truth(s, Made("", "")).but(note=top)
            yield Sample(
                f"desk-phone/{language}/{turn}",
                "phone",
                language,
                "desk-way",
                outer(part(text), f"Fwd: {s.subject}", sender=ANN),
                said,
            )


def _notices() -> dict[str, tuple[str, str]]:
    people = "From: Carl Brandt <carl@client.example>\nTo: ann@acme.test\n"
    return {
        "ticket": ("[Ticket 4711] Offer", "Hello Ann,\n\nyour ticket was updated.\n\nRequester: Carl Brandt <carl@client.example>\nCreated: 2026-03-02 09:05\nStatus: open\nSubject: Offer\n\nWe will come back to you."),
        "calendar": ("Offer", "When: Monday, March 2, 2026 9:05 AM-10:00 AM\nWhere: Room 1\nOrganizer: Carl Brandt <carl@client.example>\nRequired: ann@acme.test\n\n*~*~*~*~*~*~*~*~*~*\n\nAgenda follows."),
        "reminder": ("Reminder: Offer", "Start: 2026-03-02 09:05\nEnd: 2026-03-02 10:00\nFrom: Room 1\nTo: Room 2\nSubject: Moving"),
        "invoice": ("Invoice 4711", "Invoice\n\nBill from: ACME Ltd, billing@acme.test\nBill to: Client GmbH, carl@client.example\nDate: March 2, 2026\nSubject: Offer 4711\nTotal: EUR 120.00"),
        "signed": ("Please sign: Offer", "Ann Smith sent you a document to review and sign.\n\nFrom: Ann Smith (ann@acme.test)\nDocument: Offer.pdf\nExpires: March 2, 2026"),
        "share": ('Ann shared "Offer" with you', "Ann Smith (ann@acme.test) has invited you to edit the following document:\n\nOffer\n\nOwner: ann@acme.test\nLast edited: March 2, 2026 9:05 AM"),
        "flight": ("Your flight to Paris", "Passenger: Ann Smith\nFrom: Berlin (BER) To: Paris (CDG)\nDate: Monday, March 2, 2026 9:05 AM\nSeat: 12A\nE-mail: ann@acme.test\n\nCheck in at https://air.example"),
        "train": ("Fahrkarte", "Von: Berlin Hbf\nNach: Paris Est\nDatum: 02.03.2026 09:05\nReisende: Ann Smith, ann@acme.test\nBetreff: Ihre Buchung 4711"),
        "billet": ("Votre billet", "De : Paris\nÀ : Lyon\nDate : lundi 2 mars 2026 09:05\nObjet : Réservation 4711\nContact : ann@acme.test"),
        "chat": ("Chat of today", "Carl, here is what we said:\n\nAnn: When?\nCarl: Monday\nAnn: To whom?\nCarl: dora@client.example\nAnn: Date: March 2?\nCarl: yes"),
        "code": ("How to send", "Carl,\n\nmsg = EmailMessage()\nmsg['From'] = 'carl@client.example'\nmsg['To'] = 'ann@acme.test'\nmsg['Subject'] = 'Offer'\n\nthat is all."),
        "yaml": ("Settings", "Carl,\n\nplease set:\n\nfrom: noreply@client.example\nto: ann@acme.test\nsubject: Alert\n\nand restart."),
        "smtp": ("Test with telnet", "HELO x\nMAIL FROM: <carl@client.example>\nRCPT TO: <ann@acme.test>\nDATA\nSubject: Test\nFrom: carl@client.example\n\nhello\n.\nQUIT"),
        "spam": ("Spam report", "These were held back:\n\nSender: carl@client.example  Subject: Offer  Date: 2026-03-02 09:05\nSender: dora@client.example  Subject: Prices  Date: 2026-03-02 09:06\n\nRelease them at https://spam.example"),
        "digest": ("Your week", "Monday\n- Offer (from: Carl, to: Ann)\n- Prices (from: Dora, to: Ann)\n\nTuesday\n- nothing"),
        "read": ("Read: Offer", f"Your message\n\n{people.replace('From', 'To', 1).replace('To: ann', 'Cc: ann')}Subject: Offer\nSent: Monday, March 2, 2026 9:05 AM\n\nwas read on Monday, March 2, 2026 9:30 AM."),
    }  # fmt: skip


NOTICES = _notices()


def _none(name: str, client: str, language: str, raw: bytes) -> Sample:
    return Sample(name, client, language, "desk-none", raw, Truth(False, ANN, unknown=_UNSCORED))


def look_alikes(seed: int) -> Iterator[Sample]:
    """Answers without a prefix, answers with an attached mail, answers around a forward, notices."""
    chance = random.Random(seed)
    for language, w in WORDS.items():
        for turn, make in enumerate(
            ("outlook_desktop", "owa", "outlook_mac", "gmail", "apple_mail", "outlook_original")
        ):
            s = story(chance, language)
            s = s.but(note=s.note or "Thanks.\n\nAnn")
            made = MAKES[make][0](s)
            answered = "In-Reply-To: <1@client.example>\nReferences: <1@client.example>\n"
            if make not in {"gmail", "apple_mail"}:
                yield _none(
                    f"desk-like/retitled/{make}/{language}",
                    "retitled",
                    language,
                    outer(
                        content(made, ("both", "html", "text")[turn % 3]),
                        "Another thing",
                        sender=ANN,
                        to=mailbox(s.sender),
                        extra=answered,
                    ),
                )
            inner = rows(s.but(sender=ANN, to=(s.sender,), cc=()), long_date(s.when, language))
            text = f"{s.note}\n\n{'_' * 32}\n{block(inner)}\n\nSee below.\n\n{made.text}"
            html = (
                f'{lines(s.note)}<hr><div id="divRplyFwdMsg">{bold(inner)}</div><p>See below.</p>{made.html}'
                if made.html
                else ""
            )
            yield _none(
                f"desk-like/around/{make}/{language}",
                "around",
                language,
                outer(
                    content(Made(text, html), ("both", "html", "text")[turn % 3]),
                    f"{w.reply}: {w.prefix}: {s.subject}",
                    sender=ANN,
                    to=mailbox(chance.choice((BOB, OTHERS[0]))),
                    extra=answered,
                ),
            )
        s = story(chance, language)
        attached = multipart(
            "mixed",
            [part("See the mail attached.\n"), b"Content-Type: message/rfc822\r\n\r\n" + original(s)],
            "out_2",
        )
        yield _none(
            f"desk-like/attached/{language}",
            "answer-attached",
            language,
            outer(
                attached,
                f"{w.reply}: Something else",
                sender=ANN,
                to=mailbox(s.sender),
                extra="In-Reply-To: <1@client.example>\n",
            ),
        )
    for name, (subject, text) in NOTICES.items():
        for to in (
            "Carl Brandt <carl@client.example>",
            "forward-abcdefghijklmnopqrstuvwxyz@log.acme.test",
            "bob@acme.test",
        ):
            for form in ("text", "html"):
                made = Made(
                    text,
                    "".join(
                        f"<p>{each.replace('<', '&lt;').replace(chr(10), '<br>')}</p>"
                        for each in text.split("\n\n")
                    ),
                )
                yield _none(
                    f"desk-notice/{name}/{to[:3]}{form}",
                    name,
                    "en",
                    outer(content(made, form), subject, sender=ANN, to=to),
                )


def dated(seed: int) -> Iterator[Sample]:
    """English dates as they are really written."""
    chance = random.Random(seed)
    forms = (
        "{d3} {m3} {d:02} {y} {w:%H:%M:%S}", "{d} {month} {y} {w:%H:%M}", "{d3}, {d} {m3} {y}, {w:%H:%M}", "{month} {d}, {y} {clock}", "{m3} {d}, {y}, {clock3}", "{y}-{m:02}-{d:02}T{w:%H:%M:%S}Z", "{y}/{m:02}/{d:02} {w:%H:%M}",
        "{day} {d} {month} {y} {w:%H:%M}", "{d}-{m3}-{y} {w:%H:%M}", "{d3}, {d:02} {m3} {y} {w:%H:%M:%S} +0000 (UTC)", "{day}, {d} {month}, {y} {clock}", "{m3} {d}, {y} {w:%H:%M} (GMT+01:00)", "{d}th {month} {y} at {w:%H:%M}", "{day}, {month} {d}, {y} {clock} CET", "{d:02} {m3} {y} at {w:%H:%M:%S} GMT",
    )  # fmt: skip
    for form in forms:
        s = story(chance, "en")
        found = rows(s, english(s.when, form))
        made = Made(
            f"-----Original Message-----\n{block(found)}\n\n{s.text}",
            f"{lines(s.note)}<hr><div>{bold(found)}</div><br>{s.html()}",
        )
        raw = outer(content(made, "text"), f"FW: {s.subject}", sender=ANN)
        yield Sample(f"desk-date/{form}", "date", "en", "desk-way", raw, truth(s, made).but(note=""))


def way_samples(seed: int = 1) -> Iterator[Sample]:
    """All of the third set."""
    yield from put_together(seed)
    yield from phones(seed)
    yield from look_alikes(seed)
    yield from dated(seed)
