"""The systemd unit is sound and tightly closed, as far as systemd itself can tell."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
UNIT = ROOT / "deploy/crm-logger.service"

needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not here")


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", "--no-pager", *arguments], capture_output=True, text=True, check=False
    )


@needs_systemd
def test_systemd_finds_no_fault_in_the_unit(tmp_path: Path) -> None:
    copy = tmp_path / UNIT.name
    text = UNIT.read_text(encoding="utf-8")
    copy.write_text(text.replace("/opt/crm-logger/.venv/bin/crm-logger", "/bin/true"), encoding="utf-8")
    found = analyze("verify", str(copy))
    assert (found.returncode, found.stderr) == (0, "")


@needs_systemd
def test_the_unit_leaves_little_exposed() -> None:
    found = analyze("security", "--offline=true", "--threshold=11", str(UNIT))
    assert found.returncode == 0, found.stdout


def test_every_paragraph_of_the_unit_says_why_it_is_there() -> None:
    paragraphs = UNIT.read_text(encoding="utf-8").split("\n\n")
    silent = [p for p in paragraphs if "=" in p and "#" not in p and not p.startswith("[Install]")]
    assert silent == []


def test_a_refused_login_and_wrong_settings_are_not_tried_again() -> None:
    assert "RestartPreventExitStatus=77 78\n" in UNIT.read_text(encoding="utf-8")
