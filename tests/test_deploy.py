"""The systemd unit is sound and tightly closed, as far as systemd itself can tell."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from crm_logger.config import load_config
from crm_logger.isolation import Limits
from crm_logger.signs import LATER, LEAST
from crm_logger.watchdog import LAST_GRACE
from tests.conftest import missing

ROOT = Path(__file__).parent.parent
UNIT = ROOT / "deploy/crm-logger.service"
WEB = ROOT / "deploy/crm-logger-web.service"
both = pytest.mark.parametrize("unit", [UNIT, WEB], ids=lambda unit: unit.stem)


@pytest.fixture
def systemd() -> None:
    """Needs systemd's own judge."""
    if not shutil.which("systemd-analyze"):
        missing("SYSTEMD-ANALYZE IS NOT INSTALLED: run `make servers` to have these tests too")


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", "--no-pager", *arguments], capture_output=True, text=True, check=False
    )


@both
@pytest.mark.usefixtures("systemd")
def test_systemd_finds_no_fault_in_the_unit(unit: Path, tmp_path: Path) -> None:
    copy = tmp_path / unit.name
    text = unit.read_text(encoding="utf-8")
    copy.write_text(text.replace("/opt/crm-logger/.venv/bin/crm-logger", "/bin/true"), encoding="utf-8")
    found = analyze("verify", str(copy))
    assert (found.returncode, found.stderr) == (0, "")


@both
@pytest.mark.usefixtures("systemd")
def test_the_unit_leaves_little_exposed(unit: Path) -> None:
    found = analyze("security", "--offline=true", "--threshold=11", str(unit))
    assert found.returncode == 0, found.stdout


@both
def test_every_paragraph_of_the_unit_says_why_it_is_there(unit: Path) -> None:
    paragraphs = unit.read_text(encoding="utf-8").split("\n\n")
    silent = [p for p in paragraphs if "=" in p and "#" not in p and not p.startswith("[Install]")]
    assert silent == []


def test_a_refused_login_and_wrong_settings_are_not_tried_again() -> None:
    assert "RestartPreventExitStatus=77 78\n" in UNIT.read_text(encoding="utf-8")


def test_the_pages_are_closed_as_tightly_as_the_worker() -> None:
    closing = [
        path.read_text(encoding="utf-8").partition("# ---- What the service may not do")[2]
        for path in (UNIT, WEB)
    ]
    worker, web = (re.findall(r"^[A-Z]\w+=.*$", text, re.MULTILINE) for text in closing)
    assert worker == web


def setting(name: str) -> str:
    """The value of a setting that stands in the unit once."""
    (value,) = re.findall(rf"^{name}=(.*)$", UNIT.read_text(encoding="utf-8"), re.MULTILINE)
    return str(value)


def test_systemd_is_told_by_the_program_itself() -> None:
    assert (setting("Type"), setting("NotifyAccess")) == ("notify", "main")


def test_the_worker_says_where_it_hangs_before_systemd_ends_it() -> None:
    minutes = int(setting("WatchdogSec").removesuffix("min"))
    assert 60 * minutes >= LEAST + LATER


def test_systemd_waits_longer_for_the_end_than_the_worker_takes() -> None:
    assert int(setting("TimeoutStopSec").removesuffix("s")) > LAST_GRACE


def test_the_process_that_reads_a_mail_may_die_without_the_service() -> None:
    assert setting("OOMPolicy") == "continue"
    assert int(setting("MemoryMax").removesuffix("G")) * 1024**3 > Limits().memory


def test_the_password_is_a_credential_of_its_settings_name(tmp_path: Path) -> None:
    name, _, _ = setting("LoadCredential").partition(":")
    (tmp_path / name).write_text("secret", encoding="utf-8")
    config = load_config({}, {"CREDENTIALS_DIRECTORY": str(tmp_path)}, None)
    assert config.imap_password.reveal() == "secret"


@pytest.mark.usefixtures("systemd")
def test_the_exposure_is_as_low_as_it_can_be() -> None:
    found = analyze("security", "--offline=true", str(UNIT))
    overall = re.search(r"Overall exposure level.*?: ([0-9.]+)", found.stdout)
    assert overall, found.stdout
    assert float(overall[1]) <= 1.1
