"""`make demo` as a process: what it prints, how it ends, and that it reaches nobody's real mailbox."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crm_logger.core.model import Outcome, Reason
from demo.scene import Addresses
from demo.story import week

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = pytest.mark.embedded

ROOT = Path(__file__).parent.parent
LOG = Addresses(
    "bcc-a@log.acme.test",
    "forward-b@log.acme.test",
    "bcc-c@log.acme.test",
    "bcc-d@log.acme.test",
    "e@log.acme.test",
)
NOBODYS_SETTINGS = {
    "IMAP_HOST": "mail.invalid",
    "DATABASE_URL": "sqlite:////nowhere/real.sqlite3",
    "LOG_DOMAIN": "real.invalid",
}


def play(folder: Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "demo", "--folder", str(folder)],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def played(folder: Path) -> subprocess.CompletedProcess[str]:
    return play(folder, NOBODYS_SETTINGS)


def test_it_ends_well_and_complains_of_nothing(played: subprocess.CompletedProcess[str]) -> None:
    assert (played.returncode, played.stderr) == (0, ""), played.stdout + played.stderr


def test_it_shows_both_log_addresses_in_full(played: subprocess.CompletedProcess[str]) -> None:
    words = played.stdout.split()
    for kind in ("bcc", "forward"):
        assert any(word.startswith(f"{kind}-") and word.endswith("@log.acme.test") for word in words)


def test_it_tells_of_every_mail_and_its_reason(played: subprocess.CompletedProcess[str]) -> None:
    lines = played.stdout.splitlines()
    for scene in week(LOG):
        assert any(scene.title in line and scene.reason in line for line in lines), scene.title


def test_it_shows_the_timelines_of_two_contacts(played: subprocess.CompletedProcess[str]) -> None:
    assert "Carl Client <carl@client.example>" in played.stdout
    assert "Greta Gold <greta@gold.example>" in played.stdout
    assert "Offer 4711: two espresso machines" in played.stdout
    assert "forwarded by Ann Archer on 3 March 2026" in played.stdout
    assert "forwarded by Fay Foster on 3 March 2026" in played.stdout


def test_whoever_is_never_logged_is_on_no_timeline(played: subprocess.CompletedProcess[str]) -> None:
    assert "lena@counsel.example" not in played.stdout
    assert "practice@clinic.example" not in played.stdout


def test_it_says_what_to_do_next(played: subprocess.CompletedProcess[str]) -> None:
    for step in ("config.example.env config.env", "crm-logger check", "account add", "user add", "make run"):
        assert step in played.stdout


def test_the_page_of_commands_shows_what_it_really_prints(played: subprocess.CompletedProcess[str]) -> None:
    page = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    _, _, excerpt = page.partition("among other things:\n")
    lines = [line[4:] for line in excerpt.partition("\n## ")[0].splitlines() if line.strip()]
    assert len(lines) > 10
    assert [line for line in lines if line not in played.stdout] == []


def test_it_prints_plain_text_of_100_columns_where_there_is_no_terminal(
    played: subprocess.CompletedProcess[str],
) -> None:
    assert "\x1b" not in played.stdout
    assert max(map(len, played.stdout.splitlines())) <= 100


def test_a_second_run_begins_anew(folder: Path, played: subprocess.CompletedProcess[str]) -> None:
    again = play(folder, {})
    assert (again.returncode, len(again.stdout.splitlines())) == (0, len(played.stdout.splitlines()))


def test_the_story_has_every_reason_that_a_mail_can_earn_by_itself() -> None:
    ours = {
        Reason.PARSE_CRASH,
        Reason.PARSE_TIMEOUT,
        Reason.UNFETCHABLE,
        Reason.ERROR,
        Reason.SENDER_NOT_AUTHENTICATED,
    }
    rare = {Reason.AMBIGUOUS_SENDER, Reason.NO_SENDER, Reason.WRONG_USER_TOKEN, Reason.NO_RECIPIENT}
    assert {scene.reason for scene in week(LOG)} == set(Reason) - ours - rare


def test_a_mail_that_came_to_something_else_is_told_and_ends_with_1(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from demo.__main__ import report, show_week  # noqa: PLC0415 -- only here it is looked into

    scene = week(LOG)[0]
    wrong = show_week({1: scene}, {}, 0.1)
    assert report(wrong) == 1
    assert f"{scene.title}: there is no receipt" in capsys.readouterr().out


def test_some_of_the_story_is_logged_and_some_is_not() -> None:
    outcomes = {scene.reason.outcome for scene in week(LOG)}
    assert outcomes == {Outcome.LOGGED, Outcome.REFUSED}


@pytest.mark.parametrize(
    ("environ", "terminal", "serves"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"DEMO_SERVE": "1"}, False, True),
        ({"DEMO_SERVE": "0"}, True, False),
    ],
)
def test_the_pages_are_served_where_somebody_is_there_to_look(
    environ: dict[str, str],
    terminal: bool,  # noqa: FBT001 -- a table's columns
    serves: bool,  # noqa: FBT001 -- a table's columns
) -> None:
    from demo.__main__ import is_to_serve  # noqa: PLC0415 -- only here

    assert is_to_serve(environ, terminal=terminal) is serves
