"""`make screenshots`: pictures of the demo's pages, in both themes, wide and on a phone."""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from contextlib import contextmanager, redirect_stdout
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import waitress
from playwright.sync_api import sync_playwright

from crm_logger.config import load_config
from crm_logger.store import Store, people, sign_in
from crm_logger.web import create_app
from demo.__main__ import play
from demo.cast import ANN
from demo.stage import ZONE, Stage, forget_own_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

PAGES = {
    "contacts": "/contacts",
    "timeline": "/contacts/1",
    "search": "/contacts?q=offer",
    "mail": "/mails/5",
    "not-logged": "/not-logged",
    "settings": "/settings",
    "status": "/status",
}
LOOKS = [(width, scheme) for width in (1280, 390) for scheme in ("light", "dark")]
IN_README = {"timeline-1280-light", "not-logged-1280-light"}


def main() -> None:
    """Play the demo silently, serve its pages, and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("docs/pictures"), help="where the pictures go")
    parser.add_argument(
        "--all", action="store_true", help="every page in every look, not only what README shows"
    )
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    os.environ["TZ"] = ZONE
    time.tzset()
    with (
        tempfile.TemporaryDirectory() as stage,
        demo_served(Path(stage)) as link,
        sync_playwright() as started,
    ):
        browser = started.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        take(browser, link, asked.folder, everything=asked.all)
        browser.close()


@contextmanager
def demo_served(stage: Path) -> Iterator[str]:
    """The demo's pages; gives a link that signs in as Ann, an admin."""
    forget_own_settings()
    os.environ["DEMO_SERVE"] = "0"
    with redirect_stdout(StringIO()):
        play(Stage(stage))
    config = load_config({}, {}, stage / "config.env")
    store = Store.open(config.database_url, datetime.now(UTC))
    with store.writing():
        ann = people.find_user(ANN.address).id
        sign_in.set_role(ann, sign_in.WebRole.ADMIN)
        token = sign_in.mint_link(ann, datetime.now(UTC))
    server = waitress.create_server(create_app(config, store), host="127.0.0.1", port=0)
    Thread(target=server.run, daemon=True).start()
    yield f"http://127.0.0.1:{server.effective_port}/sign-in/{token}"
    server.close()
    store.close()


def take(browser: Browser, link: str, folder: Path, *, everything: bool) -> None:
    """Sign in once, and take the pictures in every look."""
    first = browser.new_context()
    page = first.new_page()
    page.goto(link)
    page.get_by_role("button", name="Sign in").click()
    for width, scheme in LOOKS:
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if scheme == "dark" else "light",
            storage_state=first.storage_state(),
        )
        page = context.new_page()
        for name, address in PAGES.items():
            if everything or f"{name}-{width}-{scheme}" in IN_README:
                page.goto(link.partition("/sign-in/")[0] + address)
                page.wait_for_timeout(300)  # the frame of a body paints a little later
                page.screenshot(path=folder / f"{name}-{width}-{scheme}.png")
        context.close()


if __name__ == "__main__":
    main()
