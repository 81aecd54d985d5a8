"""One mail: its page, its body in a frame of its own, its attachments."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request

from crm_logger.store import pages as questions
from crm_logger.web.bodies import PICTURES, data_address, sanitise
from crm_logger.web.site import site, visitor
from crm_logger.web.words import tidy, tidy_lines

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from crm_logger.store.pages import Body

pages = Blueprint("mails", __name__)

_NAME = 150
# The sheet comes along with the body: in its sandbox a body belongs to nobody, and may load nothing from us.
_SHEET = Path(__file__).with_name("static").joinpath("body.css").read_text(encoding="utf-8")


@pages.get("/mails/<int:number>")
def page(number: int) -> ResponseReturnValue:
    """One mail with all that is known of it."""
    with site().reading():
        card = questions.card(visitor().account, number)
        on = questions.timelines_of(visitor().account, number)
    return render_template("mail.html", card=card, on=on)


@pages.get("/mails/<int:number>/body")
def body(number: int) -> ResponseReturnValue:
    """The body for the frame: as it looked, or with `view=text` plainly."""
    with site().reading():
        found = questions.body(visitor().account, number)
        pictures = _pictures(found)
    shown = None
    if request.args.get("view") != "text" and found.html:
        shown = sanitise(found.html, lambda content_id: pictures.get(content_id, ""))
    nonce = secrets.token_urlsafe(16)
    text = "" if shown else tidy_lines(found.text or _as_text(found.html))
    refused = bool(found.html) and shown is None and request.args.get("view") != "text"
    answer = Response(
        render_template("body.html", sheet=_SHEET, shown=shown, text=text, nonce=nonce, refused=refused)
    )
    # The sandbox holds also where somebody opens the frame's address by itself.
    answer.headers["Content-Security-Policy"] = (
        f"sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:; "
        f"style-src 'nonce-{nonce}'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
    )
    return answer


def _as_text(html: str) -> str:
    from crm_logger.core.html import html_to_text  # noqa: PLC0415 -- only where a mail has no text of its own

    return html_to_text(html)


def _pictures(found: Body) -> dict[str, str]:
    """The data: address of each picture that the body may show, by Content-ID; the first ones up to the limit."""
    wanted, room = [], PICTURES
    for each in found.pictures:
        if each.size <= room:
            wanted.append(each)
            room -= each.size
    contents = questions.pictures(wanted) if found.html else {}
    return {
        each.content_id: data_address(each.content_type, contents[each.id])
        for each in wanted
        if each.id in contents
    }


@pages.get("/mails/<int:number>/attachments/<int:attachment>")
def attachment(number: int, attachment: int) -> ResponseReturnValue:
    """An attachment to be kept, never to be opened by the browser itself."""
    with site().reading():
        kept, content = questions.attachment(visitor().account, number, attachment)
    answer = Response(content, content_type="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=safe_name(kept.name))
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def safe_name(name: str) -> str:
    """The last part of a path, without what could lead elsewhere or look like another ending."""
    last = tidy(name).replace("\\", "/").rpartition("/")[2].strip(". ")
    return last[-_NAME:] or "attachment"
