"""The pages tell the truth: what they name exists, and what exists is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

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
