"""The pages tell the truth: what they name exists, and what exists is named."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import click
import pytest

from crm_logger.admin import main
from crm_logger.admin.exporting import COLUMNS, DIRECTIONS, SOURCES
from crm_logger.config import Config
from crm_logger.core.model import Fate, Flag, Reason
from crm_logger.reasons import ADVICE

ROOT = Path(__file__).parent.parent
REASONS_PAGE = (ROOT / "docs/reasons.md").read_text(encoding="utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])


def section_of(reason: str) -> str:
    _, _, rest = REASONS_PAGE.partition(f"### `{reason}`\n")
    return rest.partition("\n#")[0]


def rows_under(heading: str) -> set[str]:
    _, _, rest = REASONS_PAGE.partition(f"## {heading}\n")
    return set(re.findall(r"^\| `([a-z-]+)` \|", rest.partition("\n## ")[0], re.MULTILINE))


def test_every_reason_has_a_section_and_no_other_is_there() -> None:
    headings = re.findall(r"^### `([a-z-]+)`$", REASONS_PAGE, re.MULTILINE)
    assert sorted(headings) == sorted(Reason)


def test_every_reason_has_its_advice() -> None:
    assert set(ADVICE) == set(Reason)


@pytest.mark.parametrize("reason", Reason)
def test_the_page_says_of_a_reason_what_the_commands_say(reason: Reason) -> None:
    meaning, advice = ADVICE[reason]
    assert meaning in section_of(reason)
    assert f"- What to do: {advice}\n" in section_of(reason)


@pytest.mark.parametrize("reason", Reason)
def test_the_page_tells_outcome_and_who_acts(reason: Reason) -> None:
    assert re.search(rf"^- Outcome: {reason.outcome}\. Who acts: .+\.$", section_of(reason), re.MULTILINE)


def test_every_flag_and_every_fate_has_its_row() -> None:
    assert rows_under("Flags") == set(Flag)
    assert rows_under("Fates") == set(Fate)


@pytest.mark.parametrize("name", [*COLUMNS, *DIRECTIONS.values(), *SOURCES.values()])
def test_the_page_about_exports_names_every_column_and_word(name: str) -> None:
    assert f"`{name}`" in (ROOT / "docs/export.md").read_text(encoding="utf-8")


# ---------------------------------------------------------------- what the pages name exists


def named(pattern: str) -> list[tuple[str, str]]:
    return [
        (page.name, found)
        for page in PAGES
        for found in re.findall(pattern, page.read_text(encoding="utf-8"))
    ]


def calls() -> list[tuple[str, str]]:
    """Every call of crm-logger, in a block or in quotes, without what is said about it behind two blanks."""
    found = named(
        r"(?m)(?:^    |`)(?:sudo -u \S+ )?(?:\S*/)?crm-logger (?:--config \S+ )?([a-z][^`#\n]*?)(?=  |`|#|$)"
    )
    return sorted(set(found))


@pytest.mark.parametrize(("page", "words"), calls())
def test_every_call_on_a_page_is_one_that_the_commands_know(page: str, words: str) -> None:
    command: click.Command | None = main
    context = click.Context(main)
    for word in words.split():
        if not isinstance(command, click.Group):
            break
        command = command.get_command(context, word)
        assert command is not None, f"{page}: crm-logger {words}"
    options = (
        {name for each in command.params for name in (*each.opts, *each.secondary_opts)} if command else set()
    )
    assert set(re.findall(r"--[a-z][a-z-]*", words)) <= options | {"--help"}, f"{page}: crm-logger {words}"


def test_every_command_is_named_on_the_page_of_commands() -> None:
    page = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    assert [name for name in main.list_commands(click.Context(main)) if f"`{name}" not in page] == []


def test_the_readme_is_one_screen_of_reading_with_two_pictures() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(readme.splitlines()) <= 60
    assert len(re.findall(r"!\[[^\]]+\]\(docs/pictures/", readme)) == 2


@pytest.mark.parametrize(("page", "target"), named(r"\bmake ([a-z]+)(?=[ `;\n]| *#)"))
def test_every_make_target_that_a_page_names_is_there(page: str, target: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    words = {"a", "an", "and", "git", "sure"}
    assert target in words or re.search(rf"^{target}:", makefile, re.MULTILINE), f"{page}: make {target}"


@pytest.mark.parametrize(("page", "link"), named(r"\]\(([^)#:]+)\)"))
def test_every_link_leads_to_a_file(page: str, link: str) -> None:
    base = ROOT / "docs" if (ROOT / "docs" / page).exists() else ROOT
    assert (base / link).exists(), f"{page}: {link}"


@pytest.mark.parametrize(("page", "name"), named(r"\b([A-Z]+_[A-Z_]+)\b(?!\.md)"))
def test_every_setting_that_a_page_names_is_there(page: str, name: str) -> None:
    name = re.sub(r"^(SALES|SUPPORT)_", "", name)  # the mailboxes of the examples
    known = {field.name.upper() for field in fields(Config)}
    others = {"COPY_TO", "DEMO_SERVE", "REQUIRE_SERVERS", "_LOGGED", "_FAILED"}
    words_of_exports = {*DIRECTIONS.values(), *SOURCES.values()}
    assert name.removesuffix("_FILE") in known or name in known | others | words_of_exports, f"{page}: {name}"


def test_the_readme_names_the_two_commands_and_what_debian_needs() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(word in readme for word in ("make demo", "make test", "apt install python3-venv make git"))
