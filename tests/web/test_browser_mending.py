"""The mending buttons in a real Chromium, to the end: the click, the mail fetched again over IMAP, the timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_logger.core.model import Reason
from crm_logger.store import lists
from tests.cast import gmail_forward
from tests.web.conftest import reason_of, served_pages, signed_in

if TYPE_CHECKING:
    from collections.abc import Callable

    import playwright.sync_api as playwright

    from tests.web.conftest import House, Window

pytestmark = pytest.mark.embedded

AUTOMATIC = (("Auto-Submitted", "auto-replied"),)


def test_each_button_mends_its_mail(
    house: House, served: Callable[..., int], chromium: playwright.Browser
) -> None:
    alias = served(author="Cole <cole@home.example>", subject="From home")
    anyway = served(headers=AUTOMATIC, subject="Opening hours")
    author = served(forwarded=True, body=gmail_forward(author="Carl Client", subject="Parking"))
    stranger = served(author="Eve <eve@nobody.example>", subject="Let me in")
    bulk = [served(headers=AUTOMATIC, subject=f"Bulk {number}") for number in range(3)]
    with served_pages(house) as url, signed_in(house, chromium, url) as window:
        page = window.open("/not-logged")
        row = page.locator(f"#receipt-{alias}")
        row.get_by_label("This is an alias of").select_option("Cole Carter")
        row.get_by_role("button", name="Add the alias").click()
        assert told(window) == "1 mail is on the timeline now."
        page.locator(f"#receipt-{anyway}").get_by_role("button", name="Log it anyway").click()
        assert told(window) == "1 mail is on the timeline now."
        page.get_by_placeholder("Who wrote it?").fill("carl@client.example")
        page.get_by_role("button", name="This is the sender").click()
        assert told(window) == "1 mail is on the timeline now."
        page.get_by_role("button", name="Never log nobody.example").click()
        assert told(window).startswith("The mail is still not logged")
        for number in bulk[:2]:
            page.locator(f"#receipt-{number} input[name=receipt][type=checkbox]").check()
        page.get_by_label("With the ticked ones").select_option("Log them anyway")
        page.get_by_role("button", name="Do it").click()
        assert told(window) == "2 mails are on the timeline now."
        assert [reason_of(house, each) for each in (alias, anyway, author, *bulk)] == [
            *[Reason.LOGGED] * 5,
            Reason.AUTO_REPLY,
        ]
        assert reason_of(house, stranger) is Reason.UNKNOWN_SENDER
        with house.store.reading():
            assert [entry.pattern for entry in lists.never_log()] == ["nobody.example"]
        page = window.open("/contacts/1")
        for subject in ("From home", "Opening hours", "Parking", "Bulk 0", "Bulk 1"):
            assert page.get_by_role("link", name=subject).count() == 1
        assert window.errors == []


def told(window: Window) -> str:
    """What the page says first after the click."""
    return window.page.locator("p.told").first.inner_text()
