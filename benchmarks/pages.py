"""How long a timeline page of 50 takes at the server, however many engagements there are: `python -m benchmarks.pages 1000000`."""

from __future__ import annotations

import sqlite3
import statistics
import sys
import tempfile
import time
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from crm_logger.config import load_config
from crm_logger.core.model import Direction, Kind
from crm_logger.store import Store, people, sign_in
from crm_logger.web import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

BUDGET = 0.050
CONTACTS = 1000
"""The first of them has a quarter of all mail, the others share the rest."""

_ROUNDS = 40
_CACHE_KB = 256_000
_START = datetime(2020, 1, 1)  # noqa: DTZ001 -- stored times are UTC without an offset
_TEXT = "Dear Carl,\n\nhere is the offer for two espresso machines, as discussed.\n\nAnn\n" * 6


def time_of_a_page(engagements: int, folder: Path) -> dict[str, float]:
    """Median seconds for the newest page, one in the middle, and one of a contact with little mail."""
    config = load_config(
        {"DATABASE_URL": f"sqlite:///{folder}/pages.sqlite3", "LOG_DOMAIN": "log.example"}, {}
    )
    now = datetime.now(UTC)
    with closing(Store.open(config.database_url, now)) as store:
        with store.writing():
            account = people.add_account("Acme").id
            user = people.add_user(config.policy, account, "ann@acme.test", "Ann Archer").id
            token = sign_in.mint_link(user, now)
        store.close()
        _fill(folder / "pages.sqlite3", account, engagements)
        browser = create_app(config, store).test_client()
        page = browser.get(f"/sign-in/{token}").text
        form_token = page.partition('name="form_token" value="')[2].partition('"')[0]
        browser.post(f"/sign-in/{token}", data={"form_token": form_token})
        middle = engagements // 80 * 40 + 37
        return {
            "newest": _median(browser, "/contacts/1"),
            "middle": _median(browser, f"/contacts/1?before={middle}"),
            "small": _median(browser, "/contacts/2"),
        }


def _median(browser: FlaskClient, address: str) -> float:
    seconds = []
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        answer = browser.get(address)
        seconds.append(time.perf_counter() - start)
        if answer.status_code != 200 or '<article class="mail' not in answer.text:
            raise RuntimeError(f"{address}: {answer.status}")
    return statistics.median(seconds)


def _fill(path: Path, account: int, engagements: int) -> None:
    """Write rows directly: what is measured is the reading."""
    with written_at_once(path) as database:
        database.executemany(
            "insert into contact (id, account_id, name, created) values (?, ?, ?, '2020-01-01')",
            ((number, account, f"Contact {number}") for number in range(1, CONTACTS + 1)),
        )
        database.executemany(
            "insert into engagement (id, account_id, direction, kind, subject, text, html, sent_at, received_at, date_text, "
            "message_id, in_reply_to, [references], author_name, author_address, note, headers, key_content, key_id, flags) "
            "values (?, ?, ?, ?, ?, ?, '', ?, ?, '', ?, '', '[]', 'Ann Archer', 'ann@acme.test', '', '[]', ?, ?, '[]')",
            _engagements(account, engagements),
        )
        database.executemany(
            "insert into engagement_contact (contact_id, sent_at, engagement_id, role) values (?, ?, ?, 'to')",
            ((_contact(number), _sent(number), number) for number in range(1, engagements + 1)),
        )
        # As the catalogue leaves it: every tenth mail is the newest of a conversation, the others of it are folded.
        database.execute(
            "update engagement_contact set conversation = engagement_id / 40, "
            "folded = case when engagement_id % 40 >= 36 then null else 1 end"
        )
        database.executemany(
            "insert into participant (engagement_id, role, name, address) values (?, ?, ?, ?)",
            _participants(engagements),
        )


@contextmanager
def written_at_once(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that writes gigabytes once, and in no order but that of the file; nobody else may have one."""
    with closing(sqlite3.connect(path)) as database:
        for pragma in ("journal_mode = off", "synchronous = off", f"cache_size = -{_CACHE_KB}"):
            database.execute(f"pragma {pragma}")
        with database:
            yield database
        database.execute("pragma journal_mode = wal")


def _engagements(account: int, engagements: int) -> Iterator[tuple[object, ...]]:
    directions, kinds = list(Direction), list(Kind)
    for number in range(1, engagements + 1):
        at = _sent(number)
        key = f"{number}@acme.test"
        way = number % 2
        yield (number, account, directions[way], kinds[way], f"Offer {number}", _TEXT, at, at, key, key, key)


def _participants(engagements: int) -> Iterator[tuple[object, ...]]:
    for number in range(1, engagements + 1):
        yield number, "from", "Ann Archer", "ann@acme.test"
        contact = _contact(number)
        yield number, "to", f"Contact {contact}", f"contact{contact}@client.example"


def _contact(number: int) -> int:
    return 1 if number % 4 == 1 else 2 + number % (CONTACTS - 1)


def _sent(number: int) -> str:
    return str(_START + timedelta(minutes=number))


def main() -> int:
    """Print the medians; the status is 1 where one is over the budget."""
    engagements = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        found = time_of_a_page(engagements, Path(folder))
    for name, seconds in found.items():
        sys.stdout.write(
            f"{engagements:>9,} engagements, {name:<7} page of 50: {1000 * seconds:6.1f} ms (at most {1000 * BUDGET:.0f})\n"
        )
    return int(max(found.values()) > BUDGET)


if __name__ == "__main__":
    sys.exit(main())
