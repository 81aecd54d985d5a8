"""The mails of the season, one or more for each rule that only the whole path can show."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING

from tests.cast import gmail_forward, mail
from tests.rules import labels
from tests.rules.labels import HOSTED, SETUPS, forged

if TYPE_CHECKING:
    from tests.rules.season import Season

FOLDERS = {setup.name: setup.name for setup in HOSTED}
PHONE = "<html><head></head><body dir='auto'>On my way<br><br><div>Sent from my iPhone</div></body></html>"


def deliver(season: Season) -> None:
    """Put all mails into the catch-all and let the worker look: once, and once for each hosted service."""
    sent(season)
    forwarded(season)
    labelled(season)
    season.look()
    for setup in HOSTED:
        season.look(f"IMAP_FOLDER={setup.name}", f"BORDER_HOST={setup.border}")


def sent(season: Season) -> None:
    bcc = season.bcc
    season.deliver(
        "sent", mail(to_log=bcc, to="r12@client.example", cc="Dora <r12cc@client.example>", subject="r12")
    )
    season.deliver("phone", html_only(bcc, PHONE))
    season.deliver(
        "remote", html_only(bcc, "<p>Look</p><img src='http://192.0.2.1/pixel.gif'>", to="r04@client.example")
    )
    season.deliver("bob", mail(to_log=bcc, author="bob@acme.test"))
    season.deliver("never", mail(to_log=bcc, to="x@secret.example, r08@client.example", subject="r08"))
    season.deliver("never-only", mail(to_log=bcc, to="x@secret.example", subject="merger of the century"))
    season.deliver(
        "bcc-header",
        mail(
            to_log=bcc, to="r14@client.example", headers=(("Bcc", "known@client.example, no@client.example"),)
        ),
    )
    season.deliver("twice-1", mail(to_log=bcc, to="r11@client.example", message_id="<r11@acme.test>"))
    season.deliver("twice-2", mail(to_log=bcc, to="r11@client.example", message_id="<r11@acme.test>"))
    season.deliver(
        "same-id-other-mail",
        mail(to_log=bcc, to="r11@client.example", subject="Other", message_id="<r11@acme.test>"),
    )
    season.deliver(
        "large",
        attached(
            bcc, "r05@client.example", {"small.txt": b"small", "large.bin": b"x" * 1_200_000}, "y" * 300_000
        ),
    )
    season.deliver("garbage", b"\x00\xff this is no mail \r\n\r\n\r\n")
    season.deliver("empty", b"\r\n")


def forwarded(season: Season) -> None:
    to = season.forwarding
    season.deliver(
        "forward",
        forward(to, author="Carla <r17@client.example>", cc="known@client.example, other@client.example"),
    )
    season.deliver(
        "own-reply", forward(to, author="Ann <ann@acme.test>", to="r21@client.example", subject="Re: nothing")
    )
    season.deliver("wrong-address", forward(season.bcc, author="r16@client.example"))
    season.deliver("nothing", mail(to_log=to, to=to))
    season.deliver("unsure", forward(to, author="Carl Client"))
    season.deliver(
        "captured",
        forward(
            to,
            author="Ann Archer <ann@acme.test>",
            to="r12@client.example",
            subject="r12",
            date="Mon, May 4, 2026 at 11:00 AM",
            body="Dear Carl,\n\nhere is the offer.\n\nAnn\n",
        ),
    )
    season.deliver("never-author", forward(to, author="x@secret.example", subject="merger"))


def forward(address: str, **block: str) -> bytes:
    return mail(to_log=address, to=address, subject="Fwd: x", body=gmail_forward(**block))


def labelled(season: Season) -> None:
    """Every set-up with one log address and with two, and what a sender forged below the border."""
    acme, globex = season.bcc, season.log_addresses["globex-bcc"]
    body = mail(to="labels@client.example").partition(b"Received:")[2].partition(b"\r\n")[2]
    for setup in (*SETUPS, *HOSTED):
        folder = setup.name if setup in HOSTED else "INBOX"
        for number, (name, top) in enumerate(
            [("one", setup.one(acme)), *(("two", copy) for copy in setup.two(acme, globex))]
        ):
            raw = top.encode() + (forged(globex).encode() if name == "one" else b"") + body
            season.deliver(f"{setup.name}/{name}/{number}", raw, folder)
    for setup in HOSTED:
        season.deliver(
            f"{setup.name}/forged-only",
            labels.lines(labels.border()).encode() + forged(acme).encode() + body,
            setup.name,
        )
    season.deliver("forged-only", labels.border().encode() + b"\r\n" + forged(acme).encode() + body)


def html_only(address: str, html: str, to: str = "r03@client.example") -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "Ann Archer <ann@acme.test>", to, "short"
    made["Message-ID"] = f"<html-{to}>"
    made.set_content(html, subtype="html")
    return labels.lines(f"X-Original-To: {address}", labels.border()).encode() + made.as_bytes(policy=SMTP)


def attached(address: str, to: str, files: dict[str, bytes], body: str) -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "Ann Archer <ann@acme.test>", to, "with files"
    made["Message-ID"] = f"<files-{to}>"
    made.set_content(body)
    for name, content in files.items():
        made.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return labels.lines(f"X-Original-To: {address}", labels.border()).encode() + made.as_bytes(policy=SMTP)
