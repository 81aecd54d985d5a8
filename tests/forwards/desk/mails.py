"""The desk's samples: raw mails with the truth about each; chance is seeded, so a round can be repeated."""

from __future__ import annotations

import base64
import random
from typing import TYPE_CHECKING

from tests import wrapped
from tests.forwards.desk.around import BANNERS, DISCLAIMER, STORIES, banner_html, closing_html
from tests.forwards.desk.cast import ANN, Story, story
from tests.forwards.desk.frames import MAKES
from tests.forwards.desk.parts import Made
from tests.forwards.desk.refusals import (
    PLAIN,
    REPLIES,
    REPLYING,
    block_reply,
    pasted,
    plain_mail,
    table_of_orders,
)
from tests.forwards.desk.words import WORDS, rfc_date
from tests.forwards.sample import Sample, Truth, mailbox, multipart, outer, part
from tests.forwards.stories import Person

if TYPE_CHECKING:
    from collections.abc import Iterator

_ENCODINGS = ("quoted-printable", "base64", "8bit")
_FORMS = ("both", "html", "text")


def _named(who: Person) -> Person:
    return Person("", who.address) if who.name == who.address else who


def truth(s: Story, made: Made) -> Truth:
    """What a reader who knows the client would say."""
    unknown = set(made.hides - {"names"})
    note = "\n\n".join(each for each in (s.note, made.signature) if each)
    sender, to, cc = _named(s.sender), tuple(map(_named, s.to)), tuple(map(_named, s.cc))
    if "names" in made.hides:
        unknown.add("from_name")
        to, cc = (tuple(Person("", who.address) for who in group) for group in (to, cc))
    return Truth(True, sender, to, cc, s.subject, s.when, body=s.text, note=note, unknown=frozenset(unknown))


def content(made: Made, form: str, encoding: str = "quoted-printable") -> bytes:
    """The body, in the form asked where the client makes it."""
    parts = [part(made.text, "plain", "utf-8", encoding)] if made.text and form != "html" else []
    if made.html and (form != "text" or not parts):
        parts.append(part(made.html, "html", "utf-8", encoding))
    if not parts:
        parts = [part(made.text, "plain", "utf-8", encoding)]
    return parts[0] if len(parts) == 1 else multipart("alternative", parts)


def forwards(seed: int) -> Iterator[Sample]:
    """Every make in its languages, in every form, with each change of the story in turn."""
    chance = random.Random(seed)
    names = list(STORIES)
    turn = 0
    for make, (write, languages) in MAKES.items():
        rounds = 1 if len(languages) > 1 else 6
        for language in languages * rounds:
            for form in _FORMS:
                turn += 1
                told = language if language in WORDS else "en"
                change = names[turn % len(names)] if turn % 2 else "plain"
                s = STORIES[change](story(chance, told))
                made = write(s)
                raw = outer(
                    content(made, form, _ENCODINGS[turn % 3]),
                    f"{WORDS[told].prefix}: {s.subject}",
                    sender=ANN,
                )
                yield Sample(
                    f"desk/{make}/{language}/{turn}-{form}-{change}",
                    make,
                    language,
                    "desk",
                    raw,
                    truth(s, made),
                )


def surrounded(seed: int) -> Iterator[Sample]:
    """A banner above the note or a disclaimer at the very end, put there by the user's own gateway."""
    chance = random.Random(seed)
    for make, (write, languages) in MAKES.items():
        for number, where in enumerate(("top", "end")):
            language = chance.choice(languages)
            s = story(chance, language if language in WORDS else "en")
            made = write(s)
            said = truth(s, made)
            if where == "top":
                banner = chance.randrange(len(BANNERS))
                made = made._replace(
                    text=f"{BANNERS[banner]}\n\n{made.text}" if made.text else "",
                    html=banner_html(banner) + made.html if made.html else "",
                )
                said = said.but(unknown=said.unknown | {"message"})
            else:
                made = made._replace(
                    text=f"{made.text}\n\n{DISCLAIMER}" if made.text else "",
                    html=made.html + closing_html() if made.html else "",
                )
                said = said.but(unknown=said.unknown | {"body", "message"})
            raw = outer(content(made, _FORMS[number]), f"Fwd: {s.subject}", sender=ANN)
            yield Sample(
                f"desk-{where}/{make}/{language}/{number}", make, language, f"desk-{where}", raw, said
            )


def original(s: Story, made: Made | None = None) -> bytes:
    """The original itself as it was sent."""
    body = (
        content(made, "both")
        if made
        else multipart(
            "alternative", [part(s.text), part(f"<html><body>{s.html()}</body></html>", "html")], "inner_1"
        )
    )
    cc = f"Cc: {', '.join(map(mailbox, s.cc))}\r\n" if s.cc else ""
    head = f"From: {mailbox(s.sender)}\r\nTo: {', '.join(map(mailbox, s.to))}\r\n{cc}Subject: {s.subject.encode().decode('utf-8')}\r\nDate: {rfc_date(s.when)}\r\nMessage-ID: <orig.{abs(hash(s.subject)) % 1000}@client.example>\r\nMIME-Version: 1.0\r\n"
    return head.encode() + body


def attached(seed: int) -> Iterator[Sample]:
    """As attachment: 8bit, base64, several, in a digest, nested, with a .eml name only; redirected; wrapped."""
    chance = random.Random(seed)
    for turn in range(60):
        s = story(chance, "en")
        mail = original(s)
        encoded = base64.encodebytes(mail).replace(b"\n", b"\r\n")
        second = original(story(chance, "en"))
        note = part(f"{s.note}\n") if s.note else part("\n")
        shapes = {
            "plain": [
                note,
                b"Content-Type: message/rfc822\r\nContent-Disposition: attachment\r\n\r\n" + mail,
            ],
            "base64": [
                note,
                b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" + encoded,
            ],
            "eml": [
                note,
                b'Content-Type: application/octet-stream; name="Offer.eml"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="Offer.eml"\r\n\r\n'
                + encoded,
            ],
            "several": [
                note,
                b"Content-Type: message/rfc822\r\n\r\n" + mail,
                b"Content-Type: message/rfc822\r\n\r\n" + second,
            ],
            "digest": [note, multipart("digest", [b"\r\n" + mail, b"\r\n" + second], "dig_1")],
            "html_note": [
                part(f"<div>{s.note}</div>", "html"),
                b"Content-Type: message/rfc822\r\n\r\n" + mail,
            ],
        }
        name = list(shapes)[turn % len(shapes)]
        raw = outer(multipart("mixed", shapes[name], "outer_9"), f"Fwd: {s.subject}", sender=ANN)
        yield Sample(
            f"desk-attached/{turn}-{name}", "attachment", "en", "desk-attached", raw, truth(s, Made("", ""))
        )
    for turn in range(12):
        s = story(chance, "en").but(note="")
        extra = "Resent-From: Ann Smith <ann@acme.test>\r\nResent-To: forward-abcdefghijklmnopqrstuvwxyz@log.acme.test\r\nResent-Date: Mon, 18 May 2026 10:00:00 +0200\r\nResent-Message-ID: <r@acme.test>\r\n"
        head = "Delivered-To: forward-abcdefghijklmnopqrstuvwxyz@log.acme.test\r\nReceived: from mail.acme.test by mx.log.acme.test; Mon, 18 May 2026 08:00:03 +0000\r\n"
        yield Sample(
            f"desk-resent/{turn}",
            "resent",
            "en",
            "desk-attached",
            (head + extra).encode() + original(s),
            truth(s, Made("", "")),
        )


def in_wrappers(seed: int) -> Iterator[Sample]:
    """The same forwards inside winmail.dat and inside S/MIME."""
    chance = random.Random(seed)
    for make in ("outlook_desktop", "outlook_original", "gmail", "apple_mail", "owa"):
        for turn in range(6):
            s = story(chance, "en")
            made = MAKES[make][0](s)
            inner = content(made, _FORMS[turn % 3])
            smime = b"Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            signed = smime + base64.encodebytes(
                wrapped.signed_in_pieces(inner) if turn % 2 else wrapped.signed(inner)
            )
            clear = multipart(
                "signed",
                [
                    inner,
                    b"Content-Type: application/pkcs7-signature; name=smime.p7s\r\nContent-Transfer-Encoding: base64\r\n\r\nMIIB",
                ],
                "sig_1",
            )
            rich = wrapped.mail(
                wrapped.prop(0x1000, made.text.replace("\n", "\r\n")),
                *(
                    [wrapped.prop(0x1013, made.html.encode()), wrapped.prop(0x3FDE, 65001)]
                    if made.html
                    else []
                ),
            )
            tnef = (
                b"Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                + base64.encodebytes(rich)
            )
            for name, body in (
                ("smime", signed),
                ("clear", clear),
                ("tnef", tnef),
                ("tnef_stub", multipart("mixed", [part("\n"), tnef], "tn_1")),
            ):
                raw = outer(body, f"FW: {s.subject}", sender=ANN)
                yield Sample(f"desk-{name}/{make}/{turn}", make, "en", "desk-wrapped", raw, truth(s, made))


def refused(name: str, client: str, language: str, raw: bytes) -> Sample:
    """A mail that forwards nothing."""
    return Sample(
        name,
        client,
        language,
        "desk-none",
        raw,
        Truth(
            False,
            ANN,
            unknown=frozenset(
                {"from_address", "from_name", "to", "cc", "subject", "date", "body", "message"}
            ),
        ),
    )


def none(seed: int) -> Iterator[Sample]:
    """What forwards nothing."""
    chance = random.Random(seed)
    turn = 0
    for language, words in WORDS.items():
        for make in (*REPLYING, *REPLIES):
            turn += 1
            s = story(chance, language)
            s = STORIES[list(STORIES)[turn % 4]](s)
            s = s.but(note=s.note or "Thank you, that is fine.\n\nAnn")
            made = REPLIES[make](s) if make in REPLIES else block_reply(make, s)
            raw = outer(
                content(made, _FORMS[turn % 3]),
                f"{words.reply}: {s.subject}",
                sender=ANN,
                to=mailbox(s.sender),
                extra="In-Reply-To: <1@client.example>\n" if turn % 4 else "",
            )
            yield refused(f"desk-reply/{make}/{language}/{turn}", make, language, raw)
        for write in (pasted, table_of_orders):
            s = story(chance, language)
            raw = outer(
                content(write(s), _FORMS[turn % 3]), "Did you get it?", sender=ANN, to=mailbox(s.sender)
            )
            yield refused(f"desk-plain/{write.__name__}/{language}", write.__name__, language, raw)
    for number, name in enumerate(PLAIN):
        for form in _FORMS:
            for note in ("", "Please see:"):
                to = mailbox(chance.choice((ANN, Person("Carl Brandt", "carl@client.example"))))
                raw = outer(
                    content(plain_mail(name, note), form),
                    PLAIN[name][0],
                    sender=ANN,
                    to=to if number % 2 else "forward-abcdefghijklmnopqrstuvwxyz@log.acme.test",
                )
                yield refused(f"desk-plain/{name}/{form}{bool(note)}", name, "en", raw)


def desk_samples(seed: int = 1) -> Iterator[Sample]:
    """All of them."""
    yield from forwards(seed)
    yield from surrounded(seed)
    yield from attached(seed)
    yield from in_wrappers(seed)
    yield from none(seed)
