"""Mails that forward nothing: replies as every client makes them, plain mails, newsletters."""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

from tests.forwards.clients import RULE, block, html_rows, link, rows
from tests.forwards.sample import BCC_ADDRESS, Sample, Truth, breaks, encoded_word, mailbox, multipart, part
from tests.forwards.stories import Mail, Person, languages, quoted, story, who

if TYPE_CHECKING:
    from collections.abc import Iterator

SENT = datetime(2026, 5, 18, 10, 0, 0)  # noqa: DTZ001 -- a wall clock


def written_attribution(mail: Mail, style: str = "gmail") -> str:
    """`On …, Carl wrote:` in the mail's language."""
    return mail.language.word("wrote").format(date=mail.date(style), who=who(mail.sender))


def answer(mail: Mail) -> str:
    """What Ann writes back."""
    return f"{mail.language.word('older')}\n\n{mail.language.word('regards')}\n{mail.owner.name}"


def _top_posted(mail: Mail) -> tuple[str, str]:
    line = written_attribution(mail)
    text = f"{answer(mail)}\n\n{line}\n\n{quoted(mail.body)}\n"
    html = (
        f'<div dir="ltr">{breaks(answer(mail))}</div><br><div class="gmail_quote gmail_quote_container">'
        f'<div dir="ltr" class="gmail_attr">{escape(line.split("<")[0])}{link(Person("", mail.sender.address))}<br></div>'
        '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);'
        f'padding-left:1ex">{breaks(mail.body)}</blockquote></div>'
    )
    return text, html


def _bottom_posted(mail: Mail) -> tuple[str, str]:
    line = written_attribution(mail, "short")
    text = f"{line}\n{quoted(mail.body)}\n\n{answer(mail)}\n"
    html = (
        f'<html><body><div class="moz-cite-prefix">{escape(line)}<br></div><blockquote type="cite" '
        f'cite="mid:1@client.example">{breaks(mail.body)}</blockquote><p>{breaks(answer(mail))}</p></body></html>'
    )
    return text, html


def _inline_posted(mail: Mail) -> tuple[str, str]:
    first, _, rest = mail.body.partition("\n\n")
    line = written_attribution(mail, "long")
    return f"{line}\n\n{quoted(first)}\n\n{mail.language.word('older')}\n\n{quoted(rest)}\n", ""


def _outlook(mail: Mail) -> tuple[str, str]:
    labels = mail.language.labels("outlook")
    date = mail.date("full")
    text = (
        f"{answer(mail)}\n\n{block(rows(labels, mail, date, 'fdtcs', '; '), labels.colon)}\n\n{mail.body}\n"
    )
    lines = html_rows(labels, mail, date, "fdtcs", "; ")
    head = "<br>".join(f"<b>{label}{labels.colon}</b> {value}" for label, value in lines)
    html = (
        f'<html><body><div class="WordSection1"><p class="MsoNormal">{breaks(answer(mail))}</p><div>'
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
        f'<p class="MsoNormal">{head}</p></div></div><p class="MsoNormal">{breaks(mail.body)}</p></div></body></html>'
    )
    return text, html


def _outlook_web(mail: Mail) -> tuple[str, str]:
    labels = mail.language.labels("outlook_web", "outlook")
    date = mail.date("full")
    head = block(rows(labels, mail, date, "fdtcs", "; "), labels.colon)
    lines = html_rows(labels, mail, date, "fdtcs", "; ")
    bold = "<br>".join(f"<b>{label}{labels.colon}</b> {value}" for label, value in lines)
    html = (
        f'<html><body><div>{breaks(answer(mail))}</div><div id="appendonsend"></div><hr style="display:inline-block;'
        f'width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri">{bold}</font></div>'
        f"<div>{breaks(mail.body)}</div></body></html>"
    )
    return f"{answer(mail)}\n{RULE}\n{head}\n\n{mail.body}\n", html


def _original_message(mail: Mail) -> tuple[str, str]:
    labels = mail.language.labels("outlook")
    head = block(rows(labels, mail, mail.date("full"), "fdtcs", "; "), labels.colon)
    return f"{answer(mail)}\n\n-----{mail.language.word('original')}-----\n{head}\n\n{mail.body}\n", ""


def _quotes_a_forward(mail: Mail) -> tuple[str, str]:
    """Carl had forwarded something to Ann; she answers above it."""
    labels, language = mail.language.labels("gmail_block", "words"), mail.language
    eve = mail.but(sender=Person("Eve Novak", "eve@other.example"), to=(mail.sender,), cc=())
    deep = (
        f"---------- Forwarded message ---------\n{block(rows(labels, eve, eve.date('gmail'), 'fdst'))}\n\n"
        f"{language.word('older')}"
    )
    line = written_attribution(mail)
    told = quoted(f"{language.word('note')}\n\n{deep}")
    return f"{answer(mail)}\n\n{line}\n\n{told}\n", ""


def _answers_a_forward(mail: Mail) -> tuple[str, str]:
    """Outlook: Carl had forwarded Eve's mail; Ann's reply shows his block and, below, the older one."""
    labels = mail.language.labels("outlook")
    date = mail.date("full")
    eve = mail.but(sender=Person("Eve Novak", "eve@other.example"), to=(mail.sender,), cc=())
    first = block(rows(labels, mail, date, "fdtcs", "; "), labels.colon)
    second = block(rows(labels, eve, date, "fdtcs", "; "), labels.colon)
    return f"{answer(mail)}\n\n{first}\n\n{mail.language.word('note')}\n\n{second}\n\n{mail.body}\n", ""


def _speaks_of_forwarding(mail: Mail) -> tuple[str, str]:
    """The words of a separator in running text."""
    words = f"{mail.language.word('forwarded')} / {mail.language.word('original')}"
    return (
        f"{answer(mail)}\n\n{words}: {mail.subject}\n\n{written_attribution(mail)}\n{quoted(mail.body)}\n",
        "",
    )


REPLIES = {
    "top": _top_posted,
    "bottom": _bottom_posted,
    "inline": _inline_posted,
    "outlook": _outlook,
    "outlook_web": _outlook_web,
    "original": _original_message,
    "deep_forward": _quotes_a_forward,
    "answers_forward": _answers_a_forward,
    "speaks_of_it": _speaks_of_forwarding,
}


def sent_mail(
    content: bytes,
    sender: Person,
    to: tuple[Person, ...],
    *,
    cc: tuple[Person, ...],
    subject: str,
    extra: str = "",
) -> bytes:
    """A mail that Ann sends to Carl, with the log address on Bcc."""
    copies = f"Cc: {', '.join(map(mailbox, cc))}\n" if cc else ""
    head = (
        f"Delivered-To: {BCC_ADDRESS}\n"
        "Received: from mail.acme.test (mail.acme.test [192.0.2.7]) by mx.log.acme.test; Mon, 18 May 2026 08:00:03 +0000\n"
        f"{extra}From: {mailbox(sender)}\nTo: {', '.join(map(mailbox, to))}\n{copies}"
        f"Subject: {encoded_word(subject, 'utf-8')}\nDate: Mon, 18 May 2026 10:00:00 +0200\n"
        "Message-ID: <reply-1@acme.test>\nMIME-Version: 1.0\n"
    )
    return head.replace("\n", "\r\n").encode() + content


def _body(text: str, html: str, turn: int) -> bytes:
    if not html or turn % 3 == 0:
        return part(text)
    if turn % 3 == 1:
        return part(html, "html")
    return multipart("alternative", [part(text), part(html, "html")])


def reply_samples() -> Iterator[Sample]:
    """Every way to reply in every language."""
    for turn, (code, language) in enumerate(languages().items()):
        for number, (name, write) in enumerate(REPLIES.items()):
            mail = story(language, (turn + number) % 4, older=number % 2 == 0)
            text, html = write(mail)
            prefix = language.some("reply_prefixes")[number % len(language.some("reply_prefixes"))]
            subject = mail.subject if mail.moment == 2 else f"{prefix}: {mail.subject}"
            to, cc = (mail.sender,), mail.cc
            raw = sent_mail(
                _body(text, html, turn + number),
                mail.owner,
                to,
                cc=cc,
                subject=subject,
                extra="In-Reply-To: <1@client.example>\n",
            )
            html_alone = bool(html) and (turn + number) % 3 == 1
            truth = Truth(False, mail.owner, to, cc, subject, SENT, body="" if html_alone else text)
            truth = truth.but(unknown=frozenset({"body"})) if html_alone else truth
            yield Sample(f"reply-{name}/{code}", f"reply-{name}", code, "reply", raw, truth)


def plain_samples() -> Iterator[Sample]:
    """Mails in which nothing is quoted, some of which speak of headers."""
    for code, language in languages().items():
        mail = story(language)
        labels = language.labels("words")
        talk = (
            f"{language.word('older')}\n\n"
            f"{labels.sender}: {language.word('regards')}\n{labels.subject}: {mail.subject}\n\n{mail.owner.name}"
        )
        contact = f"{answer(mail)}\n--\n{mail.owner.name}\nTel: +49 30 1234567\nE-Mail: ann@acme.test\nWeb: www.acme.test"
        trip = (
            f"{language.word('note')}\n\n{labels.sender}: Berlin\n{labels.to}: Paris\n{labels.date}: {mail.date('full')}\n\n"
            "service@airline.example"
        )
        kinds = (("plain", answer(mail)), ("talks", talk), ("card", contact), ("trip", trip))
        for name, text in kinds:
            to, cc = (mail.sender,), mail.cc
            raw = sent_mail(part(f"{text}\n"), mail.owner, to, cc=cc, subject=mail.subject)
            truth = Truth(False, mail.owner, to, cc, mail.subject, SENT, body=text)
            yield Sample(f"{name}/{code}", name, code, "plain", raw, truth)
