"""Contacts, the search in them and in their mail, and a contact's timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, render_template, request, url_for

from crm_logger import catalogue
from crm_logger.store import contacts as store
from crm_logger.store import pages as questions
from crm_logger.store import search
from crm_logger.web.site import site, visitor
from crm_logger.web.vcards import csv_line, vcard

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from crm_logger.store.pages import Card, Head

pages = Blueprint("contacts", __name__)

PAGE = 50
_AT_ONCE = 500


@pages.get("/")
@pages.get("/contacts")
def listing() -> ResponseReturnValue:
    """All contacts by name, page by page; with `q` the contacts and mails that hold the words."""
    asked = " ".join(request.args.get("q", "").split())
    return _found(asked) if asked else _all()


def _all() -> str:
    after = request.args.get("after", type=int)
    with site().reading():
        found = store.page_of_contacts(visitor().account, after=after, limit=PAGE + 1)
    older = url_for("contacts.listing", after=found[PAGE - 1].id) if len(found) > PAGE else ""
    return render_template("contacts.html", contacts=found[:PAGE], older=older, asked="", hits=[])


def _found(asked: str) -> str:
    catch_up()
    with site().reading():
        people = store.contacts_like(visitor().account, asked.split(), limit=PAGE)
        hits = search.find_mails(visitor().account, asked, limit=PAGE)
    return render_template(
        "found.html" if _part() else "contacts.html",
        contacts=people,
        hits=hits,
        asked=asked,
        older="",
        most=PAGE,
    )


def catch_up(rounds: int = 4) -> None:
    """Take the newest mail into the search index before it is asked; a long way behind, the keeper does the rest."""
    for _ in range(rounds):
        with site().reading():
            behind = search.is_behind()
        if not (behind and catalogue.step(site().store, _AT_ONCE)):
            return


@pages.get("/contacts/<int:number>")
def timeline(number: int) -> ResponseReturnValue:
    """A contact's timeline, newest first, page by page; of a conversation its newest mail stands there for all."""
    before = request.args.get("before", type=int)
    account = visitor().account
    with site().reading():
        known = questions.contact(account, number)
        cards = questions.cards(account, number, limit=PAGE + 1, before=before)
        earlier = questions.conversations_of(number, [card.engagement for card in cards])
    return render_template(
        "more.html" if _part() else "timeline.html",
        contact=known,
        name=name_of(known),
        many=known.engagements >= questions.COUNTED,
        cards=cards[:PAGE],
        earlier=earlier,
        older=_older(cards, request.path),
        before=before,
    )


@pages.get("/contacts/<int:number>/conversations/<int:conversation>")
def conversation(number: int, conversation: int) -> ResponseReturnValue:
    """The earlier mails of a conversation on a contact's timeline."""
    before = request.args.get("before", type=int)
    account = visitor().account
    with site().reading():
        known = questions.contact(account, number)
        cards = questions.earlier_cards(account, number, conversation, limit=PAGE + 1, before=before)
    if not cards:
        abort(404)
    return render_template(
        "more.html" if _part() else "conversation.html",
        contact=known,
        name=name_of(known),
        cards=cards[:PAGE],
        earlier={},
        older=_older(cards, request.path),
        before=before,
    )


def _part() -> bool:
    """Whether a script of ours asks, which puts the answer into the page that is there."""
    return "X-Part" in request.headers


def _older(cards: list[Card], path: str) -> str:
    return f"{path}?before={cards[PAGE - 1].engagement}" if len(cards) > PAGE else ""


@pages.get("/contacts/<int:number>.vcf")
def card(number: int) -> ResponseReturnValue:
    """A contact for a phone's address book."""
    with site().reading():
        known = questions.contact(visitor().account, number)
    return download(vcard(name_of(known), known.addresses), "text/vcard", f"contact-{number}.vcf")


@pages.get("/contacts.csv")
def table() -> ResponseReturnValue:
    """All contacts of the account for a spreadsheet."""
    with site().reading():
        known = store.contacts(visitor().account)
    lines = [csv_line(("Name", "Addresses", "Mails", "Last mail"))]
    for each in known:
        last = each.last.isoformat(timespec="seconds") if each.last else ""
        lines.append(csv_line((each.name, " ".join(each.addresses), str(each.engagements), last)))
    # The mark makes spreadsheets read UTF-8.
    return download("\ufeff" + "".join(lines), "text/csv", "contacts.csv")


def name_of(known: Head) -> str:
    """The name, or the first address where none is known."""
    return known.name or next(iter(known.addresses), "")


def download(text: str, content_type: str, name: str) -> Response:
    """A text that is kept as a file."""
    answer = Response(text, content_type=f"{content_type}; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
