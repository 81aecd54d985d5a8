"""`inspect`, on files."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crm_logger.admin.inspecting import _MANY
from tests.cast import bcc, forward, mail

if TYPE_CHECKING:
    from .conftest import Desk

WORKER = Path(__file__).parents[2] / "worker.py"


def test_each_file_is_one_line_of_json_in_order(desk: Desk) -> None:
    for number in range(3):
        desk.folder.joinpath(f"{number}.eml").write_bytes(mail(subject=f"Mail {number}"))
    out = desk.ok("inspect", "--json", "2.eml", "0.eml", "1.eml", "0.eml")
    found = [json.loads(line) for line in out.splitlines()]
    assert [(each["file"], each["subject"]) for each in found] == [
        (f"{number}.eml", f"Mail {number}") for number in (2, 0, 1, 0)
    ]


def test_many_files_are_read_by_several_processes_and_stay_in_order(desk: Desk) -> None:
    names = [f"{number}.eml" for number in range(3 * _MANY)]
    for number, name in enumerate(names):
        desk.folder.joinpath(name).write_bytes(mail(subject=f"Mail {number}"))
    desk.folder.joinpath(names[50]).unlink()
    # As a process of its own: a fork of the test's process, which has threads, is what Python warns of.
    words = [sys.executable, str(WORKER), "inspect", "--json", *names]
    done = subprocess.run(words, capture_output=True, check=False, cwd=desk.folder)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1, done.stderr
    assert [each["file"] for each in found] == names
    assert "error" in found.pop(50)
    assert [each["subject"] for each in found] == [
        f"Mail {number}" for number in range(3 * _MANY) if number != 50
    ]


def test_it_needs_neither_settings_nor_database(desk: Desk) -> None:
    desk.folder.joinpath("a.eml").write_bytes(mail(to_log=bcc()))
    desk.settings = {"NO_SUCH_SETTING": "1"}
    assert json.loads(desk.ok("inspect", "--json", "a.eml", DATABASE_URL="nonsense"))["kind"] == "bcc"


@pytest.mark.parametrize("name", ["gone.eml", "."])
def test_a_file_that_cannot_be_read_has_a_line_with_its_error_and_the_others_are_told(
    desk: Desk, name: str
) -> None:
    desk.folder.joinpath("a.eml").write_bytes(mail())
    said = desk.type("inspect", "--json", name, "a.eml")
    broken, sound = map(json.loads, said.out.splitlines())
    assert said.status == 1
    assert list(broken) == ["file", "error"]
    assert "error" not in sound
    assert "cannot be read" in desk.type("inspect", name).out


def test_standard_input_is_a_file_called_minus(desk: Desk) -> None:
    said = desk.pipe(mail(subject="piped"), "inspect", "--json", "-")
    assert (said.status, json.loads(said.out)["subject"]) == (0, "piped")


def test_people_read_it_without_json(desk: Desk) -> None:
    desk.folder.joinpath("a.eml").write_bytes(forward())
    out = desk.ok("inspect", "a.eml")
    for line in (
        "kind +forward",
        "from +Carl Client <carl@client.example>",
        r"message\n  \| FYI",
        r"body\n  \| Dear Ann,",
    ):
        assert re.search(rf"^  {line}$", out, re.MULTILINE), line


def test_it_tells_several_originals_and_an_error(desk: Desk) -> None:
    desk.folder.joinpath("two.eml").write_bytes(forward(body="both", attached=(mail(), mail())))
    desk.folder.joinpath("none.eml").write_bytes(b"")
    assert "2 originals" in desk.ok("inspect", "two.eml")
    assert "error     This is no mail" in desk.ok("inspect", "none.eml")


def test_nothing_in_a_mail_reaches_the_terminal_as_a_command(desk: Desk) -> None:
    desk.folder.joinpath("a.eml").write_bytes(
        mail(subject="\x1b[31mred", body="\x1b]0;x\x07text\r\n\u202eevil\r\n")
    )
    out = desk.ok("inspect", "a.eml")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e]", out)
    assert "evil" in out


def test_it_starts_without_what_it_does_not_need(tmp_path: Path) -> None:
    tmp_path.joinpath("a.eml").write_bytes(mail())
    code = (
        "import sys; from crm_logger.admin import main; main(['inspect', 'a.eml'], standalone_mode=False);"
        "sys.exit(', '.join({'peewee', 'imapclient', 'apscheduler', 'dotenv', 'publicsuffixlist'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False, cwd=tmp_path, text=True
    )
    assert done.stderr.strip() == ""
